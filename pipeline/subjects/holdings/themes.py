"""The theme of AUM: short of its target, or fallen since last month, and who makes it."""

from pipeline.contract.page_one import Against, Fact, PageFinding
from pipeline.findings.causes import loser, money_fact
from pipeline.findings.contributions import by_unit
from pipeline.findings.page import Page

AUM = "aum"
_TARGET, _FALL = "target_low", "aum_fall"


def aum(page: Page) -> PageFinding | None:
    """AUM that fell by no little since last month, else that is short of its target; who makes that gap."""
    limits = page.story.profile.thresholds
    change, completion = page.story.number(AUM, "change"), page.story.number(AUM, "completion")
    if change is not None and _FALL in limits and -change > limits[_FALL]:
        return _fell(page, -change)
    if completion is not None and _TARGET in limits and completion < limits[_TARGET]:
        return _short(page, completion)
    return None


def _fell(page: Page, rate: float) -> PageFinding | None:
    return _told(page, "previous", "fell", page.percent(page.say("fact.aum_change"), rate), 10 * rate)


def _short(page: Page, completion: float) -> PageFinding | None:
    done = page.percent(page.say("fact.aum_completion"), completion)
    return _told(page, "target", "short", done, 100 - completion)


def _told(page: Page, against: Against, key: str, share: Fact, weight: float) -> PageFinding | None:
    """The gap in money with its share, and who makes it."""
    told = by_unit(page, AUM, against)
    if told is None:
        return None
    shown, gap = page.shown(AUM), money_fact(page, page.say(f"fact.aum_{key}"), told.change, AUM)
    cause = loser(page, told, AUM)
    return PageFinding(
        "aum",
        page.say(f"aum.{key}", value=shown.text, gap=gap.text, share=share.text),
        cause=cause.text,
        todo=page.say("aum.todo"),
        owner=cause.owner(page),
        due=page.due("month"),
        weight=min(100.0, weight),
        sheet="develop",
        facts=(shown, gap, share, *cause.facts),
    )


THEMES = {"aum": aum}
