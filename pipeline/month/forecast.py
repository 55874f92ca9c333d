"""Next month's forecast of an organisation: from the ledger's months to the rows of `forecast.csv`.

`outlook` is what managers expect themselves (volumes; of a region or the whole where all its managers say);
`this_month` what the month itself brought to each customer and group of products, missing where a manager is.

Volumes and amounts are forecast for every customer, manager, region, group of products (the trade names them: category
and what is narrower) and for the organisation, as one tree each, so that all parts add up. A month in which a manager
sent no sales is unknown for that manager's customers and for whatever they add up to, not zero.
"""

from collections.abc import Collection, Mapping, Sequence

import numpy as np
import pandas as pd

from pipeline.base.garbage import give_back
from pipeline.figures.parts import groups_in
from pipeline.forecast import choose_variant, forecast_tree, variant_of
from pipeline.forecast.choice import USUAL
from pipeline.forecast.stopped import without_sudden
from pipeline.month.ended import ended_customers
from pipeline.month.levels import restated_for, with_way_back
from pipeline.month.sales_totals import (
    MEASURES,
    Measure,
    Organisation,
    SalesTotals,
    known_sales,
)
from pipeline.month.series_history import (
    brought_by,
    counted_from_begin,
    customer_history,
    group_history,
    of_this_month,
    one_below,
)
from pipeline.month.series_tree import series_tree, totals_over_regions

LONGEST_MONTHS = 60
DECIMALS: Mapping[Measure, int] = {"volume": 0, "amount": 2, "third": 2}  # parts agree to the unit and to the cent
FORECAST_COLUMNS = (
    "month", "level", "entity_id", "measure", "forecast", "low80", "high80", "low95", "high95", "method",
    "months_of_history", "outlook", "this_month",
)  # fmt: skip
_NUMBERS = ["forecast", "low80", "high80", "low95", "high95"]


def forecast_month(
    totals: Sequence[SalesTotals],
    organisation: Organisation,
    method: str = USUAL,
    measures: Sequence[Measure] = MEASURES[:2],
    levels: Collection[Measure] | None = None,
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
        levels: see `ended.ended_customers`.
    """
    known = totals[-LONGEST_MONTHS:]
    parts = [_forecast_measure(known, organisation, measure, method, levels) for measure in measures]
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
    customers = customer_history(known_sales(totals, organisation, "volume"))
    parents = {f"customer:{customer}": manager for customer, manager in organisation.manager_of.items()}
    return choose_variant(customers, parents).key if len(customers) else USUAL


def _forecast_measure(
    totals: Sequence[SalesTotals],
    organisation: Organisation,
    measure: Measure,
    method: str,
    levels: Collection[Measure] | None,
) -> pd.DataFrame:
    customers = known_sales(totals, organisation, measure)
    groups = groups_in(totals[-1].by_group)
    brought = brought_by(customers, totals, organisation, measure)
    ended = ended_customers(customers, totals, organisation, measure, levels)
    stopped = {f"customer:{customer}": reason for customer, reason in ended.items()}
    now_at = restated_for(without_sudden(customers, ended), totals, organisation, measure, levels)
    customers = now_at.known
    history = customer_history(customers)
    if groups:
        history = one_below(history, group_history(counted_from_begin(customers), totals, organisation, measure))
    del customers
    tree = series_tree(history, organisation, groups)
    now = of_this_month(history, brought, groups)
    give_back()
    decimals = DECIMALS[measure]
    variant, unit = variant_of(method), 10.0**-decimals
    told = forecast_tree(
        history, tree, totals_over_regions(tree, groups), variant=variant, whole=True, unit=unit, stopped=stopped
    )
    told = with_way_back(told, tree, now_at.before.rename("customer:{}".format))
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
        this_month=told["series_id"].map(now).to_numpy(dtype="float64").round(decimals),
    )


def with_outlooks(forecast: pd.DataFrame, by_managers: pd.DataFrame) -> pd.DataFrame:
    """A forecast with what managers expect themselves beside it.

    Args:
        by_managers: `track.issued_by_managers` of the month that the forecast is made in.
    """
    keys = ["level", "entity_id", "measure"]
    given = by_managers.drop_duplicates(keys).set_index(keys)["forecast"].astype("float64")
    wanted = pd.MultiIndex.from_frame(forecast[keys])
    return forecast.assign(outlook=given.reindex(wanted).to_numpy(dtype="float64"))
