"""Web pages, XML spreadsheets, mails and zips made to harm: rows or one reason each, within limits, in a child."""

import io
import zipfile
from pathlib import Path

import pytest

from pipeline.contract.refusal import Refusal
from pipeline.intake.containers import Unpacked, UnpackTask, unpack
from pipeline.intake.raw import RawBook
from pipeline.intake.read import read_file
from pipeline.words import load_words
from pipeline.work.sandbox import GIB, Sandbox

SECONDS = 30  # of work: two million cells take a while
NAMESPACE = (
    'xmlns="urn:schemas-microsoft-com:office:spreadsheet" xmlns:ss="urn:schemas-microsoft-com:office:spreadsheet"'
)
XML = f'<?xml version="1.0"?><Workbook {NAMESPACE}>'
SHEET = f'{XML}<Worksheet ss:Name="S"><Table>'
END = "</Table></Worksheet></Workbook>"
CELL = '<Cell><Data ss:Type="Number">{}</Data></Cell>'
FILES = {
    "tables_200k_deep.xls": "<html>" + "<table><tr><td>" * 200_000,
    "blocks_500k_deep.xls": "<html><table><tr><td>" + "<div>" * 500_000,
    "attributes_200k.xls": "<html><table><tr><td "
    + " ".join(f'a{n}="x"' for n in range(200_000))
    + ">x</td></tr></table>",
    "comments_never_closed.xls": "<html><table><tr><td>" + "<!--" * 300_000,
    "a_million_brackets.xls": "<html><table><tr><td>" + "<" * 1_000_000,
    "references_of_nothing.xls": "<html><table><tr><td>" + "&#" * 500_000,
    "four_million_cells.xls": "<html><table>" + ("<tr>" + "<td>1" * 10) * 400_000,
    "one_long_cell.xls": "<html><table><tr><td>" + "x" * 40_000_000,
    "rows_300k_deep.xls": SHEET + "<Row>" * 300_000,
    "two_far_corners.xls": f'{SHEET}<Row>{CELL.format(1)}</Row><Row ss:Index="1048576">'
    f'<Cell ss:Index="16384"><Data ss:Type="Number">2</Data></Cell></Row>{END}',
    "one_long_text.xls": f'{SHEET}<Row><Cell><Data ss:Type="String">{"x" * 40_000_000}</Data></Cell></Row>{END}',
    "numbers_that_are_none.xls": f"{SHEET}<Row>{CELL.format('1e999')}{CELL.format('nan')}</Row>{END}",
    "sheets_100k.xls": XML + '<Worksheet ss:Name="S"><Table/></Worksheet>' * 100_000 + "</Workbook>",
    "five_million_tabs.xls": "a\tb\n" + "\t" * 5_000_000,
}


@pytest.mark.slow
def test_every_file_gives_rows_or_one_reason_in_time() -> None:
    files = [(name, text.encode()) for name, text in FILES.items()]
    with Sandbox(workers=1, modules=("pipeline.intake.read",), memory_bytes=GIB, seconds=SECONDS) as sandbox:
        for (name, _), answer in zip(files, sandbox.map(read_file, files), strict=True):
            assert isinstance(answer, RawBook | Refusal)
            if isinstance(answer, Refusal):
                assert answer.rule not in ("reader_timeout", "reader_crashed"), name
                assert load_words("zh")(f"intake_reading.refused.{answer.rule}", **dict(answer.details))


@pytest.mark.slow
def test_mails_and_zips_made_to_harm_give_files_or_nothing_in_time(tmp_path: Path) -> None:
    parts = b"".join(b'Content-Type: multipart/mixed; boundary="%d"\n\n--%d\n' % (n, n) for n in range(3_000))
    flood = io.BytesIO()
    with zipfile.ZipFile(flood, "w", zipfile.ZIP_DEFLATED) as archive:
        for n in range(1_999):
            archive.writestr(f"{n}.csv", b"a,b\n" * 5_000)
    tasks = []
    for name, data in {"deep.eml": b"From: a\nMIME-Version: 1.0\n" + parts, "flood.zip": flood.getvalue()}.items():
        (tmp_path / name).write_bytes(data)
        (tmp_path / f"{name}.out").mkdir()
        tasks.append(UnpackTask(str(tmp_path / name), name, 1.7e9, str(tmp_path / f"{name}.out"), "Asia/Shanghai"))
    with Sandbox(workers=1, memory_bytes=GIB, seconds=3 * SECONDS) as sandbox:
        answers = list(sandbox.map(unpack, tasks))
    assert all(isinstance(one, Unpacked) for one in answers), answers
