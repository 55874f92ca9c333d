"""Resumed after a short stop, come back after a long one: told where a movement says the other, and only what is
certain. Stops lie in the movements, or in last month's form; months from which on they are long: 3."""

import pandas as pd
import pytest

from pipeline.base.calendar import Month
from pipeline.base.month_rows import MonthRows
from pipeline.contract.facts import Facts
from pipeline.contract.trade import load_profile
from pipeline.subjects.movements.dormant import wrong_kinds

PROFILE = load_profile("cable")
JUNE = Month(2024, 6)
Row = dict[str, object]


def rows(form: str, given: list[Row]) -> pd.DataFrame:
    columns = {
        "manager_id": "M1",
        "region_id": "R1",
        "source_file": "a.xlsx",
        "source_sheet": "s",
        "source_row": 7,
    }
    frame = pd.DataFrame([{**columns, **one} for one in given] or [columns]).iloc[: len(given)]
    dtypes = PROFILE.forms[form].dtypes
    return frame.reindex(columns=[*columns, *dtypes]).astype({**dtypes, "manager_id": "str", "region_id": "str"})


def month(which: Month, moves: list[Row], states: list[Row]) -> MonthRows:
    managers = pd.DataFrame({"manager_id": ["M1"], "region_id": ["R1"]}, dtype="str")
    told = {"movements": rows("movements", moves), "subscriptions": rows("subscriptions", states)}
    return MonthRows(which, told, {"managers": managers}, frozenset())


def move(day: str, kind: str, from_state: str) -> Row:
    return {
        "happened_on": pd.Timestamp(day),
        "customer_id": "C1",
        "kind": kind,
        "from_state": from_state,
        "households": 2,
    }


def state(stopped: int, since: str | None = None) -> Row:
    return {
        "customer_id": "C1",
        "penalty_stopped": stopped,
        "paused": 0,
        "stopped_since": since and pd.Timestamp(since),
    }


def found(again: Row, earlier: dict[int, tuple[list[Row], list[Row]]]) -> list[str]:
    before = {JUNE + -back: month(JUNE + -back, *told) for back, told in earlier.items()}
    told = wrong_kinds(Facts(month(JUNE, [again], []), before, PROFILE))
    return [f"{row.kind} {row.since:%m-%d}" for row in told.itertuples()]


PAUSED_IN_FEBRUARY = {4: ([move("2024-02-10", "pause", "active")], [state(0)]), 3: ([], [state(0)])}


@pytest.mark.parametrize(
    ("again", "earlier", "expected"),
    [
        (move("2024-06-11", "resume", "paused"), PAUSED_IN_FEBRUARY, ["resume 02-10"]),
        (move("2024-06-11", "return", "paused"), PAUSED_IN_FEBRUARY, []),
        (move("2024-06-10", "resume", "penalty_stopped"), {1: ([], [state(2, "2024-03-10")])}, []),
        (move("2024-06-11", "resume", "penalty_stopped"), {1: ([], [state(2, "2024-03-10")])}, ["resume 03-10"]),
        (move("2024-06-11", "resume", "paused"), {}, []),  # stopped before the data: nothing is asked
        (
            move("2024-06-11", "return", "penalty_stopped"),
            {1: ([move("2024-05-02", "penalty_stop", "active")], [state(2)]), 3: ([], [state(0)])},
            ["return 05-02"],
        ),
        (  # some of its households were stopped before: these may be the old ones
            move("2024-06-11", "return", "penalty_stopped"),
            {1: ([move("2024-05-02", "penalty_stop", "active")], [state(4)]), 3: ([], [state(2)])},
            [],
        ),
        (move("2024-06-11", "return", "gone"), PAUSED_IN_FEBRUARY, []),
    ],
)  # fmt: skip
def test_the_kind_is_told_by_how_long_the_stop_was(again, earlier, expected) -> None:
    assert found(again, earlier) == expected
