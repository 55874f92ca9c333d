"""Made-up survey answers of a month: every region about the same, but for one that sinks."""

import numpy as np
import pandas as pd

from pipeline.base.calendar import Month
from pipeline.demo.chance import draw_texts, sometimes, stream
from pipeline.demo.people import Organisation, as_form, trading_in
from pipeline.demo.sample import Sample
from pipeline.demo.season import open_days

ASKED = 0.25  # share of the customers that answer in a month
LEVELS = {
    "supply": 7.4,
    "manager_service": 8.6,
    "delivery": 8.3,
    "complaint_handling": 8.0,
    "market_order": 7.8,
    "profit": 7.2,
}
SINKING_MONTHS = 6
SINKING = {"supply": 0.35, "delivery": 0.25, "complaint_handling": 0.12}  # points lost a month
NOISE = 1.1
LEFT_OPEN, MOST_OPEN = 0.06, 2
METHODS = {"phone": 0.55, "on_site": 0.25, "online": 0.20}


def rows_of(sample: Sample, month: Month) -> pd.DataFrame:
    """The rows of the form satisfaction."""
    return satisfaction_of(sample.organisation, month)


def satisfaction_of(organisation: Organisation, month: Month) -> pd.DataFrame:
    """The satisfaction form of every manager: one row per answer, with `manager_id`."""
    chance = stream(organisation.seed, "satisfaction", month)
    customers = trading_in(organisation, month)
    days = open_days(customers, month)
    asked = np.flatnonzero((chance.random(len(customers)) < ASKED) & days.any(axis=1))
    chosen = customers.iloc[asked]
    score = np.where(days[asked], chance.random((len(asked), days.shape[1])), -1.0)
    answers = pd.DataFrame(
        {
            "manager_id": chosen["manager_id"].to_numpy(),
            "surveyed_on": pd.Timestamp(month.first_day) + pd.to_timedelta(score.argmax(axis=1), unit="D"),
            "customer_id": chosen["customer_id"].to_numpy(),
            "method": chance.choice(np.array(list(METHODS)), len(chosen), p=list(METHODS.values())),
            **_scores(chance, organisation, month, chosen),
        }
    )
    texts = draw_texts(chance, organisation.trade.comments, organisation.language, len(answers))
    answers["comment"] = sometimes(chance, texts, 0.2)
    answers = answers.sort_values(["manager_id", "surveyed_on", "customer_id"], ignore_index=True)
    return as_form("satisfaction", answers).assign(manager_id=answers["manager_id"])


def _scores(
    chance: np.random.Generator, organisation: Organisation, month: Month, customers: pd.DataFrame
) -> dict[str, pd.Series]:
    """Each dimension, 1 to 10; at most `MOST_OPEN` of them left open in an answer."""
    count, dimensions = len(customers), list(LEVELS)
    sinks = (customers["manager_id"].map(organisation.region_of) == organisation.sinking_region).to_numpy()
    since = max(0, organisation.number(month) - (len(organisation.months) - 1 - SINKING_MONTHS))
    lost = np.array([SINKING.get(dimension, 0.0) for dimension in dimensions]) * since
    level = np.array(list(LEVELS.values()))[None, :] - sinks[:, None] * lost[None, :]
    mood = chance.normal(0, 0.6, count)[:, None]
    scores = np.clip(np.rint(level + mood + chance.normal(0, NOISE, (count, len(dimensions)))), 1, 10)
    is_open = chance.random(scores.shape) < LEFT_OPEN
    is_open &= np.cumsum(is_open, axis=1) <= MOST_OPEN
    return {
        dimension: pd.Series(scores[:, number]).astype("Int64").mask(is_open[:, number])
        for number, dimension in enumerate(dimensions)
    }
