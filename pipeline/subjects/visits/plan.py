"""The visits that are planned: whom a manager is to visit on which day, and whether that was done.

This is the one plan there is: of it a week's pages are printed, and plan completion counts it.

A customer with a fixed weekday is due n times a month, n being what the profile asks of its grade: 4 or more
on every such weekday of the month, 3 on the first three, 2 on the first and third, 1 on the first. One without a
weekday is put on its manager's lightest day, the same every week. A public holiday moves its visits to the nearest
working day of that week, made-up weekends among them, of two equally near ones to the earlier; in a week that has no
working day nothing is due. A visit that moves over the end of a month is planned in the month into which it moves.
"""

import datetime as dt
from collections.abc import Mapping
from functools import cache

import pandas as pd

from pipeline.base.calendar import Month, is_public_holiday, is_working_day, week_of
from pipeline.contract.facts import Facts
from pipeline.figures.grain import MANAGER_CUSTOMER, active_customers
from pipeline.subjects.visits.special import is_special
from schemas.in_use import are_in_use
from schemas.profile import Profile

NEEDS = (
    "visits",
    "customers.grade",
    "customers.visit_weekday",
)  # without which nobody can tell when a visit is due
WORKING_WEEKDAYS = ("1", "2", "3", "4", "5")  # among which a customer without a weekday is put
_OCCURRENCES = {1: (0,), 2: (0, 2), 3: (0, 1, 2)}


def is_planned(profile: Profile) -> bool:
    """Whether a trade plans its visits: it tells weekdays and grades of customers, and how often each grade is due."""
    return are_in_use(NEEDS, profile.forms) and any(profile.visits_per_month.values())


def days_of_week(monday: dt.date) -> tuple[dt.date, ...]:
    """The seven days of a week, from its Monday on."""
    return tuple(monday + dt.timedelta(days=step) for step in range(7))


@cache
def due_days(month: Month, weekday: int, times: int) -> tuple[dt.date, ...]:
    """The days of a month on which a customer with that weekday (1 Monday … 7 Sunday) is due, `times` a month asked."""
    near = (day for one in (month.before, month, month + 1) for day in _by_weekday(one, weekday, times))
    return tuple(day for due in near if (day := day_to_go(due)) is not None and month.holds(day))


def _by_weekday(month: Month, weekday: int, times: int) -> tuple[dt.date, ...]:
    days = tuple(day for day in month.days() if day.isoweekday() == weekday)
    return tuple(days[number] for number in _OCCURRENCES.get(times, range(len(days)) if times > 0 else ()))


@cache
def day_to_go(day: dt.date) -> dt.date | None:
    """The day itself; where it is a public holiday the nearest working day of its week, None where there is none."""
    if not is_public_holiday(day):
        return day
    working = [one for one in days_of_week(week_of(day)) if is_working_day(one)]
    return min(working, key=lambda one: (abs((one - day).days), one), default=None)


def planned_visits(facts: Facts) -> pd.DataFrame:
    """One row per planned visit: manager_id, customer_id, due_on, week (its Monday), done (bool).

    Planned are active customers with a grade that the profile knows, on days between joining and leaving; nobody in a
    trade that does not plan. Done means that their manager visited them in the same Monday-to-Sunday week and in the
    month; special visits stand apart: they do no planned one.
    """
    planned = due_visits(facts)
    visits = facts.frame("visits")
    seen = visits.loc[~is_special(visits), [*MANAGER_CUSTOMER, "visit_date"]]
    weeks = seen.assign(week=monday(seen["visit_date"]))[[*MANAGER_CUSTOMER, "week"]].drop_duplicates()
    found = planned.merge(weeks.assign(done=True), on=[*MANAGER_CUSTOMER, "week"], how="left")
    found = found.assign(done=found["done"].notna())
    return found.sort_values([*MANAGER_CUSTOMER, "due_on"], ignore_index=True)


def due_visits(facts: Facts) -> pd.DataFrame:
    """`planned_visits` without what was done."""
    customers = facts.once(active_customers)
    if not is_planned(facts.profile):
        customers = customers.iloc[:0]
    customers = customers[customers["grade"].notna()]
    customers = customers.assign(visit_weekday=weekdays_to_go(customers, facts.profile.visits_per_month))
    planned = customers.merge(_calendar(facts), on=["visit_weekday", "grade"])
    inside = (planned["joined_on"].isna() | (planned["joined_on"] <= planned["due_on"])) & (
        planned["left_on"].isna() | (planned["left_on"] >= planned["due_on"])
    )
    planned = planned.loc[inside, [*MANAGER_CUSTOMER, "due_on"]]
    return planned.assign(week=monday(planned["due_on"]))


def weekdays_to_go(customers: pd.DataFrame, visits_per_month: Mapping[str, int]) -> pd.Series:
    """The weekday of each customer: its own, else its manager's lightest one.

    Those without one are placed one after another, in the order of their codes, each on the weekday (Monday to Friday)
    on which its manager then has the fewest visits a month, the earliest of several; so the load stays even.

    Args:
        customers: one row per customer; uses manager_id, customer_id, grade, visit_weekday.
        visits_per_month: by grade.
    """
    given = customers["visit_weekday"].astype("str")
    asked = customers["grade"].astype("str").map(dict(visits_per_month)).fillna(0).astype("int64")
    open_ones = customers[given.isna()].sort_values(MANAGER_CUSTOMER)
    if open_ones.empty:
        return given
    fixed = asked[given.notna()].groupby([customers["manager_id"], given]).sum().to_dict()
    loads: dict[str, dict[str, int]] = {}
    placed: dict[object, str] = {}
    for row, manager, visits_a_month in zip(
        open_ones.index, open_ones["manager_id"], asked[open_ones.index], strict=True
    ):
        load = loads.setdefault(manager, {day: fixed.get((manager, day), 0) for day in WORKING_WEEKDAYS})
        placed[row] = min((visits, day) for day, visits in load.items())[1]
        load[placed[row]] += int(visits_a_month)
    return given.where(given.notna(), pd.Series(placed, dtype="str").reindex(given.index))


def monday(days: pd.Series) -> pd.Series:
    """The Monday of each day's week."""
    mondays: pd.Series = days - pd.to_timedelta(days.dt.day_of_week, unit="D")
    return mondays.astype("datetime64[ns]")


def _calendar(facts: Facts) -> pd.DataFrame:
    """One row per weekday, grade and day due."""
    due = [
        (str(weekday), grade, pd.Timestamp(day))
        for grade, times in sorted(facts.profile.visits_per_month.items())
        for weekday in range(1, 8)
        for day in due_days(facts.month, weekday, times)
    ]
    frame = pd.DataFrame(due, columns=["visit_weekday", "grade", "due_on"])
    return frame.astype({"visit_weekday": "str", "grade": "str", "due_on": "datetime64[ns]"})
