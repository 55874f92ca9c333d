"""What households of the demo are like, and how they may move: each step out of a state into another.

What stopped or paused of late resumes (复通); what did so long ago comes back as a dormant user (回流). Between the two
nothing happens, so that nobody can take the one for the other.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from schemas.movements import GONE, NEW

FRESH, STALE = range(1, 3), range(5, 10_000)  # months since households stopped: they resume, or come back
INSTALLED, GONE_BACK, STOPPED_BACK, PAUSED_BACK = 0.004, 0.04, 0.05, 0.06  # a month, of those who may
STOPPED_LOST, PAUSED_STOPPED = 0.03, 0.02
BY_ALL_STAFF = 0.3


@dataclass(frozen=True)
class Campaign:
    """A competitor goes for the customers of some kinds in one region (by its number) in the last months: each month it
    takes that share of their active households."""

    region: int
    channels: tuple[str, ...]
    months: int
    share: float
    competitor: str
    reason: str


@dataclass(frozen=True)
class Households:
    """What households are like, by kind of customer: how many a customer has, what one pays a month, in which calendar
    months they pause. `collections` are the calendar months in which arrears are collected."""

    sizes: Mapping[str, float]
    fee_yuan: Mapping[str, float]
    low_seasons: Mapping[str, tuple[int, ...]]
    collections: tuple[int, ...]
    competitors: Mapping[str, float]
    reasons: Mapping[str, float]
    campaign: Campaign


@dataclass(frozen=True)
class Batch:
    """Households that stopped together: in the month of which number (0 is the first), on which day."""

    number: int
    day: pd.Timestamp
    households: int


STATES = ("active", "penalty_stopped", "paused")
# A customer's households by state, in batches, the oldest first; under GONE those lost of it that may come back.
Line = Mapping[str, tuple[Batch, ...]]


def count_of(line: Line, state: str, number: int = 0, ages: range | None = None) -> int:
    """How many households are in a state; of those that came into it so many months before that of the number, where
    that is asked."""
    held = line.get(state, ())
    return sum(one.households for one in held if ages is None or number - one.number in ages)


@dataclass(frozen=True)
class Chances:
    """How likely each step is this month for one customer, and who takes what is lost, and why."""

    arrears: float
    resumed: float
    pauses: float
    pause_ends: float
    lost: float
    lost_to: str
    reason: str


@dataclass(frozen=True)
class Move:
    """So many households move on a day."""

    day: pd.Timestamp
    kind: str
    from_state: str
    households: int
    lost_to: str | None = None
    reason: str | None = None
    brought_by: str | None = None


def connected(size: int, number: int, day: pd.Timestamp, brought_by: str) -> tuple[Line, list[Move]]:
    """A new customer, all of whose households are connected on a day."""
    return {"active": (Batch(number, day, size),)}, [Move(day, "installed", NEW, size, brought_by=brought_by)]


def all_lost(line: Line, day: pd.Timestamp, chances: Chances) -> list[Move]:
    """A customer that leaves, with all that it has."""
    counts = {state: count_of(line, state) for state in STATES}
    return [
        Move(day, "loss", state, count, chances.lost_to, chances.reason)
        for state, count in counts.items()
        if count
    ]


@dataclass(frozen=True)
class Step:
    """One thing that may happen to a customer in a month: of the households that are in a state for so many months
    (None: however long), each moves with that chance."""

    kind: str
    from_state: str
    to: str
    share: float
    ages: range | None = None


def steps(chances: Chances) -> tuple[Step, ...]:
    """What may happen in a month, one after the other."""
    stopped, paused = STATES[1:]
    return (
        Step("return", GONE, "active", GONE_BACK),
        Step("return", stopped, "active", STOPPED_BACK, STALE),
        Step("return", paused, "active", PAUSED_BACK, STALE),
        Step("resume", stopped, "active", chances.resumed, FRESH),
        Step("resume", paused, "active", chances.pause_ends, FRESH),
        Step("penalty_stop", "active", stopped, chances.arrears),
        Step("pause", "active", paused, chances.pauses),
        Step("penalty_stop", paused, stopped, PAUSED_STOPPED, STALE),
        Step("loss", "active", GONE, chances.lost),
        Step("loss", stopped, GONE, STOPPED_LOST, STALE),
    )


MOST_MOVES = 11  # that a customer makes in a month


def month_of(
    chance: np.random.Generator, line: Line, chances: Chances, number: int, days: Sequence[pd.Timestamp]
) -> tuple[Line, list[Move]]:
    """A month of a customer that stays: the line at its end, and the moves that lead to it, one a day of `days`, of
    which there are MOST_MOVES in order. Each step takes its chance and its day whether or not anybody moves."""
    moves = []
    more = int(chance.binomial(count_of(line, "active"), INSTALLED))
    by_all_staff = chance.random() < BY_ALL_STAFF
    if more:
        line = _entered(line, "active", Batch(number, days[0], more))
        staff = "all_staff" if by_all_staff else "manager"
        moves.append(Move(days[0], "installed", NEW, more, brought_by=staff))
    for step, day in zip(steps(chances), days[1:], strict=True):
        count = int(chance.binomial(count_of(line, step.from_state, number, step.ages), step.share))
        if count:
            line = _entered(_without(line, step, count, number), step.to, Batch(number, day, count))
            lost = (chances.lost_to, chances.reason) if step.kind == "loss" else (None, None)
            moves.append(Move(day, step.kind, step.from_state, count, *lost))
    return line, moves


def _entered(line: Line, state: str, batch: Batch) -> Line:
    return {**line, state: (*line.get(state, ()), batch)}


def _without(line: Line, step: Step, count: int, number: int) -> Line:
    """The line without so many of a step's households, those who came into the state first."""
    kept = []
    for one in line.get(step.from_state, ()):
        taken = min(count, one.households) if step.ages is None or number - one.number in step.ages else 0
        count -= taken
        if taken < one.households:
            kept.append(replace(one, households=one.households - taken))
    return {**line, step.from_state: tuple(kept)}
