"""Weeks, Monday to Sunday, by their ISO name: 2024-W27."""

import datetime as dt
import re
from dataclasses import dataclass
from typing import Self

from pipeline.base.calendar import FIRST_YEAR, LAST_YEAR, Month, is_working_day, week_of

_STYLES = re.compile(r"(\d{4})\s*(?:年|-)?\s*(?:W|第)\s*(\d{1,2})\s*周?", re.ASCII | re.IGNORECASE)


@dataclass(frozen=True, order=True, slots=True)
class Week:
    """A week, known by its Monday."""

    monday: dt.date

    @classmethod
    def parse(cls, text: str) -> Self:
        """The week in a text such as `2024-W27`, `2024W27`, `2024年第27周`.

        Raises:
            ValueError: when the text is none of these, the year has no such week, or it lies outside 2000–2100.
        """
        match = _STYLES.fullmatch(text.strip())
        if match is None or not FIRST_YEAR <= int(match[1]) <= LAST_YEAR:
            raise ValueError(f"not a week: {text!r}")
        return cls(dt.date.fromisocalendar(int(match[1]), int(match[2]), 1))

    @classmethod
    def of(cls, day: dt.date) -> Self:
        """The week that a day lies in."""
        return cls(week_of(day))

    @classmethod
    def after(cls, day: dt.date) -> Self:
        """The week after the one that a day lies in."""
        return cls(week_of(day) + dt.timedelta(days=7))

    def __str__(self) -> str:
        year, number, _ = self.monday.isocalendar()
        return f"{year:04d}-W{number:02d}"

    @property
    def number(self) -> int:
        """Which week of its ISO year it is."""
        return self.monday.isocalendar().week

    @property
    def year(self) -> int:
        """Its ISO year."""
        return self.monday.isocalendar().year

    @property
    def sunday(self) -> dt.date:
        """Its last day."""
        return self.monday + dt.timedelta(days=6)

    @property
    def days(self) -> tuple[dt.date, ...]:
        """Its seven days."""
        return tuple(self.monday + dt.timedelta(days=step) for step in range(7))

    @property
    def working_days(self) -> tuple[dt.date, ...]:
        """Those of its days on which China works, made-up weekends among them."""
        return tuple(day for day in self.days if is_working_day(day))

    @property
    def months(self) -> tuple[Month, ...]:
        """The month that it lies in, or the two."""
        return tuple(dict.fromkeys(Month.of(day) for day in (self.monday, self.sunday)))

    def days_in(self, month: Month) -> tuple[dt.date, ...]:
        """Those of its days that lie in a month."""
        return tuple(day for day in self.days if month.holds(day))


def weeks_of(month: Month) -> tuple[Week, ...]:
    """The weeks of which some day lies in a month, in order."""
    return tuple(dict.fromkeys(Week.of(day) for day in month.days()))
