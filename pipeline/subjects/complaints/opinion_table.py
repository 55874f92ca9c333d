"""What customers said, counted by kind and cause, and quoted: part three of the manager's report."""

from collections.abc import Hashable, Mapping
from typing import Any

import pandas as pd

from pipeline.workbooks.blocks import Cell, Column, Table
from pipeline.workbooks.details import day, labels, told_columns
from pipeline.workbooks.view import View, text

MOST_QUOTED = 15
MOST_COUNTED = 8
KINDS = ("complaint", "comment", "market_info")


def opinion_counts(view: View) -> Table | None:
    """How often what was said: by kind, and of complaints by cause, of the others by their words; most often first."""
    frame = view.detail("customer_opinions")
    if frame.empty:
        return None
    about = frame["cause"].where(frame["kind"] == "complaint", frame["said"])
    named = pd.DataFrame({"kind": frame["kind"], "about": about.map(text)})
    counted = named.groupby(["kind", "about"]).size().rename("count").reset_index()
    rows: list[tuple[Cell, ...]] = []
    for kind in KINDS:
        own = counted[counted["kind"] == kind].sort_values(["count", "about"], ascending=[False, True])
        for about_one, count in own[["about", "count"]].head(MOST_COUNTED).itertuples(index=False):
            rows.append((_kind(view, kind), about_one or view.word("opinion.no_cause"), int(count)))
    columns = (
        Column("kind", view.word("opinion.kind")),
        Column("about", view.word("opinion.about"), "note", wrap=True, units=30),
        Column("count", view.word("opinion.count"), "number0"),
    )
    return Table("opinion_counts", view.word("opinion.counts"), columns, tuple(rows))


def opinion_quotes(view: View) -> Table | None:
    """What was said, by whom and when, its cause, and what was answered; complaints first, then the newest."""
    frame = view.detail("customer_opinions")
    if frame.empty:
        return None
    order = frame.assign(place=frame["kind"].map(KINDS.index))
    shown = order.sort_values(["place", "said_on", "customer_id"], ascending=[True, False, True]).head(MOST_QUOTED)
    actions = labels(view, "complaints", "action", shown)
    rows = tuple(
        (
            _kind(view, str(one["kind"])),
            day(one["said_on"]),
            text(one["customer_name"]) or text(one["customer_id"]),
            text(one["said"]),
            text(one["cause"]) or None,
            _answered(view, one, action),
        )
        for one, action in zip(shown.to_dict("records"), actions, strict=True)
    )
    wide = {"said": 30, "cause": 16, "answered": 20}
    columns = told_columns(view, "opinion", ("kind", "said_on", "customer", "said", "cause", "answered"), wide)
    return Table("opinion_quotes", view.word("opinion.quotes", count=len(shown), all=len(frame)), columns, rows)


def _kind(view: View, kind: str) -> str:
    return view.word(f"opinion.kinds.{kind}")


def _answered(view: View, one: Mapping[Hashable, Any], action: Cell) -> str | None:
    """What was done of a complaint, and the day the customer heard of it; words where nothing was."""
    if one["kind"] != "complaint":
        return None
    replied = day(one["replied_on"]) or day(one["resolved_on"])
    if replied is None:
        return view.word("opinion.not_answered") if not action else str(action)
    return view.word("opinion.answered_on", action=action or view.word("opinion.closed"), day=replied.isoformat())
