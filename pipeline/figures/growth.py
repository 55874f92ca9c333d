"""Growth explained (增长分解): why an amount changed, in parts that add up to the change to the cent.

By product, from a base month (volume Q₀, amount A₀) to the month (Q₁, A₁), qᵢ and aᵢ being a product's:

- volume effect = (Q₁ − Q₀) × A₀ ÷ Q₀: the same mix at the same prices, only more or less of it;
- price effect = Σ (a₁ᵢ − q₁ᵢ × a₀ᵢ ÷ q₀ᵢ) over products sold in both months: what a carton now brings more;
- mix effect = what remains: dearer or cheaper products, new ones and dropped ones.

By customer: new (bought now, not in the base month, and joined after its start), returning (the same, but joined
before), growing, shrinking, lost. Parts are cut to ten-thousandths of a yuan, the mix effect takes what is
left; where the base has no positive volume everything is volume effect.
"""

from collections.abc import Mapping

import numpy as np
import pandas as pd

from pipeline.figures.exact import TEN_THOUSANDTHS
from pipeline.figures.facts import Facts
from pipeline.figures.grain import add_up, regions_by_manager, sales_by_customer, sales_by_product

EFFECTS = ("volume_effect", "mix_effect", "price_effect")
_SUMS = ("volume", "amount", "volume_base", "amount_base")
KINDS = ("new", "returning", "growing", "shrinking", "lost")


def product_sums(facts: Facts) -> pd.DataFrame:
    """One row per manager and product: volume, amount (ten-thousandths of a yuan), region_id."""
    return _with_region(add_up(facts.once(sales_by_product), ["manager_id", "product_id"]), facts)


def customer_sums(facts: Facts) -> pd.DataFrame:
    """One row per manager and customer: volume, amount (ten-thousandths of a yuan), region_id."""
    return _with_region(facts.once(sales_by_customer), facts)


def _with_region(sums: pd.DataFrame, facts: Facts) -> pd.DataFrame:
    return sums.assign(region_id=sums["manager_id"].map(facts.once(regions_by_manager)))


def effects(now: pd.DataFrame, base: pd.DataFrame) -> Mapping[str, int]:
    """Volume, mix and price effect of the change in amount, and the change, in ten-thousandths of a yuan.

    Args:
        now, base: rows with product_id, volume, amount (ten-thousandths) of one entity and month.
    """
    both = _side_by_side(now, base, "product_id")
    volume, amount, volume_base, amount_base = (int(both[name].sum()) for name in _SUMS)
    change = amount - amount_base
    if volume_base <= 0:
        return {"volume_effect": change, "mix_effect": 0, "price_effect": 0, "change": change}
    by_volume = (volume - volume_base) * amount_base // volume_base
    kept = both[(both["volume"] > 0) & (both["volume_base"] > 0)]
    at_base_price = kept["volume"] * (kept["amount_base"] / kept["volume_base"])
    by_price = int(np.rint((kept["amount"] - at_base_price).to_numpy()).sum())
    return {
        "volume_effect": by_volume,
        "mix_effect": change - by_volume - by_price,
        "price_effect": by_price,
        "change": change,
    }


def growth_effects(now: pd.DataFrame, base: pd.DataFrame, compared_with: str) -> pd.DataFrame:
    """One row: compared_with, amount_base, volume_effect, mix_effect, price_effect, amount, in yuan."""
    parts = effects(now, base)
    row = {"amount_base": int(base["amount"].sum()), **parts, "amount": int(now["amount"].sum())}
    yuan = {name: value / TEN_THOUSANDTHS for name, value in row.items()}
    return pd.DataFrame([{"compared_with": compared_with, **yuan}])


def growth_by_customers(
    now: pd.DataFrame, base: pd.DataFrame, joined_on: pd.Series, base_start: pd.Timestamp, compared_with: str
) -> pd.DataFrame:
    """One row per kind of KINDS: compared_with, kind, customers, change (yuan).

    Args:
        now, base: rows with customer_id, volume, amount (ten-thousandths) of one entity and month.
        joined_on: when each customer joined, by customer_id.
        base_start: the base month's first day.
    """
    both = _side_by_side(now, base, "customer_id")
    difference = both["amount"] - both["amount_base"]
    sold, sold_before = both["volume"] > 0, both["volume_base"] > 0
    joined_before = (joined_on.reindex(both.index) < base_start).to_numpy()
    cases = [
        ~sold & sold_before,
        sold & ~sold_before & joined_before,
        sold & ~sold_before,
        difference >= 0,
    ]
    kind = pd.Series(
        np.select(cases, ["lost", "returning", "new", "growing"], "shrinking"), index=both.index, dtype="str"
    )
    moved = (difference != 0) | sold | sold_before
    groups = difference[moved].groupby(kind[moved])
    return pd.DataFrame(
        {
            "compared_with": compared_with,
            "kind": list(KINDS),
            "customers": groups.size().reindex(KINDS, fill_value=0).to_numpy(),
            "change": groups.sum().reindex(KINDS, fill_value=0).to_numpy() / TEN_THOUSANDTHS,
        }
    )


def _side_by_side(now: pd.DataFrame, base: pd.DataFrame, key: str) -> pd.DataFrame:
    """Sums by `key`: volume, amount, volume_base, amount_base; 0 where a month has none."""
    sums = [frame.groupby(key)[["volume", "amount"]].sum() for frame in (now, base)]
    joined = sums[0].join(sums[1].add_suffix("_base"), how="outer", sort=True)
    return joined.fillna(0).astype("int64")
