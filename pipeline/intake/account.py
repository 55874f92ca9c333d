"""What became of the rows of a file: of each sheet, rows read = kept + left out + not data."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

from pipeline.contract.problem import Problem
from pipeline.intake.table import SAID, SHEET_SPAN, Table

ROWS_NAMED = 10  # stretches of rows that a note names


@dataclass(frozen=True)
class Account:
    """The rows of one form on one sheet, below its headings (`form` empty: the sheet is of no form).

    `not_data` counts by reason, see `table.REASONS`. The amounts are of kept rows and those left out together, and
    of those left out, where the form has one. Raises ValueError where the counts do not add up.
    """

    form: str
    sheet: str
    rows: int
    kept: int
    left_out: int
    not_data: tuple[tuple[str, int], ...] = ()
    amount_yuan: float = 0.0
    amount_left_out_yuan: float = 0.0

    def __post_init__(self) -> None:
        if self.rows != self.kept + self.left_out + sum(count for _, count in self.not_data):
            raise ValueError(f"{self}: rows are not accounted for")

    @property
    def is_sign_in_book(self) -> bool:
        """Whether the sheet is a sign-in book: it has lines that are there for people."""
        return any(reason == "shown" for reason, _ in self.not_data)

    @property
    def data_rows(self) -> int:
        """How many of the rows are data."""
        return self.kept + self.left_out


def accounts_of(table: Table, kept: Collection[int], amounts: pd.Series | None = None) -> list[Account]:
    """The account of each sheet of a table.

    Args:
        table: what was found.
        kept: the rows that were accepted, numbered as the table numbers them.
        amounts: yuan by row, where the form has an amount.
    """
    stay = set(kept)
    accounts = []
    for sheet, numbers in _parts_of_sheets(table).items():
        own = [row for row in table.rows if row // SHEET_SPAN in numbers]
        bad = [row for row in own if row not in stay]
        reasons = Counter(why for row, why in table.not_data.items() if row // SHEET_SPAN in numbers)
        accounts.append(
            Account(
                table.form.key, sheet, len(own) + reasons.total(), len(own) - len(bad), len(bad),
                tuple(sorted(reasons.items())), _amount(amounts, own), _amount(amounts, bad),
            )
        )  # fmt: skip
    return accounts


def _parts_of_sheets(table: Table) -> dict[str, set[int]]:
    """The numbers of the parts of a table on each of its sheets: months side by side are several of one."""
    parts: dict[str, set[int]] = {}
    for number, sheet in enumerate(table.sheets):
        parts.setdefault(sheet, set()).add(number)
    return parts


def _amount(amounts: pd.Series | None, rows: Sequence[int]) -> float:
    return 0.0 if amounts is None else round(float(amounts.loc[list(rows)].sum()), 4)


def note_of_rows(table: Table) -> list[Problem]:
    """One note a sheet on the rows that are no data, as far as their sender may not know it."""
    notes = []
    for sheet, numbers in _parts_of_sheets(table).items():
        said = (row for row, why in table.not_data.items() if why in SAID and row // SHEET_SPAN in numbers)
        rows = sorted({row % SHEET_SPAN for row in said})
        if rows:
            details = (("rows", stretches(rows)), ("count", str(len(rows))))
            notes.append(Problem("not_data", "note", form=table.form.key, sheet=sheet, details=details))
    return notes


def stretches(rows: Sequence[int]) -> str:
    """Rows as people write them: 7, 9–12, 15."""
    stretches: list[list[int]] = []
    for row in rows:
        if stretches and stretches[-1][1] == row - 1:
            stretches[-1][1] = row
        else:
            stretches.append([row, row])
    texts = [str(first) if first == last else f"{first}–{last}" for first, last in stretches]
    return ", ".join(texts[:ROWS_NAMED]) + (" …" if len(texts) > ROWS_NAMED else "")


def total_of(accounts: Collection[Account]) -> Mapping[str, int]:
    """Rows read, kept, left out and not data of several sheets together."""
    return {
        "rows": sum(one.rows for one in accounts),
        "kept": sum(one.kept for one in accounts),
        "left_out": sum(one.left_out for one in accounts),
        "not_data": sum(count for one in accounts for _, count in one.not_data),
    }
