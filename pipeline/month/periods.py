"""The figures of a quarter, a half-year or a year, from what is kept of its months: see `figures.period_metrics`."""

from collections.abc import Mapping, Sequence

import pandas as pd

from pipeline.base.calendar import Month
from pipeline.base.exact import stacked
from pipeline.base.period import Period, month_and
from pipeline.contract.facts import Facts
from pipeline.contract.figure import LEVELS, Figure
from pipeline.figures.comparable import Sides
from pipeline.figures.count import MonthCounts, count_since, counts_of_whole, counts_together
from pipeline.figures.details import Compared, EntityDetails, MonthDetails, details_of_month
from pipeline.figures.entities import KEYS
from pipeline.figures.known import MonthKnown
from pipeline.figures.levels import Inner, missing_at_levels
from pipeline.figures.like_sums import LikeMonth
from pipeline.figures.metrics import ranked, targets_by_entity
from pipeline.figures.missing import missing_table
from pipeline.figures.over_sums import sums_over
from pipeline.figures.parts import MonthSums
from pipeline.figures.period_metrics import PERIOD_COLUMNS, PeriodTold, metrics_over, missing_over
from pipeline.figures.scorecard import scorecard_of_month
from pipeline.figures.whose_rows import Moved
from pipeline.month.comparing import sums_like_over
from pipeline.month.whose import Regions, levels_of, levels_told
from schemas.profile import Profile

_OWN_COLUMNS = ["months", "months_known"]


def kept_since(
    month: Month, months: int, group: Sequence[str], facts: Facts, figures: Sequence[Figure]
) -> MonthCounts:
    """What figures that are kept count in some regions, over some months up to this one."""
    return count_since(facts, figures, months)


def kept_over(month: Month, months: int, regions: Regions, kept: Sequence[MonthCounts]) -> MonthCounts:
    """The same of all regions, or added up to the organisation."""
    return counts_of_whole(kept) if regions is None else counts_together(list(kept))


def metrics_of_period(
    month: Month,
    name: str,
    regions: Regions,
    counts: Mapping[Month, MonthCounts],
    kept: Mapping[Month, MonthCounts],
    sides: Mapping[tuple[Month, Month], Sides],
    metrics: Mapping[Month, pd.DataFrame],
    known: Mapping[Month, MonthKnown],
    regions_then: Mapping[Month, pd.Series],
    targets: Mapping[Month, pd.DataFrame],
    figures: Sequence[Figure],
    profile: Profile,
) -> pd.DataFrame:
    """A period's metrics of all regions and managers, or of the organisation, without ranks.

    Args:
        month: the last known month of the period, whose managers and regions all are told of; `name` is the period's.
        kept: by the last month of the period, and of those that it is compared with.
        metrics: of its months: see `kept_for_periods`.
        targets: what its months ask for.
    """
    period, inner = Period.parse(name), counts[month].levels.inner
    missing = [
        missing_at_levels(
            missing_table(its, regions_then[one], {}, figures, levels_of(regions)), counts[one].levels
        )
        for one, its in known.items()
    ]
    periods = {one.last: one for one in (period, period.before, period.year_ago)}
    told = PeriodTold(
        counts,
        metrics,
        {periods[last]: its for last, its in kept.items()},
        {pair: both.told_by(inner) for pair, both in sides.items()},
        missing_over(missing),
        {one: targets_by_entity(its, one, figures) for one, its in targets.items()},
    )
    return metrics_over(period, told, figures, levels_told(regions, profile))


def ranked_period(
    month: Month,
    name: str,
    metrics: Sequence[pd.DataFrame],
    figures: Sequence[Figure],
    profile: Profile,
    homes: pd.Series,
    gone: Mapping[Month, frozenset[str]],
    inner: Inner,
) -> pd.DataFrame:
    """A period's metrics of everybody with their ranks, in order, with PERIOD_COLUMNS.

    Who was in office in none of its months is not ranked; a manager who left in it ranks in its last region.
    """
    every = stacked(list(metrics))
    with_ranks = ranked(every, figures, profile, homes, never_there(gone), inner)
    return with_ranks.merge(every[[*KEYS, *_OWN_COLUMNS]], on=KEYS, how="left")[list(PERIOD_COLUMNS)]


def homes_over(month: Month, name: str, regions_then: Mapping[Month, pd.Series]) -> pd.Series:
    """The region of each manager of a period, by manager_id: the last one that it had."""
    newest_first: pd.Series = pd.concat([regions_then[one] for one in sorted(regions_then, reverse=True)])
    homes: pd.Series = newest_first[~newest_first.index.duplicated()].sort_index()
    return homes


def never_there(gone: Mapping[Month, frozenset[str]]) -> frozenset[str]:
    """The managers of the master data who were in office in none of the months."""
    return frozenset.intersection(*gone.values()) if gone else frozenset()


def scorecard_of_period(
    month: Month,
    name: str,
    metrics: pd.DataFrame,
    figures: Sequence[Figure],
    profile: Profile,
    homes: pd.Series,
    gone: Mapping[Month, frozenset[str]],
) -> pd.DataFrame:
    """The scorecard over a period, in the columns of `scorecard.csv`, by the weights of its year; without managers
    who were in office in none of its months."""
    judged = metrics[metrics["level"].isin(LEVELS)]
    judged = judged[~((judged["level"] == "manager") & judged["entity_id"].isin(list(never_there(gone))))]
    return scorecard_of_month(Period.parse(name), judged, figures, profile, homes)


def sums_of_period(
    month: Month,
    name: str,
    regions: Regions,
    now: Mapping[Month, MonthSums],
    sums: Mapping[tuple[Month, Month], MonthSums],
    moved: Mapping[tuple[Month, Month], Moved],
    known: Mapping[Month, MonthKnown],
) -> Compared:
    """A period's sums beside those of the period before and of the year before, over the months that both have.

    Args:
        now: of its months, as they were.
        sums, moved: of pairs of months, what the first compares with in the other, and its moved customers.
        known: of all months of the pairs.
    """
    period = Period.parse(name)
    bases = dict.fromkeys((period.before, period.year_ago))  # before a year is the year before

    def like(pairs: Sequence[tuple[Month, Month]], first: Month) -> MonthSums:
        months = [LikeMonth(sums[pair], moved[pair], known[pair[0]], known[pair[1]]) for pair in pairs]
        return sums_like_over(months, first, regions)

    def beside(base: Period) -> tuple[MonthSums | None, MonthSums | None]:
        both = [pair for pair in ((one, month_and(base, period, one)) for one in period) if pair in sums]
        if not both:
            return None, None
        return like([pair[::-1] for pair in both], base.first), like(both, period.first)

    told = {base: beside(base) for base in bases}
    (previous, like_previous), (last_year, like_last_year) = told[period.before], told[period.year_ago]
    own = sums_over([now[one] for one in sorted(now)], period.first)
    return Compared(own, previous, last_year, like_previous, like_last_year)


def details_of_period(
    month: Month,
    name: str,
    regions: Regions,
    compared: Compared,
    products: pd.DataFrame,
    customers: pd.DataFrame,
    missing_months: pd.DataFrame,
) -> MonthDetails:
    """What stands beside a period's figures: why they grew, and the months in which somebody had not reported."""
    entities = EntityDetails({"missing_months": missing_months})
    return details_of_month(compared, {}, {"products": products, "customers": customers}, entities)
