"""Counting a month: several regions at once, what is counted of each kept by itself; then added up."""

from collections.abc import Mapping, Sequence

import pandas as pd

from pipeline.base.calendar import Month
from pipeline.contract.facts import Facts
from pipeline.contract.figure import Figure, Level
from pipeline.figures.among_all import scores_among_all
from pipeline.figures.count import MonthCounts, counts_of_region, counts_of_whole, counts_together
from pipeline.figures.count_levels import count_with_levels
from pipeline.figures.detail_lists import list_together, lists_of
from pipeline.figures.entities import history
from pipeline.figures.parts import MonthSums, month_sums, sums_of_region, sums_together
from pipeline.figures.trend import Answers, EntityAnswers, answers_by_entity
from pipeline.month.whose import NOBODY, Regions, levels_of


def counted(month: Month, group: Sequence[str], facts: Facts, figures: Sequence[Figure]) -> MonthCounts:
    """What the figures of a month count in some regions."""
    return count_with_levels(facts, figures)


def summed(month: Month, group: Sequence[str], facts: Facts) -> MonthSums:
    """A month's sums by product, group of products and customer in some regions."""
    return month_sums(facts)


def listed(month: Month, group: Sequence[str], facts: Facts) -> Mapping[str, pd.DataFrame]:
    """Cases, visits and customers behind the figures of some regions, by the name of the list."""
    return lists_of(facts)


def scored(month: Month, group: Sequence[str], facts: Facts, figures: Sequence[Figure]) -> pd.DataFrame:
    """What each customer of some regions got among its peers, for the figures that are means of such scores."""
    return scores_among_all(facts, figures)


def scores_of_one(month: Month, region: str, scored: pd.DataFrame) -> pd.DataFrame:
    """One region's scores."""
    return scored[scored["region_id"] == region].reset_index(drop=True)


def counts_of_one(month: Month, region: str, counted: MonthCounts) -> MonthCounts:
    """One region's share of what is counted."""
    return counts_of_region(counted, region)


def sums_of_one(month: Month, region: str, summed: MonthSums) -> MonthSums:
    """One region's share of the sums."""
    return sums_of_region(summed, region)


def list_of_one(month: Month, region: str, name: str, listed: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """One region's rows of a list."""
    rows = listed[name]
    return rows[rows["region_id"] == region].reset_index(drop=True)


def whole_counts(month: Month, counts: Sequence[MonthCounts]) -> MonthCounts:
    """The regions' counts added up to the organisation's."""
    return counts_of_whole(counts)


def values_of(month: Month, region: str | None, counts: MonthCounts, figures: Sequence[Figure]) -> pd.DataFrame:
    """The values of a month's figures, as the history of later reports has them: of a region and its managers, or of
    the organisation."""
    return history({month: counts}, figures, levels_of(_as_regions(region)))


def answers_of(month: Month, region: str | None, counts: MonthCounts) -> dict[tuple[Level, str], Answers]:
    """What was answered in a month about a region and its managers, or about the organisation: see `figures.trend`."""
    return answers_by_entity(counts, levels_of(_as_regions(region)))


def _as_regions(region: str | None) -> Regions:
    return None if region is None else (region,)


def some_counts(month: Month, regions: Regions, counts: Sequence[MonthCounts]) -> MonthCounts:
    """What the figures of a month count of some regions, or added up to the organisation."""
    return counts_together(list(counts))


def some_answers(month: Month, regions: Regions, answers: Sequence[EntityAnswers]) -> EntityAnswers:
    """What was answered in a month about some regions and their managers, or about the organisation."""
    found: dict[tuple[Level, str], Answers] = {}
    for one in answers:
        found |= one
    return found


def some_sums(month: Month, regions: Regions, sums: Sequence[MonthSums]) -> MonthSums:
    """A month's sums of some regions, or of all there are."""
    return sums_together(list(sums))


def no_sums(month: Month, sums: MonthSums) -> MonthSums:
    """The sums of regions that there were not yet in a month: nothing, in the shape of some region's."""
    return sums_of_region(sums, NOBODY)


def some_rows(month: Month, regions: Regions, name: str, rows: Sequence[pd.DataFrame]) -> pd.DataFrame:
    """A list of some regions, or of all."""
    return list_together(name, list(rows))


def figures_told(
    month: Month, values: Mapping[Month, pd.DataFrame], figures: Sequence[Figure]
) -> dict[Month, frozenset[str]]:
    """The figures whose sums each known month has that a month's report looks back on."""
    statistics = {figure.key for figure in figures if figure.of_values}
    return {one: frozenset(rows["figure"].unique()) - statistics for one, rows in values.items()}
