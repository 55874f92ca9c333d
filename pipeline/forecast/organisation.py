"""Next month of a whole organisation at once: `forecast_tree`, every level coherent with every other."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

import numpy as np
import numpy.typing as npt
import pandas as pd

from pipeline.forecast.bounds import as_sure_as_parts, in_keeping, moved_along
from pipeline.forecast.coherent import (
    NEARLY,
    aware_of_new,
    little_is_new,
    reconciled,
    unknown_of_new,
    whole_units,
)
from pipeline.forecast.episodes import without_months
from pipeline.forecast.history import LONGEST, Flags, Floats, HistoryError, Ints, Panel, read_history
from pipeline.forecast.next_month import Foreseen, as_frame, foresee
from pipeline.forecast.one_kind import NUMBERS, Variant
from pipeline.forecast.own_course import NO_ORDER_LATELY
from pipeline.forecast.sums import effective_parts, most_possible, told_by_parts, wide_end
from pipeline.forecast.together import went_together
from pipeline.forecast.tree import Tree, read_tree, summed_history

SERIES_AT_ONCE = 40_000  # what one takes of memory does not grow with the organisation
ALIKE = 0.1  # correlation assumed between the errors of siblings
TOTAL_COLUMNS = ("total_id", "node_id")


def forecast_tree(
    history: pd.DataFrame,
    tree: pd.DataFrame,
    totals: pd.DataFrame | None = None,
    *,
    variant: Variant | None = None,
    whole: bool = False,
    unit: float = 1.0,
    stopped: Mapping[str, str] | None = None,
) -> pd.DataFrame:
    """Forecast the month after the last known one for every node of a tree, so that all sums hold.

    Each node is forecast from its own history (borrowing the season of its parent's children), then all
    are reconciled. Intervals are those of the node's own errors, moved with its forecast, never below 0.

    Args:
        history: one row per leaf and month: series_id (a leaf of the tree), month, value. A customer
            without an order needs a row with 0; a month without a row, or NaN, is unknown, and so are
            the sums it belongs to. Before its first row a leaf counts 0 in the sums.
        tree: one row per node: node_id, parent_id, split; see `read_tree`. A leaf without history
            counts 0 and is forecast 0.
        totals: sums outside the tree, e.g. a category over all regions: one row per total and
            part: total_id, node_id. Their forecasts are the sums of their parts.
        variant: how the forecast is made, as `choose_variant` answers; the default measures by itself.
        whole: forecasts in whole units (pieces) that still add up; intervals widened to whole units.
        unit: size of a whole unit: 1 for pieces, 0.01 for cents.
        stopped: leaf → why nothing is expected of it (who left): its forecast is 0, its method the reason.

    Returns:
        One row per node and total, sorted by series_id within the nodes and then the totals, with the
        columns of `forecast_next`.

    Raises:
        HistoryError: as `forecast_next` and `read_tree`; a series is no leaf of the tree; a total has
            an unknown part; two splits of a node add up to different sums; nothing at all is known.
    """
    read = read_tree(tree)
    parts = _total_parts(totals, read)
    panel = organisation_panel(read_history(history), read, parts)
    told, seen = _foreseen(panel, read, len(parts), variant or Variant())
    told = _with_stopped(told, panel, stopped or {})
    forecast, believed = _adding_up(told, seen, read, parts, unit if whole else 0.0)
    told = _coherent(told, forecast, believed, panel, read, parts, unit if whole else 0.0)
    method, known = told_by_parts(told.method, panel.known, read, parts)
    return as_frame(replace(panel, known=known), replace(told, method=method))


def _with_stopped(told: Foreseen, panel: Panel, stopped: Mapping[str, str]) -> Foreseen:
    """The same with 0 for who stopped, and the reason as their method."""
    if not stopped:
        return told
    reason = pd.Series(panel.series_id, dtype=object).map(pd.Series(dict(stopped), dtype=object))
    out = reason.notna().to_numpy()
    numbers = {name: np.where(out, 0.0, values) for name, values in told.numbers.items()}
    method = np.where(out, reason.to_numpy(dtype=object), told.method)
    return Foreseen(numbers, np.where(out, 0.0, told.mean), method, told.used)


def _foreseen(panel: Panel, tree: Tree, totals: int, variant: Variant) -> tuple[Foreseen, Panel]:
    """Forecasts of all nodes and totals, some thousands at a time, siblings always together; and the histories without
    the months that are left out of all.

    An organisation of up to `SERIES_AT_ONCE` nodes is foreseen at once; in a larger one what is learned (how often
    each model holds, what the festival adds, how far errors reach) is learned from each part by itself.
    """
    group, pool = _groups_and_pools(tree, totals)
    together = went_together(panel, group, np.append(tree.parent, np.full(totals, -1)))
    seen = without_months(panel, together.months(panel))
    several = list(_whole_families(tree, totals))
    parts = [
        foresee(panel.rows(rows), group[rows], pool[rows], variant, together=together.rows(rows))
        for rows in several
    ]
    if len(parts) == 1:
        return parts[0], seen
    order = np.argsort(np.concatenate(several))
    numbers = {name: np.concatenate([part.numbers[name] for part in parts])[order] for name in NUMBERS}
    mean, method = (np.concatenate([getattr(part, name) for part in parts])[order] for name in ("mean", "method"))
    return Foreseen(numbers, mean, method, parts[0].used), seen


def _whole_families(tree: Tree, totals: int) -> Iterator[Ints]:
    """Numbers of the nodes in parts of about `SERIES_AT_ONCE`, the upper ones first; the totals are with those."""
    nodes = np.lexsort((tree.family, tree.depth))
    family = tree.family[nodes]
    first = np.flatnonzero(np.diff(family, prepend=-2))
    size = np.diff(first, append=len(nodes))
    part = np.repeat((np.cumsum(size) - size + totals) // SERIES_AT_ONCE, size)
    for number in np.unique(part):
        rows = nodes[part == number]
        extra = np.arange(len(nodes), len(nodes) + totals) if number == part[0] else nodes[:0]
        yield np.sort(np.concatenate([rows, extra]))


def organisation_panel(leaves: Panel, tree: Tree, parts: dict[str, Ints] | None = None) -> Panel:
    """Histories of all nodes, and of totals, up to the last month that any leaf knows.

    Args:
        leaves: histories of the leaves.
        parts: numbers of the nodes of each total.
    """
    totals = parts or {}
    node = _nodes_of(leaves, tree)
    known = leaves.known > 0
    if not known.any():
        raise HistoryError("no month of any series is known")
    last = int(leaves.last[known].max())
    values, start = _on_calendar(leaves, node, last, len(tree.node_id))
    values = summed_history(values, tree)
    for depth in range(int(tree.depth.max(initial=0)), 0, -1):
        rows = tree.at_depth(depth)
        np.minimum.at(start, tree.parent[rows], start[rows])
    values = np.concatenate([values, *(values[rows].sum(axis=0, keepdims=True) for rows in totals.values())])
    start = np.concatenate([start, [start[rows].min() for rows in totals.values()]]).astype(np.int64)
    names = np.array([*tree.node_id, *totals], dtype=object)
    return _left_aligned(names, values, start, last)


def _nodes_of(leaves: Panel, tree: Tree) -> Ints:
    node = pd.Index(tree.node_id).get_indexer(pd.Index(leaves.series_id))
    if (node < 0).any():
        raise HistoryError(f"the tree does not hold the series {leaves.series_id[node < 0][0]}")
    if not tree.is_leaf[node].all():
        raise HistoryError(
            f"{leaves.series_id[~tree.is_leaf[node]][0]} has parts: its history follows from theirs"
        )
    return np.asarray(node, dtype=np.int64)


def _on_calendar(leaves: Panel, node: Ints, last: int, nodes: int) -> tuple[Floats, Ints]:
    """Leaf histories in the same months (0 before each start), and the column each starts in.

    The months are as many as the longest history has, `LONGEST` at most.
    """
    known = leaves.known > 0
    width = int(np.minimum((leaves.months - leaves.last + last)[known].max(), LONGEST))
    column = width - leaves.months + leaves.last - last
    start = np.full(nodes, width)
    start[node[known]] = np.maximum(column[known], 0)
    values = np.zeros((nodes, width))
    values[node[known]] = np.nan
    row, month = np.nonzero(np.isfinite(leaves.values))
    place = month + column[row]
    inside = place >= 0
    values[node[row[inside]], place[inside]] = leaves.values[row[inside], month[inside]]
    values[np.arange(width)[None, :] < start[:, None]] = 0.0
    return values, start


def _left_aligned(names: npt.NDArray[np.object_], values: Floats, start: Ints, last: int) -> Panel:
    """A panel whose series all end in the same month, known or not."""
    months = values.shape[1] - start
    width = max(int(months.max()), 1)
    column = np.arange(width)[None, :]
    shifted = np.take_along_axis(values, np.minimum(column + start[:, None], values.shape[1] - 1), axis=1)
    shifted = np.where(column < months[:, None], shifted, np.nan)
    known = np.isfinite(shifted).sum(axis=1)
    return Panel(names, shifted, np.where(known > 0, months, 0), known, np.full(len(names), last))


def _total_parts(totals: pd.DataFrame | None, tree: Tree) -> dict[str, Ints]:
    if totals is None:
        return {}
    missing = [name for name in TOTAL_COLUMNS if name not in totals.columns]
    if missing:
        raise HistoryError(f"the totals lack the column {', '.join(missing)}")
    number = pd.Index(tree.node_id).get_indexer(pd.Index(totals["node_id"]))
    if (number < 0).any():
        raise HistoryError(f"the tree does not hold {totals['node_id'][number < 0].iloc[0]}, part of a total")
    rows = pd.DataFrame({"total_id": totals["total_id"].to_numpy(), "number": number})
    return {str(name): part["number"].to_numpy(dtype=np.int64) for name, part in rows.groupby("total_id")}


def _groups_and_pools(tree: Tree, totals: int) -> tuple[Ints, Ints]:
    """Whose season a node may borrow (its siblings'), and whose errors make its intervals (its level's)."""
    level = pd.Series(tree.depth.astype(str), dtype=object) + " " + pd.Series(tree.split, dtype=object)
    pool = np.asarray(pd.factorize(level, sort=True)[0], dtype=np.int64)
    extra = np.zeros(totals, dtype=np.int64)
    return np.concatenate([tree.family + 1, extra]), np.concatenate([pool, extra + pool.max(initial=0) + 1])


def _may_have_stopped(method: npt.NDArray[np.object_]) -> Flags:
    """Who may order as ever or not at all: their wide interval does not say that they may come to any other number."""
    return np.array([NO_ORDER_LATELY in str(one).split("+") for one in method], dtype=bool)


def _adding_up(
    told: Foreseen, seen: Panel, tree: Tree, parts: dict[str, Ints], unit: float
) -> tuple[Floats, Flags]:
    """The forecasts made to add up (in whole units, if there is one), and the sums that are believed: those whose own
    history does not tell of what is new in them.

    Args:
        seen: histories without the months that are left out of all.
    """
    asked = little_is_new(seen, tree)
    aware = aware_of_new(seen, tree, asked)
    nodes = len(tree.node_id)
    mean = np.nan_to_num(told.mean)[:nodes]
    spread = np.nan_to_num(told.numbers["high80"] - told.numbers["forecast"])[:nodes]
    # What others were wrong about does not make a customer buy twice as much, or nothing.
    most = mean * np.where(_may_have_stopped(told.method[:nodes]), 0.5, 1.0)
    spread = np.where(tree.is_leaf, np.minimum(spread, most), spread)
    variance = spread**2 + unknown_of_new(seen, tree)
    forecast = reconciled(mean, variance, tree, ALIKE, asked & aware, aware)
    if unit:
        forecast = whole_units(forecast / unit, tree) * unit
    believed = (~asked & ~tree.is_leaf) | ~aware
    of_totals = np.array([believed[rows].any() for rows in parts.values()], dtype=bool)
    return np.append(forecast, [forecast[rows].sum() for rows in parts.values()]), np.append(believed, of_totals)


def _coherent(
    told: Foreseen,
    forecast: Floats,
    believed: Flags,
    panel: Panel,
    tree: Tree,
    parts: dict[str, Ints],
    unit: float,
) -> Foreseen:
    """The forecasts that add up with intervals moved along, in keeping with each other."""
    base = {name: np.nan_to_num(values) for name, values in told.numbers.items()}
    is_sum = np.append(~tree.is_leaf, np.ones(len(parts), dtype=bool))
    count = effective_parts(panel, tree, parts)
    most = most_possible(panel, forecast, count, is_sum, believed)
    numbers = {"forecast": forecast}
    for name in NUMBERS[1:]:
        side = -1.0 if name.startswith("low") else 1.0
        furthest = np.maximum(most - forecast, 0.0) if side > 0 else forecast
        if name == "high95":
            furthest = np.minimum(furthest, wide_end(numbers["high80"] - forecast, count, is_sum))
        bound = moved_along(base[name], np.nan_to_num(told.mean), forecast)
        bound = as_sure_as_parts(bound, forecast, tree, parts, side, furthest)
        bound = in_keeping(bound, forecast, tree, parts, side)
        if unit:
            bound = (np.floor(bound / unit + NEARLY) if side < 0 else np.ceil(bound / unit - NEARLY)) * unit
        limit = np.minimum if side < 0 else np.maximum
        numbers[name] = np.asarray(limit(bound, forecast))
    return Foreseen(numbers, forecast, told.method, told.used)
