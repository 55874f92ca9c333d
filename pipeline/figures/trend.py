"""Satisfaction over months: interval, significance of the change, three-month and twelve-month mean."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from pipeline.base.calendar import Month
from pipeline.base.exact import TEN_THOUSANDTHS
from pipeline.contract.figure import LEVELS, Level
from pipeline.figures.count import MonthCounts
from pipeline.figures.entities import with_entity
from pipeline.figures.statistics import (
    Counts,
    Floats,
    difference_half_width,
    half_width,
    mean,
    slope,
    within_scale,
)

TREND_MONTHS = 13
LONGEST_MEAN = 12  # months
LEAST_TREND = 6  # months with answers, for a slope to say anything
COMPARED = ("previous", "last_year")
INDEX_VALUES = "satisfaction_low95"  # a figure whose counts hold the index of every answer

Answers = tuple[Floats, Counts]
EntityAnswers = Mapping[tuple[Level, str], Answers]
MonthAnswers = Mapping[Month, EntityAnswers]
_NOBODY: Answers = (np.empty(0), np.empty(0, dtype="int64"))


def answers_by_entity(counts: MonthCounts, levels: Sequence[Level] = LEVELS) -> dict[tuple[Level, str], Answers]:
    """The index of every answer of a month, as values and how often each occurs, by level and entity."""
    values = counts.values[counts.values["figure"] == INDEX_VALUES]
    found: dict[tuple[Level, str], Answers] = {}
    for level in levels:
        keyed = with_entity(values, level).sort_values(["entity_id", "value"])
        points = keyed["value"].to_numpy(dtype="float64") / TEN_THOUSANDTHS
        counted = keyed["count"].to_numpy(dtype="int64")
        for entity, places in keyed.reset_index(drop=True).groupby("entity_id").indices.items():
            found[level, str(entity)] = (points[places], counted[places])
    return found


@dataclass(frozen=True)
class AnswerPairs:
    """A month's answers beside those of a month compared with, like with like, by level and entity."""

    now: EntityAnswers
    base: EntityAnswers


def satisfaction_change(
    month: Month, answers: MonthAnswers, pairs: Mapping[str, AnswerPairs] | None = None
) -> pd.DataFrame:
    """One row per level and entity_id with answers in the month: index, answers, and how it moved.

    Against "previous" and "last_year", each where it is known: previous and last_year (the index then), difference and
    yoy_difference (points), half_width and yoy_half_width of the difference's 95 % interval, significant and
    yoy_significant (the interval excludes 0). Over the last LONGEST_MEAN months, where at least LEAST_TREND of them
    are known: slope (points a month, through the months' indices weighed by answers), slope_half_width,
    slope_significant.

    Args:
        answers: of the month and the months before, as far as they are known.
        pairs: by "previous" and "last_year" the answers of those known in both; without them all answers.
    """
    known = pairs or _all_answers(month, answers)
    rows = []
    for key, now in answers[month].items():
        against = [_difference(known.get(when), key) for when in COMPARED]
        rise, width = _slope(month, answers, key)
        course = rise, width, bool(abs(rise) > width)
        rows.append((*key, mean(*now), int(now[1].sum()), *against[0], *against[1], *course))
    names = [
        "level", "entity_id", "index", "answers", "previous", "difference", "half_width", "significant", "last_year",
        "yoy_difference", "yoy_half_width", "yoy_significant", "slope", "slope_half_width", "slope_significant",
    ]  # fmt: skip
    frame = pd.DataFrame(rows, columns=names)
    return frame.astype({name: "bool" for name in names if name.endswith("significant")}).round(6)


def _all_answers(month: Month, answers: MonthAnswers) -> Mapping[str, AnswerPairs]:
    months = {"previous": month.before, "last_year": month.year_ago}
    return {when: AnswerPairs(answers[month], answers[one]) for when, one in months.items() if one in answers}


def _difference(pair: AnswerPairs | None, key: tuple[Level, str]) -> tuple[float, float, float, bool]:
    """The index before, the difference, half its interval, and whether that excludes 0."""
    now, base = (None, None) if pair is None else (pair.now.get(key), pair.base.get(key))
    if now is None or base is None:
        return np.nan, np.nan, np.nan, False
    difference, width = mean(*now) - mean(*base), difference_half_width(now, base)
    return mean(*base), difference, width, bool(abs(difference) > width)


def _slope(month: Month, answers: MonthAnswers, key: tuple[Level, str]) -> tuple[float, float]:
    """Points a month over the last twelve, and half of the interval; NaN where too few months are known."""
    window = [month + (step - LONGEST_MEAN + 1) for step in range(LONGEST_MEAN)]
    known = [
        (place, given) for place, one in enumerate(window) if (given := answers.get(one, {}).get(key)) is not None
    ]
    if len(known) < LEAST_TREND:
        return np.nan, np.nan
    places, values, weights = (
        np.array(column, dtype="float64")
        for column in zip(*((place, mean(*given), given[1].sum()) for place, given in known), strict=True)
    )
    return slope(places, values, weights)


def satisfaction_trend(month: Month, answers: MonthAnswers, level: Level, entity_id: str) -> pd.DataFrame:
    """One row per known month of the last TREND_MONTHS: month, index, low95, high95, answers, mean_3, mean_12.

    The means are over all answers of the three and twelve months up to each, as far as they are known.
    """
    window = [month + -step for step in range(TREND_MONTHS + LONGEST_MEAN - 1)]
    known = [answers[one].get((level, entity_id), _NOBODY) if one in answers else None for one in window]
    sums = [(0.0, 0) if one is None else (float(np.dot(*one)), int(one[1].sum())) for one in known]
    names = ["month", "index", "low95", "high95", "answers", "mean_3", "mean_12"]
    rows = [
        (
            str(window[back]),
            *_interval(own),
            *(_mean_of(sums[back : back + months]) for months in (3, LONGEST_MEAN)),
        )
        for back in reversed(range(TREND_MONTHS))
        if (own := known[back]) is not None
    ]
    return pd.DataFrame(rows, columns=names).round(6)


def _interval(own: Answers) -> tuple[float, float, float, int]:
    """The index of a month's answers, both ends of its interval, and their number."""
    number = int(own[1].sum())
    if not number:
        return np.nan, np.nan, np.nan, 0
    index, width = mean(*own), half_width(*own)
    return index, within_scale(index - width), within_scale(index + width), number


def _mean_of(sums: Sequence[tuple[float, int]]) -> float:
    """The mean over all answers of some months, each given as the sum of its points and their number."""
    number = sum(one for _, one in sums)
    return sum(points for points, _ in sums) / number if number else np.nan
