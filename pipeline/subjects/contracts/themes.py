"""The theme of contracts: what is signed is short of its target, and who is furthest behind."""

from pipeline.contract.page_one import PageFinding
from pipeline.findings.causes import loser, money_fact
from pipeline.findings.contributions import by_unit
from pipeline.findings.page import Page

SIGNED, WEIGHTED = "contract_amount", "weighted_pipeline"
_TARGET = "target_low"


def contracts(page: Page) -> PageFinding | None:
    """The amount signed short of its target, who is furthest behind, and what the pipeline holds against it."""
    completion, limit = page.story.number(SIGNED, "completion"), page.story.profile.thresholds.get(_TARGET)
    if completion is None or limit is None or completion >= limit:
        return None
    shown, told = page.shown(SIGNED), by_unit(page, SIGNED, "target")
    if told is None:
        return None
    gap = money_fact(page, page.say("fact.contracts_gap"), told.change, SIGNED)
    reached = page.percent(page.say("fact.contracts_completion"), completion)
    cause = loser(page, told, SIGNED)
    ahead = page.shown(WEIGHTED) if page.story.number(WEIGHTED) is not None else None
    return PageFinding(
        "contracts",
        page.say("contracts.short", value=shown.text, gap=gap.text, completion=reached.text),
        cause=cause.text + (page.say("contracts.ahead", value=ahead.text) if ahead else ""),
        todo=page.say("contracts.todo"),
        owner=cause.owner(page),
        due=page.due("month"),
        weight=min(100.0, 100 - completion),
        sheet="contracts",
        facts=(shown, gap, reached, *((ahead,) if ahead else ()), *cause.facts),
    )


THEMES = {"contracts": contracts}
