"""The theme of what managers promised: measures that are overdue."""

from collections.abc import Mapping
from typing import Any

import pandas as pd

from pipeline.base.frames import records
from pipeline.contract.page_one import PageFinding
from pipeline.findings.page import Page


def actions(page: Page) -> PageFinding | None:
    """Measures that the managers set themselves and that are overdue; a promise counts however few there are."""
    frame = page.story.details.get("open_actions")
    if frame is None or frame.empty:
        return None
    late = (pd.Timestamp(page.story.month.last_day) - pd.to_datetime(frame["due_on"])).dt.days
    days = page.story.profile.thresholds.get("action_days_overdue", 1)
    overdue = frame.assign(late=late)[late >= days]
    if overdue.empty:
        return None
    longest = records(overdue.sort_values(["late", "manager_id"], ascending=[False, True]))[0]
    count = page.count(page.say("fact.overdue_actions"), len(overdue), "个")
    longest_days = page.count(page.say("fact.overdue_days"), float(longest["late"]), "天")
    return PageFinding(
        "actions",
        page.say("actions.overdue", count=count.text, problem=str(longest["problem"]), days=longest_days.text),
        page.say("since.reported", month=str(longest["since"])),
        "",
        page.say("actions.todo"),
        _action_owner(page, longest),
        page.due("soon"),
        0.0,
        "problems",
        (count, longest_days),
    )


def _action_owner(page: Page, row: Mapping[Any, Any]) -> str:
    """The manager whose action it is."""
    return page.manager(str(row["manager_id"]))


THEMES = {"actions": actions}
