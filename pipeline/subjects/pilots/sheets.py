"""The sheet of pilots: what came of each figure, in words and numbers, and station by station."""

from collections.abc import Mapping
from typing import Any

from pipeline.base.calendar import Month
from pipeline.base.frames import records
from pipeline.contract.figure import Figure
from pipeline.subjects.pilots.texts import effect_text
from pipeline.workbooks.blocks import Block, Cell, Column, Note, Sentence, SentenceBlock, SheetPlan, Shown, Table
from pipeline.workbooks.sheet_list import Place, sheet
from pipeline.workbooks.sheets import plan_sheet
from pipeline.workbooks.view import View, number, text

EFFECTS, STATIONS = "pilot_effects", "pilot_stations"
Row = Mapping[str, Any]


@sheet("pilots")
def _pilots(place: Place) -> SheetPlan | None:
    """None where there is no pilot yet."""
    view = place.view
    effects = _own(view, EFFECTS)
    if not effects or place.locked:
        return None
    said = tuple(Sentence(effect_text(one, _figure(view, one), view.words)) for one in effects)
    blocks: list[Block | None] = [
        SentenceBlock(view.word("pilots.said"), said),
        effects_table(view, effects),
        stations_table(view, _own(view, STATIONS)),
        Note(view.word("pilots.note")),
    ]
    return plan_sheet(view, "pilots", blocks)


def _own(view: View, name: str) -> list[Row]:
    """The rows of the report's own entity, of figures that it shows."""
    report, frame = view.report, view.detail(name)
    if frame.empty:
        return []
    own = frame[(frame["level"] == report.level) & (frame["entity_id"] == report.entity_id)]
    return [one for one in records(own) if str(one["figure"]) in view.figures]


def _figure(view: View, row: Row) -> Figure:
    return view.figures[str(row["figure"])]


def _start(view: View, row: Row) -> str:
    return view.month_name(Month.parse(str(row["start"])))


def _unit(view: View, row: Row) -> str:
    figure = _figure(view, row)
    return view.word("pilots.points") if figure.is_rate else view.unit(figure)


def effects_table(view: View, effects: list[Row]) -> Table:
    """One row a start month and figure: effect and its interval, over how many months and stations."""
    columns = (
        Column("start", view.word("pilots.start")),
        Column("figure", view.word("column.figure")),
        Column("unit", view.word("column.unit")),
        Column("effect", view.word("pilots.effect_column"), "number2"),
        Column("low", view.word("pilots.low"), "number2"),
        Column("high", view.word("pilots.high"), "number2"),
        Column("months", view.word("pilots.months"), "number0"),
        Column("pilots", view.word("pilots.pilots"), "number0"),
        Column("others", view.word("pilots.others"), "number0"),
        Column("left_out", view.word("pilots.left_out"), "note", wrap=True, units=20),
    )
    rows = tuple(
        (
            _start(view, one), view.label(_figure(view, one)), _unit(view, one), _toned(view, one, "effect"),
            number(one["low95"]), number(one["high95"]), number(one["months"]), number(one["pilots"]),
            number(one["others"]), text(one["left_out"]) or None,
        )
        for one in effects
    )  # fmt: skip
    return Table("pilots_effects", view.word("pilots.effects"), columns, rows)


def _toned(view: View, row: Row, name: str) -> Cell:
    """An effect, good or bad where its interval is off zero."""
    low, high, value = number(row["low95"]), number(row["high95"]), number(row[name])
    is_clear = low is not None and high is not None and not low <= 0 <= high
    return Shown(value, "number2", view.tone(_figure(view, row), value) if is_clear else "plain")


def stations_table(view: View, stations: list[Row]) -> Table | None:
    """One row a start month, figure and station: before, after, change."""
    if not stations:
        return None
    columns = (
        Column("start", view.word("pilots.start")),
        Column("figure", view.word("column.figure")),
        Column("unit", view.word("pilots.unit")),
        Column("region", view.level_word("region", heading=True)),
        Column("is_pilot", view.word("pilots.is_pilot")),
        Column("before", view.word("pilots.before"), "number2"),
        Column("after", view.word("pilots.after"), "number2"),
        Column("change", view.word("pilots.change"), "number2"),
    )
    rows = tuple(
        (
            _start(view, one), view.titled(_figure(view, one)), text(one["unit_name"]),
            view.name("region", text(one["region_id"])),
            view.word("pilots.yes" if one["is_pilot"] else "pilots.no"), number(one["before"]), number(one["after"]),
            number(one["change"]),
        )
        for one in stations
    )  # fmt: skip
    return Table("pilots_stations", view.word("pilots.by_station"), columns, rows)
