"""What went well, with its number, where a month has fewer real findings than page one wants; and figures that
belong together but went apart, told in one sentence."""

from collections.abc import Iterator

from pipeline.contract.few import change_is_few, is_count
from pipeline.contract.page_one import PageFinding
from pipeline.contract.show import after_label, change_text
from pipeline.findings.contributions import SHORT_MONTHS
from pipeline.findings.page import Page
from pipeline.findings.target_met import praised_target
from pipeline.findings.themes import praise_of

MOST_TOGETHER = 2
LEAST_CHANGE = 1.0  # in % or points: what moved less stood still
GOOD_RATE = 95.0  # % at which a rate is good whatever it did


def praised(page: Page) -> Iterator[PageFinding]:
    """What went well: a target met, money that grew, then figures that rose or stand high, best known first."""
    profile = page.story.profile
    met = praised_target(page)
    yield from (met,) if met else ()
    yield from (found for praise in praise_of(profile) if (found := praise(page)) is not None)
    for key, sheet in profile.page_one.praised:
        if key in page.story.declared and (found := _praised(page, key, sheet)) is not None:
            yield found


def _praised(page: Page, key: str, sheet: str) -> PageFinding | None:
    """A figure that changed for the better, or a rate that stands high; on no few."""
    value, figure = page.story.number(key), page.figure(key)
    behind = page.story.number(key, "n")
    if value is None or (behind is not None and behind < page.story.profile.least_count and not is_count(figure)):
        return None
    shown = page.shown(key)
    told = after_label(page.label(key), shown.text)
    for against, column in (("last_year", "yoy"), ("previous", "change")):
        change = _change(page, key, column)
        if change is not None and (change > 0) == (figure.better == "higher") and abs(change) >= LEAST_CHANGE:
            text = change_text(change, figure, page.words)
            moved = page.words(f"figures.change.{against}", change=text)
            what = page.say("well.moved", figure=page.label(key), value=told, change=moved)
            return PageFinding("well", what, sheet=sheet, facts=(shown,), is_good=True)
    if figure.is_rate and figure.better == "higher" and value >= GOOD_RATE:
        what = page.say("well.high", figure=page.label(key), value=told)
        return PageFinding("well", what, sheet=sheet, facts=(shown,), is_good=True)
    return None


def _change(page: Page, key: str, column: str) -> float | None:
    """A change that enough stand behind; None else. Neither January nor February is held against last year."""
    figure = page.figure(key)
    if column == "yoy" and figure.change_unit == "%" and page.story.month.month <= SHORT_MONTHS:
        return None
    row = page.story.by_figure.get(key, {})
    change = page.story.number(key, column)
    return None if change is None or change_is_few(figure, row, column, page.story.profile.least_count) else change


def together(page: Page) -> str:
    """Sisters of which one rose and the other fell, each pair in one clause; empty where none went apart."""
    clauses = [
        clause for first, second in page.story.profile.page_one.sisters if (clause := _apart(page, first, second))
    ]
    if not clauses:
        return ""
    joined = page.words("sentences.clause_joint").join(clauses[:MOST_TOGETHER])
    return page.say("together.all", told=joined)


def _apart(page: Page, first: str, second: str) -> str:
    if first not in page.story.declared or second not in page.story.declared:
        return ""
    for against, column in (("last_year", "yoy"), ("previous", "change")):
        changes = [_change(page, key, column) for key in (first, second)]
        if changes[0] is None or changes[1] is None:
            continue
        good = [_is_good(page, key, change) for key, change in zip((first, second), changes, strict=True)]
        if None in good or good[0] == good[1]:
            return ""
        said = [
            page.say(
                "together.one", figure=page.label(key), change=change_text(change, page.figure(key), page.words)
            )
            for key, change in zip((first, second), changes, strict=True)
            if change is not None
        ]
        return page.say("together.pair", against=page.say(f"against.{against}"), first=said[0], second=said[1])
    return ""


def _is_good(page: Page, key: str, change: float | None) -> bool | None:
    """Whether a change is for the better; None where it is next to nothing."""
    if change is None or abs(change) < LEAST_CHANGE:
        return None
    return (change > 0) == (page.figure(key).better != "lower")
