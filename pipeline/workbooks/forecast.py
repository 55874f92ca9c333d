"""The forecast of next month on a sheet: values with their intervals, how they came about, how far to trust them."""

from collections.abc import Mapping, Sequence
from typing import Any

from pipeline.base.calendar import FESTIVAL_MONTHS, knows_season
from pipeline.base.frames import records
from pipeline.contract.figure import Figure, Level
from pipeline.contract.foreseen import without_never_any
from pipeline.contract.show import value_text
from pipeline.workbooks.blocks import Cell, Column, Shown, Table
from pipeline.workbooks.forecast_now import (
    PART_SIGN,
    groups_of,
    growth,
    measures_of,
    of_unreported,
    this_month,
    told_measures,
    unreported,
)
from pipeline.workbooks.view import View, number, settled, text

Record = Mapping[Any, Any]
MOST_CUSTOMERS = 300
_BOUNDS = ("forecast", "low80", "high80", "low95", "high95")
_TRACK = ("forecasts", "wape", "bias", "hit80", "hit95", "last_forecast", "last_actual")
_SHORT = ("last_value", "recent_mean")  # methods of histories of up to five months
_ERRORS, _MOST_PERCENT = ("wape", "bias"), 1000.0
_SOURCES = ("model", "outlook", "last_year")
# What only the list of all parts shows, beside the finer groups of products.
_PARTS: Mapping[Level, tuple[str, ...]] = {
    "organisation": ("region", "manager"),
    "region": ("manager",),
    "manager": (),
}


def forecast_table(view: View) -> Table:
    """One row an entity and measure of `forecast.csv`: next month, its intervals, against this month."""
    title = view.word("table.forecast", month=view.month_name(view.report.month + 1))
    return _table(view, "forecast_next", title, _records(view, _shown_levels(view)))


def forecast_parts_table(view: View) -> Table:
    """The same for every part of the whole: regions, managers, the finer groups of products."""
    title = view.word("table.forecast", month=view.month_name(view.report.month + 1))
    return _table(view, "forecast_parts", title, _records(view, (*_PARTS[view.report.level], *_groups(view)[1:])))


def _groups(view: View) -> tuple[str, ...]:
    """The groups of products that are told of a region or the whole, the widest first."""
    return () if view.report.level == "manager" else groups_of(view)


def _shown_levels(view: View) -> tuple[str, ...]:
    """The whole first, then the widest group of products."""
    return (view.report.level, *_groups(view)[:1])


def customer_forecast_table(view: View) -> Table:
    """One row a customer: its volume next month; the greatest first."""
    main = told_measures(view)[0]
    records = [one for one in _records(view, ("customer",)) if text(one["measure"]) == main]
    greatest = sorted(records, key=lambda one: (-(number(one["forecast"]) or 0), text(one["entity_id"])))
    title = view.word(
        "table.forecast_customers",
        month=view.month_name(view.report.month + 1),
        figure=_of_customers(view, view.figures.get(main)) or main,
    )
    without = ("measure", "outlook")
    return _table(view, "forecast_customers", title, greatest[:MOST_CUSTOMERS], len(greatest), without=without)


def _of_customers(view: View, figure: Figure | None) -> str:
    """What is told of customers, with its unit; what each of them has too little of for the unit of sums is in its own,
    which the title then says."""
    if figure is None:
        return ""
    return view.titled(figure) if figure.own_large is None else view.label(figure)


def _table(
    view: View, name: str, title: str, records: Sequence[Record], known: int = 0, without: tuple[str, ...] = ()
) -> Table:
    if not any(number(one.get("outlook")) is not None for one in records):
        without = (*without, "outlook")
    if "customer" not in {text(one["level"]) for one in records}:
        without = (*without, "customer_id")
    styles = {
        "change": "change_percent",
        "customer_id": "text",
        "entity": "text",
        "measure": "text",
        "method": "note",
    }
    words = {"now": "value", "change": "forecast_change", "outlook": "own_outlook"}
    own = ("entity", "measure", "now", "forecast", "change", "outlook")
    keys = (*own, *_BOUNDS[1:], "method", "months", "customer_id")
    told = [_forecast_row(view, one) for one in records]
    alike = _said_once(view, {key: [row[keys.index(key)] for row in told] for key in ("method", "months")})
    without = (*without, *alike)
    kept = [place for place, key in enumerate(keys) if key not in without]
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
    rows = tuple(tuple(row[place] for place in kept) for row in told)
    left = known - len(rows)
    notes = [view.word("note.rows_left", shown=len(rows), left=left)] if left > 0 else []
    notes += [*_missing_note(view), *_first_issued_note(view)] if name != "forecast_customers" else []
    note = view.words.pick("", " ").join([*notes, *alike.values(), view.word("note.forecast")]) if rows else ""
    return Table(name, title, columns, rows, note=note, empty=view.word("empty.forecast"))


def _said_once(view: View, columns: Mapping[str, Sequence[Cell]]) -> dict[str, str]:
    """The columns that say the same in every row, with the words that say it once below the table."""
    return {
        key: view.word(f"note.forecast_same_{key}", value=cells[0])
        for key, cells in columns.items()
        if len(cells) > 1 and cells[0] is not None and len(set(cells)) == 1
    }


def _missing_note(view: View) -> list[str]:
    """Which managers' months, and how much of single customers, are not known: that part is the model's, and the change
    leaves it out."""
    missing, main = unreported(view), told_measures(view)[0]
    notes = []
    if missing.managers:
        names = view.words.pick("、", ", ").join(view.name("manager", one) for one in missing.managers)
        shown = _value_shown(view, main, missing.forecast.get(main, 0.0))
        notes.append(view.word("note.forecast_missing", names=names, value=shown))
    of_customers = of_unreported(view, view.report.level, view.report.entity_id, main)
    if of_customers > 0:
        shown = _value_shown(view, main, of_customers)
        notes.append(view.word("note.forecast_missing_customers", value=shown))
    return notes


def _value_shown(view: View, measure: str, value: float) -> str:
    figure = view.figures.get(measure)
    return value_text(value, figure, view.words) if figure else str(round(value))


def _first_issued_note(view: View) -> list[str]:
    """What an earlier edition said of the report's own entity, where this one says something else."""
    own = [one for one in _records(view, (view.report.level,)) if number(one.get("first_issued")) is not None]
    told = [
        f"{view.label(figure)}{view.words.pick('', ' ')}{value_text(float(one['first_issued']), figure, view.words)}"
        for one in own
        if (figure := view.figures.get(text(one["measure"]))) is not None
    ]
    return [view.word("note.forecast_first", told=view.words.pick("、", ", ").join(told))] if told else []


def _records(view: View, levels: tuple[str, ...]) -> list[Record]:
    """The rows of these levels that are the report's own, volumes before amounts."""
    frame = view.report.forecast
    if frame is None or frame.empty:
        return []
    chosen = records(without_never_any(frame[frame["level"].isin(levels)]))
    own = [one for one in chosen if _is_own(view, text(one["level"]), text(one["entity_id"]))]
    return sorted(own, key=lambda one: _order(levels, one, measures_of(view)))


def _order(levels: tuple[str, ...], one: Record, measures: Sequence[str]) -> tuple[int, str, int]:
    measure = text(one["measure"])
    place = measures.index(measure) if measure in measures else len(measures)
    return levels.index(text(one["level"])), text(one["entity_id"]), place


def _is_own(view: View, level: str, entity: str) -> bool:
    """Groups of products are the region's own, or, for headquarters, those of the whole."""
    if level == view.report.level:
        return entity == view.report.entity_id
    if level in groups_of(view):
        region, sign, _ = entity.partition(PART_SIGN)
        return region == view.report.entity_id if view.report.level == "region" else not sign
    return True


def _forecast_row(view: View, one: Record) -> tuple[Cell, ...]:
    level, entity, measure = (text(one[name]) for name in ("level", "entity_id", "measure"))
    figure = view.figures.get(measure)
    values = [number(one[name]) for name in _BOUNDS]
    now, change = this_month(view, level, entity, measure), growth(view, level, entity, measure, values[0])
    as_sent = figure is None or (
        level == "customer" and figure.own_large is not None
    )  # one customer's is not much
    style = "number0" if figure is None or as_sent else view.style(figure)
    outlook, months = number(one.get("outlook")), number(one["months_of_history"])
    told = (now, *values, outlook)
    shown = [Shown(value if figure is None or as_sent else view.scaled(figure, value), style) for value in told]
    return (
        text(one.get("customer_name")) or entity_label(view, level, entity),
        view.titled(figure) if figure else measure,
        shown[0],
        shown[1],
        Shown(settled(change), "", view.tone_of("higher", settled(change))),
        shown[-1],
        *shown[2:-1],
        method_text(view, text(one["method"]), level == "customer", None if months is None else int(months))
        or None,
        months,
        entity,
    )


def method_text(view: View, method: str, is_customer: bool = False, months: int | None = None) -> str:
    """A method in words, and what moved the number: a festival, a pause left out, a new level, a new customer.

    Of what a method is put together from, the rest is technique and is not told; of a festival nothing in months
    that it does not move, and of the season nothing where so many `months` of history show none.
    """
    ahead = (view.report.month + 1).month
    first, *ways = method.split("+")
    if first == "structural" and months is not None and not knows_season(months):
        first = "trend"
    known = f"workbooks.method.{first}"
    moved = [f"workbooks.moved.{way}" for way in ways if ahead in FESTIVAL_MONTHS.get(way, (ahead,))]
    if is_customer and first in _SHORT:
        moved.append("workbooks.moved.new_customer")
    told = [view.words(key) for key in (known, *moved) if view.words.has(key)]
    return view.words.pick("；", "; ").join(told) if view.words.has(known) else method


def entity_label(view: View, level: str, entity: str) -> str:
    """What an entity is called: a category by the profile's word, a customer and others by their names."""
    if level in groups_of(view):
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
    bias, hit80 and hit95 (in %), last_forecast, last_actual and last_moved. None where no record is kept yet.
    """
    frame = view.detail("track_record")
    if frame.empty:
        return None
    own = frame[(frame["level"] == view.report.level) & (frame["entity_id"] == view.report.entity_id)]
    own = own[own["measure"].isin(told_measures(view))]
    if own.empty:
        return None
    styles = {"forecasts": "number0", "last_forecast": "number0", "last_actual": "number0"}
    columns = (
        Column("source", view.word("column.forecaster")),
        Column("measure", view.word("column.measure")),
        *(Column(name, view.word(f"column.{name}"), styles.get(name, "percent1")) for name in _TRACK),
        Column("last_hit", view.word("column.last_hit")),
    )
    rows = tuple(
        _track_row(view, one) for one in sorted(records(own), key=lambda one: _track_order(one, measures_of(view)))
    )
    is_moved = any(one.get("last_moved") is True for one in records(own))
    notes = [view.word("note.track"), view.word("note.track_moved")] if is_moved else [view.word("note.track")]
    note = view.words.pick("", " ").join(notes)
    return Table("forecast_track", view.word("table.track"), columns, rows, note=note)


def _track_order(one: Record, measures: Sequence[str]) -> tuple[int, int]:
    """Volumes before amounts, the model before those that it is compared with."""
    places = [
        (known.index(text(one[name])) if text(one[name]) in known else len(known))
        for name, known in (("measure", measures), ("source", _SOURCES))
    ]
    return places[0], places[1]


def _track_row(view: View, one: Record) -> tuple[Cell, ...]:
    figure = view.figures.get(text(one["measure"]))
    known = f"workbooks.forecaster.{text(one['source'])}"
    name = view.words(known) if view.words.has(known) else text(one["source"])
    numbers: list[Cell] = [_judged(view, column, number(one[column])) for column in _TRACK]
    if figure:
        told = (view.scaled(figure, number(one[column])) for column in _TRACK[-2:])
        numbers[-2:] = [Shown(value, view.style(figure)) for value in told]
    return (name, view.titled(figure) if figure else text(one["measure"]), *numbers, _last_hit(view, one))


def _judged(view: View, column: str, value: float | None) -> Cell:
    """A number of the record; an error that is many times what came is no percentage that anybody reads."""
    if column not in _ERRORS or value is None or abs(value) <= _MOST_PERCENT:
        return value
    return view.word(f"beyond.{'above' if value > 0 else 'below'}")


def _last_hit(view: View, one: Record) -> str | None:
    """Whether this month came inside the intervals that it was given; None where there were none."""
    came = number(one["last_actual"])
    if came is None or number(one.get("last_low80")) is None:
        return None
    for level in ("80", "95"):
        low, high = number(one.get(f"last_low{level}")), number(one.get(f"last_high{level}"))
        if low is not None and high is not None and low <= came <= high:
            return view.word(f"hit.inside{level}")
    return view.word("hit.outside")
