"""Growth explained (增长分解): why an amount changed, in parts that add up to the change to the cent.

By product, from a base month (volume Q₀, amount A₀) to the month (Q₁, A₁), qᵢ and aᵢ being a product's:

- volume effect = (Q₁ − Q₀) × A₀ ÷ Q₀: the same mix at the same prices, only more or less of it;
- price effect = Σ (a₁ᵢ − q₁ᵢ × a₀ᵢ ÷ q₀ᵢ) over products sold in both months: what a unit sold now brings more;
- mix effect = what remains: dearer or cheaper products, new ones and dropped ones.

By customer: started (bought now, not in the base month, and joined after its start), resumed (the same, but joined
before), growing, shrinking, stopped (bought in the base month, not now). Parts are cut to ten-thousandths of a yuan;
the mix effect takes what is left; where the base has no positive volume everything is volume effect.

Both months are like with like: managers known in both, with the customers that they have now. So customers that moved
are no part of the change; what the base month sold to them stands in lines of its own: moved_in (from other entities
since), moved_out (to others). The base as it was reported is that of the table − moved in + moved out.
"""

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from pipeline.base.exact import TEN_THOUSANDTHS
from pipeline.contract.figure import Level
from pipeline.figures.parts import MonthSums
from pipeline.figures.side_by_side import NOW, ending, summed_by_level

_MEASURES = ("volume", "amount")
_SUMS = ("volume", "amount", "volume_base", "amount_base")
_WHOLE = ("amount_base", "volume_effect", "mix_effect", "price_effect", "change", "amount")
_NO_EFFECTS = pd.DataFrame(columns=["entity_id", "compared_with", *_WHOLE])
_NO_KINDS = pd.DataFrame(columns=["entity_id", "compared_with", "kind", "customers", "change"])
GROWTH = ("growth_effects", "growth_by_customers")
KINDS = ("started", "resumed", "growing", "shrinking", "stopped")
MOVED = ("moved_in", "moved_out")


def growth_tables(
    pairs: Mapping[str, tuple[MonthSums, MonthSums]],
    joined_on: pd.Series,
    moved: Mapping[str, pd.DataFrame],
    levels: Sequence[Level],
) -> dict[str, dict[Level, pd.DataFrame]]:
    """`growth_effects` and `growth_by_customers` for every entity of each level, with entity_id.

    Args:
        pairs: by "previous" and "last_year", where they are known, the month and the one compared with.
        joined_on: when each customer joined, by customer_id.
        moved: what each month compared with sold to customers that have moved since: see `comparable.moved_sales`.
    """
    effects: dict[Level, list[pd.DataFrame]] = {level: [] for level in levels}
    kinds: dict[Level, list[pd.DataFrame]] = {level: [] for level in levels}
    grown: dict[tuple[int, int], dict[Level, tuple[pd.DataFrame, pd.DataFrame]]] = {}
    for when, (now, base) in pairs.items():
        pair = id(now), id(base)  # a year's two are one: before it is the year before
        if pair not in grown:
            grown[pair] = _grown(now, base, joined_on, when, levels)
        for level, (effect, told) in grown[pair].items():
            lines = _moved_lines(moved.get(when), level, when)
            effects[level].append(effect.assign(compared_with=when))
            kinds[level].append(_stacked([told.assign(compared_with=when), lines], _NO_KINDS))
    return {
        "growth_effects": {level: _stacked(parts, _NO_EFFECTS) for level, parts in effects.items()},
        "growth_by_customers": {level: _stacked(parts, _NO_KINDS) for level, parts in kinds.items()},
    }


def _grown(
    now: MonthSums, base: MonthSums, joined_on: pd.Series, when: str, levels: Sequence[Level]
) -> dict[Level, tuple[pd.DataFrame, pd.DataFrame]]:
    """By level what explains the growth from a base, by effects and by customers."""
    start = pd.Timestamp(base.month.first_day)
    products = {NOW: _amounts(now), when: _amounts(base)}
    customers: dict[str, pd.DataFrame | None] = {NOW: now.by_customer, when: base.by_customer}
    sold = summed_by_level(products, "product_id", _MEASURES, levels)
    bought = summed_by_level(customers, "customer_id", _MEASURES, levels)
    return {
        level: (
            growth_effects(beside(sold[level], when), when),
            growth_by_customers(beside(bought[level], when), joined_on, start, when),
        )
        for level in levels
    }


def _amounts(sums: MonthSums) -> pd.DataFrame:
    return sums.details["sales_by_product"].rename(columns={"amount_yuan": "amount"})


def _moved_lines(moved: pd.DataFrame | None, level: Level, when: str) -> pd.DataFrame:
    """A line for customers that came from other entities since, and one for those that went to others: what the base
    month sold to them, as it adds to or is taken from the base as it was reported."""
    if moved is None or level == "organisation" or moved.empty:
        return _NO_KINDS
    then, now = moved[f"{level}_id"], moved[f"{level}_now"]
    changed = moved[(then != now).to_numpy()]
    lines = []
    for kind, column, sign in (("moved_in", f"{level}_now", 1), ("moved_out", f"{level}_id", -1)):
        sums = changed.groupby(column).agg(customers=("customer_id", "nunique"), change=("amount", "sum"))
        yuan = sign * sums["change"] / TEN_THOUSANDTHS
        named = sums.assign(change=yuan, kind=kind, compared_with=when).rename_axis("entity_id").reset_index()
        lines.append(named[list(_NO_KINDS.columns)])
    return _stacked(lines, _NO_KINDS)


def beside(sums: pd.DataFrame, when: str) -> pd.DataFrame:
    """Of months side by side this one and the one it is compared with, as `_base`; rows of neither are left out."""
    base = {f"{name}{ending(when)}": f"{name}_base" for name in (*_MEASURES, "rows")}
    both = sums[[*sums.columns[:2], *_MEASURES, "rows", *base]].rename(columns=base)
    return both[(both["rows"] > 0) | (both["rows_base"] > 0)]


def _stacked(parts: Sequence[pd.DataFrame], none: pd.DataFrame) -> pd.DataFrame:
    return pd.concat([one for one in parts if len(one)] or [none])


def growth_effects(both: pd.DataFrame, compared_with: str) -> pd.DataFrame:
    """One row per entity_id: compared_with, amount_base, volume_effect, mix_effect, price_effect, change,
    amount, in yuan.

    Args:
        both: by entity_id and product_id the volume and amount (ten-thousandths) of a month, and its base's:
            see `beside`.
    """
    price = _price_effect(both)
    totals = both.groupby("entity_id")[list(_SUMS)].sum()
    rows = [
        _effects(str(entity), tuple(int(part) for part in sums), int(price.get(entity, 0)))
        for entity, sums in zip(totals.index, totals.to_numpy(), strict=True)
    ]
    frame = pd.DataFrame(rows, columns=["entity_id", *_WHOLE])
    yuan = {name: frame[name].astype("int64") / TEN_THOUSANDTHS for name in _WHOLE}
    return frame.assign(compared_with=compared_with, **yuan)[list(_NO_EFFECTS.columns)]


def _price_effect(both: pd.DataFrame) -> pd.Series:
    """By entity_id, over products sold in both months; each product's part is a whole number."""
    kept = both[(both["volume"] > 0) & (both["volume_base"] > 0)]
    at_base_price = kept["volume"] * (kept["amount_base"] / kept["volume_base"])
    parts = pd.Series(np.rint(kept["amount"] - at_base_price), index=kept.index).astype("int64")
    return parts.groupby(kept["entity_id"]).sum()


def _effects(entity: str, sums: tuple[int, ...], by_price: int) -> tuple[str | int, ...]:
    """In the order of _WHOLE. Python's whole numbers do not overflow."""
    volume, amount, volume_base, amount_base = sums
    change = amount - amount_base
    if volume_base <= 0:
        return (entity, amount_base, change, 0, 0, change, amount)
    by_volume = (volume - volume_base) * amount_base // volume_base
    return (entity, amount_base, by_volume, change - by_volume - by_price, by_price, change, amount)


def growth_by_customers(
    both: pd.DataFrame, joined_on: pd.Series, base_start: pd.Timestamp, compared_with: str
) -> pd.DataFrame:
    """One row per entity_id and kind of KINDS: compared_with, kind, customers, change (yuan).

    Args:
        both: by entity_id and customer_id what `growth_effects` has by product.
        joined_on: when each customer joined, by customer_id.
        base_start: the base month's first day.
    """
    difference = both["amount"] - both["amount_base"]
    sold, sold_before = both["volume"] > 0, both["volume_base"] > 0
    joined = joined_on.reindex(both["customer_id"])
    joined_before = (joined < base_start).to_numpy()
    cases = [~sold & sold_before, sold & ~sold_before & joined_before, sold & ~sold_before, difference >= 0]
    kind = np.select(cases, ["stopped", "resumed", "started", "growing"], "shrinking")
    table = both[["entity_id"]].assign(kind=kind, change=difference)
    table = table[(difference != 0) | sold | sold_before]
    sums = table.groupby(["entity_id", "kind"])["change"].agg(customers="size", change="sum")
    entities = table["entity_id"].drop_duplicates().sort_values()
    every = pd.MultiIndex.from_product([entities, KINDS], names=["entity_id", "kind"])
    filled = sums.reindex(every, fill_value=0).reset_index()
    filled = filled.assign(compared_with=compared_with, change=filled["change"] / TEN_THOUSANDTHS)
    return filled[list(_NO_KINDS.columns)]
