"""Targets that a trade's profile gives: each manager's, added up; those of the master data stand before them."""

import dataclasses

import pandas as pd

from pipeline.base.calendar import Month
from pipeline.contract.figure import Figure
from pipeline.contract.trade import load_profile
from pipeline.figures.own_targets import shares_of_month, with_own_targets

JUNE = Month(2024, 6)
SUM = Figure("new", "新", "New", "户", "x", "", "", (), lambda facts: pd.Series(dtype="float64"))
RATE = dataclasses.replace(SUM, key="rate", unit="%", denominator=SUM.numerator)
MANAGERS = pd.DataFrame(
    {
        "manager_id": ["A1", "A2", "B1"],
        "started_on": pd.to_datetime([None, "2024-06-16", "2020-01-01"]),
        "left_on": pd.to_datetime([None, None, "2024-05-31"]),
    }
)
REGIONS = pd.Series({"A1": "A", "A2": "A", "B1": "B"})
GIVEN = pd.DataFrame({name: pd.Series(dtype="str") for name in ("month", "level", "entity_id", "metric")}).assign(
    target=pd.Series(dtype="float64")
)


def targets(given: pd.DataFrame = GIVEN) -> dict[tuple[str, str, str], float]:
    profile = load_profile("tobacco", {"targets": {"new": 20, "rate": 90}})
    rows = with_own_targets(JUNE, given, MANAGERS, REGIONS, (SUM, RATE), profile)
    return {(one.level, one.entity_id, one.metric): one.target for one in rows.itertuples()}


def test_a_sums_target_is_each_managers_by_days_in_office_and_adds_up() -> None:
    """A2 came on 16 June: 15 of 30 days; B1 had gone."""
    assert shares_of_month(MANAGERS, JUNE) == {"A1": 1, "A2": 0.5}
    found = targets()
    assert found["manager", "A2", "new"] == 10
    assert found["region", "A", "new"] == found["organisation", "", "new"] == 30
    assert ("manager", "B1", "new") not in found


def test_a_rates_target_is_the_same_for_everybody() -> None:
    assert {one for key, one in targets().items() if key[2] == "rate"} == {90}


def test_what_the_master_data_give_stands_and_is_added_up() -> None:
    given = pd.DataFrame([("2024-06", "manager", "A1", "new", 50.0)], columns=GIVEN.columns)
    found = targets(given)
    assert (found["manager", "A1", "new"], found["region", "A", "new"]) == (50, 60)


def test_a_trade_without_targets_of_its_own_has_those_of_the_master_data() -> None:
    assert with_own_targets(JUNE, GIVEN, MANAGERS, REGIONS, (SUM,), load_profile("tobacco")) is GIVEN
