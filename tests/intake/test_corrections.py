"""Correction copies: the sender's own workbook back, marked and listed, and harmless when it comes in again."""

import datetime as dt
import io
import shutil
import subprocess
import xml.dom.minidom
import zipfile
from dataclasses import replace
from pathlib import Path

import openpyxl
import pytest
from bytes_builders import worksheet, xlsx
from openpyxl.comments import Comment
from openpyxl.workbook import Workbook
from take_in_builder import filled, sales_rows, take_file

from pipeline.contract.problem import Problem
from pipeline.corrections import make_correction
from pipeline.corrections.notes import MOST_LISTED, Answer
from pipeline.words import load_words
from schemas.form import Effect, all_forms

ZH, EN = load_words("zh"), load_words("en")
RED, YELLOW = "FFFF7C81", "FFFFE699"


def problem(cell: str, effect: Effect = "row left out", rule: str = "whole", sheet: str = "销售") -> Problem:
    return Problem(
        rule, effect, file="a.xlsx", form="sales", sheet=sheet, cell=cell, column="sold_qty", found="abc"
    )


def corrected(data: bytes, *problems: Problem, name: str = "a.xlsx") -> bytes:
    return make_correction(data, name, problems, all_forms(), ZH)[1]


def opened(data: bytes) -> Workbook:
    return openpyxl.load_workbook(io.BytesIO(data))


def parts(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def colour(book: Workbook, cell: str, sheet: str = "销售") -> str:
    return str(book[sheet][cell].fill.fgColor.rgb)


def test_a_bad_cell_is_red_and_its_comment_says_what_was_found_and_what_is_wanted():
    cell = opened(corrected(filled(sales_rows(3)), problem("F6")))["销售"]["F6"]
    assert cell.fill.fgColor.rgb == RED
    assert cell.comment is not None
    assert cell.comment.text == "填的是：abc\n要求：应为整数；请只填整数，如 12\n本行未采用，请改正"


def test_a_note_is_yellow_and_red_wins_where_both_stand_in_one_cell():
    book = opened(
        corrected(
            filled(sales_rows(3)),
            problem("F6", "note", "text_number"),
            problem("F7", "note", "text_number"),
            problem("F7"),
        )
    )
    assert (colour(book, "F6"), colour(book, "F7"), colour(book, "F5")) == (YELLOW, RED, "00000000")
    text = book["销售"]["F7"].comment.text
    assert "应为整数" in text and "数字存成了文本" in text


def test_the_first_sheet_lists_every_problem_with_a_link_to_its_cell():
    book = opened(corrected(filled(sales_rows(3)), problem("F6", "note"), problem("B5")))
    assert book.sheetnames[:2] == ["错误清单", "封面"]
    listed = book["错误清单"]
    assert [cell.value for cell in listed[6]] == [
        "序号", "工作表", "单元格", "涉及", "列", "填写内容", "要求", "处理", "规则（指向可看原因）",
    ]  # fmt: skip
    assert [cell.value for cell in listed[7]] == [
        1, "销售", "B5", "", "销量", "abc", "应为整数；请只填整数，如 12", "本行未采用，请改正", "whole",
    ]  # fmt: skip
    assert [listed[place].hyperlink.location for place in ("C7", "C8")] == ["'销售'!B5", "'销售'!F6"]
    assert listed["I7"].hyperlink.tooltip.startswith("合计要用数字")
    assert listed["A2"].value.startswith("共 2 处：整表未采用 0 处，本行未采用 1 处，提示 1 处")
    assert listed["A3"].value == "以下已全部列出。"


ANSWER = Answer(dt.date(2024, 7, 8), "分析员王敏 6021")


@pytest.mark.parametrize("data", [filled(sales_rows(3)), b"no zip archive"], ids=["marked", "list alone"])
def test_the_list_says_until_when_the_file_is_expected_and_whom_to_ask(data: bytes):
    listed = opened(make_correction(data, "a.xlsx", [problem("F6")], all_forms(), ZH, ANSWER)[1])["错误清单"]
    assert listed["A5"].value == "请在 2024-07-08 前（含当日）改好放回收件箱。有疑问请联系：分析员王敏 6021。"
    assert (listed["A7"].value, listed["C8"].value, listed.freeze_panes) == ("序号", "F6", "A8")
    assert "a.xlsx" in str(listed.oddFooter.left.text) and "&P" in str(listed.oddFooter.right.text)


@pytest.mark.parametrize("data", [filled(sales_rows(3)), b"no zip archive"], ids=["marked", "list alone"])
def test_a_line_of_the_list_is_as_high_as_its_longest_cell(data: bytes):
    """26 Chinese characters are 52 units: two lines of a column of 26."""
    short, long = problem("F6"), problem("F7")
    long = replace(long, details=(("row_names", "店" * 26),))
    listed = opened(make_correction(data, "a.xlsx", [short, long], all_forms(), ZH)[1])["错误清单"]
    assert [listed.row_dimensions[row].height or 15 for row in (7, 8)] == [15, 30]


def test_a_list_that_is_cut_says_so_and_keeps_the_gravest():
    rows = MOST_LISTED + 30
    problems = [problem(f"F{5 + i}", "note") for i in range(rows - 1)] + [problem("G5")]
    book = opened(corrected(filled(sales_rows(3)), *problems))
    listed = book["错误清单"]
    assert listed.max_row == 6 + MOST_LISTED
    assert listed["C7"].value == "G5"  # with the note on F5, which is of the same row, in one line
    assert f"只列出前 {MOST_LISTED} 处" in listed["A3"].value and "另有 29 处未列出" in listed["A3"].value
    assert colour(book, f"F{5 + rows - 2}") == YELLOW


def test_all_else_is_as_it_was_sent():
    data = filled(sales_rows(3))
    before, after = opened(data), opened(corrected(data, problem("F6")))
    for name in before.sheetnames:
        old, new = before[name], after[name]
        assert [[cell.value for cell in row] for row in new] == [[cell.value for cell in row] for row in old]
        assert {key: one.width for key, one in new.column_dimensions.items()} == {
            key: one.width for key, one in old.column_dimensions.items()
        }
        rules = [(one.sqref, one.type, one.formula1) for one in old.data_validations.dataValidation]
        assert [(one.sqref, one.type, one.formula1) for one in new.data_validations.dataValidation] == rules
        assert new.print_title_rows == old.print_title_rows
        assert new.freeze_panes == old.freeze_panes
        assert new.protection.sheet == old.protection.sheet
    assert after["销售"]["F6"].number_format == before["销售"]["F6"].number_format
    assert after["销售"]["F6"].protection.locked == before["销售"]["F6"].protection.locked
    untouched = {"xl/theme/theme1.xml", "xl/sharedStrings.xml"}
    assert all(parts(data)[name] == parts(corrected(data, problem("F6")))[name] for name in untouched)


@pytest.mark.parametrize("data", [filled(sales_rows(3)), b"no zip archive"], ids=["marked", "list alone"])
def test_its_title_among_the_properties_is_that_of_the_list(data: bytes):
    copy = opened(corrected(data, problem("F6"), name="a<b.xlsx"))
    assert copy.properties.title == copy["错误清单"]["A1"].value == "错误清单：a<b.xlsx"


def test_of_the_properties_nothing_but_the_title_is_changed_also_when_it_comes_back_wrong_again():
    data = filled(sales_rows(3))
    sent = parts(data)["docProps/core.xml"]
    once = corrected(data, problem("F6"))
    twice = corrected(once, problem("F6"), name="b.xlsx")
    assert opened(twice).properties.title == "错误清单：b.xlsx"
    for copy, name in ((once, "a.xlsx"), (twice, "b.xlsx")):
        title = f"<dc:title>错误清单：{name}</dc:title>".encode()
        assert parts(copy)["docProps/core.xml"].replace(title, b"") == sent


def test_comments_on_headers_survive_and_one_that_a_person_wrote_is_added_to():
    book = opened(filled(sales_rows(3)))
    heading = book["销售"]["F3"].comment.text
    book["销售"]["F6"].comment = Comment("客户说下月补货", "李明")
    buffer = io.BytesIO()
    book.save(buffer)
    sheet = opened(corrected(buffer.getvalue(), problem("F6"), problem("F7")))["销售"]
    assert sheet["F3"].comment.text == heading
    assert sheet["F6"].comment.text.startswith("客户说下月补货\n——月报——\n填的是：abc")
    assert sheet["F7"].comment.text.startswith("填的是：abc")


def test_a_sheet_without_comments_gets_them():
    book = openpyxl.Workbook()
    book.active.title = "销售"
    book.active.append(["销量", "金额"])
    buffer = io.BytesIO()
    book.save(buffer)
    after = opened(corrected(buffer.getvalue(), problem("B1"), problem("D9", "note")))
    assert after["销售"]["B1"].comment.text.startswith("填的是：abc")
    assert (colour(after, "B1"), colour(after, "D9")) == (RED, YELLOW)


def test_of_a_copy_that_comes_back_wrong_again_the_old_marks_are_gone():
    data = filled(sales_rows(3))
    first = corrected(data, problem("F6"), problem("F3"), problem("G9", "note"))
    name, second = make_correction(first, "a_待更正.xlsx", [problem("F7")], all_forms(), ZH)
    assert name == "a_待更正.xlsx"
    book, original = opened(second), opened(data)
    assert book.sheetnames == ["错误清单", *original.sheetnames]
    sheet = book["销售"]
    assert [colour(book, cell) for cell in ("F6", "G9", "F7")] == ["00000000", "00000000", RED]
    assert sheet["F6"].comment is None
    assert sheet["F3"].comment.text == original["销售"]["F3"].comment.text
    assert book["错误清单"].max_row == 7
    assert sheet.print_title_rows == original["销售"].print_title_rows


def test_dropped_in_again_the_marks_are_ignored(tmp_path: Path):
    data = filled(sales_rows(3, sold_qty=["50", 50, "abc"]), spare_rows=0)
    first = take_file(tmp_path / "1", data)
    found = [one for one in first.taken.problems if one.effect != "note"]
    assert [(one.cell, one.rule) for one in found] == [("F7", "whole")]
    book = opened(corrected(data, *first.taken.problems))
    book["销售"]["F7"] = 50
    book["销售"]["F5"] = 50
    buffer = io.BytesIO()
    book.save(buffer)
    second = take_file(tmp_path / "2", buffer.getvalue())
    assert second.taken.problems == ()
    assert list(second.rows("sales")["sold_qty"]) == [50, 50, 50]


@pytest.mark.parametrize("name", ["a.xls", "a.csv", "a.ods"])
def test_formats_that_cannot_be_marked_get_the_list_with_addresses(name: str):
    made, data = make_correction(b"no zip archive", name, [problem("F6", sheet="Sheet1")], all_forms(), ZH)
    assert made == "a_待更正.xlsx"
    listed = opened(data)["错误清单"]
    assert [listed[7][i].value for i in (1, 2, 5)] == ["Sheet1", "F6", "abc"]
    assert "请按下列单元格地址" in listed["A4"].value


def test_a_workbook_written_in_an_unusual_way_gets_the_list_rather_than_a_guess():
    rows = '<row r="1"><c r="A1"><v>1</v></c></row><!-- a comment -->'
    assert opened(corrected(xlsx(worksheet(rows)), problem("A1"))).sheetnames == ["错误清单"]


def test_what_the_reader_refused_is_not_opened_again():
    refused = Problem("unreadable_damaged", "form left out", file="a.xlsx")
    book = opened(corrected(filled(sales_rows(3)), refused))
    assert book.sheetnames == ["错误清单"]
    assert [book["错误清单"]["B7"].value, book["错误清单"].max_row] == ["整个文件", 7]


def test_what_a_person_typed_is_text_in_list_and_comment():
    typed = '=HYPERLINK("http://x","<b>&")\x01_x0041_'
    wrong = Problem("whole", "row left out", form="sales", sheet="销售", cell="F6", column="sold_qty", found=typed)
    data = corrected(filled(sales_rows(3)), wrong)
    for name, content in parts(data).items():
        if name.endswith((".xml", ".rels", ".vml")):
            xml.dom.minidom.parseString(content)
    cell = opened(data)["错误清单"]["F7"]
    assert cell.data_type in ("s", "inlineStr")
    assert str(cell.value).startswith('=HYPERLINK("http://x","<b>&")')


def test_the_same_input_gives_the_same_bytes():
    data = filled(sales_rows(3))
    assert corrected(data, problem("F6")) == corrected(data, problem("F6"))


def test_the_copy_speaks_english_too():
    name, data = make_correction(filled(sales_rows(3)), "a.xlsx", [problem("F6")], all_forms(), EN)
    book = opened(data)
    assert (name, book.sheetnames[0]) == ("a_to_correct.xlsx", "Problems")
    assert book["销售"]["F6"].comment.text.startswith("Found: abc\nExpected: a whole number")


@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not here")
@pytest.mark.slow
def test_libreoffice_opens_the_copy_with_all_its_sheets(tmp_path: Path):
    copy = tmp_path / "copy.xlsx"
    copy.write_bytes(corrected(filled(sales_rows(20)), problem("F6"), problem("F7", "note"), problem("F400")))
    profile = f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}"
    (tmp_path / "out").mkdir()
    command = [
        "soffice",
        profile,
        "--headless",
        "--convert-to",
        "xlsx",
        "--outdir",
        str(tmp_path / "out"),
        str(copy),
    ]
    subprocess.run(command, check=True, capture_output=True, timeout=120)
    book = openpyxl.load_workbook(tmp_path / "out" / "copy.xlsx")
    assert book.sheetnames == ["错误清单", "封面", "销售"]
    assert colour(book, "F6") == RED
    assert "填的是：abc" in book["销售"]["F6"].comment.text
