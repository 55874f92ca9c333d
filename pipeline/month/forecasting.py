"""The forecast of the month after, measure by measure; that of customers is long, and stands region by region."""

from collections.abc import Mapping, Sequence

import pandas as pd

from pipeline.base.calendar import Month
from pipeline.base.exact import stacked
from pipeline.base.garbage import give_back
from pipeline.figures.comparable import Owners
from pipeline.figures.parts import MonthSums, is_of_stock, stocks_of, sums_together
from pipeline.forecast.choice import USUAL
from pipeline.month.forecast import (
    FORECAST_COLUMNS,
    choose_method,
    customers_by_region,
    forecast_month,
    without_customers,
)
from pipeline.month.sales_totals import MEASURES, Measure, Organisation, SalesTotals, organisation_of, sales_totals
from schemas.profile import Profile


def totals_of(
    month: Month, sums: Sequence[MonthSums], senders: frozenset[str], owners: Owners, profile: Profile
) -> SalesTotals:
    """What forecasts need of a month."""
    return sales_totals(sums_together(list(sums)), senders, owners.pairs, only_rows=is_of_stock(profile))


def organisation(
    month: Month, first: Month, totals: Sequence[SalesTotals], customers: pd.DataFrame, regions: pd.Series
) -> Organisation:
    """Who belongs to whom in a month; `totals` are those since the first month that is looked back on."""
    return organisation_of(totals, customers, regions)


def method_chosen(month: Month, first: Month, totals: Sequence[SalesTotals], organisation: Organisation) -> str:
    """How this organisation's sales are forecast best, by its months from the first to this one."""
    return choose_method(totals, organisation)


def foreseen(
    month: Month,
    measure: Measure,
    totals: Sequence[SalesTotals],
    organisation: Organisation,
    method: Sequence[str],
    profile: Profile,
) -> pd.DataFrame:
    """What is forecast of one measure, customers included, called as the trade's figure; `method` is empty where no
    year was closed yet.

    Nothing where nobody's sales of the month itself are known: what follows the last known month is that month, and not
    the one after it.
    """
    give_back()
    if not totals[-1].senders or not any(len(one.by_customer) for one in totals):
        return pd.DataFrame(columns=list(FORECAST_COLUMNS))
    stocks = stocks_of(profile)
    known: tuple[Measure, ...] | None = None if stocks is None else tuple(one for one in MEASURES if one in stocks)
    told = forecast_month(totals, organisation, next(iter(method), USUAL), (measure,), known)
    return told.assign(measure=dict(zip(MEASURES, profile.forecast_figures, strict=False))[measure])


def of_customers(
    month: Month, measure: Measure, foreseen: pd.DataFrame, organisation: Organisation
) -> Mapping[str, pd.DataFrame]:
    """What is forecast of customers, by region."""
    return customers_by_region(foreseen, organisation)


def of_all_but_customers(month: Month, measure: Measure, foreseen: pd.DataFrame) -> pd.DataFrame:
    """What is forecast of all but customers."""
    return without_customers(foreseen)


def of_customers_in(
    month: Month, measure: Measure, region: str, by_region: Mapping[str, pd.DataFrame]
) -> pd.DataFrame:
    """What is forecast of one region's customers: FORECAST_COLUMNS, manager_id and customer_name."""
    return by_region.get(region, no_customers())


def customers_forecast(month: Month, regions: tuple[str, ...], parts: Sequence[pd.DataFrame]) -> pd.DataFrame:
    """What is forecast of the customers of some regions, of both measures."""
    return stacked(list(parts)) if len(parts) else no_customers()


def forecast_of(month: Month, measures: Sequence[pd.DataFrame]) -> pd.DataFrame:
    """The forecast of the month after, as `forecast.csv` has it but for its customers."""
    return stacked(list(measures))


def no_customers() -> pd.DataFrame:
    """A forecast of no customers."""
    return pd.DataFrame(columns=[*FORECAST_COLUMNS, "manager_id", "customer_name"])
