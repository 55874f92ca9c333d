"""The week ahead: the order to go, and what is told of each customer; by hand."""

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd
import pytest

from pipeline.base.calendar import Month
from pipeline.base.month_rows import MonthRows
from pipeline.base.week import Week, weeks_of
from pipeline.contract.facts import Facts
from pipeline.contract.schedule import Look, planned_of
from pipeline.contract.trade import load_profile
from pipeline.month.scheduling import actions_due, actions_on_pages, visits_of_week
from pipeline.subjects.sales.schedule import key_products, last_order, stock_to_sales
from pipeline.subjects.visits.plan import planned_visits
from pipeline.subjects.visits.schedule import days_since, last_offence, last_visit
from pipeline.words import load_words
from schemas.form import all_forms

TOBACCO = load_profile("tobacco")
WORDS = load_words("zh", "tobacco")
JUNE, JULY = Month(2024, 6), Month(2024, 7)
Row = Mapping[str, Any]


def frame(form: str, rows: Sequence[Row], **more: str) -> pd.DataFrame:
    types = {**all_forms()[form].dtypes, **more}
    return pd.DataFrame(
        {name: pd.Series([row.get(name) for row in rows], dtype=kind) for name, kind in types.items()}
    )


def customer(code: str, manager: str = "M1", **given: Any) -> Row:
    told = {"grade": "1", "visit_weekday": "2", "area": "city", "channel": "grocery", "status": "active"}
    return {"customer_id": code, "customer_name": f"店{code}", "manager_id": manager, **told, **given}


def masters(*customers: Row) -> dict[str, pd.DataFrame]:
    managers = [
        {"manager_id": f"M{n}", "manager_name": f"经理{n}", "region_id": "R1" if n < 3 else "R2"}
        for n in (1, 2, 3)
    ]
    return {"customers": frame("customers", customers), "managers": frame("managers", managers)}


def week_of(week: str, *customers: Row) -> pd.DataFrame:
    planned = planned_of(TOBACCO)
    assert planned is not None
    named = Week.parse(week)
    return visits_of_week(named, planned, {month: masters(*customers) for month in named.months}, TOBACCO)


def test_customers_stand_in_the_order_to_go_by_area_address_and_code() -> None:
    """City before town before village; 2号 before 10号 of one road; without an address last; then by code."""
    visits = week_of(
        "2024-W24", customer("A", area="village", address="和平路1号"), customer("B", address="人民路10号"),
        customer("C", address="人民路2号"), customer("D"), customer("E", area="town", address="和平路1号"),
        customer("G", address="人民路2号"), customer("F", address="人民路2号"), customer("X", area=None),
    )  # fmt: skip
    assert visits["customer_id"].tolist() == ["C", "F", "G", "B", "D", "E", "A", "X"]
    assert visits["turn"].tolist() == list(range(1, 9))


def test_each_day_of_each_manager_begins_anew() -> None:
    visits = week_of(
        "2024-W24", customer("A"), customer("B", visit_weekday="3"), customer("C", "M2"), customer("D")
    )
    rows = list(
        zip(visits["manager_id"], visits["due_on"].dt.day, visits["customer_id"], visits["turn"], strict=True)
    )
    assert rows == [("M1", 11, "A", 1), ("M1", 11, "D", 2), ("M1", 12, "B", 1), ("M2", 11, "C", 1)]
    assert set(visits["region_id"]) == {"R1"}


@pytest.mark.parametrize("month", [Month(2024, 2), Month(2024, 5), Month(2024, 9), Month(2024, 10), JUNE])
def test_the_weeks_of_a_month_add_up_to_the_visits_that_plan_completion_counts(month: Month) -> None:
    """In months with Spring Festival, with holidays over their ends, and without; with and without weekdays."""
    given = [
        customer(f"C{n}", f"M{n % 3 + 1}", grade=str(n % 5 + 1), visit_weekday=str(n % 6 or 6) if n % 4 else None)
        for n in range(40)
    ]
    plan = planned_visits(Facts(MonthRows(month, {}, masters(*given)), {}, TOBACCO))
    weeks = pd.concat([week_of(str(week), *given) for week in weeks_of(month)])
    inside = weeks[[month.holds(day.date()) for day in weeks["due_on"]]]
    keys = ["manager_id", "customer_id", "due_on"]
    assert sorted(inside[keys].itertuples(index=False, name=None)) == sorted(
        plan[keys].itertuples(index=False, name=None)
    )
    assert len(plan) > 60


def look(rows: Mapping[str, Mapping[Month, Sequence[Row]]], *customers: Row, products: Sequence[Row] = ()) -> Look:
    known = masters(*customers)
    regions = known["managers"].set_index("manager_id")["region_id"]
    own = known["customers"].assign(region_id=known["customers"]["manager_id"].map(regions))
    months = tuple(sorted({month for held in rows.values() for month in held}, reverse=True))

    def read(form: str, month: Month, columns: tuple[str, ...]) -> pd.DataFrame:
        return frame(form, rows.get(form, {}).get(month, ()), manager_id="str")[list(columns)]

    return Look(
        Week.parse("2024-W27"),
        TOBACCO,
        own,
        frame("products", products),
        months,
        read,
        lambda form: frame(form, ()),
    )


def due(*customers: str, day: str = "2024-07-02") -> pd.DataFrame:
    return pd.DataFrame(
        {"customer_id": customers, "manager_id": "M1", "due_on": pd.Timestamp(day)},
        index=range(5, 5 + len(customers)),
    )


def told(values: pd.Series) -> list[Any]:
    return [None if pd.isna(one) else one for one in values]


def test_the_last_visit_is_the_one_before_the_week_whoever_made_it() -> None:
    days = {JUNE: (dt.date(2024, 6, 4), dt.date(2024, 6, 25)), JULY: (dt.date(2024, 7, 1),)}
    visits = {month: [{"customer_id": "A", "visit_date": day} for day in held] for month, held in days.items()}
    known = look({"visits": visits}, customer("A"))
    assert told(last_visit(known, due("A", "B"), WORDS)) == [pd.Timestamp(2024, 6, 25), None]
    assert told(days_since(known, due("A", "B"), WORDS)) == [7, None]


def test_the_last_offence_is_a_price_not_kept_or_unlawful_trading_not_a_price_at_the_guide_price() -> None:
    seen = {"visit_date": dt.date(2024, 6, 4), "price_ok": False}
    visits = [
        {**seen, "customer_id": "A", "observed_price": 90.0},
        {**seen, "customer_id": "B", "observed_price": 100.0},
        {"customer_id": "C", "visit_date": dt.date(2024, 6, 6), "lawful": False},
    ]
    known = look({"visits": {JUNE: visits}}, customer("A"), products=[{"product_id": "P", "retail_price": 100.0}])
    assert told(last_offence(known, due("A", "B", "C"), WORDS)) == ["24-06-04 价格", None, "24-06-06 不守法"]


def sale(customer_id: str, product: str, sold: int, day: int = 3, stock: int | None = None, **given: Any) -> Row:
    keys = {"customer_id": customer_id, "product_id": product, "manager_id": "M1"}
    told = {"order_date": dt.date(2024, 6, day), "sold_qty": sold, "ordered_qty": sold, "closing_stock": stock}
    return {**keys, **told, **given}


def test_the_last_order_is_looked_for_month_by_month_and_stock_to_sales_is_of_the_newest() -> None:
    """A: 10 and 6 sold less 1 brought back are 15; of P1 the last stock told is 9, of P2 3: 12 ÷ 15."""
    june = [sale("A", "P1", 10, 3, 20), sale("A", "P1", -1, 24, 9, ordered_qty=0), sale("A", "P2", 6, 21, 3)]
    may = [sale("B", "P1", 4, order_date=dt.date(2024, 5, 30))]
    known = look({"sales": {JUNE: june, Month(2024, 5): may}}, customer("A"), customer("B"))
    assert told(last_order(known, due("A", "B", "C"), WORDS)) == [
        pd.Timestamp(2024, 6, 21),
        pd.Timestamp(2024, 5, 30),
        None,
    ]
    assert told(stock_to_sales(known, due("A", "B"), WORDS)) == [0.8, None]


def test_key_products_are_those_most_bought_by_its_like_and_not_by_it() -> None:
    """A's peers are B, C and D (grade, channel and region); E is of another channel, F of another region, G of another
    grade. B, C and D buy P2, B and C P3 and P1, B P4; A buys P1; P5 is no key product; C brought its P4 back."""
    like = [customer(one) for one in "ABCD"]
    others = [customer("E", channel="supermarket"), customer("F", "M3"), customer("G", grade="2")]
    bought = {"A": ["P1"], "B": ["P1", "P2", "P3", "P4"], "C": ["P1", "P2", "P3"], "D": ["P2", "P5"],
              "E": ["P6"], "F": ["P6"], "G": ["P6"]}  # fmt: skip
    sales = [
        sale(one, product, 5, manager_id="M3" if one == "F" else "M1")
        for one, products in bought.items()
        for product in products
    ]
    sales += [sale("C", "P4", 5), sale("C", "P4", -5, 9)]
    products = [
        {"product_id": f"P{n}", "product_name": f"品{n}", "is_key": n != 5, "retail_price": 1.0}
        for n in range(1, 8)
    ]
    known = look({"sales": {JUNE: sales}}, *like, *others, products=products)
    assert told(key_products(known, due("A", "B", "E", "D"), WORDS)) == ["品2、品3、品4", "", "", "品1、品3、品4"]


def test_an_action_stands_with_the_customer_whom_it_names_else_at_the_head_of_the_pages() -> None:
    actions = pd.DataFrame(
        {
            "manager_id": ["M1", "M1", "M1", "M2"], "topic": ["走访", "陈列", "价格", "走访"],
            "problem": ["漏访", "店A陈列差", "晚些再说", "漏访"], "countermeasure": ["补访", "重做", "整改", "补访"],
            "due_on": pd.to_datetime(["2024-07-05", "2024-06-20", "2024-07-08", "2024-07-07"]),
        }
    )  # fmt: skip
    due_now = actions_due(actions, Week.parse("2024-W27"), WORDS)
    visits = due("A", "B").assign(customer_name=["店A", "店B"])
    at_visits, at_head = actions_on_pages(due_now, visits)
    assert at_visits == {5: ["到期对策（24-06-20）：陈列，重做"]}
    assert at_head == {"M1": ["到期对策（24-07-05）：走访，补访"], "M2": ["到期对策（24-07-07）：走访，补访"]}
