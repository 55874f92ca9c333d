"""Cases over the months: the newest row for a number wins."""

from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from pipeline.base.calendar import Month
from pipeline.base.frames import records
from pipeline.contract.problem import Problem, quoted
from schemas.form import Case, Form


@dataclass(frozen=True)
class Cases:
    """`rows_by_case` is one row per case as it stood at a month's end; `problems` tells of rows left out."""

    rows_by_case: pd.DataFrame
    problems: tuple[Problem, ...]


def cases_as_of(form: Form, month: Month, rows_by_month: Sequence[tuple[Month, pd.DataFrame]]) -> Cases:
    """The cases that a month's report is about.

    Args:
        form: a form of cases.
        month: the reporting month.
        rows_by_month: its accepted rows, by the month in whose form they stood.

    Returns:
        Each case once, by its newest row up to the month: those received in it, and those received earlier
        that were open when it began. Problems: rows of this month whose case was received earlier but is known
        from no earlier form (rows of the first month at all are taken on trust), and rows whose number
        belongs to another case.
    """
    held = [(when, rows) for when, rows in sorted(rows_by_month, key=lambda one: one[0]) if when <= month]
    if not held:
        return Cases(pd.DataFrame(), ())
    stacked = pd.concat([rows.assign(form_month=str(when)) for when, rows in held], ignore_index=True)
    case = case_of(form)
    unknown = _unknown(stacked, held[0][0], case)
    stranger = _strangers(stacked, case) & ~unknown
    here = stacked["form_month"] == str(month)
    problems = [
        *_left_out(stacked[unknown & here], month, "unknown_case", form),
        *_left_out(stacked[stranger & here], month, "case_number_taken", form),
    ]
    newest = stacked[~unknown & ~stranger].drop_duplicates(case.number, keep="last")
    return Cases(
        newest[_concerns(newest, month, case)].drop(columns="form_month").reset_index(drop=True), tuple(problems)
    )


def case_of(form: Form) -> Case:
    """What makes a form's rows cases; raises TypeError where they are none."""
    if form.traits.case is None:
        raise TypeError(f"{form.key}: no form of cases")
    return form.traits.case


def _unknown(stacked: pd.DataFrame, first: Month, case: Case) -> pd.Series:
    """Rows of cases received before their form's month that no earlier form (or the first of all) holds."""
    starts = pd.to_datetime(stacked["form_month"] + "-01")
    trusted = (stacked[case.opened_on] >= starts) | (stacked["form_month"] == str(first))
    return ~trusted.groupby(stacked[case.number]).cummax().astype(bool)


def _strangers(stacked: pd.DataFrame, case: Case) -> pd.Series:
    """Rows that share a number with an earlier row but not what never changes (its customer and day of receipt)."""
    names = list(case.same)
    first = stacked.groupby(case.number)[names].transform("first")
    return ~(stacked[names] == first).all(axis=1)


def _concerns(rows: pd.DataFrame, month: Month, case: Case) -> pd.Series:
    begin = pd.Timestamp(month.first_day)
    just_closed = rows[case.closed_on].isna() & (rows["form_month"] == str(month))  # on a day that nobody tells
    return (rows[case.opened_on] >= begin) | ~case.is_closed(rows) | (rows[case.closed_on] >= begin) | just_closed


def _left_out(rows: pd.DataFrame, month: Month, rule: str, form: Form) -> list[Problem]:
    number = case_of(form).number
    return [
        Problem(
            rule,
            "row left out",
            file=str(row["source_file"]),
            manager_id=str(row["manager_id"]),
            month=str(month),
            form=form.key,
            sheet=str(row["source_sheet"]),
            cell=f"A{row['source_row']}",
            column=number,
            found=quoted(row[number]),
        )
        for row in records(rows)
    ]
