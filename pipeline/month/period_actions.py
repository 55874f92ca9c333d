"""What became over a period of what was planned: set in it, done, done late, still open."""

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from pipeline.base.calendar import Month
from pipeline.base.exact import stacked
from pipeline.base.period import Period
from pipeline.month.open_actions import open_actions
from schemas.form import Carried, Form

ACTION_COLUMNS = (
    "manager_id", "region_id", "topic", "problem", "countermeasure", "owner", "due_on", "done_on", "since",
    "reported", "is_new", "outcome",
)  # fmt: skip
OUTCOMES = ("done", "done_late", "open", "overdue")


def actions_over(
    period: Period, actions_by_month: Sequence[tuple[Month, pd.DataFrame]], carried: Carried
) -> pd.DataFrame:
    """The actions that were open when a period began, and those first reported in it, as they stand at its end.

    Args:
        actions_by_month: accepted rows of a form whose rows are carried until done; months after the period do not
            count.

    Returns:
        One row per manager and key as last reported, in ACTION_COLUMNS, oldest first. `since` is the month of the first
        report, `reported` that of the last, `is_new` whether it was set in the period. `outcome` is one of OUTCOMES:
        done; done after the day until which it was promised; not done, and that day has passed (`overdue`) or not.
    """
    key = ["manager_id", *carried.key]
    held = [
        rows.assign(reported=str(when)) for when, rows in actions_by_month if when <= period.last and len(rows)
    ]
    if not held:
        return pd.DataFrame(columns=list(ACTION_COLUMNS))
    every = pd.concat(held, ignore_index=True).sort_values("reported", kind="stable")
    since = every.groupby(key, sort=False)["reported"].first().rename("since").reset_index()
    newest = every.drop_duplicates(key, keep="last").drop(columns="since", errors="ignore").merge(since, on=key)
    before = open_actions(period.first + -1, actions_by_month, carried)[key]
    was_open = pd.MultiIndex.from_frame(newest[key]).isin(pd.MultiIndex.from_frame(before))
    is_new = newest["since"] >= str(period.first)
    told = newest.assign(is_new=is_new, outcome=_outcome(newest, period, carried))[is_new | was_open]
    return told.sort_values(["since", *key], ignore_index=True).reindex(columns=list(ACTION_COLUMNS))


def _outcome(newest: pd.DataFrame, period: Period, carried: Carried) -> pd.Series:
    due, done_on = pd.to_datetime(newest["due_on"]), pd.to_datetime(newest["done_on"])
    is_done = newest[carried.state].fillna("") == carried.done
    late, passed = done_on > due, due <= pd.Timestamp(period.last_day)
    cases = [is_done & late, is_done, passed]
    return pd.Series(np.select(cases, ["done_late", "done", "overdue"], "open"), index=newest.index, dtype="str")


def actions_of_period(
    month: Month, name: str, rows: Mapping[tuple[str, Month], pd.DataFrame], forms: Sequence[Form]
) -> pd.DataFrame:
    """`actions_over` a period, of all forms whose rows are carried until done, with level and entity_id.

    Args:
        rows: of these forms, by form and month.
    """
    found = [
        actions_over(Period.parse(name), _months_of(form, rows), form.traits.carried)
        for form in forms
        if form.traits.carried
    ]
    told = stacked(found or [pd.DataFrame(columns=list(ACTION_COLUMNS))])
    return told.assign(level="manager", entity_id=told["manager_id"].astype("str"))


def _months_of(form: Form, rows: Mapping[tuple[str, Month], pd.DataFrame]) -> list[tuple[Month, pd.DataFrame]]:
    return [(when, its) for (key, when), its in rows.items() if key == form.key]
