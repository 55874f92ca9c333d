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


def satisfaction_change(month: Month, counts: Mapping[Month, MonthCounts]) -> pd.DataFrame:
    """One row per level and entity_id with answers in the month: index, previous, difference (points),
    half_width of the difference's 95 % interval, significant (the interval excludes 0), answers."""
    before = _answers(counts[month + -1]) if month + -1 in counts else {}
    rows = []
    for key, answers in _answers(counts[month]).items():
        base = before.get(key)
        previous = mean(*base) if base else np.nan
        width = difference_half_width(answers, base) if base else np.nan
        difference = mean(*answers) - previous
        rows.append(
            (*key, mean(*answers), previous, difference, width, abs(difference) > width, int(answers[1].sum()))
        )
    names = ["level", "entity_id", "index", "previous", "difference", "half_width", "significant", "answers"]
    return pd.DataFrame(rows, columns=names).round(6)


def satisfaction_trend(
    month: Month, counts: Mapping[Month, MonthCounts], level: Level, entity_id: str
) -> pd.DataFrame:
    """One row per known month of the last TREND_MONTHS: month, index, low95, high95, answers, mean_3, mean_12.

    The means are over all answers of the three and twelve months up to each, as far as they are known.
    """
    back = range(TREND_MONTHS + 11)
    known = {one: counts[one] for one in (month + -step for step in back) if one in counts}
    answers = {one: _answers_of(its, level, entity_id) for one, its in known.items()}
    months = [month + -step for step in reversed(range(TREND_MONTHS)) if month + -step in known]
    names = ["month", "index", "low95", "high95", "answers", "mean_3", "mean_12"]
    return pd.DataFrame([_trend_row(one, answers) for one in months], columns=names).round(6)


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


def _answers_of(counts: MonthCounts, level: Level, entity_id: str) -> Answers:
    """The index of every answer of one entity and month, and how often each occurs (by manager)."""
    values = counts.values[counts.values["figure"] == INDEX_VALUES]
    own = values if level == "organisation" else values[values[f"{level}_id"] == entity_id]
    return own["value"].to_numpy(dtype="float64") / TEN_THOUSANDTHS, own["count"].to_numpy(dtype="int64")


def _answers(counts: MonthCounts) -> dict[tuple[Level, str], Answers]:
    """`_answers_of` every entity of a month."""
    values = counts.values[counts.values["figure"] == INDEX_VALUES]
    found: dict[tuple[Level, str], Answers] = {}
    for level in LEVELS:
        for entity, group in with_entity(values, level).groupby("entity_id"):
            points = group["value"].to_numpy(dtype="float64") / TEN_THOUSANDTHS
            found[level, str(entity)] = (points, group["count"].to_numpy(dtype="int64"))
    return found
