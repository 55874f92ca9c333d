"""The theme of what customers think: satisfaction."""

from itertools import pairwise

import pandas as pd

from pipeline.base.frames import records
from pipeline.contract.page_one import Fact, PageFinding
from pipeline.findings.below_last_year import below_last_year
from pipeline.findings.page import Page

INDEX = "satisfaction"
_POINTS = 100


def satisfaction(page: Page) -> PageFinding | None:
    """A fall of the index that is no accident, and the dimension that drove it."""
    fall = _fall(page)
    if fall is None:
        return None
    against, points = fall
    index = page.shown(INDEX)
    fell = page.fact(page.say("fact.points", figure=page.label(INDEX), against=page.say(f"against.{against}")), points,
                     INDEX)  # fmt: skip
    cause, facts = _dimension(page, "previous" if against == "previous" else "last_year")
    owner = _deepest_unit(page)
    return PageFinding(
        "satisfaction",
        page.say("satisfaction.fell", index=index.text, against=page.say(f"against.{against}"), points=fell.text),
        _since(page, against),
        cause,
        page.say("satisfaction.todo"),
        owner,
        page.due("month"),
        points,
        "satisfaction",
        (index, fell, *facts),
    )


def _since(page: Page, against: str) -> str:
    """For how long it has fallen against what the fall is told: month by month, or below last year; of the slope over
    twelve months its words say it."""
    if against == "previous":
        return page.since(_steps(page), lambda step: step < 0)
    return below_last_year(page, INDEX) if against == "last_year" else ""


def _steps(page: Page) -> list[float | None]:
    course = page.course(INDEX)
    return [None if now is None or then is None else now - then for then, now in pairwise(course)]


def _fall(page: Page) -> tuple[str, float] | None:
    """Against what the index fell for sure, and by how many points: last month, last year, or month by month."""
    rows = page.story.details.get("satisfaction_change")
    answers = page.story.number(INDEX, "denominator") or 0.0
    if rows is None or rows.empty or answers < page.story.profile.least_count or INDEX not in page.story.declared:
        return None
    row = records(rows)[0]
    falls = {
        "previous": -row["difference"] if row["significant"] else 0.0,
        "last_year": -row["yoy_difference"] if row["yoy_significant"] else 0.0,
        "slope": -row["slope"] if row["slope_significant"] else 0.0,
    }
    known = {name: float(fall) for name, fall in falls.items() if not pd.isna(fall) and fall > 0}
    against = next((name for name in falls if name in known), None)
    return None if against is None else (against, known[against])


def _dimension(page: Page, against: str) -> tuple[str, tuple[Fact, ...]]:
    """The dimension whose weighed fall is a greater part of all falls than its weight is of all weights."""
    frame = page.story.details.get("satisfaction_by_dimension")
    if frame is None or f"score_{against}" not in frame:
        return "", ()
    like = f"score_like_{against}"
    scores = frame.set_index("dimension")
    now, before = scores[like if like in scores else "score"], scores[f"score_{against}"]
    weights = pd.Series(dict(page.story.profile.satisfaction_weights)).reindex(scores.index).fillna(0.0)
    weighed = ((before - now) * weights).dropna().clip(lower=0)
    if weighed.empty or not weighed.sum():
        return "", ()
    most = str(weighed.idxmax())
    share, base = _POINTS * weighed[most] / weighed.sum(), _POINTS * weights[most] / weights.sum()
    if share <= base:
        return "", ()
    column = page.story.profile.forms["satisfaction"].column(most)
    name = page.words.pick(column.zh, column.en.lower())
    values = (now[most], before[most])
    facts = [Fact(page.say(f"fact.score_{side}", name=name), float(value), "分", 2, f"{value:.2f}")
             for side, value in zip(("now", "before"), values, strict=True)]  # fmt: skip
    part = page.percent(page.say("fact.fall_share", name=name), float(share))
    text = page.say(
        "satisfaction.dimension",
        name=name,
        against=page.say(f"against.{against}"),
        now=facts[0].text,
        before=facts[1].text,
        share=part.text,
    )
    return text, (*facts, part)


def _deepest_unit(page: Page) -> str:
    """Who answers for the one below whose index fell most, of those with enough answers."""
    falls: dict[str, float] = {}
    for code in page.units:
        change, n = page.of(page.unit_level, code, INDEX, "change"), page.of(page.unit_level, code, INDEX, "n")
        if change is not None and n is not None and n >= page.story.profile.least_count and change < 0:
            falls[code] = change
    return page.unit_owner(min(falls, key=lambda code: falls[code])) if falls else page.own_owner


THEMES = {"satisfaction": satisfaction}
