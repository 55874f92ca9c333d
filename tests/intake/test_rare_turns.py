"""What is rarely met in a cell, a code, a row or an export, and decided all the same; values worked out by hand."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from pipeline.base.calendar import Month
from pipeline.contract.exports import Export
from pipeline.contract.master_data import context_of
from pipeline.contract.problem import Problem
from pipeline.contract.trade import load_profile
from pipeline.intake.broken_rules import _rule_of_check
from pipeline.intake.cell_problems import MOST_CELLS, row_of
from pipeline.intake.check import check_rows
from pipeline.intake.codes import Codes
from pipeline.intake.days import read_day, read_month
from pipeline.intake.export import match_export
from pipeline.intake.match import _differs, _match_sheet, read_cover
from pipeline.intake.nearest import Nearest
from pipeline.intake.not_data import Sheet, rows_not_data
from pipeline.intake.number_forms import number_reader
from pipeline.intake.rate_targets import settle_targets
from pipeline.intake.raw import Cell, RawBook, RawSheet, UncalculatedFormula
from pipeline.intake.reading import Manner, Reading
from pipeline.intake.repeated_rows import repeated_rows
from pipeline.intake.settled import settle_table
from pipeline.intake.table import SHEET_SPAN, Table
from schemas.columns import Column
from schemas.form import all_forms
from schemas.lookup import Lookup

FORMS = all_forms()
JUNE = Month(2024, 6)
PROFILE = load_profile("tobacco")
N = None

# ── days ──


@pytest.mark.parametrize(
    ("cell", "day"),
    [
        (dt.date(2024, 6, 3), 3),
        (dt.datetime(2024, 6, 3, 15, 30, tzinfo=dt.UTC), 3),
        (dt.datetime(2024, 6, 3, 16, 30, tzinfo=dt.UTC), None),  # 00:30 here, of the next
        ("2024-06-03 12:30 AM -09:00", 3),  # half past midnight there is 17:30 here, of the same day
        ("2024-06-03 12:30 PM -09:00", None),  # half past noon there is 05:30 here, of the next
        ("2024-06-03 5:00 PM Z", None),  # 17:00 is 01:00 here, of the next
        ("2024-06-03 3:30 PM Z", 3),  # 15:30 is 23:30 here
        ("2024-06-03 下午3:30", 3),
        ("2024-06-03 凌晨12:30", 3),
        ("2024-06-03 25:00", None),
    ],
)
def test_a_day_with_a_time_is_that_day_where_here_it_is_the_same(cell: Cell, day: int | None) -> None:
    assert read_day(cell).value == (None if day is None else dt.datetime(2024, 6, day))


def test_a_book_that_counts_from_1904_counts_1462_days_less() -> None:
    """45,444 is 1 June 2024 where 1900 is counted from; 45,444 − 1,462 = 43,982."""
    assert read_day(45_444.0).value == read_day(43_982.0, Manner(dates_1904=True)).value == dt.datetime(2024, 6, 1)
    assert read_month(43_982.0, Manner(dates_1904=True)).value == "2024-06"


@pytest.mark.parametrize(
    ("serial", "day"),
    [
        (36_525.0, None),
        (36_526.0, dt.datetime(2000, 1, 1)),
        (73_415.0, dt.datetime(2100, 12, 31)),
        (73_416.0, None),
    ],
)
def test_a_number_is_a_day_from_2000_to_2100(serial: float, day: dt.datetime | None) -> None:
    assert read_day(serial).value == day
    assert read_month(serial).value == (None if day is None else f"{day:%Y-%m}")


# ── numbers ──


def test_no_number_is_infinite() -> None:
    read = number_reader("条", whole=False)
    for cell in (float("inf"), float("-inf"), float("nan")):
        assert read(cell) == Reading(None, "number", kept=False)
    assert number_reader("条", whole=True)(float("inf")).rule == "whole"


@pytest.mark.parametrize(
    ("text", "number"),
    [("(12)", -12.0), ("(¥12)", -12.0), ("(12元)", -12.0), ("(12", None), ("12)", None), ("(¥12", None),
     ("-(12)", None), ("¥-12", -12.0), ("-¥12", -12.0), ("12-", -12.0), ("-12-", None)],
)  # fmt: skip
def test_brackets_are_less_than_nothing_only_where_both_stand_and_no_other_sign_does(
    text: str, number: float | None
) -> None:
    assert number_reader("元", whole=False)(text).value == number


# ── codes ──


def codes(**columns: Sequence[str | None]) -> Codes:
    return Codes(
        Lookup(pd.DataFrame({name: pd.Series(list(cells), dtype="str") for name, cells in columns.items()}))
    )


def test_codes_have_names_where_the_second_column_holds_some() -> None:
    named = codes(customer_id=["C1", "C2"], customer_name=["便民店", None])
    assert (named.name("C1"), named.name("C2"), named.name("C9")) == ("便民店", "", "")
    assert named.by_name == {"便民店": ["C1"]}
    assert codes(customer_id=["C1"], grade=["1"]).names == codes(customer_id=["C1"]).names == {}


def test_codes_have_owners_where_the_master_data_tell_whose_they_are() -> None:
    owned = codes(customer_id=["C1", "C2", "C3"], customer_name=["a", "b", "c"], manager_id=["M1", None, "M1"])
    assert owned.by_owner == {"M1": ["C1", "C3"]}
    assert codes(manager_id=["M1"], manager_name=["李明"]).by_owner == {}
    assert codes(product_id=["P1"], product_name=["烟"]).by_owner == {}


@pytest.mark.parametrize("text", ["", "E", "3.0101", "3.0101E", "3.0101E-5", "abcE+11", "3.01.x1E+11"])
def test_what_is_no_rounded_number_is_no_code(text: str) -> None:
    assert codes(customer_id=["301010000001"]).rounded_to(text) == []


def test_of_rounded_codes_no_more_than_two_are_named() -> None:
    many = codes(customer_id=["301011000001", "301012000002", "301013000003", "030101400000", "401011000001"])
    assert many.rounded_to("3.0101E+11") == ["301011000001", "301012000002"]
    assert many.rounded_to("4.0101E+11") == ["401011000001"]
    assert many.rounded_to("3.01014E10") == ["030101400000"]  # the zero in front counts for nothing


@pytest.mark.parametrize(("many", "found"), [(500, ["301019999999"]), (501, [])])
def test_among_more_than_five_hundred_codes_with_the_same_first_digits_none_is_looked_for(
    many: int, found: list[str]
) -> None:
    others = [f"1{number:011d}" for number in range(400)]
    alike = [f"3010{number:08d}" for number in range(many - 1)]
    assert codes(customer_id=[*others, *alike, "301019999999"]).rounded_to("3.0102E+11") == found


def test_zeros_lost_in_front_make_a_code_shorter() -> None:
    padded = codes(customer_id=["301", "0301", "00301", "X301"])
    assert padded.without_zeros("301") == ["0301", "00301"]
    assert padded.without_zeros("0301") == ["00301"]
    assert padded.without_zeros("X301") == padded.without_zeros("³01") == []


@pytest.mark.parametrize(
    ("typed", "likelier", "other"),
    [
        ("BC", "BBC", "ABC"),  # a letter typed once instead of twice, before one left out
        ("AAXB", "AXB", "AAX"),  # a letter typed twice, before another one too many
        ("AB1", "A1B", "AB0"),  # neighbours swapped, before another letter
        ("XO1", "X01", "XA1"),  # a letter that looks alike, before one that does not
        ("XA1", "XS1", "XP1"),  # a key beside it, before one far off
    ],
)
def test_the_likelier_slip_is_suggested_first(typed: str, likelier: str, other: str) -> None:
    for order in ([likelier, other], [other, likelier]):
        assert dict(Nearest(codes(customer_id=order)).hint(typed))["code"] == likelier


def test_nothing_is_near_to_an_empty_cell_or_to_a_whole_sentence() -> None:
    nearest = Nearest(codes(customer_id=["C1", "C2" * 32], customer_name=["甲", "乙"]))
    assert nearest.hint("") == nearest.hint(" ") == ()
    assert dict(nearest.hint("C2" * 32 + "x")) == {}  # 65 letters
    assert dict(nearest.hint("C2" * 31 + "C"))["code"] == "C2" * 32
    assert Nearest(codes(customer_id=[])).hint("C1") == ()


def test_of_the_senders_own_codes_one_that_differs_in_two_letters_may_be_meant() -> None:
    own = ["030101100042", "030101200077", "C1"]
    nearest = Nearest(codes(customer_id=own, customer_name=["甲", "乙", "丙"]))
    assert nearest.hint("030191190042", own) == (("cause", "two_off"), ("code", "030101100042"), ("name", "甲"))
    assert nearest.hint("030191190042") == ()  # somebody else's are too many
    assert nearest.hint("030191199042", own) == ()  # three letters
    both = Nearest(codes(customer_id=["111100", "111199"], customer_name=["甲", "乙"]))
    assert both.hint("111155", ["111100", "111199"]) == ()  # either may be meant
    assert nearest.hint("D2", ["C1"]) == ()  # of so few letters two are all


# ── rules over rows ──


def sales(count: int, **columns: Cell) -> Table:
    names = [column.name for column in FORMS["sales"].columns]
    usual: dict[str, Cell] = {"order_date": "2024-06-03", "customer_id": "C1", "product_id": "P1", "ordered_qty": 60.0,
                              "sold_qty": 50.0, "amount": 6000.0, "closing_stock": 20.0}  # fmt: skip
    cells = {name: [columns.get(name, usual.get(name))] * count for name in names}
    letters = {name: chr(ord("B") + place) for place, name in enumerate(names)}
    return Table(FORMS["sales"], "表", range(5, 5 + count), cells, letters, typeless=True)


CONTEXT = context_of(JUNE, {}, PROFILE)


def test_one_rule_broken_in_two_columns_lists_its_first_thousand_cells_in_the_order_of_rows() -> None:
    """600 rows with two bad cells each are 1,200: listed are rows 5 to 504, and 200 are counted."""
    settled = settle_table(sales(600, ordered_qty="x", sold_qty="x"), CONTEXT)
    listed = [one for one in settled.problems if one.rule == "whole"]
    assert (len(listed), listed[0].cell, listed[-1].cell) == (MOST_CELLS, "E5", "F504")
    (more,) = (one for one in settled.remarks if one.rule == "more_cells")
    assert {"rule": "whole", "count": "200", "listed": "1000"}.items() <= dict(more.details).items()


@pytest.mark.parametrize(("rows", "counted"), [(1001, []), (1002, ["1"])])
def test_of_rows_that_are_there_twice_the_first_thousand_are_listed(rows: int, counted: list[str]) -> None:
    """Of equal rows the first counts: the 1,001st of them is the 1,000th that is left out."""
    checked = check_rows(settle_table(sales(rows), CONTEXT), CONTEXT)
    assert len(checked.accepted) == 1
    assert sum(one.rule == "equal_row" for one in checked.problems) == 1_000
    assert [dict(one.details)["count"] for one in checked.problems if one.rule == "more_cells"] == counted


def test_a_problem_is_of_the_row_of_its_cell_and_of_none_without_a_cell() -> None:
    table = replace(sales(2), further=(("表2", {}),))
    places = (("表", "AB12"), ("表2", "C6"), ("表", ""), ("表2", ""), ("", "A7"))
    rows = [row_of(Problem("whole", "row left out", sheet=sheet, cell=cell), table) for sheet, cell in places]
    assert rows == [12, SHEET_SPAN + 6, 0, 0, 7]


def test_rows_of_a_form_without_a_key_are_never_there_twice() -> None:
    table = sales(2)
    rows = settle_table(table, CONTEXT).rows
    assert repeated_rows(table, rows.drop(columns=list(FORMS["sales"].same))) == {}
    assert list(repeated_rows(table, rows)) == [6]


@pytest.mark.parametrize(
    ("check", "rule"),
    [("not_nullable", "required"), ("str_length(None, 64)", "too_long"), ("less_than_or_equal_to(100)", "limits"),
     ("greater_than(0)", "limits"), ("isin(['a'])", "type")],
)  # fmt: skip
def test_checks_of_pandera_have_names_of_ours_also_those_of_added_forms(check: str, rule: str) -> None:
    assert _rule_of_check(check) == rule


# ── rows that are no data ──

HEADING = ["日期", "客户", "品规", "数量", "金额"]
PLACES = {"order_date": 0, "customer_id": 1, "product_id": 2, "sold_qty": 3, "amount": 4}


def not_data(*rows: list[Cell]) -> dict[int, str]:
    return rows_not_data(Sheet(FORMS["sales"], rows, PLACES, HEADING, range(len(rows))))


def line(customer: str, cartons: int) -> list[Cell]:
    return ["2024-06-03", customer, "P1", cartons, cartons * 100]


def test_sums_without_a_word_begin_anew_below_a_subtotal_with_one() -> None:
    found = not_data(line("C1", 10), line("C2", 20), ["小计", N, N, 30, 3000], line("C1", 1), line("C2", 2),
                     [N, N, N, 3, 300], [N, N, N, 33, 3300], [N, N, N, 34, 3400])  # fmt: skip
    assert found == {2: "subtotal", 5: "total", 6: "total"}


def test_a_sum_of_all_others_may_stand_above_them() -> None:
    assert not_data([N, N, N, 33, 3300], line("C1", 10), line("C2", 23)) == {0: "total"}
    assert not_data([N, N, N, 33, 3300], line("C1", 10), line("C2", 22)) == {}


def test_a_sum_of_one_group_is_a_total() -> None:
    above = line("C1", 10), line("C2", 5), line("C1", 20)
    assert not_data(*above, [N, "C1", N, 30, 3000]) == not_data(*above, [N, "C1", N, N, 3000]) == {3: "total"}
    assert not_data(*above, [N, "C1", N, 30, 2999]) == not_data(*above, [N, "C2", N, 5, 500]) == {}


def test_what_has_no_number_or_only_noughts_is_no_sum() -> None:
    assert not_data(line("C1", 0), line("C2", 0), [N, N, N, 0, 0], [N, N, N, "若干", N]) == {}


def test_formulas_of_sums_that_nobody_worked_out_are_totals() -> None:
    total = UncalculatedFormula("=SUM(E1:E2)")
    assert not_data(line("C1", 10), [N, N, N, total, total]) == {1: "total"}
    assert not_data(line("C1", 10), [N, N, N, 11, total]) == {}
    assert not_data(line("C1", 10), [N, N, N, N, UncalculatedFormula("=E1*2")]) == {}


@pytest.mark.parametrize(("day", "customer", "kind"), [("2024-06-03", N, {0: "remark"}), ("2024-06-03", "C1", {}),
                                                       (N, N, {0: "remark"})])  # fmt: skip
def test_a_remark_where_half_of_what_a_row_must_have_is_not_there_is_no_data(
    day: Cell, customer: Cell, kind: dict[int, str]
) -> None:
    form, places = FORMS["satisfaction"], {"surveyed_on": 0, "customer_id": 1}
    row: list[Cell] = [day, customer, "说明：以上为抽样"]
    assert rows_not_data(Sheet(form, [row], places, ["日期", "客户", "备注"], [0])) == kind


def test_headings_that_stand_again_are_more_than_half_of_them() -> None:
    assert not_data(["日期", "客户", "品规", N, N]) == {0: "heading"}
    half = {"order_date": 0, "customer_id": 1, "product_id": 2, "amount": 4}
    rows: list[list[Cell]] = [["日期", "客户", "P1", N, 100]]
    assert rows_not_data(Sheet(FORMS["sales"], rows, half, HEADING, [0])) == {}
    two = {"customer_id": 1, "product_id": 2}
    assert rows_not_data(Sheet(FORMS["sales"], [[N, "客户", "品规"]], two, HEADING, [0])) == {0: "heading"}


def test_in_a_form_that_requires_nothing_headings_are_known_by_any_of_them() -> None:
    columns = tuple(replace(one, required=False) for one in FORMS["sales"].columns)
    form = replace(FORMS["sales"], columns=columns)
    rows: list[list[Cell]] = [["续表", "客户", "品规", "数量", "金额"], line("C1", 1), ["续表", N, N, N, N]]
    assert rows_not_data(Sheet(form, rows, PLACES, HEADING, range(3))) == {0: "heading"}


@pytest.mark.parametrize(
    ("cell", "kind"),
    [
        ("一一一一一一一一一一", {0: "remark"}),  # ten characters, the first of those that are Chinese
        ("一一一一一一一一一", {}),  # nine are a word
        ("鿿鿿鿿鿿鿿鿿鿿鿿鿿鿿", {0: "remark"}),
        ("退货。", {0: "remark"}),  # fewer, but a sentence
        ("returned goods are deducted", {0: "remark"}),
        ("ABC1234567890", {}),  # one word of another script is a code
        ("ABC1234,P002", {}),
    ],
)
def test_prose_is_a_sentence_in_an_otherwise_empty_row(cell: str, kind: dict[int, str]) -> None:
    assert not_data([cell, N, N, N, N]) == kind


def test_a_sale_without_its_day_is_no_total_though_it_is_as_much_as_all_others() -> None:
    assert not_data(line("C1", 10), line("C2", 20), [N, "C3", "P1", 30, 3000]) == {}


# ── covers, and which form a sheet is ──


def test_what_stands_on_the_cover_may_stand_a_few_cells_beside_its_label() -> None:
    rows: list[list[Cell]] = [["月报", N, N, N], ["客户经理编码", " ", "M001", N], ["客户经理姓名：", "李明", N, N],
                              ["月份", N, "2024-06", N]]  # fmt: skip
    found = read_cover(RawBook("xlsx", (RawSheet("封面", rows),)), FORMS)
    assert found is not None
    assert (found.manager_id, found.manager_name, found.month) == ("M001", "李明", JUNE)


@pytest.mark.parametrize(
    ("name", "headings", "form"),
    [
        ("销售", 2, "sales"),  # a sheet of the form's name needs two of its headings
        ("销售", 1, ""),
        ("Sheet1", 5, "sales"),  # another as many as the form requires
        ("Sheet1", 4, ""),
    ],
)
def test_a_sheet_is_of_the_form_that_its_name_or_enough_of_its_headings_say(
    name: str, headings: int, form: str
) -> None:
    names = ["订货日期", "客户编码", "品规编码", "销量(条)", "金额(元)"]
    monthly = {key: one for key, one in FORMS.items() if one.kind == "monthly"}
    found = _match_sheet(RawSheet(name, [["六月"], [*names[:headings], "别的"]]), monthly)
    assert found == ((FORMS[form], 1) if form else None)


# ── examples of the template ──


def test_an_example_row_was_overwritten_where_a_cell_is_not_the_examples_value() -> None:
    column = Column("sold_qty", "销量", "Sold", "whole", example="50")
    assert [_differs(cell, column) for cell in (None, "50", 50.0, "５０", 51.0, "abc")] == [
        False, False, False, False, True, True,
    ]  # fmt: skip
    both = replace(column, example_en="60")  # the English template has another example
    assert [_differs(cell, both) for cell in ("６０", "５０", "５５")] == [False, False, True]


# ── exports ──

EXPORT = Export(
    files="*", form="sales", times={"amount": 10_000.0},
    columns={"manager_id": "经理", "order_date": "日期", "customer_id": "客户", "product_id": "品规",
             "sold_qty": "数量", "amount": "万元"},
)  # fmt: skip
HEADS: list[Cell] = ["经理", "日期", "客户", "品规", "数量", "万元", "旁注"]
ORDER: list[Cell] = ["M1", "2024-06-03", "C1", "P1", 10.0, 0.1, N]


def test_a_hidden_sheet_beside_others_is_passed_over_and_told_where_it_seems_to_hold_data() -> None:
    hidden = RawSheet("旧", [HEADS, ORDER], visible=False)
    found = match_export(RawBook("xlsx", (RawSheet("新", [HEADS, ORDER]), hidden)), EXPORT, FORMS["sales"])
    assert found.table is not None
    assert (found.table.sheets, [(one.rule, one.sheet) for one in found.problems]) == (
        ("新",),
        [("export_sheet_hidden", "旧")],
    )
    alone = match_export(RawBook("xlsx", (hidden,)), EXPORT, FORMS["sales"]).table
    assert alone is not None
    assert alone.sheets == ("旧",)


def test_what_stands_only_beside_the_columns_is_a_remark_and_what_is_no_number_is_not_multiplied() -> None:
    rows = [HEADS, ORDER, [N, N, N, N, N, N, "请核对"], [*ORDER[:5], "一点", N], [*ORDER[:5], "0.29", N]]
    table = match_export(RawBook("xlsx", (RawSheet("新", rows),)), EXPORT, FORMS["sales"]).table
    assert table is not None
    assert (list(table.rows), dict(table.not_data)) == ([2, 4, 5], {3: "remark"})
    assert table.cells["amount"] == [1000.0, "一点", 2900.0]


# ── targets ──

NAMES = [("coverage", "拜访覆盖率", "Visit coverage", "higher"), ("volume", "销量", "Volume", "")]


def targets(
    *rows: tuple[Cell, Cell, Cell], masters: dict[str, pd.DataFrame]
) -> tuple[list[tuple[object, ...]], list[str]]:
    """Metric, entity and target of each row as settled, and what is told."""
    cells: dict[str, list[Cell]] = {
        "month": ["2024-06"] * len(rows), "level": ["region"] * len(rows),
        "metric": [row[0] for row in rows], "entity_id": [row[1] for row in rows], "target": [row[2] for row in rows],
    }  # fmt: skip
    letters = {name: chr(65 + place) for place, name in enumerate(cells)}
    table = Table(FORMS["targets"], "目标", range(5, 5 + len(rows)), cells, letters)
    settled = settle_targets(table, context_of(JUNE, masters, PROFILE), NAMES)
    frame = settled.rows[["metric", "entity_id", "target"]].astype("object").replace({np.nan: None})
    return [tuple(row) for row in frame.itertuples(index=False)], [one.rule for one in settled.problems]


REGIONS = {"regions": pd.DataFrame({"region_id": ["R01", "r02"], "region_name": ["一", "二"]}, dtype="str")}


def test_a_figure_is_known_by_its_name_however_it_is_typed() -> None:
    rows, told = targets(("拜访覆盖率", "R01", 95.0), ("ＶＩＳＩＴ coverage", "R01", 0.95), ("利润", "R01", 1.0),
                         masters=REGIONS)  # fmt: skip
    assert [row[::2] for row in rows] == [("拜访覆盖率", 95.0), ("VISIT coverage", 95.0), ("利润", 1.0)]
    assert told == ["rate_was_share", "unknown_metric"]


def test_a_target_of_no_rate_or_without_a_number_is_left_alone() -> None:
    rows, told = targets(("销量", "R01", 0.95), ("拜访覆盖率", "R01", N), (N, "R01", 3.0), masters=REGIONS)
    assert rows[0] == ("销量", "R01", 0.95)
    assert "rate_was_share" not in told and "unknown_metric" not in told


def test_whose_a_target_is_is_read_as_it_is_meant_and_told_where_nobody_has_that_code() -> None:
    typed = "r01", "R01", "R99", N, "/"
    rows, told = targets(*(("销量", entity, 1.0) for entity in typed), masters=REGIONS)
    assert [row[1] for row in rows[:3]] == ["R01", "R01", "R99"]
    assert [rule for rule in told if rule != "nothing_typed"] == ["code_case", "unknown_entity"]
    assert [rule for rule in targets(("销量", "R99", 1.0), masters={})[1] if rule.startswith("unknown")] == []
