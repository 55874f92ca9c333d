import re
from dataclasses import replace

import pandas as pd
import pytest
from findings_of_month import Seen, seen
from month_builder import MonthBuilder

from pipeline.base.calendar import Month
from pipeline.findings.sentences import opinions_part, overview, problems_part, sales_part
from pipeline.findings.story import Story
from pipeline.words import Language

JUNE, MAY = Month(2024, 6), Month(2024, 5)
NUMBER = re.compile(r"\d+(?:,\d{3})*(?:\.\d+)?")


def month(one: Month, volume: int) -> MonthBuilder:
    builder = MonthBuilder(one)
    builder.add("products", product_id="P1", product_name="金叶", brand="金", category="class1", is_key=True)
    builder.add("products", product_id="P2", product_name="银叶", brand="银", category="class2")
    for number in range(12):
        builder.customer(f"C{number}", "M1", customer_name="店", grade="1", channel="grocery", visit_weekday="2")
        builder.visit("M1", f"C{number}", 4, price_ok=number != 3, observed_price=9.5)
        builder.answer("M1", f"C{number}", supply=8, delivery=6 + number % 3, profit=5)
    for number in range(9):
        builder.sale("M1", f"C{number}", "P1", volume + number, 123.45 * volume, ordered_qty=volume + 9)
        builder.sale("M1", f"C{number}", "P2", 7, 70.07)
    return builder


def june() -> Seen:
    now = (
        month(JUNE, 150)
        .case("T1", "M1", "C1", "2024-06-03")
        .case("T2", "M1", "C2", "2024-06-04", resolved_on="2024-06-05")
    )
    now.case("T3", "M1", "C2", "2024-06-11", category="service_quality", resolved_on="2024-06-12")
    now.add("targets", month="2024-06", level="region", entity_id="R1", metric="销量", target=1500.0)
    return seen(now, month(MAY, 180))


@pytest.fixture(scope="module")
def told() -> Seen:
    return june()


def all_texts(story: Story) -> list[str]:
    return [*overview(story), *sales_part(story), *problems_part(story), *opinions_part(story)]


def test_the_overview_has_three_to_six_sentences(told: Seen) -> None:
    assert 3 <= len(overview(told.story())) <= 6
    assert 3 <= len(overview(told.story("manager", "M1", "en"))) <= 6


def test_sales_are_told_with_change_and_target(told: Seen) -> None:
    # 9 × 150 + 36 + 63 = 1,449 cartons after 9 × 180 + 36 + 63 = 1,719; 166,657.50 + 630.63 yuan
    text = overview(told.story())[0]
    assert text.startswith(
        "2024年6月城东销量1,449条，环比下降15.7%，完成任务的96.6%；销售额16.73万元，环比下降16.6%"
    )
    # 270 cartons fewer at last month's 116.70 yuan; what mix and prices did besides: together 3.33 of ten thousand
    assert text.endswith(
        "；销售额环比减3.33万元，其中销量因素减3.15万元、结构因素减0.11万元、价格因素减0.07万元。"
    )


def test_complaints_are_told_as_cases_where_they_are_few(told: Seen) -> None:
    text = opinions_part(told.story())[0]
    assert (
        text
        == "受理投诉诉求3件，其中服务质量1件、诉求2件；当月到期3件，按时办结2件；月末未办结1件，其中超期1件。".replace(
            "3件，其中", "3件；其中"
        )
    )


@pytest.mark.slow
def test_no_complaints_are_told_as_such() -> None:
    one = month(JUNE, 10)
    one.sent = frozenset((manager, form) for manager in ("M1", "M2") for form in ("sales", "visits", "complaints"))
    assert opinions_part(seen(one).story())[0] == "本月无投诉。"
    assert opinions_part(seen(one).story(language="en"))[0] == "No complaints this month."


def test_nothing_known_is_told_as_nothing() -> None:
    quiet = seen(MonthBuilder(JUNE))
    story = quiet.story("region", "R2")
    assert overview(story) == ["2024年6月城东没有销售数据。", "本月未发现须处理的问题。"]
    assert opinions_part(story) == ["本月没有满意度答卷。"]


def test_problems_are_one_a_kind_with_cause_and_countermeasure(told: Seen) -> None:
    texts = problems_part(told.story())
    assert texts[0].startswith("1. ")
    titles = [text.split("：")[0].split(". ")[1] for text in texts]
    assert len(set(titles)) == len(titles)
    assert all("对策：" in text for text in texts)


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("level, entity", [("region", "R1"), ("manager", "M1"), ("organisation", "ALL")])
def test_every_number_is_a_figure_of_the_metrics_or_findings(
    told: Seen, language: Language, level: str, entity: str
) -> None:
    story = told.story(level, entity, language)  # type: ignore[arg-type]
    known = known_numbers(story)
    texts = " ".join(all_texts(story)).replace("2024年6月", "").replace("2024-06,", "")
    texts = re.sub(r"(?:^| )\d+\. ", " ", texts)
    unknown = [number for number in NUMBER.findall(texts) if number not in known]
    assert len(NUMBER.findall(texts)) > 15
    assert unknown == []


def known_numbers(story: Story) -> set[str]:
    """Every number of the entity's metrics in the roundings that are used, and those of its findings' texts."""
    rows = story.metrics[(story.metrics["level"] == story.level) & (story.metrics["entity_id"] == story.entity_id)]
    known: set[str] = set()
    for row in rows.to_dict("records"):
        decimals = story.declared[row["figure"]].decimals
        for column in ("value", "previous", "target", "numerator", "denominator"):
            known |= {f"{row[column]:,.{digits}f}" for digits in (0, decimals)}
            known.add(f"{row[column] / 10_000:,.2f}")
        known |= {f"{abs(row[column]):,.1f}" for column in ("change", "yoy", "ytd_yoy", "completion")}
    effects = story.details["growth_effects"]
    for row in effects[effects["compared_with"] == "previous"].to_dict("records"):
        for name in ("change", "volume_effect", "mix_effect", "price_effect"):
            known |= {f"{abs(row[name]) / unit:,.{digits}f}" for unit, digits in ((10_000, 2), (1_000, 1), (1, 2))}
    findings = story.findings[["evidence", "cause", "countermeasure"]].to_numpy().ravel()
    return known | {number for text in findings for number in NUMBER.findall(str(text))}


def test_customers_whose_grade_changed_are_said_with_the_sales(told: Seen) -> None:
    story = told.story()
    grades = pd.DataFrame(
        [("region", "R1", "previous", 2), ("region", "R1", "last_year", 5), ("region", "R2", "previous", 9)],
        columns=["level", "entity_id", "when", "customers"],
    )
    said = sales_part(replace(story, details={**story.details, "changed_grades": grades}))
    assert said[-1] == (
        "客户级别有调整：与上月不同的2户、与上年同月不同的5户。"
        "同级别的比较按现在的级别，按级别安排的走访按各月当时的级别。"
    )
    assert said[:-1] == sales_part(story)
