"""Unfinished actions, carried from month to month (domain.md section 5)."""

from collections.abc import Sequence

import pandas as pd

from pipeline.base.calendar import Month
from schemas.form import Carried

OPEN_ACTION_COLUMNS = (
    "manager_id", "region_id", "topic", "problem", "cause", "countermeasure", "owner", "due_on", "status", "since",
    "months_open", "source_file", "source_sheet", "source_row",
)  # fmt: skip


FOLLOWED_COLUMNS = (*OPEN_ACTION_COLUMNS, "done_on", "reported")


def followed_actions(
    month: Month, actions_by_month: Sequence[tuple[Month, pd.DataFrame]], carried: Carried
) -> pd.DataFrame:
    """What was planned before a month and not yet done when it began, and what has become of it by the month's end.

    Returns:
        One row per manager and key as last reported, in FOLLOWED_COLUMNS, oldest first: the columns of `open_actions`,
        the day on which it was done, and the month (YYYY-MM) of that last report.
    """
    before = open_actions(month + -1, actions_by_month, carried)
    held = [rows.assign(reported=str(when)) for when, rows in actions_by_month if when <= month and len(rows)]
    if before.empty:
        return pd.DataFrame(columns=list(FOLLOWED_COLUMNS))
    key = ["manager_id", *carried.key]
    newest = pd.concat(held, ignore_index=True).sort_values("reported", kind="stable")
    newest = newest.drop_duplicates(key, keep="last").drop(columns=["since", "months_open"], errors="ignore")
    followed = before[[*key, "since", "months_open"]].merge(newest, on=key, how="left")
    ages = followed["months_open"].astype("int64") + 1
    return followed.assign(months_open=ages).reindex(columns=list(FOLLOWED_COLUMNS))


def open_actions(
    month: Month, actions_by_month: Sequence[tuple[Month, pd.DataFrame]], carried: Carried
) -> pd.DataFrame:
    """The actions that are not done at a month's end.

    Args:
        month: the reporting month.
        actions_by_month: accepted rows of a form whose rows are carried until done; months after `month` do not count.
        carried: by what they are known, and when they are done.

    Returns:
        One row per manager and key as last reported, in OPEN_ACTION_COLUMNS, oldest first: `since` is the
        month in which it was first reported, `months_open` how many months ago that is; the source is the row of the
        last report.
    """
    held = [rows.assign(reported=str(when)) for when, rows in actions_by_month if when <= month and len(rows)]
    if not held:
        return pd.DataFrame(columns=list(OPEN_ACTION_COLUMNS))
    stacked = pd.concat(held, ignore_index=True).sort_values("reported", kind="stable")
    key = ["manager_id", *carried.key]
    first = stacked.groupby(key, sort=False)["reported"].first().rename("since").reset_index()
    newest = stacked.drop_duplicates(key, keep="last").merge(first, on=key)
    still_open = newest[newest[carried.state].fillna("") != carried.done]
    ages = [month - Month.parse(since) for since in still_open["since"]]
    ordered = still_open.assign(months_open=ages).sort_values(["since", *key], ignore_index=True)
    return ordered.reindex(columns=list(OPEN_ACTION_COLUMNS))
