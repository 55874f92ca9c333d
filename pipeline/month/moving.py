"""Customers that have another manager than in a month compared with: who they are, and what is counted of them."""

from collections.abc import Mapping, Sequence

import pandas as pd

from pipeline.base.calendar import Month
from pipeline.base.exact import stacked
from pipeline.contract.facts import Facts
from pipeline.contract.figure import Figure
from pipeline.figures.among_all import scores_of_moved
from pipeline.figures.comparable import Owners, counts_of_labels, moved_pairs
from pipeline.figures.count import MonthCounts, count_month
from pipeline.figures.grain import MANAGER_CUSTOMER
from pipeline.figures.known import MonthKnown
from pipeline.figures.like_sums import moved_sales
from pipeline.figures.members import among
from pipeline.figures.moves import moved_customers, moves_table
from pipeline.figures.parts import MonthSums, month_sums
from pipeline.figures.there import there_at_end
from pipeline.figures.whose_rows import Moved, label_of
from pipeline.month.whose import Regions, levels_of


def owners_of(month: Month, customers: pd.DataFrame) -> Owners:
    """Who has which customer in a month."""
    return Owners(month, customers[MANAGER_CUSTOMER].astype("str"))


def pairs_moved(
    own: Month, month: Month, other: Month, owners: Mapping[Month, Owners], known: Sequence[MonthKnown]
) -> pd.DataFrame:
    """The customers of a month (`own`) that have another manager in the reported month, or had one in doubt in the
    month compared with; see `figures.comparable.moved_pairs`."""
    unknown = frozenset[str]().union(*(one.anybody_yet for one in known))
    return moved_pairs(owners[own], owners[month], owners[other], unknown)


def counts_moved(
    own: Month,
    month: Month,
    other: Month,
    pairs: pd.DataFrame,
    facts: Facts,
    scores: Sequence[pd.DataFrame],
    figures: Sequence[Figure],
) -> tuple[MonthCounts, ...]:
    """What is counted of customers that moved, by label; nothing where none did. `scores` are all customers'."""
    if pairs.empty:
        return ()
    return (scores_of_moved(count_month(facts, figures), stacked(list(scores)), pairs, facts, figures),)


def sums_moved(own: Month, month: Month, other: Month, pairs: pd.DataFrame, facts: Facts) -> tuple[MonthSums, ...]:
    """The sums of customers that moved, by label; nothing where none did."""
    return () if pairs.empty else (month_sums(facts),)


def nobody_moved(month: Month, own: Month, other: Month, regions: pd.Series) -> Moved:
    """Where the same master data of customers stand for all of the months."""
    return Moved(regions)


def moved(
    month: Month,
    own: Month,
    other: Month,
    regions: pd.Series,
    pairs: pd.DataFrame,
    counts: tuple[MonthCounts, ...],
    sums: Sequence[tuple[MonthSums, ...]] = (),
) -> Moved:
    """The customers that moved, with what is counted of them, and their sums where they are given."""
    if pairs.empty:
        return Moved(regions)
    found = [one for some in sums for one in some]
    return Moved(regions, pairs, counts[0], found[0] if found else None)


def moved_from(moved: Moved, regions: pd.Series, region: str) -> Moved:
    """Of customers that moved those whom managers of one region had.

    Args:
        regions: the region of each manager then, by manager_id.
    """
    if moved.pairs.empty:
        return moved
    pairs = moved.pairs[(moved.pairs["manager_id"].map(regions) == region).to_numpy()]
    if pairs.empty or moved.counts is None:
        return Moved(moved.regions)
    return Moved(moved.regions, pairs, counts_of_labels(moved.counts, label_of(pairs)))


def sales_moved(
    month: Month, then: Month, regions: Regions, sums: MonthSums, moved: Moved, regions_then: pd.Series
) -> pd.DataFrame:
    """What an earlier month sold to customers that have moved since, from or to some regions, or any."""
    sold = moved_sales(sums, moved, regions_then)
    if regions is None:
        return sold
    here = among(sold["region_id"], regions) | among(sold["region_now"], regions)
    return sold[here].reset_index(drop=True)


def customers_moved(
    month: Month, then: Month, customers: pd.DataFrame, owners: Owners, regions_then: pd.Series, regions: pd.Series
) -> pd.DataFrame:
    """Customers that have another manager since an earlier month: see `figures.moves`."""
    return moved_customers(there_at_end(customers, then), owners, regions_then, regions)


def table_of_moves(month: Month, regions: Regions, moved: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """Customers that moved in and out since the months compared with, of some regions: see `figures.moves`."""
    return moves_table(dict(moved), levels_of(regions))
