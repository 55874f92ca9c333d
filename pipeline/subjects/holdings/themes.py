"""The theme of AUM: short of its target, or fallen since last month, and where most."""

from pipeline.contract.page_one import PageFinding
from pipeline.findings.page import Page

AUM = "aum"
_TARGET, _FALL = "target_low", "aum_fall"


def aum(page: Page) -> PageFinding | None:
    """AUM that fell by no little since last month, else that is short of its target; who has lost most."""
    limits = page.story.profile.thresholds
    change, completion = page.story.number(AUM, "change"), page.story.number(AUM, "completion")
    fell = change is not None and _FALL in limits and -change > limits[_FALL]
    short = completion is not None and _TARGET in limits and completion < limits[_TARGET]
    if not (fell or short):
        return None
    shown = page.shown(AUM)
    told = page.percent(
        page.say("fact.aum_change" if fell else "fact.aum_completion"),
        float((abs(change or 0.0)) if fell else completion or 0.0),
    )
    most, code = _most_fallen(page)
    return PageFinding(
        "aum",
        page.say("aum.fell" if fell else "aum.short", value=shown.text, share=told.text),
        cause=most,
        todo=page.say("aum.todo"),
        owner=page.unit_owner(code) if code else page.own_owner,
        due=page.due("month"),
        weight=min(100.0, 10 * abs(change or 0.0) if fell else 100 - float(completion or 0.0)),
        sheet="develop",
        facts=(shown, told),
    )


def _most_fallen(page: Page) -> tuple[str, str]:
    """Of whom AUM fell most, in words and by code; nobody where there is but one below, or none fell."""
    falls = {code: -(page.of(page.unit_level, code, AUM, "change") or 0.0) for code in page.units}
    if len(falls) < 2 or max(falls.values(), default=0.0) <= 0:
        return "", ""
    code = max(falls, key=lambda one: (falls[one], one))
    share = page.percent(page.say("fact.aum_change_of", name=page.unit_name(code)), falls[code])
    return page.say("aum.of", name=page.unit_name(code), share=share.text), code


THEMES = {"aum": aum}
