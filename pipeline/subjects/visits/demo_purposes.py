"""Made-up visits of a trade whose customers are seen for a purpose: what each calls for, else one of the usual ones."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from pipeline.base.calendar import Month
from pipeline.demo.chance import draw, draw_texts, sometimes, stream
from pipeline.demo.people import trading_in
from pipeline.demo.sample import Sample
from pipeline.demo.season import open_days

SEEN, SEEN_AGAIN, MOST_VISITS = 0.94, 0.25, 3
SIGNED = 0.96


@dataclass(frozen=True)
class Purposes:
    """The usual purposes by their shares; `due` tells by customer_id for what some are to be visited in a month."""

    shares: Mapping[str, float]
    due: Callable[[Sample, Month], pd.Series]


def visits_for_a_purpose(sample: Sample, month: Month, purposes: Purposes) -> pd.DataFrame:
    """One row per visit, with `manager_id`; times of day and what else a visit has are not among them."""
    organisation = sample.organisation
    chance = stream(organisation.seed, "visits", month)
    customers = trading_in(organisation, month)
    who, day = np.nonzero(_made(chance, open_days(customers, month)))
    visits = pd.DataFrame(
        {
            "manager_id": customers["manager_id"].to_numpy()[who],
            "visit_date": pd.Timestamp(month.first_day) + pd.to_timedelta(day, unit="D"),
            "customer_id": customers["customer_id"].to_numpy()[who],
        }
    ).sort_values(["manager_id", "visit_date", "customer_id"], ignore_index=True)
    count, trade = len(visits), organisation.trade
    usual = draw(chance, purposes.shares, count).tolist()
    due = purposes.due(sample, month).to_dict()
    asked = [due.get(one) for one in visits["customer_id"].mask(visits.duplicated("customer_id"), "")]
    told = draw_texts(chance, trade.market_info, organisation.language, count)
    return visits.assign(
        purpose=[one or other for one, other in zip(asked, usual, strict=True)],
        market_info=sometimes(chance, told, 0.12),
        customer_signed=chance.random(count) < SIGNED,
    )


def _made(chance: np.random.Generator, days: np.ndarray) -> np.ndarray:
    """Customers × days: most customers are seen once a month, some more often."""
    times = np.where(
        chance.random(len(days)) < SEEN, 1 + chance.binomial(MOST_VISITS - 1, SEEN_AGAIN, len(days)), 0
    )
    score = np.where(days, chance.random(days.shape), -1.0)
    rank = (-score).argsort(axis=1).argsort(axis=1)
    made: np.ndarray = days & (rank < times[:, None])
    return made
