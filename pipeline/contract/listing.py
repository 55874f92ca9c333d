"""What stands behind figures, each declared once, by the subject that brings it: lists, sums, and frames shown so.

A subject's module `lists` has them by name: `LISTS` (`Listing`), `SUMS` (`Sums`), `ADDED_UP` (`AddedUp`), and `SHOWN`
(`ListFrame`) for frames that an engine makes. Names are unique over all subjects.
"""

from collections.abc import Callable
from dataclasses import dataclass

import pandas as pd

from pipeline.base.calendar import Month
from pipeline.contract.facts import Facts
from pipeline.contract.problem import Problem
from pipeline.contract.shown_frames import ListFrame, SumFrame


@dataclass(frozen=True)
class Listing:
    """A list, with region_id and manager_id: how its rows are made of a month's facts, by which columns they are
    ordered, and how it is shown. `rules` are the rules of findings whose subject has a row in it; `problems` makes
    problems of its rows, as where forms of a month contradict each other. Rows without a manager are left out, unless
    the list is `of_regions`: then they are their region's."""

    rows: Callable[[Facts], pd.DataFrame]
    order: tuple[str, ...]
    greatest_first: frozenset[str] = frozenset()
    shown: ListFrame | None = None
    rules: tuple[str, ...] = ()
    problems: Callable[[Month, pd.DataFrame], list[Problem]] | None = None
    of_regions: bool = False


@dataclass(frozen=True)
class AddedUp:
    """A frame made of one entity's rows of a list, when it is looked at."""

    of: str
    make: Callable[[pd.DataFrame], pd.DataFrame]
    shown: ListFrame | None = None


Finish = Callable[[pd.DataFrame, pd.DataFrame], pd.DataFrame]


@dataclass(frozen=True)
class Sums:
    """A frame of sums by manager and `key`: how a month's rows (manager_id, key, measures) are counted, and the monthly
    form that must be known for them. `finish` makes the table of an entity of what was added up (entity_id, key,
    measures of each month) and of the month's products."""

    key: str
    measures: tuple[str, ...]
    count: Callable[[Facts], pd.DataFrame]
    form: str
    finish: Finish | None = None
    shown: SumFrame | None = None
    rules: tuple[str, ...] = ()
