"""What a forecast rests on: the sales of each month made small, and who belongs to whom."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

import numpy as np
import pandas as pd

from pipeline.base.calendar import Month, months_between
from pipeline.base.exact import TEN_THOUSANDTHS
from pipeline.figures.members import among
from pipeline.figures.parts import MonthSums

Measure = Literal["volume", "amount", "third"]
MEASURES: tuple[Measure, ...] = ("volume", "amount", "third")
JOINED = "|"


@dataclass(frozen=True)
class SalesTotals:
    """One month's sales made small.

    `by_customer`: one row per manager_id and customer_id. `by_group`: one row per manager_id and the groups of
    products, the widest first. Both with volume (in the unit sold) and amount (yuan), and what is forecast beside them.
    `senders` are the managers whose sales are known. `only_rows` says that of a customer without a row nothing is
    known: how it stands, it was not reported. Else it bought nothing.
    """

    month: Month
    by_customer: pd.DataFrame
    by_group: pd.DataFrame
    senders: frozenset[str]
    only_rows: bool = False


def sales_totals(sums: MonthSums, senders: frozenset[str], *, only_rows: bool = False) -> SalesTotals:
    """What the forecast needs of a month's sums."""

    def yuan(rows: pd.DataFrame, keys: list[str]) -> pd.DataFrame:
        money = {name: rows[name] / TEN_THOUSANDTHS for name in MEASURES[1:] if name in rows}
        return rows[[*keys, MEASURES[0], *money]].assign(volume=rows["volume"].astype("float64"), **money)

    return SalesTotals(
        sums.month,
        yuan(sums.by_customer, ["manager_id", "customer_id"]),
        yuan(sums.by_group, ["manager_id", *sums.groups]),
        senders,
        only_rows,
    )


@dataclass(frozen=True)
class KeptTotals(Sequence[SalesTotals]):
    """The sales of some months, each read when it is looked at."""

    read: Callable[[Month], SalesTotals]
    months: Sequence[Month]

    def __len__(self) -> int:
        return len(self.months)

    def __getitem__(self, place: Any) -> Any:
        chosen = self.months[place]
        return KeptTotals(self.read, chosen) if isinstance(place, slice) else self.read(chosen)


@dataclass(frozen=True)
class Organisation:
    """Who belongs to whom in the month forecast from: `manager_of` by customer_id, `region_of` by manager_id.

    `customers` tells by customer_id what the master data say of them: customer_name, status, left_on.
    """

    manager_of: pd.Series
    region_of: pd.Series
    customers: pd.DataFrame = field(default_factory=pd.DataFrame)


def organisation_of(totals: Sequence[SalesTotals], customers: pd.DataFrame, region_of: pd.Series) -> Organisation:
    """The master data of the newest month; a customer that they lack stays with the manager who sold to it last."""
    pairs = ["customer_id", "manager_id"]
    known = customers[pairs].drop_duplicates("customer_id")
    for one in reversed(totals):
        sold = one.by_customer[~among(one.by_customer["customer_id"], known["customer_id"])]
        known = pd.concat([known, sold[pairs].drop_duplicates("customer_id", keep="last")], ignore_index=True)
    manager_of = known.set_index("customer_id")["manager_id"].astype("str")
    regions = region_of.reindex(manager_of.unique()).dropna()
    told = customers.drop_duplicates("customer_id").set_index("customer_id").drop(columns="manager_id")
    return Organisation(manager_of[among(manager_of, regions.index)].sort_index(), regions.sort_index(), told)


def known_sales(totals: Sequence[SalesTotals], organisation: Organisation, measure: Measure) -> pd.DataFrame:
    """Customers × months from each customer's first order on: 0 where nothing was ordered, missing where it is not
    known whether anything was."""
    manager_of, months = organisation.manager_of, all_months(totals)
    values = np.full((len(manager_of), len(months)), np.nan)
    is_known = np.zeros(values.shape, dtype=bool)
    for one in totals:
        column = months.index(str(one.month))
        sums = one.by_customer.groupby("customer_id")[measure].sum()
        rows = manager_of.index.get_indexer(sums.index)
        values[rows[rows >= 0], column] = sums.to_numpy()[rows >= 0]
        is_known[:, column] = among(manager_of, one.senders)
        if one.only_rows:
            is_known[:, column] &= among(manager_of.index, sums.index)
    grid = pd.DataFrame(values, index=manager_of.index, columns=months)
    return grid.fillna(0.0).where(is_known & begun(grid))


def all_months(totals: Sequence[SalesTotals]) -> list[str]:
    """Every month from the first to the last, as YYYY-MM."""
    return [str(month) for month in months_between(totals[0].month, totals[-1].month)]


def begun(grid: pd.DataFrame) -> pd.DataFrame:
    """Whether a series has had its first month."""
    return grid.notna().cummax(axis=1)
