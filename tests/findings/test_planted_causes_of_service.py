"""Months in which one thing goes wrong with complaints, visits, satisfaction or supply: the cause told is that, or none
where everything went wrong alike."""

from collections.abc import Mapping

import pytest
from findings_of_month import Seen, seen
from month_builder import MonthBuilder

from pipeline.base.calendar import Month

pytestmark = pytest.mark.slow  # each is a month of its own, from its rows to its findings
JUNE, MAY = Month(2024, 6), Month(2024, 5)
MANAGERS = ("M1", "M2")
DIMENSIONS = ("supply", "manager_service", "delivery", "complaint_handling", "market_order", "profit")
FORMS = ("sales", "visits", "complaints", "satisfaction", "enrolments")


def month(which: Month) -> MonthBuilder:
    sent = frozenset((manager, form) for manager in MANAGERS for form in FORMS)
    one = MonthBuilder(which, dict.fromkeys(MANAGERS, "R1"), sent=sent)
    for product in ("P1", "P2", "P3"):
        one.add("products", product_id=product, product_name=product, brand="金", category="class1")
    for manager in MANAGERS:
        one.add("managers", manager_id=manager, manager_name=manager, region_id="R1")
        for number in range(12):  # six of grade 1, six of grade 5
            one.customer(
                f"{manager}C{number:02d}", manager, customer_name=f"店{number}", channel="grocery",
                grade="1" if number < 6 else "5", visit_weekday="2",
            )  # fmt: skip
    return one


def cause(found: Seen, rule: str, entity: str = "R1") -> str:
    frame = found.frame()
    rows = frame[(frame["rule"] == rule) & (frame["entity_id"] == entity)]
    assert len(rows), f"no finding {rule}"
    return str(rows.iloc[0]["cause"] or "")


def complaints(which: Month, by_category: Mapping[str, int], **more: object) -> MonthBuilder:
    one = month(which)
    for category, count in by_category.items():
        for number in range(count):
            manager = MANAGERS[number % 2]
            product = "P1" if category == "product_quality" else None
            one.case(
                f"T{which}{category}{number}", manager, f"{manager}C{number % 12:02d}",
                one.day(1 + number % 5), category=category, product_id=product, **more,
            )  # fmt: skip
    return one


INDEX = ("satisfaction", "satisfaction_low95")
MANY = {"request": 12, "service_quality": 12, "suggestion": 12}


def test_the_category_that_alone_rose_is_the_cause() -> None:
    more = {**MANY, "service_quality": 40}
    found = seen(complaints(JUNE, more), complaints(MAY, MANY), only=("complaints",))
    assert cause(found, "complaints_rise") == "增加最多的是服务质量类，比上月多28件。"


def test_where_every_category_rose_alike_none_is_the_cause() -> None:
    twice = {name: 2 * count for name, count in MANY.items()}
    found = seen(complaints(JUNE, twice), complaints(MAY, MANY), only=("complaints",))
    assert cause(found, "complaints_rise") == ""


def late(departments: Mapping[str, int]) -> MonthBuilder:
    """Cases received on the third and still open at the end of the month, by department."""
    one = month(JUNE)
    for department, count in departments.items():
        for number in range(count):
            one.case(f"T{department}{number}", "M1", f"M1C{number % 12:02d}", one.day(3), category="request",
                     department=department)  # fmt: skip
    return one


def test_the_department_with_most_of_the_late_cases_is_named() -> None:
    found = seen(late({"law": 9, "service": 4}), only=("on_time_rate",))
    assert cause(found, "on_time_low") == "超期件中专卖科最多，有9件。"


def test_of_departments_that_are_as_late_none_is_named() -> None:
    assert cause(seen(late({"law": 6, "service": 6}), only=("on_time_rate",)), "on_time_low") == ""


def visited(missed_grades: tuple[str, ...]) -> MonthBuilder:
    """Everybody is visited on the four Tuesdays of June, but of customers of these grades nobody."""
    one = month(JUNE)
    for manager in MANAGERS:
        for number in range(12):
            grade = "1" if number < 6 else "5"
            if grade not in missed_grades:
                for day in (4, 11, 18, 25):
                    one.visit(manager, f"{manager}C{number:02d}", day)
    return one


def test_the_grade_that_is_not_visited_is_named() -> None:
    # planned: 12 customers of grade 1 four times, 12 of grade 5 once
    found = seen(visited(("1",)), only=("plan_completion",))
    assert cause(found, "plan_completion_low") == "未完成的48次计划访问中，一级客户占48次。"


def test_where_nobody_is_visited_no_grade_is_the_cause() -> None:
    assert cause(seen(visited(("1", "5")), only=("plan_completion",)), "plan_completion_low") == ""


def answers(which: Month, points: Mapping[str, Mapping[str, int]]) -> MonthBuilder:
    """Answers of all customers by manager and dimension, 8 of 10 where none is said; of supply a point more or less."""
    one = month(which)
    for manager in MANAGERS:
        for number in range(12):
            turn = 1 if number % 2 else -1
            given = {name: points.get(manager, {}).get(name, 8) for name in DIMENSIONS}
            given["supply"] += turn
            one.answer(manager, f"{manager}C{number:02d}", **given)
    return one


def test_the_dimension_that_fell_is_told_with_whom_it_fell() -> None:
    found = seen(answers(JUNE, {"M2": {"delivery": 2}}), answers(MAY, {}), only=INDEX)
    assert cause(found, "satisfaction_down") == "影响最大的维度是送货服务，由8.00分降到5.00分。其中乙降幅最大。"


def test_a_dimension_that_fell_with_everybody_alike_fell_nowhere_in_particular() -> None:
    lower = {manager: {"delivery": 3} for manager in MANAGERS}
    found = seen(answers(JUNE, lower), answers(MAY, {}), only=INDEX)
    assert cause(found, "satisfaction_down") == "影响最大的维度是送货服务，由8.00分降到3.00分。"


def test_where_all_dimensions_fell_alike_none_is_the_cause() -> None:
    lower = {manager: dict.fromkeys(DIMENSIONS, 5) for manager in MANAGERS}
    found = seen(answers(JUNE, lower), answers(MAY, {}), only=INDEX)
    assert cause(found, "satisfaction_down") == ""


def ordered(short: Mapping[str, int]) -> MonthBuilder:
    """Everybody orders 20 of each product; of these so many fewer come to each."""
    one = month(JUNE)
    for manager in MANAGERS:
        for number in range(12):
            for product in ("P1", "P2", "P3"):
                got = 20 - short.get(product, 0)
                one.sale(manager, f"{manager}C{number:02d}", product, got, 100.0 * got, ordered_qty=20)
    return one


@pytest.mark.parametrize(
    ("short", "told"),
    [
        ({"P2": 10}, "P2"),
        ({"P1": 5, "P2": 5, "P3": 5}, None),
        ({"P1": 8, "P2": 8}, None),
    ],
)
def test_the_product_that_is_short_is_named_and_none_where_several_are_alike(
    short: dict[str, int], told: str | None
) -> None:
    text = cause(seen(ordered(short), only=("fill_rate",)), "fill_rate_low")
    assert (told in text) if told else text == ""
