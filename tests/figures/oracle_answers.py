"""What the recalculation in plain Python answers for one figure, and how answers of several months are joined."""

import math
import statistics
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, reduce
from operator import or_
from typing import Literal

Kind = Literal[
    "sum", "last", "year", "distinct", "median", "p90", "mean", "low95", "high95", "low95_open", "high95_open"
]  # fmt: skip


@dataclass(frozen=True)
class Answer:
    """A numerator with a denominator (None: it has none), or single values, or customers that count once."""

    numerator: float = 0
    denominator: float | None = None
    scale: float = 1
    kind: Kind = "sum"
    values: tuple[float, ...] = ()
    customers: frozenset[str] = frozenset()
    year: tuple[float, float] = (0, 0)
    least: int = 0  # of fewer values there is no statistic

    @property
    def value(self) -> float:
        """NaN where there is none."""
        if self.values or self.kind in ("median", "p90", "low95", "high95"):
            return statistic(self.kind, self.values) if len(self.values) >= self.least else math.nan
        if self.denominator is None:
            return self.numerator
        return self.scale * self.numerator / self.denominator if self.denominator > 0 else math.nan


def total(numerator: float) -> Answer:
    return Answer(numerator)


def stock(numerator: float) -> Answer:
    """A number that stands at a month's end: of several months the last one counts."""
    return Answer(numerator, kind="last")


def ratio(numerator: float, denominator: float, scale: float = 1) -> Answer:
    return Answer(numerator, denominator, scale)


def per_customer(numerator: float, customers: frozenset[str]) -> Answer:
    """Of several months each customer stands once below the line."""
    return Answer(numerator, len(customers), customers=customers)


def share(numerator: float, denominator: float) -> Answer:
    return ratio(numerator, denominator, 100)


def of_year(numerator: float, denominator: float, year: tuple[float, float]) -> Answer:
    """A share that says something else of the year to date than of a month."""
    return Answer(numerator, denominator, 100, kind="year", year=year)


def asked_by_days(numerator: float, asked: float, asked_from_new_year: float) -> Answer:
    """A share of what days ask; of a year whose first months are not known their days are gone all the same."""
    return Answer(numerator, asked, 100, year=(numerator, asked_from_new_year))


def each_once(customers: frozenset[str]) -> Answer:
    return Answer(len(customers), kind="distinct", customers=customers)


def of_values(kind: Kind, values: Sequence[float], least: int = 0) -> Answer | None:
    """None where there is no value at all."""
    if not values:
        return None
    return Answer(sum(values), len(values), kind=kind, values=tuple(values), least=least)


def together(answers: Sequence[Answer | None]) -> Answer | None:
    """The answers of several months in order, as one; months without an answer add nothing."""
    known = [one for one in answers if one is not None]
    if not known:
        return None
    newest = known[-1]
    if newest.kind == "last":
        return answers[-1]
    if newest.kind == "year":
        return share(*newest.year)
    if newest.kind == "distinct":
        return each_once(reduce(or_, (one.customers for one in known)))
    if newest.values:
        return of_values(newest.kind, [value for one in known for value in one.values], newest.least)
    numerator = sum(one.numerator for one in known)
    if newest.denominator is None:
        return total(numerator)
    if any(one.customers for one in known):
        return per_customer(numerator, reduce(or_, (one.customers for one in known)))
    return ratio(numerator, sum(one.denominator or 0 for one in known), newest.scale)


def to_date(answers: Sequence[Answer | None]) -> Answer | None:
    """The answers of the known months of a year in order, as one."""
    first = answers[0] if answers else None
    if first is not None and first.kind == "sum" and first.year != (0, 0):
        return together([share(*first.year), *answers[1:]])
    return together(answers)


def statistic(kind: Kind, values: Sequence[float]) -> float:
    if kind == "median":
        return statistics.median(values)
    if kind == "p90":
        return statistics.quantiles(values, n=10, method="inclusive")[-1] if len(values) > 1 else values[0]
    if kind == "mean":
        return statistics.fmean(values)
    if len(values) < 2:
        return math.nan
    width = student(len(values) - 1) * statistics.stdev(values) / math.sqrt(len(values))
    end = statistics.fmean(values) + (width if kind.startswith("high95") else -width)
    return end if kind.endswith("_open") else min(max(end, 0.0), 100.0)


@cache
def student(degrees: int) -> float:
    """The 97.5 % quantile of Student's t, by adding up its density (Simpson) and halving."""
    low, high = 0.0, 20.0
    for _ in range(60):
        middle = (low + high) / 2
        low, high = (middle, high) if _between_0_and(middle, degrees) < 0.475 else (low, middle)
    return low


def _between_0_and(end: float, degrees: int) -> float:
    steps = 2000
    width = end / steps
    weights = [1, *([4, 2] * (steps // 2))[: steps - 1], 1]
    heights = [(1 + (number * width) ** 2 / degrees) ** (-(degrees + 1) / 2) for number in range(steps + 1)]
    area = sum(weight * height for weight, height in zip(weights, heights, strict=True)) * width / 3
    front = math.lgamma((degrees + 1) / 2) - math.lgamma(degrees / 2)
    return area * math.exp(front) / math.sqrt(degrees * math.pi)
