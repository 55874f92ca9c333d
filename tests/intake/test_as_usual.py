"""Sheets handed out with rows in them: what nobody touched is no data, what a tick stands for, wrong ticks."""

import datetime as dt
import io
from collections.abc import Callable, Sequence
from functools import cache

import openpyxl
import pandas as pd
import pytest
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet
from take_in_builder import JUNE, LI, Outcome, filled, take_file

from pipeline.contract.problem import expected_text
from pipeline.contract.settings import settings_from
from pipeline.corrections.make import make_correction
from pipeline.templates.parts import Issued, Pack
from pipeline.templates.write import write_template
from pipeline.words import load_words
from schemas.form import all_forms

VISITS = all_forms()["visits"]
PROFILE = settings_from({}).profile
PLANNED = (("030101", 4), ("030102", 4), ("030101", 11))  # customer, day of June
LAST_STOCK = (82, None, 82)
FLAGS = ("informed", "stock_checked", "display_ok", "price_ok", "lawful", "customer_signed")
Typed = dict[str, object]
Edit = Callable[[Worksheet], None]


@cache
def pack(planned: Sequence[tuple[str, int]] = PLANNED, last: Sequence[int | None] = LAST_STOCK) -> bytes:
    """A pack of visits: what is planned, with the last stock of each customer."""
    rows = pd.DataFrame(
        {
            "visit_date": [pd.Timestamp(2024, 6, day) for _, day in planned],
            "customer_id": [customer for customer, _ in planned],
            "visit_kind": "planned",
        }
    )
    issued = rows.reindex(columns=list(VISITS.dtypes)).astype(VISITS.dtypes)
    stock = pd.DataFrame({"stock_qty": pd.array(last, dtype="Int64"), "observed_price": [None] * len(last)})
    stock["observed_price"] = stock["observed_price"].astype("float64")
    return filled(form="visits", pack=Pack({"visits": Issued(issued, stock)}), spare_rows=5)


def edited(data: bytes, edit: Edit) -> bytes:
    book = openpyxl.load_workbook(io.BytesIO(data))
    edit(book["客户访问记录"])
    saved = io.BytesIO()
    book.save(saved)
    return saved.getvalue()


def column(sheet: Worksheet, heading: str) -> int:
    return next(cell.column for cell in sheet[3] if cell.value == heading)


def types(**cells: object) -> Edit:
    """Types into cells, each named by its heading and row: 如常_5."""

    def edit(sheet: Worksheet) -> None:
        for place, value in cells.items():
            heading, _, row = place.rpartition("_")
            sheet.cell(int(row), column(sheet, heading)).value = value

    return edit


def visits(tmp_path, edit: Edit, data: bytes | None = None) -> tuple[pd.DataFrame, Outcome]:
    outcome = take_file(tmp_path, edited(pack() if data is None else data, edit))
    some = any(part.path for part in outcome.taken.parts)
    return (outcome.rows("visits") if some else VISITS.empty()), outcome


def test_what_a_tick_stands_for_is_what_the_form_says_is_usual_and_nothing_more(tmp_path):
    rows, outcome = visits(tmp_path, types(如常_5="√"))
    assert outcome.problems == []
    assert len(rows) == 1
    row = rows.iloc[0]
    assert (row["visit_date"], row["customer_id"], row["visit_kind"]) == (
        pd.Timestamp(2024, 6, 4), "030101", "planned",
    )  # fmt: skip
    assert [bool(row[name]) for name in FLAGS] == [True, False, True, True, True, True]
    assert row["price_tags_replaced"] == 0
    told_by_nobody = ["stock_qty", "observed_price", "arrived_at", "left_at", "market_info", "note"]
    assert row[told_by_nobody].isna().all()


def test_planned_visits_that_nobody_touched_are_neither_data_nor_a_problem(tmp_path):
    rows, outcome = visits(tmp_path, types(如常_6="√"))
    assert list(rows["customer_id"]) == ["030102"]
    assert outcome.problems == []
    account = next(one for one in outcome.taken.accounts if one.form == "visits")
    assert (account.rows, account.kept, account.left_out) == (4, 1, 0)
    assert dict(account.not_data) == {"example": 1, "prefilled": 2}


def test_a_pack_that_comes_back_as_it_was_is_a_form_not_filled_in(tmp_path):
    outcome = take_file(tmp_path, pack())
    assert outcome.taken.parts == ()
    assert [one.rule for one in outcome.told] == ["nothing_in_it"]


@pytest.mark.parametrize("sign", ["√", "✓", "✔", "是", "1", 1, True, "Y", "y", "ｙ", " √ ", "☑", "v"])
def test_signs_that_people_tick_with(tmp_path, sign):
    rows, outcome = visits(tmp_path, types(如常_5=sign))
    assert (len(rows), outcome.problems) == (1, [])


@pytest.mark.parametrize("sign", ["否", "×", "N", "", "  ", "/", 0, False, "未访"])
def test_signs_that_say_that_it_did_not_take_place(tmp_path, sign):
    rows, outcome = visits(tmp_path, types(如常_5=sign, 如常_6="√"))
    assert list(rows["customer_id"]) == ["030102"]
    assert outcome.problems == []


@pytest.mark.parametrize(
    "sign",
    ["?", "去了一半", "9:10", "25:00-26:00", "0910–09", 2, dt.time(9, 10), "#N/A", "√?", "09:10-", "x", "X"],
)
def test_a_tick_that_may_mean_anything_is_told_once_and_leaves_the_row_out(tmp_path, sign):
    rows, outcome = visits(tmp_path, types(如常_5=sign, 如常_6="√"))
    assert list(rows["customer_id"]) == ["030102"]
    assert outcome.problems == [("D5", "tick_unclear", "row left out")]


@pytest.mark.parametrize(
    "span",
    [
        "0910-0935",
        "9:10-9:35",
        "09：10－09：35",
        "910-935",
        "9.10~9.35",
        "9点10分至9点35分",
        "09:10 到 09:35",
        "9:10—9:35",
    ],
)
def test_the_tick_may_be_the_time_from_and_to(tmp_path, span):
    rows, outcome = visits(tmp_path, types(如常_5=span))
    assert outcome.problems == []
    assert (rows["arrived_at"][0], rows["left_at"][0]) == (9 * 60 + 10, 9 * 60 + 35)


@pytest.mark.parametrize("sign", ["5日", "5日√", "05号", "6月5日", "5th", "5日0910-0935", "6月5日 9:10-9:35"])
def test_the_tick_may_tell_the_day_where_it_was_another_one_than_planned(tmp_path, sign):
    rows, outcome = visits(tmp_path, types(如常_5=sign))
    assert (outcome.problems, list(rows["visit_date"])) == ([], [pd.Timestamp(2024, 6, 5)])
    assert rows["arrived_at"].notna()[0] == ("9" in sign)


@pytest.mark.parametrize("sign", ["31日", "0日√", "7月5日", "5月5日0910-0935"])
def test_a_day_that_the_month_of_the_plan_has_not_is_told(tmp_path, sign):
    rows, outcome = visits(tmp_path, types(如常_5=sign, 如常_6="√"))
    assert (len(rows), outcome.problems) == (1, [("D5", "tick_day", "row left out")])


def test_a_row_added_below_has_its_day_from_the_tick_and_its_month_from_the_cover(tmp_path):
    rows, outcome = visits(tmp_path, types(客户编码_8="030102", 访问类型_8="计划", 如常_8="7日1000-1020"))
    assert (outcome.problems, list(rows["visit_date"])) == ([], [pd.Timestamp(2024, 6, 7)])


@pytest.mark.parametrize("sign", ["6/5", "6.5", "5 0910-0935", "12"])
def test_what_may_be_a_day_or_a_time_is_not_guessed(tmp_path, sign):
    _, outcome = visits(tmp_path, types(如常_5=sign, 如常_6="√"))
    assert outcome.problems == [("D5", "tick_unclear", "row left out")]


def test_times_that_stand_in_two_places_are_asked_about(tmp_path):
    _, outcome = visits(tmp_path, types(如常_5="0910-0935", 到达时间_5=dt.time(9, 20)))
    assert ("D5", "tick_times_twice", "row left out") in outcome.problems


def test_a_visit_that_ended_before_it_began_is_told_at_the_times_rule(tmp_path):
    _, outcome = visits(tmp_path, types(如常_5="0935-0910", 如常_6="√"))
    assert [rule for _, rule, _ in outcome.problems] == ["order_arrived_at_left_at"]


def test_only_what_was_different_is_typed(tmp_path):
    rows, outcome = visits(tmp_path, types(**{"如常_5": "√", "陈列达标_5": "否", "更换价签数(个)_5": 3}))
    assert outcome.problems == []
    assert [bool(rows[name][0]) for name in ("informed", "display_ok", "lawful")] == [True, False, True]
    assert rows["price_tags_replaced"][0] == 3


def test_the_stock_is_checked_where_it_was_counted(tmp_path):
    rows, _ = visits(tmp_path, types(**{"如常_5": "√", "库存量(条)_5": 0, "如常_6": "√"}))
    assert list(rows["stock_checked"]) == [True, False]
    assert rows["stock_qty"][0] == 0
    assert rows["stock_qty"].isna()[1]


@pytest.mark.parametrize("word", ["未变", "√", "不变", "unchanged", " 未变 "])
def test_the_last_stock_counts_only_where_somebody_says_that_it_is_unchanged(tmp_path, word):
    rows, outcome = visits(tmp_path, types(**{"如常_5": "√", "库存量(条)_5": word, "如常_7": "√"}))
    assert outcome.problems == []
    assert list(rows["stock_qty"].fillna(-1)) == [82, -1]
    assert list(rows["stock_checked"]) == [True, False]


def test_unchanged_from_nothing_is_told_at_the_cell_and_only_there(tmp_path):
    rows, outcome = visits(tmp_path, types(**{"如常_6": "√", "库存量(条)_6": "未变", "如常_5": "√"}))
    assert list(rows["customer_id"]) == ["030101"]
    assert [one[1:] for one in outcome.problems] == [("unchanged_from_nothing", "row left out")]
    assert outcome.told[0].column == "stock_qty"


def test_a_price_seen_is_never_taken_for_the_guide_price(tmp_path):
    _, outcome = visits(tmp_path, types(**{"如常_5": "√", "实际售价(元/条)_5": 28.5, "如常_6": "√"}))
    assert [(one.rule, one.column) for one in outcome.told] == [("required", "price_ok")]
    rows, outcome = visits(
        tmp_path / "2", types(**{"如常_5": "√", "实际售价(元/条)_5": 28.5, "执行零售指导价_5": "否"})
    )
    assert (bool(rows["price_ok"][0]), rows["observed_price"][0]) == (False, 28.5)


def test_entries_without_a_tick_are_not_taken_for_a_usual_visit(tmp_path):
    rows, outcome = visits(tmp_path, types(**{"库存量(条)_5": 40, "如常_6": "√"}))
    assert list(rows["customer_id"]) == ["030102"]
    assert outcome.problems == [("D5", "tick_missing", "row left out")]
    text = expected_text(outcome.told[0], PROFILE.forms, load_words("zh"))
    assert "传递信息、核对库存、陈列达标、执行零售指导价、守法经营、客户签字" in text


def test_a_day_that_was_changed_without_a_tick_is_not_lost_without_a_word(tmp_path):
    _, outcome = visits(tmp_path, types(访问日期_5=dt.datetime(2024, 6, 5), 如常_6="√"))
    assert outcome.problems == [("D5", "tick_missing", "row left out")]


def test_a_visit_on_another_day_is_ticked_with_its_own_day(tmp_path):
    rows, outcome = visits(tmp_path, types(访问日期_5=dt.datetime(2024, 6, 5), 如常_5="√"))
    assert (outcome.problems, list(rows["visit_date"])) == ([], [pd.Timestamp(2024, 6, 5)])


def test_a_last_value_that_was_typed_over_is_not_lost_without_a_word(tmp_path):
    _, outcome = visits(tmp_path, types(**{"上次库存量_5": 60, "如常_6": "√"}))
    assert outcome.problems == [("D5", "tick_missing", "row left out")]


def test_a_row_filled_in_to_the_last_cell_needs_no_tick(tmp_path):
    cells = {f"{VISITS.column(name).zh}_5": "是" for name in FLAGS}
    rows, outcome = visits(tmp_path, types(**cells))
    assert (len(rows), outcome.problems) == (1, [])
    assert pd.isna(rows["price_tags_replaced"][0])


def test_a_row_added_below_may_be_ticked_too(tmp_path):
    added = {"访问日期_8": dt.datetime(2024, 6, 7), "客户编码_8": "030102", "访问类型_8": "特殊",
             "特殊原因_8": "处理投诉", "如常_8": "1000-1020"}  # fmt: skip
    rows, outcome = visits(tmp_path, types(**added))
    assert outcome.problems == []
    assert (rows["visit_kind"][0], rows["arrived_at"][0], bool(rows["lawful"][0])) == ("special", 600, True)


def test_a_row_added_below_that_is_only_begun_is_told_as_ever(tmp_path):
    begun = {"访问日期_8": dt.datetime(2024, 6, 7), "客户编码_8": "030102", "如常_5": "√"}
    rows, outcome = visits(tmp_path, types(**begun))
    assert len(rows) == 1
    assert {one.rule for one in outcome.told} == {"tick_missing", "required"}


def test_a_tick_in_an_empty_row_is_told(tmp_path):
    _, outcome = visits(tmp_path, types(如常_12="√", 如常_5="√"))
    assert {(one.rule, one.column) for one in outcome.told} == {
        ("required", "visit_date"), ("required", "customer_id"), ("required", "visit_kind"),
    }  # fmt: skip


def test_the_same_visit_ticked_twice_is_counted_once(tmp_path):
    def twice(sheet: Worksheet) -> None:
        types(如常_5="√")(sheet)
        for cell in sheet[5]:
            sheet.cell(8, cell.column).value = cell.value

    rows, outcome = visits(tmp_path, twice)
    assert len(rows) == 1
    assert [rule for _, rule, _ in outcome.problems] == ["equal_row"]


def moved_without_marks(sheet: Worksheet) -> None:
    """Rows sorted the other way, their hidden marks left where they were."""
    mark = column(sheet, "预填标记")
    rows = [[sheet.cell(row, at).value for at in range(2, mark)] for row in (5, 6, 7)]
    for row, values in zip((7, 6, 5), rows, strict=True):
        for at, value in enumerate(values, start=2):
            sheet.cell(row, at).value = value


def moved_with_marks(sheet: Worksheet) -> None:
    rows = [[cell.value for cell in sheet[row]] for row in (5, 6, 7)]
    for row, values in zip((6, 7, 5), rows, strict=True):
        for at, value in enumerate(values, start=1):
            sheet.cell(row, at).value = value


def one_deleted(sheet: Worksheet) -> None:
    sheet.delete_rows(6)


def one_cleared(sheet: Worksheet) -> None:
    for at in range(2, column(sheet, "预填标记")):
        sheet.cell(6, at).value = None


def inserted_above(sheet: Worksheet) -> None:
    sheet.insert_rows(5, 2)


def renumbered(sheet: Worksheet) -> None:
    for row in (5, 6, 7):
        sheet.cell(row, 1).value = row * 10


@pytest.mark.parametrize(
    "change", [moved_without_marks, moved_with_marks, one_deleted, one_cleared, inserted_above, renumbered]
)
def test_sheets_may_be_sorted_cut_and_moved(tmp_path, change):
    def edit(sheet: Worksheet) -> None:
        types(如常_5="√")(sheet)
        change(sheet)

    rows, outcome = visits(tmp_path, edit)
    assert outcome.problems == []
    assert list(zip(rows["customer_id"], rows["visit_date"], strict=True)) == [
        ("030101", pd.Timestamp(2024, 6, 4))
    ]


def saved_as_texts(sheet: Worksheet) -> None:
    """Days and numbers as a program leaves them that knows only text."""
    for row in (5, 6, 7):
        for cell in sheet[row]:
            if isinstance(cell.value, dt.datetime):
                cell.value, cell.number_format = f"{cell.value:%Y-%m-%d}", "@"
            elif isinstance(cell.value, int):
                cell.value = str(cell.value)


def codes_as_numbers(sheet: Worksheet) -> None:
    for row in (5, 6, 7):
        cell = sheet.cell(row, column(sheet, "客户编码"))
        cell.value, cell.number_format = int(cell.value), "General"


def days_without_their_format(sheet: Worksheet) -> None:
    for row in (5, 6, 7):
        cell = sheet.cell(row, column(sheet, "访问日期"))
        cell.value = (cell.value - dt.datetime(1899, 12, 30)).days
        cell.number_format = "General"


@pytest.mark.parametrize("change", [saved_as_texts, codes_as_numbers, days_without_their_format])
def test_untouched_rows_are_known_however_a_program_saved_them(tmp_path, change):
    rows, outcome = visits(tmp_path, change)
    assert rows.empty
    assert [one.rule for one in outcome.told] == ["nothing_in_it"]


def test_a_note_beside_a_row_that_nobody_touched_is_told(tmp_path):
    def note(sheet: Worksheet) -> None:
        types(如常_6="√")(sheet)
        sheet.cell(5, column(sheet, "预填标记") + 1).value = "客户搬家了，没有见到"

    rows, outcome = visits(tmp_path, note)
    assert len(rows) == 1
    assert [one.rule for one in outcome.told] == ["not_data"]


def test_a_sheet_whose_tick_column_was_taken_out_is_read_as_any_sheet(tmp_path):
    def without(sheet: Worksheet) -> None:
        sheet.delete_cols(column(sheet, "如常"))

    rows, outcome = visits(tmp_path, without)
    assert rows.empty
    assert [one.rule for one in outcome.told] == ["nothing_in_it"]


def test_what_a_tick_stood_for_stays_with_the_row_for_whoever_traces_it(tmp_path):
    rows, _ = visits(tmp_path, types(**{"如常_5": "0910-0935", "陈列达标_5": "否", "库存量(条)_5": "未变"}))
    assert rows["as_usual"][0].split(", ") == [
        "stock_qty", "arrived_at", "left_at", "informed", "stock_checked", "price_tags_replaced", "price_ok", "lawful",
        "customer_signed",
    ]  # fmt: skip


def test_a_plain_form_has_no_word_of_ticks(tmp_path):
    day, flags = pd.Timestamp(2024, 6, 4), dict.fromkeys(FLAGS, True)
    plain = pd.DataFrame([{"visit_date": day, "customer_id": "030101", "visit_kind": "planned", **flags}])
    rows = plain.reindex(columns=list(VISITS.dtypes)).astype(VISITS.dtypes)
    outcome = take_file(tmp_path, filled(rows, form="visits"))
    assert outcome.problems == []
    assert "as_usual" not in outcome.rows("visits")


def test_the_marked_copy_shows_the_tick_and_says_what_ticks_stand_for(tmp_path):
    data = edited(pack(), types(如常_5="去了一半", 如常_6="√"))
    problems = take_file(tmp_path, data, "李明.xlsx").told
    _, copy = make_correction(data, "李明.xlsx", problems, PROFILE.forms, load_words("zh"))
    sheet = openpyxl.load_workbook(io.BytesIO(copy))["客户访问记录"]
    assert (sheet["D5"].value, sheet["D6"].value) == ("去了一半", "√")
    assert "这里填的是「去了一半」，无法判断" in sheet["D5"].comment.text
    assert "没填的格如常：传递信息 是" in sheet["A2"].value
    assert sheet.column_dimensions[get_column_letter(column(sheet, "预填标记"))].hidden


def test_the_marked_copy_corrected_and_sent_again_is_read(tmp_path):
    data = edited(pack(), types(如常_5="去了一半", 如常_6="√"))
    problems = take_file(tmp_path, data, "李明.xlsx").told
    _, copy = make_correction(data, "李明.xlsx", problems, PROFILE.forms, load_words("zh"))
    rows, outcome = visits(tmp_path / "again", types(如常_5="0910-0930"), copy)
    assert (outcome.problems, len(rows)) == ([], 2)


def test_an_english_pack_is_ticked_in_english(tmp_path):
    rows = pd.DataFrame(
        [{"visit_date": pd.Timestamp(2024, 6, 4), "customer_id": "030101", "visit_kind": "planned"}]
    )
    issued = rows.reindex(columns=list(VISITS.dtypes)).astype(VISITS.dtypes)
    last = pd.DataFrame({"stock_qty": pd.array([82], dtype="Int64"), "observed_price": [29.5]})
    buffer = io.BytesIO()
    contents = {"month": JUNE, "manager": LI, "pack": Pack({"visits": Issued(issued, last)})}
    write_template(buffer, [VISITS], load_words("en"), PROFILE, **contents)
    book = openpyxl.load_workbook(buffer)
    sheet = book["Visits"]
    assert "Informed Yes, Stock checked yes where Stock is filled in, else no" in sheet["A2"].value
    for heading, value in (("As usual", "5th 9:10 to 9:35"), ("Stock (cartons)", "unchanged"), ("Note", "ok")):
        sheet.cell(5, column(sheet, heading)).value = value
    assert sheet.cell(5, column(sheet, "Last price seen")).value == 29.5
    saved = io.BytesIO()
    book.save(saved)
    outcome = take_file(tmp_path, saved.getvalue())
    assert outcome.problems == []
    row = outcome.rows("visits").iloc[0]
    assert (row["visit_date"].day, row["arrived_at"], row["stock_qty"], bool(row["stock_checked"])) == (
        5,
        550,
        82,
        True,
    )
    assert pd.isna(row["observed_price"])


LEADS = all_forms()["leads"]


def leads(tmp_path, edit: Edit) -> tuple[pd.DataFrame, Outcome]:
    """A pack with two leads that are open, filled in and taken in."""
    seen = [pd.Timestamp(2024, 5, 6), pd.Timestamp(2024, 5, 20)]
    rows = {
        "lead_no": ["XS1", "XS2"],
        "seen_on": seen,
        "address": ["东街1号", "西街2号"],
        "description": "无证摊点",
    }
    issued = pd.DataFrame(rows).reindex(columns=list(LEADS.dtypes)).astype(LEADS.dtypes)
    handed_out = Pack({"leads": Issued(issued, pd.DataFrame(index=issued.index))})
    book = openpyxl.load_workbook(io.BytesIO(filled(form="leads", pack=handed_out)))
    edit(book["无证经营线索"])
    saved = io.BytesIO()
    book.save(saved)
    outcome = take_file(tmp_path, saved.getvalue())
    return (outcome.rows("leads") if any(part.path for part in outcome.taken.parts) else LEADS.empty()), outcome


def test_of_an_open_case_only_the_next_step_is_typed(tmp_path):
    rows, outcome = leads(tmp_path, types(移送专卖日期_5=dt.datetime(2024, 6, 7)))
    assert outcome.problems == []
    assert list(rows["lead_no"]) == ["XS1"]
    assert (rows["seen_on"][0], rows["passed_on"][0]) == (pd.Timestamp(2024, 5, 6), pd.Timestamp(2024, 6, 7))


def test_a_tick_says_of_an_open_case_that_it_still_stands_as_it_stood(tmp_path):
    rows, outcome = leads(tmp_path, types(如常_6="√"))
    assert outcome.problems == []
    assert list(rows["lead_no"]) == ["XS2"]
    assert "as_usual" not in rows or rows["as_usual"].isna().all()


def test_a_day_in_the_tick_of_a_case_never_changes_the_day_of_its_beginning(tmp_path):
    rows, outcome = leads(tmp_path, types(如常_6="7日", 如常_5="√"))
    assert list(rows["lead_no"]) == ["XS1"]
    assert [rule for _, rule, _ in outcome.problems] == ["tick_unclear"]
