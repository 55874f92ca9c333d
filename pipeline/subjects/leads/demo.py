"""Made-up leads: every lead of the whole time at once, then each month's view of those at hand.

Most are reported the same or the next day and closed within weeks; one manager reports late, and some stay open.
"""

import numpy as np
import pandas as pd

from pipeline.base.calendar import Month
from pipeline.demo.chance import draw_texts, stream
from pipeline.demo.names import STREETS
from pipeline.demo.people import Organisation, as_form
from pipeline.demo.sample import Sample
from pipeline.demo.trade import Pair

SEEN_A_MONTH = 0.5  # by a manager
LATE, LATE_OF_LAST = 0.1, 0.7  # share reported after more than a day; of the last manager
CLOSED = 0.85
NEVER = pd.Timestamp.max.normalize()
WHAT: tuple[Pair, ...] = (
    ("无证摊点", "Stall without a licence"),
    ("无证小卖部", "Kiosk without a licence"),
    ("流动摊", "Pedlar"),
    ("茶馆代卖", "Sold under the counter of a teahouse"),
)
DONE: tuple[Pair, ...] = (
    ("取缔", "Shut down"),
    ("劝退", "Persuaded to stop"),
    ("已补办许可证", "Got a licence"),
)
STEPS = ("reported_on", "passed_on", "closed_on", "told_on")


def rows_of(sample: Sample, month: Month) -> pd.DataFrame:
    """The rows of the form leads."""
    return leads_of(sample.once(make_leads), month)


def leads_of(leads: pd.DataFrame, month: Month) -> pd.DataFrame:
    """The leads form of every manager: those seen in the month, and older ones not told back before it began; each as
    it stood at the month's end, with `manager_id`."""
    start, end = pd.Timestamp(month.first_day), pd.Timestamp(month.last_day)
    view = leads[(leads["seen_on"] <= end) & (leads["told_on"] >= start)].reset_index(drop=True)
    view = view.assign(**{step: view[step].where(view[step] <= end) for step in STEPS})
    view = view.assign(handling=view["handling"].where(view["closed_on"].notna()))
    return as_form("leads", view).assign(manager_id=view["manager_id"])


def make_leads(organisation: Organisation) -> pd.DataFrame:
    """All leads: the columns of the form as they end up (NEVER for a day that does not come), and `manager_id`."""
    return pd.concat([_seen_in(organisation, month) for month in organisation.months], ignore_index=True)


def _seen_in(organisation: Organisation, month: Month) -> pd.DataFrame:
    chance, language = stream(organisation.seed, "leads", month), organisation.language
    managers = organisation.managers["manager_id"].to_numpy()
    owner = np.repeat(managers, chance.poisson(SEEN_A_MONTH, len(managers)))
    count = len(owner)
    seen = pd.Series(pd.Timestamp(month.first_day) + _days(chance.integers(0, month.last_day.day, count)))
    late = chance.random(count) < np.where(owner == managers[-1], LATE_OF_LAST, LATE)
    reported = seen + _days(np.where(late, chance.integers(4, 12, count), chance.integers(0, 2, count)))
    passed = reported + _days(chance.integers(1, 6, count))
    stays_open = chance.random(count) >= CLOSED
    closed = (passed + _days(chance.integers(5, 40, count))).mask(stays_open, NEVER)
    told = (closed.mask(stays_open, passed) + _days(chance.integers(1, 5, count))).mask(stays_open, NEVER)
    streets = draw_texts(chance, STREETS, language, count)
    numbers = chance.integers(1, 300, count)
    return pd.DataFrame(
        {
            "manager_id": owner,
            "seen_on": seen,
            "address": [
                f"{street}{number}号" if language == "zh" else f"{number} {street}"
                for street, number in zip(streets, numbers, strict=True)
            ],
            "description": draw_texts(chance, WHAT, language, count),
            "reported_on": reported,
            "passed_on": passed,
            "handling": draw_texts(chance, DONE, language, count),
            "closed_on": closed,
            "told_on": told,
        }
    ).sort_values(["seen_on", "manager_id"], ignore_index=True).assign(
        lead_no=lambda rows: [f"XS{month.year}{month.month:02d}{number:03d}" for number in range(1, len(rows) + 1)]
    )  # fmt: skip


def _days(numbers: np.ndarray) -> pd.TimedeltaIndex:
    return pd.to_timedelta(numbers, unit="D")
