"""Who is missing for which form in a month, and in those that it is compared with: see `figures.missing`."""

from collections.abc import Mapping, Sequence

import pandas as pd

from pipeline.base.calendar import Month
from pipeline.base.exact import stacked
from pipeline.contract.figure import Figure
from pipeline.figures.comparable import like_counts
from pipeline.figures.count import MonthCounts
from pipeline.figures.known import MonthKnown
from pipeline.figures.members import among
from pipeline.figures.missing import main_figures, missing_before_table, missing_months_table, missing_table
from pipeline.figures.whose_rows import Moved
from pipeline.month.moving import moved_from
from pipeline.month.whose import Regions, levels_of


def counted_then(
    month: Month,
    then: Month,
    regions: Regions,
    counts: Mapping[str, MonthCounts],
    moved: Moved,
    regions_then: pd.Series,
    figures: Sequence[Figure],
) -> pd.DataFrame:
    """What main figures counted in an earlier month, by the managers and regions that have the customers now."""
    main, everybody = [one.key for one in main_figures(figures).values()], MonthKnown(then)
    frames = []
    for region, its in counts.items():
        like = like_counts(its, moved_from(moved, regions_then, region), everybody, everybody, figures)
        frames.append(like.by_manager[like.by_manager["figure"].isin(main)])
    rows = stacked(frames)
    return rows if regions is None else rows[among(rows["region_id"], regions)]


def missing_in(
    month: Month,
    regions: Regions,
    known: MonthKnown,
    regions_now: pd.Series,
    before: Mapping[str, pd.DataFrame],
    figures: Sequence[Figure],
) -> pd.DataFrame:
    """Who is missing for which form, and what they counted in the months compared with."""
    return missing_table(known, _own(regions, regions_now), dict(before), figures, levels_of(regions))


def missing_before(
    month: Month, regions: Regions, known: MonthKnown, before: Mapping[str, MonthKnown], regions_now: pd.Series
) -> pd.DataFrame:
    """Who had not sent which forms in the months compared with, and has now."""
    return missing_before_table(known, dict(before), _own(regions, regions_now), levels_of(regions))


def missing_months(
    month: Month, regions: Regions, known: Mapping[Month, MonthKnown], regions_then: Mapping[Month, pd.Series]
) -> pd.DataFrame:
    """In which of the months that a month's report shows somebody is missing."""
    return missing_months_table([(its, regions_then[one]) for one, its in known.items()], levels_of(regions))


def _own(regions: Regions, regions_now: pd.Series) -> pd.Series:
    """The region of each manager of some regions, or of all."""
    return regions_now if regions is None else regions_now[among(regions_now, regions)]
