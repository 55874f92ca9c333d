"""Growth explained (增长分解): why an amount changed, in parts that add up to the change to the cent.

By product, from a base month (volume Q₀, amount A₀) to the month (Q₁, A₁), qᵢ and aᵢ being a product's:

- volume effect = (Q₁ − Q₀) × A₀ ÷ Q₀: the same mix at the same prices, only more or less of it;
- price effect = Σ (a₁ᵢ − q₁ᵢ × a₀ᵢ ÷ q₀ᵢ) over products sold in both months: what a carton now brings more;
- mix effect = what remains: dearer or cheaper products, new ones and dropped ones.

By customer: new (bought now, not in the base month, and joined after its start), returning (the same, but joined
before), growing, shrinking, lost. Parts are cut to ten-thousandths of a yuan, the mix effect takes what is
left; where the base has no positive volume everything is volume effect.
"""

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from pipeline.figures.declare import Level
from pipeline.figures.exact import TEN_THOUSANDTHS
from pipeline.figures.side_by_side import NOW, ending, summed_by_level

_MEASURES = ("volume", "amount")
_SUMS = ("volume", "amount", "volume_base", "amount_base")
_WHOLE = ("amount_base", "volume_effect", "mix_effect", "price_effect", "change", "amount")
_NO_EFFECTS = pd.DataFrame(columns=["entity_id", "compared_with", *_WHOLE])
_NO_KINDS = pd.DataFrame(columns=["entity_id", "compared_with", "kind", "customers", "change"])
GROWTH = ("growth_effects", "growth_by_customers")
KINDS = ("new", "returning", "growing", "shrinking", "lost")


def growth_tables(
    products: Mapping[str, pd.DataFrame | None],
    customers: Mapping[str, pd.DataFrame | None],
    joined_on: pd.Series,
    starts: Mapping[str, pd.Timestamp],
    levels: Sequence[Level],
) -> dict[str, dict[Level, pd.DataFrame]]:
    """`growth_effects` and `growth_by_customers` for every entity of each level, with entity_id.

    Args:
        products: by "now", and "previous" and "last_year" where they are known: volume and amount_yuan
            (ten-thousandths of a yuan) by region_id, manager_id and product_id.
        customers: the same by customer_id, with amount.
        joined_on: when each customer joined, by customer_id.
        starts: the first day of each month compared with.
    """
    known = [when for when, rows in products.items() if rows is not None and when != NOW]
    named = {
        when: None if rows is None else rows.rename(columns={"amount_yuan": "amount"})
        for when, rows in products.items()
    }
    effects: dict[Level, pd.DataFrame] = {}
    for level, sold in summed_by_level(named, "product_id", _MEASURES, levels).items():
        explained = [growth_effects(beside(sold, when), when) for when in known]
        effects[level] = _stacked(explained, _NO_EFFECTS)
    kinds: dict[Level, pd.DataFrame] = {}
    for level, bought in summed_by_level(customers, "customer_id", _MEASURES, levels).items():
        told = [growth_by_customers(beside(bought, when), joined_on, starts[when], when) for when in known]
        kinds[level] = _stacked(told, _NO_KINDS)
    return {"growth_effects": effects, "growth_by_customers": kinds}


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
    kind = np.select(cases, ["lost", "returning", "new", "growing"], "shrinking")
    table = both[["entity_id"]].assign(kind=kind, change=difference)
    table = table[(difference != 0) | sold | sold_before]
    sums = table.groupby(["entity_id", "kind"])["change"].agg(customers="size", change="sum")
    entities = table["entity_id"].drop_duplicates().sort_values()
    every = pd.MultiIndex.from_product([entities, KINDS], names=["entity_id", "kind"])
    filled = sums.reindex(every, fill_value=0).reset_index()
    filled = filled.assign(compared_with=compared_with, change=filled["change"] / TEN_THOUSANDTHS)
    return filled[list(_NO_KINDS.columns)]
