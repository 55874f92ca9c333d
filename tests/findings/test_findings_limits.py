"""Rules over one figure fire just beyond their limit and not on it.

In each case manager M1 stands exactly on the limit, M2 one step beyond it and M3 one step inside, with a hundred
customers (cases, answers, visits) each.
"""

from collections.abc import Callable

import pytest
from findings_of_month import Seen, seen
from month_builder import MonthBuilder

from pipeline.base.calendar import Month
from pipeline.contract.trade import load_profile
from pipeline.findings.declare import all_rules

JUNE, MAY = Month(2024, 6), Month(2024, 5)
BEYOND = {"M1": 0, "M2": 1, "M3": -1}
Fill = Callable[[MonthBuilder, MonthBuilder, str, int], object]


def customers(one: MonthBuilder, manager: str, number: int = 100, **values: object) -> list[str]:
    ids = [f"{manager}C{place:03d}" for place in range(number)]
    for customer in ids:
        one.customer(customer, manager, **{"grade": "5", "channel": "grocery", **values})
    return ids


def amount(yuan: float, beyond: int) -> float:
    return round(yuan - beyond / 100, 2)


def amount_fall(now: MonthBuilder, before: MonthBuilder, manager: str, beyond: int) -> None:
    before.sale(manager, f"{manager}C", "P1", 10, 1000.0)
    now.sale(manager, f"{manager}C", "P1", 10, amount(900, beyond))


def target_missed(now: MonthBuilder, before: MonthBuilder, manager: str, beyond: int) -> None:
    now.sale(manager, f"{manager}C", "P1", 10, amount(950, beyond))
    now.add("targets", month="2024-06", level="manager", entity_id=manager, metric="amount", target=1000.0)


def volume_target_missed(now: MonthBuilder, before: MonthBuilder, manager: str, beyond: int) -> None:
    now.sale(manager, f"{manager}C", "P1", 95 - beyond, 1.0)
    now.add("targets", month="2024-06", level="manager", entity_id=manager, metric="volume", target=100.0)


def fill_rate_low(now: MonthBuilder, before: MonthBuilder, manager: str, beyond: int) -> None:
    now.sale(manager, f"{manager}C", "P1", 90 - beyond, 1.0, ordered_qty=100)


def plan_completion_low(now: MonthBuilder, before: MonthBuilder, manager: str, beyond: int) -> None:
    """Each is due once, on Monday 3 June; those seen on Friday of that week count."""
    for customer in customers(now, manager, visit_weekday="1")[: 90 - beyond]:
        now.visit(manager, customer, 7)


def visited(share: int) -> Fill:
    def fill(now: MonthBuilder, before: MonthBuilder, manager: str, beyond: int) -> None:
        for customer in customers(now, manager)[: share - beyond]:
            now.visit(manager, customer, 12)

    return fill


def ordering_rate_fall(now: MonthBuilder, before: MonthBuilder, manager: str, beyond: int) -> None:
    for customer in customers(before, manager)[:50]:
        before.sale(manager, customer, "P1", 1, 1.0)
    for customer in customers(now, manager)[: 47 - beyond]:
        now.sale(manager, customer, "P1", 1, 1.0)


def on_time_low(now: MonthBuilder, before: MonthBuilder, manager: str, beyond: int) -> None:
    """Due on 7 June; closed on that day or after it."""
    for number in range(100):
        day = "2024-06-07" if number < 90 - beyond else "2024-06-11"
        now.case(f"{manager}-{number}", manager, f"{manager}C{number}", "2024-05-31", resolved_on=day)


def complaints_rise(now: MonthBuilder, before: MonthBuilder, manager: str, beyond: int) -> None:
    for number in range(10):
        before.case(f"{manager}-b{number}", manager, "C", "2024-05-06", resolved_on="2024-05-07")
    for number in range(15 + beyond):
        now.case(f"{manager}-n{number}", manager, "C", "2024-06-06", resolved_on="2024-06-07")


def low_answers_high(now: MonthBuilder, before: MonthBuilder, manager: str, beyond: int) -> None:
    for number in range(100):
        now.answer(manager, f"C{number}", supply=5 if number < 10 + beyond else 6)


def retention_low(now: MonthBuilder, before: MonthBuilder, manager: str, beyond: int) -> None:
    for number in range(100):
        left = now.day(15) if number >= 95 - beyond else None
        now.customer(f"{manager}C{number}", manager, left_on=left, status="left" if left else "active")


def stock_high(now: MonthBuilder, before: MonthBuilder, manager: str, beyond: int) -> None:
    now.sale(manager, f"{manager}C", "P1", 10, 1.0, closing_stock=35 + beyond, order_date="2024-06-20")


def ticked(column: str, share: int) -> Fill:
    def fill(now: MonthBuilder, before: MonthBuilder, manager: str, beyond: int) -> None:
        for number in range(100):
            now.visit(manager, f"{manager}C{number}", 12, **{column: number < share - beyond})

    return fill


def special_late(now: MonthBuilder, before: MonthBuilder, manager: str, beyond: int) -> None:
    for number in range(100):
        event = now.day(12 if number < 80 - beyond else 3)
        now.visit(
            manager, f"{manager}C{number}", 12, visit_kind="special", special_reason="失窃", happened_on=event
        )


def leads_late(now: MonthBuilder, before: MonthBuilder, manager: str, beyond: int) -> None:
    now.sale(manager, f"{manager}C0", "P1", 1, 1.0)  # who reports, and leads beside that
    for number in range(100):
        reported = now.day(7) if number < 90 - beyond else now.day(11)
        now.add("leads", lead_no=f"{manager}-{number}", manager_id=manager, seen_on=now.day(6), reported_on=reported,
                address="东街", description="摊")  # fmt: skip


def files_incomplete(now: MonthBuilder, before: MonthBuilder, manager: str, beyond: int) -> None:
    """Nine fields of each of 100 customers: 45 of 900 are 5 %."""
    file = {
        "grade": "1",
        "channel": "grocery",
        "area": "city",
        "contact": "赵",
        "address": "东街",
        "visit_weekday": "1",
    }
    for number in range(100):
        phone = None if number < 45 + beyond else "0571"
        now.customer(f"{manager}C{number}", manager, phone=phone, joined_on="2020-01-01", **file)


def promoted(settled: int, signed: int) -> Fill:
    """100 customers settled, so many of them reached, and so many of 100 receipts signed."""

    def fill(now: MonthBuilder, before: MonthBuilder, manager: str, beyond: int) -> None:
        now.sale(manager, f"{manager}C0", "P1", 1, 1.0)
        for number in range(100):
            customer = f"{manager}C{number}"
            row = {"campaign_no": "X", "product_id": "P1", "customer_id": customer}
            now.customer(customer, manager, grade="1").add("promotion_customers", **row, confirmed_on=now.day(3))
            if number < settled - beyond:
                now.add("promotions", **row, manager_id=manager, issued_on=now.day(5), item="伞", quantity=1,
                        customer_signed=number < signed - beyond)  # fmt: skip

    return fill


# Rule: its figure, how a manager's rows are made, and what is said of M2.
CASES: dict[str, tuple[str, Fill, str]] = {
    "amount_fall": ("amount", amount_fall, "销售额899.99元，环比下降10.0%。"),
    "target_missed": ("amount", target_missed, "销售额949.99元，任务1,000.00元，完成95.0%。"),
    "volume_target_missed": ("volume", volume_target_missed, "销量94条，任务100条，完成94.0%。"),
    "fill_rate_low": ("fill_rate", fill_rate_low, "订单满足率89.0%，低于90%。"),
    "plan_completion_low": ("plan_completion", plan_completion_low, "计划完成率89.0%，低于90%。"),
    "coverage_low": ("coverage", visited(90), "访问覆盖率89.0%，低于90%。"),
    "ordering_rate_fall": ("ordering_rate", ordering_rate_fall, "订货率46.0%，环比降低4.0个百分点。"),
    "on_time_low": ("on_time_rate", on_time_low, "办结及时率89.0%，低于90%。"),
    "complaints_rise": ("complaints", complaints_rise, "受理16件，上月10件。"),
    "low_answers_high": ("low_answers", low_answers_high, "低分答卷占11.0%，高于10%。"),
    "retention_low": ("retention_rate", retention_low, "保有率94.0%，低于95%。"),
    "stock_high": ("stock_to_sales", stock_high, "存销比3.60，高于3.5。"),
    "display_low": ("display_rate", ticked("display_ok", 85), "陈列达标率84.0%，低于85%。"),
    "signature_low": ("signature_rate", ticked("customer_signed", 90), "签字率89.0%，低于90%。"),
    "special_late": ("special_on_time_rate", special_late, "特访及时率79.0%，低于80%。"),
    "leads_late": ("leads_at_once_rate", leads_late, "线索立即上报率89.0%，低于90%。"),
    "files_incomplete": ("file_completeness", files_incomplete, "档案完整率94.9%，低于95%。"),
    "promotion_reach_low": ("promotion_reach_rate", promoted(80, 100), "到户率79.0%，低于80%。"),
    "promotion_unsigned": ("promotion_signed_rate", promoted(101, 90), "签收率89.0%，低于90%。"),
    "frequency_low": ("frequency_rate", visited(80), "频次达标率79.0%，低于80%。"),
}


def filled(figure: str, fill: Fill) -> Seen:
    now, before = MonthBuilder(JUNE), MonthBuilder(MAY)
    now.add("products", product_id="P1", product_name="金叶", category="class1", brand="金")
    for manager, beyond in BEYOND.items():
        fill(now, before, manager, beyond)
    return seen(now, before, only=(figure,))


@pytest.mark.parametrize("rule", CASES)
def test_a_rule_fires_just_beyond_its_limit_and_not_on_it(rule: str) -> None:
    figure, fill, said = CASES[rule]
    got = filled(figure, fill)
    assert [manager for manager in BEYOND if got.of(rule, manager)] == ["M2"]
    assert got.text(rule, "M2") == said
    finding = got.of(rule, "M2")[0]
    assert (finding.figure, finding.subject_kind) == (figure, "figure")


def test_every_rule_over_a_figure_is_tried_on_its_limit() -> None:
    lists = {
        "typical_problem", "overdue_case", "law_offence", "lost_customer", "silent_customer", "price_offence",
        "repeat_complaint", "slow_customer", "overdue_action", "satisfaction_down", "brand_behind", "report_missing",
        "lead_stuck", "promotion_amiss",
    }  # fmt: skip
    assert {rule.key for rule in all_rules(load_profile("tobacco"))} - lists == set(CASES)


def test_of_fewer_than_ten_cases_nothing_rises() -> None:
    now, before = MonthBuilder(JUNE), MonthBuilder(MAY)
    for manager, number, then in (("M1", 40, 9), ("M2", 40, 10)):
        for place in range(then):
            before.case(f"{manager}-b{place}", manager, "C", "2024-05-06", resolved_on="2024-05-07")
        for place in range(number):
            now.case(f"{manager}-n{place}", manager, "C", "2024-06-06", resolved_on="2024-06-07")
    got = seen(now, before, only=("complaints",))
    assert not got.of("complaints_rise", "M1")
    assert got.text("complaints_rise", "M2") == "受理40件，上月10件。"


def test_a_rate_is_told_from_ten_cases_on() -> None:
    one = MonthBuilder(JUNE)
    for manager, visits in (("M1", 9), ("M2", 10)):
        for number in range(visits):
            one.visit(manager, f"C{number}", 12, display_ok=False)
    got = seen(one, only=("display_rate",))
    assert not got.of("display_low", "M1")
    assert got.of("display_low", "M2")


def test_missed_visits_are_not_laid_to_a_grade_that_missed_no_more_than_its_share() -> None:
    one = MonthBuilder(JUNE)
    for number in range(6):
        one.customer(f"A{number}", "M1", grade="3", channel="grocery", visit_weekday="2")  # twice a month
    for number in range(7):
        one.customer(f"B{number}", "M1", grade="5", channel="grocery", visit_weekday="2")
    got = seen(one.visit("M1", "A0", 4).visit("M1", "A0", 18), only=("plan_completion",))
    # grade 3: 6 × 2 − 2 = 10 of 17 missed, and 12 of 19 planned
    assert got.text("plan_completion_low", "M1") == "计划完成率10.5%，低于90%。"
    assert got.text("plan_completion_low", "M1", "cause") == ""


def test_late_cases_are_laid_to_the_department_with_most_of_them() -> None:
    one = MonthBuilder(JUNE)
    departments = ["law"] * 4 + ["service"] * 5 + [None] * 6  # 5 of the 9 whose department is known
    for number, department in enumerate(departments):
        one.case(f"T{number}", "M1", f"C{number}", "2024-06-03", department=department)
    got = seen(one, only=("on_time_rate",))
    assert got.text("on_time_low", "M1") == "办结及时率0.0%，低于90%。"
    assert got.text("on_time_low", "M1", "cause") == "超期件中客户服务中心最多，有5件。"


def test_a_fall_without_a_falling_product_has_no_cause() -> None:
    now, before = MonthBuilder(JUNE), MonthBuilder(MAY)
    for number in range(20):
        before.visit("M1", f"C{number}", 3)
        now.visit("M1", f"C{number}", 3, display_ok=False)
    got = seen(now, before, only=("display_rate",))
    assert got.of("display_low", "M1")[0].cause is None
    assert got.text("display_low", "M1", "cause") == ""
