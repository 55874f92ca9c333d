"""Months, weeks and working days: the rhythm of the trade (domain.md section 1)."""

import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from itertools import accumulate
from typing import Self

_MONTH_STYLES = re.compile(
    r"(\d{4})(?:\s*(?:-|/|\.|年|\s)\s*(1[0-2]|0?[1-9])|(0[1-9]|1[0-2]))\s*月?(?:份)?", re.ASCII
)
DEADLINE_DAY = 5
# In which months a festival that moves may raise or lower what is sold, by what its effect is called in a forecast.
FESTIVAL_MONTHS = {"spring_festival": (1, 2, 3), "mid_autumn": (9, 10)}
FIRST_YEAR, LAST_YEAR = 2000, 2100  # of what is reported; months worked out from those may lie outside


@dataclass(frozen=True, order=True, slots=True)
class Month:
    """A calendar month, the reporting period."""

    year: int
    month: int

    def __post_init__(self) -> None:
        if not (1 <= self.month <= 12 and 1900 <= self.year <= 2199):
            raise ValueError(f"not a month: {self.year}-{self.month}")

    @classmethod
    def parse(cls, text: str) -> Self:
        """The month in a text such as `2024-06`, `2024/6`, `2024年6月`, `202406`.

        Raises:
            ValueError: when the text is none of these, or a year outside 2000–2100.
        """
        match = _MONTH_STYLES.fullmatch(text.strip())
        if match is None or not FIRST_YEAR <= int(match[1]) <= LAST_YEAR:
            raise ValueError(f"not a month: {text!r}")
        return cls(int(match[1]), int(match[2] or match[3]))

    @classmethod
    def of(cls, day: dt.date) -> Self:
        """The month that a day lies in."""
        return cls(day.year, day.month)

    def __str__(self) -> str:
        return f"{self.year:04d}-{self.month:02d}"

    def __add__(self, months: int) -> "Month":
        years, month = divmod(self.year * 12 + self.month - 1 + months, 12)
        return Month(years, month + 1)

    def __sub__(self, other: "Month") -> int:
        """How many months `other` lies before this one."""
        return (self.year - other.year) * 12 + self.month - other.month

    @property
    def first_day(self) -> dt.date:
        """Its first day."""
        return dt.date(self.year, self.month, 1)

    @property
    def last_day(self) -> dt.date:
        """Its last day."""
        return (self + 1).first_day - dt.timedelta(days=1)

    @property
    def first(self) -> "Month":
        """Its first month, as of any period (see `base.period`): itself."""
        return self

    @property
    def last(self) -> "Month":
        """Its last month: itself."""
        return self

    @property
    def months(self) -> tuple["Month", ...]:
        """Its months: itself."""
        return (self,)

    @property
    def before(self) -> "Month":
        """The month before."""
        return self + -1

    @property
    def year_ago(self) -> "Month":
        """The same month of the year before."""
        return self + -12

    def holds(self, day: dt.date) -> bool:
        """Whether a day lies in it."""
        return self.first_day <= day <= self.last_day

    def days(self) -> Iterator[dt.date]:
        """Its days, in order."""
        for number in range(self.last_day.day):
            yield self.first_day + dt.timedelta(days=number)

    def year_to_date(self) -> tuple["Month", ...]:
        """The months from January to this one."""
        return tuple(Month(self.year, number) for number in range(1, self.month + 1))


def months_between(first: Month, last: Month) -> tuple[Month, ...]:
    """Every month from `first` to `last`, both included."""
    return tuple(first + step for step in range(last - first + 1))


def week_of(day: dt.date) -> dt.date:
    """The Monday of the week that holds `day`: weeks run Monday to Sunday."""
    return day - dt.timedelta(days=day.weekday())


@cache
def is_working_day(day: dt.date) -> bool:
    """Whether mainland China works on that day, make-up weekends (调休) included."""
    return bool(_china(day.year).is_working_day(day))


@cache
def is_public_holiday(day: dt.date) -> bool:
    """Whether that day is off in mainland China as a public holiday; an ordinary weekend is none.

    A weekday that is off is one (a day off may be moved there), and a weekend day that is a holiday by name.
    """
    return day in _china(day.year) or (day.isoweekday() <= 5 and not is_working_day(day))


def is_announced(year: int) -> bool:
    """Whether the State Council's make-up days of that year are known to the calendar.

    Where they are not, working days fall back to statutory holidays and weekends, and reports say so.
    """
    return any(day.year == year for day in _china(year).weekend_workdays)


def working_days_after(start: dt.date, count: int) -> dt.date:
    """The day that lies `count` working days after `start`; `start` itself does not count."""
    day = start
    for _ in range(count):
        day += dt.timedelta(days=1)
        while not is_working_day(day):
            day += dt.timedelta(days=1)
    return day


def working_days_between(start: dt.date, end: dt.date) -> int:
    """Working days after `start` up to and with `end`: 0 for the same day, never negative."""
    whole_years = sum(_working_days_of(year)[-1] for year in range(start.year, end.year))
    return max(whole_years + _working_days_until(end) - _working_days_until(start), 0)


def deadline(month: Month) -> dt.date:
    """The last day on which forms of `month` are on time: the 5th of the next month, moved on to a
    working day when that is a day off (每月5日前,节假日顺延)."""
    day = (month + 1).first_day.replace(day=DEADLINE_DAY)
    while not is_working_day(day):
        day += dt.timedelta(days=1)
    return day


def last_working_day(month: Month) -> dt.date:
    """The last day of a month on which China works."""
    day = month.last_day
    while not is_working_day(day):
        day -= dt.timedelta(days=1)
    return day


def _working_days_until(day: dt.date) -> int:
    """How many working days its year has had up to and with `day`."""
    return _working_days_of(day.year)[day.timetuple().tm_yday - 1]


@cache
def _working_days_of(year: int) -> tuple[int, ...]:
    """For each day of a year, how many working days the year has had with it."""
    days = (dt.date(year, 1, 1) + dt.timedelta(days=step) for step in range(366))
    return tuple(accumulate(is_working_day(day) for day in days if day.year == year))


@cache
def _china(year: int):  # type: ignore[no-untyped-def]  # the library ships no types
    import holidays  # slow to import, and not every command needs it

    return holidays.country_holidays("CN", years=range(year - 1, year + 2))


def knows_season(months: int) -> bool:
    """Whether so many months of history tell anything of a season: each month of the year once, and one again."""
    return months > 12
