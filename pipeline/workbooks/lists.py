"""Frames of a report's details that are shown column by column: customers, growth, the survey's course."""

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

import numpy as np
import pandas as pd

from pipeline.contract.behind import all_added_up, all_lists, all_shown
from pipeline.contract.shown_frames import ListFrame
from pipeline.workbooks.blocks import Cell, Column, Shown, Table
from pipeline.workbooks.details import choice_words, day, header, unique_keys
from pipeline.workbooks.view import View, money, money_style, number, settled, text
from schemas.in_use import are_in_use, has_column
from schemas.profile import Profile

MOST_ROWS = 300
LARGE_FRAME = 2 * MOST_ROWS
# How columns are shown; `yuan` is divided into ten thousands. What is not here is text.
_STYLES: Mapping[str, str] = {
    **dict.fromkeys(("volume", "volume_previous", "silent_months", "stock", "customers", "tenth"), "number0"),
    "answers": "number0",
    **dict.fromkeys(("ratio", "peer_ratio", "relative", "stock_to_sales", "observed_price"), "number2"),
    **dict.fromkeys(("score", "index", "low95", "high95", "mean_3", "mean_12"), "number1"),
    **dict.fromkeys(
        ("amount_yuan", "amount", "amount_base", "volume_effect", "mix_effect", "price_effect", "change"), "yuan"
    ),
    **dict.fromkeys(("index", "previous", "half_width", "last_year", "yoy_half_width"), "number1"),
    **dict.fromkeys(("difference", "yoy_difference", "slope"), "change_number"),
    "slope_half_width": "number2",
    "cumulative_share": "percent1",
    "share": "percent1",
    "place": "rank",
    "visit_date": "day",
    "due_on": "day",
}  # fmt: skip
# Forms from which a column takes its words, in the order in which they are asked.
_FORMS = ("customers", "visits", "managers", "enrolments")


@cache
def list_frames() -> Mapping[str, ListFrame]:
    """How each frame is shown that a subject declares, by name."""
    listed = {name: one.shown for name, one in all_lists().items()}
    added_up = {name: one.shown for name, one in all_added_up().items()}
    return {**{name: shown for name, shown in (listed | added_up).items() if shown}, **all_shown()}


def lists_of(view: View, *names: str) -> list[Table]:
    """Those of some lists that the trade has, as tables."""
    profile = view.report.settings.profile
    return [list_table(view, name) for name in names if is_told(list_frames()[name], profile)]


def is_told(spec: ListFrame, profile: Profile) -> bool:
    """Whether a trade has what a list is made of."""
    of_others = [one for one in profile.forecast.values() if not one.startswith(f"{spec.of_forecast}.")]
    return not (spec.of_forecast and of_others) and are_in_use(spec.needs, profile.forms)


def list_table(view: View, name: str) -> Table:
    """A frame of the details as a table; the first rows of a very long one, with a word on the rest."""
    return view.once(f"list_{name}", lambda: _list_table(view, name))


def _list_table(view: View, name: str) -> Table:
    spec = list_frames()[name]
    frame = view.detail(name)
    chosen = _chosen(frame, spec)
    known = [column for column in spec.columns if column in frame]
    rows: tuple[tuple[Cell, ...], ...] = ()
    keys: tuple[str, ...] = ()
    if known and chosen:
        first = _values(frame, known, chosen[:MOST_ROWS])
        rows = tuple(
            zip(*(_cells(view, name, column, values, spec) for column, values in first.items()), strict=True)
        )
        keys = unique_keys(first[spec.row_key]) if spec.row_key in known else ()
    columns = tuple(_column(view, name, column, spec) for column in known or spec.columns)
    title = view.word(f"detail_table.{name}")
    left = len(chosen) - len(rows)
    notes = [view.word("note.rows_left", shown=len(rows), left=left)] if rows and left else []
    about = f"workbooks.about_list.{name}"
    notes += [view.words(about)] if view.words.has(about) and rows else []
    note = view.words.pick("", " ").join(notes)
    empty = view.word("empty.detail", name=title)
    return Table(f"detail_{name}", title, columns, rows, keys, note=note, empty=empty)


def _chosen(frame: pd.DataFrame, spec: ListFrame) -> list[int]:
    """The places of the rows worth showing: those of the values asked for, in their order, the greatest first."""
    if spec.only is None or frame.empty:
        keys = [text(one) for one in frame[spec.by].tolist()] if spec.by in frame else []
        return sorted(range(len(frame)), key=keys.__getitem__) if keys else list(range(len(frame)))
    column, values = spec.only
    order = {value: place for place, value in enumerate(values)}
    kinds = frame[column].tolist()
    measures = [frame[name] for name in ("volume", "volume_previous") if name in frame]
    numbers = [one.to_numpy(dtype="float64", na_value=np.nan) for one in measures]
    weights = np.nan_to_num(np.fmax.reduce(numbers)).tolist() if numbers else [0.0] * len(kinds)
    places = (place for place, kind in enumerate(kinds) if kind in order)
    return sorted(places, key=lambda place: (order[kinds[place]], -weights[place]))


def _values(frame: pd.DataFrame, columns: Sequence[str], places: Sequence[int]) -> dict[str, list[Any]]:
    """The columns' values in these rows; a frame of a whole city is cut before it is made into lists."""
    if len(frame) > LARGE_FRAME:
        cut = frame.iloc[list(places)]
        return {column: cut[column].tolist() for column in columns}
    all_values = {column: frame[column].tolist() for column in columns}
    return {column: [values[place] for place in places] for column, values in all_values.items()}


def _column(view: View, frame: str, name: str, spec: ListFrame) -> Column:
    style, long = _style(name, spec), name in spec.long
    style = money_style(view.words) if style == "yuan" else "note" if long else style
    return Column(name, _header(view, frame, name, spec), style, wrap=long, units=64 if long else 0)


def _style(name: str, spec: ListFrame) -> str:
    return dict(spec.styles).get(name) or _STYLES.get(name, "text")


def _header(view: View, frame: str, name: str, spec: ListFrame) -> str:
    for key in (f"workbooks.detail.{frame}.{name}", f"workbooks.detail.{name}"):
        if view.words.has(key):
            return view.words(key)
    return header(view, _form_of(view, name, spec), name)


def _form_of(view: View, name: str, spec: ListFrame) -> str:
    """The form that declares a column; raises StopIteration for one that has no words anywhere."""
    return next(key for key in (spec.form, *_FORMS) if has_column(f"{key}.{name}", view.forms))


def _cells(view: View, frame: str, name: str, values: Sequence[Any], spec: ListFrame) -> list[Cell]:
    style = _style(name, spec)
    if style == "day":
        return [day(one) for one in values]
    if style == "yuan":
        return [money(view.words, number(one)) for one in values]
    if style == "change_number":
        differences = [settled(number(one)) for one in values]
        return [Shown(one, "", view.tone_of("higher", one)) for one in differences]
    if style != "text":
        return [number(one) for one in values]
    if name == "entity_id":
        return [view.any_name(text(one)) for one in values]
    if name == "manager_id":
        return [view.name("manager", text(one)) or None for one in values]
    texts = [text(one) for one in values]
    words = {one: _word(view, frame, name, one, spec) or None for one in set(texts)}
    return [words[one] for one in texts]


def _word(view: View, frame: str, name: str, value: str, spec: ListFrame) -> str:
    """A code's word: the catalogue's, else that of the form's list; several joined by commas each for itself."""
    if name == "reasons":
        parts: Sequence[str] = value.split(",") if value else ()
        return view.words.pick("、", ", ").join(view.word(f"part.{part}") for part in parts)
    if view.words.has(f"workbooks.code.{name}.{value}"):
        return view.word(f"code.{name}.{value}")
    if has_column(f"{spec.form}.{name}", view.forms):
        return choice_words(view, spec.form, name).get(value, value)
    listed = "grade" if name == "proposed_grade" else name
    if listed in ("grade", "channel"):
        return choice_words(view, "customers", listed).get(value, value)
    return value
