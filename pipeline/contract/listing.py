"""What stands behind figures, each declared once, by the subject that brings it: lists, sums, and frames shown so.

A subject's module `lists` has them by name: `LISTS` (`Listing`), `SUMS` (`Sums`), `ADDED_UP` (`AddedUp`), and `SHOWN`
(`ListFrame`) for frames that an engine makes. Names are unique over all subjects.
"""

from collections.abc import Callable
from dataclasses import dataclass

import pandas as pd

from pipeline.contract.facts import Facts


@dataclass(frozen=True)
class ListFrame:
    """How a frame is shown: its columns; which values of a column are shown, in this order, or by which column the
    rows stand, so that a list that is cut shows what matters most; which texts are long; what forms and
    columns it needs, without which a trade has no such list."""

    columns: tuple[str, ...]
    only: tuple[str, tuple[str, ...]] | None = None
    by: str = ""
    long: tuple[str, ...] = ()
    needs: tuple[str, ...] = ()


@dataclass(frozen=True)
class Listing:
    """A list, with region_id and manager_id: how its rows are made of a month's facts, by which columns they are
    ordered, and how it is shown. `rules` are the rules of findings whose subject has a row in it."""

    rows: Callable[[Facts], pd.DataFrame]
    order: tuple[str, ...]
    greatest_first: frozenset[str] = frozenset()
    shown: ListFrame | None = None
    rules: tuple[str, ...] = ()


@dataclass(frozen=True)
class AddedUp:
    """A frame made of one entity's rows of a list, when it is looked at."""

    of: str
    make: Callable[[pd.DataFrame], pd.DataFrame]
    shown: ListFrame | None = None


@dataclass(frozen=True)
class Measure:
    """A measure of a frame of sums: its style, what it is divided by, and what is shown beside it.

    `differences` shows by how much it rose or fell, undivided: the sentences name those amounts.
    """

    name: str
    style: str = "number0"
    divisor: float = 1
    share: bool = False
    changes: bool = True
    differences: bool = False
    better: str = "neither"


@dataclass(frozen=True)
class SumFrame:
    """How a frame of sums is shown: the form from which its keys take their words, its keys and measures.

    `row_key` is the column that tells rows apart, where it is not the first. A trade without what it `needs`, forms and
    columns, has no such frame.
    """

    form: str
    keys: tuple[str, ...]
    measures: tuple[Measure, ...]
    row_key: str = ""
    needs: tuple[str, ...] = ()


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
