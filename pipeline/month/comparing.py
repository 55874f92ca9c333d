"""A month beside those it is compared with, like with like, and the metrics that come of it."""

from collections.abc import Mapping, Sequence

import pandas as pd

from pipeline.base.calendar import Month
from pipeline.base.exact import stacked
from pipeline.contract.figure import Figure
from pipeline.contract.report import ORGANISATION_ID
from pipeline.figures.comparable import (
    Sides,
    changed_flags,
    changed_grades,
    like_counts,
    with_products_of,
)
from pipeline.figures.count import MonthCounts, counts_of_whole
from pipeline.figures.known import MonthKnown
from pipeline.figures.levels import Inner, inner_of, missing_at_levels
from pipeline.figures.like_sums import LikeMonth, like_sums_over
from pipeline.figures.metrics import Comparisons, comparable_figures, metrics_without_ranks, ranked
from pipeline.figures.parts import MonthSums
from pipeline.figures.whose_rows import Moved
from pipeline.month.moving import moved_from
from pipeline.month.whose import Regions, levels_told
from schemas.profile import Profile

_NO_FLAGS = pd.DataFrame(
    columns=["product_id", "product_name", "is_key", "category", "is_key_then", "category_then", "when"]
)

_NO_GRADES = pd.DataFrame(columns=["customer_id", "manager_id", "grade", "grade_then", "when"], dtype="str")


def like_as_counted(month: Month, own: Month, other: Month, regions: Regions, counts: MonthCounts) -> MonthCounts:
    """Where nobody is missing, who had a customer is the same to the organisation."""
    return counts


def like_of_regions(
    month: Month,
    own: Month,
    other: Month,
    regions: Regions,
    counts: MonthCounts,
    moved: Moved,
    known: Sequence[MonthKnown],
    figures: Sequence[Figure],
) -> MonthCounts:
    """A month's counts as they compare with another's, in a report on a third, by managers and customers alone."""
    return like_counts(counts, moved, known[0], known[1], figures)


def like_of_whole(
    month: Month,
    own: Month,
    other: Month,
    regions: Regions,
    counts: Mapping[str, MonthCounts],
    moved: Moved,
    regions_then: pd.Series,
    known: Sequence[MonthKnown],
    figures: Sequence[Figure],
) -> MonthCounts:
    """The same of the organisation, added up from its regions."""
    return counts_of_whole(
        like_counts(its, moved_from(moved, regions_then, region), known[0], known[1], figures)
        for region, its in counts.items()
    )


def like_by_product(
    month: Month,
    own: Month,
    other: Month,
    regions: Regions,
    like: MonthCounts,
    sums: MonthSums,
    products: pd.DataFrame,
    figures: Sequence[Figure],
) -> MonthCounts:
    """The same with products as the reported month has them."""
    by_product = sums.details["sales_by_product"]
    if regions is None:
        by_product = by_product.assign(manager_id=ORGANISATION_ID)
    return with_products_of(like, by_product, products, figures)


def sums_like(
    month: Month,
    own: Month,
    other: Month,
    regions: Regions,
    sums: MonthSums,
    moved: Moved,
    known: Sequence[MonthKnown],
) -> MonthSums:
    """A month's sums as they compare with another's, in a report on a third: of some regions, or of all."""
    return sums_like_over([LikeMonth(sums, moved, known[0], known[1])], own, regions)


def sums_like_over(months: Sequence[LikeMonth], first: Month, regions: Regions) -> MonthSums:
    """The sums of some months together as they compare with others': of some regions, or of all."""
    if regions is None:
        return like_sums_over(months, first)
    return like_sums_over([one.near(regions) for one in months], first).where("region_id", regions)


def sides(month: Month, now: Month, base: Month, regions: Regions, like: Sequence[MonthCounts]) -> Sides:
    """Two months beside each other, like with like, in a report on a third."""
    return Sides(like[0], like[1])


def comparisons(month: Month, sides: Mapping[tuple[Month, Month], Sides], missing: pd.DataFrame) -> Comparisons:
    """What a month is compared with.

    Args:
        sides: of the pairs of months of which both are known.
        missing: see `figures.missing`.
    """
    to_date = [(one, one.year_ago) for one in month.year_to_date()]
    return Comparisons(
        sides.get((month, month.before)),
        sides.get((month, month.year_ago)),
        tuple(sides[pair] for pair in to_date if pair in sides),
        missing,
    )


def metrics_of(
    month: Month,
    regions: Regions,
    counts: Mapping[Month, MonthCounts],
    told: Mapping[Month, frozenset[str]],
    targets: pd.DataFrame,
    sides: Mapping[tuple[Month, Month], Sides],
    missing: pd.DataFrame,
    figures: Sequence[Figure],
    profile: Profile,
) -> pd.DataFrame:
    """The metrics of some regions and their managers, or of the organisation, without ranks; with them those of the
    trade's own levels inside, or beside, the tree."""
    comparable = comparable_figures(month, told, figures)
    own = counts[month].levels
    told_now = {pair: both.told_by(own.inner) for pair, both in sides.items()}
    beside = comparisons(month, told_now, missing_at_levels(missing, own))
    levels = levels_told(regions, profile)
    return metrics_without_ranks(month, counts, targets, figures, comparable, beside, levels)


def ranked_metrics(
    month: Month,
    metrics: Sequence[pd.DataFrame],
    figures: Sequence[Figure],
    profile: Profile,
    regions: pd.Series,
    gone: frozenset[str],
    inner: Inner,
) -> pd.DataFrame:
    """The metrics of everybody with their ranks, in order."""
    return ranked(stacked(list(metrics)), figures, profile, regions, gone, inner)


def inner_levels(month: Month, masters: Mapping[str, pd.DataFrame], regions: pd.Series, profile: Profile) -> Inner:
    """To whom the managers of a month belong at the trade's own levels inside the tree."""
    return inner_of(masters, regions, profile)


def gone_before(month: Month, managers: pd.DataFrame, known: MonthKnown) -> frozenset[str]:
    """The managers of the master data who had left before a month, or had not come yet."""
    return frozenset(managers["manager_id"].astype("str")) - known.in_office


def flags_changed(month: Month, then: Month, products: Sequence[pd.DataFrame]) -> pd.DataFrame:
    """The products of which a month compared with said something else: see `figures.comparable`."""
    return changed_flags(*products)


def table_of_flags(
    month: Month, regions: Regions, flags: Mapping[str, pd.DataFrame], regions_now: pd.Series
) -> pd.DataFrame:
    """Products of which months compared with said something else, for each entity alike: see `flags_changed`."""
    found = stacked([rows.assign(when=when) for when, rows in flags.items()] or [_NO_FLAGS])
    entities = _entities(regions, regions_now)[["level", "entity_id"]].drop_duplicates()
    return entities.merge(found, how="cross")


def grades_changed(month: Month, then: Month, customers: Sequence[pd.DataFrame]) -> pd.DataFrame:
    """The customers that have another grade than in a month compared with: see `figures.comparable`."""
    return changed_grades(*customers)


def table_of_grades(
    month: Month, regions: Regions, grades: Mapping[str, pd.DataFrame], regions_now: pd.Series
) -> pd.DataFrame:
    """How many customers of each entity have another grade than in the months compared with: level, entity_id, when,
    customers; no row where none has."""
    found = stacked([rows.assign(when=when) for when, rows in grades.items()] or [_NO_GRADES])
    own = _entities(regions, regions_now).merge(found, on="manager_id")
    counts = own.groupby(["level", "entity_id", "when"], sort=False)["customer_id"].nunique()
    return counts.rename("customers").reset_index()


def _entities(regions: Regions, regions_now: pd.Series) -> pd.DataFrame:
    """One row per entity told of and manager in it: level, entity_id, manager_id."""
    managers = regions_now.index.astype("str")
    everybody = pd.DataFrame({"manager_id": managers, "region_id": regions_now.astype("str").to_numpy()})
    if regions is None:
        return everybody.assign(level="organisation", entity_id=ORGANISATION_ID)
    own = everybody[everybody["region_id"].isin(regions)]
    levels = {"region": own["region_id"], "manager": own["manager_id"]}
    return stacked([own.assign(level=level, entity_id=code) for level, code in levels.items()])
