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
INDEX_VALUES = "satisfaction_low95"  # a figure whose counts hold the index of every answer

Answers = tuple[Floats, Counts]


def satisfaction_change(month: Month, counts: Mapping[Month, MonthCounts]) -> pd.DataFrame:
    """One row per level and entity_id with answers in the month: index, previous, difference (points),
    half_width of the difference's 95 % interval, significant (the interval excludes 0), answers."""
    before = _answers((counts[month + -1],)) if month + -1 in counts else {}
    rows = []
    for key, answers in _answers((counts[month],)).items():
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
    months = [month + -back for back in reversed(range(TREND_MONTHS)) if month + -back in counts]
    rows = [_trend_row(one, counts, (level, entity_id)) for one in months]
    names = ["month", "index", "low95", "high95", "answers", "mean_3", "mean_12"]
    return pd.DataFrame(rows, columns=names).round(6)


def _trend_row(
    month: Month, counts: Mapping[Month, MonthCounts], entity: tuple[Level, str]
) -> tuple[str | float, ...]:
    def answers_of(span: int) -> Answers | None:
        months = [counts[month + -back] for back in range(span) if month + -back in counts]
        return _answers(months, entity).get(entity)

    now, three, twelve = answers_of(1), answers_of(3), answers_of(12)
    means = [np.nan if answers is None else mean(*answers) for answers in (three, twelve)]
    if now is None:
        return (str(month), np.nan, np.nan, np.nan, 0, *means)
    index, width = mean(*now), half_width(*now)
    return (str(month), index, index - width, index + width, int(now[1].sum()), *means)


def _answers(
    months: Sequence[MonthCounts], only: tuple[Level, str] | None = None
) -> dict[tuple[Level, str], Answers]:
    """The index of every answer of some months as values and how often each occurs, by level and entity."""
    values = pd.concat([counts.values for counts in months], ignore_index=True)
    values = values[values["figure"] == INDEX_VALUES]
    found: dict[tuple[Level, str], Answers] = {}
    for level in LEVELS if only is None else (only[0],):
        keyed = with_entity(values, level)
        keyed = keyed if only is None else keyed[keyed["entity_id"] == only[1]]
        sums = keyed.groupby(["entity_id", "value"])["count"].sum().reset_index()
        for entity, group in sums.groupby("entity_id"):
            points = group["value"].to_numpy(dtype="float64") / TEN_THOUSANDTHS
            found[level, str(entity)] = (points, group["count"].to_numpy(dtype="int64"))
    return found
