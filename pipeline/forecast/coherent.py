"""Forecasts that add up: every parent is the sum of its children, in each of its splits, also in whole units.

Reconciliation is weighted least squares under the sums: on a tree it is exact in one pass up (each node
combines its own forecast with the sums of its children, weighted by precision) and one pass down (what
is left over goes to the children by their variances). Sources: Wickramasuriya et al. (2019), MinT, JASA
114(526), with a diagonal error covariance; Pearl (1988), message passing on trees.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from pipeline.forecast.history import Flags, Floats, Ints, Panel
from pipeline.forecast.tree import Tree

LEAST_VARIANCE = 1e-12  # of the greatest variance: nobody is so sure that sums cannot be made to agree
NEARLY = 1e-6  # a value this close below a whole number is that number

STARTED_MONTHS = 3  # who ordered first in these is new
MUCH_IS_NEW = 0.2  # of a sum's last month: with more from new parts its own history does not tell of the next
SELDOM_WITHOUT = 0.1  # share of months without orders up to which one orders nearly every month
SMALLEST_VARIANCE = 1e-200  # smaller ones, of sales that are as good as none, have no finite precision


def reconciled(
    forecast: Floats,
    variance: Floats,
    tree: Tree,
    alike: float = 0.0,
    asked: Flags | None = None,
    aware: Flags | None = None,
) -> Floats:
    """Forecasts closest to those given (by variance) that add up and are not negative.

    Args:
        forecast: base forecast of each node, ≥ 0.
        variance: its error variance.
        alike: correlation of the errors of siblings, which makes their sum less sure.
        asked: of which sums the own forecast counts; without, of all. The others are the sums of their parts.
        aware: as `aware_of_new` answers; without, all are. The others share out what their sum comes to.

    Returns:
        One forecast per node; parents are the sums of their children up to rounding errors of floats.
    """
    floor = max(LEAST_VARIANCE * float(variance.max(initial=0.0)), SMALLEST_VARIANCE)
    own = np.maximum(variance, floor)
    told = np.ones(len(own), dtype=bool) if asked is None else asked | tree.is_leaf
    shares = np.zeros(len(own), dtype=bool) if aware is None else ~aware
    heard = _heard(shares, tree)
    mean, spread, sums, spreads = _passed_up(forecast, own, tree, alike, told, heard)
    answer = np.maximum(mean, 0.0)
    for depth in range(1, int(tree.depth.max(initial=0)) + 1):
        rows = tree.at_depth(depth)
        family = tree.family[rows]
        left_over = answer[tree.parent[rows]] - sums[family]
        moved = np.where(shares[rows], 0.0, spread[rows] / spreads[family] * left_over)
        wanted = np.maximum(mean[rows] + moved, 0.0)
        answer[rows] = _filling(wanted, family, answer[tree.parent[rows]], tree)
    return answer


def little_is_new(panel: Panel, tree: Tree) -> Flags:
    """Of which nodes the own history tells of the next month: not where much of the last month came from new parts, or
    would have from those who lately stopped.

    The first orders of a new customer are a freak to the months of its manager and region before; of the customer they
    are all that is known. Nor do they know who has been without an order for a month or three.

    Args:
        panel: histories of the nodes, in the order of the tree, all up to the same month.
    """
    new, last = _new_and_last(panel, tree)
    _, new = _passed_on(new, tree)
    return np.asarray(new <= MUCH_IS_NEW * np.maximum(last, 0.0))


def aware_of_new(panel: Panel, tree: Tree, asked: Flags) -> Flags:
    """Which nodes tell of what is new in the sum they are part of: not the groups of products beside its new customers.

    Args:
        panel, tree: as in `little_is_new`.
        asked: its answer.
    """
    of_family, new = _passed_on(_new_and_last(panel, tree)[0], tree)
    parent = tree.parent_of_family
    family_aware = asked[parent] | (of_family >= new[parent] / 2)
    aware = np.ones(len(tree.node_id), dtype=bool)
    for depth in range(1, int(tree.depth.max(initial=0)) + 1):
        rows = tree.at_depth(depth)
        aware[rows] = aware[tree.parent[rows]] & family_aware[tree.family[rows]]
    return aware


def unknown_of_new(panel: Panel, tree: Tree) -> Floats:
    """Variance by which each node's own forecast may be off for what is new in it, or stopped, which its history lacks.

    Of a sum the square of what each of its new parts ordered: a great one is a surprise, while many small ones come
    each month, as its history knows. Of groups of products beside a new customer what their sum lacks, each by its
    share.

    Args:
        panel, tree: as in `little_is_new`.
    """
    own, last = _new_and_last(panel, tree)
    parent = tree.parent_of_family
    of_family, new = _passed_on(own, tree)
    square = _passed_on(own**2, tree)[1]
    share = 1 - of_family / np.where(new[parent] > 0, new[parent], 1.0)
    lacking = np.where(new[parent] > 0, np.maximum(share, 0.0) * square[parent], 0.0)
    unknown = np.zeros(len(new))
    for depth in range(1, int(tree.depth.max(initial=0)) + 1):
        rows = tree.at_depth(depth)
        whole = lacking[tree.family[rows]] + unknown[tree.parent[rows]]
        unknown[rows] = _filling(np.maximum(last[rows], 0.0), tree.family[rows], whole, tree)
    return np.where(tree.is_leaf, unknown, unknown + square)


def _new_and_last(panel: Panel, tree: Tree) -> tuple[Floats, Floats]:
    """What leaves that are new ordered last, and those that stopped before, 0 of other nodes; and every last month.

    Of who was not reported the last month that is known counts.
    """
    nodes = len(tree.node_id)
    values, months = panel.values[:nodes], panel.months[:nodes]
    known = pd.DataFrame(values).ffill(axis=1).fillna(0.0).to_numpy()
    last = known[:, -1]
    ordered = np.nan_to_num(values) > 0
    first = np.where(ordered.any(axis=1), ordered.argmax(axis=1), months)
    begins = panel.last[:nodes] - months + 1
    # Who orders in the very first month that anybody knows may have ordered long before.
    started = (months - first <= STARTED_MONTHS) & (begins + first > begins[months > 0].min())
    new = np.where(started, np.maximum(last, 0.0), _lately_stopped(known, first, months))
    return np.where(tree.is_leaf, new, 0.0), last


def _lately_stopped(known: Floats, first: Ints, months: Ints) -> Floats:
    """The last order of those who ordered nearly every month and did not in the last one to three; 0 of others."""
    place = months[:, None] - 1 - np.arange(STARTED_MONTHS + 1)[None, :]
    back = np.where(place >= 0, np.take_along_axis(known, np.maximum(place, 0), axis=1), 0.0)
    quiet = np.cumprod(back == 0, axis=1).sum(axis=1)
    column = np.arange(known.shape[1])[None, :]
    inside = (column >= first[:, None]) & (column < (months - quiet)[:, None])
    without = ((known == 0) & inside).sum(axis=1)
    stopped = (quiet > 0) & (quiet <= STARTED_MONTHS) & (without <= SELDOM_WITHOUT * inside.sum(axis=1))
    order = np.take_along_axis(back, np.minimum(quiet, STARTED_MONTHS)[:, None], axis=1)[:, 0]
    return np.where(stopped, np.maximum(order, 0.0), 0.0)


def _passed_on(new: Floats, tree: Tree) -> tuple[Floats, Floats]:
    """What is new in each family of siblings, and in each node: of its families the one that knows of most."""
    new, together = new.copy(), np.zeros(tree.families)
    for depth in range(int(tree.depth.max(initial=0)), 0, -1):
        rows = tree.at_depth(depth)
        of_family = np.bincount(tree.family[rows], weights=new[rows], minlength=tree.families)
        here = np.unique(tree.family[rows])
        together[here] = of_family[here]
        np.maximum.at(new, tree.parent_of_family[here], of_family[here])
    return together, new


def _heard(unaware: Flags, tree: Tree) -> Flags:
    """Which families tell their parent of its sum: not those that do not know of what is new in it."""
    below = tree.parent >= 0
    heard = np.ones(tree.families, dtype=bool)
    heard[tree.family[below]] = ~unaware[below] | unaware[tree.parent[below]]
    return heard


def _passed_up(
    forecast: Floats, variance: Floats, tree: Tree, alike: float, asked: Flags, heard: Flags
) -> tuple[Floats, Floats, Floats, Floats]:
    """Combined mean and variance of each node, and their sums over each family of siblings."""
    precision = np.where(asked, 1 / variance, 0.0)
    told = forecast * precision
    mean, spread = forecast.astype(float), variance.astype(float)
    sums, spreads = np.zeros(tree.families), np.zeros(tree.families)
    parent = tree.parent_of_family
    for depth in range(int(tree.depth.max(initial=0)), -1, -1):
        rows = tree.at_depth(depth)
        mean[rows], spread[rows] = told[rows] / precision[rows], 1 / precision[rows]
        if depth:
            sums += np.bincount(tree.family[rows], weights=mean[rows], minlength=tree.families)
            spreads += np.bincount(tree.family[rows], weights=spread[rows], minlength=tree.families)
            here = np.unique(tree.family[rows])
            deviations = np.bincount(tree.family[rows], weights=np.sqrt(spread[rows]), minlength=tree.families)
            together = (1 - alike) * spreads[here] + alike * deviations[here] ** 2
            np.add.at(precision, parent[here], heard[here] / together)
            np.add.at(told, parent[here], heard[here] * sums[here] / together)
    return mean, spread, sums, spreads


def _filling(wanted: Floats, family: Ints, total: Floats, tree: Tree) -> Floats:
    """Siblings rescaled to their parent's total; in equal parts where none wants anything."""
    together = np.bincount(family, weights=wanted, minlength=tree.families)[family]
    siblings = np.bincount(family, minlength=tree.families)[family]
    share = np.where(together > 0, wanted / np.where(together > 0, together, 1.0), 1 / siblings)
    return np.asarray(share * total)


def whole_units(forecast: Floats, tree: Tree) -> Floats:
    """Forecasts in whole units (pieces) that still add up: largest remainders, from the top down.

    Args:
        forecast: coherent forecasts, ≥ 0.

    Returns:
        Whole numbers, each less than one unit away from what was given; ties go by the node's name.
    """
    answer = np.round(forecast)
    for depth in range(1, int(tree.depth.max(initial=0)) + 1):
        rows = tree.at_depth(depth)
        answer[rows] = _apportioned(forecast[rows], tree.family[rows], answer[tree.parent[rows]], tree.families)
    return answer


def _apportioned(value: Floats, family: Ints, total: Floats, families: int) -> Floats:
    """Whole parts of siblings that add up to their parent's whole total."""
    floor = np.floor(value + NEARLY)
    left = (total - np.bincount(family, weights=floor, minlength=families)[family]).astype(np.int64)
    up = _rank_within(family, value - floor) < left
    # Numbers a hair below whole ones may have taken one too many; the greatest can spare it.
    down = _rank_within(family, floor) < -left
    return np.asarray(floor + up - down)


def _rank_within(family: Ints, value: Floats) -> Ints:
    """Rank of each value among its siblings, greatest first, from 0; ties in the order given."""
    order = np.lexsort((-value, family))
    first = np.flatnonzero(np.diff(family[order], prepend=-2))
    start = np.repeat(first, np.diff(first, append=len(order)))
    rank = np.empty(len(order), dtype=np.int64)
    rank[order] = np.arange(len(order)) - start
    return rank
