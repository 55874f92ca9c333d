"""A reporting period as a value: a month, a quarter, a half-year or a year.

A period is written 2024-06, 2024-Q2, 2024-H1 or 2024: so on the command line, as a folder under `output/`, as the key
of its editions. A `Month` answers the same questions for itself, so what asks only these takes either.
"""

import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal, Self

from pipeline.base.calendar import FIRST_YEAR, LAST_YEAR, Month

Span = Literal["month", "quarter", "half", "year"]
MONTHS_OF: dict[Span, int] = {"month": 1, "quarter": 3, "half": 6, "year": 12}
_SPAN_OF: dict[int, Span] = {months: span for span, months in MONTHS_OF.items()}
_YEAR = r"(\d{4})\s*年?\s*[-/.]?\s*"
_QUARTER = re.compile(rf"{_YEAR}(?:Q([1-4])|第?([1-4一二三四])季度?)", re.ASCII | re.IGNORECASE)
_HALF = re.compile(rf"{_YEAR}(?:H([12])|([上下])半年)", re.ASCII | re.IGNORECASE)
_WHOLE = re.compile(r"(\d{4})\s*年?(?:全?年度?)?", re.ASCII)
_NUMBERS = {"一": 1, "二": 2, "三": 3, "四": 4, "上": 1, "下": 2}


@dataclass(frozen=True, order=True, slots=True)
class Period:
    """The `length` months from `first` on; it begins where its kind does in a year (quarters in 1, 4, 7, 10)."""

    first: Month
    length: int = 1

    def __post_init__(self) -> None:
        if self.length not in _SPAN_OF or (self.first.month - 1) % self.length:
            raise ValueError(f"not a period: {self.first} +{self.length}")

    @classmethod
    def parse(cls, text: str) -> Self:
        """The period in a text such as `2024-06`, `2024-Q2`, `2024年第二季度`, `2024-H1`, `2024年上半年`, `2024`.

        Raises:
            ValueError: when the text is none of these, or a year outside 2000–2100.
        """
        told = text.strip()
        for pattern, span in ((_QUARTER, "quarter"), (_HALF, "half"), (_WHOLE, "year")):
            match = pattern.fullmatch(told)
            if match is not None:
                number = next((one for one in match.groups()[1:] if one), "1")
                return cls._numbered(text, int(match[1]), _NUMBERS.get(number) or int(number), span)  # type: ignore[arg-type]
        return cls(Month.parse(told))

    @classmethod
    def _numbered(cls, text: str, year: int, number: int, span: Span) -> Self:
        if not FIRST_YEAR <= year <= LAST_YEAR:
            raise ValueError(f"not a period: {text!r}")
        months = MONTHS_OF[span]
        return cls(Month(year, (number - 1) * months + 1), months)

    @classmethod
    def of(cls, month: Month, span: Span = "month") -> Self:
        """The period of a kind that a month lies in."""
        months = MONTHS_OF[span]
        return cls(Month(month.year, (month.month - 1) // months * months + 1), months)

    def __str__(self) -> str:
        year = f"{self.first.year:04d}"
        names = {"month": str(self.first), "quarter": f"{year}-Q{self.number}", "half": f"{year}-H{self.number}"}
        return names.get(self.span, year)

    def __iter__(self) -> Iterator[Month]:
        return iter(self.months)

    @property
    def span(self) -> Span:
        """What kind of period it is."""
        return _SPAN_OF[self.length]

    @property
    def year(self) -> int:
        """The year that it lies in."""
        return self.first.year

    @property
    def number(self) -> int:
        """Which of its kind it is in its year, from 1."""
        return (self.first.month - 1) // self.length + 1

    @property
    def last(self) -> Month:
        """Its last month."""
        return self.first + (self.length - 1)

    @property
    def months(self) -> tuple[Month, ...]:
        """Its months, in order."""
        return tuple(self.first + step for step in range(self.length))

    @property
    def first_day(self) -> dt.date:
        """Its first day."""
        return self.first.first_day

    @property
    def last_day(self) -> dt.date:
        """Its last day."""
        return self.last.last_day

    @property
    def before(self) -> "Period":
        """The period of its kind before it."""
        return Period(self.first + -self.length, self.length)

    @property
    def year_ago(self) -> "Period":
        """The same period of the year before."""
        return Period(self.first.year_ago, self.length)

    def year_to_date(self) -> tuple[Month, ...]:
        """The months from January to its last."""
        return self.last.year_to_date()


AnyPeriod = Month | Period


def period_named(name: str) -> Period | None:
    """The period whose name, as `str` writes it, this is; None where it is no such name."""
    try:
        period = Period.parse(name)
    except ValueError:
        return None
    return period if str(period) == name else None


def any_period(text: str) -> AnyPeriod:
    """The month, or the longer period, in a text; raises ValueError as `Period.parse` does."""
    period = Period.parse(text)
    return period.first if period.span == "month" else period


def month_and(base: AnyPeriod, period: AnyPeriod, month: Month) -> Month:
    """The month of `base` that stands where a month stands in a period: the first beside the first."""
    return month + (base.first - period.first)
