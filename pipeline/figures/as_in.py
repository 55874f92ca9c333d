"""What a month brought, told of the managers and regions that have its customers in another month (restated).

Sums alone are told so: what is taken from those who had a customer is given to those who have it. Others than those who
had a customer by the master data of the month keep what they sold to it.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

import pandas as pd

from pipeline.contract.report import ORGANISATION_ID
from pipeline.figures.comparable import Owners, manager_of
from pipeline.figures.entities import KEYS
from pipeline.figures.grain import MANAGER_CUSTOMER

_NOTHING = 5e-5  # sums have four decimals
_LEVELS = ("region", "manager")


@dataclass(frozen=True)
class Belonging:
    """Who belongs to whom in a month: customers to managers, and managers to regions (region_id by manager_id)."""

    owners: Owners
    regions: pd.Series


def changed_values(
    values: pd.DataFrame, sold: pd.DataFrame, then: Belonging, now: Belonging, figures: Sequence[str]
) -> pd.DataFrame:
    """The values of a month that are others when told of those who have its customers in another month.

    Args:
        values: level, entity_id, figure, value of the month as it was.
        sold: what the month brought, one row per manager_id and customer_id, with the figures as columns.
        then: who belonged to whom in the month; `now`: in the other one.
        figures: sums among the values.

    Returns:
        level, entity_id, figure, value; no value where of what an entity has now nothing was its own, so that nothing
        is known of it. The organisation's values never change.
    """
    moved = _whereabouts(sold, then, now)
    steps = [
        _sums(moved, level, column, sign, figures)
        for level in _LEVELS
        for column, sign in ((f"{level}_id", -1.0), (f"{level}_now", 1.0))
    ]
    changes = pd.concat(steps, ignore_index=True)
    if changes.empty:
        return pd.DataFrame({**dict.fromkeys(KEYS, pd.Series(dtype="str")), "value": pd.Series(dtype="float64")})
    by_key = changes.groupby(KEYS)["change"]
    own = values[values["figure"].isin(list(figures))].set_index(KEYS)["value"]
    told = own.reindex(by_key.sum().index).fillna(0.0) + by_key.sum()
    nothing_left = (told.abs() < _NOTHING) & ~changes.groupby(KEYS)["is_gain"].any()
    return told.round(4).mask(nothing_left).rename("value").reset_index()


def with_changed(values: pd.DataFrame, changed: pd.DataFrame) -> pd.DataFrame:
    """Values with those that are others; what is not known is left out. Both have the keys month, level, entity_id,
    figure, as far as `changed` has them."""
    if changed.empty:
        return values
    keys = [name for name in ("month", *KEYS) if name in changed]
    as_they_were = ~pd.MultiIndex.from_frame(values[keys]).isin(pd.MultiIndex.from_frame(changed[keys]))
    known = changed.dropna(subset=["value"])
    return pd.concat([values[as_they_were], known], ignore_index=True)


def entities_told_less(missing: Collection[str], then: Belonging, now: Belonging) -> pd.DataFrame:
    """Whose sums of a month, told of those who have its customers in another one, hold less than everybody's, as some
    managers had not reported it: level, entity_id, manager_id (who had not)."""
    who = then.owners.pairs[then.owners.pairs["manager_id"].isin(list(missing))]
    alone = pd.DataFrame({"manager_id": sorted(missing), "customer_id": ""}, dtype="str")
    placed = places(pd.concat([who, alone], ignore_index=True), then, now).dropna(subset=["region_id"])
    columns = {"organisation": None, "region": "region_now", "manager": "manager_now"}
    frames = [
        pd.DataFrame(
            {
                "level": level,
                "entity_id": placed[column] if column else ORGANISATION_ID,
                "manager_id": placed["manager_id"],
            }
        )
        for level, column in columns.items()
    ]
    found = pd.concat(frames, ignore_index=True).drop_duplicates()
    return found.sort_values(["level", "entity_id", "manager_id"], ignore_index=True).astype("str")


def _whereabouts(sold: pd.DataFrame, then: Belonging, now: Belonging) -> pd.DataFrame:
    """The rows whose customers have another manager, or whose manager has another region, in the other month."""
    placed = places(sold, then, now)
    changed = (placed["manager_now"] != placed["manager_id"]) | (placed["region_now"] != placed["region_id"])
    return placed[changed & placed["region_id"].notna()]


def places(rows: pd.DataFrame, then: Belonging, now: Belonging) -> pd.DataFrame:
    """Rows of managers and customers with their region_id, and the manager_now and region_now of the other month."""
    pairs = rows[MANAGER_CUSTOMER].astype("str")
    had = pd.MultiIndex.from_frame(pairs).isin(pd.MultiIndex.from_frame(then.owners.pairs))
    manager = manager_of(pairs, now.owners).where(had, pairs["manager_id"])
    region = pairs["manager_id"].map(then.regions)
    return rows.assign(region_id=region, manager_now=manager, region_now=manager.map(now.regions).fillna(region))


def _sums(moved: pd.DataFrame, level: str, column: str, sign: float, figures: Sequence[str]) -> pd.DataFrame:
    """What moved rows take from (sign −1) or give to (+1) the entities that a column names."""
    elsewhere = moved[moved[f"{level}_id"] != moved[f"{level}_now"]]
    sums = sign * elsewhere.groupby(column)[list(figures)].sum()
    told = sums.rename_axis("entity_id").reset_index().melt("entity_id", var_name="figure", value_name="change")
    return told.assign(level=level, is_gain=sign > 0)
