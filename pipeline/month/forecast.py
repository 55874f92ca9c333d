"""Next month's forecast of an organisation: from the ledger's months to the rows of `forecast.csv`.

`outlook` is what managers expect themselves (volumes; of a region or the whole where all its managers say);
`this_month` what the month itself brought to each customer and group of products, missing where a manager is;
`first_issued` what the first edition said, by which the forecast is judged, where this one says something else;
`unreported` how much of a forecast is of single customers that were not reported, whose month is not known either.

Volumes and amounts are forecast for every customer, manager, region, group of products (the trade names them: category
and what is narrower) and for the organisation, as one tree each, so that all parts add up. A month in which a manager
sent no sales is unknown for that manager's customers and for whatever they add up to, not zero.
"""

from collections.abc import Collection, Mapping, Sequence

import numpy as np
import pandas as pd

from pipeline.base.garbage import give_back
from pipeline.contract.report import ORGANISATION_ID
from pipeline.figures.members import among
from pipeline.figures.parts import groups_in
from pipeline.forecast import choose_variant, forecast_tree, variant_of
from pipeline.forecast.choice import USUAL
from pipeline.forecast.next_month import NO_ORDERS
from pipeline.forecast.stopped import without_sudden
from pipeline.month.ended import ended_customers
from pipeline.month.known_sales import (
    counted_sales,
    customer_history,
    customers_now,
    group_history,
    groups_now,
    known_sales,
    one_below,
)
from pipeline.month.levels import restated_for, with_way_back
from pipeline.month.sales_totals import MEASURES, Measure, Organisation, SalesTotals
from pipeline.month.series_tree import series_tree, totals_over_regions
from pipeline.month.stock_history import as_it_stood, has_left, with_unreported

LONGEST_MONTHS = 60
DECIMALS: Mapping[Measure, int] = {"volume": 0, "amount": 2, "third": 2}  # parts agree to the unit and to the cent
FORECAST_COLUMNS = (
    "month", "level", "entity_id", "measure", "forecast", "low80", "high80", "low95", "high95", "method",
    "months_of_history", "outlook", "this_month", "first_issued", "unreported",
)  # fmt: skip
BELOW_ZERO = "below_zero"
_NUMBERS = ["forecast", "low80", "high80", "low95", "high95"]


def forecast_month(
    totals: Sequence[SalesTotals],
    organisation: Organisation,
    method: str = USUAL,
    measures: Sequence[Measure] = MEASURES[:2],
    stocks: Collection[Measure] | None = None,
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
        stocks: the measures that are how customers stand at the month's end (a balance, households), where the form
            tells what they hold; the others are what comes of it. None where it tells what was sold.
    """
    known = totals[-LONGEST_MONTHS:]
    parts = [_forecast_measure(known, organisation, measure, method, stocks) for measure in measures]
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
    customers = customer_history(_stood(known_sales(totals, organisation, "volume"), totals, organisation))
    parents = {f"customer:{customer}": manager for customer, manager in organisation.manager_of.items()}
    return choose_variant(customers, parents).key if len(customers) else USUAL


def _forecast_measure(
    totals: Sequence[SalesTotals],
    organisation: Organisation,
    measure: Measure,
    method: str,
    stocks: Collection[Measure] | None,
) -> pd.DataFrame:
    known = known_sales(totals, organisation, measure)
    groups = groups_in(totals[-1].by_group)
    customers = _stood(known, totals, organisation)
    held = _held(totals, organisation, measure, stocks)
    ended = ended_customers(customers, known.iloc[:, -1], organisation.customers, totals[-1].month.last_day, held)
    stopped = {f"customer:{customer}": reason for customer, reason in ended.items()}
    now_at = restated_for(without_sudden(customers, ended), held)
    customers = now_at.known
    history, now = customer_history(customers), customers_now(known)
    if groups:
        by_group = group_history(counted_sales(customers), totals, organisation, measure)
        now = pd.concat([now, groups_now(by_group, known, totals, organisation, measure)])
        history = one_below(history, by_group)
        del by_group
    had = (known.fillna(0.0) != 0).any(axis=1)
    del customers, known
    tree = series_tree(history, organisation, groups)
    give_back()
    variant, unit = variant_of(method), 10.0 ** -DECIMALS[measure]
    told = forecast_tree(
        history, tree, totals_over_regions(tree, groups), variant=variant, whole=True, unit=unit, stopped=stopped
    )
    told = with_way_back(told, tree, now_at.before.rename("customer:{}".format))
    del history, tree
    give_back()
    told = _by_entity(told, now, measure)
    told = _with_reasons(told, had.index[had], ended, organisation)
    return with_unreported(told, organisation, totals[-1].senders)


def _held(
    totals: Sequence[SalesTotals],
    organisation: Organisation,
    measure: Measure,
    stocks: Collection[Measure] | None,
) -> Sequence[pd.DataFrame] | None:
    """What customers held, of each of the stocks that a measure comes of; none of them where it is a stock itself, None
    where it is sold."""
    if not stocks:
        return None
    of = () if measure in stocks else sorted(stocks)
    return [known_sales(totals, organisation, one) for one in of]


def _by_entity(told: pd.DataFrame, now: pd.Series, measure: Measure) -> pd.DataFrame:
    """The forecast of a measure by level and entity_id, rounded, beside what the month brought (by series_id)."""
    decimals = DECIMALS[measure]
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


def _with_reasons(
    forecast: pd.DataFrame, had: pd.Index, gone: Mapping[str, str], organisation: Organisation
) -> pd.DataFrame:
    """A forecast in which nobody is said never to have had anything who had: a customer whose months were never above 0
    has that for its method, and managers, regions and the organisation whose customers all stopped have the commonest
    reason of those.

    Args:
        had: the customers with anything, above 0 or below.
    """
    never = forecast["method"] == NO_ORDERS
    if not never.any():
        return forecast
    below = never & (forecast["level"] == "customer") & forecast["entity_id"].isin(had)
    method = forecast["method"].mask(below, BELOW_ZERO)
    customers = pd.DataFrame({"reason": pd.Series(dict(gone), dtype=object)}).reindex(had).dropna()
    customers["manager"] = organisation.manager_of.reindex(customers.index)
    customers["region"] = customers["manager"].map(organisation.region_of)
    customers["organisation"] = ORGANISATION_ID
    for level in ("manager", "region", "organisation") if len(customers) else ():
        own = never & (forecast["level"] == level)
        commonest = customers.groupby(level)["reason"].agg(lambda reasons: reasons.mode().iloc[0])
        method = method.mask(own, forecast["entity_id"].map(commonest).fillna(method))
    return forecast.assign(method=method)


def _stood(known: pd.DataFrame, totals: Sequence[SalesTotals], organisation: Organisation) -> pd.DataFrame:
    """What is known of customers by month; where only rows tell, in months without one how they stood last."""
    if not totals[-1].only_rows:
        return known
    sent = {str(one.month): among(organisation.manager_of, one.senders) for one in totals}
    is_sent = pd.DataFrame(sent, index=known.index, columns=known.columns).astype("boolean").fillna(False)
    gone = has_left(organisation.customers, known.index, pd.Timestamp(totals[-1].month.last_day))
    return as_it_stood(known, is_sent.astype(bool), gone)


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
