"""What an office's export replaces of what was taken in before (settings `replaces`; domain.md section 8)."""

import datetime as dt
import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Literal

import pandas as pd

from pipeline.base.calendar import Month
from pipeline.contract.exports import Export
from pipeline.contract.master_data import managers_in_office
from pipeline.intake.export import FROM_NAME, valid_from
from schemas.form import Form

Days = tuple[dt.date, dt.date]  # the first and the last day of a span
_DAY = re.compile(r"(20\d{2})[-_.年]?(0?[1-9]|1[0-2])[-_.月]?(0[1-9]|[12]\d|3[01]|[1-9](?!\d))日?")
_LAST_DAY = re.compile(r"(?:[-_~–—至到]+)(?:(0?[1-9]|1[0-2])[-_.月])?(0[1-9]|[12]\d|3[01]|[1-9](?!\d))日?(?!\d)")


@dataclass(frozen=True)
class Coverage:
    """What the rows of one manager and month take the place of: the month, these days (ISO), or equal rows."""

    replaces: Literal["month", "days", "rows"]
    days: tuple[str, ...] = ()


def how_it_replaces(export: Export, form: Form) -> Literal["month", "days", "rows", "span"]:
    """As the settings say. Where they do not: rows, of cases whose later steps others fill in; the month only where one
    manager's one month is named; else the days that occur; of a form without days, rows."""
    if export.replaces is not None:
        return export.replaces
    if form.fills_in:
        return "rows"
    if "manager_id" in export.fixed and export.valid_from:
        return "month"
    return "rows" if form.month_column is None else "days"


def coverage_of(export: Export, form: Form, name: str, month: Month, accepted: pd.DataFrame) -> Coverage:
    """What the accepted rows of one manager in one month replace; `name` is the file's."""
    how = how_it_replaces(export, form)
    named = valid_from(export, name)
    if how == "rows" or (how == "month" and (named is None or named == month)):
        return Coverage(how)
    if how == "span":
        return Coverage("days", tuple(str(day) for day in _days(span_of(export, name), month)))
    days = accepted[form.month_column].dt.strftime("%Y-%m-%d") if form.month_column else pd.Series(dtype="str")
    return Coverage("days", tuple(sorted(set(days))))


def month_of_rows(export: Export, form: Form, name: str, rows: pd.DataFrame) -> pd.Series:
    """The month (YYYY-MM) to which each row of an export belongs, missing where nothing tells it: that of its day; of a
    form without days, the one that the mapping names. A row that may fill in later steps tells how its case stands in
    the month that the mapping names, else in that of its newest day."""
    named, day = valid_from(export, name), form.month_column
    if named is not None and (day is None or form.fills_in):
        return pd.Series(str(named), index=rows.index, dtype="str")
    if form.traits.case is not None and form.fills_in:
        days = form.traits.case.newest_day(rows)
    else:
        days = rows[day] if day else pd.Series(pd.NaT, index=rows.index)
    months: pd.Series = days.dt.strftime("%Y-%m").astype("str")
    return months


def stands_beside(form: Form, accepted: pd.DataFrame) -> Literal["", "cases", "steps"]:
    """Whether an export's rows stand beside what managers send: those of cases whose later steps others fill in do.
    Rows that only fill in such steps say nothing of what the manager had."""
    case = form.traits.case
    if case is None or not form.fills_in:
        return ""
    return "steps" if len(accepted) and bool(case.only_fills_in(accepted).all()) else "cases"


def covers_month(export: Export, name: str, month: Month) -> bool:
    """Whether an export says of all managers what they did in a month, also of those without a line."""
    named = valid_from(export, name)
    return bool(export.covers) and named in (None, month)


def managers_without_lines(managers: pd.DataFrame, month: Month, named: Collection[str]) -> tuple[str, ...]:
    """The managers in office in a month, by its master data, whom no line names."""
    office = managers_in_office(managers, month)["manager_id"]
    return tuple(str(one) for one in office if one not in named)


def _days(span: Days | None, month: Month) -> Iterator[dt.date]:
    """The days of a span that lie in a month."""
    if span is None:
        return
    day = max(span[0], month.first_day)
    while day <= min(span[1], month.last_day):
        yield day
        day += dt.timedelta(days=1)


def span_of(export: Export, name: str) -> Days | None:
    """The days that a file covers: as the settings say, or as its name does (2024-06-03_2024-06-09, 20240603-0609,
    a month); None where neither tells."""
    if isinstance(export.span, tuple):
        return dt.date.fromisoformat(export.span[0]), dt.date.fromisoformat(export.span[1])
    found = list(_DAY.finditer(name))
    if not found:
        month = valid_from(export.model_copy(update={"valid_from": FROM_NAME}), name)
        return (month.first_day, month.last_day) if month else None
    first = _day(*found[0].groups())
    last = _day(*found[1].groups()) if len(found) > 1 else _shortened(first, name[found[0].end() :])
    return (first, last) if first and last and first <= last else None


def _shortened(first: dt.date | None, rest: str) -> dt.date | None:
    """The last day where only its day, or month and day, are written after the first."""
    short = _LAST_DAY.match(rest) or re.match(r"[-_~–—至到]+(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])(?!\d)", rest)
    if first is None or short is None:
        return first
    return _day(str(first.year), short[1] or str(first.month), short[2])


def _day(year: str, month: str, day: str) -> dt.date | None:
    try:
        return dt.date(int(year), int(month), int(day))
    except ValueError:
        return None
