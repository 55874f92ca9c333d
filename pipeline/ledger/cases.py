"""Cases over the months: the newest row for a number wins. And rows that count to date, each with its customer."""

from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from pipeline.base.calendar import Month
from pipeline.base.frames import records
from pipeline.base.month_rows import BESIDE
from pipeline.contract.problem import Problem, quoted
from schemas.form import CUSTOMER, Case, Effect, Form


@dataclass(frozen=True)
class Cases:
    """`rows_by_case` is one row per case (of one that goes in parts, per part) as it stood at a month's end, or per row
    that counts to date; `problems` tells of rows left out, and of those whose case nobody knows."""

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
        that were open when it began, with all their parts; all, where they count to date. Problems: rows of this
        month whose case was received earlier but is known from no earlier form (rows of the first month at all are
        taken on trust), and rows whose number belongs to another case.
    """
    held = [(when, rows) for when, rows in sorted(rows_by_month, key=lambda one: one[0]) if when <= month]
    if not held:
        return Cases(pd.DataFrame(), ())
    case = case_of(form)
    stacked = _stacked(held, case)
    unknown = _unknown(stacked, held[0][0], case)
    stranger = _strangers(stacked, case) & ~unknown
    here = stacked["form_month"] == str(month)
    problems = [
        *_left_out(stacked[unknown & here], month, "unknown_case", form),
        *_left_out(stacked[stranger & here], month, "case_number_taken", form),
    ]
    newest = newest_rows(stacked[~unknown & ~stranger], case)
    told = newest[_concerns(newest, month, case)].drop(columns=["form_month", BESIDE], errors="ignore")
    return Cases(told.reset_index(drop=True), tuple(problems))


def _stacked(held: Sequence[tuple[Month, pd.DataFrame]], case: Case) -> pd.DataFrame:
    """The rows of all months, with `form_month`, in the order in which they hold: of one month those that only fill in
    come last."""
    stacked = pd.concat([rows.assign(form_month=str(when)) for when, rows in held], ignore_index=True)
    if not case.filled_later:
        return stacked
    return (
        stacked.assign(_fills=case.only_fills_in(stacked) | _stands_beside(stacked))
        .sort_values(["form_month", "_fills"], kind="stable", ignore_index=True)
        .drop(columns="_fills")
    )


def newest_rows(stacked: pd.DataFrame, case: Case) -> pd.DataFrame:
    """Each case (or part) once, by its newest row, rows standing in the order in which they hold.

    Where others than its sender fill in later steps: by its newest row that is its sender's, with the newest cell of
    each such column that is not empty, whoever filled it in. A row is another's where it only fills in, comes from
    somebody else for a month for which who told of the case first has a row of it too, or is an export's that stands
    beside managers' forms, if one of these tells of the case.
    """
    newest = stacked.drop_duplicates(case.key, keep="last")
    columns = [name for name in case.filled_later if name in stacked]
    if not columns:
        return newest
    another = _is_another_s(stacked, case)
    own = stacked[~(case.only_fills_in(stacked) | another)]
    kept = own.drop_duplicates(case.key, keep="last")
    ordered = stacked.assign(_another=another | _stands_beside(stacked)).sort_values(
        ["form_month", "_another"], kind="stable"
    )
    filled = ordered.groupby(case.key)[[*columns, "form_month"]].last()
    keys = pd.MultiIndex.from_frame(kept[case.key]) if len(case.key) > 1 else pd.Index(kept[case.number])
    cells = {name: filled[name].reindex(keys).set_axis(kept.index) for name in (*columns, "form_month")}
    return kept.assign(**cells).astype({name: kept[name].dtype for name in columns})


def _is_another_s(stacked: pd.DataFrame, case: Case) -> pd.Series:
    """Rows of a sender other than who told of the case first, for a month for which that one has a row of it too; and
    rows that stand beside managers' forms, of the cases of which one of these tells."""
    beside = _stands_beside(stacked)
    told = ~beside & ~case.only_fills_in(stacked)
    by_form = told.groupby([stacked[name] for name in case.key]).transform("any")
    first = stacked.groupby(case.number)["manager_id"].transform("first")
    own = stacked["manager_id"] == first
    both = own.groupby([stacked["form_month"], *(stacked[name] for name in case.key)]).transform("any")
    return (~own & both).fillna(False).astype(bool) | (beside & by_form)


def _stands_beside(rows: pd.DataFrame) -> pd.Series:
    """Rows of an office's export that stand beside what managers send."""
    return rows[BESIDE].notna() if BESIDE in rows else pd.Series(False, index=rows.index)


def case_of(form: Form) -> Case:
    """What makes a form's rows cases; raises TypeError where they are none."""
    if form.traits.case is None:
        raise TypeError(f"{form.key}: no form of cases")
    return form.traits.case


def _unknown(stacked: pd.DataFrame, first: Month, case: Case) -> pd.Series:
    """Rows of cases received before their form's month that no earlier form (or the first of all) holds."""
    starts = pd.to_datetime(stacked["form_month"] + "-01")
    at_first = (stacked["form_month"] == str(first)) & ~case.only_fills_in(stacked)
    trusted = (stacked[case.opened_on] >= starts) | at_first
    return ~trusted.groupby([stacked[name] for name in case.key]).cummax().astype(bool)


def _strangers(stacked: pd.DataFrame, case: Case) -> pd.Series:
    """Rows that share a number with an earlier row but not what never changes (its customer and day of receipt; of a
    part, its day). What is not told yet is no other."""
    strange = _changed(stacked, [case.number], list(case.same))
    return strange | _changed(stacked, case.key, [case.opened_on]) if case.part else strange


def _changed(stacked: pd.DataFrame, key: list[str], names: list[str]) -> pd.Series:
    first = stacked.groupby(key)[names].transform("first")
    same = (stacked[names] == first) | stacked[names].isna() | first.isna()
    changed: pd.Series = ~same.fillna(True).all(axis=1)
    return changed


def _concerns(rows: pd.DataFrame, month: Month, case: Case) -> pd.Series:
    """The rows of cases that the month is about; of a case in parts all of them."""
    if case.to_date:
        return pd.Series(True, index=rows.index)
    begin = pd.Timestamp(month.first_day)
    closed_on = case.days_closed(rows)
    just_closed = closed_on.isna() & (rows["form_month"] == str(month))  # on a day that nobody tells
    own = (rows[case.opened_on] >= begin) | ~case.is_closed(rows) | (closed_on >= begin) | just_closed
    if case.filled_later:  # something was told of it this month, as a follow-up after its close
        own |= rows["form_month"] == str(month)
    return own.groupby(rows[case.number]).transform("any") if case.part else own


def rows_to_date(
    form: Form, month: Month, rows_by_month: Sequence[tuple[Month, pd.DataFrame]], cases: Sequence[pd.DataFrame]
) -> Cases:
    """All rows of a form that count to date, up to a month's end, with the customer of the case that they are of.

    Args:
        form: a form of rows that count to date.
        month: the reporting month.
        rows_by_month: its accepted rows, by the month in whose form they stood.
        cases: what is known of the cases up to the month: frames with their number and customer_id.

    Returns:
        The rows with customer_id, missing where nobody knows the case. Problems: notes on those rows of the month.
    """
    told = form.traits.to_date
    if told is None:
        raise TypeError(f"{form.key}: no rows to date")
    held = [(when, rows) for when, rows in sorted(rows_by_month, key=lambda one: one[0]) if when <= month]
    if not held:
        return Cases(pd.DataFrame(), ())
    stacked = pd.concat([rows.assign(form_month=str(when)) for when, rows in held], ignore_index=True)
    named = (
        pd.concat([one[[told.number, CUSTOMER]] for one in cases])
        if cases
        else pd.DataFrame(columns=[told.number])
    )
    known = named.drop_duplicates(told.number, keep="last").set_index(told.number)
    whose = stacked[told.number].map(known[CUSTOMER] if len(known) else pd.Series(dtype="str")).astype("str")
    nobody = ~stacked[told.number].isin(known.index) & (stacked["form_month"] == str(month))
    problems = _told_of(
        stacked[nobody], month, ("unknown_number", "note"), form, (told.number, _letter(form, told.number))
    )
    return Cases(stacked.drop(columns="form_month").assign(customer_id=whose), tuple(problems))


def _left_out(rows: pd.DataFrame, month: Month, rule: str, form: Form) -> list[Problem]:
    return _told_of(rows, month, (rule, "row left out"), form, (case_of(form).number, "A"))


def _told_of(
    rows: pd.DataFrame, month: Month, problem: tuple[str, Effect], form: Form, where: tuple[str, str]
) -> list[Problem]:
    """A problem, by rule and effect, for each row; in a column, by name and letter."""
    (rule, effect), (column, letter) = problem, where
    return [
        Problem(
            rule,
            effect,
            file=str(row["source_file"]),
            manager_id=str(row["manager_id"]),
            month=str(month),
            form=form.key,
            sheet=str(row["source_sheet"]),
            cell=f"{letter}{row['source_row']}",
            column=column,
            found=quoted(row[column]),
        )
        for row in records(rows)
    ]


def _letter(form: Form, column: str) -> str:
    """Where a column stands in a template: the first one there numbers the rows."""
    return chr(ord("B") + [one.name for one in form.columns].index(column))
