"""Rows read = kept + left out + not data, for every file and sheet, and each of them is told."""

import datetime as dt
import io
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import openpyxl
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from take_in_builder import Outcome, filled, sales_rows, take_file

from pipeline.contract.problem import problem_sentence, problems_counted
from pipeline.contract.settings import settings_from
from pipeline.intake.cell_problems import MOST_CELLS
from pipeline.words import load_words
from schemas.form import all_forms

HEADER = ["业务员", "日期", "客户", "品规", "数量", "金额"]
MAPPING = {
    "form": "sales", "repeats": True,
    "columns": {"manager_id": "业务员", "order_date": "日期", "customer_id": "客户", "product_id": "品规",
                "sold_qty": "数量", "amount": "金额"},
}  # fmt: skip
DAY = dt.datetime(2024, 6, 3)
LATER = dt.datetime(2024, 6, 4)
LI = ["M001", DAY, "030101", "P002", 10, 1_000]
WANG = ["M002", LATER, "030201", "P002", 30, 3_000]


def export(folder: Path, sheets: dict[str, Sequence[Sequence[object]]], **changes: object) -> Outcome:
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    buffer = io.BytesIO()
    book.save(buffer)
    mapped = {"files": "订单*", **MAPPING, **changes}
    return take_file(folder, buffer.getvalue(), "订单.xlsx", settings=settings_from({"exports": [mapped]}))


def csv_export(folder: Path, *lines: str) -> Outcome:
    mapped = {"files": "订单*", **MAPPING}
    data = "\r\n".join([",".join(HEADER), *lines]).encode()
    return take_file(folder, data, "订单.csv", settings=settings_from({"exports": [mapped]}))


def kept_rows(outcome: Outcome) -> pd.DataFrame:
    """The rows on disk, of all managers of a month together in one file."""
    files = sorted({part.path for part in outcome.taken.parts if part.path})
    return pd.concat([pd.DataFrame(), *map(pd.read_parquet, files)], ignore_index=True)


def text(row: Sequence[object]) -> str:
    return ",".join(str(cell).removesuffix(" 00:00:00") for cell in row)


def parts(outcome: Outcome) -> list[tuple[str, int, int]]:
    return [(one.manager_id, one.rows, one.left_out) for one in outcome.taken.parts]


def accounts(outcome: Outcome) -> list[tuple[str, int, int, int]]:
    return [(one.sheet, one.rows, one.kept, one.left_out) for one in outcome.taken.accounts]


def test_rows_without_a_day_or_of_an_unknown_manager_are_left_out_with_their_amount(tmp_path):
    rows = [HEADER, LI, ["M001", None, *LI[2:]], ["M999", *LI[1:]], WANG]
    outcome = export(tmp_path, {"1": rows})
    assert parts(outcome) == [("M001", 1, 0), ("M002", 1, 0)]
    (one,) = outcome.taken.accounts
    assert (one.rows, one.kept, one.left_out) == (4, 2, 2)
    assert (one.amount_yuan, one.amount_left_out_yuan) == (6_000.0, 2_000.0)
    told = [(p.cell, p.rule, p.manager_id, p.month) for p in outcome.told]
    assert told == [("B3", "required", "M001", ""), ("A4", "unknown_manager", "", "2024-06")]


def test_a_sheet_a_manager_is_read_whole_each_below_its_own_headings(tmp_path):
    moved = [["某公司"], ["", *HEADER[::-1]], ["", *WANG[::-1]]]
    outcome = export(tmp_path, {"李明": [HEADER, LI, ["M001", LATER, *LI[2:]]], "王芳": moved})
    assert parts(outcome) == [("M001", 2, 0), ("M002", 1, 0)]
    assert accounts(outcome) == [("李明", 2, 2, 0), ("王芳", 1, 1, 0)]
    rows = kept_rows(outcome)
    assert list(zip(rows["source_sheet"], rows["source_row"], strict=True)) == [
        ("李明", 2),
        ("李明", 3),
        ("王芳", 3),
    ]


def test_a_fault_on_a_further_sheet_is_told_at_its_own_cell(tmp_path):
    outcome = export(tmp_path, {"1": [HEADER, LI], "2": [HEADER, WANG, ["M002", DAY, "030201", "P002", "x", 3]]})
    assert [(p.sheet, p.cell, p.rule) for p in outcome.told] == [("2", "E3", "whole")]
    assert accounts(outcome) == [("1", 1, 1, 0), ("2", 2, 1, 1)]


def test_a_manager_on_two_sheets_is_one_submission_and_rows_that_stand_on_both_count_once(tmp_path):
    outcome = export(tmp_path, {"5月": [HEADER, LI], "6月": [HEADER, LI, ["M001", LATER, *LI[2:]]]}, repeats=False)
    assert parts(outcome) == [("M001", 3, 1)]
    (again,) = outcome.told
    assert (again.sheet, again.cell, again.rule) == ("6月", "B2", "equal_row")
    assert dict(again.details)["rows"] == "5月!2"


def test_a_sheet_that_lacks_a_heading_and_holds_data_is_told_and_its_rows_are_left_out(tmp_path):
    outcome = export(
        tmp_path, {"李明": [HEADER, LI], "王芳": [[*HEADER[:5], "总价"], WANG], "说明": [["本表由系统导出"]]}
    )
    assert [(p.sheet, p.rule, p.effect) for p in outcome.told] == [
        ("王芳", "export_sheet_header", "form left out"), ("说明", "sheet_not_read", "note")]  # fmt: skip
    assert accounts(outcome) == [("李明", 1, 1, 0), ("王芳", 2, 0, 2), ("说明", 1, 0, 0)]


def test_a_sheet_that_goes_on_without_headings_is_told(tmp_path):
    outcome = export(tmp_path, {"1": [HEADER, LI], "2": [WANG, WANG]})
    assert [(p.sheet, p.rule) for p in outcome.told] == [("2", "export_sheet_header")]


@pytest.mark.parametrize(
    "line",
    [
        "M001,2024-06-04,030101,P002,10,157,50",
        "M001,2024-06-04,030101,P002,10,1,096.00",
        "M001,2024-06-04,030101,P002,1,000,",
    ],
    ids=["decimal_comma", "thousands_comma", "comma_before_an_empty_cell"],
)  # fmt: skip
def test_a_line_longer_than_its_headings_is_left_out_and_says_what_to_do(tmp_path, line):
    outcome = csv_export(tmp_path, text(LI), line, text(WANG))
    assert [(p.cell, p.rule, p.effect) for p in outcome.told] == [("A3", "surplus_cells", "row left out")]
    assert accounts(outcome) == [("csv", 3, 2, 1)]
    sentence = problem_sentence(outcome.told[0], all_forms(), load_words("zh"))
    assert "7 格，比标题的 6 格多" in sentence and "双引号" in sentence


def test_lines_that_all_end_with_the_same_delimiter_have_no_surplus(tmp_path):
    outcome = csv_export(tmp_path, text(LI) + ",", text(WANG) + ",")
    assert (parts(outcome), outcome.told) == ([("M001", 1, 0), ("M002", 1, 0)], [])


def test_a_file_refused_for_its_cover_accounts_for_its_rows(tmp_path):
    outcome = take_file(tmp_path, filled(sales_rows(4), month=None))
    assert outcome.taken.refused == "no_month"
    assert [(one.form, one.kept, one.left_out) for one in outcome.taken.accounts] == [("sales", 0, 4)]


def test_a_file_with_nothing_in_it_is_refused_and_says_so(tmp_path):
    outcome = take_file(tmp_path, filled())
    assert (outcome.taken.refused, outcome.problems) == ("nothing_in_it", [("", "nothing_in_it", "form left out")])


def test_an_export_of_which_no_row_can_be_placed_is_refused_with_a_line_of_its_own(tmp_path):
    outcome = export(tmp_path, {"1": [HEADER, ["M999", *LI[1:]]]})
    assert outcome.taken.refused == "nothing_taken"
    assert outcome.problems[0] == ("", "nothing_taken", "form left out")


ODD = st.sampled_from(
    [None, "", " ", "合计", "小计", "030101 汇总", "M001", "M002", "M999", "030101", "030201", "P002", "x", 0, 1, 10,
     1_000, -5, 3.5, "2024-06-03", "2024-05-31", LATER, "备注：无", "制表人：王", *HEADER]
)  # fmt: skip
ROW = st.one_of(st.just(LI), st.just(WANG), st.lists(ODD, min_size=0, max_size=8))


@pytest.mark.slow
@given(st.lists(st.lists(ROW, max_size=8), min_size=1, max_size=3), st.booleans())
@settings(max_examples=60, deadline=None)
def test_rows_read_are_kept_left_out_or_no_data_whatever_the_export_holds(tmp_path_factory, sheets, headed):
    tables = {
        f"S{number}": [HEADER, *rows] if headed or number == 0 else rows for number, rows in enumerate(sheets)
    }
    outcome = export(tmp_path_factory.mktemp("odd"), tables)
    for account in outcome.taken.accounts:  # an account that does not add up cannot be made
        assert account.rows == account.kept + account.left_out + sum(count for _, count in account.not_data)
    assert {one.sheet for one in outcome.taken.accounts} == set(tables)
    below = {name: len(rows) - 1 for name, rows in tables.items() if rows[:1] == [HEADER]}
    for account in outcome.taken.accounts:
        if account.sheet in below:
            assert account.rows <= below[account.sheet]
            assert account.rows >= sum(any(c not in (None, "") for c in row) for row in tables[account.sheet][1:])
    assert sum(one.kept for one in outcome.taken.accounts) == len(kept_rows(outcome))
    told = {(p.sheet, p.cell.lstrip("ABCDEFGHIJ")) for p in outcome.told if p.effect == "row left out" and p.cell}
    grave = {p.sheet for p in outcome.told if p.effect == "form left out"}
    for account in outcome.taken.accounts:
        rows_told = sum(sheet == account.sheet for sheet, _ in told)
        by_form = any(part.state == "refused" for part in outcome.taken.parts) or account.sheet in grave
        assert account.left_out == rows_told or (by_form and account.left_out >= rows_told)


def test_one_note_a_column_with_its_true_words_stands_for_all_its_ticks(tmp_path):
    form = all_forms()["visits"]
    flag = next(column for column in form.columns if column.kind == "flag")
    book = openpyxl.load_workbook(io.BytesIO(filled(form="visits", spare_rows=4)))
    sheet = book["客户访问记录"]
    (heading,) = (cell for cell in sheet[3] if cell.value == flag.zh)
    for row, tick in enumerate(["√", "√", "×", "√"], 5):
        sheet.cell(row, heading.column).value = tick
    buffer = io.BytesIO()
    book.save(buffer)
    outcome = take_file(tmp_path, buffer.getvalue())
    notes = [one for one in outcome.told if one.column == flag.name and one.effect == "note"]
    assert [(one.rule, one.cell) for one in notes] == [("column_note", "")]
    said = problem_sentence(notes[0], all_forms(), load_words("zh"))
    assert "已按 是 或 否 读取" in said and "本列共 4 格" in said and "空格" not in said


def many_rows(count: int, **columns: object) -> pd.DataFrame:
    """That many sales of one day, but for these columns."""
    return pd.concat([sales_rows(1)] * count, ignore_index=True).assign(**columns).astype("object")


def test_a_rule_lists_its_first_thousand_cells_and_counts_the_rest(tmp_path):
    outcome = take_file(tmp_path, filled(many_rows(1_203, order_date="x")))
    days = [one for one in outcome.told if one.rule == "day"]
    assert (len(days), days[0].cell, days[-1].cell) == (MOST_CELLS, "B5", "B1004")
    (more,) = (one for one in outcome.told if one.rule == "more_cells")
    assert (more.cell, more.effect, dict(more.details)["count"]) == ("", "row left out", "203")
    assert "另有 203 处" in problem_sentence(more, all_forms(), load_words("zh"))
    assert problems_counted(outcome.told, "row left out") == 1_203
    assert outcome.part("sales").left_out == 1_203


def test_rows_that_all_share_a_key_name_only_some_of_each_other(tmp_path):
    rows = many_rows(40, sold_qty=range(40))
    outcome = take_file(tmp_path, filled(rows))
    same = [one for one in outcome.told if one.rule == "same_key"]
    assert len(same) == 40
    assert dict(same[0].details)["rows"] == "6, 7, 8, 9, 10, 11, 12, 13, 14, 15 …"


def test_eleven_rows_that_share_a_key_name_all_of_each_other(tmp_path):
    outcome = take_file(tmp_path, filled(many_rows(11, sold_qty=range(11))))
    same = [one for one in outcome.told if one.rule == "same_key"]
    assert dict(same[0].details)["rows"] == "6, 7, 8, 9, 10, 11, 12, 13, 14, 15"


MEASURED = """
import pathlib, sys, tempfile
sys.path.insert(0, sys.argv[1])
from measured_sandbox import peak_bytes
from take_in_builder import take_file
with tempfile.TemporaryDirectory() as folder:
    outcome = take_file(pathlib.Path(folder), pathlib.Path(sys.argv[2]).read_bytes())
print(len(outcome.taken.problems), peak_bytes() >> 20)
"""


@pytest.mark.slow
def test_a_form_with_140_000_bad_cells_stays_under_700_mb(tmp_path):
    count = 20_000
    bad = {name: [f"x{name[0]}{n}" for n in range(count)] for name in sales_rows(1)}
    (tmp_path / "a.xlsx").write_bytes(filled(pd.DataFrame(bad, dtype="object")))
    arguments = [sys.executable, "-c", MEASURED, str(Path(__file__).parent), str(tmp_path / "a.xlsx")]
    done = subprocess.run(arguments, capture_output=True, text=True, check=True, cwd=Path(__file__).parents[2])
    problems, megabytes = map(int, done.stdout.split())
    assert problems < 7 * MOST_CELLS + 20
    assert megabytes < 700
