"""The theme of drafts: those that go round and round, and whose they are."""

import pandas as pd

from pipeline.contract.page_one import PageFinding
from pipeline.findings.page import Page
from pipeline.findings.themes import Single
from schemas.drafts import GIVEN_UP

FIRST, ROUNDS = "first_acceptance", "draft_rounds"
_UNIT = "篇"


def rounds(page: Page) -> PageFinding | None:
    """Drafts in so high a round that nobody can have asked well at first: how many, whose most, which; on no few."""
    frame, least, many = page.frame("drafts_of_month"), page.story.profile.thresholds.get(ROUNDS), _many(page)
    if least is None or len(many) < page.story.profile.least_count:
        return None
    whose = many["manager_id"].value_counts()
    code = sorted(whose.index[whose == whose.max()])[0]
    of_code = many[many["manager_id"] == code]
    worst = of_code.sort_values(["round", "draft_no"], ascending=[False, True]).iloc[0]
    count = page.count(page.say("fact.rounds_many", rounds=int(least)), float(len(many)), _UNIT)
    own = page.count(page.say("fact.rounds_of", name=page.manager(str(code))), float(whose.max()), _UNIT)
    first = page.shown(FIRST) if page.story.number(FIRST) is not None else None
    return PageFinding(
        "rounds",
        page.say("rounds.many", count=count.text, rounds=int(least))
        + (page.say("rounds.first", value=first.text) if first else ""),
        cause=page.say(
            "rounds.whose", name=page.manager(str(code)), count=own.text, title=str(worst["title"]),
            customer=str(worst["customer_name"]), round=int(worst["round"]),
        ),
        todo=page.say("rounds.todo"),
        owner=page.manager(str(code)),
        due=page.due("soon"),
        weight=100.0 * len(many) / len(frame),
        sheet="draft_list",
        facts=(count, own, *((first,) if first else ())),
    )  # fmt: skip


def _many(page: Page) -> pd.DataFrame:
    """The month's drafts in so high a round, but those given up."""
    frame, least = page.frame("drafts_of_month"), page.story.profile.thresholds.get(ROUNDS)
    if least is None or frame.empty:
        return frame
    return frame[(frame["round"] >= least) & (frame["state"] != GIVEN_UP)]


def _in_rounds(page: Page) -> int:
    return len(_many(page))


def _waiting(page: Page) -> int:
    return len(page.frame("drafts_waiting"))


THEMES = {"rounds": rounds}
SINGLES = (
    Single("draft_waits", "draft_list", _UNIT, _waiting),
    Single("draft_rounds", "draft_list", _UNIT, _in_rounds, unless="rounds"),
)
