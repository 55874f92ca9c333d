"""Tables from the frames of a report's details (`pipeline/figures/details.py`): sums compared, and lists."""

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from functools import cache

import pandas as pd

from pipeline.base.calendar import Month
from pipeline.contract.behind import all_sums
from pipeline.contract.shown_frames import Measure, SumFrame
from pipeline.workbooks.blocks import Cell, Column, Shown, Table
from pipeline.workbooks.view import View, money, money_style, number, settled, text
from schemas.columns import Column as FormColumn
from schemas.form import Form, carried_forms
from schemas.in_use import are_in_use, form_told

COMPARED = ("previous", "last_year")


@cache
def sum_frames() -> Mapping[str, SumFrame]:
    """How each frame of sums is shown that a subject declares, by name; those that have a table of their own are not
    among them."""
    return {name: one.shown for name, one in all_sums().items() if one.shown}


ACTION_COLUMNS = (
    "manager_id",
    "topic",
    "problem",
    "cause",
    "countermeasure",
    "owner",
    "due_on",
    "status",
    "age_months",
)


def sums_of(view: View, *names: str) -> list[Table]:
    """Those of some frames of sums that the trade has, as tables."""
    return [sum_table(view, name) for name in names if are_in_use(sum_frames()[name].needs, view.forms)]


def sum_table(view: View, name: str) -> Table:
    """A frame of sums with shares, 环比 and 同比, the greatest first; words where the month had none."""
    return view.once(name, lambda: _sum_table(view, name))


def _sum_table(view: View, name: str) -> Table:
    spec = sum_frames()[name]
    frame = view.detail(name)
    first = spec.measures[0]
    if not frame.empty:
        frame = frame.sort_values([first.name, spec.keys[0]], ascending=[False, True], kind="stable")
    columns = [Column(key, header(view, spec.form, key)) for key in spec.keys]
    for measure in spec.measures:
        columns += _measure_columns(view, measure)
    cells = [labels(view, spec.form, key, frame) for key in spec.keys] if not frame.empty else []
    if cells:
        for measure in spec.measures:
            cells += _measure_cells(view, measure, frame)
    keys = unique_keys(frame[spec.row_key or spec.keys[0]]) if cells else ()
    return detail_table(view, name, columns, cells, keys)


def unique_keys(values: Iterable[object]) -> tuple[str, ...]:
    """Keys of rows for links: a value's first row has the value itself, further ones a number more."""
    seen: Counter[str] = Counter()
    keys = []
    for value in map(text, values):
        seen[value] += 1
        keys.append(value if seen[value] == 1 else f"{value}#{seen[value]}")
    return tuple(keys)


def detail_table(
    view: View,
    name: str,
    columns: Sequence[Column],
    cells: Sequence[Sequence[Cell]],
    row_keys: tuple[str, ...] = (),
) -> Table:
    """A table of the details from the cells of its columns; words where there are none."""
    title = view.word(f"detail_table.{name}")
    rows = tuple(zip(*cells, strict=True))
    empty = view.word("empty.detail", name=title)
    return Table(f"detail_{name}", title, tuple(columns), rows, row_keys, empty=empty)


def action_table(view: View) -> Table | None:
    """The managers' own actions that are not done, with their age.

    From the detail frame `open_actions`: one row an action with manager_id, the columns of the form, and
    `since`, the month (YYYY-MM) in which it was first reported.
    """
    if not carried_forms(view.forms):
        return None
    frame = view.detail("open_actions")
    columns = [_action_column(view, name) for name in ACTION_COLUMNS]
    cells: list[list[Cell]] = []
    if not frame.empty:
        cells = [_action_cells(view, name, frame) for name in ACTION_COLUMNS]
    return detail_table(view, "open_actions", columns, cells)


def _action_column(view: View, name: str) -> Column:
    words = view.word("detail.age_months") if name == "age_months" else header(view, _action_form(view), name)
    long = name in ("problem", "cause", "countermeasure")
    style = {"due_on": "day", "age_months": "number0"}.get(name, "note")
    return Column(name, words, style, wrap=long, units=26 if long else 0)


def _action_cells(view: View, name: str, frame: pd.DataFrame) -> list[Cell]:
    month = view.report.month
    if name == "age_months":
        return [month - Month.parse(text(one)) for one in frame["since"]]
    if name == "due_on":
        return [day(one) for one in frame["due_on"].tolist()]
    if name == "manager_id":
        return [view.name("manager", text(one)) or None for one in frame[name].tolist()]
    return labels(view, _action_form(view), name, frame)


def _action_form(view: View) -> str:
    return next(form.key for form in carried_forms(view.forms))


# ---- words


def form_column(view: View, form: str, name: str) -> FormColumn:
    """A column as its form declares it."""
    return form_of(view, form).column(name)


def form_of(view: View, key: str) -> Form:
    """A form that a list is about; as it is declared where the trade is without it, so that the list is empty."""
    return form_told(key, view.forms)


def header(view: View, form: str, name: str) -> str:
    """The words over a column: the catalogue's, else the form's own."""
    for key in (f"workbooks.detail.{form}.{name}", f"workbooks.detail.{name}"):
        if view.words.has(key):
            return view.words(key)
    column = form_column(view, form, name)
    label, unit = view.words.pick(column.zh, column.en), view.words.pick(column.unit, column.unit_en)
    return view.word("with_unit", name=label, unit=unit) if unit else label


def choice_words(view: View, form: str, name: str) -> Mapping[str, str]:
    """The words of a column's list: the form's own or the profile's; empty where it has none."""
    column = form_column(view, form, name)
    profile = view.report.settings.profile
    listed = column.list_name in profile.lists
    choices = column.choices or (profile.choices(column.list_name) if listed else ())
    return {one.key: view.words.pick(one.zh, one.en) for one in choices}


def labels(view: View, form: str, name: str, frame: pd.DataFrame) -> list[Cell]:
    """A column's codes in the words of its list; None where there is no code."""
    words = view.product_names if (form, name) == ("complaints", "product_id") else choice_words(view, form, name)
    return [words.get(one, one) or None for one in map(text, frame[name].tolist())]


# ---- sums


def _measure_columns(view: View, measure: Measure) -> list[Column]:
    name, figure = measure.name, view.figures.get(measure.figure)
    style = money_style(view.words) if measure.is_money else "number0" if figure is None else view.style(figure)
    label = view.word(f"detail.{name}") if figure is None else view.header(figure)
    columns = [Column(name, label, style, bar=measure.share)]
    if measure.share:
        columns.append(Column(f"{name}_share", view.word(f"detail.{name}_share"), "percent1"))
    if measure.changes:
        columns.append(Column(f"{name}_change", view.word(f"detail.{name}_change"), "change_percent"))
        columns.append(Column(f"{name}_yoy", view.word(f"detail.{name}_yoy"), "change_percent"))
    if measure.differences:
        names = [f"{name}_difference_{when}" for when in COMPARED]
        columns += [Column(one, view.word(f"detail.{one}"), "change_count") for one in names]
    return columns


def _measure_cells(view: View, measure: Measure, frame: pd.DataFrame) -> list[list[Cell]]:
    now, figure = numbers(frame, measure.name), view.figures.get(measure.figure)
    cells: list[list[Cell]] = [[money(view.words, one) for one in now] if measure.is_money else [*now]]
    if figure is not None:
        cells = [[view.scaled(figure, one) for one in now]]
    if measure.share:
        whole = sum(one or 0 for one in now)
        cells.append([None if one is None or not whole else 100 * one / whole for one in now])
    if measure.changes:
        for known, before in (_compared(measure, frame, when) for when in COMPARED):
            cells.append([_growth(view, measure, one, other) for one, other in zip(known, before, strict=True)])
    if measure.differences:
        cells += [differences(view, *_compared(measure, frame, when)) for when in COMPARED]
    return cells


def _compared(
    measure: Measure, frame: pd.DataFrame, when: str
) -> tuple[Sequence[float | None], list[float | None]]:
    """A measure of this month, like with like, and of the month compared with."""
    like = f"{measure.name}_like_{when}"
    return numbers(frame, like if like in frame else measure.name), numbers(frame, f"{measure.name}_{when}")


def numbers(frame: pd.DataFrame, name: str) -> list[float | None]:
    """A column as numbers; None where there is none, and of a column that is not there."""
    return [number(one) for one in frame[name].tolist()] if name in frame else [None] * len(frame)


def _growth(view: View, measure: Measure, now: float | None, before: float | None) -> Shown:
    """Growth in %; a dash where there is no base, or one below zero."""
    if now is None or before is None or before <= 0:
        return Shown(None)
    value = settled(100 * (now - before) / before)
    return Shown(value, "", view.tone_of(measure.better, value))


def differences(view: View, now: Sequence[float | None], before: Sequence[float | None]) -> list[Cell]:
    """By how much each rose or fell, with its tone; empty where one of both is not known."""
    pairs = zip(now, before, strict=True)
    values = [None if one is None or other is None else settled(one - other) for one, other in pairs]
    return [Shown(value, "", view.tone_of("higher", value)) for value in values]


def day(value: object) -> dt.date | None:
    """A day as a date; None where there is none."""
    if isinstance(value, pd.Timestamp):
        return value.date()
    return None if pd.isna(value) else pd.Timestamp(value).date()  # type: ignore[arg-type, call-overload]


def told_columns(view: View, words: str, names: Sequence[str], wide: Mapping[str, float]) -> tuple[Column, ...]:
    """The columns of a table of what people wrote.

    Args:
        words: before a column's name, the key of its header.
        names: the columns; one whose name ends with `_on` holds days.
        wide: the width of those that break over lines.
    """
    return tuple(
        Column(
            name,
            view.word(f"{words}.{name}"),
            "day" if name.endswith("_on") else "note" if name in wide else "text",
            wrap=name in wide,
            units=wide.get(name, 0),
        )
        for name in names
    )
