"""Numbers that the calendar gives each month: its share of a festival's days, its working days.

A month is counted as year × 12 + month − 1.
"""

from __future__ import annotations

import calendar as days_of
import datetime as dt
from functools import lru_cache

import holidays

from pipeline.forecast.history import SEASON

FESTIVAL_DAYS = 7
GIFT_DAYS = 14  # up to the Mid-Autumn Festival
SATURDAY, USUAL_WEEKDAYS = 5, 21
FIRST_MID_AUTUMN = 2008  # the first year in which the festival is a holiday
FIRST_FESTIVAL, LAST_FESTIVAL = 1950, 2100  # years the calendar of the library covers


@lru_cache(maxsize=4096)
def spring_festival_share(month: int) -> float:
    """Share of the seven days from Chinese New Year on that fall into a month (year × 12 + month − 1)."""
    year, index = divmod(month, SEASON)
    if not FIRST_FESTIVAL <= year <= LAST_FESTIVAL:
        return 0.0
    first = _new_year(year)
    festival = (first + dt.timedelta(days=day) for day in range(FESTIVAL_DAYS))
    return sum(day.month == index + 1 for day in festival) / FESTIVAL_DAYS


@lru_cache(maxsize=256)
def _new_year(year: int) -> dt.date:
    named = holidays.country_holidays("CN", years=year, language="en_US")
    return min(
        day for day, name in named.items() if name == "Chinese New Year (Spring Festival)" and day.year == year
    )


@lru_cache(maxsize=4096)
def mid_autumn_share(month: int) -> float:
    """Share of the two weeks up to the Mid-Autumn Festival that fall into a month (year × 12 + month − 1)."""
    year, index = divmod(month, SEASON)
    if not FIRST_MID_AUTUMN <= year <= LAST_FESTIVAL or not 7 <= index <= 9:
        return 0.0
    festival = _mid_autumn(year)
    before = (festival - dt.timedelta(days=day) for day in range(GIFT_DAYS))
    return sum(day.month == index + 1 for day in before) / GIFT_DAYS


@lru_cache(maxsize=256)
def _mid_autumn(year: int) -> dt.date:
    named = holidays.country_holidays("CN", years=year, language="en_US")
    return min(day for day, name in named.items() if "Mid-Autumn" in name and day.year == year)


@lru_cache(maxsize=4096)
def working_days_share(month: int) -> float:
    """How many more days from Monday to Friday a month has than 21, over 21.

    Holidays are left to the festivals' own doors: counted here too, January to March lost on public data what other
    months gained.
    """
    year, index = divmod(month, SEASON)
    count = days_of.monthrange(year, index + 1)[1]
    weekdays = sum(dt.date(year, index + 1, day + 1).weekday() < SATURDAY for day in range(count))
    return weekdays / USUAL_WEEKDAYS - 1
