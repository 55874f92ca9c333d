"""The theme of next month: what it is expected to bring, where that is less than a year ago or than was told."""

from collections.abc import Mapping
from typing import Any

import pandas as pd

from pipeline.base.frames import records
from pipeline.contract.foreseen import measures_told
from pipeline.contract.page_one import Fact, PageFinding
from pipeline.findings.page import Page


def forecast(page: Page) -> PageFinding | None:
    """Next month, where even the upper end of the 80 % band is below the same month last year, or this month left the
    band that it was given."""
    profile = page.story.profile
    told = measures_told(page.forecast, page.story.level, page.story.entity_id, profile.forecast_figures)
    money = profile.forecast_told
    figure = money if money in told and money in page.story.declared else told[0]
    row, past = _row(page.forecast, page, figure), _row(page.story.details.get("track_record"), page, figure)
    if row is None:
        return None
    then = page.in_month(figure, page.story.month + -11)
    facts = _band(page, figure, row)
    if then is not None and then > 0 and float(row["high80"]) < then:
        return _below(page, figure, row, then, facts)
    return _missed(page, figure, past, facts) if past else None


def _row(frame: pd.DataFrame | None, page: Page, figure: str) -> Mapping[Any, Any] | None:
    """The entity's row of a measure; of the track record that of the model."""
    if frame is None or frame.empty:
        return None
    own = frame[
        (frame["level"] == page.story.level)
        & (frame["entity_id"] == page.story.entity_id)
        & (frame["measure"] == figure)
    ]
    if "source" in own:
        own = own[own["source"] == "model"]
    found = records(own)
    return found[0] if found and _known(found[0], "forecast" if "low80" in own else "last_forecast") else None


def _known(row: Mapping[Any, Any], name: str) -> bool:
    return name in row and not pd.isna(row[name])


def _band(page: Page, figure: str, row: Mapping[Any, Any]) -> tuple[Fact, Fact, Fact]:
    label = page.label(figure)
    names = (("forecast", "forecast"), ("low80", "low"), ("high80", "high"))
    first, low, high = (
        page.fact(page.say(f"fact.{key}", figure=label), float(row[name]), figure) for name, key in names
    )
    return first, low, high


def _below(
    page: Page, figure: str, row: Mapping[Any, Any], then: float, facts: tuple[Fact, Fact, Fact]
) -> PageFinding:
    label = page.label(figure)
    base = page.fact(page.say("fact.next_last_year", figure=label), then, figure)
    ahead = page.story.month + 1
    month = page.words.pick(f"{ahead.month}月", str(ahead))
    return PageFinding(
        "forecast",
        page.say("forecast.below", month=month, figure=label, value=facts[0].text, low=facts[1].text,
                 high=facts[2].text, base=base.text),
        todo=page.say("forecast.todo"),
        owner=page.planner,
        due=page.due("soon"),
        weight=100 * (then - float(row["forecast"])) / then,
        sheet="forecast",
        facts=(*facts, base),
    )  # fmt: skip


def _missed(
    page: Page, figure: str, past: Mapping[Any, Any], facts: tuple[Fact, Fact, Fact]
) -> PageFinding | None:
    """This month below the band that was given for it a month ago."""
    if not (_known(past, "last_actual") and _known(past, "last_low80")) or past.get("last_moved") is True:
        return None  # where somebody moved since, what came of it is not the month's figure
    actual, low = float(past["last_actual"]), float(past["last_low80"])
    if actual >= low or not past["last_forecast"]:
        return None
    label = page.label(figure)
    told = page.fact(page.say("fact.last_forecast", figure=label), float(past["last_forecast"]), figure)
    bound = page.fact(page.say("fact.last_low", figure=label), low, figure)
    came = page.fact(label, actual, figure)
    return PageFinding(
        "forecast",
        page.say("forecast.missed", figure=label, actual=came.text, told=told.text, low=bound.text,
                 value=facts[0].text, low_next=facts[1].text, high_next=facts[2].text),
        todo=page.say("forecast.todo_missed"),
        owner=page.planner,
        due=page.due("soon"),
        weight=100 * (float(past["last_forecast"]) - actual) / float(past["last_forecast"]),
        sheet="forecast",
        facts=(came, told, bound, *facts),
    )  # fmt: skip


THEMES = {"forecast": forecast}
