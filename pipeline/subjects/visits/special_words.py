"""The special visits of a month in words, one line each, as part one of a manager's report lists them."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from pipeline.base.frames import records
from pipeline.workbooks.blocks import Sentence, SentenceBlock
from pipeline.workbooks.details import day
from pipeline.workbooks.view import View, text

MOST_TOLD = 5  # part one is one page; the sheet of visits lists them all
SPECIAL_VISITS = "special_visits_made"


def special_visits_told(view: View) -> SentenceBlock | None:
    """The special visits of the month, in the order of their days; None where there were none."""
    frame = view.detail(SPECIAL_VISITS)
    if frame.empty:
        return None
    visits = records(frame.sort_values(["visit_date", "customer_id"]).head(MOST_TOLD))
    left = len(frame) - len(visits)
    lines = [Sentence(_line(view, one)) for one in visits]
    lines += [Sentence(view.word("special.left", left=left))] if left else []
    return SentenceBlock(view.word(f"detail_table.{SPECIAL_VISITS}"), tuple(lines))


def _line(view: View, visit: Mapping[str, Any]) -> str:
    """Who was visited, when and why, when that happened, what was done."""
    happened = day(visit["happened_on"])
    told = view.word("special.event", day=_short(view, happened)) if happened else ""
    done = text(visit["handling"])
    return view.word(
        "special.line",
        day=_short(view, day(visit["visit_date"])),
        customer=text(visit["customer_name"]) or text(visit["customer_id"]),
        reason=text(visit["special_reason"]),
        event=told,
        done=view.word("special.done", done=done) if done else "",
        in_time=view.word(f"code.in_time.{visit['in_time']}"),
    )


def _short(view: View, one: dt.date | None) -> str:
    return "" if one is None else view.word("special.day", month=one.month, day=one.day)
