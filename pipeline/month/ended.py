"""Who is expected to have nothing next month, and why.

Of what is sold or signed, those of whom the master data say that they left or are closed, and who have been silent;
but who signs twice a year is not silent after three months.
What customers hold stays where it is till somebody takes it away: who is closed for now keeps its money in the bank and
its households on the books, but an account that was emptied, a loan that was paid back, is not likely to be there
again.
"""

from collections.abc import Collection, Sequence

import numpy as np
import pandas as pd

from pipeline.forecast.history import SEASON
from pipeline.forecast.stopped import PAUSED, SILENT, stopped_customers
from pipeline.month.known_sales import known_sales
from pipeline.month.sales_totals import Measure, Organisation, SalesTotals

NONE_LEFT = "none_left"
SELDOM_MONTHS = 2  # months without an order between two, as a rule, of who orders seldom


def ended_customers(
    stood: pd.DataFrame,
    now: pd.Series,
    totals: Sequence[SalesTotals],
    organisation: Organisation,
    measure: Measure,
    stocks: Collection[Measure] | None,
) -> dict[str, str]:
    """The customers of whom nothing is expected of a measure, with the reason: "left", "paused", "silent", "none_left".

    Args:
        stood: customer × month, the measure's values; 0 where there was nothing, NaN where that is not known.
        now: by customer, the newest month as it was reported; missing where it was not.
        totals: the months that it was made of.
        stocks: the measures that are how customers stand at the month's end (a balance, households), where the form
            tells what they hold; the others are what comes of it. None where it tells what was sold.
    """
    gone = stopped_customers(stood, organisation.customers, totals[-1].month.last_day)
    if stocks is None:
        silent = stood.loc[[one for one, reason in gone.items() if reason == SILENT]]
        waiting = silent.index[is_within_usual_time(silent)]
        return {one: reason for one, reason in gone.items() if one not in waiting}
    # How they stand is what was reported, and not what the master data call them.
    is_standing = (stood.iloc[:, -1] if measure in stocks else now.fillna(0.0)) != 0
    open_again = {one for one, reason in gone.items() if reason == PAUSED and is_standing[one]}
    empty = is_emptied(stood) if measure in stocks else _holds_nothing(stood, totals, organisation, stocks)
    found = {str(customer): NONE_LEFT for customer in empty.index[empty]}
    return found | {one: reason for one, reason in gone.items() if one not in open_again}


def is_within_usual_time(known: pd.DataFrame) -> pd.Series:
    """Customers without an order for no longer than once before, and of whom as a rule SELDOM_MONTHS and more lie
    between two orders."""
    row, month = np.nonzero(np.nan_to_num(known.to_numpy(dtype=float)))
    between = pd.Series(month).groupby(row).diff() - 1
    by_row = between.groupby(row)
    since = known.shape[1] - 1 - pd.Series(month).groupby(row).max()
    waits = (by_row.median() >= SELDOM_MONTHS) & (since <= by_row.max())
    return pd.Series(waits.reindex(range(len(known)), fill_value=False).to_numpy(dtype=bool), index=known.index)


def is_emptied(stood: pd.DataFrame) -> pd.Series:
    """Customers that have nothing now and had till then, without a month of nothing in between.

    Of who has been at nothing before and came back, or was at nothing in the same month a year ago and then had
    something (a camp that opens in summer), it is not said that it ended.
    """
    values = stood.to_numpy(dtype=float)
    has = np.isfinite(values) & (values != 0)
    since = np.maximum.accumulate(has, axis=1)
    till = np.maximum.accumulate(has[:, ::-1], axis=1)[:, ::-1]
    came_back = (since & till & (values == 0)).any(axis=1)
    if values.shape[1] > SEASON:
        came_back |= (values[:, -SEASON - 1] == 0) & (np.nan_to_num(values[:, -SEASON]) > 0)
    now = values[:, -1] == 0
    return pd.Series(now & has.any(axis=1) & ~came_back, index=stood.index)


def _holds_nothing(
    flow: pd.DataFrame, totals: Sequence[SalesTotals], organisation: Organisation, stocks: Collection[Measure]
) -> pd.Series:
    """Customers that have nothing of any stock now, and were emptied of one, so that nothing comes of it (`flow`) any
    more."""
    grids = [known_sales(totals, organisation, stock) for stock in sorted(stocks)]
    nothing = [grid.iloc[:, -1] == 0 for grid in grids]
    emptied = [is_emptied(grid) for grid in grids]
    brings_nothing = (flow.iloc[:, -1] == 0).to_numpy()
    answer = np.logical_and.reduce(nothing) & np.logical_or.reduce(emptied) & brings_nothing
    return pd.Series(answer, index=flow.index)
