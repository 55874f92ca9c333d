"""Satisfaction over months: interval, significance of the change, three-month and twelve-month mean."""

from collections.abc import Mapping

import numpy as np
import pandas as pd

from pipeline.calendar import Month
from pipeline.figures.count import MonthCounts
from pipeline.figures.declare import LEVELS, Level
from pipeline.figures.entities import with_entity
from pipeline.figures.exact import TEN_THOUSANDTHS
from pipeline.figures.statistics import Counts, Floats, difference_half_width, half_width, mean

TREND_MONTHS = 13
INDEX_VALUES = "satisfaction_low95"  # a figure whose counts hold the index of every answer

Answers = tuple[Floats, Counts]
MonthAnswers = Mapping[Month, Mapping[tuple[Level, str], Answers]]
_NOBODY: Answers = (np.empty(0), np.empty(0, dtype="int64"))


def answers_by_entity(counts: MonthCounts) -> dict[tuple[Level, str], Answers]:
    """The index of every answer of a month, as values and how often each occurs, by level and entity."""
    values = counts.values[counts.values["figure"] == INDEX_VALUES]
    found: dict[tuple[Level, str], Answers] = {}
    for level in LEVELS:
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
    own = {one: by_entity.get((level, entity_id), _NOBODY) for one, by_entity in answers.items()}
    months = [month + -step for step in reversed(range(TREND_MONTHS)) if month + -step in own]
    names = ["month", "index", "low95", "high95", "answers", "mean_3", "mean_12"]
    return pd.DataFrame([_trend_row(one, own) for one in months], columns=names).round(6)


def _trend_row(month: Month, answers: Mapping[Month, Answers]) -> tuple[str | float, ...]:
    def over(months: int) -> Answers:
        parts = [answers[month + -back] for back in range(months) if month + -back in answers]
        return np.concatenate([part[0] for part in parts]), np.concatenate([part[1] for part in parts])

    now = over(1)
    means = [mean(*over(months)) if over(months)[1].sum() else np.nan for months in (3, 12)]
    if not now[1].sum():
        return (str(month), np.nan, np.nan, np.nan, 0, *means)
    index, width = mean(*now), half_width(*now)
    return (str(month), index, index - width, index + width, int(now[1].sum()), *means)
