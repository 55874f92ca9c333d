"""Customers that came from another manager or region since a month compared with, and those that went to one: neither
joined nor lost (domain.md section 4)."""

from collections.abc import Mapping, Sequence

import pandas as pd

from pipeline.contract.figure import LEVELS, Level
from pipeline.figures.comparable import Owners, manager_of
from pipeline.figures.grain import MANAGER_CUSTOMER

MOVES_COLUMNS = ("level", "entity_id", "compared_with", "kind", "customers")


def moved_customers(
    then: pd.DataFrame, reported: Owners, regions_then: pd.Series, regions_now: pd.Series
) -> pd.DataFrame:
    """The customers of a month that have another manager, or whose manager has another region, in the reported month.

    Args:
        then: manager_id and customer_id of those who were there at that month's end.
        reported: who has which customers in the reported month.
        regions_then, regions_now: the region of each manager in both months, by manager_id.

    Returns:
        customer_id, manager_id, region_id (then), manager_now, region_now.
    """
    pairs = then[MANAGER_CUSTOMER].astype("str").drop_duplicates()
    now = manager_of(pairs, reported)
    region = pairs["manager_id"].map(regions_then)
    told = pairs.assign(region_id=region, manager_now=now, region_now=now.map(regions_now).fillna(region))
    changed = (told["manager_now"] != told["manager_id"]) | (told["region_now"] != told["region_id"])
    return told[changed & region.notna()].sort_values(["customer_id", "manager_id"], ignore_index=True)


def moves_table(moved: Mapping[str, pd.DataFrame], levels: Sequence[Level] = LEVELS) -> pd.DataFrame:
    """One row per level, entity, month compared with and kind (moved_in, moved_out), with MOVES_COLUMNS.

    `customers` of moved_out are negative: an entity's customers of that month as they were reported, and both lines,
    add up to those whom it has now; over all regions or managers the lines add up to 0.

    Args:
        moved: by "previous" and "last_year", see `moved_customers`.
    """
    frames = []
    for when, rows in moved.items():
        for level in levels:
            if level == "organisation":
                continue  # to the organisation nobody moves
            changed = rows[(rows[f"{level}_id"] != rows[f"{level}_now"]).to_numpy(dtype=bool)]
            for kind, column, sign in (("moved_in", f"{level}_now", 1), ("moved_out", f"{level}_id", -1)):
                counted = sign * changed.groupby(column).size().rename("customers")
                frame = counted.rename_axis("entity_id").reset_index()
                frames.append(frame.assign(level=level, compared_with=when, kind=kind))
    filled = [one for one in frames if len(one)] or [pd.DataFrame(columns=list(MOVES_COLUMNS))]
    return pd.concat(filled, ignore_index=True)[list(MOVES_COLUMNS)]
