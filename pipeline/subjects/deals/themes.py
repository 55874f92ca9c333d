"""The theme of talks: deals that were to be signed by now, what is expected of them, whose most of it is."""

from pipeline.contract.page_one import PageFinding
from pipeline.findings.page import Page

PIPELINE = "pipeline"
_UNIT = "项"


def talks(page: Page) -> PageFinding | None:
    """Deals whose day of signing is past: how many, how much, which is the largest."""
    frame = page.frame("deals_slipped")
    if frame.empty:
        return None
    amounts = frame["expected_amount"].fillna(0.0)
    largest = frame.assign(_amount=amounts).sort_values(["_amount", "deal_no"], ascending=[False, True]).iloc[0]
    count = page.count(page.say("fact.slipped"), float(len(frame)), _UNIT)
    money = page.fact(page.say("fact.slipped_amount"), float(amounts.sum()), PIPELINE)
    own = page.fact(page.say("fact.slipped_largest"), float(largest["_amount"]), PIPELINE)
    whole = page.story.number(PIPELINE)
    return PageFinding(
        "talks",
        page.say("talks.slipped", count=count.text, amount=money.text),
        cause=page.say(
            "talks.largest",
            whom=str(largest["whom"]),
            amount=own.text,
            manager=page.manager(str(largest["manager_id"])),
        ),
        todo=page.say("talks.todo"),
        owner=page.manager(str(largest["manager_id"])),
        due=page.due("month"),
        weight=100 * float(amounts.sum()) / whole if whole else 0.0,
        sheet="deal_list",
        facts=(count, money, own),
    )


THEMES = {"talks": talks}
