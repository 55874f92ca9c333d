"""Which column of an export a heading of the settings means: the one of just that name, never one of two that fit."""

import pytest
from take_in_builder import Outcome, take_file

from pipeline.contract.exports import Export
from pipeline.contract.settings import settings_from
from pipeline.intake.headed import headed
from pipeline.intake.headings import find_heading
from pipeline.intake.raw import RawSheet

MAPPED = {
    "manager_id": "业务员", "order_date": "日期", "customer_id": "客户", "product_id": "品规", "sold_qty": "数量",
    "amount": "金额",
}  # fmt: skip
FIRST = ["业务员", "日期", "客户", "品规"]
ROW = ["M001", "2024-06-03", "030101", "P002"]


@pytest.mark.parametrize(
    ("text", "row", "place"),
    [
        ("销量(本月)", ["销量(上月)", "销量(本月)"], 1),
        ("销量（本月）", ["销量(上月)", "销量(本月)"], 1),
        ("销量(条)", ["销量（条）", "销量(条)"], 1),
        ("销量 (本月)", ["销量(上月)", "销量\n(本月)*"], 1),
        ("Qty", ["qty (12)", "QTY"], 1),
        ("数量", ["数量(条)", "数量"], 1),
        ("数量", ["金额", "数量（条）"], 1),
        ("数量(条)", ["金额", "数 量"], 1),
        ("数量", ["金额", "\u200b数量\u00a0"], 1),
        ("数量#2", ["数量", "金额", "数量"], 2),
        ("数量 ＃2", ["数量", "金额", "数量 "], 2),
        ("数量#2", ["数量", "数量", "数量#2"], 2),
        ("数量#2", ["数量(箱)", "数量(条)"], 1),
        ("C#", ["C", "C#"], 1),
        ("2024", ["2023", 2024.0], 1),
    ],
)
def test_a_heading_is_the_column_called_so_before_one_that_is_called_alike(text, row, place):
    assert find_heading(row, text).place == place


@pytest.mark.parametrize(
    ("text", "row", "why"),
    [
        ("数量", ["数量", "数量"], "twice"),
        ("数量", ["数量", "数量 \u200b"], "twice"),
        ("数量(条)", ["数量（条)", "数量(条）"], "twice"),
        ("销量", ["销量(本月)", "销量(上月)"], "unclear"),
        ("数量#3", ["数量", "数量"], "missing"),
        ("数量#2", ["数量"], "missing"),
        ("数量#0", ["数量"], "missing"),
        ("销量(箱)", ["销量(条)"], "missing"),
        ("(条)", ["(箱)", "条"], "missing"),
    ],
)
def test_a_heading_of_which_several_fit_or_none_is_no_column(text, row, why):
    assert (find_heading(row, text).place, find_heading(row, text).why) == (None, why)


def test_a_row_in_which_every_heading_is_clear_goes_before_one_with_a_group_over_two_columns():
    rows = [["客户", "销量", "销量"], ["客户", "销量", "去年"]]
    export = Export(files="*", form="sales", columns={})
    assert [one.first for one in headed(RawSheet("S", [*rows]), ["客户", "销量"], export)] == [1]
    assert [one.first for one in headed(RawSheet("S", rows[:1]), ["客户", "销量"], export)] == [0]


def taken(folder, *lines: list[object], **columns: str) -> Outcome:
    mapped = {"files": "*.csv", "form": "sales", "columns": {**MAPPED, **columns}}
    text = "\n".join(",".join(map(str, line)) for line in lines)
    return take_file(folder, text.encode("utf-8-sig"), "订单.csv", settings=settings_from({"exports": [mapped]}))


def quantities(outcome: Outcome) -> list[int]:
    return [int(value) for value in outcome.rows("sales")["sold_qty"]]


def test_headings_that_differ_in_brackets_only_are_told_apart(tmp_path):
    lines = [[*FIRST, "销量(上月)", "销量(本月)", "金额"], [*ROW, 7, 50, 6000]]
    assert quantities(taken(tmp_path, *lines, sold_qty="销量(本月)")) == [50]
    assert quantities(taken(tmp_path, *lines, sold_qty="销量(上月)")) == [7]


def test_the_second_of_equal_headings_can_be_named(tmp_path):
    lines = [[*FIRST, "数量", "数量", "金额"], [*ROW, 20, 50, 6000]]
    assert quantities(taken(tmp_path, *lines, sold_qty="数量#2")) == [50]
    assert quantities(taken(tmp_path, *lines, sold_qty="数量#1")) == [20]


def test_equal_headings_that_the_mapping_does_not_use_do_not_matter(tmp_path):
    lines = [[*FIRST, "备注", "备注", "数量", "金额"], [*ROW, "a", "b", 50, 6000]]
    assert quantities(taken(tmp_path, *lines)) == [50]


@pytest.mark.parametrize(
    ("headings", "rule", "said"),
    [
        (["数量", "数量"], "settings_heading_twice", ["columns.sold_qty", '"数量#1"、"数量#2"']),
        (
            ["数量(本月)", "数量(上月)"],
            "settings_heading_unclear",
            ["columns.sold_qty", '"数量(本月)"、"数量(上月)"'],
        ),
    ],
)
def test_a_heading_that_could_be_two_columns_is_a_fault_of_the_settings(tmp_path, headings, rule, said):
    outcome = taken(tmp_path, [*FIRST, *headings, "金额"], [*ROW, 20, 50, 6000])
    (problem,) = [one for one in outcome.taken.problems if one.effect == "form left out"]
    details = dict(problem.details)
    assert problem.rule == rule
    assert [details["setting"], details["named"]] == said
    assert details["headings"] == "、".join([*FIRST, *headings, "金额"])


def test_a_heading_in_another_unit_needs_a_factor(tmp_path):
    lines = [[*FIRST, "数量", "金额(万元)"], [*ROW, 50, 0.6]]
    assert "settings_heading_unit" in [one.rule for one in taken(tmp_path, *lines).taken.problems]
    above = [["订单明细 单位：万元", *[""] * 5], [*FIRST, "数量", "金额"], [*ROW, 50, 0.6]]
    assert "settings_heading_unit" in [one.rule for one in taken(tmp_path, *above).taken.problems]
    company = [["填报单位：城东公司", *[""] * 5], [*FIRST, "数量", "金额"], [*ROW, 50, 6000]]
    assert quantities(taken(tmp_path, *company)) == [50]
