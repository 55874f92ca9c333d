"""The forecast of next month on a sheet: values with their intervals, how they came about, how far to trust them."""

from collections.abc import Mapping
from typing import Any

import pandas as pd

from pipeline.workbooks.blocks import Cell, Column, Shown, Table
from pipeline.workbooks.view import View, number, text

_BOUNDS = ("forecast", "low80", "high80", "low95", "high95")
_TRACK = ("forecasts", "wape", "bias", "hit80", "hit95")
# The whole first, then its parts.
_LEVELS = ("organisation", "region", "manager", "category", "brand", "customer")


def forecast_table(view: View, levels: tuple[str, ...] = _LEVELS[:5]) -> Table:
    """One row an entity and measure of `forecast.csv`: next month, its intervals, against this month."""
    columns = (
        Column("entity", view.word("column.entity"), wrap=True, units=16),
        Column("measure", view.word("column.measure")),
        Column("now", view.word("column.value"), "number0"),
        Column("forecast", view.word("column.forecast"), "number0"),
        Column("change", view.word("column.forecast_change"), "change_percent"),
        Column("low80", view.word("column.low80"), "number0"),
        Column("high80", view.word("column.high80"), "number0"),
        Column("low95", view.word("column.low95"), "number0"),
        Column("high95", view.word("column.high95"), "number0"),
        Column("method", view.word("column.method"), "note", wrap=True, units=16),
        Column("months", view.word("column.months"), "number0"),
    )
    rows = tuple(_forecast_row(view, one) for one in _records(view, levels))
    next_month = view.month_name(view.report.month + 1)
    title = view.word("table.forecast", month=next_month)
    note = view.word("note.forecast")
    return Table(
        "forecast_next", title, columns, rows, note=note if rows else "", empty=view.word("empty.forecast")
    )


def _records(view: View, levels: tuple[str, ...]) -> list[Mapping[Any, Any]]:
    frame = view.report.forecast
    if frame is None or frame.empty:
        return []
    records = [one for one in frame.to_dict("records") if text(one["level"]) in levels]
    return sorted(
        records,
        key=lambda one: (levels.index(text(one["level"])), text(one["entity_id"]), -len(text(one["measure"]))),
    )


def _forecast_row(view: View, one: Mapping[Any, Any]) -> tuple[Cell, ...]:
    level, entity, measure = (text(one[name]) for name in ("level", "entity_id", "measure"))
    figure = view.figures.get(measure)
    values = [number(one[name]) for name in _BOUNDS]
    now = view.raw(figure, "value", level, entity) if figure and level in _LEVELS[:3] else None  # type: ignore[arg-type]
    growth = 100 * (values[0] - now) / now if values[0] is not None and now is not None and now > 0 else None
    shown = [
        Shown(view.scaled(figure, value) if figure else value, _style(view, measure)) for value in (now, *values)
    ]
    known = f"workbooks.method.{text(one['method'])}"
    method = view.words(known) if view.words.has(known) else text(one["method"])
    tone = view.tone_of("higher", growth)
    return (
        entity_label(view, level, entity),
        view.titled(figure) if figure else measure,
        shown[0],
        shown[1],
        Shown(growth, "", tone),
        *shown[2:],
        method or None,
        number(one["months_of_history"]),
    )


def _style(view: View, measure: str) -> str:
    figure = view.figures.get(measure)
    return view.style(figure) if figure else "number0"


def entity_label(view: View, level: str, entity: str) -> str:
    """What an entity is called: a category by the profile's word, others by their names."""
    if level == "category":
        lists = view.report.settings.profile.lists.get("categories", ())
        words = {entry.key: view.words.pick(entry.zh, entry.en) for entry in lists}
        return words.get(entity, entity)
    return view.organisation if level == "organisation" else view.name(level, entity)


def track_table(view: View) -> Table | None:
    """How past forecasts fared: model, manager's outlook, same month last year, side by side.

    From the detail frame `track_record`: one row a source, with source, forecasts and, in percent, wape, bias,
    hit80, hit95. None where no record is kept yet.
    """
    frame = view.detail("track_record")
    if frame.empty:
        return None
    columns = (
        Column("source", view.word("column.forecaster")),
        Column("forecasts", view.word("column.forecasts"), "number0"),
        *(Column(name, view.word(f"column.{name}"), "percent1") for name in _TRACK[1:]),
    )
    rows = tuple(_track_row(view, frame, place) for place in range(len(frame)))
    return Table("forecast_track", view.word("table.track"), columns, rows, note=view.word("note.track"))


def _track_row(view: View, frame: pd.DataFrame, place: int) -> tuple[Cell, ...]:
    one = frame.iloc[place]
    source = text(one["source"])
    known = f"workbooks.forecaster.{source}"
    name = view.words(known) if view.words.has(known) else source
    return (name, *(number(one[column]) if column in frame else None for column in _TRACK))
