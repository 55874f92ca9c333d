"""The theme of visits: what was planned and not done, whom nobody saw, and whose part of it is more than its own."""

from functools import partial

from pipeline.contract.page_one import Fact, PageFinding
from pipeline.findings.causes import Cause, part_of, parts_below
from pipeline.findings.page import Page
from pipeline.findings.themes import Single

PLAN, COVERAGE = "plan_completion", "coverage"


def visits(page: Page) -> PageFinding | None:
    """Planned visits that were not made, or customers not visited: of the two the one further below its limit."""
    low = [found for key in (PLAN, COVERAGE) if (found := page.below_limit(key)) is not None]
    if not low:
        return None
    key, limit, value = max(low, key=lambda one: one[1] - one[2])
    missed = (page.story.number(key, "denominator") or 0.0) - (page.story.number(key, "numerator") or 0.0)
    shown = page.shown(key)
    bound = page.percent(page.say("fact.limit", figure=page.label(key)), limit)
    undone = page.count(page.say(f"fact.missed_{key}"), missed, page.say_unit(key))
    sister, sister_facts = _sister(page, key)
    cause = _largest_part(page, key)
    return PageFinding(
        "visits",
        page.say("visits.low", figure=page.label(key), value=shown.text, limit=bound.text,
                 missed=page.say(f"visits.missed_{key}", count=undone.text)),
        page.since_below(key, limit),
        cause.text,
        page.say(f"visits.todo_{key}"),
        cause.owner(page),
        page.due("month"),
        _unvisited(page, value),
        "visits",
        (shown, bound, undone, *sister_facts, *cause.facts),
        beside=sister,
    )  # fmt: skip


def _unvisited(page: Page, value: float) -> float:
    """The share of customers that nobody saw; where nobody counts them, of visits not made."""
    coverage = page.story.number(COVERAGE)
    return 100 - (value if coverage is None else coverage)


def _sister(page: Page, key: str) -> tuple[str, tuple[Fact, ...]]:
    """The other of the two rates: the good half never stands alone, nor the bad."""
    other = COVERAGE if key == PLAN else PLAN
    if page.story.number(other) is None:
        return "", ()
    shown = page.shown(other)
    return page.say("visits.sister", figure=page.label(other), value=shown.text), (shown,)


def _largest_part(page: Page, key: str) -> Cause:
    """Whose part of what was not done is above its part of what was to be done; nobody's where none is."""
    known = parts_below(page, (key, "numerator"), (key, "denominator"))
    parts = {code: (due - done, due) for code, (done, due) in known.items()}
    undone = {
        code: page.count(page.say("fact.undone_of", name=page.unit_name(code)), part[0], page.say_unit(key))
        for code, part in parts.items()
    }
    return part_of(page, parts, undone, key)


def _offences(page: Page, offence: str) -> int:
    visits = page.frame("visit_offences")
    return 0 if visits.empty else int(visits.loc[visits["offence"] == offence, "customer_id"].nunique())


THEMES = {"visits": visits}
SINGLES = tuple(
    Single(f"{offence}_offence", "offences", "户", partial(_offences, offence=offence))
    for offence in ("law", "price")
)
