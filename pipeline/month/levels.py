"""What customers hold stays at the level that it has come to: a large deposit of last month is no freak order.

A balance that has jumped beyond all that it was before is forecast from where it stands now: its months before the jump
are restated in proportion, so that they tell how it moves and what season it has, and no more how high it stands. As
managers and regions are sums of their customers, they are restated with them. That it goes back to where it was is
what the 95 % interval allows for. A peak that was seen before, at a quarter's end, is no jump.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

JUMP = 2.0  # times as high as ever before, or as low
STEP = 3.0  # times as far at once as ever before
MOST_JUMPS = 3  # of one customer
NEW_MONTHS = 3  # months after a jump in which it may still go back, and is told of
NEAR = 3  # months by which the level before and after a jump is told
NEW_LEVEL = "new_level"  # as the method of `forecast.csv` says it
Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Restated:
    """Customers × months at the level of now; how high those stood who jumped lately; all who ever jumped."""

    known: pd.DataFrame
    before: pd.Series
    jumped: pd.Index


def restated(known: pd.DataFrame) -> Restated:
    """Customers × months with what was before a jump restated to the level after it.

    Args:
        known: 0 where there was nothing, NaN where that is not known.
    """
    values = known.to_numpy(dtype=float).copy()
    before, has_jumped = np.full(len(values), np.nan), np.zeros(len(values), dtype=bool)
    for _ in range(MOST_JUMPS):
        place, old, new = _first_jump(values)
        rows = np.flatnonzero(place > 0)
        if not len(rows):
            break
        has_jumped[rows] = True
        is_new = values.shape[1] - place[rows] <= NEW_MONTHS
        before[rows] = np.where(is_new, old[rows], np.nan)
        earlier = np.arange(values.shape[1])[None, :] < place[rows, None]
        values[rows] = np.where(earlier, values[rows] * (new / old)[rows, None], values[rows])
    found = pd.DataFrame(values, index=known.index, columns=known.columns)
    return Restated(found, pd.Series(before, index=known.index).dropna(), known.index[has_jumped])


def restated_for(known: pd.DataFrame, held: Sequence[pd.DataFrame] | None) -> Restated:
    """The same of any measure: of what comes of a balance (its income) only where the balance has jumped, too.

    Args:
        known: the measure's values.
        held: see `ended.ended_customers`.
    """
    if held is None:
        return Restated(known, pd.Series(dtype=float), known.index[:0])
    found = restated(known)
    if not held:
        return found
    of_stocks = [restated(stock).jumped for stock in held]
    jumped = known.index[np.logical_or.reduce([known.index.isin(one) for one in of_stocks])]
    both = known.copy()
    both.loc[jumped] = found.known.loc[jumped]
    return Restated(both, found.before[found.before.index.isin(jumped)], jumped)


def _first_jump(values: Floats) -> tuple[npt.NDArray[np.int64], Floats, Floats]:
    """The month in which each row first jumped (0: it never did), and its level right before and after."""
    rows, months = values.shape
    since_any = np.maximum.accumulate(np.nan_to_num(values) != 0, axis=1)
    values = np.where(since_any, values, np.nan)
    place = np.zeros(rows, dtype=np.int64)
    old, new = np.full(rows, np.nan), np.full(rows, np.nan)
    filled = pd.DataFrame(values).ffill(axis=1).to_numpy()
    steps = np.abs(np.diff(filled, axis=1))
    for month in range(1, months):
        earlier, later = values[:, :month], values[:, month:]
        lowest, highest = _ends(earlier)
        least, most = _ends(later)
        far = (least > JUMP * highest) | ((most < lowest / JUMP) & (least > 0))
        others = np.nan_to_num(steps[:, : month - 1]).max(axis=1, initial=0.0)
        jumped = far & (lowest > 0) & (steps[:, month - 1] > STEP * others)
        for row in np.flatnonzero(jumped & (place == 0)):
            place[row] = month
            old[row], new[row] = _level(earlier[row, ::-1]), _level(later[row])
    return place, old, new


def _level(values: Floats) -> float:
    """Of the nearest known months."""
    return float(np.median(values[np.isfinite(values)][:NEAR]))


def _ends(values: Floats) -> tuple[Floats, Floats]:
    """The lowest and the highest known value of each row (NaN where none is known)."""
    known = np.isfinite(values)
    lowest = np.where(known, values, np.inf).min(axis=1)
    highest = np.where(known, values, -np.inf).max(axis=1)
    return np.where(known.any(axis=1), lowest, np.nan), np.where(known.any(axis=1), highest, np.nan)


def with_way_back(told: pd.DataFrame, tree: pd.DataFrame, before: pd.Series) -> pd.DataFrame:
    """A forecast whose 95 % interval allows for what jumped to go back, and whose method says that it jumped.

    Args:
        told: one row per series_id, with forecast, low95, high95 and method.
        tree: node_id and parent_id.
        before: how high series stood before they jumped.
    """
    if before.empty:
        return told
    rows = told.set_index("series_id")
    parent = dict(zip(tree["node_id"], tree["parent_id"], strict=True))
    for bound, side in (("low95", -1.0), ("high95", 1.0)):
        further = (side * (before - rows[bound].reindex(before.index))).clip(lower=0.0)
        squares: dict[str, float] = {}
        for series, reach in further[further > 0].items():
            node: object = series
            while isinstance(node, str):
                squares[node] = squares.get(node, 0.0) + reach**2
                node = parent.get(node)
        moved = pd.Series(squares, dtype=float).reindex(rows.index).fillna(0.0) ** 0.5
        rows[bound] = (rows[bound] + side * moved).clip(lower=0.0)
    jumped = rows.index.isin(before.index) & ~rows["method"].str.contains(NEW_LEVEL)
    rows["method"] = rows["method"].where(~jumped, rows["method"] + f"+{NEW_LEVEL}")
    back: pd.DataFrame = rows.reset_index()
    return back
