"""What is told of a period beside its figures (see `contract.tellings`), from what is kept of its months."""

from collections.abc import Mapping, Sequence

import pandas as pd

from pipeline.base.calendar import Month
from pipeline.base.period import Period
from pipeline.contract.figure import Figure
from pipeline.contract.tellings import Known, tellings_in_use
from pipeline.figures.count import MonthCounts
from pipeline.figures.entities import KEYS, values_of_month
from pipeline.figures.known import MonthKnown
from schemas.entities import REGION, added_levels
from schemas.profile import Profile

VALUE_COLUMNS = ["region_id", *KEYS, "numerator", "denominator"]


def values_within(
    month: Month, region: str, counts: MonthCounts, figures: Sequence[Figure], profile: Profile
) -> pd.DataFrame:
    """The sums of a month's figures of a region and of those of the trade's own levels within it: VALUE_COLUMNS."""
    levels = (REGION, *added_levels(profile.entities))
    return values_of_month(counts, figures, levels).assign(region_id=region)[VALUE_COLUMNS]


def tables_told(
    month: Month,
    name: str,
    metrics: pd.DataFrame,
    homes: pd.Series,
    known: Mapping[Month, MonthKnown],
    values: Mapping[tuple[Month, str], pd.DataFrame],
    masters: Mapping[tuple[str, Month], pd.DataFrame],
    figures: Sequence[Figure],
    profile: Profile,
) -> dict[str, pd.DataFrame]:
    """Every table that the trade's subjects make of a period.

    Args:
        month: the last known month of the period, whose name is `name`.
        known: of its known months.
        values: by month and region, of as many months before its end as some table looks at.
    """
    period = Period.parse(name)
    by_month: dict[Month, list[pd.DataFrame]] = {one: [] for one in known}
    for (when, _), rows in values.items():
        by_month.setdefault(when, []).append(rows)
    none = pd.DataFrame(columns=VALUE_COLUMNS)
    whole = [one.in_office - one.anybody for one in known.values()]
    told = Known(
        period,
        metrics,
        homes,
        frozenset.intersection(*whole) if whole else frozenset(),
        {one: pd.concat(rows, ignore_index=True) if rows else none for one, rows in sorted(by_month.items())},
        masters,
        tuple(figures),
        profile,
    )
    return {key: one.make(told) for key, one in tellings_in_use(profile, period.span).items()}
