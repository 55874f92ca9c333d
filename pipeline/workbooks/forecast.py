"""The forecast of next month on a sheet: values with their intervals, how they came about, how far to trust them."""

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from pipeline.figures.declare import LEVELS, Level
from pipeline.frames import records
from pipeline.workbooks.blocks import Cell, Column, Shown, Table
from pipeline.workbooks.view import View, number, settled, text

Record = Mapping[Any, Any]
MOST_CUSTOMERS = 300
PART_SIGN = "|"  # the entities of categories and brands: region|category|brand
_BOUNDS = ("forecast", "low80", "high80", "low95", "high95")
_TRACK = ("forecasts", "wape", "bias", "hit80", "hit95", "last_forecast", "last_actual")
_MEASURES = ("volume", "amount")
_SOURCES = ("model", "outlook", "last_year")
# What each kind of report shows: the whole first, then its parts; and what only the list of all parts shows.
_SHOWN_LEVELS: Mapping[Level, tuple[str, ...]] = {
    "organisation": ("organisation", "category"),
    "region": ("region", "category"),
    "manager": ("manager",),
}
_PARTS: Mapping[Level, tuple[str, ...]] = {
    "organisation": ("region", "manager", "brand"),
    "region": ("manager", "brand"),
    "manager": (),
}


def forecast_table(view: View) -> Table:
    """One row an entity and measure of `forecast.csv`: next month, its intervals, against this month."""
    title = view.word("table.forecast", month=view.month_name(view.report.month + 1))
    return _table(view, "forecast_next", title, _records(view, _SHOWN_LEVELS[view.report.level]))


def forecast_parts_table(view: View) -> Table:
    """The same for every part of the whole: regions, managers, brands of each category."""
    title = view.word("table.forecast", month=view.month_name(view.report.month + 1))
    return _table(view, "forecast_parts", title, _records(view, _PARTS[view.report.level]))


def customer_forecast_table(view: View) -> Table:
    """One row a customer: its volume next month; the greatest first."""
    records = [one for one in _records(view, ("customer",)) if text(one["measure"]) == "volume"]
    greatest = sorted(records, key=lambda one: (-(number(one["forecast"]) or 0), text(one["entity_id"])))
    title = view.word("table.forecast_customers", month=view.month_name(view.report.month + 1))
    return _table(
        view, "forecast_customers", title, greatest[:MOST_CUSTOMERS], len(greatest), without=("measure",)
    )


def _table(
    view: View, name: str, title: str, records: Sequence[Record], known: int = 0, without: tuple[str, ...] = ()
) -> Table:
    styles = {"change": "change_percent", "entity": "text", "measure": "text", "method": "note"}
    words = {"now": "value", "change": "forecast_change"}
    keys = ("entity", "measure", "now", "forecast", "change", *_BOUNDS[1:], "method", "months")
    columns = tuple(
        Column(
            key,
            view.word(f"column.{words.get(key, key)}"),
            styles.get(key, "number0"),
            wrap=key in ("entity", "method"),
            units={"entity": 24, "method": 18}.get(key, 0),
        )
        for key in keys
        if key not in without
    )
    kept = [place for place, key in enumerate(keys) if key not in without]
    rows = tuple(tuple(row[place] for place in kept) for row in (_forecast_row(view, one) for one in records))
    left = known - len(rows)
    notes = [view.word("note.rows_left", shown=len(rows), left=left)] if left > 0 else []
    note = view.words.pick("", " ").join([*notes, view.word("note.forecast")]) if rows else ""
    return Table(name, title, columns, rows, note=note, empty=view.word("empty.forecast"))


def _records(view: View, levels: tuple[str, ...]) -> list[Record]:
    """The rows of these levels that are the report's own, volumes before amounts."""
    frame = view.report.forecast
    if frame is None or frame.empty:
        return []
    chosen = records(frame[frame["level"].isin(levels)])
    own = [one for one in chosen if _is_own(view, text(one["level"]), text(one["entity_id"]))]
    return sorted(own, key=lambda one: _order(levels, one))


def _order(levels: tuple[str, ...], one: Record) -> tuple[int, str, int]:
    measure = text(one["measure"])
    place = _MEASURES.index(measure) if measure in _MEASURES else len(_MEASURES)
    return levels.index(text(one["level"])), text(one["entity_id"]), place


def _is_own(view: View, level: str, entity: str) -> bool:
    """Categories and brands are the region's own, or, for headquarters, those of the whole."""
    if level == view.report.level:
        return entity == view.report.entity_id
    if level in ("category", "brand"):
        region, sign, _ = entity.partition(PART_SIGN)
        return region == view.report.entity_id if view.report.level == "region" else not sign
    return True


def _forecast_row(view: View, one: Record) -> tuple[Cell, ...]:
    level, entity, measure = (text(one[name]) for name in ("level", "entity_id", "measure"))
    figure = view.figures.get(measure)
    values = [number(one[name]) for name in _BOUNDS]
    now = _this_month(view, level, entity, measure)
    growth = 100 * (values[0] - now) / now if values[0] is not None and now is not None and now > 0 else None
    style = view.style(figure) if figure else "number0"
    shown = [Shown(view.scaled(figure, value) if figure else value, style) for value in (now, *values)]
    return (
        entity_label(view, level, entity),
        view.titled(figure) if figure else measure,
        shown[0],
        shown[1],
        Shown(settled(growth), "", view.tone_of("higher", settled(growth))),
        *shown[2:],
        method_text(view, text(one["method"])) or None,
        number(one["months_of_history"]),
    )


def _this_month(view: View, level: str, entity: str, measure: str) -> float | None:
    """What the month itself brought, where a figure or a customer's row tells."""
    figure = view.figures.get(measure)
    for known in LEVELS:
        if level == known and figure:
            return view.raw(figure, "value", known, entity)
    return _customer_volumes(view).get(entity) if level == "customer" else None


def _customer_volumes(view: View) -> Mapping[str, float | None]:
    return view.once("customer_volumes", lambda: _volumes(view.detail("customers_by_movement")))


def _volumes(frame: pd.DataFrame) -> dict[str, float | None]:
    if frame.empty:
        return {}
    pairs = zip(frame["customer_id"].tolist(), frame["volume"].tolist(), strict=True)
    return {str(customer): number(volume) for customer, volume in pairs}


def method_text(view: View, method: str) -> str:
    """A method in words; one that is put together of several names the first, as the rest is technique."""
    known = f"workbooks.method.{method.split('+')[0]}"
    return view.words(known) if view.words.has(known) else method


def entity_label(view: View, level: str, entity: str) -> str:
    """What an entity is called: a category by the profile's word, a customer and others by their names."""
    if level in ("category", "brand"):
        lists = view.report.settings.profile.lists.get("categories", ())
        words = {entry.key: view.words.pick(entry.zh, entry.en) for entry in lists}
        parts = entity.split(PART_SIGN)
        named = [words.get(part, part) for part in (parts[1:] or parts)]
        return " · ".join(named)
    if level == "customer":
        return view.customer_names.get(entity, entity)
    return view.organisation if level == "organisation" else view.name(level, entity)


def track_table(view: View) -> Table | None:
    """How past forecasts fared: model, manager's outlook, same month last year, side by side.

    From the detail frame `track_record`, one row a level, entity_id, measure and source with forecasts, wape,
    bias, hit80 and hit95 (in %), last_forecast and last_actual. None where no record is kept yet.
    """
    frame = view.detail("track_record")
    if frame.empty:
        return None
    own = frame[(frame["level"] == view.report.level) & (frame["entity_id"] == view.report.entity_id)]
    if own.empty:
        return None
    styles = {"forecasts": "number0", "last_forecast": "number0", "last_actual": "number0"}
    columns = (
        Column("source", view.word("column.forecaster")),
        Column("measure", view.word("column.measure")),
        *(Column(name, view.word(f"column.{name}"), styles.get(name, "percent1")) for name in _TRACK),
    )
    rows = tuple(_track_row(view, one) for one in sorted(records(own), key=_track_order))
    return Table("forecast_track", view.word("table.track"), columns, rows, note=view.word("note.track"))


def _track_order(one: Record) -> tuple[int, int]:
    """Volumes before amounts, the model before those that it is compared with."""
    places = [
        (known.index(text(one[name])) if text(one[name]) in known else len(known))
        for name, known in (("measure", _MEASURES), ("source", _SOURCES))
    ]
    return places[0], places[1]


def _track_row(view: View, one: Record) -> tuple[Cell, ...]:
    figure = view.figures.get(text(one["measure"]))
    known = f"workbooks.forecaster.{text(one['source'])}"
    name = view.words(known) if view.words.has(known) else text(one["source"])
    numbers: list[Cell] = [number(one[column]) for column in _TRACK]
    if figure:
        told = (view.scaled(figure, number(one[column])) for column in _TRACK[-2:])
        numbers[-2:] = [Shown(value, view.style(figure)) for value in told]
    return (name, view.titled(figure) if figure else text(one["measure"]), *numbers)
