"""The demo of the power bureau: its rows keep the rules of their forms, and it tells its story."""

import pandas as pd
import pytest

from pipeline.base.calendar import Month
from pipeline.contract.trade import load_profile
from pipeline.demo.people import Organisation, history, make_organisation, masters_in
from pipeline.demo.sample import Sample, rows_of
from pipeline.subjects.orders.demo import all_orders
from pipeline.subjects.orders.demo_desk import station_numbers
from pipeline.trades.power.demo import DESK, INDUSTRIAL, TRADE, masters_of_power
from schemas.form import Context

MONTHS = history(Month(2024, 6), 12)
PROFILE = load_profile("power")
FORMS = ("sales", "needs", "complaints", "visits", "satisfaction")
Rows = dict[Month, dict[str, pd.DataFrame]]
pytestmark = pytest.mark.slow  # half a year of a demo


@pytest.fixture(scope="module")
def organisation() -> Organisation:
    return make_organisation(TRADE, "zh", 20240601, MONTHS, TRADE.managers, TRADE.customers)


@pytest.fixture(scope="module")
def rows(organisation: Organisation) -> Rows:
    sample = Sample(organisation, PROFILE, 3.0)
    return {month: rows_of(sample, month) for month in MONTHS[-6:]}


@pytest.fixture(scope="module")
def orders(organisation: Organisation) -> pd.DataFrame:
    """All orders as they ended, with the station and bureau (by number) of their managers."""
    told, stations = all_orders(organisation), station_numbers(organisation)
    bureaus = {code: number for number, code in enumerate(organisation.regions["region_id"])}
    return told.assign(
        station=told["manager_id"].map(stations),
        bureau=told["manager_id"].map(organisation.region_of).map(bureaus),
        month=told["received_on"].dt.to_period("M").astype(str),
        in_time=told["resolved_on"] <= told["due_on"],
    )


def masters(organisation: Organisation, month: Month) -> dict[str, pd.DataFrame]:
    return dict(masters_of_power(organisation, masters_in(organisation, month)))


def test_every_row_keeps_the_rules_of_its_form(organisation: Organisation, rows: Rows) -> None:
    for month, forms in rows.items():
        known = masters(organisation, month)
        context = Context(pd.Timestamp(month.first_day), pd.Timestamp(month.last_day), known, PROFILE)
        for form in FORMS:
            declared = PROFILE.forms[form]
            broken = [rule.key for rule, _ in declared.broken_rules(forms[form], context) if rule.effect != "note"]
            assert broken == [], (month, form)


def test_there_are_seven_bureaus_with_stations_engineers_and_managers_of_three_classes(
    organisation: Organisation,
) -> None:
    known = masters(organisation, MONTHS[-1])
    assert len(known["regions"]) == 7
    assert set(known["managers"]["role"]) == {"class1", "class2", "class3"}
    assert known["stations"]["pilot_from"].notna().sum() == 3
    assert set(known["engineers"]["department"]) <= {one.key for one in PROFILE.lists["departments"]}
    communities = known["customers"][known["customers"]["channel"] == "community"]
    assert (communities["users"] >= 500).all() and (communities["grade"] == "3").all()


def test_the_industrial_area_short_of_staff_is_late_more_often(orders: pd.DataFrame) -> None:
    by_bureau = orders.groupby("bureau")["in_time"].mean()
    assert by_bureau.idxmin() == INDUSTRIAL and by_bureau[INDUSTRIAL] < by_bureau.median() - 0.08


def test_one_department_is_slow(orders: pd.DataFrame) -> None:
    assert orders.groupby("given_to")["in_time"].mean().idxmin() == "metering"


def test_there_was_a_storm_in_the_month_before_the_last(orders: pd.DataFrame) -> None:
    faults = orders[orders["category"] == "fault"].groupby("month").size()
    assert faults.idxmax() == "2024-05" and faults["2024-05"] > 2 * faults.drop("2024-05").mean()


def test_the_pilot_prevents_complaints_and_is_faster(orders: pd.DataFrame) -> None:
    """Against the same stations before, and the others in the same months."""
    since = orders["month"] >= str(MONTHS[-DESK.pilot_months])
    pilot = orders["station"].isin(DESK.pilots)
    share = (orders["category"] == "complaint").groupby([pilot, since]).mean()
    assert share[True, True] - share[True, False] < share[False, True] - share[False, False]
    faster = orders["in_time"].groupby([pilot, since]).mean()
    assert faster[True, True] - faster[True, False] > faster[False, True] - faster[False, False]
