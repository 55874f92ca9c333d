"""Part (四) of the report in sentences: what next month will bring, what drives it, how far to trust it.

Numbers are those of `forecast.csv` and of the track record, in the rounding of the sheets.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import pandas as pd

from pipeline.calendar import Month
from pipeline.figures.declare import Figure, Level
from pipeline.figures.show import percent_text, value_text
from pipeline.frames import records
from pipeline.words import Words

FEW_FORECASTS = 3  # fewer than these are no track record
LEVEL_GROWTH_PERCENT = 1.0  # a change smaller than this is "about the same"
_MEASURES = ("volume", "amount")


@dataclass(frozen=True)
class Outlook:
    """What is told of: one entity. `forecast` has the columns of `forecast.csv`, `track` those of the track record;
    rows of other entities may be there and are passed over. `metrics` are the entity's by figure, in METRIC_COLUMNS.
    """

    month: Month
    level: Level
    entity_id: str
    name: str
    metrics: Mapping[str, Mapping[str, Any]]
    forecast: pd.DataFrame
    track: pd.DataFrame
    declared: Mapping[str, Figure]
    words: Words

    @cached_property
    def forecasts(self) -> dict[str, dict[Any, Any]]:
        """The entity's forecasts, by measure."""
        return {str(row["measure"]): row for row in self._own(self.forecast)}

    @cached_property
    def record(self) -> dict[str, dict[Any, Any]]:
        """The track record of the entity's volume, by source."""
        return {str(row["source"]): row for row in self._own(self.track) if row["measure"] == "volume"}

    def _own(self, frame: pd.DataFrame) -> list[dict[Any, Any]]:
        return records(frame[(frame["level"] == self.level) & (frame["entity_id"] == self.entity_id)])

    def shown(self, measure: str, value: float) -> str:
        return value_text(value, self.declared[measure], self.words)


def next_month_part(outlook: Outlook) -> list[str]:
    """(四) what is expected, what drives it, how far to trust it; one sentence where there is no forecast."""
    words = outlook.words
    expected = [text for measure in _MEASURES if (text := _expected(outlook, measure))]
    if not expected:
        return [words("next_month.none", name=outlook.name)]
    parts = [*expected, _driver(outlook), _trust(outlook)]
    return [text for text in parts if text]


def _expected(outlook: Outlook, measure: str) -> str:
    """The forecast with its 80 % interval, against this month."""
    row = outlook.forecasts.get(measure)
    if row is None or pd.isna(row["forecast"]):
        return ""
    words = outlook.words
    figure = outlook.declared[measure]
    return words(
        "next_month.expected",
        month=_month_text(outlook.month + 1, words),
        name=outlook.name,
        label=words.pick(figure.zh, figure.en),
        value=outlook.shown(measure, float(row["forecast"])),
        change=_change(outlook, measure, float(row["forecast"])),
        low=outlook.shown(measure, float(row["low80"])),
        high=outlook.shown(measure, float(row["high80"])),
    )


def _change(outlook: Outlook, measure: str, forecast: float) -> str:
    now = outlook.metrics.get(measure)
    base = None if now is None or pd.isna(now["value"]) else float(now["value"])
    if base is None or base <= 0:
        return ""
    growth = 100 * (forecast - base) / base
    if abs(growth) < LEVEL_GROWTH_PERCENT:
        return outlook.words("next_month.level")
    key = "up" if growth > 0 else "down"
    return outlook.words(f"next_month.{key}", percent=percent_text(abs(growth), outlook.words))


def _driver(outlook: Outlook) -> str:
    """What moves the forecast, as far as the method tells: Spring Festival, the season, the trend."""
    row = outlook.forecasts.get("volume")
    if row is None:
        return ""
    words, method, months = outlook.words, str(row["method"]), int(row["months_of_history"])
    if "spring_festival" in method and (outlook.month + 1).month in (1, 2, 3):
        return words("next_month.driven_by_festival", months=months)
    if method.startswith("structural"):
        return words(
            "next_month.driven_by_season" if months >= 13 else "next_month.driven_by_trend", months=months
        )
    return words("next_month.short_history", months=months)


def _trust(outlook: Outlook) -> str:
    """The track record: how far past forecasts were off, beside last year's month."""
    words = outlook.words
    model = outlook.record.get("model")
    if model is None or int(model["forecasts"]) < FEW_FORECASTS or pd.isna(model["wape"]):
        return words("next_month.no_record")
    naive = outlook.record.get("last_year")
    text = words(
        "next_month.record", count=int(model["forecasts"]), wape=percent_text(float(model["wape"]), words)
    )
    if naive is None or pd.isna(naive["wape"]):
        return text + words("next_month.stop")
    beside = words("next_month.beside_last_year", wape=percent_text(float(naive["wape"]), words))
    return text + beside + words("next_month.stop")


def _month_text(month: Month, words: Words) -> str:
    return words("next_month.month", year=month.year, month=month.month)
