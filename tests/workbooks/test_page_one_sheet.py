"""Page one as it is drawn: message, tiles, findings with owner and day, charts from nought, and the sheet of causes."""

import dataclasses
import datetime as dt

import pandas as pd
import pytest
from helpers_workbooks import read_back, written
from report_builder import forecast_frame, region_report

from pipeline.contract.page_one import Contributions, Fact, PageFinding, PageOne, Part
from pipeline.words import load_words
from pipeline.workbooks.blocks import Chart, ChartRow, EvidenceList, Headline, Tiles
from pipeline.workbooks.page_charts import round_up
from pipeline.workbooks.page_tables import shortened, step_bars
from pipeline.workbooks.region import plan_region
from pipeline.workbooks.view import View
from pipeline.workbooks.write import sheet_of

YUAN = 10_000  # ten-thousandths
TARGET = Contributions(
    "manager", "target", "amount",
    (Part("M001", "王建国", 400_000 * YUAN, 480_000 * YUAN), Part("M002", "李秀英", 520_000 * YUAN, 500_000 * YUAN)),
)  # fmt: skip
PREVIOUS = Contributions(
    "manager", "previous", "amount",
    (Part("M001", "王建国", 400_000 * YUAN, 450_000 * YUAN), Part("M002", "李秀英", 520_000 * YUAN, 500_000 * YUAN)),
)  # fmt: skip
FACTS = (Fact("销售额与任务差", 6.0, "万元", 2, "6.00万元"), Fact("王建国差任务", 8.0, "万元", 2, "8.00万元"))
FINDING = PageFinding(
    theme="target",
    what="销售额差任务6.00万元",
    since="本月开始",
    cause="王建国差8.00万元。",
    todo="每周对进度",
    owner="王建国",
    due=dt.date(2024, 7, 19),
    weight=6.0,
    sheet="why",
    facts=FACTS,
)
PAGE = PageOne(
    headline="6月销售额92.00万元，差任务6.00万元；王建国差8.00",
    findings=(FINDING,),
    singles="单户单件：不守法经营1户，见“走访违规”。",
    contributions=(TARGET, PREVIOUS),
    facts=FACTS,
)


@pytest.fixture(scope="module")
def plan():
    axes = {"amount.target": 400_000.0, "amount.previous": 130_000.0}
    return plan_region(region_report(page_one=PAGE, axes=axes, forecast=forecast_frame("region", "R01")))


def first(plan, kind):
    return next(block for block in sheet_of(plan, "overview").blocks if isinstance(block, kind))


def charts(plan):
    rows = [block for block in sheet_of(plan, "overview").blocks if isinstance(block, ChartRow)]
    return [chart for row in rows for chart in row.charts]


def test_page_one_begins_with_its_message(plan):
    assert isinstance(sheet_of(plan, "overview").blocks[0], Headline)
    assert first(plan, Headline).text == PAGE.headline


def test_a_finding_says_what_why_what_to_do_by_whom_until_when_and_leads_to_its_sheet(plan):
    told, single = first(plan, EvidenceList).items
    assert (told.severity, told.text) == ("1【任务】", "销售额差任务6.00万元（本月开始）")
    assert (told.cause, told.advice) == ("王建国差8.00万元。", "每周对进度；王建国，7月19日前。")
    assert told.link is not None and told.link.sheet == "why"
    assert single.text == PAGE.singles


def test_contributions_on_the_sheet_of_causes_add_up_to_their_total(plan):
    table = next(one for one in sheet_of(plan, "why").tables() if one.name == "why_manager_target")
    change = table.position("change")
    assert [round(row[change].value, 2) for row in table.rows] == [-8.0, 2.0]
    assert round(table.summary[change].value, 2) == -6.0
    assert table.rows[0][table.position("loss_share")] == 100.0  # of 80,000 lost, of 49 % of the target
    assert round(table.rows[0][table.position("base_share")], 1) == 49.0


def test_every_number_of_the_findings_stands_on_the_sheet_of_causes(plan):
    table = next(one for one in sheet_of(plan, "why").tables() if one.name == "why_facts")
    assert [(row[0], row[1].value, row[2]) for row in table.rows] == [
        ("销售额与任务差", 6.0, "万元"), ("王建国差任务", 8.0, "万元"),
    ]  # fmt: skip


def test_bars_begin_at_nought_and_reach_as_far_in_every_region(plan):
    bars = [chart for chart in charts(plan) if chart.kind == "bar"]
    # 13 and 40 in ten thousands of yuan, rounded up
    assert [(chart.least, chart.most) for chart in bars] == [(-15.0, 15.0), (-40.0, 40.0)]
    assert all(chart.least == 0 for chart in charts(plan) if chart.kind == "column")


def test_titles_of_charts_say_the_message(plan):
    titles = [chart.title for chart in charts(plan)]
    assert titles[:2] == ["环比-3.00，王建国-5.00最多", "2个客户经理中1个差任务"]


def test_an_axis_that_would_cut_a_bar_is_left_to_the_program():
    report = region_report(
        page_one=PAGE, axes={"amount.target": 10_000.0}, forecast=forecast_frame("region", "R01")
    )
    variance = [chart for chart in charts(plan_region(report)) if chart.kind == "bar"][1]
    assert (variance.least, variance.most) == (None, None)


@pytest.mark.parametrize(
    ("more", "axes", "axis"),
    [
        (1, 0.0, (-1.0, 1.0, 1.0)),  # one case more: -1, 0, 1
        (2, 0.0, (-2.0, 2.0, 1.0)),
        (2, 2.4, (-3.0, 3.0, 1.0)),  # another region has 2.4 more, like with like
        (7, 0.0, (-8.0, 8.0, 2.0)),
        (35, 0.0, (-40.0, 40.0, None)),  # the program's steps are whole by themselves
    ],
)
def test_an_axis_of_what_is_counted_has_whole_numbers(more, axes, axis):
    parts = (Part("M001", "王建国", (more + 1) * YUAN, YUAN), Part("M002", "李秀英", YUAN, YUAN))
    cases = Contributions("manager", "target", "complaints", parts)
    report = region_report(
        page_one=dataclasses.replace(PAGE, contributions=(cases,)),
        axes={"complaints.target": axes} if axes else {},
    )
    (bars,) = [chart for chart in charts(plan_region(report)) if chart.kind == "bar"]
    assert ((bars.least, bars.most, bars.step), bars.number_format) == (axis, "#,##0")


def test_where_nobody_is_short_the_title_says_so():
    better = tuple(dataclasses.replace(part, now=part.base + YUAN) for part in TARGET.parts)
    report = region_report(
        page_one=dataclasses.replace(PAGE, contributions=(dataclasses.replace(TARGET, parts=better),))
    )
    (bars,) = [chart for chart in charts(plan_region(report)) if chart.kind == "bar"]
    assert bars.title == "2个客户经理全部完成任务"


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_period_speaks_of_no_month_where_everybody_reached_what_was_before(language):
    told = load_words(language).told_of("period")
    said = [told(f"workbooks.first.{one}", short=0, count=2, kind="") for one in ("all_last_year", "all_previous")]
    assert not [one for one in said if "月" in one or "month" in one]


def test_a_month_without_a_page_keeps_its_sentences():
    plan = plan_region(region_report())
    kinds = {type(block) for block in sheet_of(plan, "overview").blocks}
    assert Headline not in kinds and not [sheet for sheet in plan.sheets if sheet.key == "why"]


@pytest.mark.parametrize(
    "start, end, bars",
    [
        (0, -50, (0, 0, 0, 0, -50, 0, 0)),
        (-50, -30, (-50 + 20, 0, -20, 0, 0, 0, 0)),
        (-30, 20, (0, 20, -30, 0, 0, 0, 0)),  # through nought: a part on either side
        (20, 60, (20, 40, 0, 0, 0, 0, 0)),
        (60, 10, (10, 0, 0, 50, 0, 0, 0)),
    ],
)
def test_a_step_of_the_waterfall_hangs_where_the_last_one_ended(start, end, bars):
    assert step_bars(start, end, is_total=False) == bars


def test_the_last_step_is_the_whole_from_nought():
    assert step_bars(0, -30, is_total=True) == (0, 0, 0, 0, 0, 0, -30)


def test_of_many_products_five_each_way_are_named_and_the_others_still_add_up():
    parts = tuple(Part(f"P{n}", f"P{n}", (100 + n) * YUAN, 106 * YUAN) for n in range(13))
    told = Contributions("product", "last_year", "amount", parts)
    shown = shortened(View(region_report()), told)
    assert [part.key for part in shown] == ["P0", "P1", "P2", "P3", "P4", "", "P8", "P9", "P10", "P11", "P12"]
    assert sum(part.change for part in shown) == told.change == 0
    assert shown[5].change == (-1 + 0 + 1) * YUAN


@pytest.mark.parametrize(
    "value, end", [(13.0, 15.0), (104.0, 120.0), (0.7, 0.8), (40.0, 40.0), (8.1, 10.0), (99.0, 100.0)]
)
def test_axes_end_at_round_numbers(value, end):
    assert round_up(value) == pytest.approx(end)


def test_page_one_can_be_opened_and_its_charts_are_native(plan):
    sheet = read_back(written(plan))["概览"]
    assert sheet["A4"].value == PAGE.headline
    assert len(sheet._charts) == len(charts(plan)) >= 3


def test_small_counts_show_on_how_many_they_rest():
    report = region_report(page_one=PAGE, forecast=forecast_frame("region", "R01"))
    metrics = report.metrics.copy()
    few = (metrics["figure"] == "on_time_rate") & (metrics["level"] == "region")
    metrics.loc[few, ["denominator", "rank"]] = [8.0, None]
    tiles = first(plan_region(dataclasses.replace(report, metrics=metrics)), Tiles).tiles
    small = next(tile for tile in tiles if tile.label.text.startswith("办结及时率"))
    assert (small.value.tone, small.rank) == ("muted", "n=8")


def test_a_table_of_one_part_draws_no_bars():
    alone = Contributions("manager", "target", "amount", (Part("M001", "王建国", YUAN, 2 * YUAN),))
    report = region_report(page_one=dataclasses.replace(PAGE, contributions=(alone,)))
    assert not [chart for chart in charts(plan_region(report)) if isinstance(chart, Chart) and chart.kind == "bar"]
    assert next(iter(sheet_of(plan_region(report), "why").tables())).name == "why_manager_target"


def test_the_year_is_held_against_the_targets_of_its_twelve_months():
    report = region_report(page_one=PAGE, forecast=forecast_frame("region", "R01"))
    metrics = report.metrics.copy()
    metrics.loc[(metrics["figure"] == "amount") & (metrics["level"] == "region"), "ytd"] = 6_000_000.0
    year = pd.DataFrame(
        [("region", "R01", "amount", 15_000_000.0)], columns=["level", "entity_id", "figure", "target"]
    )
    plan = plan_region(
        dataclasses.replace(report, metrics=metrics, details={**report.details, "year_targets": year})
    )
    amount = next(tile for tile in first(plan, Tiles).tiles if tile.label.text.startswith("销售额"))
    assert amount.year == pytest.approx(40.0)
    table = next(one for one in sheet_of(plan, "why").tables() if one.name == "why_year")
    assert [cell.value if hasattr(cell, "value") else cell for cell in table.rows[0]] == [
        "销售额（万元）",
        1500.0,
        600.0,
        40.0,
    ]
