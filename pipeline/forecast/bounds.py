"""Bounds of intervals in a tree: moved with their forecasts, a sum's in keeping with those of its parts."""

from __future__ import annotations

import numpy as np

from pipeline.forecast.history import Floats, Ints
from pipeline.forecast.tree import Tree

ROUNDS = 4


def as_sure_as_parts(
    bound: Floats, forecast: Floats, tree: Tree, parts: dict[str, Ints], side: float, furthest: Floats
) -> Floats:
    """Bounds neither nearer than if the errors of a sum's parts were independent, nor further than all together.

    A node's own few errors may by chance be small; those of its parts can cancel, but seldom do so more than
    independent ones would: half-width of a sum ≥ √Σ half-width² of its parts. And a sum cannot go further than
    all its parts do at once, each of them no further than `furthest`.
    """
    reach = np.minimum(np.maximum(side * (bound - forecast), 0.0), furthest)
    for depth in range(int(tree.depth.max(initial=0)), 0, -1):
        rows = tree.at_depth(depth)
        here = np.unique(tree.family[rows])
        parent = tree.parent_of_family[here]
        squares = np.bincount(tree.family[rows], weights=reach[rows] ** 2, minlength=tree.families)[here]
        together = np.bincount(tree.family[rows], weights=reach[rows], minlength=tree.families)[here]
        np.maximum.at(reach, parent, np.sqrt(squares))
        np.minimum.at(reach, parent, together)
        reach = np.minimum(reach, furthest)
    for place, rows in enumerate(parts.values(), len(tree.node_id)):
        least, together_all = float(np.sqrt((reach[rows] ** 2).sum())), float(reach[rows].sum())
        reach[place] = min(max(reach[place], least), together_all, furthest[place])
    return np.asarray(np.maximum(forecast + side * reach, 0.0))


def moved_along(bound: Floats, before: Floats, after: Floats) -> Floats:
    """A bound of an interval moved with its forecast: in proportion or by the difference, whichever is less.

    A bound at zero stays there.
    """
    ratio = after / np.where(before > 0, before, 1.0)
    scaled = np.where(before > 0, bound * ratio, bound)
    shifted = bound + after - before
    nearer = np.where(np.abs(scaled - bound) <= np.abs(shifted - bound), scaled, shifted)
    return np.asarray(np.where(bound > 0, np.maximum(nearer, 0.0), 0.0))


def in_keeping(bound: Floats, forecast: Floats, tree: Tree, parts: dict[str, Ints], side: float) -> Floats:
    """Bounds as given or nearer: a sum's no further than all its parts' together, a part's upper one no higher than its
    sum's.

    What is not negative is no more than its sum: where the sum seldom comes above its bound, no part of it does. As one
    may ask for the other, both are asked for until nothing changes, or `ROUNDS` times.
    """
    reach = np.maximum(side * (bound - forecast), 0.0)
    whole = _wholes(tree, parts)
    for _ in range(ROUNDS):
        before = reach.copy()
        for place, rows in enumerate(parts.values(), len(tree.node_id)):
            reach[place] = min(reach[place], reach[rows].sum())
        for top, totals in whole:
            reach[top] = min(reach[top], reach[totals].sum())
        if side > 0:
            reach = _within_whole(forecast + reach, tree) - forecast
        if np.array_equal(before, reach):
            break
    return np.asarray(forecast + side * reach)


def _within_whole(high: Floats, tree: Tree) -> Floats:
    """Upper bounds of nodes, and of totals behind them, no higher than those of what they are part of."""
    for depth in range(1, int(tree.depth.max(initial=0)) + 1):
        rows = tree.at_depth(depth)
        high[rows] = np.minimum(high[rows], high[tree.parent[rows]])
    nodes = len(tree.node_id)
    high[nodes:] = np.minimum(high[nodes:], high[tree.at_depth(0)].sum())
    return high


def _wholes(tree: Tree, parts: dict[str, Ints]) -> list[tuple[int, Ints]]:
    """The top of the tree with the totals that add up to it, for each split that is all in totals."""
    tops, totals = tree.at_depth(0), list(parts.values())
    split = np.array([tree.split[rows[0]] for rows in totals], dtype=object)
    answer = []
    for name in sorted(set(split)) if len(tops) == 1 else []:
        own = np.flatnonzero(split == name)
        inside = np.sort(np.concatenate([totals[place] for place in own]))
        if np.array_equal(inside, np.flatnonzero(tree.split == name)):
            answer.append((int(tops[0]), own + len(tree.node_id)))
    return answer
