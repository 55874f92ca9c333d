"""A target that is met, told as what went well. Free of any subject."""

from pipeline.contract.page_one import Contributions, Fact, PageFinding
from pipeline.findings.causes import money_fact
from pipeline.findings.contributions import by_unit, gains, held_figure
from pipeline.findings.page import Page

NEAR = 99.5  # % of a target: what rounds to it is no gap worth a finding
THEME = "target"


def praised_target(page: Page) -> PageFinding | None:
    """The target of a trade that has no theme of its own for it, where it is met."""
    figure = "" if THEME in page.story.profile.page_one.themes else held_figure(page)
    told = by_unit(page, figure, "target") if figure else None
    completion = page.story.number(figure, "completion") if figure else None
    if told is None or completion is None or completion < NEAR:
        return None
    return target_met(page, told, page.percent(page.say("fact.completion", figure=page.label(figure)), completion))


def target_met(page: Page, told: Contributions, done: Fact) -> PageFinding:
    """That the target is met, and who carries it."""
    label = page.label(told.figure)
    gap = money_fact(page, page.say("fact.gap", figure=label), told.change, told.figure)
    carrier = next(iter(gains(told)), None)
    facts, cause = [done] if told.change == 0 else [gap, done], ""
    if carrier and len(told.parts) > 1:
        over = money_fact(page, page.say("fact.over_of", name=carrier.name), carrier.change, told.figure)
        cause, facts = page.say("met.carrier", name=carrier.name, over=over.text), [*facts, over]
    side = "over" if told.change >= 0 else "nearly"
    what = page.say(f"met.{side}", figure=label, gap=gap.text, completion=done.text)
    return PageFinding(THEME, what, cause=cause, sheet="why", facts=tuple(facts), is_good=True)
