"""Managers of several regions in a longer period: what their rows hold, and the totals of their regions do not."""

from collections.abc import Collection, Mapping

import pandas as pd

from pipeline.base.calendar import Month
from schemas.entities import REGION

MOVE_COLUMNS = ("level", "entity_id", "way", "manager_id", "manager_name", "other_region", "months")


def moves_between(
    then: Mapping[Month, pd.Series], gone: Mapping[Month, Collection[str]], homes: pd.Series, names: pd.DataFrame
) -> pd.DataFrame:
    """Two rows per manager and region that was not its last one, with MOVE_COLUMNS: for the region where it is now (way
    `in`: its row holds months that are not in the region's total) and for the one where it was (`out`: the total holds
    months of somebody who is not among the rows). `other_region` is the other's name, `months` (YYYY-MM) are joined by
    commas.

    Args:
        then: of each month the region of each manager, by manager_id.
        gone: of each month the managers who were not in office.
        homes: the region of each manager at the period's end.
        names: level, entity_id, name of all entities.
    """
    months: dict[tuple[str, str], list[str]] = {}
    for month in sorted(then):
        for manager, region in then[month].items():
            if manager not in gone[month] and homes.get(manager, region) != region:
                months.setdefault((str(manager), str(region)), []).append(str(month))
    keys = zip(names["level"].astype("str"), names["entity_id"].astype("str"), strict=True)
    called = dict(zip(keys, names["name"].fillna(names["entity_id"]).astype("str"), strict=True))
    rows = []
    for (manager, before), when in months.items():
        now, name = str(homes[manager]), called.get(("manager", manager), manager)
        for region, way, other in ((now, "in", before), (before, "out", now)):
            place = called.get((REGION, other), other)
            rows.append((REGION, region, way, manager, name, place, ",".join(when)))
    return pd.DataFrame(rows, columns=list(MOVE_COLUMNS)).astype("str")
