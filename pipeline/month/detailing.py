"""What stands beside a month's figures: sums compared, lists, and what follows from counts alone."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import pandas as pd

from pipeline.base.calendar import Month
from pipeline.base.exact import stacked
from pipeline.base.frames import OnDemand
from pipeline.contract.figure import Figure
from pipeline.figures.comparable import Sides
from pipeline.figures.count import MonthCounts
from pipeline.figures.details import Compared, EntityDetails, MonthDetails, details_of_month, entity_details
from pipeline.figures.metrics import Comparisons
from pipeline.figures.parts import MonthSums
from pipeline.figures.trend import AnswerPairs, EntityAnswers, answers_by_entity, satisfaction_change
from pipeline.month.whose import Regions, levels_of


def sums_compared(
    month: Month,
    regions: Regions,
    now: MonthSums,
    base: Mapping[str, MonthSums],
    like: Mapping[str, MonthSums],
    moved: Mapping[str, pd.DataFrame],
) -> Compared:
    """A month's sums beside those it is compared with, like with like.

    Args:
        base, like: by "previous" and "last_year"; `like` is the month's own, where somebody is missing.
        moved: what was sold to customers that have moved since.
    """
    likes = {f"like_{when}": sums for when, sums in like.items()}
    return Compared(now, **dict(base.items()), **likes, moved=dict(moved.items()))


def details_of(
    month: Month,
    regions: Regions,
    compared: Compared,
    lists: Mapping[str, pd.DataFrame],
    products: pd.DataFrame,
    customers: pd.DataFrame,
    entities: EntityDetails,
) -> MonthDetails:
    """What stands beside a month's figures: of some regions and their managers, or of the organisation; each list is
    read when it is first looked at."""
    rows = OnDemand({name: _reader(lists, name) for name in lists})
    return details_of_month(compared, rows, {"products": products, "customers": customers}, entities)


def _reader(lists: Mapping[str, pd.DataFrame], name: str) -> Any:
    return lambda: lists[name]


def like_answers(
    month: Month,
    own: Month,
    other: Month,
    regions: Regions,
    counts: MonthCounts,
    like: MonthCounts,
    answers: EntityAnswers,
) -> EntityAnswers:
    """A month's answers as they compare with another's, in a report on a third."""
    return answers if like is counts else answers_by_entity(like, levels_of(regions))


def answer_pairs(
    month: Month, regions: Regions, now: Mapping[str, EntityAnswers], base: Mapping[str, EntityAnswers]
) -> Mapping[str, AnswerPairs]:
    """A month's answers beside those of the months compared with, like with like, by "previous" and "last_year"."""
    return {when: AnswerPairs(now[when], base[when]) for when in now}


def satisfaction_changes(
    month: Month,
    regions: Regions,
    answers: Mapping[Month, EntityAnswers],
    pairs: Mapping[str, AnswerPairs],
    missing: pd.DataFrame,
) -> EntityDetails:
    """Of what follows from counts that which rules look at."""
    changes = satisfaction_change(month, dict(answers.items()), pairs)
    return EntityDetails({"satisfaction_change": changes, "missing_reports": missing})


def entities_of(
    month: Month,
    regions: Regions,
    counts: Mapping[Month, MonthCounts],
    festival: Sequence[Sides],
    missing: pd.DataFrame,
    answers: Mapping[Month, EntityAnswers],
    pairs: Mapping[str, AnswerPairs],
    told: Mapping[Month, frozenset[str]],
    figures: Sequence[Figure],
    tables: Mapping[str, pd.DataFrame],
) -> EntityDetails:
    """What follows from counts alone: of some regions and their managers, or of the organisation.

    Args:
        counts: of January and February of this year and the last, from February on.
        festival: the same months beside each other, like with like, as far as they are known.
        tables: what else is told of each entity, by name.
    """
    beside = replace(Comparisons(to_date=tuple(festival)), missing=missing)
    details = entity_details(
        month, dict(counts.items()), figures, told, dict(answers.items()), levels_of(regions),
        beside=beside, pairs=pairs,
    )  # fmt: skip
    return replace(details, by_entity={**details.by_entity, **tables})


def history_of(month: Month, regions: Regions, values: Sequence[pd.DataFrame]) -> pd.DataFrame:
    """The values of all months that a month's report looks back on, the organisation's among them."""
    return stacked(list(values))


def some_values(month: Month, regions: Regions, values: Sequence[pd.DataFrame]) -> pd.DataFrame:
    """The values of a month's figures of some regions and their managers, or of the organisation."""
    return stacked(list(values))
