"""The households of every customer of the demo over all months: what both of its forms are cut from, so that they agree
to the household."""

from typing import Any

import numpy as np
import pandas as pd

from pipeline.base.calendar import Month
from pipeline.demo.chance import draw, stream
from pipeline.demo.people import Organisation
from pipeline.subjects.subscriptions.demo_story import (
    BY_ALL_STAFF,
    MOST_MOVES,
    STATES,
    Batch,
    Chances,
    Households,
    Line,
    Move,
    all_lost,
    connected,
    count_of,
    month_of,
)

STOPPED, PAUSED = (0.5, 4.5), (0.5, 6.0)  # at the start: shares of a customer's households (beta distribution)
LONGEST_STOPPED = 48  # months before the first one
FEWEST = 3
ARREARS, ARREARS_BEFORE_COLLECTION = 0.008, 0.022
RESUMED, RESUMED_IN_COLLECTION = 0.12, 0.55
PAUSES, PAUSES_IN_LOW_SEASON = 0.002, 0.05
PAUSE_ENDS, PAUSE_ENDS_AFTER_LOW_SEASON = 0.15, 0.75
LOST = 0.005
MONTHS_BEFORE_COLLECTION = 2


def lines_and_moves(organisation: Organisation) -> tuple[pd.DataFrame, pd.DataFrame]:
    """How each customer stands at the end of each month it is there, and what moved in it.

    Lines: month (its number, from 0), customer_id, each of STATES, stopped_since. Moves: month, customer_id,
    happened_on, kind, from_state, households, lost_to, reason, brought_by.
    """
    story: Households = organisation.trade.material["subscriptions"]
    customers: Any = organisation.customers
    sizes, lines = _at_the_start(organisation, story)
    stood: list[dict[str, object]] = []
    moved: list[dict[str, object]] = []
    for number, month in enumerate(organisation.months):
        chance = stream(organisation.seed, "subscriptions", month)
        likely = _all_chances(chance, organisation, month)
        for place, customer in enumerate(customers.itertuples()):
            chances = likely[place]
            lines[place], moves = _month_of(chance, customer, lines[place], sizes[place], chances, (number, month))
            moved += [_as_row(number, customer, move) for move in moves]
            if _is_there(customer, month):
                stood.append(_standing(number, customer, lines[place]))
    return pd.DataFrame(stood), pd.DataFrame(moved)


def _is_there(customer: Any, month: Month) -> bool:
    """Whether it has joined, and not left, by the month's end."""
    end = pd.Timestamp(month.last_day)
    return bool(customer.joined_on <= end and (pd.isna(customer.left_on) or customer.left_on > end))


def _month_of(
    chance: np.random.Generator, customer: Any, line: Line, size: int, chances: Chances, when: tuple[int, Month]
) -> tuple[Line, list[Move]]:
    """A customer's month: it joins, leaves, or goes on."""
    number, month = when
    by_all_staff = chance.random() < BY_ALL_STAFF
    if number and month.holds(customer.joined_on.date()):
        return connected(size, number, customer.joined_on, "all_staff" if by_all_staff else "manager")
    if not pd.isna(customer.left_on) and month.holds(customer.left_on.date()):
        return {}, all_lost(line, customer.left_on, chances)
    if not _is_there(customer, month):
        return line, []
    days = np.sort(chance.integers(0, month.last_day.day, MOST_MOVES))
    first = pd.Timestamp(month.first_day)
    return month_of(chance, line, chances, number, [first + pd.Timedelta(days=int(one)) for one in days])


def _as_row(number: int, customer: Any, move: Move) -> dict[str, object]:
    kept = {name: value for name, value in vars(move).items() if name != "day"}
    return {"month": number, "customer_id": str(customer.customer_id), "happened_on": move.day, **kept}


def _standing(number: int, customer: Any, line: Line) -> dict[str, object]:
    since = min((one.day for one in line.get("penalty_stopped", ())), default=pd.NaT)
    counts = {state: count_of(line, state) for state in STATES}
    return {"month": number, "customer_id": str(customer.customer_id), **counts, "stopped_since": since}


def _at_the_start(organisation: Organisation, story: Households) -> tuple[list[int], list[Line]]:
    """How many households each customer has when it comes; who is there from the start has some stopped and paused,
    most of them for long."""
    chance = stream(organisation.seed, "subscriptions")
    first = pd.Timestamp(organisation.months[0].first_day)
    sizes: list[int] = []
    lines: list[Line] = []
    customers: Any = organisation.customers
    for customer in customers.itertuples():
        size = max(FEWEST, round(story.sizes[str(customer.channel)] * float(chance.lognormal(-0.18, 0.6))))
        stopped, paused = (int(chance.binomial(size, chance.beta(*shape))) for shape in (STOPPED, PAUSED))
        counts = (size - stopped - min(paused, size - stopped), stopped, min(paused, size - stopped))
        ages = [LONGEST_STOPPED, *chance.integers(1, LONGEST_STOPPED, 2).tolist()]
        held = zip(STATES, ages, counts, strict=True)
        there = {state: Batch(-age, first - pd.DateOffset(months=age), count) for state, age, count in held}
        line = {state: (batch,) for state, batch in there.items() if batch.households}
        sizes.append(size)
        lines.append(line if customer.joined_on < first else {})
    return sizes, lines


def attacked_in(organisation: Organisation, month: Month) -> np.ndarray:
    """Which customers a competitor's campaign goes for in a month."""
    campaign = organisation.trade.material["subscriptions"].campaign
    regions, customers = organisation.regions["region_id"].tolist(), organisation.customers
    here = regions[min(campaign.region, len(regions) - 1)]
    of_late = organisation.number(month) >= len(organisation.months) - campaign.months
    there = customers["manager_id"].map(organisation.region_of) == here
    attacked: np.ndarray = (there & customers["channel"].isin(campaign.channels) & of_late).to_numpy(dtype=bool)
    return attacked


def _all_chances(chance: np.random.Generator, organisation: Organisation, month: Month) -> list[Chances]:
    """What is likely for each customer in a month."""
    story, customers = organisation.trade.material["subscriptions"], organisation.customers
    lost = [draw(chance, shares, len(customers)).tolist() for shares in (story.competitors, story.reasons)]
    whose = zip(customers["channel"], attacked_in(organisation, month).tolist(), *lost, strict=True)
    return [
        _chances(story, month, str(channel), attacked, lost_to, reason)
        for channel, attacked, lost_to, reason in whose
    ]


def _chances(story: Households, month: Month, channel: str, attacked: bool, lost_to: str, reason: str) -> Chances:
    low, campaign = story.low_seasons.get(channel, ()), story.campaign
    before = {(month + ahead).month for ahead in range(1, MONTHS_BEFORE_COLLECTION + 1)}
    low_season_over = month.month not in low and (month + -1).month in low
    return Chances(
        arrears=ARREARS_BEFORE_COLLECTION if before & set(story.collections) else ARREARS,
        resumed=RESUMED_IN_COLLECTION if month.month in story.collections else RESUMED,
        pauses=PAUSES_IN_LOW_SEASON if month.month in low else PAUSES,
        pause_ends=PAUSE_ENDS_AFTER_LOW_SEASON if low_season_over else PAUSE_ENDS,
        lost=campaign.share if attacked else LOST,
        lost_to=campaign.competitor if attacked else lost_to,
        reason=campaign.reason if attacked else reason,
    )
