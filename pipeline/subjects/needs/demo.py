"""Made-up needs: every need of the whole time at once, then each month's view of those at hand."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from pipeline.base.calendar import Month
from pipeline.demo.chance import draw, in_language, stream
from pipeline.demo.people import NEVER, Organisation, as_form, customers_in
from pipeline.demo.sample import Sample
from pipeline.demo.trade import Pair
from schemas.needs import DONE, REFUSED, STEPS

FORM = "needs"
REFUSED_SHARE = 0.07
SLOW, SHORT = 2.6, 2.2  # times as long: a slow department, a leader short of time


@dataclass(frozen=True)
class Wishes:
    """What the demo's needs are made of: how many a customer raises in a month; topics by share; by topic what is
    wanted, the department that does it, and the measure that would prevent it; the slow department; the number of the
    region whose leader has no time."""

    a_customer: float
    topics: Mapping[str, float]
    wanted: Mapping[str, Sequence[Pair]]
    departments: Mapping[str, str]
    prevention: Mapping[str, Pair]
    slow: str
    short: int


def rows_of(sample: Sample, month: Month) -> pd.DataFrame:
    """The rows of the form needs: those raised by the month's end that were not closed when it began, as they stood."""
    needs = sample.once(all_needs)
    start, end = pd.Timestamp(month.first_day), pd.Timestamp(month.last_day)
    view = needs[(needs["raised_on"] <= end) & (needs["last_on"] >= start)].reset_index(drop=True)
    for day in (*STEPS[1:], REFUSED):
        view[day] = view[day].where(view[day] <= end)
    published = view["published_on"].notna()
    view = view.assign(
        department=view["department"].where(published), prevention=view["prevention"].where(view[DONE].notna())
    )
    view = view.sort_values(["manager_id", "raised_on", "need_no"], ignore_index=True)
    return as_form(FORM, view).assign(manager_id=view["manager_id"].to_numpy())


def all_needs(organisation: Organisation) -> pd.DataFrame:
    """All needs: the columns of the form as they end up, `manager_id`, and `last_on`, the day they were closed."""
    return pd.concat([_needs_of(organisation, month) for month in organisation.months], ignore_index=True)


def _needs_of(organisation: Organisation, month: Month) -> pd.DataFrame:
    wishes: Wishes = organisation.trade.material["needs"]
    chance = stream(organisation.seed, "needs", month)
    customers = customers_in(organisation, month)
    stays = organisation.customers.loc[customers.index, "left_on"].isna() & (customers["moves_in"] == NEVER)
    customers = customers[stays & (customers["joined_on"] < pd.Timestamp(month.first_day))]
    chosen = customers[chance.random(len(customers)) < wishes.a_customer]
    count, language = len(chosen), organisation.language
    topic = draw(chance, wishes.topics, count)
    texts = [wishes.wanted[one][int(chance.integers(0, len(wishes.wanted[one])))] for one in topic]
    days = np.sort(chance.integers(0, month.last_day.day, count))
    needs = pd.DataFrame(
        {
            "need_no": [f"XQ{month.year}{month.month:02d}{number:03d}" for number in range(1, count + 1)],
            "raised_on": pd.Timestamp(month.first_day) + pd.to_timedelta(days, unit="D"),
            "customer_id": chosen["customer_id"].to_numpy(),
            "manager_id": chosen["manager_id"].to_numpy(),
            "topic": topic,
            "description": [in_language(one, language) for one in texts],
            "department": [wishes.departments[one] for one in topic],
            "prevention": [in_language(wishes.prevention[one], language) for one in topic],
        }
    )
    return _with_steps(chance, organisation, needs)


def _with_steps(chance: np.random.Generator, organisation: Organisation, needs: pd.DataFrame) -> pd.DataFrame:
    wishes: Wishes = organisation.trade.material["needs"]
    count = len(needs)
    regions = {code: number for number, code in enumerate(organisation.regions["region_id"])}
    region = needs["manager_id"].map(organisation.region_of).map(regions)
    slow = np.where(needs["department"] == wishes.slow, SLOW, 1.0)
    short = np.where(region == wishes.short, SHORT, 1.0)
    gaps = {
        "reviewed_on": chance.integers(0, 5, count) * short,
        "reported_on": chance.integers(0, 5, count),
        "published_on": chance.integers(1, 9, count),
        "received_on": chance.integers(0, 4, count),
        "done_on": chance.integers(3, 21, count) * slow,
    }
    day, made = needs["raised_on"], {}
    for step, gap in gaps.items():
        day = day + pd.to_timedelta(np.rint(gap), unit="D")
        made[step] = day
    refused = chance.random(count) < REFUSED_SHARE
    until = made["reported_on"].where(refused)
    steps = {
        step: days if step in ("reviewed_on", "reported_on") else days.where(~refused)
        for step, days in made.items()
    }
    return needs.assign(**steps, refused_on=until, last_on=steps[DONE].fillna(until))
