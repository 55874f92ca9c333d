"""A region's page one, built by hand from a few numbers: nothing is counted here."""

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from pipeline.base.calendar import Month
from pipeline.contract.figure import Level
from pipeline.contract.report import METRIC_COLUMNS
from pipeline.contract.trade import load_profile, words_of
from pipeline.figures.catalogue import all_figures
from pipeline.findings.page import Page, page_of
from pipeline.findings.story import Story
from pipeline.findings.text import FINDING_COLUMNS
from pipeline.words import Language

JUNE = Month(2024, 6)
NAMES = {"M1": "胡明", "M2": "刘文博", "M3": "陈静"}
Numbers = Mapping[str, float]
# (entity, figure): numbers by column; the entity "R1" is the region itself.
Given = Mapping[tuple[str, str], Numbers]
_FORECAST = ("level", "entity_id", "measure", "forecast", "low80", "high80", "method")


def sales(value: float, target: float | None = None, before: float | None = None, **more: float) -> Numbers:
    """An amount with its target and last year's, everybody known."""
    numbers: dict[str, float] = {"value": value, "comparable": value, **more}
    if target is not None:
        numbers |= {"target": target, "target_comparable": target, "completion": 100 * value / target}
    if before is not None:
        numbers |= {"last_year": before, "last_year_comparable": before, "comparable_last_year": value,
                    "yoy": 100 * (value / before - 1)}  # fmt: skip
    return numbers


def page(
    given: Given,
    *,
    details: Mapping[str, pd.DataFrame] | None = None,
    history: Mapping[str, Sequence[float | None]] | None = None,
    forecast: Sequence[Any] = (),
    month: Month = JUNE,
    language: Language = "zh",
    level: Level = "region",
    trade: str = "tobacco",
) -> Page:
    """A region's page, of tobacco or another trade. `history` gives a figure's values month by month, the one before
    `month` last; `forecast` is (measure, forecast, low80, high80)."""
    profile = load_profile(trade, {})
    figures = all_figures(profile)
    entity = {"manager": "M1", "region": "R1", "organisation": "ALL"}[level]
    rows = [
        {"month": str(month), "level": level if who == entity else "region" if who.startswith("R") else "manager",
         "entity_id": who, "figure": figure, **numbers}
        for (who, figure), numbers in given.items()
    ]  # fmt: skip
    metrics = pd.DataFrame(rows, columns=list(METRIC_COLUMNS))
    story = Story(
        month, level, entity, NAMES.get(entity, "城东"), metrics,
        pd.DataFrame(columns=list(FINDING_COLUMNS)), dict(details or {}),
        figures, profile, words_of(language, profile), {}, NAMES,
    )  # fmt: skip
    past = [
        (str(month + (back - len(values))), level, entity, figure, value)
        for figure, values in (history or {}).items()
        for back, value in enumerate(values)
    ]
    names = [("region", "R1", "城东区"), ("region", "R2", "城西区"), *(("manager", *one) for one in NAMES.items())]
    ahead = [(level, entity, *forecast, "structural")] if forecast else []
    return page_of(
        story,
        pd.DataFrame(past, columns=["month", "level", "entity_id", "figure", "value"]),
        pd.DataFrame(ahead, columns=list(_FORECAST)),
        pd.DataFrame(names, columns=["level", "entity_id", "name"]),
    )


def brands(*rows: tuple[str, float, float]) -> dict[str, pd.DataFrame]:
    """Sales by brand: name, amount now, amount last year."""
    frame = pd.DataFrame(rows, columns=["brand", "amount_yuan", "amount_yuan_last_year"])
    return {"sales_by_brand": frame}


def missing(**managers: str) -> dict[str, pd.DataFrame]:
    """Who has not sent a form (managers by form), with the share of last month that sales were."""
    rows = [
        {"level": "region", "entity_id": "R1", "form": form, "managers": who, "missing": who.count(",") + 1,
         "in_office": 3, "share_previous": 12.34 if form == "sales" else float("nan"), "share_last_year": float("nan")}
        for form, who in managers.items()
    ]  # fmt: skip
    return {"missing_reports": pd.DataFrame(rows)}
