"""What is told of a period beside its figures: tables that subjects make of the figures of all entities and of months
around, and of the office's forms; each entity's report shows its own rows.

A subject's module `tellings` has them by name: `TELLINGS` (`Telling`). Names are unique over all subjects, and among
those of lists.
"""

import importlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache

import pandas as pd

from pipeline.base.calendar import Month
from pipeline.base.period import Period, Span
from pipeline.contract.figure import Figure
from pipeline.contract.subjects import SUBJECTS, subjects_in_use, subjects_with
from schemas.profile import Profile

PART = "tellings"


@dataclass(frozen=True)
class Known:
    """What a table of a period, or of a month, is made of.

    `metrics` are its rows of `metrics.csv`, of all levels; `homes` the region of each manager (by manager_id, the last
    one that it had); `reported` the managers in office in each of its known months who handed in all that they owe.
    `values` are by month: region_id, level, entity_id, figure, numerator, denominator of the regions' own, those inside
    them, and of those beside the tree by the rows of each region. `masters` are by form and month.
    """

    period: Period
    metrics: pd.DataFrame
    homes: pd.Series
    reported: frozenset[str]
    values: Mapping[Month, pd.DataFrame]
    masters: Mapping[tuple[str, Month], pd.DataFrame]
    figures: tuple[Figure, ...]
    profile: Profile

    @property
    def months(self) -> tuple[Month, ...]:
        """The months of the period that are known."""
        return tuple(one for one in self.period if one in self.values)

    def master(self, form: str, month: Month | None = None) -> pd.DataFrame:
        """The master data of a month, as a rule of the last that is known; no rows where there is none."""
        return self.masters.get((form, month or self.months[-1]), pd.DataFrame())

    def figure(self, key: str) -> Figure | None:
        """A figure by its key; None where the trade has none."""
        return next((one for one in self.figures if one.key == key), None)


@dataclass(frozen=True)
class Telling:
    """A table: how it is made, with level and entity_id of whose reports show a row; of which periods; which master
    data it looks at, and how many months before the period's last it needs the values of. It stands among the tidy
    files too, under its name."""

    make: Callable[[Known], pd.DataFrame]
    spans: tuple[Span, ...] = ("quarter", "half", "year")
    masters: tuple[str, ...] = ()
    back: int = 0


@cache
def _all(subjects: tuple[str, ...]) -> Mapping[str, Telling]:
    found: dict[str, Telling] = {}
    for subject in subjects:
        if subject in subjects_with(PART):
            found |= importlib.import_module(f"{SUBJECTS}.{subject}.{PART}").TELLINGS
    return found


def tellings_in_use(profile: Profile, span: Span) -> Mapping[str, Telling]:
    """The tables that a trade's subjects make of periods of a kind, by name."""
    every = _all(subjects_in_use(profile))
    return {name: one for name, one in every.items() if span in one.spans}
