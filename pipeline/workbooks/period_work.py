"""What was done in a longer period: measures set, done, done late, open; the best managers; a manager's own summary."""

from collections.abc import Mapping
from typing import Any

import pandas as pd

from pipeline.base.frames import records
from pipeline.workbooks.blocks import (
    Block,
    Cell,
    Column,
    EntryField,
    Heading,
    Note,
    Sentence,
    SentenceBlock,
    SheetPlan,
    Shown,
    Table,
    Tone,
)
from pipeline.workbooks.details import day
from pipeline.workbooks.manager_parts import signed
from pipeline.workbooks.overview import is_compared_twice, main_figures
from pipeline.workbooks.scorecard_rows import Row, cards
from pipeline.workbooks.sheets import plan_sheet
from pipeline.workbooks.view import View, number, text

OUTCOMES = ("overdue", "open", "done_late", "done")
_TONES: Mapping[str, Tone] = {"overdue": "red", "done_late": "red", "done": "green"}
_COUNTS = ("new", "before", "done", "done_late", "open", "overdue")
MOST_ACTIONS, MOST_ON_SUMMARY = 60, 6
MOST_EXPLAINED = 6  # of the best: more would print page after page
SUMMARY_LINES = 4


# ---- measures


def actions_sheet(view: View, *, locked: bool = False) -> SheetPlan | None:
    """How many measures each manager set, did, did late, has open; then one by one, the overdue first."""
    frame = view.detail("period_actions")
    if frame.empty:
        return None
    blocks: list[Block] = [] if locked else [_counts_table(view, frame)]
    blocks.append(_actions_table(view, "period_actions", frame, MOST_ACTIONS))
    return plan_sheet(view, "period_actions", [*blocks, Note(view.word("note.period_actions"))], locked=locked)


def _counted(frame: pd.DataFrame) -> tuple[float, ...]:
    counts = frame["outcome"].value_counts()
    late, overdue = float(counts.get("done_late", 0)), float(counts.get("overdue", 0))
    done, new = float(counts.get("done", 0)) + late, float(frame["is_new"].astype("bool").sum())
    return new, len(frame) - new, done, late, len(frame) - done, overdue


def _counts_row(name: str, frame: pd.DataFrame) -> tuple[Cell, ...]:
    return (name, *_counted(frame))


def _counts_table(view: View, frame: pd.DataFrame) -> Table:
    columns = (
        Column("manager", view.word("column.manager")),
        *(Column(one, view.word(f"column.actions_{one}"), "number0") for one in _COUNTS),
    )
    by_manager = frame.groupby("manager_id", sort=True)
    rows = tuple(_counts_row(view.name("manager", str(manager)), own) for manager, own in by_manager)
    summary = _counts_row(view.word("total"), frame)
    return Table("period_action_counts", view.word("table.action_counts"), columns, rows, summary=summary)


def _actions_table(view: View, name: str, frame: pd.DataFrame, most: int) -> Table:
    names = ("manager", "problem", "countermeasure", "due_on", "outcome")
    wide = {"problem": 30.0, "countermeasure": 36.0}
    columns = tuple(
        Column(one, view.word(f"column.action_{one}"), "day" if one == "due_on" else "text", wrap=one in wide,
               units=wide.get(one, 0))
        for one in names
    )  # fmt: skip
    place = {outcome: number for number, outcome in enumerate(OUTCOMES)}
    ordered = frame.assign(_place=frame["outcome"].map(place)).sort_values(
        ["_place", "due_on", "manager_id"], kind="stable"
    )
    rows = tuple(_action_row(view, one) for one in records(ordered.head(most)))
    left = len(frame) - len(rows)
    note = view.word("note.rows_left", shown=len(rows), left=left) if left else ""
    return Table(name, view.word("table.period_actions"), columns, rows, note=note)


def _action_row(view: View, one: Mapping[str, Any]) -> tuple[Cell, ...]:
    outcome, done = text(one["outcome"]), day(one["done_on"])
    word = view.word(f"outcome.{outcome}")
    if done is not None and outcome.startswith("done"):
        word = view.word("outcome.on_day", outcome=word, day=done.isoformat())
    return (
        view.name("manager", text(one["manager_id"])),
        text(one["problem"]) or None,
        text(one["countermeasure"]) or None,
        day(one["due_on"]),
        Shown(word, "", _TONES.get(outcome, "plain")),
    )


# ---- the best


def best_sheet(view: View) -> SheetPlan | None:
    """The best managers, with the figures that put them there."""
    rows = records(view.detail("period_best"))
    known = [one for one in rows if ("manager", text(one["entity_id"])) in cards(view)]
    if not known:
        return None
    most = view.report.settings.profile.scorecard.best_in_region
    columns = (
        Column("place", view.word("column.best_place"), "rank"),
        Column("entity", view.level_word("manager", heading=True)),
        Column("region", view.level_word("region", heading=True)),
        Column("place_in_region", view.word("column.best_place_in_region"), "rank"),
        Column("score", view.word("column.score"), "number1"),
        Column("grade", view.word("column.grade")),
    )
    cells = tuple(_best_row(view, one) for one in known)
    table = Table("period_best", view.word("table.best"), columns, cells)
    first = known[: max(MOST_EXPLAINED, most)]
    figures = [_why_table(view, text(one["entity_id"]), place) for place, one in enumerate(first)]
    return plan_sheet(view, "period_best", [table, Note(view.word("note.best", most=most)), *figures])


def _best_row(view: View, one: Mapping[str, Any]) -> tuple[Cell, ...]:
    return (
        number(one["place_in_organisation"]),
        view.name("manager", text(one["entity_id"])),
        view.name("region", text(one["region_id"])),
        number(one["place"]),
        number(one["score"]),
        text(one["grade"]),
    )


def _why_table(view: View, manager: str, place: int) -> Table:
    """The indicators of one manager, those that brought most first."""
    rows = sorted(cards(view)["manager", manager], key=lambda row: -(number(row["points"]) or 0.0))
    columns = (
        Column("indicator", view.word("column.figure")),
        Column("unit", view.word("column.unit")),
        Column("value", view.word("column.value"), "number2"),
        Column("target", view.word("column.target_value"), "number2"),
        Column("completion", view.word("column.completion_limited"), "percent1"),
        Column("points", view.word("column.points"), "number2"),
    )
    title = view.word("table.best_of", name=view.name("manager", manager))
    return Table(f"best_{place}", title, columns, tuple(_why_row(view, row) for row in rows))


def _why_row(view: View, row: Row) -> tuple[Cell, ...]:
    figure = view.figures[text(row["figure"])]
    value, target = (
        Shown(view.scaled(figure, number(row[one])), view.style(figure)) for one in ("value", "target")
    )
    return (view.label(figure), view.unit(figure), value, target, number(row["completion"]), number(row["points"]))


# ---- a manager's summary


def summary_sheet(view: View, title: str) -> SheetPlan:
    """工作总结, to be printed, added to by hand and signed: achieved, problems and measures, what comes next."""
    blocks: list[Block | None] = [
        _said(view, "missing", "summary.missing"),
        Heading(view.word("summary.achieved")),
        _achieved_table(view),
        _said(view, "moved", "summary.moved"),
        _scored(view),
        Heading(view.word("summary.problems")),
        _said(view, "repeated", "summary.repeated"),
        _said(view, "measures", "summary.measures"),
        _own_actions(view),
        EntryField("own_summary", view.word("summary.own"), lines=SUMMARY_LINES),
        Heading(view.word("summary.next")),
        EntryField("next_period", view.word("summary.plan"), lines=SUMMARY_LINES),
        *signed(view, SUMMARY_LINES),
        Note(view.word("summary.note")),
    ]
    return plan_sheet(view, "period_summary", blocks, title=title, locked=True)


def _said(view: View, part: str, key: str) -> SentenceBlock | None:
    sentences = view.report.sentences.get(part, ())
    return SentenceBlock(view.word(key), tuple(Sentence(one) for one in sentences)) if sentences else None


def _achieved_table(view: View) -> Table:
    """The main figures: value, changes, target, completion, rank."""
    names = ["value", *(("change",) if is_compared_twice(view) else ()), "yoy", "target", "completion", "rank"]
    styles = {"value": "number2", "target": "number2", "completion": "percent1", "rank": "rank"}
    columns = (
        Column("figure", view.word("column.figure")),
        Column("unit", view.word("column.unit")),
        *(Column(one, view.word(f"column.{one}"), styles.get(one, "change_percent")) for one in names),
    )
    figures = [one for one in main_figures(view) if view.raw(one, "value") is not None]
    rows = tuple(
        (view.label(figure), view.unit(figure), *(_achieved(view, figure, one) for one in names))
        for figure in figures
    )
    return Table("summary_figures", "", columns, rows, empty=view.word("empty.figures"))


def _achieved(view: View, figure: Any, name: str) -> Cell:
    if name in ("change", "yoy"):
        return view.change(figure, name)
    return view.value(figure, name) if name in ("value", "target") else view.raw(figure, name)


def _scored(view: View) -> SentenceBlock | None:
    """Score, grade and ranks, as they are told to the manager itself."""
    own = cards(view).get((view.report.level, view.report.entity_id))
    if not own or number(own[0]["score"]) is None:
        return None
    first = own[0]
    places = [
        view.word(f"summary.rank_{where}", rank=int(rank), of=int(number(first[f"ranked_{where}"]) or 0))
        for where in ("in_region", "in_organisation")
        if (rank := number(first[f"rank_{where}"])) is not None
    ]
    score = view.word("summary.score", score=f"{number(first['score']):.1f}", grade=text(first["grade"]) or "—")
    told = view.words.pick("，", ", ").join([score, *places])
    return SentenceBlock(view.word("summary.scored"), (Sentence(told),))


def _own_actions(view: View) -> Table | None:
    frame = view.detail("period_actions")
    return None if frame.empty else _actions_table(view, "summary_actions", frame, MOST_ON_SUMMARY)
