"""Rules that hold one thing against another: satisfaction against last month, a brand against its category."""

from collections.abc import Iterable
from typing import Any

import pandas as pd

from pipeline.base.frames import records
from pipeline.contract.figure import Level
from pipeline.contract.report import ORGANISATION_ID
from pipeline.findings.causes import falling_dimension
from pipeline.findings.declare import Cause, Finding, Number, Rule, declare
from pipeline.findings.evidence import Evidence, own, top_rows

TREND_LENGTH = 12  # months: what a slope comes to in a year
_DECIMALS = 6  # so that 20 % and 5 % are 15 points apart, and not 14.999999999999993


def satisfaction_down(rule: Rule, evidence: Evidence) -> Iterable[Finding]:
    """A fall of the index that is no accident: its 95 % interval excludes 0, and it is greater than the limit.

    Looked at against last month, against the same month last year, and as a trend over twelve months (what it comes to
    over a year); the deepest of those is told.
    """
    changes = evidence.details.entities.by_entity.get("satisfaction_change")
    if changes is None:
        return
    enough = changes["answers"] >= evidence.profile.least_count
    for row in records(changes[enough]):
        found = _deepest(row, evidence.limit(rule.threshold))
        if found is not None:
            yield _satisfaction(rule, evidence, row, *found)


def _deepest(row: dict[str, Any], limit: float) -> tuple[str, float] | None:
    """Against what the index fell most, and by how many points; None where it did not fall for sure."""
    falls = {
        "previous": -row["difference"] if row["significant"] else 0.0,
        "last_year": -row["yoy_difference"] if row["yoy_significant"] else 0.0,
        "slope": -TREND_LENGTH * row["slope"] if row["slope_significant"] else 0.0,
    }
    against = max(falls, key=lambda name: falls[name])
    return (against, falls[against]) if falls[against] > limit else None


def _satisfaction(rule: Rule, evidence: Evidence, row: dict[str, Any], against: str, fall: float) -> Finding:
    level, entity = row["level"], str(row["entity_id"])
    base = "previous" if against == "previous" else "last_year"
    names = {"value": "index", "previous": "previous", "last_year": "last_year", "yoy": "yoy_difference",
             "change": "difference"}  # fmt: skip
    numbers = {name: row[column] for name, column in names.items() if pd.notna(row[column])}
    values: dict[str, Number] = {**numbers, "points": fall, "against": against}
    if against == "slope":
        values["slope"] = -row["slope"]
    return Finding(
        level, entity, rule.key, rule.severity, "figure", "satisfaction", fall, values, "satisfaction",
        falling_dimension(evidence, level, entity, base),
    )  # fmt: skip


def brands_behind(rule: Rule, evidence: Evidence) -> Iterable[Finding]:
    """Brands whose volume in a category fell more points than the category's did."""
    for level in evidence.levels:
        table = _brands(evidence, level)
        if table is None:
            continue
        behind = table[table["lag"] >= evidence.limit(rule.threshold)]
        keyed = behind.assign(region_id=behind["entity_id"], manager_id=behind["entity_id"])
        for top in top_rows(keyed[~_one_customers(keyed, evidence, level)], "weight", "brand", levels=(level,)):
            yield _brand(rule, evidence, top.entity_id, level, top.row, top.more)


def _brand(
    rule: Rule, evidence: Evidence, entity: str, level: object, row: dict[str, object], more: int
) -> Finding:
    names = {entry.key: entry for entry in evidence.profile.lists.get("categories", ())}
    named = names.get(str(row["category"]))
    values: dict[str, Number] = {
        "brand": str(row["brand"]),
        "zh": named.zh if named else str(row["category"]),
        "en": named.en.lower() if named else str(row["category"]),
        "growth": float(str(row["growth"])),
        "category_growth": float(str(row["category_growth"])),
        "lag": float(str(row["lag"])),
    }
    return Finding(
        level, entity, rule.key, rule.severity, "brand", str(row["brand"]), float(str(row["weight"])),  # type: ignore[arg-type]
        {**values, "against": str(row["against"])}, more=more, cause=_not_supplied(evidence, entity, level, row),
    )  # fmt: skip


def _not_supplied(evidence: Evidence, entity: str, level: object, row: dict[str, object]) -> Cause | None:
    """The product of a brand that was ordered and not supplied, where that is at least half of what the brand lacks."""
    now = evidence.details.sums["sales_by_product"]["now"]
    products = evidence.details.products
    mine = products[(products["brand"] == row["brand"]) & (products["category"] == row["category"])]
    if now is None:
        return None
    short = own(now, level, entity).groupby("product_id")["short"].sum()  # type: ignore[arg-type]
    short = short[short.index.isin(mine["product_id"])].clip(lower=0)
    if short.empty or 2 * short.sum() < float(str(row["weight"])):
        return None
    product = str(short.idxmax())
    return Cause("not_supplied", {"product": evidence.product(product), "short": int(short.max())})


def _one_customers(behind: pd.DataFrame, evidence: Evidence, level: Level) -> pd.Series:
    """Whether what a brand lacks may be the one customer's that stopped: then it says nothing about the brand."""
    pair = evidence.details.compared.pair(str(behind["against"].iloc[0])) if len(behind) else None
    if pair is None:
        return pd.Series(False, index=behind.index)
    keys = ["customer_id"] if level == "organisation" else [f"{level}_id", "customer_id"]
    now, base = (one.by_customer.groupby(keys)["volume"].sum() for one in pair)
    gone = base[(now.reindex(base.index).fillna(0) <= 0) & (base > 0)].astype("float64")
    if level == "organisation":
        return behind["weight"] <= (gone.max() if len(gone) else 0.0)
    most = gone.groupby(level=0).max()
    return behind["weight"] <= behind["entity_id"].map(most).fillna(0.0)


def _brands(evidence: Evidence, level: str) -> pd.DataFrame | None:
    """One row per entity, brand and category that sold enough in the base month: growth and category_growth
    (%), lag (points), weight (cartons fewer than with the category's growth), against."""
    pairs = ((when, evidence.pair("sales_by_product", when)) for when in ("last_year", "previous"))
    known = next(((when, pair) for when, pair in pairs if pair is not None), None)
    if known is None:
        return None
    against, (now, base) = known
    whole = [_by_brand(rows, evidence.details.products, level) for rows in (now, base)]
    table = whole[0].to_frame("volume").join(whole[1].to_frame("base"), how="outer").fillna(0).reset_index()
    by_category = table.groupby(["entity_id", "category"])[["volume", "base"]].transform("sum")
    enough = (table["base"] >= evidence.profile.thresholds.get("brand_volume_least", 100)) & (
        by_category["base"] > 0
    )
    chosen, category = table[enough], by_category[enough]
    growth = (chosen["volume"] / chosen["base"] - 1) * 100
    category_growth = (category["volume"] / category["base"] - 1) * 100
    fewer = chosen["base"] * category["volume"] / category["base"] - chosen["volume"]
    found = chosen.assign(growth=growth, category_growth=category_growth, weight=fewer, against=against)
    return found.assign(lag=(category_growth - growth).round(_DECIMALS))


def _by_brand(rows: pd.DataFrame, products: pd.DataFrame, level: str) -> pd.Series:
    named = rows.merge(products[["product_id", "brand", "category"]], on="product_id", how="left")
    entity = ORGANISATION_ID if level == "organisation" else named[f"{level}_id"]
    keyed = named.assign(entity_id=entity).dropna(subset=["brand", "category"])
    return keyed.groupby(["entity_id", "category", "brand"])["volume"].sum().astype("float64")


declare(Rule("satisfaction_down", 3, "satisfaction_fall", satisfaction_down))
declare(Rule("brand_behind", 2, "brand_lag_points", brands_behind))
