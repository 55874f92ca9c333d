"""What came of promotions 促销效果, as a difference in differences (trades.md section 1).

Of each customer promoted in the month: its volume of the products promoted to it, less its mean of the three months
before; and from that the mean of the same at unpromoted customers (peers) of its grade and channel in its region. Told
only of customers with enough peers; customer and peers were all active, and their volumes known, in all four months.
"""

import pandas as pd

from pipeline.contract.facts import LOOK_BACK_MONTHS, Facts
from pipeline.figures.grain import active_customers, names_by_customer, regions_by_manager, sales_by_product
from pipeline.figures.known import customers_untold
from pipeline.subjects.promotions.course import receipts_told

LEAST_PEERS = 3  # threshold `least_controls`
_CELL = ["region_id", "grade", "channel"]
_PAIR = ["customer_id", "product_id"]


def promotion_effects(facts: Facts) -> pd.DataFrame:
    """One row per customer and product promoted to it in the month: region_id, manager_id (whose customer it is),
    customer_id, customer_name, product_id, product_name, grade, channel, `volume`, `mean_before`, `rise`, `peers` (how
    many unpromoted ones there are), `rise_of_peers`, `effect`; missing where nothing is told.

    No rows where a month before is not known.
    """
    pairs = facts.once(receipts_told)[_PAIR].drop_duplicates().astype("str")
    months = facts.look_back()
    if months is None or pairs.empty:
        return _NO_EFFECTS.copy()
    customers = _customers(facts, frozenset(pairs["customer_id"]))
    volumes = _volumes(facts, months, pairs["product_id"].unique())
    told = pairs.merge(customers.drop(columns="is_peer"), on="customer_id").merge(volumes, on=_PAIR, how="left")
    told = told.fillna({"volume": 0.0, "mean_before": 0.0})
    told = told.assign(rise=told["volume"] - told["mean_before"])
    told = told.merge(_rises_of_peers(customers, volumes, pairs["product_id"].unique()), on=[*_CELL, "product_id"],
                      how="left")  # fmt: skip
    enough = told["is_steady"] & (told["peers"] >= facts.profile.thresholds.get("least_controls", LEAST_PEERS))
    products = facts.master("products").drop_duplicates("product_id").set_index("product_id")["product_name"]
    return told.assign(
        effect=(told["rise"] - told["rise_of_peers"]).where(enough),
        peers=told["peers"].fillna(0).astype("int64"),
        customer_name=told["customer_id"].map(facts.once(names_by_customer)),
        product_name=told["product_id"].map(products),
    ).reindex(columns=list(_NO_EFFECTS))  # fmt: skip


def _customers(facts: Facts, promoted: frozenset[str]) -> pd.DataFrame:
    """One row per customer of the month with its region: `is_steady` says that it was active, and its volume known, in
    all four months; `is_peer` that it is one to compare with."""
    customers = facts.master("customers").drop_duplicates("customer_id")
    regions = customers["manager_id"].astype("str").map(facts.once(regions_by_manager))
    months = [facts, *(facts.look_back() or ())]
    steady = ~customers["customer_id"].isin(facts.once(customers_untold))
    for month in months:
        steady &= customers["customer_id"].isin(month.once(active_customers)["customer_id"])
    named = customers.assign(region_id=regions, is_steady=steady)[regions.notna()]
    is_peer = named["is_steady"] & ~named["customer_id"].isin(promoted)
    columns = ["region_id", "manager_id", "customer_id", "grade", "channel", "is_steady", "is_peer"]
    return named.assign(is_peer=is_peer)[columns]


def _volumes(facts: Facts, before: tuple[Facts, ...], products: object) -> pd.DataFrame:
    """One row per customer and product: volume of the month, and mean of the months before, in which none is 0."""
    frames = []
    for place, month in enumerate((facts, *before)):
        sales = month.once(sales_by_product)
        sales = sales[sales["product_id"].isin(products)]  # type: ignore[arg-type]
        volume, earlier = (sales["volume"], 0) if place == 0 else (0, sales["volume"])
        frames.append(sales[_PAIR].astype("str").assign(volume=volume, before=earlier))
    sums = pd.concat(frames, ignore_index=True).groupby(_PAIR)[["volume", "before"]].sum().astype("float64")
    return sums.assign(mean_before=sums["before"] / LOOK_BACK_MONTHS).drop(columns="before").reset_index()


def _rises_of_peers(customers: pd.DataFrame, volumes: pd.DataFrame, products: object) -> pd.DataFrame:
    """By region, grade, channel and product: how many peers there are, and the mean of their rises; one that bought
    nothing in any of the months rose by 0."""
    peers = customers[customers["is_peer"]].dropna(subset=["grade", "channel"])
    counts = peers.groupby(_CELL).size().rename("peers").reset_index()
    rises = volumes.assign(rise=volumes["volume"] - volumes["mean_before"])
    sums = peers[["customer_id", *_CELL]].merge(rises, on="customer_id")
    sums = sums.groupby([*_CELL, "product_id"])["rise"].sum().rename("sum").reset_index()
    cells = counts.merge(pd.DataFrame({"product_id": pd.Series(products, dtype="str")}), how="cross")
    found = cells.merge(sums, on=[*_CELL, "product_id"], how="left")
    return found.assign(rise_of_peers=found["sum"].fillna(0.0) / found["peers"]).drop(columns="sum")


def effects_by_customer(facts: Facts) -> pd.Series:
    """The effect on each promoted customer that it is told of, over the products promoted to it, by manager."""
    effects = facts.once(promotion_effects)
    sums = effects.groupby(["manager_id", "customer_id"])["effect"].agg(lambda one: one.sum(skipna=False))
    return sums.dropna().round(4).reset_index("customer_id", drop=True)


_TYPES = {
    **dict.fromkeys(
        ("region_id", "manager_id", "customer_id", "customer_name", "product_id", "product_name"), "str"
    ),
    **dict.fromkeys(("grade", "channel"), "str"),
    **dict.fromkeys(("volume", "mean_before", "rise"), "float64"),
    "peers": "int64",
    **dict.fromkeys(("rise_of_peers", "effect"), "float64"),
}
_NO_EFFECTS = pd.DataFrame({name: pd.Series(dtype=dtype) for name, dtype in _TYPES.items()})
