"""The theme of contracts: what is signed is short of its target, and who is furthest behind."""

from pipeline.contract.page_one import PageFinding
from pipeline.findings.page import Page

SIGNED, WEIGHTED = "contract_amount", "weighted_pipeline"
_TARGET = "target_low"


def contracts(page: Page) -> PageFinding | None:
    """The amount signed short of its target, who is furthest behind, and what the pipeline holds against it."""
    completion, limit = page.story.number(SIGNED, "completion"), page.story.profile.thresholds.get(_TARGET)
    target = page.story.number(SIGNED, "target_comparable")
    if completion is None or limit is None or not target or completion >= limit:
        return None
    shown = page.shown(SIGNED)
    gap = page.fact(page.say("fact.contracts_gap"), target - shown.value * _scale(page, shown.unit), SIGNED)
    reached = page.percent(page.say("fact.contracts_completion"), completion)
    behind, code = _furthest_behind(page)
    ahead = page.shown(WEIGHTED) if page.story.number(WEIGHTED) is not None else None
    return PageFinding(
        "contracts",
        page.say("contracts.short", value=shown.text, gap=gap.text, completion=reached.text),
        cause=behind + (page.say("contracts.ahead", value=ahead.text) if ahead else ""),
        todo=page.say("contracts.todo"),
        owner=page.unit_owner(code) if code else page.own_owner,
        due=page.due("month"),
        weight=min(100.0, 100 - completion),
        sheet="contracts",
        facts=(shown, gap, reached, *((ahead,) if ahead else ())),
    )


def _scale(page: Page, unit: str) -> float:
    """Yuan in a unit of money."""
    return (10_000 if page.words.language == "zh" else 1_000) if unit == "万元" else 1


def _furthest_behind(page: Page) -> tuple[str, str]:
    """Who is most short of its own target; nobody where there is but one below, or none is short."""
    gaps = {}
    for code in page.units:
        target = page.of(page.unit_level, code, SIGNED, "target_comparable")
        value = page.of(page.unit_level, code, SIGNED)
        if target is not None and value is not None and target > value:
            gaps[code] = target - value
    if len(page.units) < 2 or not gaps:
        return "", ""
    code = max(gaps, key=lambda one: (gaps[one], one))
    gap = page.fact(page.say("fact.contracts_gap"), gaps[code], SIGNED)
    return page.say("contracts.behind", name=page.unit_name(code), gap=gap.text), code


THEMES = {"contracts": contracts}
