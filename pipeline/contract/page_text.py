"""Page one in sentences: the same words on the sheet and in the letter."""

import datetime as dt

from pipeline.contract.page_one import PageFinding, PageOne
from pipeline.words import Words


def page_texts(page: PageOne, words: Words) -> tuple[str, ...]:
    """Page one in sentences: the message, each finding with what to do, single cases in one line."""
    told = [finding_text(one, words) for one in page.findings]
    return tuple(text for text in (page.headline, *told, page.singles) if text)


def finding_text(one: PageFinding, words: Words) -> str:
    """One finding in one line: what and since when, why, what to do, by whom, until when."""
    return words(
        "page_one.line.whole" if one.todo else "page_one.line.well",
        theme=words(f"page_one.theme.{one.theme}"),
        what=what_text(one, words),
        cause=one.cause,
        todo=todo_text(one, words),
    )


def what_text(one: PageFinding, words: Words) -> str:
    """What it is and since when, and what stands beside it."""
    what = words("page_one.line.since", what=one.what, since=one.since) if one.since else one.what
    return what + one.beside


def todo_text(one: PageFinding, words: Words) -> str:
    """What to do, by whom, until when; empty of what went well."""
    if one.due is None:
        return ""
    return words("page_one.line.todo", todo=one.todo, owner=one.owner, day=day_text(one.due, words))


def day_text(day: dt.date, words: Words) -> str:
    """A day as sentences have it."""
    return words.pick(f"{day.month}月{day.day}日", day.isoformat())
