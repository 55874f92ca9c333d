"""Who is expected to have nothing next month, and why.

Of what is sold or signed, those of whom the master data say that they left or are closed, and who have been silent;
but who signs twice a year is not silent after three months.
What customers hold stays where it is till somebody takes it away: who is closed for now keeps its money in the bank and
its households on the books, but an account that was emptied, a loan that was paid back, is not likely to be there
again.
"""

import datetime as dt
from collections.abc import Sequence

import numpy as np
import pandas as pd

from pipeline.forecast.history import SEASON
from pipeline.forecast.stopped import PAUSED, SILENT, stopped_customers

NONE_LEFT = "none_left"
SELDOM_MONTHS = 2  # months without an order between two, as a rule, of who orders seldom


def ended_customers(
    stood: pd.DataFrame,
    now: pd.Series,
    customers: pd.DataFrame,
    last_day: dt.date,
    held: Sequence[pd.DataFrame] | None,
) -> dict[str, str]:
    """The customers of whom nothing is expected of a measure, with the reason: "left", "paused", "silent", "none_left".

    Args:
        stood: customer × month, the measure's values; 0 where there was nothing, NaN where that is not known.
        now: by customer, the newest month as it was reported; missing where it was not.
        customers, last_day: as in `stopped_customers`.
        held: like `stood`, each of the stocks (a balance, households) that the measure comes of; none of them where it
            is a stock itself, None where it is sold.
    """
    gone = stopped_customers(stood, customers, last_day)
    if held is None:
        silent = stood.loc[[one for one, reason in gone.items() if reason == SILENT]]
        waiting = silent.index[is_within_usual_time(silent)]
        return {one: reason for one, reason in gone.items() if one not in waiting}
    # How they stand is what was reported, and not what the master data call them.
    is_standing = (now.fillna(0.0) if held else stood.iloc[:, -1]) != 0
    open_again = {one for one, reason in gone.items() if reason == PAUSED and is_standing[one]}
    empty = _holds_nothing(stood, held) if held else is_emptied(stood)
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


def _holds_nothing(flow: pd.DataFrame, held: Sequence[pd.DataFrame]) -> pd.Series:
    """Customers that have nothing of any stock now, and were emptied of one, so that nothing comes of it (`flow`) any
    more."""
    nothing = [(stock.iloc[:, -1] == 0).to_numpy() for stock in (*held, flow)]
    emptied = [is_emptied(stock) for stock in held]
    return pd.Series(np.logical_and.reduce(nothing) & np.logical_or.reduce(emptied), index=flow.index)
