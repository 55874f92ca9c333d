"""Like with like (同口径): a month's counts as they compare with another month's (domain.md section 4).

Two things make totals of two months unlike. A manager who has not reported one of them is unknown there: it counts
on neither side. And customers change managers, managers change regions: every month is told of the managers and regions
that the reported month has, each customer's counts with the manager who has it now (restated).

Counts stand by manager. What customers that moved share in them is counted by itself (`moved_rows` of the facts, then
counted as ever) under labels that say who had them, who has them now, and who had them in the month compared with.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache

import numpy as np
import pandas as pd

from pipeline.base.calendar import Month
from pipeline.base.exact import TEN_THOUSANDTHS
from pipeline.contract.behind import all_sums
from pipeline.contract.figure import Figure
from pipeline.figures.count import MonthCounts
from pipeline.figures.grain import MANAGER_CUSTOMER
from pipeline.figures.known import MonthKnown, form_of
from pipeline.figures.levels import Inner, LevelCounts, OwnLevels
from pipeline.figures.parts import MonthSums
from schemas.in_use import whole_rows
from schemas.profile import FORECAST_AS

JOINED = "\x1f"
MOVED_REGION = "\x1f"  # where the labels of moved customers stand while they are counted
_COUNTED = {"numerator", "denominator", "count", *FORECAST_AS}  # besides the measures of subjects' sums
_WHOSE = ["manager_id", "manager_now", "manager_other"]


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


def label_of(pairs: pd.DataFrame) -> pd.Series:
    """The label under which a moved customer is counted."""
    return pairs["manager_id"] + JOINED + pairs["manager_now"] + JOINED + pairs["manager_other"]


@dataclass(frozen=True)
class Moved:
    """The moved customers of one month, for one comparison; `counts` and `sums` stand by label.

    `regions` is the region of each manager in the reported month, by manager_id.
    """

    regions: pd.Series
    pairs: pd.DataFrame = field(
        default_factory=lambda: pd.DataFrame(columns=[*_WHOSE, "customer_id"], dtype="str")
    )
    counts: MonthCounts | None = None
    sums: MonthSums | None = None


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
        told = _whose_customers(rows, moved.pairs, apart) if name == "customers" else _whose(rows, apart)
        known = _of_whole_regions(_known(told, told["figure"], *out), figures, out, moved.regions)
        return _settled(known, rows, moved)

    by_manager, customers, values = frame("by_manager"), frame("customers"), frame("values")
    levels = _known_beside(counts.levels, *out)
    if by_manager is counts.by_manager and customers is counts.customers and values is counts.values:
        return counts if levels is counts.levels else replace(counts, levels=levels)
    return MonthCounts(counts.month, by_manager, customers, values, levels)


def like_sums(sums: MonthSums, moved: Moved, own: MonthKnown, other: MonthKnown) -> MonthSums:
    """Sums of a month as they compare with another month's: see `like_counts`."""
    split = moved.sums

    def told(name: str, rows: pd.DataFrame, apart: pd.DataFrame | None, form: str) -> pd.DataFrame:
        whose = _whose_customers(rows, moved.pairs, apart) if name == "by_customer" else _whose(rows, apart)
        forms = pd.Series(form, index=whose.index, dtype="str")
        return _settled(_known(whose, forms, own.missing, other.missing), rows, moved)

    details = {
        name: told(name, rows, None if split is None else split.details[name], all_sums()[name].form)
        for name, rows in sums.details.items()
    }
    customers = None if split is None else split.by_customer
    groups = None if split is None else split.by_group
    return MonthSums(
        sums.month,
        details,
        told("by_customer", sums.by_customer, customers, "sales"),
        told("by_group", sums.by_group, groups, "sales"),
    )


@cache
def _all_measures() -> frozenset[str]:
    return frozenset(_COUNTED).union(*(one.measures for one in all_sums().values()))


def _measures(rows: pd.DataFrame) -> list[str]:
    return [str(name) for name in rows.columns if name in _all_measures()]


def _keys(rows: pd.DataFrame) -> list[str]:
    left = {"region_id", "has_denominator", *_WHOSE, *_all_measures()}
    return [str(name) for name in rows.columns if name not in left]


def _whose(rows: pd.DataFrame, split: pd.DataFrame | None) -> pd.DataFrame:
    """Rows by who had the customers, who has them now, and who had them in the month compared with."""
    plain = rows.assign(manager_now=rows["manager_id"], manager_other=rows["manager_id"])
    if split is None or split.empty:
        return plain
    apart = _apart(split)
    less = apart.assign(manager_now=apart["manager_id"], manager_other=apart["manager_id"])
    less = less.assign(**{name: -less[name] for name in _measures(less)})
    both = pd.concat([plain, less, apart], ignore_index=True)
    regions = plain.drop_duplicates("manager_id").set_index("manager_id")["region_id"]
    both = both.assign(region_id=both["manager_id"].map(regions))
    return _summed(both, [*_WHOSE, "region_id", *_keys(rows)])


def _summed(rows: pd.DataFrame, keys: Sequence[str]) -> pd.DataFrame:
    """Rows of the same keys as one; what has gone altogether is left out."""
    flags = ["has_denominator"] if "has_denominator" in rows else []
    how = {**dict.fromkeys(_measures(rows), "sum"), **dict.fromkeys(flags, "max")}
    sums = rows.groupby(list(keys), as_index=False, dropna=False, sort=True).agg(how)
    if "count" in sums:
        return sums[sums["count"] > 0].reset_index(drop=True)
    return sums


def _whose_customers(rows: pd.DataFrame, pairs: pd.DataFrame, split: pd.DataFrame | None) -> pd.DataFrame:
    """The same of rows by customer: those of moved customers are taken from what was counted of them by itself."""
    plain = rows.assign(manager_now=rows["manager_id"], manager_other=rows["manager_id"])
    if pairs.empty or split is None:
        return plain
    keys = pd.MultiIndex.from_frame(plain[MANAGER_CUSTOMER])
    stayed = plain[~keys.isin(pd.MultiIndex.from_frame(pairs[MANAGER_CUSTOMER]))]
    return pd.concat([stayed, _apart(split)], ignore_index=True)


def _apart(split: pd.DataFrame) -> pd.DataFrame:
    """Rows of labels with what the labels say."""
    if split.empty:
        return split.assign(manager_now="", manager_other="")
    parts = split["manager_id"].str.split(JOINED, expand=True)
    return split.assign(manager_id=parts[0], manager_now=parts[1], manager_other=parts[2])


def moved_sales(own: MonthSums, moved: Moved, regions_then: pd.Series) -> pd.DataFrame:
    """The sales of a month to customers that have another manager, or whose manager has another region, in the reported
    month: customer_id, manager_id, region_id (then), manager_now, region_now, volume, amount
    (ten-thousandths of a yuan)."""
    apart = None if moved.sums is None else moved.sums.by_customer
    rows = _whose_customers(own.by_customer, moved.pairs, apart)
    then = rows["manager_id"].map(regions_then)
    region = rows["manager_now"].map(moved.regions)
    named = rows.assign(region_id=then, region_now=region.fillna(then))
    changed = (named["manager_now"] != named["manager_id"]) | (named["region_now"] != named["region_id"])
    columns = ["customer_id", "manager_id", "region_id", "manager_now", "region_now", "volume", "amount"]
    return named.loc[changed, columns].sort_values(["customer_id", "manager_id"], ignore_index=True)


def _missing_by_figure(known: MonthKnown, figures: Sequence[Figure]) -> Mapping[str, frozenset[str]]:
    """Who is missing for each figure of which somebody is, those months included that it looks back on."""
    told = {one: known.missing_of_form(form_of(one), one.looks_back) for one in figures}
    keys = {key: who for one, who in told.items() for key in (one.key, one.year_key)}
    return {key: who for key, who in keys.items() if who}


def _known(
    rows: pd.DataFrame,
    keys: pd.Series,
    missing: Mapping[str, frozenset[str]],
    missing_beside: Mapping[str, frozenset[str]],
) -> pd.DataFrame:
    """Without rows of managers who are missing on one of the sides.

    Args:
        keys: the form or figure of each row.
        missing, missing_beside: who is, by form or figure.
    """
    if not missing and not missing_beside:
        return rows
    out = np.zeros(len(rows), dtype=bool)
    for told, whose in ((missing, "manager_id"), (missing_beside, "manager_other")):
        for managers in set(told.values()):
            of = [key for key, who in told.items() if who == managers]
            out |= (keys.isin(of) & rows[whose].isin(managers)).to_numpy(dtype=bool)
    return rows[~out]


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
        return _known(whose, whose["figure"], *missing)[list(rows.columns)].reset_index(drop=True)

    told = {
        level: LevelCounts(*(known(rows) for rows in (one.by_manager, one.customers, one.values)))
        for level, one in levels.beside.items()
    }
    return replace(levels, beside=told)


def _settled(rows: pd.DataFrame, like: pd.DataFrame, moved: Moved) -> pd.DataFrame:
    """Rows with the managers and regions of the reported month, in the columns and order of `like`.

    A manager who is not there any more stays in its region; one whose customers all went to others has nothing left to
    tell, and what is known of it is no zero.
    """
    if len(rows) == len(like) and moved.pairs.empty:
        known = rows["manager_id"].map(moved.regions)
        if known.isna().all() or (known.isna() | (known == rows["region_id"])).all():
            return like
    gone = ~rows["manager_now"].isin(moved.regions.index)
    handed_on = gone & (rows[_measures(rows)] == 0).all(axis=1) if _measures(rows) else gone & False
    named = rows[~handed_on].assign(manager_id=rows["manager_now"])
    region = named["manager_id"].map(moved.regions)
    named = named.assign(region_id=region.fillna(named["region_id"]).astype("str"))
    keys = ["region_id", "manager_id", *_keys(like)]
    if not moved.pairs.empty:
        named = _summed(named, keys) if _measures(like) else named.drop_duplicates(keys)
    settled = named[list(like.columns)].astype(like.dtypes.to_dict())
    return settled.sort_values(keys, ignore_index=True)


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


def sums_of_regions(sums: MonthSums, regions: Sequence[str]) -> MonthSums:
    """What of a month's sums is some regions'."""

    def own(rows: pd.DataFrame) -> pd.DataFrame:
        return rows[rows["region_id"].isin(regions)].reset_index(drop=True)

    details: Mapping[str, pd.DataFrame] = {name: own(rows) for name, rows in sums.details.items()}
    return MonthSums(sums.month, details, own(sums.by_customer), own(sums.by_group))
