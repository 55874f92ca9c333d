"""Steps of cases that several fill in: days that do not follow each other, and how they are told. In one row the form's
own rules see to it; where the rows of several are put together nobody has."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import pandas as pd

from pipeline.base.calendar import Month
from pipeline.contract.problem import Problem, quoted


def out_of_order(rows: pd.DataFrame, pairs: Iterable[tuple[str, str]], number: str) -> pd.DataFrame:
    """The rows in which the first day of a pair comes after the second, each once, with `earlier` and `later`, the
    names of the two days; `number` is the column by which a row is known. Days that a trade is without are not looked
    at."""
    known = [pair for pair in pairs if all(rows[one].dtype.kind == "M" for one in pair)]
    frames = [rows[rows[earlier] > rows[later]].assign(earlier=earlier, later=later) for earlier, later in known]
    frames = frames or [rows.iloc[:0].assign(earlier="", later="")]
    return pd.concat(frames, ignore_index=True).drop_duplicates(number, ignore_index=True)


def order_notes(form: str, number: str, month: Month, rows: Iterable[Mapping[str, Any]]) -> list[Problem]:
    """A note for each row of `out_of_order`, at the case, with both days."""
    return [note("order_of_steps", (form, number, "later"), month, row, ("earlier", "later")) for row in rows]


def note(
    rule: str, about: tuple[str, str, str], month: Month, row: Mapping[str, Any], days: Sequence[str]
) -> Problem:
    """A note at a case, with the days that stand there.

    Args:
        about: its form, the column of its number, and what names the column that the note is about.
        days: what names the columns of the days.
    """
    form, number, column = about
    return Problem(
        rule, "note", file=str(row["source_file"]), manager_id=str(row["manager_id"]), month=str(month), form=form,
        sheet=str(row["source_sheet"]), cell=f"A{row['source_row']}", column=str(row[column]),
        found=quoted(row[number]), details=tuple((one, str(row[row[one]].date())) for one in days),
    )  # fmt: skip
