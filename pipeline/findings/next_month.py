"""Part (四) of the report in sentences: what next month will bring, what drives it, how far to trust it.

Numbers are those of `forecast.csv` and of the track record, in the rounding of the sheets.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd

from pipeline.base.calendar import FESTIVAL_MONTHS, Month, knows_season
from pipeline.base.frames import records
from pipeline.contract.figure import Figure, Level
from pipeline.contract.foreseen import measures_told
from pipeline.contract.show import percent_text, value_text, within_sentence
from pipeline.findings.stopped import REASONS, base_text, left_out_texts, stopped_text
from pipeline.words import Words
from schemas.profile import SOLD

FEW_FORECASTS = 3  # fewer than these are no track record
LEVEL_GROWTH_PERCENT = 1.0  # a change smaller than this is "about the same"
MUCH_WEAKER = 3.0  # times as much a year ago: this year goes the same way, but not for that reason alone
SEASON_PERCENT = 3.0  # a smaller change between two months of the year before is no season
TOGETHER = ("common_fall", "common_rise")  # as the method of `forecast.csv` names it
YOUNG_MONTHS = 6  # customers with fewer months are new
_DRIVEN_BY = {
    "seldom": "driven_by_orders",
    "rhythm": "driven_by_orders",
    "straight": "driven_by_line",
    "of_parts": "driven_by_parts",
}


@dataclass(frozen=True)
class Outlook:
    """What is told of: one entity. `forecast` has the columns of `forecast.csv`, `track` those of the track record;
    rows of other entities may be there and are passed over. `metrics` are the entity's by figure, in METRIC_COLUMNS;
    `all_metrics` those of its managers, too, and `history` its values by figure and month. `incomplete` are
    the months (level, entity_id, month) in which a manager of it had not reported. `measures` are what is forecast.
    `below` has the forecasts of customers where they do not stand in `forecast`.
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
    all_metrics: pd.DataFrame | None = None
    history: pd.DataFrame | None = None
    incomplete: pd.DataFrame | None = None
    measures: tuple[str, ...] = SOLD
    below: pd.DataFrame | None = None

    @cached_property
    def told(self) -> tuple[str, ...]:
        """The measures that the entity has ever had any of."""
        return measures_told(self.forecast, self.level, self.entity_id, self.measures)

    @property
    def main(self) -> str:
        """What is told of first: a count; money comes after it."""
        return self.told[0]

    @property
    def main_label(self) -> str:
        """What is told of first, within a sentence."""
        figure = self.declared[self.main]
        return self.words.pick(figure.zh, within_sentence(figure.en))

    @cached_property
    def forecasts(self) -> dict[str, dict[Any, Any]]:
        """The entity's forecasts, by measure."""
        return {str(row["measure"]): row for row in self._own(self.forecast)}

    @cached_property
    def record(self) -> dict[str, dict[Any, Any]]:
        """The track record of the entity's volume, by source."""
        return {str(row["source"]): row for row in self._own(self.track) if row["measure"] == self.main}

    @cached_property
    def unreported(self) -> tuple[str, ...]:
        """The managers below whose sales of the month are not known."""
        if self.level == "manager" or self.all_metrics is None:
            return ()
        rows = self.forecast[(self.forecast["level"] == "manager") & (self.forecast["measure"] == self.main)]
        known = self._known_months(self.main)
        return tuple(sorted(str(one) for one in rows["entity_id"] if str(one) not in known))

    def _known_months(self, measure: str) -> dict[str, float]:
        """This month of each manager whose sales are known."""
        frame = self.all_metrics
        if frame is None:
            return {}
        rows = frame[(frame["level"] == "manager") & (frame["figure"] == measure) & frame["value"].notna()]
        return {str(one): float(value) for one, value in zip(rows["entity_id"], rows["value"], strict=True)}

    def compared(self, measure: str) -> tuple[float, float] | None:
        """The forecast and the month that it is compared with: of those managers and customers only whose month is
        known."""
        if self.unreported:
            known = self._known_months(measure)
            rows = self.forecast[(self.forecast["level"] == "manager") & (self.forecast["measure"] == measure)]
            there = rows[rows["entity_id"].isin(list(known)) & rows["forecast"].notna()]
            told = (
                there["forecast"] - there["unreported"].fillna(0.0) if "unreported" in there else there["forecast"]
            )
            return float(told.sum()), sum(known[str(one)] for one in there["entity_id"])
        now, row = self.metrics.get(measure), self.forecasts.get(measure)
        if now is None or row is None or pd.isna(now["value"]) or pd.isna(row["forecast"]):
            return None
        return float(row["forecast"]) - (self.of_unreported(measure) or 0.0), float(now["value"])

    def of_unreported(self, measure: str) -> float | None:
        """How much of the entity's forecast is of single customers that were not reported; None where nothing is."""
        told = self.forecasts.get(measure, {}).get("unreported")
        return None if told is None or pd.isna(told) else float(told)

    @cached_property
    def customers(self) -> pd.DataFrame:
        """The forecasts of customers' volumes, where they are there."""
        rows = self.forecast if self.below is None or self.below.empty else self.below
        return rows[(rows["level"] == "customer") & (rows["measure"] == self.main)]

    def volume_of(self, month: Month) -> float | None:
        """The entity's volume of a month, as history has it; None where a manager's is not in it."""
        if self.history is None or self.history.empty or self._is_incomplete(month):
            return None
        own = (self.history["level"] == self.level) & (self.history["entity_id"] == self.entity_id)
        rows = self.history[own & (self.history["figure"] == self.main) & (self.history["month"] == str(month))]
        return None if rows.empty or pd.isna(rows["value"].iloc[0]) else float(rows["value"].iloc[0])

    def _is_incomplete(self, month: Month) -> bool:
        return self.incomplete is not None and any(
            str(one["month"]) == str(month) for one in self._own(self.incomplete)
        )

    def _own(self, frame: pd.DataFrame) -> list[dict[Any, Any]]:
        return records(frame[(frame["level"] == self.level) & (frame["entity_id"] == self.entity_id)])

    def shown(self, measure: str, value: float) -> str:
        """A measure's value as sentences show it, with its unit."""
        return value_text(value, self.declared[measure], self.words)


def next_month_part(outlook: Outlook) -> list[str]:
    """(四) what is expected, what drives it, how far to trust it; one sentence where there is no forecast."""
    words = outlook.words
    expected = [text for measure in outlook.told if (text := _expected(outlook, measure))]
    if not expected:
        return [words("next_month.none", name=outlook.name)]
    parts = [
        *expected,
        _missing(outlook),
        _missing_customers(outlook),
        _driver(outlook),
        *moved_by(outlook),
        _own_outlook(outlook),
        _trust(outlook),
    ]
    return [text for text in parts if text]


def _missing(outlook: Outlook) -> str:
    """That the months of some managers are not known, and what that means."""
    if not outlook.unreported:
        return ""
    rows = outlook.forecast[outlook.forecast["entity_id"].isin(outlook.unreported)]
    theirs = rows[(rows["level"] == "manager") & (rows["measure"] == outlook.main)]["forecast"].sum()
    return outlook.words(
        "next_month.missing", count=len(outlook.unreported), value=outlook.shown(outlook.main, float(theirs))
    )


def _missing_customers(outlook: Outlook) -> str:
    """That single customers were not reported, and what that means."""
    own = outlook.of_unreported(outlook.main)
    if own is None:
        return ""
    return outlook.words("next_month.missing_customers", value=outlook.shown(outlook.main, own))


def moved_by(outlook: Outlook) -> list[str]:
    """What moves the volume of next month against this one: that all went together this month, the season, new
    customers, who stopped or came back.

    Of a region and a manager also what customers' own months had that is not carried on: pauses, freak orders, goods
    sent back, old levels.
    """
    moved = (_together(outlook), _season(outlook), _new_customers(outlook), _stopped(outlook))
    return [text for text in (*moved, *left_out_texts(outlook.customers, outlook.words)) if text]


def _together(outlook: Outlook) -> str:
    """That nearly all fell or rose at once this month, which the forecast takes for an exception."""
    row = outlook.forecasts.get(outlook.main)
    ways = [] if row is None else str(row["method"]).split("+")
    return next((outlook.words(f"next_month.{one}") for one in TOGETHER if one in ways), "")


def _season(outlook: Outlook) -> str:
    """How the same two months of the year before went, where they went the forecast's way."""
    before = outlook.volume_of(outlook.month + -12), outlook.volume_of(outlook.month + -11)
    compared = outlook.compared(outlook.main)
    if before[0] is None or before[1] is None or before[0] <= 0 or compared is None or compared[1] <= 0:
        return ""
    then, now = 100 * (before[1] / before[0] - 1), 100 * (compared[0] / compared[1] - 1)
    if abs(then) < SEASON_PERCENT:
        return ""
    words = outlook.words
    direction = words(f"next_month.rose_{'up' if then > 0 else 'down'}", percent=percent_text(abs(then), words))
    first, second = (_month_text(outlook.month + step, words) for step in (-12, -11))
    return words(
        f"next_month.{_course(then, now)}",
        first=first,
        second=second,
        direction=direction,
        label=outlook.main_label,
    )


def _course(then: float, now: float) -> str:
    """How this year's change is told beside last year's, both in %."""
    if then * now < 0 or abs(now) < LEVEL_GROWTH_PERCENT:
        return "season_against"
    return "season_weaker" if abs(then) > MUCH_WEAKER * abs(now) else "season"


def _new_customers(outlook: Outlook) -> str:
    """Customers that came lately; where the history itself is as short nobody can be told to be new."""
    own, rows = outlook.forecasts.get(outlook.main), outlook.customers
    if own is None or own["months_of_history"] < YOUNG_MONTHS:
        return ""
    young = rows[(rows["months_of_history"] < YOUNG_MONTHS) & (rows["forecast"] > 0)]
    if young.empty:
        return ""
    value = outlook.shown(outlook.main, float(young["forecast"].sum()))
    return outlook.words("next_month.new_customers", count=len(young), months=YOUNG_MONTHS, value=value)


def _stopped(outlook: Outlook) -> str:
    if outlook.customers.empty and outlook.level != "manager":
        return base_text(outlook.metrics, outlook.words)
    return stopped_text(outlook.customers, outlook.words)


def _own_outlook(outlook: Outlook) -> str:
    """What the managers expect themselves, where all gave it."""
    row = outlook.forecasts.get(outlook.main)
    own = None if row is None else row.get("outlook")
    if own is None or pd.isna(own):
        return ""
    assert row is not None
    value = outlook.shown(outlook.main, float(own))
    for key, name, side in (("above", "high95", 1), ("below", "low95", -1)):
        bound = float(row.get(name, np.nan))
        if side * (float(own) - bound) > 0:
            return outlook.words(
                f"next_month.own_outlook_{key}", value=value, bound=outlook.shown(outlook.main, bound)
            )
    return outlook.words("next_month.own_outlook", value=value)


def _expected(outlook: Outlook, measure: str) -> str:
    """The forecast against this month, with its 80 % interval where that has any width."""
    row = outlook.forecasts.get(measure)
    if row is None or pd.isna(row["forecast"]):
        return ""
    words = outlook.words
    figure = outlook.declared[measure]
    low, high = (outlook.shown(measure, float(row[name])) for name in ("low80", "high80"))
    return words(
        "next_month.expected" if low != high else "next_month.expected_alone",
        month=_month_text(outlook.month + 1, words),
        name=outlook.name,
        label=words.pick(figure.zh, figure.en),
        value=outlook.shown(measure, float(row["forecast"])),
        change=_change(outlook, measure),
        low=low,
        high=high,
    )


def _change(outlook: Outlook, measure: str) -> str:
    compared = outlook.compared(measure)
    if compared is None or compared[1] <= 0:
        return ""
    forecast, base = compared
    growth = 100 * (forecast - base) / base
    if abs(growth) < LEVEL_GROWTH_PERCENT:
        return outlook.words("next_month.level")
    key = ("up" if growth > 0 else "down") + ("_of_known" if outlook.unreported else "")
    return outlook.words(f"next_month.{key}", percent=percent_text(abs(growth), outlook.words))


def _driver(outlook: Outlook) -> str:
    """What moves the forecast, as far as the method tells: Spring Festival, the season, the trend."""
    row = outlook.forecasts.get(outlook.main)
    if row is None or str(row["method"]) in REASONS:  # nothing is expected, and it is told of whom
        return ""
    words, method, months = outlook.words, str(row["method"]), int(row["months_of_history"])
    for festival, key in (("spring_festival", "festival"), ("mid_autumn", "mid_autumn")):
        if festival in method and (outlook.month + 1).month in FESTIVAL_MONTHS[festival]:
            return words(f"next_month.driven_by_{key}", months=months)
    if method.startswith("structural"):
        return words(f"next_month.driven_by_{'season' if knows_season(months) else 'trend'}", months=months)
    return words(f"next_month.{_DRIVEN_BY.get(method.split('+')[0], 'short_history')}", months=months)


def _trust(outlook: Outlook) -> str:
    """The track record: how far past forecasts were off, beside last year's month where that is of the same months."""
    words = outlook.words
    model = outlook.record.get("model")
    if model is None or int(model["forecasts"]) < FEW_FORECASTS or pd.isna(model["wape"]):
        return words("next_month.no_record")
    naive = outlook.record.get("last_year")
    text = words(
        "next_month.record",
        count=int(model["forecasts"]),
        label=outlook.main_label,
        wape=percent_text(float(model["wape"]), words),
    )
    if naive is None or pd.isna(naive["wape"]) or naive["forecasts"] != model["forecasts"]:
        return text + words("next_month.stop")
    beside = words("next_month.beside_last_year", wape=percent_text(float(naive["wape"]), words))
    return text + beside + words("next_month.stop")


def _month_text(month: Month, words: Words) -> str:
    return words("next_month.month", year=month.year, month=month.month)
