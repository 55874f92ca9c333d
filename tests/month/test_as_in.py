"""What is forecast, told like with like: each month by the managers and customers of the month that looks at it."""

from functools import cache
from pathlib import Path
from tempfile import mkdtemp

import pandas as pd
import pytest
from month_builder import MonthBuilder, two_customers_each
from small_ledger import opened

from pipeline.base.calendar import Month
from pipeline.figures.as_in import Belonging, changed_values, entities_told_less, with_changed
from pipeline.figures.comparable import Owners
from pipeline.month.opening import Months

LAST_JUNE, MAY, JUNE = Month(2023, 6), Month(2024, 5), Month(2024, 6)
REGIONS = {"M1": "R1", "M2": "R1", "M3": "R2"}
# By month and manager the cartons of each of its two customers.
SOLD = {
    LAST_JUNE: {"M1": 40, "M2": 60, "M3": 100},
    MAY: {"M1": 50, "M2": 30, "M3": 100},
    JUNE: {"M1": 55, "M2": 20, "M3": 110},
}


def month_of(month: Month, regions: dict[str, str], without: str = "", **owners: str) -> MonthBuilder:
    return two_customers_each(month, SOLD[month], regions, [without] if without else [], owners)


@cache
def moved() -> Months:
    """In June 2024 M2 goes to R2 with both customers, and one of M1's customers goes to M3."""
    later = month_of(JUNE, {**REGIONS, "M2": "R2"}, M1C2="M3")
    return opened(Path(mkdtemp()), [month_of(LAST_JUNE, REGIONS), month_of(MAY, REGIONS), later])


@cache
def from_missing() -> Months:
    """In June a customer goes to M1 from M2, who has sent nothing in May."""
    return opened(Path(mkdtemp()), [month_of(MAY, REGIONS, "M2"), month_of(JUNE, REGIONS, M2C1="M1")])


def volumes(frame: pd.DataFrame) -> dict[str, float]:
    own = frame[frame["figure"] == "volume"]
    assert not own.duplicated(["level", "entity_id"]).any()
    return dict(zip(own["entity_id"], own["value"], strict=True))


def test_what_came_is_told_of_those_of_whom_it_was_forecast():
    came = moved().graph.of("came", JUNE)
    # As in May R1 has M1 with both customers, 2 × 55, and M2, 2 × 20; R2 has M3 alone, 2 × 110.
    own = came[came["source"] == "came"]
    assert volumes(own) == {"M1": 110, "M2": 40, "M3": 220, "R1": 150, "R2": 220, "ALL": 370}
    is_moved = own[own["figure"] == "volume"].set_index("entity_id")["moved"]
    assert is_moved.to_dict() == {"M1": True, "M2": False, "M3": True, "R1": True, "R2": True, "ALL": False}


def test_last_years_month_is_told_of_the_same_ones():
    came = moved().graph.of("came", JUNE)
    assert volumes(came[came["source"] == "last_year"]) == {
        "M1": 80, "M2": 120, "M3": 200, "R1": 200, "R2": 200, "ALL": 400
    }  # fmt: skip


def test_what_is_not_wholly_known_has_no_value_but_says_that_somebody_moved():
    of = opened(Path(mkdtemp()), [month_of(MAY, REGIONS), month_of(JUNE, REGIONS, "M2", M1C2="M3")]).graph.of
    came = of("came", JUNE).query("figure == 'volume'").set_index("entity_id")
    # R1 lacks M2; M1 and M3 are told as in May, when M1 had both of its customers.
    assert came["value"].dropna().to_dict() == {"M1": 110, "M3": 220, "R2": 220}
    assert came["moved"].to_dict() == {"M1": True, "M3": True, "R1": True, "R2": True, "ALL": False}


def test_the_course_is_told_of_those_whom_an_entity_has_now():
    course = moved().graph.of("course", JUNE, ("R1", "R2"))
    may, last_june = (volumes(course[course["month"] == str(month)]) for month in (MAY, LAST_JUNE))
    # R1 has M1 with one customer; R2 has M2, M3 and the other one of M1.
    assert may == {"M1": 50, "M2": 60, "M3": 250, "R1": 50, "R2": 310, "ALL": 360}
    assert last_june == {"M1": 40, "M2": 120, "M3": 240, "R1": 40, "R2": 360, "ALL": 400}
    amounts = course[(course["month"] == str(MAY)) & (course["figure"] == "amount")].set_index("entity_id")[
        "value"
    ]
    assert amounts["R2"] == 3100.0


def test_the_course_of_one_region_is_that_of_all():
    of = moved().graph.of
    whole = of("course", JUNE, ("R1", "R2"))
    alone = of("course", JUNE, ("R2",))
    keys = ["month", "level", "entity_id", "figure"]
    own = alone[alone["entity_id"].isin(["R2", "M2", "M3"])].set_index(keys)["value"]
    assert own.sort_index().equals(whole.set_index(keys)["value"].reindex(own.index).sort_index())


def test_a_customer_from_who_had_not_reported_makes_its_new_managers_month_unknown():
    of = from_missing().graph.of
    unknown = of("unknown_as_in", MAY, JUNE)
    assert set(unknown["entity_id"]) == {"M1", "M2", "R1", "ALL"}
    less = of("told_less", JUNE)
    assert {(one.entity_id, one.managers) for one in less.itertuples()} == {
        ("M1", "M2"), ("M2", "M2"), ("R1", "M2"), ("ALL", "M2")
    }  # fmt: skip


@pytest.fixture
def then() -> Belonging:
    pairs = pd.DataFrame({"manager_id": ["M1", "M2"], "customer_id": ["C1", "C2"]})
    return Belonging(Owners(MAY, pairs), pd.Series({"M1": "R1", "M2": "R1"}))


def belonging(regions: dict[str, str], **owner: str) -> Belonging:
    pairs = pd.DataFrame({"manager_id": list(owner.values()), "customer_id": list(owner)})
    return Belonging(Owners(JUNE, pairs), pd.Series(regions))


def values(**own: float) -> pd.DataFrame:
    levels = {"R": "region", "M": "manager", "A": "organisation"}
    return pd.DataFrame([(levels[name[0]], name, "volume", value) for name, value in own.items()],
                        columns=["level", "entity_id", "figure", "value"])  # fmt: skip


def sold(*rows: tuple[str, str, float]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=["manager_id", "customer_id", "volume"])


def test_a_new_manager_in_a_new_region_has_what_its_customers_bought(then):
    now = belonging({"M1": "R1", "M9": "R9"}, C1="M1", C2="M9")
    changed = changed_values(
        values(M1=10, M2=20, R1=30, ALL=30), sold(("M1", "C1", 10), ("M2", "C2", 20)), then, now, ["volume"]
    )
    told = volumes(with_changed(values(M1=10, M2=20, R1=30, ALL=30), changed))
    assert told == {"M1": 10, "M9": 20, "R1": 10, "R9": 20, "ALL": 30}  # of M2 nothing is known any more


def test_what_others_than_its_manager_sold_to_a_customer_stays_with_them(then):
    now = belonging({"M1": "R1", "M2": "R1"}, C1="M2", C2="M2")
    before = values(M1=10, M2=25, R1=35)
    changed = changed_values(
        before, sold(("M1", "C1", 10), ("M2", "C1", 5), ("M2", "C2", 20)), then, now, ["volume"]
    )
    assert volumes(with_changed(before, changed)) == {"M2": 35, "R1": 35}


def test_returns_that_outweigh_the_rest_stay_below_nothing(then):
    now = belonging({"M1": "R1", "M2": "R1"}, C1="M1", C2="M1")
    before = values(M1=10, M2=-20, R1=-10)
    changed = changed_values(before, sold(("M1", "C1", 10), ("M2", "C2", -20)), then, now, ["volume"])
    assert volumes(with_changed(before, changed)) == {"M1": -10, "R1": -10}


def test_where_nobody_moved_nothing_changes(then):
    now = belonging({"M1": "R1", "M2": "R1", "M9": "R2"}, C1="M1", C2="M2", C9="M9")
    before = values(M1=10, M2=20, R1=30)
    changed = changed_values(before, sold(("M1", "C1", 10), ("M2", "C2", 20)), then, now, ["volume"])
    assert changed.empty
    assert with_changed(before, changed) is before


def test_who_had_not_reported_is_missed_where_its_customers_are_now(then):
    now = belonging({"M1": "R1", "M2": "R1", "M9": "R9"}, C1="M1", C2="M9")
    less = entities_told_less(["M2"], then, now)
    assert set(less["entity_id"]) == {"ALL", "R1", "R9", "M2", "M9"}
    assert set(less["manager_id"]) == {"M2"}
