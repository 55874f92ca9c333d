"""Satisfaction over months: interval, significance of the change, three-month and twelve-month mean."""

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from pipeline.calendar import Month
from pipeline.figures.count import MonthCounts
from pipeline.figures.declare import LEVELS, Level
from pipeline.figures.entities import with_entity
from pipeline.figures.exact import TEN_THOUSANDTHS
from pipeline.figures.statistics import Counts, Floats, difference_half_width, half_width, mean

TREND_MONTHS = 13
LONGEST_MEAN = 12  # months
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


def satisfaction_change(month: Month, answers: MonthAnswers) -> pd.DataFrame:
    """One row per level and entity_id with answers in the month: index, previous, difference (points),
    half_width of the difference's 95 % interval, significant (the interval excludes 0), answers."""
    before = answers.get(month + -1, {})
    rows = []
    for key, now in answers[month].items():
        base = before.get(key)
        previous = mean(*base) if base else np.nan
        width = difference_half_width(now, base) if base else np.nan
        difference = mean(*now) - previous
        rows.append((*key, mean(*now), previous, difference, width, abs(difference) > width, int(now[1].sum())))
    names = ["level", "entity_id", "index", "previous", "difference", "half_width", "significant", "answers"]
    return pd.DataFrame(rows, columns=names).round(6)


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
    return index, index - width, index + width, number


def _mean_of(sums: Sequence[tuple[float, int]]) -> float:
    """The mean over all answers of some months, each given as the sum of its points and their number."""
    number = sum(one for _, one in sums)
    return sum(points for points, _ in sums) / number if number else np.nan
