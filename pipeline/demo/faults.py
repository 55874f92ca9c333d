"""Slips of the kind people make, put into the newest submissions, and what should come of each.

Which manager makes which is said by a trade's demo (`Trade.slips`), in these.
"""

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

import pandas as pd

from pipeline.base.calendar import Month, deadline
from pipeline.templates.plan import Manager
from pipeline.words import Words

DAYS_LATE = 3
UNKNOWN_CUSTOMER = "999999999999"
_FULL_WIDTH = str.maketrans("0123456789", "０１２３４５６７８９")


@dataclass(frozen=True)
class Submission:
    """What one manager sends for one month: typed rows by form, nil ticks, and when it arrives."""

    month: Month
    manager: Manager
    rows: Mapping[str, pd.DataFrame]
    nil_forms: tuple[str, ...]
    received: dt.datetime


@dataclass(frozen=True)
class Fault:
    """One slip. `row` counts the form's rows from 0; `column` is empty where a form or a file is meant.

    `effect` is what should come of it: note, row left out, late, missing, nil, or unexplained, where the forms of a
    manager no longer agree with each other. `found` is what was typed.
    """

    kind: str
    effect: str
    form: str = ""
    column: str = ""
    row: int = 0
    found: str = ""


@dataclass(frozen=True)
class Outcome:
    """What becomes of a manager's month: as sent (None: not at all), the rows that are good, and the slips."""

    month: Month
    manager: Manager
    sent: Submission | None
    good_rows: Mapping[str, pd.DataFrame]
    faults: tuple[Fault, ...] = ()


Slip = Callable[[Submission, Words], Outcome]


def without_slips(submission: Submission) -> Outcome:
    """The submission as it ought to be."""
    return _outcome(submission, submission)


def with_slips(
    submission: Submission, words: Words, months_ago: int, position: int, slips: Mapping[tuple[int, int], Slip]
) -> Outcome:
    """The submission with the one of a trade's slips that falls to this manager, by position among the managers, and
    month."""
    slip = slips.get((months_ago, position))
    outcome = slip(submission, words) if slip else without_slips(submission)
    if months_ago or outcome.sent is None:
        return outcome
    nil = tuple(Fault("nil return", "nil", form) for form in outcome.sent.nil_forms)
    return replace(outcome, faults=(*outcome.faults, *nil))


# ---- what is typed instead of a value


def about(value: object, words: Words) -> str:
    """A number as somebody types it who is not sure."""
    return words("demo.typed.about", value=value)


def full_width(value: object, words: Words) -> str:
    """A number in the wide digits of a Chinese input method."""
    return str(value).translate(_FULL_WIDTH)


def separated(value: float, words: Words) -> str:
    """An amount with thousands separators."""
    return f"{value:,.2f}"


def day_in_words(value: pd.Timestamp, words: Words) -> str:
    """A day as it is written by hand."""
    return words("demo.typed.day", year=value.year, month=value.month, day=value.day)


def month_before(value: pd.Timestamp, words: Words) -> pd.Timestamp:
    """The same day of the month before."""
    return value - pd.DateOffset(months=1)


def unknown_customer(value: object, words: Words) -> str:
    """A code that no customer has."""
    return UNKNOWN_CUSTOMER


# ---- slips


def retyped(
    submission: Submission,
    words: Words,
    *,
    form: str,
    column: str,
    typed: Callable[..., object],
    kind: str,
    effect: str,
    above: float | None = None,
) -> Outcome:
    """One cell, a third of the way down the form, as somebody typed it; the value is `above` something."""
    rows = submission.rows[form]
    fits = rows[column].notna() if above is None else rows[column] > above
    fitting = fits.to_numpy().nonzero()[0]
    if not len(fitting):
        return without_slips(submission)
    row = int(fitting[len(fitting) // 3])
    found = typed(rows[column].iloc[row], words)
    cells = rows[column].astype(object)
    cells.iloc[row] = found
    sent = _with_rows(submission, form, rows.assign(**{column: cells}))
    good = rows if effect == "note" else rows.drop(index=rows.index[row])
    shown = str(found.date()) if isinstance(found, pd.Timestamp) else str(found)
    fault = Fault(kind, effect, form, column, row, shown)
    return _outcome(_with_rows(submission, form, good), sent, fault)


def equal_row(submission: Submission, words: Words, *, form: str) -> Outcome:
    """A row that stands twice."""
    rows = submission.rows[form]
    if rows.empty:
        return without_slips(submission)
    twice = pd.concat([rows, rows.iloc[[len(rows) // 2]]], ignore_index=True)
    fault = Fault("equal row", "row left out", form, "", len(rows))
    return _outcome(submission, _with_rows(submission, form, twice), fault)


def row_forgotten(submission: Submission, words: Words, *, form: str, effect: str) -> Outcome:
    """A row that nobody typed, the last one: what follows from it is the effect."""
    rows = submission.rows[form]
    if rows.empty:
        return without_slips(submission)
    without = _with_rows(submission, form, rows.iloc[:-1])
    nil = (*submission.nil_forms, form) if len(rows) == 1 else submission.nil_forms
    without = replace(without, nil_forms=nil)
    return _outcome(without, without, Fault("row forgotten", effect, form, "", len(rows) - 1))


def late(submission: Submission, words: Words) -> Outcome:
    """A file that comes days after the deadline."""
    day = deadline(submission.month) + dt.timedelta(days=DAYS_LATE)
    sent = replace(submission, received=dt.datetime.combine(day, dt.time(10, 20)))
    return _outcome(submission, sent, Fault("late file", "late"))


def not_sent(submission: Submission, words: Words) -> Outcome:
    """A file that never comes."""
    nothing = {form: rows.iloc[:0] for form, rows in submission.rows.items()}
    return _outcome(replace(submission, rows=nothing), None, Fault("missing file", "missing"))


def form_left_empty(submission: Submission, words: Words, *, form: str) -> Outcome:
    """No rows and no tick: nobody can tell whether there was nothing."""
    empty = _with_rows(submission, form, submission.rows[form].iloc[:0])
    without_tick = replace(empty, nil_forms=tuple(one for one in empty.nil_forms if one != form))
    return _outcome(empty, without_tick, Fault("empty form", "missing", form))


def _outcome(good: Submission, sent: Submission | None, *faults: Fault) -> Outcome:
    return Outcome(good.month, good.manager, sent, good.rows, faults)


def _with_rows(submission: Submission, form: str, rows: pd.DataFrame) -> Submission:
    return replace(submission, rows={**submission.rows, form: rows})
