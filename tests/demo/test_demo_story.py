"""What the demo tells: season, a failing brand, a slack manager, a sinking region, cases that stay open."""

import datetime as dt

import pandas as pd
import pytest

from pipeline.base.calendar import Month
from pipeline.contract.trade import load_profile
from pipeline.demo.people import (
    Organisation,
    customers_in,
    history,
    make_organisation,
    masters_in,
    trading_in,
)
from pipeline.demo.season import demand, spring_festival
from pipeline.subjects.complaints.demo import complaints_of, make_cases
from pipeline.subjects.sales.demo import sales_of
from pipeline.subjects.satisfaction.demo import satisfaction_of
from pipeline.subjects.visits.demo import visits_of
from pipeline.trades.tobacco.demo import TRADE
from schemas.form import Context, all_forms

END = Month(2024, 6)
MONTHS = history(END, 25)
PROFILE = load_profile("tobacco")
pytestmark = pytest.mark.slow  # 25 months of a demo


@pytest.fixture(scope="module")
def organisation() -> Organisation:
    return make_organisation(TRADE, "zh", 20240601, MONTHS, 9, 30)


def volume(organisation: Organisation, month: Month) -> int:
    return int(sales_of(organisation, month, 3.0)["sold_qty"].sum())


def test_it_covers_25_months_up_to_the_last() -> None:
    assert (MONTHS[0], MONTHS[-1], len(MONTHS)) == (Month(2022, 6), END, 25)


@pytest.mark.parametrize(
    ("year", "day"),
    [(2022, dt.date(2022, 2, 1)), (2023, dt.date(2023, 1, 22)), (2024, dt.date(2024, 2, 10))],
)
def test_the_spring_festival_falls_where_the_lunar_calendar_has_it(year: int, day: dt.date) -> None:
    assert spring_festival(year) == day


def test_people_stock_up_before_the_spring_festival_and_rest_after_it(organisation: Organisation) -> None:
    assert demand(Month(2023, 1)) > demand(Month(2024, 1)) > demand(Month(2023, 12))
    assert demand(Month(2023, 2)) < demand(Month(2024, 2))
    assert volume(organisation, Month(2023, 1)) > 1.5 * volume(organisation, Month(2023, 2))


@pytest.mark.parametrize("month", [Month(2022, 6), Month(2023, 1), END])
def test_rows_keep_every_rule_of_their_form(organisation: Organisation, month: Month) -> None:
    masters = masters_in(organisation, month)
    context = Context(pd.Timestamp(month.first_day), pd.Timestamp(month.last_day), masters, PROFILE)
    rows = {
        "sales": sales_of(organisation, month, 3.0),
        "visits": visits_of(organisation, month, PROFILE),
        "complaints": complaints_of(make_cases(organisation), month),
        "satisfaction": satisfaction_of(organisation, month),
    }
    for key, frame in {**masters, **rows}.items():
        form = all_forms()[key]
        form.schema(context).validate(frame, lazy=True)
        assert not frame.duplicated(list(form.same)).any(), key


def test_amount_is_quantity_times_wholesale_price(organisation: Organisation) -> None:
    sales = sales_of(organisation, END, 3.0)
    price = dict(zip(organisation.products["product_id"], organisation.products["wholesale_price"], strict=True))
    for product, quantity, amount in zip(sales["product_id"], sales["sold_qty"], sales["amount"], strict=True):
        assert round(quantity * price[product], 2) == amount


def test_some_lines_are_short_and_some_are_returns(organisation: Organisation) -> None:
    winter = sales_of(organisation, Month(2024, 1), 3.0)
    supplied = winter[winter["ordered_qty"].notna()]
    assert (supplied["sold_qty"] <= supplied["ordered_qty"]).all()
    assert 0.90 < supplied["sold_qty"].sum() / supplied["ordered_qty"].sum() < 0.99
    assert (winter["sold_qty"] < 0).any()


def test_a_customer_orders_about_once_a_week(organisation: Organisation) -> None:
    sales = sales_of(organisation, Month(2024, 3), 3.0)
    days = sales.groupby("customer_id")["order_date"].nunique()
    assert days.mean() == pytest.approx(31 / 7, rel=0.12)


def test_one_brand_fails(organisation: Organisation) -> None:
    brand = organisation.products.set_index("product_id")["brand"]

    def share(month: Month) -> float:
        sales = sales_of(organisation, month, 3.0)
        of_brand = sales["product_id"].map(brand) == "锦程"
        return float(sales.loc[of_brand, "sold_qty"].sum() / sales["sold_qty"].sum())

    assert share(END) < 0.5 * share(END + (-12))


def test_one_manager_visits_too_little_of_late(organisation: Organisation) -> None:
    def visits(month: Month) -> pd.Series:
        return visits_of(organisation, month, PROFILE).groupby("manager_id").size()

    def beside_the_others(month: Month) -> float:
        counted = visits(month)
        return float(counted[organisation.slack_manager] / counted.drop(organisation.slack_manager).mean())

    assert beside_the_others(END) < 0.75 * beside_the_others(END + (-12))


def test_visits_of_a_day_follow_one_another(organisation: Organisation) -> None:
    visits = visits_of(organisation, END, PROFILE).sort_values(["manager_id", "visit_date", "arrived_at"])
    next_arrival = visits.groupby(["manager_id", "visit_date"])["arrived_at"].shift(-1)
    assert (visits["left_at"] <= next_arrival)[next_arrival.notna()].all()
    assert visits["left_at"].max() < 18 * 60


def test_satisfaction_sinks_in_one_region(organisation: Organisation) -> None:
    def supply(month: Month) -> pd.Series:
        answers = satisfaction_of(organisation, month)
        return answers.groupby(answers["manager_id"].map(organisation.region_of))["supply"].mean()

    fall = supply(END + (-12)) - supply(END)
    sinking = organisation.sinking_region
    assert fall[sinking] > 1.0
    assert fall.drop(sinking).abs().max() < 1.0


def test_complaints_pile_up_on_one_product(organisation: Organisation) -> None:
    cases = make_cases(organisation)
    recent = cases[cases["received_on"] >= pd.Timestamp(2024, 4, 1)]
    by_product = recent["product_id"].value_counts()
    assert by_product.index[0] == "P010"
    assert by_product.iloc[0] >= 15


def test_an_open_case_comes_back_next_month_with_its_progress(organisation: Organisation) -> None:
    cases = make_cases(organisation)
    may, june = (complaints_of(cases, month).set_index("complaint_no") for month in (END + (-1), END))
    still_open = may.index[may["resolved_on"].isna()]
    assert len(still_open) > 0
    assert set(still_open) <= set(june.index)
    assert (june.loc[still_open, "received_on"] == may.loc[still_open, "received_on"]).all()
    assert (may.loc[still_open, ["action", "rating"]].isna()).all(axis=None)


def test_nothing_of_the_next_month_is_known_yet(organisation: Organisation) -> None:
    rows = complaints_of(make_cases(organisation), END)
    for day in ("received_on", "inspected_on", "decided_on", "resolved_on", "replied_on"):
        assert not (rows[day] > pd.Timestamp(END.last_day)).any()


def test_customers_come_go_and_change_hands(organisation: Organisation) -> None:
    first, last = (customers_in(organisation, month).set_index("customer_id") for month in (MONTHS[0], END))
    assert len(first) == 9 * 30
    assert len(last) > len(first)
    assert (last["status"] == "left").any()
    assert (last.loc[first.index, "manager_id"] != first["manager_id"]).any()
    region = organisation.region_of
    assert (last["manager_id"].map(region).loc[first.index] == first["manager_id"].map(region)).all()


def test_some_customers_fall_silent_though_nobody_says_they_left(organisation: Organisation) -> None:
    here = trading_in(organisation, END)
    before = trading_in(organisation, END + (-6))
    ordered_before = set(sales_of(organisation, END + (-6), 3.0)["customer_id"])
    ordered = set(sales_of(organisation, END, 3.0)["customer_id"]) | set(
        sales_of(organisation, END + (-1), 3.0)["customer_id"]
    )
    both = set(here["customer_id"]) & set(before["customer_id"]) & ordered_before
    assert 0 < len(both - ordered) < 20
