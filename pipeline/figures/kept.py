"""Kept and lost: what is left of the stock that customers had at the start, from the first day of a month, or of the
month from which a year or another period begins, to the month's last. Losses of a customer never count for more than it
had, and what it gained since makes up for none.
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

    `form` is that of the movements; it looks from the first day of the month `back` − 1 months before on.
    """

    form: str
    back: int = 1

    def __call__(self, facts: Facts) -> pd.DataFrame:
        back = self.back
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
    back: int = 1

    def __call__(self, facts: Facts) -> pd.Series:
        table = facts.once(KeptTable(self.form, self.back))
        return by_manager_and_customer(table[self.column], table["manager_id"])


@dataclass(frozen=True)
class KeptSince:
    """What a figure of these two columns counts above and below the line over some months (`Figure.since`)."""

    form: str
    above: str
    below: str

    def __call__(self, months: int) -> tuple[Kept, Kept]:
        return Kept(self.form, self.above, months), Kept(self.form, self.below, months)
