"""Complaint cases over the months: the newest row for a number wins."""

from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from pipeline.base.calendar import Month
from pipeline.base.frames import records
from pipeline.contract.problem import Problem, quoted


@dataclass(frozen=True)
class Cases:
    """`rows_by_case` is one row per case as it stood at a month's end; `problems` tells of rows left out."""

    rows_by_case: pd.DataFrame
    problems: tuple[Problem, ...]


def cases_as_of(month: Month, rows_by_month: Sequence[tuple[Month, pd.DataFrame]]) -> Cases:
    """The cases that a month's report is about.

    Args:
        month: the reporting month.
        rows_by_month: accepted rows of the form `complaints`, by the month in whose form they stood.

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
    unknown = _unknown(stacked, held[0][0])
    stranger = _strangers(stacked) & ~unknown
    problems = [
        *_left_out(stacked[unknown & (stacked["form_month"] == str(month))], month, "unknown_case"),
        *_left_out(stacked[stranger & (stacked["form_month"] == str(month))], month, "case_number_taken"),
    ]
    newest = stacked[~unknown & ~stranger].drop_duplicates("complaint_no", keep="last")
    return Cases(
        newest[_concerns(newest, month)].drop(columns="form_month").reset_index(drop=True), tuple(problems)
    )


def _unknown(stacked: pd.DataFrame, first: Month) -> pd.Series:
    """Rows of cases received before their form's month that no earlier form (or the first of all) holds."""
    starts = pd.to_datetime(stacked["form_month"] + "-01")
    trusted = (stacked["received_on"] >= starts) | (stacked["form_month"] == str(first))
    return ~trusted.groupby(stacked["complaint_no"]).cummax().astype(bool)


def _strangers(stacked: pd.DataFrame) -> pd.Series:
    """Rows that share a number with an earlier row but not its customer and day of receipt."""
    first = stacked.groupby("complaint_no")[["customer_id", "received_on"]].transform("first")
    same = (stacked["customer_id"] == first["customer_id"]) & (stacked["received_on"] == first["received_on"])
    return ~same


def _concerns(rows: pd.DataFrame, month: Month) -> pd.Series:
    begin = pd.Timestamp(month.first_day)
    return (rows["received_on"] >= begin) | rows["resolved_on"].isna() | (rows["resolved_on"] >= begin)


def _left_out(rows: pd.DataFrame, month: Month, rule: str) -> list[Problem]:
    return [
        Problem(
            rule,
            "row left out",
            file=str(row["source_file"]),
            manager_id=str(row["manager_id"]),
            month=str(month),
            form="complaints",
            sheet=str(row["source_sheet"]),
            cell=f"A{row['source_row']}",
            column="complaint_no",
            found=quoted(row["complaint_no"]),
        )
        for row in records(rows)
    ]
