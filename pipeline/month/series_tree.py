"""What adds up to what in a forecast: the tree of its series."""

from collections.abc import Sequence

import pandas as pd

from pipeline.contract.report import ORGANISATION_ID
from pipeline.figures.members import among
from pipeline.month.sales_totals import JOINED, Organisation


def series_tree(history: pd.DataFrame, organisation: Organisation, groups: Sequence[str]) -> pd.DataFrame:
    """Every node with its parent: see `pipeline.forecast.tree.read_tree`."""
    customers = organisation.manager_of
    series = history["series_id"].cat.categories.to_series()
    used = customers[among("customer:" + customers.index.to_series(), series)]
    managers = organisation.region_of[among(organisation.region_of.index, used)]
    below = _group_nodes(series, groups)
    of_groups: Sequence[str] = below[0]["parent_id"].str.removeprefix("region:").tolist() if below else []
    top = f"organisation:{ORGANISATION_ID}"
    regions = pd.Series(sorted({*managers, *of_groups}), dtype="str")
    frames = [
        pd.DataFrame({"node_id": [top], "parent_id": [None], "split": [""]}),
        _nodes("region:" + regions, top, "region"),
        _nodes("manager:" + managers.index, ("region:" + managers).to_numpy(), "manager"),
        _nodes("customer:" + used.index, ("manager:" + used).to_numpy(), "customer"),
        *below,
    ]
    return pd.concat(frames, ignore_index=True)


def _group_nodes(series: pd.Series, groups: Sequence[str]) -> list[pd.DataFrame]:
    """The nodes of each group of products, the widest first: below their region, or the group that is wider by one."""
    if not groups:
        return []
    inner = series[series.str.startswith(f"{groups[-1]}:")].str.removeprefix(f"{groups[-1]}:").sort_values()
    paths = [inner]
    for _ in groups[1:]:
        paths.insert(0, paths[0].str.rsplit(JOINED, n=1).str[0].drop_duplicates())
    above = ("region", *groups)
    return [
        _nodes(f"{group}:" + path, (f"{above[depth]}:" + path.str.rsplit(JOINED, n=1).str[0]).to_numpy(), group)
        for depth, (group, path) in enumerate(zip(groups, paths, strict=True))
    ]


def _nodes(names: pd.Series | pd.Index, parents: object, split: str) -> pd.DataFrame:
    return pd.DataFrame({"node_id": list(names), "parent_id": parents, "split": split})


def totals_over_regions(tree: pd.DataFrame, groups: Sequence[str]) -> pd.DataFrame:
    """Each group of products over all regions, and over all wider groups."""
    frames = []
    for group in groups:
        parts = tree.loc[tree["split"] == group, "node_id"]
        whole = f"{group}:" + parts.str.split(JOINED).str[-1]
        frames.append(pd.DataFrame({"total_id": whole.to_numpy(), "node_id": parts.to_numpy()}))
    nothing = pd.DataFrame({name: pd.Series(dtype="str") for name in ("total_id", "node_id")})
    return pd.concat(frames, ignore_index=True) if frames else nothing
