"""Months in which one thing goes wrong: the cause that the findings tell is that one, or none; never another.

Three managers of one region have five customers each; everybody buys the same of four products (two a brand) in May,
and in June but for what is planted. So whatever else is told as a cause would be wrong.
"""

from functools import cache

import pytest
from findings_of_month import Seen, seen
from month_builder import MonthBuilder

from pipeline.base.calendar import Month

pytestmark = pytest.mark.slow  # each is a month of its own, from its rows to its findings
JUNE, MAY = Month(2024, 6), Month(2024, 5)
MANAGERS = ("M1", "M2", "M3")
PRICES = {"P1": 100, "P2": 200, "P3": 50, "P4": 150}
BRANDS = {"P1": "金", "P2": "金", "P3": "银", "P4": "银"}
FIGURES = ("amount", "volume", "fill_rate", "visits", "plan_completion")
Sold = dict[tuple[str, str], tuple[int, int]]  # ordered and sold cartons by customer and product
RULES_WITH_A_CAUSE = {
    "amount_fall",
    "volume_target_missed",
    "target_missed",
    "fill_rate_low",
    "plan_completion_low",
}


def customers() -> dict[str, str]:
    """Five of each manager, by code; C10 is large."""
    return {f"C{manager[1]}{number}": manager for manager in MANAGERS for number in range(5)}


def usual() -> Sold:
    """20 cartons of each product a customer; the large one 300."""
    return {
        (customer, product): ((300, 300) if customer == "C10" else (20, 20))
        for customer in customers()
        for product in PRICES
    }


def month(which: Month, sold: Sold, visits_of: tuple[str, ...] = MANAGERS) -> MonthBuilder:
    sent = frozenset((manager, form) for manager in MANAGERS for form in ("sales", "visits", "enrolments"))
    one = MonthBuilder(which, dict.fromkeys(MANAGERS, "R1"), sent=sent)
    for number, product in enumerate(PRICES):
        one.add(
            "products", product_id=product, product_name=f"品{number}", brand=BRANDS[product], category="class1"
        )
    for customer, manager in customers().items():
        one.customer(
            customer, manager, customer_name=f"店{customer}", grade="1", channel="grocery", visit_weekday="2"
        )
        for day in (4, 11, 18, 25):
            if manager in visits_of:
                one.visit(manager, customer, day)
    for (customer, product), (ordered, cartons) in sold.items():
        manager = customers()[customer]
        amount = float(cartons * PRICES[product])
        if ordered:
            one.sale(manager, customer, product, cartons, amount, ordered_qty=ordered)
    one.add("targets", month=str(which), level="region", entity_id="R1", metric="amount", target=500_000.0)
    return one


def causes(found: Seen, entity: str = "R1") -> dict[str, str]:
    """The causes that are told, by rule."""
    frame = found.frame()
    mine = frame[(frame["entity_id"] == entity) & (frame["cause"] != "")]
    return dict(zip(mine["rule"], mine["cause"], strict=True))


def compared(sold: Sold, **changes: object) -> Seen:
    return seen(month(JUNE, sold, **changes), month(MAY, usual()), only=FIGURES)  # type: ignore[arg-type]


@cache
def stock_out() -> Seen:
    """P2 is ordered as ever; nothing of it comes."""
    return compared(
        {key: (ordered, 0 if key[1] == "P2" else cartons) for key, (ordered, cartons) in usual().items()}
    )


def test_a_stock_out_is_told_as_such_and_not_as_a_weak_product_or_brand() -> None:
    # 14 × 20 + 300 cartons of P2 were not supplied
    told = causes(stock_out())
    assert told["amount_fall"] == "主要原因：品1断货，订货未满足580条。"
    assert told["target_missed"] == told["amount_fall"]
    assert told["fill_rate_low"].startswith("主要原因：品1订货未满足580条")
    assert all("品1" in cause and "未满足580条" in cause for cause in told.values())


def test_customers_that_ordered_and_got_nothing_have_not_stopped_ordering() -> None:
    only_p2 = {key: pair for key, pair in usual().items() if key[0] != "C11" or key[1] == "P2"}
    short = {key: (ordered, 0 if key[1] == "P2" else cartons) for key, (ordered, cartons) in only_p2.items()}
    found = seen(month(JUNE, short), month(MAY, only_p2), only=FIGURES)
    assert found.of("lost_customer") == []
    gone = {key: pair for key, pair in short.items() if key[0] != "C11"}
    left = seen(month(JUNE, gone), month(MAY, only_p2), only=FIGURES)
    assert [one.subject for one in left.of("lost_customer")] == ["C11"]


@cache
def lost() -> Seen:
    return compared({key: pair for key, pair in usual().items() if key[0] != "C10"})


def test_a_lost_large_customer_is_the_cause_and_no_product_or_manager_is() -> None:
    told = causes(lost())
    assert told["amount_fall"] == "主要原因：店C10(C10)上月订货、本月未订；其余客户合计没有同样下降。"
    assert set(told.values()) == {told["amount_fall"]}
    assert lost().of("brand_behind") == []
    assert [one.subject for one in lost().of("lost_customer")] == ["C10"]


def test_of_a_lost_large_customer_that_bought_one_product_the_product_is_not_blamed() -> None:
    before = {key: pair for key, pair in usual().items() if key[0] != "C10" or key[1] == "P4"}
    after = {key: pair for key, pair in before.items() if key[0] != "C10"}
    found = seen(month(JUNE, after), month(MAY, before), only=FIGURES)
    assert set(causes(found).values()) == {"主要原因：店C10(C10)上月订货、本月未订；其余客户合计没有同样下降。"}
    assert found.of("brand_behind") == []


@cache
def competitor() -> Seen:
    """A competitor takes two small customers of each manager, six of a hundred and twenty thousand yuan."""
    small = dict.fromkeys(usual(), (20, 20))
    gone = {f"C{manager[1]}{number}" for manager in MANAGERS for number in (3, 4)}
    now = month(JUNE, {key: pair for key, pair in small.items() if key[0] not in gone})
    for customer in sorted(gone):
        now.add("enrolments", manager_id=customers()[customer], customer_id=customer, kind="leave", lost_to="甲公司",
                effective_on=now.day(3))  # fmt: skip
    return seen(now, month(MAY, small), only=FIGURES)


def test_customers_that_went_to_a_competitor_are_the_cause_with_its_name() -> None:
    told = causes(competitor())
    assert told["amount_fall"] == ("主要原因：上月订货的客户中6户本月未订，其中填报流向甲公司的退网客户6户。")
    assert set(told.values()) == {told["amount_fall"]}


@cache
def offender() -> Seen:
    """C12 sells below the guide price, as three visits saw; the sales are as ever."""
    now = month(JUNE, usual())
    for day in (5, 12, 19):
        now.visit("M1", "C12", day, price_ok=False, observed_price=88.0)
    return seen(now, month(MAY, usual()), only=FIGURES)


def test_a_price_offender_is_named_and_nothing_is_blamed_for_a_fall() -> None:
    assert [one.subject for one in offender().of("price_offence")] == ["C12"]
    assert offender().of("amount_fall") == []
    # the target was beyond reach before: nothing fell, so nothing is the cause
    assert causes(offender()) == {}


@cache
def failing_brand() -> Seen:
    """Every customer buys a quarter of the brand 金."""
    fifth = {
        key: (pair[0] // 4, pair[1] // 4) if key[1] in ("P1", "P2") else pair for key, pair in usual().items()
    }
    return compared(fifth)


def test_a_failing_brand_is_the_cause_though_one_customer_bought_most_of_it() -> None:
    told = causes(failing_brand())
    # P2 alone fell by 435 × 200 of 130,500 yuan, two thirds; without it P1 and the others fell by 43,500 of 174,000
    assert told["amount_fall"] == "主要原因：金品牌比上月减少，其他品牌合计没有同样下降。"
    assert [one.subject for one in failing_brand().of("brand_behind")] == ["金"]
    assert set(told.values()) == {told["amount_fall"]}


def test_a_failing_product_is_the_cause() -> None:
    fallen = {key: (5, 5) if key[1] == "P2" else pair for key, pair in evenly().items()}
    told = causes(seen(month(JUNE, fallen), month(MAY, evenly()), only=FIGURES))
    # 15 customers × 15 cartons × 200 yuan
    assert told["amount_fall"] == "主要原因：品1比上月少45,000元；其余品规合计没有同样下降。"


def evenly() -> Sold:
    return dict.fromkeys(usual(), (20, 20))


@cache
def holiday() -> Seen:
    """M3 is away for the month: no visits, a fifth of the orders."""
    away = {key: (4, 4) if key[0].startswith("C3") else pair for key, pair in evenly().items()}
    return seen(month(JUNE, away, ("M1", "M2")), month(MAY, evenly()), only=FIGURES)


def test_one_managers_month_of_holiday_is_the_cause_and_no_product_customer_or_grade_is() -> None:
    told = causes(holiday())
    assert told["amount_fall"] == (
        "主要原因：丙的客户比上月普遍减少，其走访也不到上月的一半；其余客户经理合计没有同样下降。"
    )
    assert told["plan_completion_low"] == "未完成的20次计划访问中，丙占20次；其余客户经理合计已达标。"
    assert set(told) == {"amount_fall", "target_missed", "plan_completion_low"}
    assert told["target_missed"] == told["amount_fall"]
    own = causes(holiday(), "M3")
    assert "amount_fall" not in own  # everything fell alike: nothing of it is told as the cause


def test_of_a_manager_whose_customers_order_nothing_while_away_no_customer_is_blamed() -> None:
    nothing = {key: pair for key, pair in evenly().items() if not key[0].startswith("C3")}
    found = seen(month(JUNE, nothing, ("M1", "M2")), month(MAY, evenly()), only=FIGURES)
    assert causes(found)["amount_fall"].startswith("主要原因：丙的客户比上月普遍减少")


def test_where_everything_falls_alike_nothing_is_the_cause() -> None:
    half = {key: (pair[0] // 2, pair[1] // 2) for key, pair in usual().items()}
    found = compared(half)
    assert found.of("amount_fall")
    assert causes(found) == {}


@pytest.mark.parametrize("which", [Month(2024, 1), Month(2024, 2)])
def test_around_spring_festival_no_part_of_a_fall_is_told_as_its_cause(which: Month) -> None:
    fallen = {key: (1, 1) if key[1] == "P2" else pair for key, pair in evenly().items()}
    found = seen(month(which, fallen), month(which + -12, evenly()), only=FIGURES)
    assert "amount_fall" not in causes(found) and "target_missed" not in causes(found)
