"""Slips of the kind people make, put into the newest submissions, and what should come of each."""

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

    `effect` is what should come of it: note, row left out, late, missing, nil. `found` is what was typed.
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


def with_slips(submission: Submission, words: Words, months_ago: int, position: int) -> Outcome:
    """The submission with the slip that falls to this manager, by position among the managers, and month."""
    slip = _SLIPS.get((months_ago, position))
    outcome = slip(submission, words) if slip else without_slips(submission)
    if months_ago or outcome.sent is None:
        return outcome
    nil = tuple(Fault("nil return", "nil", form) for form in outcome.sent.nil_forms)
    return replace(outcome, faults=(*outcome.faults, *nil))


def _text_in_a_number(submission: Submission, words: Words) -> Outcome:
    def about(value: object) -> str:
        return words("demo.typed.about", value=value)

    return _retyped(submission, "sales", "sold_qty", about, "text in a number", "row left out")


def _full_width_digits(submission: Submission, words: Words) -> Outcome:
    def full_width(value: object) -> str:
        return str(value).translate(_FULL_WIDTH)

    return _retyped(submission, "sales", "sold_qty", full_width, "full-width digits", "note", above=9)


def _thousands_separator(submission: Submission, words: Words) -> Outcome:
    def separated(value: object) -> str:
        return f"{value:,.2f}"

    return _retyped(submission, "sales", "amount", separated, "thousands separator", "note", above=1000)


def _day_as_text(submission: Submission, words: Words) -> Outcome:
    def spelled(value: pd.Timestamp) -> str:
        return words("demo.typed.day", year=value.year, month=value.month, day=value.day)

    return _retyped(submission, "visits", "visit_date", spelled, "date as text", "note")


def _wrong_month(submission: Submission, words: Words) -> Outcome:
    def month_before(value: pd.Timestamp) -> pd.Timestamp:
        return value - pd.DateOffset(months=1)

    return _retyped(submission, "sales", "order_date", month_before, "date of the wrong month", "row left out")


def _unknown_customer(submission: Submission, words: Words) -> Outcome:
    def unknown(value: object) -> str:
        return UNKNOWN_CUSTOMER

    return _retyped(submission, "visits", "customer_id", unknown, "unknown customer", "row left out")


def _equal_row(submission: Submission, words: Words) -> Outcome:
    sales = submission.rows["sales"]
    if sales.empty:
        return without_slips(submission)
    twice = pd.concat([sales, sales.iloc[[len(sales) // 2]]], ignore_index=True)
    fault = Fault("equal row", "row left out", "sales", "", len(sales))
    return _outcome(submission, _with_rows(submission, "sales", twice), fault)


def _late(submission: Submission, words: Words) -> Outcome:
    day = deadline(submission.month) + dt.timedelta(days=DAYS_LATE)
    late = replace(submission, received=dt.datetime.combine(day, dt.time(10, 20)))
    return _outcome(submission, late, Fault("late file", "late"))


def _not_sent(submission: Submission, words: Words) -> Outcome:
    nothing = {form: rows.iloc[:0] for form, rows in submission.rows.items()}
    return _outcome(replace(submission, rows=nothing), None, Fault("missing file", "missing"))


def _form_left_empty(submission: Submission, words: Words) -> Outcome:
    """No rows and no tick: nobody can tell whether there was nothing."""
    empty = _with_rows(submission, "satisfaction", submission.rows["satisfaction"].iloc[:0])
    without_tick = replace(empty, nil_forms=tuple(form for form in empty.nil_forms if form != "satisfaction"))
    return _outcome(empty, without_tick, Fault("empty form", "missing", "satisfaction"))


# By how many months ago and which manager, counted from 0. The last two need an organisation of some size.
_SLIPS: Mapping[tuple[int, int], Slip] = {
    (0, 0): _unknown_customer,
    (0, 1): _text_in_a_number,
    (0, 2): _wrong_month,
    (0, 3): _equal_row,
    (0, 4): _late,
    (0, 6): _form_left_empty,
    (0, 7): _not_sent,
    (1, 0): _full_width_digits,
    (1, 1): _day_as_text,
    (1, 2): _thousands_separator,
    (1, 3): _late,
    (2, 4): _equal_row,
}


def _retyped(
    submission: Submission,
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
    found = typed(rows[column].iloc[row])
    cells = rows[column].astype(object)
    cells.iloc[row] = found
    sent = _with_rows(submission, form, rows.assign(**{column: cells}))
    good = rows if effect == "note" else rows.drop(index=rows.index[row])
    shown = str(found.date()) if isinstance(found, pd.Timestamp) else str(found)
    fault = Fault(kind, effect, form, column, row, shown)
    return _outcome(_with_rows(submission, form, good), sent, fault)


def _outcome(good: Submission, sent: Submission | None, *faults: Fault) -> Outcome:
    return Outcome(good.month, good.manager, sent, good.rows, faults)


def _with_rows(submission: Submission, form: str, rows: pd.DataFrame) -> Submission:
    return replace(submission, rows={**submission.rows, form: rows})
