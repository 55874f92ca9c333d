"""The themes of page one, each by hand: what, how much, since when, why, what to do, by whom, until when."""

import datetime as dt

import pandas as pd
import pytest
from page_builder import brands, page, sales

from pipeline.contract.page_one import PageFinding
from pipeline.contract.page_text import finding_text, page_texts
from pipeline.findings.page_axes import page_axes
from pipeline.findings.page_one import LEAST_FINDINGS, MOST_FINDINGS, chosen, page_one
from pipeline.findings.theme_of_forecast import forecast
from pipeline.subjects.actions.themes import actions
from pipeline.subjects.complaints.themes import complaints
from pipeline.subjects.sales.customers_theme import customers
from pipeline.subjects.sales.themes import growth, structure, target
from pipeline.subjects.satisfaction.themes import satisfaction
from pipeline.subjects.visits.themes import visits
from pipeline.words import load_words

ZH = load_words("zh")
SOON, MONTH = dt.date(2024, 7, 10), dt.date(2024, 7, 19)


def rate(value: float, numerator: float, denominator: float, **more: float) -> dict[str, float]:
    return {"value": value, "numerator": numerator, "denominator": denominator, "n": denominator, **more}


def test_a_missed_target_names_whose_gap_it_is_and_since_when() -> None:
    given = {
        ("R1", "amount"): sales(900_000, 1_000_000, 950_000),
        ("M1", "amount"): sales(400_000, 480_000),
        ("M2", "amount"): sales(500_000, 520_000),
    }
    # June and May are below last year's, April is not.
    last_year = {"04": 1_000_000.0, "05": 990_000.0, "06": 950_000.0}
    year_before = [None] * 10 + [last_year["04"], last_year["05"], last_year["06"]]
    months = [*year_before, *[None] * 9, 2_000_000.0, 970_000.0]
    found = target(page(given, history={"amount": months}))
    assert found is not None
    assert found.what == "销售额差任务10.00万元，完成90.0%"
    assert found.since == "连续2个月低于上年同月"
    # 80,000 of 100,000 short, of 48 % of the target
    assert found.cause == "胡明差8.00万元，占差额合计的80.0%（任务占48.0%）。"
    assert (found.owner, found.due, found.weight) == ("胡明", MONTH, pytest.approx(10))


def test_a_gap_that_everybody_shares_has_no_cause_and_the_regional_manager_owns_it() -> None:
    given = {
        ("R1", "amount"): sales(900_000, 1_000_000),
        ("M1", "amount"): sales(450_000, 500_000),
        ("M2", "amount"): sales(450_000, 500_000),
    }
    found = target(page(given))
    assert found is not None and (found.cause, found.owner) == (
        "分散在各处，没有谁特别突出。",
        "区域市场经理",
    )


def test_a_target_that_is_met_asks_for_nothing() -> None:
    found = target(page({("R1", "amount"): sales(1_020_000, 1_000_000)}))
    assert found is not None and found.is_good and (found.owner, found.due) == ("", None)
    assert found.what == "销售额超任务2.00万元，完成102.0%"


def test_without_a_target_a_fall_beyond_the_usual_is_told() -> None:
    given = {
        ("R1", "amount"): sales(900_000, None, 1_000_000),
        ("M1", "amount"): sales(400_000, None, 500_000),
        ("M2", "amount"): sales(500_000, None, 500_000),
    }
    found = growth(page(given))
    assert found is not None and found.what == "销售额同比减10.00万元（10.0%）"
    assert found.cause == "胡明减10.00万元，占减少合计的100.0%（对比月占50.0%）。"
    swings = [1_000_000.0, 850_000, 1_000_000, 850_000, 1_000_000, 850_000, 1_000_000, 850_000, 1_000_000, 850_000,
              1_000_000, 950_000]  # fmt: skip
    given["R1", "amount"]["previous_comparable"] = 950_000.0  # 50,000 less than in May: less than most months
    assert growth(page(given, history={"amount": swings})) is None


def test_a_brand_that_lost_more_than_its_part_is_told_with_the_one_that_gained() -> None:
    details = brands(("星渡", 100_000, 200_000), ("江雾", 850_000, 800_000))
    found = structure(page({("R1", "amount"): sales(950_000, None, 1_000_000)}, details=details))
    assert found is not None
    assert found.what == "星渡同比减10.00万元，占各品牌减少额的100.0%（对比月只占20.0%）"
    assert found.beside == "；江雾增5.00万元"
    assert (found.owner, found.due, found.weight) == ("营销中心", MONTH, pytest.approx(10))


def products(short: int) -> pd.DataFrame:
    """星渡 fell by 400 cartons; `short` of it were ordered and not supplied."""
    return pd.DataFrame(
        {
            "product_id": ["P1", "P2", "P3"], "product_name": ["星渡(软)", "星渡(硬)", "江雾(硬)"],
            "brand": ["星渡", "星渡", "江雾"], "volume": [100.0, 100.0, 1800.0], "short": [float(short), 0.0, 10.0],
            "amount_yuan": [40_000.0, 60_000.0, 850_000.0], "amount_yuan_last_year": [130_000.0, 70_000.0, 800_000.0],
        }
    )  # fmt: skip


@pytest.mark.parametrize("short, is_cause", [(90, True), (4, False)])
def test_what_was_not_supplied_is_a_cause_only_where_it_explains_a_part_worth_naming(
    short: int, is_cause: bool
) -> None:
    frame = brands(("星渡", 100_000, 200_000), ("江雾", 850_000, 800_000))["sales_by_brand"]
    frame = frame.assign(volume=[200.0, 1800.0], volume_last_year=[600.0, 1700.0])
    given = {
        ("R1", "amount"): sales(950_000, None, 1_000_000),
        ("R1", "volume"): sales(2_000, None, 2_300),
    }
    found = structure(page(given, details={"sales_by_brand": frame, "sales_by_product": products(short)}))
    assert found is not None and "星渡(软)减9.00万元最多" in found.cause
    assert ("订货未满足90条，占未满足合计的90.0%" in found.cause) == is_cause
    assert ("调剂货源" in found.todo) == is_cause


def moved(lost: int, won: int, whose: str) -> dict[str, pd.DataFrame]:
    kinds = ["lost"] * lost + ["new"] * won + ["up"] * 60
    managers = [whose] * lost + ["M2"] * won + ["M1"] * 30 + ["M2"] * 30
    frame = pd.DataFrame(
        {"movement": kinds, "manager_id": managers, "customer_id": [f"C{n}" for n in range(len(kinds))]}
    )
    return {"customers_by_movement": frame.assign(volume_previous=10.0, silent_months=0)}


def test_lost_customers_are_told_beside_those_won_and_with_whose_they_are() -> None:
    given = {("R1", "ordering_customers"): {"value": 66.0, "previous_comparable": 72.0}}
    found = customers(page(given, details=moved(12, 6, "M1")))
    assert found is not None
    assert found.what == "停订12户（上月订120条），新增和回流6户"
    assert found.cause == "胡明停订12户，占100.0%（客户占53.8%）。"  # 42 of 78
    assert (found.owner, found.due, found.sheet) == ("胡明", SOON, "customers")
    assert found.weight == pytest.approx(100 * 12 / 72)


def test_fewer_lost_customers_than_the_least_count_are_a_line_not_a_finding() -> None:
    one = page({("R1", "ordering_customers"): {"value": 66.0}}, details=moved(9, 0, "M1"))
    assert customers(one) is None
    assert "停订9户，见“客户异动”" in page_one(one).singles


def test_missed_visits_are_told_with_their_sister_and_the_manager_with_more_than_his_part() -> None:
    given = {
        ("R1", "plan_completion"): rate(80.0, 80, 100),
        ("R1", "coverage"): rate(96.0, 96, 100),
        ("M1", "plan_completion"): rate(70.0, 35, 50),
        ("M2", "plan_completion"): rate(90.0, 45, 50),
    }
    found = visits(page(given, history={"plan_completion": [95.0, 85.0, 88.0]}))
    assert found is not None
    assert found.what == "计划完成率80.0%，低于90.0%，应访未访20次"
    assert (found.since, found.beside) == ("已连续3个月", "；访问覆盖率96.0%")
    assert found.cause == "胡明漏访15次，占75.0%（计划占50.0%）。"
    assert (found.owner, found.due, found.weight) == ("胡明", MONTH, pytest.approx(4))


def test_visits_planned_by_few_are_no_finding() -> None:
    assert visits(page({("R1", "plan_completion"): rate(50.0, 4, 8)})) is None


def cases(*rows: tuple[str, str]) -> dict[str, pd.DataFrame]:
    return {"complaint_cases": pd.DataFrame(rows, columns=["department", "state"])}


def test_late_cases_are_told_with_the_department_that_has_more_than_its_part() -> None:
    given = {
        ("R1", "on_time_rate"): rate(60.0, 12, 20),
        ("R1", "complaints"): {"value": 22.0, "previous_comparable": 15.0},
        ("R1", "coverage"): rate(100.0, 200, 200),
    }
    details = cases(*[("logistics", "overdue")] * 3, ("marketing", "overdue"), *[("marketing", "closed")] * 6)
    found = complaints(page(given, details=details))
    assert found is not None
    assert found.what == "办结及时率60.0%，低于90.0%，8件未按时办结"
    assert found.beside == "；受理22件（上月15件）"
    assert found.cause == "月末仍超期的，物流中心有3件，占75.0%（全部件占30.0%）。"
    assert (found.owner, found.due, found.weight) == ("物流中心", SOON, pytest.approx(4))


def test_of_late_cases_that_all_lie_with_one_department_no_share_is_told() -> None:
    given = {("R1", "on_time_rate"): rate(60.0, 12, 20)}
    details = cases(("logistics", "overdue"), *[("marketing", "closed")] * 6)
    found = complaints(page(given, details=details))
    assert found is not None
    assert (found.cause, found.owner) == ("月末仍超期的1件在物流中心。", "物流中心")


@pytest.mark.parametrize("before, since", [(None, "至少连续2个月低于上年同月"), (95.0, "连续2个月低于上年同月")])
def test_for_how_long_it_is_below_last_year_is_told_as_far_as_it_is_known(
    before: float | None, since: str
) -> None:
    """May was below; of April nothing is known of the year before, or it was above."""
    course = [before, 100.0, *[None] * 10, 100.0, 90.0]  # April and May of last year, April and May of this
    given = {("R1", "amount"): sales(900_000, 1_000_000, 1_000_000)}
    found = target(page(given, history={"amount": course}))
    assert found is not None and found.since == since


def test_a_managers_own_page_asks_the_manager() -> None:
    given = {("M1", "amount"): sales(300_000, None, 400_000)}
    lost = brands(("星渡", 100_000, 200_000), ("江雾", 200_000, 200_000))
    found = structure(page(given, details=lost, level="manager"))
    assert found is not None
    assert (found.todo, found.owner) == ("走访星渡减量的客户，查上柜、陈列和库存", "胡明")


def test_few_cases_are_no_finding() -> None:
    given = {
        ("R1", "on_time_rate"): rate(50.0, 4, 8),
        ("R1", "complaints"): {"value": 8.0, "change": 300.0, "n": 8.0},
    }
    assert complaints(page(given)) is None


def test_satisfaction_that_fell_for_sure_is_told_with_the_dimension_that_drove_it() -> None:
    change = {"difference": -4.0, "significant": True, "yoy_difference": -1.0, "yoy_significant": False, "slope": -0.1,
              "slope_significant": False}  # fmt: skip
    scores = {"dimension": ["supply", "delivery"], "score": [6.0, 8.0], "score_previous": [8.0, 8.5]}
    details = {"satisfaction_change": pd.DataFrame([change]), "satisfaction_by_dimension": pd.DataFrame(scores)}
    given = {
        ("R1", "satisfaction"): rate(76.0, 1, 40),
        ("M1", "satisfaction"): rate(70.0, 1, 20, change=-6.0),
        ("M2", "satisfaction"): rate(60.0, 1, 4, change=-20.0),  # too few answers to be judged by
    }
    found = satisfaction(page(given, details=details, history={"satisfaction": [79.0, 80.0]}))
    assert found is not None
    assert found.what == "满意度指数76.0分，环比降4.0分，变化显著"
    assert found.since == "本月开始"
    # Weighed: supply 2 × 0.20 = 0.4, delivery 0.5 × 0.15 = 0.075: 84.2 %, with 57 % of the weights
    assert found.cause == "货源供应环比由8.00分降到6.00分，占加权降分的84.2%。"
    assert (found.owner, found.due) == ("胡明", MONTH)


def test_satisfaction_that_may_be_chance_is_no_finding() -> None:
    change = {"difference": -4.0, "significant": False, "yoy_difference": float("nan"), "yoy_significant": False,
              "slope": 0.0, "slope_significant": False}  # fmt: skip
    details = {"satisfaction_change": pd.DataFrame([change])}
    assert satisfaction(page({("R1", "satisfaction"): rate(76.0, 1, 40)}, details=details)) is None


def test_a_next_month_that_is_surely_below_last_year_is_told() -> None:
    given = {("R1", "amount"): sales(900_000)}
    past = [1_000_000.0] * 12  # June last year to May: July last year is the second
    found = forecast(page(given, history={"amount": past}, forecast=("amount", 800_000, 700_000, 950_000)))
    assert found is not None
    assert found.what == "7月销售额预计80.00万元（八成在70.00万元至95.00万元），上限仍低于上年同月100.00万元"
    assert (found.owner, found.due, found.weight) == ("营销中心", SOON, pytest.approx(20))
    open_end = ("amount", 800_000, 700_000, 1_050_000)
    assert forecast(page(given, history={"amount": past}, forecast=open_end)) is None


def test_overdue_measures_are_told_however_few_they_are() -> None:
    frame = pd.DataFrame(
        {"manager_id": ["M2", "M1"], "problem": ["断货", "漏访"], "since": ["2024-04", "2024-05"],
         "due_on": pd.to_datetime(["2024-05-31", "2024-07-05"])}
    )  # fmt: skip
    found = actions(page({}, details={"open_actions": frame}))
    assert found is not None
    assert found.what == "逾期对策1个，最长的“断货”已逾期30天"
    assert (found.since, found.owner, found.due) == ("2024-04起未完成", "刘文博", SOON)


def bad(weight: float, sheet: str = "visits") -> PageFinding:
    return PageFinding("visits", "x", owner="a", due=MONTH, weight=weight, sheet=sheet)


def test_the_heaviest_come_first_and_no_more_than_six() -> None:
    found = chosen([bad(weight) for weight in (1, 9, 3, 7, 5, 2, 8)], [])
    assert [one.weight for one in found] == [9, 8, 7, 5, 3, 2] and len(found) == MOST_FINDINGS


def test_where_too_little_is_wrong_what_went_well_is_told_but_not_of_a_theme_that_went_badly() -> None:
    well = [
        PageFinding("well", name, sheet=name, is_good=True) for name in ("visits", "complaints", "sales", "base")
    ]
    found = chosen([bad(5)], well)
    assert [one.what for one in found] == ["x", "complaints", "sales"] and len(found) == LEAST_FINDINGS


def test_a_finding_in_one_line_says_what_to_do_by_whom_and_until_when() -> None:
    given = {("R1", "plan_completion"): rate(80.0, 80, 100)}
    found = visits(page(given))
    assert found is not None
    assert finding_text(found, ZH) == (
        "走访：计划完成率80.0%，低于90.0%，应访未访20次。对策：下周起先补漏访客户，每周抽查；区域市场经理，7月19日前。"
    )


def test_sisters_that_went_apart_are_told_together() -> None:
    given = {
        ("R1", "ordering_rate"): rate(90.0, 90, 100, yoy=-3.0, last_year_n=100.0),
        ("R1", "volume_per_customer"): rate(20.0, 1800, 90, yoy=7.0, last_year_n=95.0),
    }
    assert page_one(page(given)).together == "一升一降要一起看：同比订货率降低3.0个百分点、户均销量增长7.0%。"


def test_page_one_begins_with_its_message_and_ends_with_single_cases() -> None:
    offences = pd.DataFrame({"offence": ["law", "law", "price"], "customer_id": ["C1", "C1", "C2"]})
    one = page_one(page({("R1", "amount"): sales(1_000_000, 1_000_000)}, details={"visit_offences": offences}))
    texts = page_texts(one, ZH)
    assert texts[0] == "6月销售额100.00万元，正好完成任务"
    assert texts[-1] == "单户单件：不守法经营1户，见“访问执行”；未执行指导价1户，见“访问执行”。"


def test_the_axes_of_all_regions_reach_as_far_as_the_greatest_of_them() -> None:
    columns = ["level", "entity_id", "figure", "value", "previous", "last_year", "comparable", "previous_comparable",
               "comparable_last_year", "last_year_comparable", "target_comparable"]  # fmt: skip
    nan = float("nan")
    metrics = pd.DataFrame(
        [
            ("region", "R1", "amount", 100.0, 120.0, nan, 100.0, 120.0, nan, nan, nan),
            ("manager", "M1", "amount", 40.0, 50.0, nan, 40.0, 50.0, nan, nan, 45.0),
            ("manager", "M2", "amount", 60.0, 70.0, nan, 60.0, 70.0, nan, nan, 40.0),
        ],
        columns=columns,
    )
    ahead = pd.DataFrame({"level": ["region"], "entity_id": ["R1"], "measure": ["amount"], "high80": [150.0]})
    axes = page_axes(metrics, ahead, pd.Series({"M1": "R1", "M2": "R1"}), ("amount", "volume"))
    # The course to 150, the gap of M2 of 20, the two falls of 10 together; a tenth more each.
    assert axes == pytest.approx({"amount.course": 165.0, "amount.target": 22.0, "amount.previous": 22.0})


@pytest.mark.parametrize(
    "before, since",
    [
        ([92.0], "本月开始"),
        ([92.0, 80.0], "已连续2个月"),
        ([], ""),  # whether May was low too is not known
        ([80.0, 85.0], "已连续3个月以上"),
    ],
)
def test_since_when_is_told_as_far_as_the_months_before_are_known(before: list[float], since: str) -> None:
    found = visits(page({("R1", "plan_completion"): rate(80.0, 80, 100)}, history={"plan_completion": before}))
    assert found is not None and found.since == since


def record(**last: object) -> dict[str, pd.DataFrame]:
    """Last month's forecast of this month's amount, beside what came."""
    row = {"level": "region", "entity_id": "R1", "measure": "amount", "source": "model", "last_forecast": 900_000.0,
           "last_low80": 850_000.0, "last_high80": 950_000.0, "last_actual": 800_000.0, **last}  # fmt: skip
    return {"track_record": pd.DataFrame([row])}


def test_a_month_below_its_band_is_told_but_not_where_somebody_moved_since() -> None:
    given, ahead = {("R1", "amount"): sales(800_000)}, ("amount", 900_000, 850_000, 950_000)
    found = forecast(page(given, details=record(last_moved=False), forecast=ahead))
    assert found is not None
    assert found.what.startswith("本月销售额80.00万元，低于上月预测90.00万元的八成区间下限85.00万元")
    assert forecast(page(given, details=record(last_moved=True), forecast=ahead)) is None
