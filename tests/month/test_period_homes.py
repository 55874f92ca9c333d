"""Managers of several regions in a quarter are named in both, with the months."""

import pandas as pd

from pipeline.base.calendar import Month
from pipeline.month.period_homes import moves_between

APRIL, MAY, JUNE = (Month(2024, number) for number in (4, 5, 6))
NAMES = pd.DataFrame(
    [("manager", "M1", "甲"), ("manager", "M2", "乙"), ("region", "R1", "东"), ("region", "R2", None)],
    columns=["level", "entity_id", "name"],
)


def moves(*regions_of_m1: str, gone: frozenset[str] = frozenset()) -> list[tuple[str, ...]]:
    """What is told where M1 was in these regions from April on, and M2 in R1 all the time."""
    months = (APRIL, MAY, JUNE)
    then = {
        month: pd.Series({"M1": region, "M2": "R1"}) for month, region in zip(months, regions_of_m1, strict=True)
    }
    absent = {month: gone if month == APRIL else frozenset() for month in months}
    rows = moves_between(then, absent, then[JUNE], NAMES)
    return [tuple(row) for row in rows.itertuples(index=False)]


def test_who_moved_is_told_to_both_regions_with_the_months_of_the_first() -> None:
    assert moves("R1", "R1", "R2") == [
        ("region", "R2", "in", "M1", "甲", "东", "2024-04,2024-05"),
        ("region", "R1", "out", "M1", "甲", "R2", "2024-04,2024-05"),  # a region without a name by its code
    ]


def test_who_came_back_was_elsewhere_in_between() -> None:
    assert [(row[1], row[2], row[6]) for row in moves("R1", "R2", "R1")] == [
        ("R1", "in", "2024-05"),
        ("R2", "out", "2024-05"),
    ]


def test_who_stayed_or_was_not_in_office_before_is_not_told() -> None:
    assert moves("R1", "R1", "R1") == []
    assert moves("R1", "R2", "R2", gone=frozenset({"M1"})) == []
