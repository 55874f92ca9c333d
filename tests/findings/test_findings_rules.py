import string
from functools import cache

import pytest
from findings_of_month import Seen, seen
from month_builder import MonthBuilder

from pipeline.base.calendar import Month
from pipeline.contract.trade import load_profile, profile_names
from pipeline.findings.declare import all_rules, declare, forget
from pipeline.findings.rule import Finding, Rule
from pipeline.words import LANGUAGES, load_words

JUNE, MAY = Month(2024, 6), Month(2024, 5)


def month(one: Month = JUNE, customers: int = 12) -> MonthBuilder:
    builder = MonthBuilder(one)
    builder.add("products", product_id="P1", product_name="金叶", brand="金", category="class1")
    builder.add("products", product_id="P2", product_name="银叶", brand="银", category="class1")
    for number in range(customers):
        builder.customer(f"C{number}", "M1", customer_name=f"店{number}", grade="1", channel="grocery")
    return builder


def test_there_are_words_for_every_rule_in_every_language() -> None:
    for language in LANGUAGES:
        words = load_words(language)
        missing = [
            f"{rule.key}.{part}"
            for rule in all_rules()
            for part in ("title", "evidence", "countermeasure")
            if not words.has(f"findings.{rule.key}.{part}")
        ]
        assert missing == []


def test_the_languages_have_the_same_texts_and_placeholders() -> None:
    def placeholders(language: str) -> dict[str, set[str]]:
        texts = load_words(language).texts  # type: ignore[arg-type]
        mine = {
            key: text for key, text in texts.items() if key.split(".")[0] in ("findings", "figures", "sentences")
        }
        return {
            key: {name for _, name, _, _ in string.Formatter().parse(text) if name} for key, text in mine.items()
        }

    assert placeholders("zh") == placeholders("en")


@pytest.mark.parametrize("trade", profile_names())
def test_every_rule_of_a_trade_has_its_threshold_in_its_profile_and_there_are_fifteen(trade: str) -> None:
    profile = load_profile(trade)
    named = [rule for rule in all_rules(profile) if rule.key in profile.rules and rule.key != "report_missing"]
    assert {rule.threshold for rule in named} <= set(profile.thresholds)
    assert len(named) >= 15


@cache
def fallen() -> Seen:
    before = month(MAY).sale("M1", "C1", "P1", 100, 10_000.0).sale("M1", "C1", "P2", 100, 5_000.0)
    return seen(month().sale("M1", "C1", "P1", 40, 4_000.0).sale("M1", "C1", "P2", 110, 5_500.0), before)


def test_a_fall_of_amount_names_the_product_that_caused_it() -> None:
    got = fallen()
    assert got.text("amount_fall") == "销售额9,500.00元，环比下降36.7%。"
    # 6,000 less of P1, 500 more of P2: P1 is 6,000 of a net fall of 5,500
    assert got.text("amount_fall", column="cause") == "主要原因：金叶比上月少6,000元；其余品规合计没有同样下降。"


@pytest.mark.slow
def test_a_small_fall_is_no_finding() -> None:
    before = month(MAY).sale("M1", "C1", "P1", 100, 10_000.0)
    assert not seen(month().sale("M1", "C1", "P1", 95, 9_500.0), before).of("amount_fall")


@pytest.mark.slow
def test_january_and_february_are_told_together_or_not_at_all() -> None:
    def year(number: int, january: float, february: float) -> list[MonthBuilder]:
        return [
            month(Month(number, which)).sale("M1", "C1", "P1", 10, amount)
            for which, amount in ((1, january), (2, february))
        ]

    last_year = year(2023, 100.0, 200.0)
    moved = year(2024, 200.0, 100.0)
    assert not seen(moved[1], moved[0], *last_year).of("amount_fall")
    assert not seen(moved[0], last_year[0]).of("amount_fall")
    fell = year(2024, 100.0, 100.0)
    assert seen(fell[1], fell[0], *last_year).text("amount_fall") == "销售额100.00元，1—2月合计同比下降33.3%。"


def test_a_missed_target_is_found() -> None:
    one = month().sale("M1", "C1", "P1", 9, 90.0)
    one.add("targets", month="2024-06", level="region", entity_id="R1", metric="amount", target=100.0)
    assert seen(one).text("target_missed") == "销售额90.00元，任务100.00元，完成90.0%。"


def test_a_low_fill_rate_names_the_product_that_ran_short() -> None:
    one = month().sale("M1", "C1", "P1", 5, 5.0, ordered_qty=25).sale("M1", "C2", "P2", 20, 2.0, ordered_qty=25)
    got = seen(one)
    assert got.text("fill_rate_low") == "订单满足率50.0%，低于90%。"
    assert got.text("fill_rate_low", column="cause") == "主要原因：金叶订货未满足20条。"


@pytest.mark.slow
def test_rates_over_few_cases_are_no_finding() -> None:
    one = month().sale("M1", "C1", "P1", 1, 5.0, ordered_qty=2)
    assert not seen(one).of("fill_rate_low")
    assert seen(one, least_count=2).of("fill_rate_low")


@cache
def offended() -> Seen:
    one = month().visit("M1", "C1", 4, price_ok=False, observed_price=88.0, source_row=12)
    for number in range(8):
        one.visit("M1", f"C{number}", 5, lawful=False)
    return seen(one)


def test_an_offence_says_where_it_can_be_looked_up() -> None:
    found = offended().of("price_offence")
    assert (found[0].file, found[0].sheet, found[0].row) == ("M1.xlsx", "visits", 12)
    assert offended().text("price_offence") == "6月4日走访发现店1(C1)未执行零售指导价（实际售价88.00元/条）。"


def test_only_the_first_of_a_kind_are_told_and_the_rest_counted() -> None:
    assert len(offended().of("law_offence")) == 3
    assert offended().text("law_offence").endswith("另有同类情况7项。")


def test_overdue_cases_come_longest_first() -> None:
    one = month().case("T1", "M1", "C1", "2024-06-19").case("T2", "M1", "C2", "2024-06-03")
    found = seen(one).of("overdue_case")
    assert [finding.subject for finding in found] == ["T2", "T1"]


def test_three_cases_on_one_product_are_a_typical_problem() -> None:
    one = month()
    for number in range(3):
        one.case(f"T{number}", "M1", f"C{number % 2}", "2024-06-27", category="product_quality", product_id="P1")
    got = seen(one)
    assert got.text("typical_problem") == "金叶本月受理投诉3件，涉及2户。"
    assert not seen(one, thresholds={"typical_problem_cases": 4}).of("typical_problem")


def test_the_same_complaint_again_within_ninety_days_is_a_repeat() -> None:
    april = MonthBuilder(Month(2024, 4)).case("T1", "M1", "C1", "2024-04-02", resolved_on="2024-04-03")
    found = seen(month().case("T2", "M1", "C1", "2024-06-20"), april).of("repeat_complaint")
    assert [finding.subject for finding in found] == ["T2"]


@pytest.mark.slow
def test_customers_that_stopped_and_customers_long_silent_are_told_apart() -> None:
    now = month(customers=3).sale("M1", "C0", "P1", 10, 1.0)
    may = month(MAY, 3).sale("M1", "C0", "P1", 10, 1.0).sale("M1", "C1", "P1", 10, 1.0)
    got = seen(now, may)
    assert [finding.subject for finding in got.of("lost_customer")] == ["C1"]
    assert [finding.subject for finding in got.of("silent_customer")] == ["C2"]
    assert got.text("silent_customer") == "店2(C2)已连续2个月未订货。"


@pytest.mark.slow
def test_slow_customers_are_those_below_four_fifths_of_their_peers() -> None:
    now = month(customers=2).sale("M1", "C0", "P1", 10, 1.0).sale("M1", "C1", "P1", 30, 1.0)
    may = month(MAY, 2).sale("M1", "C0", "P1", 20, 1.0).sale("M1", "C1", "P1", 20, 1.0)
    got = seen(now, may)
    assert [finding.subject for finding in got.of("slow_customer")] == ["C0"]
    assert got.text("slow_customer") == "店0(C0)本月10条、上月20条，增速为本区域同级别同业态平均的0.50倍。"


@pytest.mark.slow
def test_a_significant_fall_of_satisfaction_names_the_dimension() -> None:
    now, may = month(), month(MAY)
    for number in range(12):
        may.answer("M1", f"C{number}", supply=9, delivery=9 - number % 2, profit=8)
        now.answer("M1", f"C{number}", supply=5, delivery=9 - number % 2, profit=7)
    got = seen(now, may)
    # (20 × 4 + 15 × 1) ÷ 50 × 10 = 19 points less
    assert "下降19.0分" in got.text("satisfaction_down")
    cause = got.text("satisfaction_down", column="cause")
    assert cause == "影响最大的维度是货源供应，由9.00分降到5.00分。"


@pytest.mark.slow
def test_a_brand_far_behind_its_category_is_found() -> None:
    may = month(MAY).sale("M1", "C1", "P1", 200, 1.0).sale("M1", "C1", "P2", 800, 1.0)
    now = month().sale("M1", "C1", "P1", 100, 1.0).sale("M1", "C1", "P2", 800, 1.0)
    assert seen(now, may).text("brand_behind") == "金在一类中环比下降50.0%，一类整体下降10.0%，落后40.0个百分点。"


@pytest.mark.slow
def test_more_complaints_name_the_category_that_rose() -> None:
    now, may = month(), month(MAY)
    for number in range(10):
        may.case(f"S{number}", "M1", f"C{number % 4}", "2024-05-06", resolved_on="2024-05-07")
        now.case(f"U{number}", "M1", f"C{number % 4}", "2024-06-06", resolved_on="2024-06-07")
    for number in range(12):
        now.case(f"T{number}", "M1", f"C{number % 4}", "2024-06-27", category="service_quality")
    got = seen(now, may)
    assert got.text("complaints_rise") == "受理22件，上月10件。"
    assert got.text("complaints_rise", column="cause") == "增加最多的是服务质量类，比上月多12件。"


def test_the_gravest_come_first() -> None:
    grave = [finding.severity for finding in offended().findings if finding.entity_id == "R1"]
    assert len(set(grave)) > 1
    assert grave == sorted(grave, reverse=True)


def test_findings_travel_down_to_managers_and_not_to_others() -> None:
    found = {entity for entity in ("ALL", "R1", "M1", "R2", "M3") if offended().of("law_offence", entity)}
    assert found == {"ALL", "R1", "M1"}


def test_one_declaration_makes_a_rule() -> None:
    def find(rule: Rule, evidence: object) -> list[Finding]:
        return [
            Finding(
                "region",
                "R1",
                "coverage_low",
                2,
                "figure",
                "coverage",
                1.0,
                {"value": 50.0, "limit": 90.0},
                "coverage",
            )
        ]

    rule = declare(Rule("mine", 3, "coverage_low", find))
    try:
        found = seen(month()).findings
        assert [one.entity_id for one in found if one.rule == "coverage_low"] == ["R1"]
    finally:
        forget(rule)


@pytest.mark.parametrize("column", ["evidence", "cause", "countermeasure", "subject"])
def test_texts_come_in_english_too(column: str) -> None:
    english = fallen().text("amount_fall", column=column, language="en")
    assert english
    assert not any("一" <= letter <= "龥" for letter in english.replace("金叶", ""))
