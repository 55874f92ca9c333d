"""How far a sum can go: many parts seldom do all at once what one of them may.

A customer may buy twice what it ever bought; a region of a hundred never came near. How many parts a sum has is
counted as if they were of one size: of one giant and a hundred small ones it is little more than one.

Measured on the public sets (random groups of 5 to all series, 24 and 48 months known): sums of five came above 1.4
times their greatest month in 0 to .8 % of months (parts sold: 1.7), of twenty above 1.2 times in at most 1.1 %; with
less than a year known sums of any size came to 1.6 times, as the season's peak was yet to come.

Source: effective number, Laakso & Taagepera (1979), Comparative Political Studies 12 (1 ÷ the sum of squared shares).
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from pipeline.forecast.evidence import FEWEST
from pipeline.forecast.history import SEASON, Flags, Floats, Ints, Panel
from pipeline.forecast.limits import TIMES_GREATEST, greatest_usual
from pipeline.forecast.tree import Tree

Names = npt.NDArray[np.object_]
OF_PARTS = "of_parts"  # the method of a sum that is known by its parts alone
AT_LEAST = 1.2  # times the greatest month of a sum, however many its parts: a year may grow
YEAR_UNSEEN = 1.6  # times the greatest month of a sum of which less than a year is known
SEVERAL = 2.5  # parts of one size, from which a sum is no single customer
# Of such sums .1 % of months came further beyond the 80 % interval's end than so many times it.
WIDE_OVER_NARROW = 3.0


def effective_parts(panel: Panel, tree: Tree, parts: dict[str, Ints]) -> Floats:
    """How many leaves of one size would be as uneven as those of each node and each total: 1 for a leaf.

    Where a node is split in several ways, that with the most parts counts.

    Args:
        panel: histories of the nodes and totals, all up to the same month.
        parts: numbers of the nodes of each total.
    """
    nodes = len(tree.node_id)
    size = _last_year(panel)
    square = np.where(tree.is_leaf, size[:nodes] ** 2, np.inf)
    for depth in range(int(tree.depth.max(initial=0)), 0, -1):
        rows = tree.at_depth(depth)
        here = np.unique(tree.family[rows])
        together = np.bincount(tree.family[rows], weights=square[rows], minlength=tree.families)[here]
        np.minimum.at(square, tree.parent_of_family[here], together)
    square = np.concatenate([square, [square[rows].sum() for rows in parts.values()]])
    with np.errstate(divide="ignore", invalid="ignore"):
        count = size**2 / square
    return np.where(np.isfinite(count), np.maximum(count, 1.0), 1.0)


def most_possible(panel: Panel, forecast: Floats, count: Floats, is_sum: Flags, believed: Flags) -> Floats:
    """The upper end that no interval goes beyond; +inf where nothing above zero is known.

    Twice the greatest usual month of a leaf; of a sum the less, the more parts it has, but counted from what is
    expected where that is more.

    Args:
        panel, count: as in `effective_parts`, and its answer.
        forecast: of each node and total.
        is_sum: which of them have parts.
        believed: as in `limits.ceiling`.
    """
    greatest = greatest_usual(panel.values, believed)
    times = np.maximum(1 + (TIMES_GREATEST - 1) / np.sqrt(count), AT_LEAST)
    times = np.where(panel.known < SEASON, np.maximum(times, YEAR_UNSEEN), times)
    return np.asarray(np.where(is_sum, times * np.maximum(greatest, forecast), TIMES_GREATEST * greatest))


def wide_end(narrow: Floats, count: Floats, is_sum: Flags) -> Floats:
    """How far at most the upper end of the 95 % interval lies above the forecast, by how far that of 80 % does."""
    return np.where(is_sum & (count >= SEVERAL), WIDE_OVER_NARROW * narrow, np.inf)


def told_by_parts(method: Names, known: Ints, tree: Tree, parts: dict[str, Ints]) -> tuple[Names, Ints]:
    """The methods and months of history, of sums too little known by themselves those of their parts.

    Where each month somebody else has not reported, the whole is hardly ever known, and its parts nearly always: what
    is told of it is the sum of what is told of them.

    Args:
        method: of each node and total, as `forecast.csv` has it.
        known: months in which each is known.

    Returns:
        The same, `OF_PARTS` in the place of the method, with the most months that a part is known.
    """
    method, known = method.copy(), known.copy()
    nodes = len(tree.node_id)

    def put(places: Ints, longest: Ints) -> None:
        weak = (known[places] < FEWEST) & (longest >= FEWEST)
        known[places[weak]] = longest[weak]
        for place in places[weak]:
            method[place] = "+".join([OF_PARTS, *str(method[place]).split("+")[1:]])

    for depth in range(int(tree.depth.max(initial=0)), 0, -1):
        rows = tree.at_depth(depth)
        longest = np.zeros(nodes, dtype=np.int64)
        np.maximum.at(longest, tree.parent[rows], known[rows])
        above = np.unique(tree.parent[rows])
        put(above, longest[above])
    totals = np.arange(nodes, nodes + len(parts))
    put(totals, np.array([known[rows].max(initial=0) for rows in parts.values()], dtype=np.int64))
    return method, known


def _last_year(panel: Panel) -> Floats:
    """Mean of the known months of the last year of each series, those before its first counted 0; never below 0."""
    place = panel.months[:, None] - 1 - np.arange(SEASON)[None, :]
    width = np.minimum(int(panel.months.max(initial=1)), SEASON)
    taken = np.take_along_axis(panel.values, np.maximum(place, 0), axis=1)
    taken = np.where(place >= 0, taken, 0.0)[:, :width]
    known = np.isfinite(taken)
    mean = np.where(known, taken, 0.0).sum(axis=1) / np.maximum(known.sum(axis=1), 1)
    return np.asarray(np.maximum(mean, 0.0))
