"""What came in is not passed on: correction copies leave out what could run, ask or lead elsewhere, and say so."""

import io
import re
import shutil
import subprocess
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path

import openpyxl
import pytest
from take_in_builder import filled, sales_rows

from pipeline.contract.problem import Problem
from pipeline.corrections import make_correction
from pipeline.words import load_words
from schemas.form import all_forms

ZH = load_words("zh")
WRONG = Problem("whole", "row left out", file="a.xlsm", form="sales", sheet="销售", cell="F6", column="sold_qty")
REL = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
EVIL = Path(__file__).parents[3] / "shared" / "cases" / "evil.xlsm"
TYPES, BOOK = "[Content_Types].xml", "xl/workbook.xml"
BOOK_RELS, SHEET, SHEET_RELS = (
    "xl/_rels/workbook.xml.rels",
    "xl/worksheets/sheet2.xml",
    "xl/worksheets/_rels/sheet2.xml.rels",
)
Parts = dict[str, bytes]


def parts_of(data: bytes) -> Parts:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def packed(parts: Mapping[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return buffer.getvalue()


def form() -> Parts:
    return parts_of(filled(sales_rows(3)))


def put(parts: Parts, part: str, before: str, addition: str) -> None:
    """Puts something in before the last occurrence of a mark."""
    head, mark, tail = parts[part].decode().rpartition(before)
    assert mark, f"{before} is not in {part}"
    parts[part] = (head + addition + mark + tail).encode()


def relate(
    parts: Parts, rels: str, kind: str, target: str, *, outside: bool = False, number: str = "rIdBad"
) -> None:
    if rels not in parts:
        space = "http://schemas.openxmlformats.org/package/2006/relationships"
        parts[rels] = f'<Relationships xmlns="{space}"></Relationships>'.encode()
    mode = ' TargetMode="External"' if outside else ""
    put(
        parts,
        rels,
        "</Relationships>",
        f'<Relationship Id="{number}" Type="{REL}/{kind}" Target="{target}"{mode}/>',
    )


def copied(parts: Parts, name: str = "a.xlsm") -> tuple[Parts, list[str]]:
    """The parts of the correction copy, and its list's head."""
    file, data = make_correction(packed(parts), name, [WRONG], all_forms(), ZH)
    assert file.endswith(".xlsx")
    book = openpyxl.load_workbook(io.BytesIO(data))
    assert "销售" in book.sheetnames, "the copy is a list alone"
    return parts_of(data), [str(book.worksheets[0].cell(row, 1).value) for row in range(1, 6)]


def holds(parts: Parts, mark: str) -> list[str]:
    return [
        name
        for name, content in parts.items()
        if mark.lower() in content.decode("latin-1").lower() or mark in name
    ]


def test_an_ordinary_form_comes_back_whole_and_says_nothing_of_what_is_left_out():
    parts, head = copied(form(), "a.xlsx")
    assert head[4] == "None"
    before = form()
    for name in ("xl/theme/theme1.xml", "xl/sharedStrings.xml"):
        assert parts[name] == before[name]
    assert parts["xl/worksheets/sheet2.xml"].count(b"<f>") == before["xl/worksheets/sheet2.xml"].count(b"<f>")


def test_macros_stay_behind_and_the_copy_is_an_xlsx():
    parts = form()
    parts["xl/vbaProject.bin"] = b"EVILVBA"
    relate(parts, BOOK_RELS, "vbaProject", "vbaProject.bin")
    main = b"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"
    parts[TYPES] = parts[TYPES].replace(main, b"application/vnd.ms-excel.sheet.macroEnabled.main+xml")
    put(
        parts,
        BOOK,
        "</workbook>",
        '<definedNames><definedName name="Auto_Open" xlm="1">销售!$A$1</definedName></definedNames>',
    )
    copy, head = copied(parts)
    assert not holds(copy, "vbaProject") and not holds(copy, "macroEnabled") and not holds(copy, "Auto_Open")
    assert "宏" in head[4]


def test_dde_and_links_to_other_workbooks_stay_behind():
    parts = form()
    parts["xl/externalLinks/externalLink1.xml"] = (
        b'<externalLink xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
        b'<ddeLink ddeService="cmd" ddeTopic="/c calc"/></externalLink>'
    )
    relate(parts, BOOK_RELS, "externalLink", "externalLinks/externalLink1.xml")
    put(parts, BOOK, "<calcPr", '<externalReferences><externalReference r:id="rIdBad"/></externalReferences>')
    copy, head = copied(parts)
    assert not holds(copy, "externalLink") and not holds(copy, "externalReference")
    assert "外部链接" in head[4]


FORMULAS = {
    "dde": "cmd|'/c calc'!A1",
    "other workbook by number": "[1]Sheet1!$A$1",
    "other workbook by name": "'C:\\x\\[b.xlsx]S 1'!A1+1",
    "web": '_xlfn.WEBSERVICE("http://x")',
    "link": 'HYPERLINK("http://x","y")',
    "add-in": "_xll.Bad(1)",
    "escaped": "cmd&#124;'/c calc'!A1",
}


@pytest.mark.parametrize("name", FORMULAS)
def test_a_formula_that_reaches_out_becomes_its_value(name):
    parts = form()
    formula = FORMULAS[name].replace('"', "&quot;")
    put(parts, SHEET, "</sheetData>", f'<row r="900"><c r="B900" t="str"><f>{formula}</f><v>见到</v></c></row>')
    copy, head = copied(parts)
    cell = re.search(r'<c r="B900"[^>]*>.*?</c>', copy["xl/worksheets/sheet2.xml"].decode())
    assert cell is not None and cell[0] == '<c r="B900" t="str"><v>见到</v></c>'
    assert "引用外部的公式 1 个" in head[4]


def test_cells_that_share_a_formula_that_reaches_out_become_values_with_it():
    parts = form()
    put(parts, SHEET, "</sheetData>", '<row r="900">'
        '<c r="B900"><f t="shared" ref="B900:C900" si="77">[1]S!A1</f><v>5</v></c>'
        '<c r="C900"><f t="shared" si="77"/><v>6</v></c><c r="D900"><f>B900+C900</f><v>11</v></c></row>')  # fmt: skip
    copy, _ = copied(parts)
    text = copy["xl/worksheets/sheet2.xml"].decode()
    assert '<c r="B900"><v>5</v></c><c r="C900"><v>6</v></c><c r="D900"><f>B900+C900</f><v>11</v></c>' in text


def test_names_that_lead_out_go_and_names_of_theirs_too():
    parts = form()
    put(parts, BOOK, "</definedNames>", '<definedName name="外面">[1]S!$A$1</definedName>'
        '<definedName name="经由">外面*2</definedName>'
        '<definedName name="inner">销售!$A$1</definedName>')  # fmt: skip
    copy, head = copied(parts)
    assert "外面".encode() not in copy[BOOK] and "经由".encode() not in copy[BOOK]
    assert holds(copy, 'name="inner"') == [BOOK]
    assert "外部链接" in head[4]


def test_links_in_cells_go_and_their_text_stays():
    parts = form()
    relate(parts, SHEET_RELS, "hyperlink", "http://evil.example/x", outside=True)
    put(parts, SHEET, "<pageMargins", '<hyperlinks><hyperlink ref="A1" r:id="rIdBad"/></hyperlinks>')
    copy, head = copied(parts)
    assert not holds(copy, "evil.example") and "外部链接" in head[4]


def test_queries_and_pivot_tables_stay_behind():
    parts = form()
    parts["xl/connections.xml"] = b'<connections><webPr url="http://evil.example/q"/></connections>'
    relate(parts, BOOK_RELS, "connections", "connections.xml")
    parts["xl/pivotCache/pivotCacheDefinition1.xml"] = b"<pivotCacheDefinition/>"
    relate(parts, BOOK_RELS, "pivotCacheDefinition", "pivotCache/pivotCacheDefinition1.xml", number="rIdPivot")
    put(parts, BOOK, "</workbook>", '<pivotCaches><pivotCache cacheId="1" r:id="rIdPivot"/></pivotCaches>')
    copy, head = copied(parts)
    assert not holds(copy, "evil.example") and not holds(copy, "pivotCache") and "查询" in head[4]


def test_embedded_objects_and_controls_stay_behind():
    parts = form()
    parts["xl/embeddings/oleObject1.bin"] = b"EVILOLE"
    parts["xl/activeX/activeX1.bin"] = b"EVILX"
    relate(parts, SHEET_RELS, "oleObject", "../embeddings/oleObject1.bin")
    relate(parts, SHEET_RELS, "control", "../activeX/activeX1.bin", number="rIdX")
    put(parts, SHEET, "</worksheet>", '<oleObjects><oleObject progId="Package" shapeId="1" r:id="rIdBad"/></oleObjects>'
        '<controls><control shapeId="2" r:id="rIdX"/></controls>')  # fmt: skip
    copy, head = copied(parts)
    assert not holds(copy, "EVIL") and not holds(copy, "oleObject") and not holds(copy, "control ")
    assert "嵌入对象" in head[4]


def test_a_template_of_elsewhere_stays_behind():
    parts = form()
    relate(parts, BOOK_RELS, "attachedTemplate", "file:///\\\\evil\\share\\t.xltm", outside=True)
    copy, head = copied(parts)
    assert not holds(copy, "evil") and "外部模板" in head[4]


def test_printer_settings_and_custom_data_stay_behind():
    parts = form()
    parts["xl/printerSettings/printerSettings1.bin"] = b"\\\\PRINTSERVER\\Q"
    parts["customXml/item1.xml"] = b"<secret/>"
    relate(parts, SHEET_RELS, "printerSettings", "../printerSettings/printerSettings1.bin")
    relate(parts, "_rels/.rels", "customXml", "customXml/item1.xml")
    copy, head = copied(parts)
    assert not holds(copy, "PRINTSERVER") and not holds(copy, "secret")
    assert "打印机设置" in head[4] and "自定义数据" in head[4]


@pytest.mark.parametrize("state", ["hidden", "veryHidden"])
def test_a_hidden_sheet_of_somebody_else_stays_behind_with_what_is_of_it(state):
    parts = form()
    parts["xl/worksheets/sheet77.xml"] = (
        b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData><row r="1">'
        b'<c r="A1"><v>4711</v></c></row></sheetData></worksheet>'
    )
    relate(parts, BOOK_RELS, "worksheet", "worksheets/sheet77.xml")
    put(parts, BOOK, "</sheets>", f'<sheet name="私房" sheetId="77" state="{state}" r:id="rIdBad"/>')
    put(parts, SHEET, "</sheetData>", '<row r="900"><c r="B900"><f>私房!A1</f><v>4711</v></c></row>')
    put(parts, BOOK, "</definedNames>", '<definedName name="价">私房!$A$1</definedName>')
    copy, head = copied(parts)
    assert "私房".encode() not in b"".join(copy.values())
    assert b'<c r="B900"><v>4711</v></c>' in copy["xl/worksheets/sheet2.xml"]
    assert "隐藏工作表 1 张" in head[4]


def test_a_hidden_sheet_of_ours_comes_back():
    parts = form()
    parts[BOOK] = re.sub(rb'(<sheet name="%s")' % "封面".encode(), rb'\1 state="hidden"', parts[BOOK])
    copy, head = copied(parts)
    assert '<sheet name="封面" state="hidden"'.encode() in copy[BOOK]
    assert head[4] == "None"


def test_lists_and_colours_of_elsewhere_go_and_ours_stay():
    parts = form()
    own = parts[SHEET].count(b"<dataValidation ")
    assert own
    put(
        parts,
        SHEET,
        "</dataValidations>",
        '<dataValidation type="list" sqref="Z1"><formula1>[1]S!$A$1:$A$9</formula1></dataValidation>',
    )
    copy, _ = copied(parts)
    assert copy["xl/worksheets/sheet2.xml"].count(b"<dataValidation ") == own


MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
PREFIXED = f'<row r="900"><c r="A900"><x:f xmlns:x="{MAIN}">cmd|x!A1</x:f></c></row>'
TRICKS: Mapping[str, Callable[[Parts], object]] = {
    "comment in the workbook": lambda parts: put(parts, BOOK, "<sheets>", "<!-- <sheets> -->"),
    "formula with a prefix": lambda parts: put(parts, SHEET, "</sheetData>", PREFIXED),
    "sheet as theme too": lambda parts: relate(parts, BOOK_RELS, "theme", "worksheets/sheet2.xml"),
    "doctype": lambda parts: parts.update({"xl/styles.xml": b"<!DOCTYPE x>" + parts["xl/styles.xml"]}),
    "controls with a prefix": lambda parts: put(parts, SHEET, "</worksheet>", "<x:controls xmlns:x='u'/>"),
    "relation that is not there": lambda parts: put(parts, SHEET, "</worksheet>", '<unknown r:id="rId99"/>'),
}


@pytest.mark.parametrize("trick", TRICKS)
def test_what_is_written_in_a_tricky_way_comes_back_as_a_list_alone(trick):
    parts = form()
    TRICKS[trick](parts)
    _, data = make_correction(packed(parts), "a.xlsm", [WRONG], all_forms(), ZH)
    assert openpyxl.load_workbook(io.BytesIO(data)).sheetnames == ["错误清单"]


def test_the_copy_says_in_english_too_what_is_left_out():
    parts = form()
    parts["xl/vbaProject.bin"] = b"x"
    relate(parts, BOOK_RELS, "vbaProject", "vbaProject.bin")
    data = make_correction(packed(parts), "a.xlsm", [WRONG], all_forms(), load_words("en"))[1]
    head = openpyxl.load_workbook(io.BytesIO(data)).worksheets[0]["A5"].value
    assert head == "To be safe, this copy leaves out: macros. Your own file is unchanged and kept in the archive."


@pytest.mark.skipif(not EVIL.exists(), reason="the cases are not here")
def test_the_evil_workbook_comes_back_tame():
    copy, head = copied(parts_of(EVIL.read_bytes()))
    for mark in ("EVIL", "vba", "externalLink", "connection", "oleObject", "macro", "cmd"):
        assert not holds(copy, mark), mark
    for word in ("宏", "外部链接", "查询", "嵌入对象"):
        assert word in head[4]


@pytest.mark.skipif(
    not EVIL.exists() or shutil.which("soffice") is None, reason="the cases or LibreOffice are not here"
)
@pytest.mark.slow
def test_libreoffice_opens_the_tame_copy(tmp_path):
    data = make_correction(EVIL.read_bytes(), "evil.xlsm", [WRONG], all_forms(), ZH)[1]
    (tmp_path / "copy.xlsx").write_bytes(data)
    profile = f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}"
    command = [
        "soffice",
        profile,
        "--headless",
        "--convert-to",
        "pdf",
        "--outdir",
        str(tmp_path),
        str(tmp_path / "copy.xlsx"),
    ]
    subprocess.run(command, check=True, capture_output=True, timeout=300)
    assert (tmp_path / "copy.pdf").read_bytes().startswith(b"%PDF")
