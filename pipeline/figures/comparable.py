"""Like with like (同口径): a month's counts as they compare with another month's (domain.md section 4).

Two things make totals of two months unlike. A manager who has not reported one of them is unknown there: it counts
on neither side. And customers change managers, managers change regions: every month is told of the managers and regions
that the reported month has, each customer's counts with the manager who has it now (restated).

Counts stand by manager. What customers that moved share in them is counted by itself (`moved_rows` of the facts, then
counted as ever) under labels that say who had them, who has them now, and who had them in the month compared with.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import pandas as pd

from pipeline.base.calendar import Month
from pipeline.base.exact import TEN_THOUSANDTHS
from pipeline.contract.figure import Figure
from pipeline.figures.count import MonthCounts
from pipeline.figures.grain import MANAGER_CUSTOMER
from pipeline.figures.known import MonthKnown, form_of
from pipeline.figures.levels import Inner, LevelCounts, OwnLevels
from pipeline.figures.whose_rows import Moved, known_rows, settled, whose_customers, whose_rows
from schemas.in_use import whole_rows


@dataclass(frozen=True)
class Owners:
    """Which managers had which customers in a month, by the master data: manager_id, customer_id (str)."""

    month: Month
    pairs: pd.DataFrame


def moved_pairs(own: Owners, reported: Owners, other: Owners, unknown: frozenset[str]) -> pd.DataFrame:
    """The customers of a month that must be told apart: manager_id, customer_id, manager_now, manager_other.

    Those whom the reported month gives another manager, and those who had another in the month compared with while one
    of the two managers is among `unknown` (missing in one of these months).
    """
    pairs = own.pairs.drop_duplicates(MANAGER_CUSTOMER)
    told = pairs.assign(manager_now=manager_of(pairs, reported), manager_other=manager_of(pairs, other))
    moved = told["manager_now"] != told["manager_id"]
    elsewhere = told["manager_other"] != told["manager_id"]
    doubtful = told["manager_id"].isin(unknown) | told["manager_other"].isin(unknown)
    chosen = told[moved | (elsewhere & doubtful)]
    return chosen.sort_values(MANAGER_CUSTOMER, ignore_index=True)


def manager_of(pairs: pd.DataFrame, then: Owners) -> pd.Series:
    """Who has each customer in a month: the same manager where it has it too, or nobody else has it."""
    first = then.pairs.drop_duplicates("customer_id").set_index("customer_id")["manager_id"]
    found = pairs["customer_id"].map(first)
    same = pd.MultiIndex.from_frame(pairs[MANAGER_CUSTOMER]).isin(
        pd.MultiIndex.from_frame(then.pairs[MANAGER_CUSTOMER])
    )
    return found.where(found.notna() & ~same, pairs["manager_id"]).astype("str")


@dataclass(frozen=True)
class Sides:
    """A month, and one it is compared with: the managers known in both, with the customers that they have now."""

    now: MonthCounts
    base: MonthCounts

    def told_by(self, inner: Inner) -> "Sides":
        """Both with their managers belonging, inside the tree, to whom they belong in the reported month."""
        if not inner:
            return self
        now, base = (replace(one, levels=replace(one.levels, inner=inner)) for one in (self.now, self.base))
        return Sides(now, base)


def like_counts(
    counts: MonthCounts, moved: Moved, own: MonthKnown, other: MonthKnown, figures: Sequence[Figure]
) -> MonthCounts:
    """Counts of a month as they compare with another month's.

    Args:
        counts: the month's counts by manager.
        moved: its moved customers.
        own: who is known in the month; `other`: in the month compared with.
        figures: all figures that are counted.
    """
    out = [_missing_by_figure(known, figures) for known in (own, other)]
    split = moved.counts

    def frame(name: str) -> pd.DataFrame:
        rows = getattr(counts, name)
        apart = None if split is None else getattr(split, name)
        told = (whose_customers if name == "customers" else whose_rows)(rows, apart, moved)
        known = _of_whole_regions(known_rows(told, told["figure"], *out), figures, out, moved.regions)
        return settled(known, rows, moved)

    by_manager, customers, values = frame("by_manager"), frame("customers"), frame("values")
    levels = _known_beside(counts.levels, *out)
    if by_manager is counts.by_manager and customers is counts.customers and values is counts.values:
        return counts if levels is counts.levels else replace(counts, levels=levels)
    return MonthCounts(counts.month, by_manager, customers, values, levels)


def _missing_by_figure(known: MonthKnown, figures: Sequence[Figure]) -> Mapping[str, frozenset[str]]:
    """Who is missing for each figure of which somebody is, those months included that it looks back on."""
    told = {one: known.missing_of_form(form_of(one), one.looks_back) for one in figures}
    keys = {key: who for one, who in told.items() for key in (one.key, one.year_key)}
    return {key: who for key, who in keys.items() if who}


def _of_whole_regions(
    rows: pd.DataFrame,
    figures: Sequence[Figure],
    missing: Sequence[Mapping[str, frozenset[str]]],
    regions: pd.Series,
) -> pd.DataFrame:
    """Without what figures of whole regions count where somebody of the region is missing on one of the sides."""
    for figure in figures:
        who = (
            frozenset().union(*(one.get(figure.key, frozenset()) for one in missing)) if figure.of_regions else ()
        )
        if who:
            unknown = regions[regions.index.isin(list(who))].unique()
            rows = rows[~((rows["figure"] == figure.key) & rows["region_id"].isin(unknown))]
    return rows


def _known_beside(levels: OwnLevels, *missing: Mapping[str, frozenset[str]]) -> OwnLevels:
    """What is counted of entities beside the tree without the rows of managers who are missing on one of the sides."""
    if not any(missing) or not levels.beside:
        return levels

    def known(rows: pd.DataFrame) -> pd.DataFrame:
        whose = rows.assign(manager_other=rows["manager_id"])
        return known_rows(whose, whose["figure"], *missing)[list(rows.columns)].reset_index(drop=True)

    told = {
        level: LevelCounts(*(known(rows) for rows in (one.by_manager, one.customers, one.values)))
        for level, one in levels.beside.items()
    }
    return replace(levels, beside=told)


def changed_flags(now: pd.DataFrame, then: pd.DataFrame) -> pd.DataFrame:
    """The products that are key products now and were none, or the reverse, or have another category.

    Args:
        now, then: master data of products, of the reported month and of one compared with.

    Returns:
        product_id, product_name, is_key, category, is_key_then, category_then; products of both months only.
    """
    now, then = (whole_rows("products", rows) for rows in (now, then))
    names = ["product_id", "product_name", "is_key", "category"]
    both = now[names].merge(then[["product_id", "is_key", "category"]], on="product_id", suffixes=("", "_then"))
    keys = both["is_key"].fillna(False) != both["is_key_then"].fillna(False)
    categories = both["category"].fillna("") != both["category_then"].fillna("")
    return both[keys | categories].reset_index(drop=True)


def changed_grades(now: pd.DataFrame, then: pd.DataFrame) -> pd.DataFrame:
    """The customers that have another grade than in a month compared with.

    Args:
        now, then: master data of customers (customer_id, manager_id, grade), of the reported month and of the other.

    Returns:
        customer_id, manager_id (of now), grade, grade_then; customers of both months whose grade both know.
    """
    once = [rows.dropna(subset=["grade"]).drop_duplicates("customer_id") for rows in (now, then)]
    both = once[0][["customer_id", "manager_id", "grade"]].merge(
        once[1][["customer_id", "grade"]], on="customer_id", suffixes=("", "_then")
    )
    return both[both["grade"] != both["grade_then"]].reset_index(drop=True)


def with_products_of(
    counts: MonthCounts, by_product: pd.DataFrame, products: pd.DataFrame, figures: Sequence[Figure]
) -> MonthCounts:
    """Counts of a month with its shares of products as another month's master data has the products.

    Args:
        counts: like with like.
        by_product: the same month's sums by manager_id and product_id (volume), like with like.
        products: the reported month's master data.
    """
    known = products.drop_duplicates("product_id").set_index("product_id")
    numerators = []
    for figure in figures:
        if figure.of_products is None:
            continue
        flagged = known.index[figure.of_products(known).to_numpy(dtype=bool)]
        chosen = by_product[by_product["product_id"].isin(flagged)]
        volumes = chosen.groupby("manager_id")["volume"].sum() * TEN_THOUSANDTHS
        numerators.append(volumes.rename("restated").reset_index().assign(figure=figure.key))
    if not numerators:
        return counts
    restated = pd.concat(numerators, ignore_index=True).astype({"manager_id": "str", "figure": "str"})
    rows = counts.by_manager.merge(restated, on=["manager_id", "figure"], how="left")
    told = rows["figure"].isin([figure.key for figure in figures if figure.of_products is not None])
    numerator = rows["restated"].fillna(0).where(told, rows["numerator"]).astype("int64")
    by_manager = rows.drop(columns="restated").assign(numerator=numerator)
    return replace(counts, by_manager=by_manager)


def counts_of_labels(counts: MonthCounts, labels: pd.Series) -> MonthCounts:
    """What of moved customers' counts stands by some labels."""
    frames = (counts.by_manager, counts.customers, counts.values)
    by_manager, customers, values = (rows[rows["manager_id"].isin(labels)] for rows in frames)
    return MonthCounts(counts.month, by_manager, customers, values)
