"""Kept and lost: what is left of the stock that customers had at the start, from the first day of a month, or of the
year, to the month's last. Losses of a customer never count for more than it had, and what it gained since makes up for
none.
"""

from dataclasses import dataclass

import pandas as pd

from pipeline.contract.facts import Facts
from pipeline.figures.flow import Lost, UntoldSince, flow_of
from pipeline.figures.stock import AtEnd, AtStart, by_manager_and_customer, stock_of


@dataclass(frozen=True)
class KeptTable:
    """One row per customer that had something at the start, and of which both ends and all losses are known: by
    customer_id, manager_id, start, kept (start less what was lost, 0 at least), still (1 where anything is left at the
    end, else 0), first (always 1).

    `form` is that of the movements; `since_year` looks from the first day of the year on, else of the month.
    """

    form: str
    since_year: bool = False

    def __call__(self, facts: Facts) -> pd.DataFrame:
        back = facts.month.month if self.since_year else 1
        flow = flow_of(facts, self.form)
        total = stock_of(facts, flow.of).total
        untold = facts.once(UntoldSince(self.form, back))
        start = facts.once(AtStart(flow.of, back))
        if untold is None:
            start = start.iloc[:0]
        start = start[(start[total] > 0) & ~start.index.isin(list(untold or ()))]
        end = facts.once(AtEnd(flow.of))[total].reindex(start.index)
        known = start[end.notna()]
        lost = facts.once(Lost(self.form, back)).reindex(known.index).fillna(0).astype("int64")
        return pd.DataFrame(
            {
                "manager_id": known["manager_id"],
                "start": known[total],
                "kept": (known[total] - lost).clip(lower=0),
                "still": (end.loc[known.index] > 0).astype("int64"),
                "first": pd.Series(1, index=known.index, dtype="int64"),
            }
        )


@dataclass(frozen=True)
class Kept:
    """A column of `KeptTable`, by manager and customer."""

    form: str
    column: str
    since_year: bool = False

    def __call__(self, facts: Facts) -> pd.Series:
        table = facts.once(KeptTable(self.form, self.since_year))
        return by_manager_and_customer(table[self.column], table["manager_id"])
