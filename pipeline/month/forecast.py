"""Next month's forecast of an organisation: from the ledger's months to the rows of `forecast.csv`.

`outlook` is what managers expect themselves (volumes; of a region or the whole where all its managers say);
`this_month` what the month itself brought to each customer and group of products, missing where a manager is;
`first_issued` what the first edition said, by which the forecast is judged, where this one says something else.

Volumes and amounts are forecast for every customer, manager, region, group of products (the trade names them: category
and what is narrower) and for the organisation, as one tree each, so that all parts add up. A month in which a manager
sent no sales is unknown for that manager's customers and for whatever they add up to, not zero.
"""

from collections.abc import Mapping, Sequence

import numpy as np
import numpy.typing as npt
import pandas as pd
from pandas.api.types import union_categoricals

from pipeline.base.calendar import Month, months_between
from pipeline.base.garbage import give_back
from pipeline.figures.members import among
from pipeline.figures.parts import UNNAMED, groups_in
from pipeline.forecast import choose_variant, forecast_tree, variant_of
from pipeline.forecast.choice import USUAL
from pipeline.forecast.stopped import stopped_customers, without_sudden
from pipeline.month.sales_totals import JOINED, MEASURES, Measure, Organisation, SalesTotals
from pipeline.month.series_tree import series_tree, totals_over_regions

LONGEST_MONTHS = 60
DECIMALS: Mapping[Measure, int] = {"volume": 0, "amount": 2, "third": 2}  # parts agree to the unit and to the cent
FORECAST_COLUMNS = (
    "month", "level", "entity_id", "measure", "forecast", "low80", "high80", "low95", "high95", "method",
    "months_of_history", "outlook", "this_month", "first_issued",
)  # fmt: skip
_NUMBERS = ["forecast", "low80", "high80", "low95", "high95"]
_NOTHING = 1e-9


def forecast_month(
    totals: Sequence[SalesTotals],
    organisation: Organisation,
    method: str = USUAL,
    measures: Sequence[Measure] = MEASURES[:2],
) -> pd.DataFrame:
    """The forecast of the month after the newest of `totals`, in FORECAST_COLUMNS.

    Levels are organisation, region, manager, customer, for each region the groups of products (entity_id
    `region|widest` and `region|widest|narrower`), and each group of them over all regions (entity_id its own).

    Args:
        totals: the known months, oldest first; only the last LONGEST_MONTHS count. Each is looked at by itself,
            so they may be read one after the other.
        organisation: who belongs to whom now.
        method: how, as `choose_method` answers.
        measures: what of.
    """
    parts = [_forecast_measure(totals[-LONGEST_MONTHS:], organisation, measure, method) for measure in measures]
    return pd.concat([part for part in parts if len(part)], ignore_index=True)[list(FORECAST_COLUMNS)]


def without_customers(forecast: pd.DataFrame) -> pd.DataFrame:
    """A forecast but for its customers, who are many."""
    return forecast[forecast["level"] != "customer"].reset_index(drop=True)


def customers_by_region(forecast: pd.DataFrame, organisation: Organisation) -> dict[str, pd.DataFrame]:
    """What is forecast of customers, with the manager_id and customer_name of each, by region."""
    customers = forecast[forecast["level"] == "customer"].reset_index(drop=True)
    manager = organisation.manager_of.reindex(customers["entity_id"])
    names = organisation.customers.reindex(customers["entity_id"]).get("customer_name")
    rows = customers.assign(manager_id=manager.to_numpy(), customer_name="" if names is None else names.to_numpy())
    region = organisation.region_of.reindex(manager).to_numpy()
    return {str(name): own.reset_index(drop=True) for name, own in rows.groupby(region)}


def choose_method(totals: Sequence[SalesTotals], organisation: Organisation) -> str:
    """The way of forecasting that would have served this organisation's volumes best in its last months."""
    customers = _customer_history(_known_sales(totals, organisation, "volume"))
    parents = {f"customer:{customer}": manager for customer, manager in organisation.manager_of.items()}
    return choose_variant(customers, parents).key if len(customers) else USUAL


def _forecast_measure(
    totals: Sequence[SalesTotals], organisation: Organisation, measure: Measure, method: str
) -> pd.DataFrame:
    customers = _known_sales(totals, organisation, measure)
    gone = stopped_customers(customers, organisation.customers, totals[-1].month.last_day)
    stopped = {f"customer:{customer}": reason for customer, reason in gone.items()}
    customers = without_sudden(customers, gone)
    groups = groups_in(totals[-1].by_group)
    history = _customer_history(customers)
    if groups:
        history = _below(history, _group_history(customers, totals, organisation, measure))
    del customers
    tree = series_tree(history, organisation, groups)
    now = _of_this_month(history, totals[-1].month, groups)
    give_back()
    decimals = DECIMALS[measure]
    variant, unit = variant_of(method), 10.0**-decimals
    told = forecast_tree(
        history, tree, totals_over_regions(tree, groups), variant=variant, whole=True, unit=unit, stopped=stopped
    )
    del history, tree
    give_back()
    level, entity = told["series_id"].str.split(":", n=1, expand=True).to_numpy().T
    rounded = told[_NUMBERS].round(decimals)
    return told.assign(
        **{name: rounded[name] for name in _NUMBERS},
        month=told["month"].dt.strftime("%Y-%m"),
        level=level,
        entity_id=entity,
        measure=measure,
        outlook=np.nan,
        first_issued=np.nan,
        this_month=told["series_id"].map(now).to_numpy(dtype="float64").round(decimals),
    )


def _of_this_month(history: pd.DataFrame, month: Month, groups: Sequence[str]) -> pd.Series:
    """What a month brought to each customer and group of products by series_id; missing where it is not known."""
    rows = history[history["month"] == pd.Timestamp(month.first_day)]
    values = pd.Series(rows["value"].to_numpy(dtype="float64"), index=rows["series_id"].astype("str"))
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


def with_outlooks(forecast: pd.DataFrame, by_managers: pd.DataFrame) -> pd.DataFrame:
    """A forecast with what managers expect themselves beside it.

    Args:
        by_managers: `track.issued_by_managers` of the month that the forecast is made in.
    """
    keys = ["level", "entity_id", "measure"]
    given = by_managers.drop_duplicates(keys).set_index(keys)["forecast"].astype("float64")
    wanted = pd.MultiIndex.from_frame(forecast[keys])
    return forecast.assign(outlook=given.reindex(wanted).to_numpy(dtype="float64"))


def with_first_issued(forecast: pd.DataFrame, issued: pd.DataFrame) -> pd.DataFrame:
    """A forecast with what was issued first, where that was something else.

    Args:
        issued: the forecast of the same month as it is judged (`track.ISSUED_COLUMNS`).
    """
    keys = ["level", "entity_id", "measure"]
    given = issued.set_index(keys)["forecast"].astype("float64").reindex(pd.MultiIndex.from_frame(forecast[keys]))
    first = pd.Series(given.to_numpy(dtype="float64"), index=forecast.index)
    return forecast.assign(first_issued=first.mask(first == forecast["forecast"]))


def _known_sales(totals: Sequence[SalesTotals], organisation: Organisation, measure: Measure) -> pd.DataFrame:
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


def _customer_history(customers: pd.DataFrame) -> pd.DataFrame:
    """One row per customer and month from its first order on; 0 without an order, missing where unknown."""
    return _long(customers, _begun(customers), "customer:")


def _group_history(
    customers: pd.DataFrame, totals: Sequence[SalesTotals], organisation: Organisation, measure: Measure
) -> pd.DataFrame:
    """One row per region, groups of products and month, adding up to the region's customers.

    A customer that moved from another region brings its history along, but not what it bought: each month's
    products of a region are scaled to the sum of the customers that it has now.
    """
    groups = groups_in(totals[-1].by_group)
    counted = customers.where(_begun(customers), 0.0)  # before its first known month a customer counts nothing
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


def _below(first: pd.DataFrame, second: pd.DataFrame) -> pd.DataFrame:
    """One history below another, without making a text of each row."""
    series = union_categoricals([first["series_id"], second["series_id"]])
    rest = pd.concat([first[["month", "value"]], second[["month", "value"]]], ignore_index=True)
    return rest.assign(series_id=series)
