"""Made-up prospects: every place surveyed in the whole time at once, then each month's view of those at hand.

Who joins as a customer was a prospect before; most others are put on file and given up after a while. One manager
surveys nothing.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from pipeline.base.calendar import Month
from pipeline.demo.chance import draw, draw_texts, in_language, stream
from pipeline.demo.names import SHOP_NAMES, STREETS
from pipeline.demo.people import Organisation, as_form
from pipeline.demo.sample import Sample
from pipeline.demo.trade import Pair

SURVEYED_A_MONTH = 4  # by a manager, besides those who join
ON_FILE_AT_ONCE, INTERESTED = 0.55, 0.3
RENTED = 0.35
SOONEST, LATEST = 5, 45  # days before it signs that a customer was surveyed
NEVER = pd.Timestamp.max.normalize()
STAGES = {"filed": "filed_on", "interested": "interested_on", "signed": "signed_on", "given_up": "given_up_on"}


@dataclass(frozen=True)
class Places:
    """What places use now, by their shares, and what they want."""

    services: Mapping[str, float]
    wants: tuple[Pair, ...]
    rooms: Mapping[str, int]


def rows_of(sample: Sample, month: Month) -> pd.DataFrame:
    """The rows of the form prospects."""
    return prospects_of(sample.once(make_prospects), month)


def prospects_of(prospects: pd.DataFrame, month: Month) -> pd.DataFrame:
    """The prospects form of every manager: those surveyed in the month, and older ones that were open when it began.

    Each row shows the place as it stood at the month's end; with `manager_id`.
    """
    start, end = pd.Timestamp(month.first_day), pd.Timestamp(month.last_day)
    closed = prospects[["signed_on", "given_up_on"]].min(axis=1)
    view = prospects[(prospects["surveyed_on"] <= end) & (closed >= start)].reset_index(drop=True)
    state = pd.Series("surveyed", index=view.index)
    for name, day in STAGES.items():
        state = state.mask(view[day] <= end, name)
    signed = state == "signed"
    view = view.assign(state=state, signed_on=view["signed_on"].where(signed), way=view["way"].where(signed))
    return as_form("prospects", view).assign(manager_id=view["manager_id"])


def make_prospects(organisation: Organisation) -> pd.DataFrame:
    """All prospects: the columns of the form but `state`, `manager_id`, and the day of each of STAGES (NEVER where it
    does not come)."""
    found = pd.concat([_who_joined(organisation), *_others(organisation)], ignore_index=True)
    found = found[found["manager_id"] != organisation.slack_manager]
    found = found.sort_values(["surveyed_on", "name"], ignore_index=True)
    of_month = found["surveyed_on"].dt.strftime("%Y%m")
    number = found.groupby(of_month).cumcount() + 1
    return found.assign(prospect_no="MP" + of_month + number.astype("str").str.zfill(3))


def _who_joined(organisation: Organisation) -> pd.DataFrame:
    """The places that became customers in the months told of, surveyed some weeks before."""
    chance = stream(organisation.seed, "prospects")
    first = pd.Timestamp(organisation.months[0].first_day)
    rows = organisation.customers
    rows = rows[rows["joined_on"] > first + pd.Timedelta(days=LATEST)].reset_index(drop=True)
    days = pd.to_timedelta(chance.integers(SOONEST, LATEST, len(rows)), unit="D")
    surveyed = rows["joined_on"] - days
    made = pd.DataFrame(
        {
            "manager_id": rows["manager_id"],
            "name": rows["customer_name"],
            "kind": rows["channel"],
            "address": rows["address"],
            "surveyed_on": surveyed,
            "filed_on": surveyed,
            "interested_on": surveyed + days / 2,
            "signed_on": rows["joined_on"],
            "given_up_on": NEVER,
        }
    )
    return _described(chance, organisation, made)


def _others(organisation: Organisation) -> list[pd.DataFrame]:
    return [_others_of(organisation, month) for month in organisation.months]


def _others_of(organisation: Organisation, month: Month) -> pd.DataFrame:
    """The places surveyed in a month that never sign."""
    chance = stream(organisation.seed, "prospects", month)
    managers = organisation.managers["manager_id"].to_numpy()
    owner = np.repeat(managers, chance.poisson(SURVEYED_A_MONTH, len(managers)))
    count, trade, language = len(owner), organisation.trade, organisation.language
    kind = draw(chance, trade.channel_shares, count)
    surveyed = pd.Series(
        pd.Timestamp(month.first_day) + pd.to_timedelta(chance.integers(0, month.last_day.day, count), unit="D")
    )
    filed = surveyed + pd.to_timedelta(np.where(chance.random(count) < ON_FILE_AT_ONCE, 0, 30), unit="D")
    made = pd.DataFrame(
        {
            "manager_id": owner,
            "name": _names(chance, organisation, kind),
            "kind": kind,
            "address": [
                f"{street}{number}号" if language == "zh" else f"{number} {street}"
                for street, number in zip(
                    draw_texts(chance, STREETS, language, count), chance.integers(1, 300, count), strict=True
                )
            ],
            "surveyed_on": surveyed,
            "filed_on": filed,
            "interested_on": (filed + pd.Timedelta(days=20)).where(chance.random(count) < INTERESTED, NEVER),
            "signed_on": NEVER,
            "given_up_on": surveyed + pd.to_timedelta(chance.integers(20, 150, count), unit="D"),
        }
    )
    return _described(chance, organisation, made)


def _names(chance: np.random.Generator, organisation: Organisation, kind: np.ndarray) -> list[str]:
    language, words = organisation.language, organisation.trade.shop_words
    names = draw_texts(chance, SHOP_NAMES, language, len(kind))
    between = "" if language == "zh" else " "
    return [
        f"{name}{between}{in_language(words[one][0], language)}" for name, one in zip(names, kind, strict=True)
    ]


def _described(chance: np.random.Generator, organisation: Organisation, made: pd.DataFrame) -> pd.DataFrame:
    """With what the places use now, what they want, how large they are."""
    places: Places = organisation.trade.material["prospects"]
    count = len(made)
    most = made["kind"].map(dict(places.rooms)).to_numpy(dtype="int64")
    wants = draw_texts(chance, places.wants, organisation.language, count)
    return made.assign(
        rooms=pd.Series(np.maximum(1, np.rint(most * chance.random(count)))).astype("Int64"),
        service_now=draw(chance, places.services, count),
        wants=pd.Series(wants).where(chance.random(count) < 0.7),
        way=np.where(chance.random(count) < RENTED, "rented", "new"),
    )
