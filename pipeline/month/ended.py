"""Who is expected to have nothing next month, and why.

Of what is sold or signed, those of whom the master data say that they left or are closed, and who have been silent;
but who signs twice a year is not silent after three months.
What customers hold stays where it is till somebody takes it away: who is closed for now keeps its money in the bank,
but an account that was emptied, a loan that was paid back, is not likely to be there again.
"""

from collections.abc import Collection, Sequence

import numpy as np
import pandas as pd

from pipeline.forecast.stopped import PAUSED, SILENT, stopped_customers
from pipeline.month.sales_totals import Measure, Organisation, SalesTotals, known_sales

EMPTIED = "emptied"
SELDOM_MONTHS = 2  # months without an order between two, as a rule, of who orders seldom


def ended_customers(
    known: pd.DataFrame,
    totals: Sequence[SalesTotals],
    organisation: Organisation,
    measure: Measure,
    levels: Collection[Measure] | None,
) -> dict[str, str]:
    """The customers of whom nothing is expected of a measure, with the reason: "left", "paused", "silent", "emptied".

    Args:
        known: customer × month, the measure's values; 0 where there was nothing, NaN where that is not known.
        totals: the months that it was made of.
        levels: the measures that are how customers stand at the month's end (a balance), where the form tells what they
            hold; the others are what comes of it. None where it tells what was sold.
    """
    last_day = totals[-1].month.last_day
    if levels is None:
        gone = stopped_customers(known, organisation.customers, last_day)
        silent = known.loc[[one for one, reason in gone.items() if reason == SILENT]]
        waiting = silent.index[is_within_usual_time(silent)]
        return {one: reason for one, reason in gone.items() if one not in waiting}
    gone = stopped_customers(known, _as_if_open(organisation.customers), last_day)
    empty = is_emptied(known) if measure in levels else _holds_nothing(totals, organisation, levels)
    return {str(customer): EMPTIED for customer in empty.index[empty] if customer not in gone} | gone


def _as_if_open(customers: pd.DataFrame) -> pd.DataFrame:
    if "status" not in customers:
        return customers
    return customers.assign(status=customers["status"].mask(customers["status"] == PAUSED))


def is_within_usual_time(known: pd.DataFrame) -> pd.Series:
    """Customers without an order for no longer than once before, and of whom as a rule SELDOM_MONTHS and more lie
    between two orders."""
    row, month = np.nonzero(np.nan_to_num(known.to_numpy(dtype=float)))
    between = pd.Series(month).groupby(row).diff() - 1
    by_row = between.groupby(row)
    since = known.shape[1] - 1 - pd.Series(month).groupby(row).max()
    waits = (by_row.median() >= SELDOM_MONTHS) & (since <= by_row.max())
    return pd.Series(waits.reindex(range(len(known)), fill_value=False).to_numpy(dtype=bool), index=known.index)


def is_emptied(known: pd.DataFrame) -> pd.Series:
    """Customers that have nothing now and had till then, without a month of nothing in between: of who has been at
    nothing before and came back, it is not said that it ended."""
    values = known.to_numpy(dtype=float)
    has = np.isfinite(values) & (values != 0)
    since = np.maximum.accumulate(has, axis=1)
    till = np.maximum.accumulate(has[:, ::-1], axis=1)[:, ::-1]
    came_back = (since & till & (values == 0)).any(axis=1)
    now = values[:, -1] == 0
    return pd.Series(now & has.any(axis=1) & ~came_back, index=known.index)


def _holds_nothing(
    totals: Sequence[SalesTotals], organisation: Organisation, levels: Collection[Measure]
) -> pd.Series:
    """Customers that have nothing of any level now, and were emptied of one."""
    grids = [known_sales(totals, organisation, level) for level in sorted(levels)]
    nothing = [grid.iloc[:, -1] == 0 for grid in grids]
    emptied = [is_emptied(grid) for grid in grids]
    return pd.Series(np.logical_and.reduce(nothing) & np.logical_or.reduce(emptied), index=grids[0].index)
