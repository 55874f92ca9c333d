"""What changed in a list from month to month, as the rows that it was drawn from tell."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import pandas as pd

MONTH = "_month"  # the month of the row that a list's row was drawn from


@dataclass(frozen=True)
class Change:
    """That a code meant something else in a later month: whose it is, what it is called."""

    code: str
    column: str
    month: str
    before: str
    after: str


def changes_in(rows: pd.DataFrame, key: str, names: Sequence[str]) -> Iterator[Change]:
    """Where a code meant something else in a later month than in the one before: by the last row of each month."""
    by_month = rows.drop_duplicates([key, MONTH], keep="last") if rows[MONTH].ne("").any() else rows.iloc[:0]
    by_month = by_month.sort_values([key, MONTH], kind="stable")
    for name in names:
        before = by_month.groupby(key)[name].shift()
        changed = by_month[before.notna() & (before != by_month[name]) & (by_month[name] != "")]
        for row, code, month, after in zip(
            changed.index, changed[key], changed[MONTH], changed[name], strict=True
        ):
            yield Change(str(code), name, str(month), str(before[row]), str(after))
