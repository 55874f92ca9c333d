"""The schedule of visits: what a subject brings to it, and what its pages are made of.

A subject's module `schedule` may have `PLANNED`, whose visits are planned (one subject of a trade has that), and
`ON_PAGE`, what each line of a page tells of its customer (`OnPage`).
"""

import datetime as dt
import importlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from typing import Literal

import pandas as pd

from pipeline.base.calendar import Month
from pipeline.base.week import Week
from pipeline.contract.facts import Facts
from pipeline.contract.subjects import subjects_in_use, subjects_with
from pipeline.words import Words
from schemas.in_use import are_in_use
from schemas.profile import Profile

PART = "schedule"
# What is kept of a planned visit when its plan is issued; `turn` is its place in the order to go, from 1 on.
PLAN_COLUMNS: Mapping[str, str] = {
    "week": "str",
    "manager_id": "str",
    "region_id": "str",
    "due_on": "datetime64[ns]",
    "turn": "int64",
    "customer_id": "str",
    "customer_name": "str",
    "grade": "str",
    "edition": "int64",
}


def no_plan() -> pd.DataFrame:
    """No planned visit, in PLAN_COLUMNS."""
    return _no_plan().copy(deep=False)


@cache
def _no_plan() -> pd.DataFrame:
    return pd.DataFrame({name: pd.Series(dtype=dtype) for name, dtype in PLAN_COLUMNS.items()})


@dataclass(frozen=True)
class Planned:
    """Visits that are planned: the form that takes them, whether a trade plans them, and those of a month (one row
    each: manager_id, customer_id, due_on).

    `given` is what a line of the sign-in book says already, beside its day and customer, by column; `signed` is the
    column of the customer's signature, which comes last.
    """

    form: str
    is_planned: Callable[[Profile], bool]
    due: Callable[[Facts], pd.DataFrame]
    given: Mapping[str, str]
    signed: str


@dataclass(frozen=True)
class Look:
    """What is known of customers when a week's pages are made; what was on its Monday or later does not count.

    `customers` and `products` are master data of the week's month, customers with the `region_id` of their manager.
    `months` are those that may be looked at, newest first; `rows` reads columns of a form's accepted rows of one.
    `cases` gives how the cases of a form stood at the end of the newest.
    """

    week: Week
    profile: Profile
    customers: pd.DataFrame
    products: pd.DataFrame
    months: tuple[Month, ...]
    rows: Callable[[str, Month, tuple[str, ...]], pd.DataFrame]
    cases: Callable[[str], pd.DataFrame]

    @property
    def start(self) -> pd.Timestamp:
        """The week's Monday."""
        return pd.Timestamp(self.week.monday)

    def last_rows(self, form: str, day: str, columns: tuple[str, ...] = ()) -> pd.DataFrame:
        """Each customer's last row of a form by its `day`, indexed by customer_id: the day and these columns."""
        rows = self.all_rows(form, ("customer_id", day, *columns))
        rows = rows[rows[day] < self.start]
        newest = rows.sort_values(["customer_id", day], kind="stable").drop_duplicates("customer_id", keep="last")
        return newest.set_index("customer_id")

    def all_rows(self, form: str, columns: tuple[str, ...]) -> pd.DataFrame:
        """These columns of a form's rows of all the months."""
        found = [self.rows(form, month, columns) for month in self.months]
        return pd.concat(found, ignore_index=True) if found else self._no_rows(form, columns)

    def _no_rows(self, form: str, columns: tuple[str, ...]) -> pd.DataFrame:
        types = {**self.profile.forms[form].dtypes, "manager_id": "str"}
        return pd.DataFrame({name: pd.Series(dtype=types[name]) for name in columns})

    @cached_property
    def _newest(self) -> dict[tuple[str, tuple[str, ...]], pd.DataFrame]:
        return {}

    def newest_rows(self, form: str, columns: tuple[str, ...]) -> pd.DataFrame:
        """Of each manager the rows of a form in the newest month of which it has any before the week: manager_id and
        these columns."""
        key = (form, columns)
        if key not in self._newest:
            self._newest[key] = self._newest_rows(form, ("manager_id", *columns))
        return self._newest[key]

    def _newest_rows(self, form: str, columns: tuple[str, ...]) -> pd.DataFrame:
        wanted = set(self.customers["manager_id"].dropna())
        found: list[pd.DataFrame] = []
        for month in self.months:
            if not wanted:
                break
            rows = self.rows(form, month, columns)
            own = rows[rows["manager_id"].isin(wanted)] if found else rows
            found.append(own)
            wanted -= set(own["manager_id"].unique())
        return pd.concat(found, ignore_index=True) if found else self._no_rows(form, columns)


Kind = Literal["text", "day", "number", "count"]


@dataclass(frozen=True)
class OnPage:
    """Something that a line of a page tells of its customer: `tell` gives it for each planned visit (customer_id,
    manager_id, due_on), by the visits' index. `place` orders what is told; a trade without what it `needs` is without
    it. Its heading stands in the words under `schedule.column.<key>`; `width` in digits."""

    key: str
    place: int
    tell: Callable[[Look, pd.DataFrame, Words], pd.Series]
    kind: Kind = "text"
    width: int = 8
    needs: tuple[str, ...] = ()


def planned_of(profile: Profile) -> Planned | None:
    """Whose visits a trade plans; None where it plans none."""
    for subject in _subjects(profile):
        planned: Planned | None = getattr(_part(subject), "PLANNED", None)
        if planned is not None and planned.is_planned(profile):
            return planned
    return None


def on_page(profile: Profile) -> tuple[OnPage, ...]:
    """What the lines of a trade's pages tell, in order."""
    found = [one for subject in _subjects(profile) for one in getattr(_part(subject), "ON_PAGE", ())]
    known = [one for one in found if are_in_use(one.needs, profile.forms)]
    return tuple(sorted(known, key=lambda one: one.place))


def _subjects(profile: Profile) -> list[str]:
    return [name for name in subjects_in_use(profile) if name in subjects_with(PART)]


def _part(subject: str) -> object:
    return importlib.import_module(f"pipeline.subjects.{subject}.{PART}")


def of_customers(told: pd.Series, visits: pd.DataFrame) -> pd.Series:
    """What is told by customer_id, at each visit; missing where a customer has nothing."""
    return told.reindex(visits["customer_id"]).set_axis(visits.index)


def day_text(day: dt.date) -> str:
    """A day as the pages write it where there is little room: 24-06-03."""
    return f"{day:%y-%m-%d}"
