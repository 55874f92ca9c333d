"""The history of every series that a forecast is made of, and what the month itself brought."""

from collections.abc import Sequence

import numpy as np
import pandas as pd
from pandas.api.types import union_categoricals

from pipeline.figures.parts import UNNAMED, groups_in
from pipeline.month.sales_totals import JOINED, Measure, Organisation, SalesTotals, all_months, begun

_NOTHING = 1e-9


def customer_history(customers: pd.DataFrame) -> pd.DataFrame:
    """One row per customer and month from its first order on; 0 without an order, missing where unknown."""
    return _long(customers, begun(customers), "customer:")


def group_history(
    counted: pd.DataFrame, totals: Sequence[SalesTotals], organisation: Organisation, measure: Measure
) -> pd.DataFrame:
    """One row per region, groups of products and month, adding up to the region's customers."""
    sold, scaled = _groups_by_month(counted, totals, organisation, measure)
    is_begun = begun(scaled.where(begun(sold) | (scaled.fillna(0.0) != 0)))
    used = is_begun.any(axis=1)
    return _long(scaled[used], is_begun[used], f"{groups_in(totals[-1].by_group)[-1]}:")


def brought_by(
    customers: pd.DataFrame, totals: Sequence[SalesTotals], organisation: Organisation, measure: Measure
) -> pd.Series:
    """The last month of every customer and narrowest group of products by series_id, as it was told."""
    parts = [customers.iloc[:, -1].rename(lambda one: f"customer:{one}")]
    if groups := groups_in(totals[-1].by_group):
        last = _groups_by_month(counted_from_begin(customers).iloc[:, -1:], totals[-1:], organisation, measure)[1]
        parts.append(last.iloc[:, 0].rename(lambda one: f"{groups[-1]}:{one}"))
    told: pd.Series = pd.concat(parts)
    return told


def of_this_month(history: pd.DataFrame, brought: pd.Series, groups: Sequence[str]) -> pd.Series:
    """What the month brought to each customer and group of products by series_id; missing where it is not known.

    Args:
        history: what is forecast from, without those who stopped.
        brought: `brought_by`, in which they still are.
    """
    rows = history[history["month"] == history["month"].max()]
    names = rows["series_id"].astype("str")
    values = brought.reindex(names).fillna(0.0).where(rows["value"].notna().to_numpy())
    if not groups:
        return values
    customers = values[values.index.str.startswith("customer:")]
    inner = values[values.index.str.startswith(f"{groups[-1]}:")]
    path = inner.index.to_series().str.removeprefix(f"{groups[-1]}:").str.split(JOINED)
    keys = [f"{group}:" + path.str[: depth + 2].str.join(JOINED) for depth, group in enumerate(groups[:-1])]
    keys += [f"{group}:" + path.str[depth + 1] for depth, group in enumerate(groups)]  # over all regions
    sums = [inner.groupby(key.to_numpy()).sum(min_count=1) for key in keys]
    unknown = [inner.isna().groupby(key.to_numpy()).any() for key in keys]
    known = [total.mask(missing) for total, missing in zip(sums, unknown, strict=True)]
    together: pd.Series = pd.concat([customers, inner, *known])
    return together


def one_below(first: pd.DataFrame, second: pd.DataFrame) -> pd.DataFrame:
    """One history below another, without making a text of each row."""
    series = union_categoricals([first["series_id"], second["series_id"]])
    rest = pd.concat([first[["month", "value"]], second[["month", "value"]]], ignore_index=True)
    return rest.assign(series_id=series)


def counted_from_begin(customers: pd.DataFrame) -> pd.DataFrame:
    """Customers × months as they count in sums: 0 before a customer's first known month."""
    return customers.where(begun(customers), 0.0)


def _groups_by_month(
    counted: pd.DataFrame, totals: Sequence[SalesTotals], organisation: Organisation, measure: Measure
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Region and groups of products × months, as sold and as they add up to the region's customers.

    A customer that moved from another region brings its history along, but not what it bought: each month's
    products of a region are scaled to the sum of the customers that it has now.
    """
    groups = groups_in(totals[-1].by_group)
    region_of = organisation.manager_of.map(organisation.region_of)
    wanted = counted.groupby(region_of).sum().where(counted.isna().groupby(region_of).sum() == 0)
    sums = {str(one.month): _by_region(one.by_group, organisation, measure) for one in totals}
    rests = [JOINED.join([region, *(UNNAMED for _ in groups)]) for region in wanted.index]
    found = pd.DataFrame(sums, columns=all_months(totals))
    grid = found.reindex(found.index.union(rests)).sort_index()
    return grid, _scaled(grid.fillna(0.0), wanted, rests)


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


def _long(values: pd.DataFrame, is_begun: pd.DataFrame, prefix: str) -> pd.DataFrame:
    """A grid by month as series_id (categories), month, value, each series from its first month on."""
    used = is_begun.any(axis=1).to_numpy()
    there = is_begun.to_numpy()[used]
    row, column = np.nonzero(there)
    names = pd.Index(prefix + values.index[used].to_series(), dtype="str")
    return pd.DataFrame(
        {
            "series_id": pd.Categorical.from_codes(row, categories=names),
            "month": pd.to_datetime(values.columns).to_numpy()[column],
            "value": values.to_numpy()[used][there],
        }
    )
