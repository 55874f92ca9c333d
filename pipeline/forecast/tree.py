"""The organisation as a tree of sums: customers → managers → regions → organisation, and beside the
managers the categories of a region, split further into narrower groups.

A parent may be split in several ways; the children of each way (`split`) add up to it.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from pipeline.forecast.history import Floats, HistoryError, Ints

TREE_COLUMNS = ("node_id", "parent_id", "split")
ADD_UP_WITHIN = 1e-6  # relative difference up to which two splits of a parent say the same


@dataclass(frozen=True)
class Tree:
    """Nodes in the order of their names, with numbers instead of names.

    Attributes:
        node_id: names, sorted.
        parent: number of each node's parent; −1 at the top.
        family: number of the siblings (parent × split) a node belongs to; −1 at the top.
        split: name of the split each node belongs to ("" at the top).
        depth: steps from the top.
        is_leaf: whether nothing adds up to the node.
    """

    node_id: npt.NDArray[np.object_]
    parent: Ints
    family: Ints
    split: npt.NDArray[np.object_]
    depth: Ints
    is_leaf: npt.NDArray[np.bool_]

    @property
    def families(self) -> int:
        """Number of sets of siblings."""
        return int(self.family.max(initial=-1)) + 1

    @property
    def parent_of_family(self) -> Ints:
        """Number of the parent whose split each family is."""
        below = self.parent >= 0
        answer = np.zeros(self.families, dtype=np.int64)
        answer[self.family[below]] = self.parent[below]
        return answer

    def at_depth(self, depth: int) -> Ints:
        """Numbers of the nodes so many steps from the top."""
        return np.flatnonzero(self.depth == depth)


def read_tree(tree: pd.DataFrame) -> Tree:
    """Check a tree and number its nodes.

    Args:
        tree: one row per node: node_id, parent_id (missing at the top), split (any name: children of
            one parent with one split add up to it; may be missing at the top).

    Raises:
        HistoryError: a column is missing, a node appears twice, a parent is unknown, nodes go in a circle.
    """
    missing = [name for name in TREE_COLUMNS if name not in tree.columns]
    if missing:
        raise HistoryError(f"the tree lacks the column {', '.join(missing)}")
    rows = tree[list(TREE_COLUMNS)].sort_values("node_id", ignore_index=True)
    node = pd.Index(rows["node_id"].to_numpy(dtype=object))
    if not node.is_unique:
        raise HistoryError(f"{node[node.duplicated()][0]} stands in the tree twice")
    top = rows["parent_id"].isna().to_numpy()
    parent = np.asarray(node.get_indexer(rows["parent_id"].to_numpy(dtype=object)), dtype=np.int64)
    parent[top] = -1
    unknown = (parent < 0) & ~top
    if unknown.any():
        raise HistoryError(f"the tree does not hold {rows['parent_id'][unknown].iloc[0]}, a parent in it")
    split = rows["split"].fillna("").to_numpy(dtype=object)
    below = ~top
    family = np.full(len(node), -1)
    family[below] = pd.DataFrame({"parent": parent, "split": split})[below].groupby(["parent", "split"]).ngroup()
    is_leaf = np.ones(len(node), dtype=bool)
    is_leaf[parent[below]] = False
    return Tree(np.asarray(node, dtype=object), parent, family, split, _depths(parent, node), is_leaf)


def _depths(parent: Ints, node: pd.Index) -> Ints:
    depth = np.zeros(len(parent), dtype=np.int64)
    above = parent.copy()
    for _ in range(len(parent)):
        climbing = above >= 0
        if not climbing.any():
            return depth
        depth[climbing] += 1
        above[climbing] = parent[above[climbing]]
    if len(parent):
        raise HistoryError(f"the tree goes in a circle at {node[above >= 0][0]}")
    return depth


def summed_history(leaves: Floats, tree: Tree) -> Floats:
    """Monthly values of every node from those of the leaves; unknown where a part is unknown.

    Args:
        leaves: node × month; rows of nodes that are no leaves are not looked at.

    Raises:
        HistoryError: two splits of a parent add up to different sums.
    """
    values = leaves.copy()
    for depth in range(int(tree.depth.max(initial=0)), 0, -1):
        rows = tree.at_depth(depth)
        order = rows[np.argsort(tree.family[rows], kind="stable")]
        starts = np.flatnonzero(np.diff(tree.family[order], prepend=-2))
        sums = np.add.reduceat(values[order], starts, axis=0)
        parent = tree.parent[order[starts]]
        # Later splits first, so that the first one gives the parent its values.
        values[parent[::-1]] = sums[::-1]
        _check_sums(values[parent], sums, parent, tree)
    return values


def _check_sums(first: Floats, other: Floats, parent: Ints, tree: Tree) -> None:
    size = np.maximum(np.abs(first), np.abs(other))
    differs = np.abs(first - other) > ADD_UP_WITHIN * size  # False where either is unknown
    if differs.any():
        name = tree.node_id[parent[differs.any(axis=1)][0]]
        raise HistoryError(f"the splits of {name} do not add up to the same sums")
