"""The theme of needs: those that wait for their next step, and with whom."""

from pipeline.contract.page_one import PageFinding
from pipeline.findings.page import Page
from pipeline.findings.themes import Single

_UNIT = "个"


def needs(page: Page) -> PageFinding | None:
    """Needs that have waited for long, on no few: how many, and at which step most of them stand."""
    frame, least = page.frame("needs_waiting"), page.story.profile.least_count
    limit = page.story.profile.thresholds.get("need_waits_days")
    if limit is None or len(frame) < least:
        return None
    steps = frame["stands_at"].value_counts()
    step = sorted(steps.index[steps == steps.max()])[0]
    longest = frame.sort_values(["days", "need_no"], ascending=[False, True]).iloc[0]
    count = page.count(page.say("fact.needs_waiting", days=int(limit)), float(len(frame)), _UNIT)
    own = page.count(page.say(f"fact.needs_at.{step}"), float(steps[step]), _UNIT)
    still_open = page.shown("needs_open")
    return PageFinding(
        "needs",
        page.say("needs.waiting", count=count.text, days=int(limit), open=still_open.text),
        cause=page.say(
            "needs.step", step=page.say(f"needs.at.{step}"), count=own.text, need=str(longest["need_no"]),
            customer=str(longest["customer_name"]), longest=int(longest["days"]),
        ),
        todo=page.say("needs.todo"),
        owner=page.own_owner,
        due=page.due("soon"),
        weight=min(60.0, 10.0 + len(frame)),
        sheet="need_list",
        facts=(count, own, still_open),
    )  # fmt: skip


def _waiting(page: Page) -> int:
    return len(page.frame("needs_waiting"))


THEMES = {"needs": needs}
SINGLES = (Single("need_waits", "need_list", _UNIT, _waiting, unless="needs"),)
