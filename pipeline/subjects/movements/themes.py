"""Themes of page one on movements: households lost, and to whom; new ones short of their target."""

from pipeline.base.frames import records
from pipeline.contract.page_one import Fact, PageFinding
from pipeline.findings.causes import Cause, loser, part_of, parts_below
from pipeline.findings.contributions import by_unit
from pipeline.findings.page import Page

LOST, NEW, KEPT = "lost_households", "new_households", "household_retention"
_LEAST_LOST = "customer_lost"  # the profile's number of households that make a loss worth a finding
_TARGET = "target_low"
_HALF = 50.0


def losses(page: Page) -> PageFinding | None:
    """Households lost: how many of which start, who took most, where most went; of no few."""
    lost, least = page.story.number(LOST), page.story.profile.thresholds.get(_LEAST_LOST)
    if not lost or least is None or lost < least:
        return None
    shown, kept, start = page.shown(LOST), page.story.number(KEPT), page.story.number(KEPT, "denominator")
    beside = page.shown(KEPT) if kept is not None else None
    taken, facts = _taken_by(page, lost)
    cause = _whose(page)
    return PageFinding(
        "losses",
        page.say("losses.lost", value=shown.text) + (page.say("losses.kept", value=beside.text) if beside else ""),
        cause=taken + cause.text,
        todo=page.say("losses.todo"),
        owner=cause.owner(page),
        due=page.due("soon"),
        weight=min(100.0, 1000 * lost / start) if start else _HALF,
        sheet="movements",
        facts=(shown, *((beside,) if beside else ()), *facts, *cause.facts),
    )


def _taken_by(page: Page, lost: float) -> tuple[str, tuple[Fact, ...]]:
    """The competitor that took most, with its part of the losses; nobody where none is told."""
    frame = page.frame("households_lost_by_competitor")
    rows = sorted(records(frame), key=lambda row: (-float(row["lost"]), str(row["lost_to"]))) if len(frame) else []
    if not rows or not rows[0]["lost"]:
        return "", ()
    column = page.story.profile.forms["movements"].column("lost_to")
    choices = {one.key: one for one in column.choices or page.story.profile.choices(column.list_name)}
    first = choices.get(str(rows[0]["lost_to"]))
    name = str(rows[0]["lost_to"]) if first is None else page.words.pick(first.zh, first.en)
    most = page.fact(page.say("fact.lost_to", name=name), float(rows[0]["lost"]), LOST)
    share = page.percent(page.say("fact.losses_share", name=name), 100 * most.value / lost)
    return page.say("losses.taken", name=name, value=most.text, share=share.text), (most, share)


def _whose(page: Page) -> Cause:
    """Whose part of the lost households is above its part of those at the start of the month."""
    parts = parts_below(page, (LOST, "value"), (KEPT, "denominator"))
    lost_of = {
        code: page.fact(page.say("fact.losses_of", name=page.unit_name(code)), part[0], LOST)
        for code, part in parts.items()
    }
    return part_of(page, parts, lost_of, "losses")


def new(page: Page) -> PageFinding | None:
    """New households short of their target, and who is furthest behind."""
    completion, limit = page.story.number(NEW, "completion"), page.story.profile.thresholds.get(_TARGET)
    target = page.story.number(NEW, "target_comparable")
    if completion is None or limit is None or not target or completion >= limit:
        return None
    shown = page.shown(NEW)
    gap = page.fact(page.say("fact.new_gap"), target - shown.value, NEW)
    told = by_unit(page, NEW, "target")
    cause = loser(page, told, NEW) if told else Cause()
    reached = page.percent(page.say("fact.new_completion"), completion)
    return PageFinding(
        "new_households",
        page.say("new_households.short", value=shown.text, gap=gap.text, completion=reached.text),
        cause=cause.text,
        todo=page.say("new_households.todo"),
        owner=cause.owner(page),
        due=page.due("month"),
        weight=(100 - completion) / 2,
        sheet="movements",
        facts=(shown, gap, reached, *cause.facts),
    )


THEMES = {"losses": losses, "new_households": new}
