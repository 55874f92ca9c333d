"""Who pay is told of: everybody by name and region, those too who have left and are still released something."""

from collections.abc import Mapping

import pandas as pd

from pipeline.base.calendar import Month
from pipeline.base.frames import records
from pipeline.contract.papers import Frames

GONE = "gone"  # the state of whoever is not in office and is still released something


def people_of(months: Mapping[Month, Frames]) -> pd.DataFrame:
    """Everybody as the newest month knows them, by manager_id."""
    frames = [months[one]["people"] for one in sorted(months, reverse=True)]
    return pd.concat(frames, ignore_index=True).drop_duplicates("manager_id").set_index("manager_id")


def named(rows: pd.DataFrame, people: pd.DataFrame) -> pd.DataFrame:
    """The same rows with the region_id and manager_name of each manager_id."""
    told = {name: rows["manager_id"].map(people[name]).astype("str") for name in ("region_id", "manager_name")}
    return rows.assign(**told)


def with_released(pay: pd.DataFrame, accounts: pd.DataFrame, people: pd.DataFrame) -> pd.DataFrame:
    """The month's pay with `released` and `paid` (unknown where a part of it is); whoever has left, and is released
    something, stands below."""
    released = {str(one["manager_id"]): int(one["released"]) for one in records(accounts)}
    inside = pay.assign(released=pay["manager_id"].map(released).fillna(0).astype("Int64"))
    parts = inside[["base", "allowance", "performance", "released"]].sum(axis=1, skipna=False)
    inside = inside.assign(paid=(parts - inside["deferred"]).astype("Int64"))
    gone = [key for key, cents in released.items() if cents and key not in set(pay["manager_id"])]
    below = pd.DataFrame({"manager_id": pd.array(gone, dtype="str")})
    below = below.assign(released=[released[one] for one in gone], state=GONE)
    below = named(below.assign(paid=below["released"]), people)
    return (
        pd.concat([inside, below.astype({"released": "Int64", "paid": "Int64"})], ignore_index=True)
        if gone
        else inside
    )
