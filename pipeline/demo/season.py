"""How much is asked for in a month, beside an average one."""

import datetime as dt
from functools import cache

import numpy as np
import pandas as pd

from pipeline.base.calendar import Month, is_working_day

# Average demand of each month apart from the Spring Festival: weddings and holidays in autumn, quiet summers.
MONTH_FACTORS = (1.00, 0.96, 0.95, 0.97, 1.01, 0.96, 0.94, 0.98, 1.06, 1.05, 0.99, 1.06)
DAYS_BEFORE, DAYS_AFTER = 21, 14
RISE_BEFORE, FALL_AFTER = 0.85, 0.45


def demand(month: Month) -> float:
    """The month's demand: its season, raised in the weeks before the Spring Festival, lowered after it."""
    return MONTH_FACTORS[month.month - 1] * (1 + festival(month))


def festival(month: Month) -> float:
    """What the Spring Festival adds to the month's demand: above zero before the feast, below after it."""
    feast = spring_festival(month.year)
    before = _share(month, feast - dt.timedelta(days=DAYS_BEFORE), DAYS_BEFORE)
    after = _share(month, feast, DAYS_AFTER)
    return RISE_BEFORE * before - FALL_AFTER * after


def working_days(month: Month) -> np.ndarray:
    """Which of the month's days, in order, are working days in mainland China."""
    return np.array([is_working_day(day) for day in month.days()])


def _share(month: Month, first: dt.date, days: int) -> float:
    """Which part of the month the `days` days from `first` on take up."""
    inside = sum(month.holds(first + dt.timedelta(days=step)) for step in range(days))
    return inside / month.last_day.day


@cache
def spring_festival(year: int) -> dt.date:
    """The first day of the lunar year that begins in this year."""
    import holidays

    feasts = holidays.country_holidays("CN", years=year, language="en_US")
    return min(day for day, name in feasts.items() if name.startswith("Chinese New Year ("))


def open_days(customers: pd.DataFrame, month: Month) -> np.ndarray:
    """Customers × days of the month: working days on which the customer had joined and not left."""
    days = pd.Timestamp(month.first_day).to_datetime64() + np.arange(month.last_day.day) * np.timedelta64(1, "D")
    joined = customers["joined_on"].to_numpy()[:, None] <= days[None, :]
    left = customers["left_on"].to_numpy()[:, None] < days[None, :]  # False where it never left
    is_open: np.ndarray = joined & ~left & working_days(month)[None, :]
    return is_open
