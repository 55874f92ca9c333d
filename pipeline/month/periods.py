"""The figures of a quarter, a half-year or a year, from what is kept of its months: see `figures.period_metrics`."""

from collections.abc import Mapping, Sequence

import pandas as pd

from pipeline.base.calendar import Month
from pipeline.base.exact import stacked
from pipeline.base.period import Period
from pipeline.contract.facts import Facts
from pipeline.contract.figure import Figure
from pipeline.figures.comparable import Sides
from pipeline.figures.count import MonthCounts, count_since, counts_of_whole, counts_together
from pipeline.figures.entities import KEYS
from pipeline.figures.known import MonthKnown
from pipeline.figures.levels import Inner, missing_at_levels
from pipeline.figures.metrics import ranked
from pipeline.figures.missing import missing_table
from pipeline.figures.period_metrics import PERIOD_COLUMNS, PeriodTold, metrics_over, missing_over
from pipeline.month.whose import Regions, levels_of, levels_told
from schemas.profile import Profile


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
    figures: Sequence[Figure],
    profile: Profile,
) -> pd.DataFrame:
    """A period's metrics of all regions and managers, or of the organisation, without ranks.

    Args:
        month: the last known month of the period, whose managers and regions all are told of; `name` is the period's.
        kept: by the last month of the period, and of those that it is compared with.
        metrics: the ranked ones of its months.
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
    )
    return metrics_over(period, told, figures, levels_told(regions, profile))


def ranked_period(
    month: Month,
    name: str,
    metrics: Sequence[pd.DataFrame],
    figures: Sequence[Figure],
    profile: Profile,
    regions_then: Mapping[Month, pd.Series],
    gone: Mapping[Month, frozenset[str]],
    inner: Inner,
) -> pd.DataFrame:
    """A period's metrics of everybody with their ranks, in order, with PERIOD_COLUMNS.

    Who was in office in none of its months is not ranked; a manager who left in it ranks in its last region.
    """
    every = stacked(list(metrics))
    newest_first = [regions_then[one] for one in sorted(regions_then, reverse=True)]
    homes = pd.concat(newest_first)
    homes = homes[~homes.index.duplicated()]
    never = frozenset.intersection(*gone.values()) if gone else frozenset[str]()
    with_ranks = ranked(every, figures, profile, homes, never, inner)
    return with_ranks.merge(every[[*KEYS, "months"]], on=KEYS, how="left")[list(PERIOD_COLUMNS)]
