"""The month's visits as planned: which customer was to be visited in which week, and whether it was.

A customer with a fixed weekday is due n times a month, n being what the profile asks of its grade: 4 or more
on every such weekday of the month, 3 on the first three, 2 on the first and third, 1 on the first. A day that is a
public holiday moves on to the next working day; where the month has none any more, back to its last.
"""

import datetime as dt
from functools import cache

import pandas as pd

from pipeline.base.calendar import Month, is_public_holiday, is_working_day
from pipeline.contract.facts import Facts
from pipeline.figures.grain import MANAGER_CUSTOMER, active_customers

_OCCURRENCES = {1: (0,), 2: (0, 2), 3: (0, 1, 2)}


@cache
def due_days(month: Month, weekday: int, times: int) -> tuple[dt.date, ...]:
    """The days on which a customer with that weekday (1 Monday … 7 Sunday) is due `times` a month."""
    days = tuple(day for day in month.days() if day.isoweekday() == weekday)
    chosen = (days[number] for number in _OCCURRENCES.get(times, range(len(days)) if times > 0 else ()))
    return tuple(_moved(day, month) for day in chosen)


def _moved(day: dt.date, month: Month) -> dt.date:
    """The day itself, or where it is a public holiday the nearest working day of the month, those after it first."""
    if not is_public_holiday(day):
        return day
    working = [one for one in month.days() if is_working_day(one)]
    return next((one for one in working if one > day), working[-1] if working else day)


def planned_visits(facts: Facts) -> pd.DataFrame:
    """One row per planned visit: manager_id, customer_id, due_on, week (its Monday), done (bool).

    Planned are active customers with a weekday and a grade that the profile knows, on days between joining and
    leaving. Done means that their manager visited them in the same Monday-to-Sunday week and in the month.
    """
    customers = facts.once(active_customers)
    customers = customers[customers["visit_weekday"].notna() & customers["grade"].notna()]
    planned = customers.merge(_calendar(facts), on=["visit_weekday", "grade"])
    inside = (planned["joined_on"].isna() | (planned["joined_on"] <= planned["due_on"])) & (
        planned["left_on"].isna() | (planned["left_on"] >= planned["due_on"])
    )
    planned = planned.loc[inside, [*MANAGER_CUSTOMER, "due_on"]].assign(week=lambda rows: monday(rows["due_on"]))
    seen = facts.frame("visits")[[*MANAGER_CUSTOMER, "visit_date"]]
    weeks = seen.assign(week=monday(seen["visit_date"]))[[*MANAGER_CUSTOMER, "week"]].drop_duplicates()
    found = planned.merge(weeks.assign(done=True), on=[*MANAGER_CUSTOMER, "week"], how="left")
    found = found.assign(done=found["done"].notna())
    return found.sort_values([*MANAGER_CUSTOMER, "due_on"], ignore_index=True)


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
