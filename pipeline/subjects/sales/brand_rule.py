"""The rule that holds a brand against its category."""

from collections.abc import Iterable

import pandas as pd

from pipeline.contract.figure import Level
from pipeline.contract.report import ORGANISATION_ID
from pipeline.contract.show import percent_change_text
from pipeline.findings.evidence import Evidence, own, top_rows
from pipeline.findings.rule import Cause, Finding, Number, Rule
from pipeline.words import Words

_DECIMALS = 6  # so that 20 % and 5 % are 15 points apart, and not 14.999999999999993


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
    (%), lag (points), weight (fewer sold than with the category's growth), against."""
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


def behind_texts(finding: Finding, words: Words) -> dict[str, str]:
    """Against what, the category's name, and both growths."""
    values = finding.values
    return {
        "against_text": words(f"findings.brand_behind.{values['against']}"),
        "label": words.pick(str(values["zh"]), str(values["en"])),
        "growth_text": percent_change_text(float(values["growth"]), words),
        "category_text": percent_change_text(float(values["category_growth"]), words),
    }


BRAND_BEHIND = Rule("brand_behind", 2, "brand_lag_points", brands_behind, behind_texts)
