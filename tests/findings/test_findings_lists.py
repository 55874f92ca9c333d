"""Rules over lists and comparisons: on the limit, one step to either side, whose they are, and where to look."""

import pytest
from findings_of_month import Seen, seen
from month_builder import MonthBuilder

from pipeline.base.calendar import Month
from pipeline.findings.rule import Finding

JUNE, MAY, APRIL, MARCH = (Month(2024, number) for number in (6, 5, 4, 3))


def month(one: Month = JUNE, customers: int = 4) -> MonthBuilder:
    builder = MonthBuilder(one)
    builder.add("products", product_id="P1", product_name="金叶", brand="金", category="class1")
    builder.add("products", product_id="P2", product_name="银叶", brand="银", category="class1")
    for number in range(customers):
        builder.customer(f"C{number}", "M1", customer_name=f"店{number}", grade="1", channel="grocery")
    return builder


def found(now: MonthBuilder, *others: MonthBuilder, **changes: object) -> Seen:
    return seen(now, *others, only=(), **changes)


def place(finding: Finding) -> tuple[str, str, int | None]:
    return finding.file, finding.sheet, finding.row


def subjects(seen_findings: Seen, rule: str, entity: str = "R1") -> list[str]:
    return [finding.subject for finding in seen_findings.of(rule, entity)]


@pytest.mark.parametrize("rule, column", [("price_offence", "price_ok"), ("law_offence", "lawful")])
def test_an_offence_counts_for_who_saw_it(rule: str, column: str) -> None:
    """C1 was seen twice by M1 and once each by M2 (same region) and M3 (another region)."""
    one = month().visit("M1", "C1", 5, source_row=15, **{column: False})
    one.visit("M1", "C1", 12, source_row=16, **{column: False}).visit(
        "M2", "C1", 4, source_row=7, **{column: False}
    )
    one.visit("M3", "C1", 3, source_row=9, **{column: False}).visit("M1", "C2", 3, source_row=17)
    got = found(one)
    told = {entity: [finding.values["times"] for finding in got.of(rule, entity)] for entity in ENTITIES}
    assert told == {"ALL": [4], "R1": [3], "R2": [1], "M1": [2], "M2": [1], "M3": [1]}
    assert place(got.of(rule, "R1")[0]) == ("M2.xlsx", "visits", 7)  # the first that saw it
    assert place(got.of(rule, "M1")[0]) == ("M1.xlsx", "visits", 15)
    assert place(got.of(rule, "R2")[0]) == ("M3.xlsx", "visits", 9)


ENTITIES = ("ALL", "R1", "R2", "M1", "M2", "M3")


@pytest.mark.parametrize("rule, column", [("price_offence", "price_ok"), ("law_offence", "lawful")])
def test_offences_are_told_from_the_number_that_the_profile_sets(rule: str, column: str) -> None:
    one = month().visit("M1", "C1", 5, **{column: False})
    one.visit("M1", "C2", 5, **{column: False}).visit("M1", "C2", 6, **{column: False})
    assert subjects(found(one), rule) == ["C2", "C1"]
    assert subjects(found(one, thresholds={"visit_offences": 2}), rule) == ["C2"]
    assert subjects(found(one, thresholds={"visit_offences": 3}), rule) == []


def test_a_case_is_told_once_its_last_day_in_time_is_over() -> None:
    """June 2024 ends on a Sunday: what was due on Friday the 28th is late by the month's end, by one day at least."""
    one = (
        month()
        .case("T1", "M1", "C1", "2024-06-21", source_row=8)
        .case("T4", "M1", "C1", "2024-06-24", source_row=10)
        .case("T2", "M1", "C2", "2024-06-20", source_row=9)
    )
    one.case("T3", "M1", "C3", "2024-06-20", resolved_on="2024-06-28")
    got = found(one)
    assert subjects(got, "overdue_case") == ["T1", "T2"]
    assert got.text("overdue_case").startswith("店1(C1)的投诉T1（6月21日受理）已超时限1个工作日。")
    assert place(got.of("overdue_case")[1]) == ("M1.xlsx", "complaints", 9)
    assert subjects(found(one, thresholds={"days_overdue": 2}), "overdue_case") == []


def test_three_cases_on_one_product_are_typical_and_two_are_not() -> None:
    one = month()
    for number, (manager, product) in enumerate(
        [("M1", "P1"), ("M1", "P1"), ("M2", "P1"), ("M1", "P2"), ("M2", "P2")]
    ):
        one.case(f"T{number}", manager, f"C{number % 2}", "2024-06-06", category="product_quality", product_id=product,
                 source_row=20 + number)  # fmt: skip
    one.case("T9", "M1", "C1", "2024-05-06", category="product_quality", product_id="P2")  # received in May
    got = found(one)
    told = {entity: subjects(got, "typical_problem", entity) for entity in ENTITIES}
    assert told == {"ALL": ["P1"], "R1": ["P1"], "R2": [], "M1": [], "M2": [], "M3": []}
    assert got.text("typical_problem") == "金叶本月受理投诉3件，涉及2户。"
    assert place(got.of("typical_problem")[0]) == ("M1.xlsx", "complaints", 20)


@pytest.mark.parametrize("earlier, repeated", [("2024-03-22", ["T2"]), ("2024-03-21", [])])
def test_a_complaint_repeats_one_of_ninety_days_before_and_not_of_ninety_one(
    earlier: str, repeated: list[str]
) -> None:
    march = month(MARCH).case("T1", "M1", "C1", earlier, resolved_on="2024-03-29")
    one = month().case("T2", "M1", "C1", "2024-06-20", source_row=11)
    one.case("T3", "M1", "C1", "2024-06-20", category="suggestion").case("T4", "M1", "C2", "2024-06-20")
    got = found(one, month(MAY), month(APRIL), march)
    assert subjects(got, "repeat_complaint") == repeated
    assert [place(finding) for finding in got.of("repeat_complaint")] == [("M1.xlsx", "complaints", 11)] * len(
        repeated
    )


def test_a_customer_is_lost_when_nothing_is_left_of_what_it_bought_the_month_before() -> None:
    may = month(MAY)
    for customer, volume in (("C0", 10), ("C1", 30), ("C2", 20), ("C3", 5)):
        may.sale("M1", customer, "P1", volume, 1.0)
    may.sale("M1", "C3", "P2", -5, -1.0)  # sent all back in May: did not buy then either
    june = month().sale("M1", "C0", "P1", 1, 1.0).sale("M1", "C1", "P1", 4, 1.0).sale("M1", "C1", "P2", -4, -1.0)
    got = found(june, may)
    assert subjects(got, "lost_customer") == ["C1", "C2"]  # who bought most comes first
    assert got.text("lost_customer") == "店1(C1)上月订30条，本月未订。另有同类情况1项。"


@pytest.mark.parametrize("months, told", [(1, []), (2, ["C1"]), (3, ["C1"])])
def test_a_customer_is_silent_from_the_second_month_on(months: int, told: list[str]) -> None:
    behind = {back: month(JUNE + -back, customers=2).sale("M1", "C0", "P1", 9, 1.0) for back in range(4)}
    if months in behind:
        behind[months].sale("M1", "C1", "P1", 9, 1.0)
    got = found(*behind.values())
    assert subjects(got, "silent_customer") == told
    assert [finding.values["months"] for finding in got.of("silent_customer")] == [months] * len(told)


def test_a_customer_that_joined_this_month_is_not_silent() -> None:
    now = month(customers=1).customer("N", "M1", joined_on="2024-06-03").sale("M1", "C0", "P1", 1, 1.0)
    assert subjects(found(now, month(MAY, 1).sale("M1", "C0", "P1", 1, 1.0)), "silent_customer") == []


@pytest.mark.parametrize("bought, told", [(80, []), (79, ["C0"])])
def test_a_customer_is_slow_under_four_fifths_of_its_peers(bought: int, told: list[str]) -> None:
    may = month(MAY, 2).sale("M1", "C0", "P1", 100, 1.0).sale("M1", "C1", "P1", 100, 1.0)
    now = month(customers=2).sale("M1", "C0", "P1", bought, 1.0).sale("M1", "C1", "P1", 200 - bought, 1.0)
    got = found(now, may)
    assert subjects(got, "slow_customer") == told
    assert [finding.values["relative"] for finding in got.of("slow_customer")] == [0.79] * len(told)


@pytest.mark.parametrize(
    "base, volume, told",
    # 金 with its 银 beside it; the category as a whole stays where it was, or grows by a fifth
    [
        ((100, 900), (85, 915), ["金"]),  # 15 points behind
        ((100, 900), (86, 914), []),  # 14
        ((99, 901), (50, 950), []),  # too small to tell
        ((100, 900), (105, 1095), ["金"]),  # + 5 % where the category has + 20 %
        ((100, 900), (106, 1094), []),
    ],
)
def test_a_brand_is_behind_from_fifteen_points_on(
    base: tuple[int, int], volume: tuple[int, int], told: list[str]
) -> None:
    may = month(MAY).sale("M1", "C1", "P1", base[0], 1.0).sale("M1", "C1", "P2", base[1], 1.0)
    now = month().sale("M1", "C1", "P1", volume[0], 1.0).sale("M1", "C1", "P2", volume[1], 1.0)
    got = found(now, may)
    assert {entity: subjects(got, "brand_behind", entity) for entity in ("ALL", "R1", "M1", "M2")} == {
        "ALL": told, "R1": told, "M1": told, "M2": [],
    }  # fmt: skip


# May: ten answers of 7 and 9 points. The variance of their mean is 10 × 10² ÷ 9 ÷ 10 = 11.11 (index points squared).
# June, the same one point less: 22.22 together, t(18) = 2.101: 10 points less are more than 2.101 × 4.714 = 9.90.
# One of them 9 instead of 8: 9 points less, 14.33 + 11.11 = 25.44, t(17.7) = 2.10: fewer than 2.10 × 5.044 = 10.6.
@pytest.mark.parametrize(
    "points, told",
    [([6, 8] * 5, 1), ([6, 8] * 4 + [6, 9], 0), ([4, 6] * 4 + [4], 0), ([8, 10] * 5, 0)],
    ids=["down", "not surely down", "only nine answers", "up"],
)
def test_satisfaction_is_down_where_the_interval_of_the_difference_excludes_zero(
    points: list[int], told: int
) -> None:
    now, may = month(), month(MAY)
    for number, supply in enumerate([7, 9] * 5):
        may.answer("M1", f"C{number}", supply=supply)
    for number, supply in enumerate(points):
        now.answer("M1", f"C{number}", supply=supply)
    got = seen(now, may, only=("satisfaction", "satisfaction_low95"))
    assert len(got.of("satisfaction_down")) == told
    if told:
        cause = got.text("satisfaction_down", column="cause")
        assert cause == "影响最大的维度是货源供应，由8.00分降到7.00分。"


def test_of_many_of_a_kind_three_are_told_and_all_others_counted() -> None:
    one = month()
    for number in range(5):
        one.case(f"T{number}", "M1", f"C{number}", f"2024-06-{number + 3:02d}")
    one.case("T9", "M2", "C9", "2024-06-03")
    got = found(one)
    assert {entity: len(got.of("overdue_case", entity)) for entity in ENTITIES} == {
        "ALL": 3, "R1": 3, "R2": 0, "M1": 3, "M2": 1, "M3": 0,
    }  # fmt: skip
    assert [finding.more for finding in got.of("overdue_case")] == [5, 0, 0]
    assert [finding.more for finding in got.of("overdue_case", "M1")] == [4, 0, 0]
