"""The archive is judged by what it really holds; what is made to harm no reader sees."""

import io
import time
import zipfile

import pytest
from bytes_builders import DECLARATION, MAIN, with_stated_size, worksheet, xlsx, zipped

from pipeline.contract.refusal import Refusal
from pipeline.intake import archive as archive_module
from pipeline.intake.archive import Archive, Refused, open_archive
from pipeline.intake.raw import RawBook
from pipeline.intake.read import read_book
from pipeline.intake.scan import scan_sheet
from pipeline.intake.workbook_parts import Styles

SHEET = "xl/worksheets/sheet1.xml"
ROW = '<row r="1"><c r="A1"><v>1</v></c></row>'
GOOD = xlsx(worksheet(ROW))


def refusal_of(data: bytes) -> Refusal:
    answer = read_book(data, "a.xlsx")
    assert isinstance(answer, Refusal)
    return answer


def test_an_archive_whose_directory_states_another_size_is_refused() -> None:
    assert refusal_of(with_stated_size(GOOD, SHEET, 10)) == Refusal("made_to_harm", (("what", "zip"),))


def test_an_entry_that_unpacks_to_very_much_is_refused_without_unpacking_it_all() -> None:
    bomb = xlsx(worksheet("<row><c><v>1</v></c></row>" * 4_000_000))
    started = time.process_time()
    assert refusal_of(bomb) == Refusal("made_to_harm", (("what", "zip"),))
    assert time.process_time() - started < 3


def test_an_entry_beside_the_sheets_counts_too() -> None:
    data = xlsx(worksheet(ROW), more={"xl/media/image1.png": bytes(60_000_000)})
    assert refusal_of(data) == Refusal("made_to_harm", (("what", "zip"),))


def test_a_file_that_unpacks_to_more_than_the_limit_is_too_large(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archive_module, "LARGEST_INFLATED", 2 << 20)
    noise = bytes(range(256)) * 12_000
    data = xlsx(worksheet(ROW), more={"xl/media/image1.png": noise})
    assert refusal_of(data) == Refusal("too_large", (("found", "> 2 MB"), ("limit", "2 MB")))


def test_two_entries_of_one_name_are_refused() -> None:
    with pytest.warns(UserWarning, match="Duplicate name"):
        data = _with_second_entry(GOOD, SHEET, worksheet(ROW.replace("1</v>", "2</v>")))
    assert refusal_of(data) == Refusal("made_to_harm", (("what", "zip"),))


def _with_second_entry(data: bytes, name: str, content: str) -> bytes:
    buffer = io.BytesIO(data)
    with zipfile.ZipFile(buffer, "a") as opened:
        opened.writestr(name, content)
    return buffer.getvalue()


def test_a_changed_byte_in_a_sheet_is_damage() -> None:
    data = bytearray(GOOD)
    data[_packed_at(GOOD, SHEET) + 5] ^= 0xFF
    assert refusal_of(bytes(data)) == Refusal("damaged")


def _packed_at(data: bytes, name: str) -> int:
    """Where the packed bytes of an entry begin."""
    entry = open_archive(data).entry(name)
    return entry.header_offset + 30 + len(name)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
@pytest.mark.parametrize(
    "part", ["xl/sharedStrings.xml", "xl/workbook.xml", SHEET, "xl/styles.xml", "docProps/core.xml"]
)
def test_declared_entities_are_refused_in_every_part(part: str, encoding: str) -> None:
    text = f'<?xml version="1.0"?><!DOCTYPE s [<!ENTITY x SYSTEM "file:///nowhere">]><s xmlns="{MAIN}">&x;</s>'
    assert refusal_of(xlsx(worksheet(ROW), more={part: text.encode(encoding)})) == Refusal(
        "made_to_harm", (("what", "XML"),)
    )


@pytest.mark.parametrize("padding", range(archive_module.CHUNK - 60, archive_module.CHUNK - 20, 3))
def test_a_declaration_across_two_pieces_is_seen(padding: int) -> None:
    text = (DECLARATION + " " * padding)[:padding] + "<!DOCTYPE s []><s/>"
    archive = open_archive(zipped({"a.xml": text}))
    with pytest.raises(Refused):
        archive_module.inspect_rest(archive, set())


@pytest.mark.parametrize(
    "rows",
    [
        '<row r="16777217"><c r="A16777217"><v>1</v></c></row>',
        '<row r="4294967296"><c r="A4294967296"><v>1</v></c></row>',
        '<row r="1"><c r="A1048577"><v>1</v></c></row>',
        '<row r="1"><c r="XFE1"><v>1</v></c></row>',
    ],
)
def test_a_cell_outside_the_grid_is_refused(rows: str) -> None:
    assert refusal_of(xlsx(worksheet(rows))).rule == "made_to_harm"


def test_the_last_cell_of_the_grid_is_inside() -> None:
    book = read_book(xlsx(worksheet('<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>')), "a.xlsx")
    assert isinstance(book, RawBook)
    sheet = book.sheets[0]
    assert (sheet.first_row, sheet.first_column, sheet.rows) == (1_048_576, 16_384, [[1.0]])


def test_the_scan_gives_the_corners_of_all_cells_and_their_number() -> None:
    rows = "".join(
        f'<row r="{row}"><c r="C{row}"><v>1</v></c><c r="AB{row}" t="s"><v>0</v></c></row>' for row in (7, 9, 30)
    )
    facts = scan_sheet(iter([worksheet(rows).encode()]), Styles())
    assert (facts.first, facts.last, facts.cells, facts.unusual) == ((7, 3), (30, 28), 6, False)
    assert facts.area == 24 * 26


@pytest.mark.parametrize("size", [1, 7, 64, 1000])
def test_how_the_bytes_are_cut_into_pieces_changes_nothing(size: int) -> None:
    rows = "".join(
        f'<row r="{row}" hidden="1"><c r="B{row}" t="e"><v>#N/A</v></c><c r="C{row}"><f>A1</f></c></row>'
        for row in range(1, 20)
    )
    text = worksheet(rows, '<mergeCells><mergeCell ref="A1:B1"/></mergeCells>').encode()
    whole = scan_sheet(iter([text]), Styles())
    pieces = scan_sheet((text[at : at + size] for at in range(0, len(text), size)), Styles())
    assert pieces == whole
    assert (len(whole.patches), len(whole.hidden_rows), whole.merged) == (38, 19, ["A1:B1"])


def test_entries_are_found_whatever_their_case_and_slashes() -> None:
    archive = Archive(GOOD, open_archive(GOOD).entries)
    assert archive.has("/XL/Workbook.xml")
    assert archive.part("xl\\workbook.xml").startswith(b"<?xml")
    assert archive.part("nowhere.xml") == b""
