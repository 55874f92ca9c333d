"""What is known of sales by month: of customers, and of the groups of products that add up to the same."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import pandas as pd
from pandas.api.types import union_categoricals

from pipeline.base.calendar import months_between
from pipeline.figures.members import among
from pipeline.figures.parts import UNNAMED, groups_in
from pipeline.month.sales_totals import JOINED, Measure, Organisation, SalesTotals

_NOTHING = 1e-9


def known_sales(totals: Sequence[SalesTotals], organisation: Organisation, measure: Measure) -> pd.DataFrame:
    """Customers × months from each customer's first order on: 0 where nothing was ordered, missing where it is not
    known whether anything was."""
    manager_of, months = organisation.manager_of, _all_months(totals)
    values = np.full((len(manager_of), len(months)), np.nan)
    is_known = np.zeros(values.shape, dtype=bool)
    for one in totals:
        column = months.index(str(one.month))
        sums = one.by_customer.groupby("customer_id")[measure].sum()
        rows = manager_of.index.get_indexer(sums.index)
        values[rows[rows >= 0], column] = sums.to_numpy()[rows >= 0]
        is_known[:, column] = _is_known(organisation, one, sums.index)
    grid = pd.DataFrame(values, index=manager_of.index, columns=months)
    return grid.fillna(0.0).where(is_known & _begun(grid))


def _is_known(organisation: Organisation, one: SalesTotals, bought: pd.Index) -> npt.NDArray[np.bool_]:
    """Of which customers a month is known: whoever had them then has told of it, or who has them now, where the master
    data do not name them."""
    customers = organisation.manager_of.index
    if one.only_rows:
        return among(customers, bought)
    told = among(organisation.manager_of, one.senders)
    named = among(customers, organisation.customers.index) if len(organisation.customers) else np.zeros_like(told)
    return (told | named) & ~among(customers, one.untold)


def customer_history(customers: pd.DataFrame) -> pd.DataFrame:
    """One row per customer and month from its first order on; 0 without an order, missing where unknown."""
    return _long(customers, _begun(customers), "customer:")


def counted_sales(customers: pd.DataFrame) -> pd.DataFrame:
    """Customers × months; before its first known month a customer counts nothing."""
    return customers.where(_begun(customers), 0.0)


def group_history(
    counted: pd.DataFrame, totals: Sequence[SalesTotals], organisation: Organisation, measure: Measure
) -> pd.DataFrame:
    """One row per region, groups of products and month, adding up to the region's customers.

    A customer that moved from another region brings its history along, but not what it bought: each month's
    products of a region are scaled to the sum of the customers that it has now.
    """
    groups = groups_in(totals[-1].by_group)
    region_of = organisation.manager_of.map(organisation.region_of)
    wanted = counted.groupby(region_of).sum().where(counted.isna().groupby(region_of).sum() == 0)
    sums = {str(one.month): _by_region(one.by_group, organisation, measure) for one in totals}
    rests = [JOINED.join([region, *(UNNAMED for _ in groups)]) for region in wanted.index]
    found = pd.DataFrame(sums, columns=_all_months(totals))
    grid = found.reindex(found.index.union(rests)).sort_index()
    scaled = _scaled(grid.fillna(0.0), wanted, rests)
    begun = _begun(scaled.where(_begun(grid) | (scaled.fillna(0.0) != 0)))
    used = begun.any(axis=1)
    return _long(scaled[used], begun[used], f"{groups[-1]}:")


def _scaled(grid: pd.DataFrame, wanted: pd.DataFrame, rests: Sequence[str]) -> pd.DataFrame:
    """The rows of each region so that they add up to what is wanted; without any, all goes to its rest."""
    regions = pd.Series(grid.index.str.split(JOINED).str[0], index=grid.index)
    target = wanted.reindex(regions.to_numpy()).set_axis(grid.index)
    target = target.where(regions.isin(wanted.index), 0.0, axis=0)
    whole = grid.groupby(regions).transform("sum")
    nothing = whole.abs() < _NOTHING
    is_rest = pd.Series(grid.index.isin(list(rests)), index=grid.index)
    alone = target.where(is_rest, 0.0, axis=0).where(target.notna())
    return (grid * (target / whole.where(~nothing))).where(~nothing, alone)


def _by_region(by_group: pd.DataFrame, organisation: Organisation, measure: Measure) -> pd.Series:
    """Sums of a month by `region|group|…`, in the region that the manager has now."""
    key = by_group["manager_id"].astype("str").map(organisation.region_of)
    for group in groups_in(by_group):
        key = key + JOINED + by_group[group].astype("str")
    return by_group[measure].groupby(key).sum()


def customers_now(known: pd.DataFrame) -> pd.Series:
    """What the newest month brought to each customer by series_id; missing where it is not known."""
    return known.iloc[:, -1].set_axis("customer:" + known.index.to_series())


def groups_now(
    by_group: pd.DataFrame,
    known: pd.DataFrame,
    totals: Sequence[SalesTotals],
    organisation: Organisation,
    measure: Measure,
) -> pd.Series:
    """What the newest month brought to each group of products by series_id; missing where it is not known.

    Args:
        by_group: `group_history` as it is forecast from, perhaps without those of whom nothing is expected any more.
        known: `known_sales` with them: what they bought in the month is part of it.
        totals, organisation, measure: as those are made of.
    """
    groups = groups_in(totals[-1].by_group)
    newest = counted_sales(known).iloc[:, [-1]]
    inner = _of_newest(group_history(newest, totals[-1:], organisation, measure))
    inner = inner.combine_first(
        _of_newest(by_group[by_group["month"] == pd.Timestamp(totals[-1].month.first_day)])
    )
    path = inner.index.to_series().str.removeprefix(f"{groups[-1]}:").str.split(JOINED)
    keys = [f"{group}:" + path.str[: depth + 2].str.join(JOINED) for depth, group in enumerate(groups[:-1])]
    keys += [f"{group}:" + path.str[depth + 1] for depth, group in enumerate(groups)]  # over all regions
    sums = [inner.groupby(key.to_numpy()).sum(min_count=1) for key in keys]
    unknown = [inner.isna().groupby(key.to_numpy()).any() for key in keys]
    told: pd.Series = pd.concat(
        [inner, *(total.mask(missing) for total, missing in zip(sums, unknown, strict=True))]
    )
    return told


def one_below(first: pd.DataFrame, second: pd.DataFrame) -> pd.DataFrame:
    """One history below another, without making a text of each row."""
    series = union_categoricals([first["series_id"], second["series_id"]])
    rest = pd.concat([first[["month", "value"]], second[["month", "value"]]], ignore_index=True)
    return rest.assign(series_id=series)


def _of_newest(rows: pd.DataFrame) -> pd.Series:
    return pd.Series(rows["value"].to_numpy(dtype="float64"), index=rows["series_id"].astype("str"))


def _all_months(totals: Sequence[SalesTotals]) -> list[str]:
    return [str(month) for month in months_between(totals[0].month, totals[-1].month)]


def _begun(grid: pd.DataFrame) -> pd.DataFrame:
    """Whether a series has had its first month."""
    return grid.notna().cummax(axis=1)


def _long(values: pd.DataFrame, begun: pd.DataFrame, prefix: str) -> pd.DataFrame:
    """A grid by month as series_id (categories), month, value, each series from its first month on."""
    used = begun.any(axis=1).to_numpy()
    there = begun.to_numpy()[used]
    row, column = np.nonzero(there)
    names = pd.Index(prefix + values.index[used].to_series(), dtype="str")
    return pd.DataFrame(
        {
            "series_id": pd.Categorical.from_codes(row, categories=names),
            "month": pd.to_datetime(values.columns).to_numpy()[column],
            "value": values.to_numpy()[used][there],
        }
    )
