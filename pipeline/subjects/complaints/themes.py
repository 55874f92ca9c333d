"""The theme of complaints: cases not closed in time, or more of them than usual; told where they are no few."""

from pipeline.contract.few import change_is_few
from pipeline.contract.page_one import Fact, PageFinding
from pipeline.findings.page import Page
from pipeline.findings.themes import Single
from schemas.complaints import CATEGORIES

ON_TIME, RECEIVED = "on_time_rate", "complaints"
_CASES = "件"


def complaints(page: Page) -> PageFinding | None:
    """Cases not closed in time, or more cases than usual; told where they are no few."""
    late = page.below_limit(ON_TIME)
    if late is not None:
        return _late(page, late[1])
    row, least = page.story.by_figure.get(RECEIVED, {}), page.story.profile.least_count
    limit, rise = page.story.profile.thresholds.get("complaints_rise"), page.story.number(RECEIVED, "change")
    if limit is None or rise is None or rise <= limit or page.is_usual(RECEIVED):
        return None
    return None if change_is_few(page.figure(RECEIVED), row, "change", least) else _more(page)


def _late(page: Page, limit: float) -> PageFinding:
    shown = page.shown(ON_TIME)
    bound = page.percent(page.say("fact.limit", figure=page.label(ON_TIME)), limit)
    undone = (page.story.number(ON_TIME, "denominator") or 0.0) - (page.story.number(ON_TIME, "numerator") or 0.0)
    late = page.count(page.say("fact.late"), undone, _CASES)
    cause, facts, owner = _department(page)
    received, more = _received(page)
    return PageFinding(
        "complaints",
        page.say("complaints.late", value=shown.text, limit=bound.text, late=late.text),
        page.since_below(ON_TIME, limit),
        cause,
        page.say("complaints.todo_late"),
        owner,
        page.due("soon"),
        _customers_share(page, undone),
        "cases",
        (shown, bound, late, *more, *facts),
        beside=received,
    )


def _more(page: Page) -> PageFinding:
    received, facts = _received(page)
    cause, more = _category(page)
    count = page.story.number(RECEIVED) or 0.0
    return PageFinding(
        "complaints",
        page.say("complaints.more", received=received),
        "",
        cause,
        page.say("complaints.todo_more"),
        page.own_owner,
        page.due("month"),
        _customers_share(page, count),
        "complaints",
        (*facts, *more),
    )


def _received(page: Page) -> tuple[str, tuple[Fact, ...]]:
    """The cases received, beside those of the month before."""
    if page.story.number(RECEIVED) is None:
        return "", ()
    now, before = page.shown(RECEIVED), page.story.number(RECEIVED, "previous_comparable")
    if before is None:
        return page.say("complaints.received_first", value=now.text), (now,)
    past = page.fact(page.say("fact.previous", figure=page.label(RECEIVED)), before, RECEIVED)
    return page.say("complaints.received", value=now.text, previous=past.text), (now, past)


def _customers_share(page: Page, cases: float) -> float:
    customers = page.story.number("coverage", "denominator") or page.story.number("ordering_rate", "denominator")
    return 100 * cases / customers if customers else 0.0


def _department(page: Page) -> tuple[str, tuple[Fact, ...], str]:
    """The department whose part of the overdue cases is above its part of all cases."""
    cases = page.story.details.get("complaint_cases")
    if cases is None or "department" not in cases:
        return "", (), page.own_owner
    named = cases[cases["department"].notna() & (cases["state"] != "unknown")]
    overdue = named[named["state"] == "overdue"].groupby("department").size()
    every = named.groupby("department").size()
    if len(overdue) == 1:
        return _all_with(page, str(overdue.index[0]), int(overdue.sum()))
    if overdue.empty or len(every) < 2:
        return "", (), page.department(str(every.idxmax())) if len(every) else page.own_owner
    most = str(overdue.idxmax())
    share, base = 100 * overdue.max() / overdue.sum(), 100 * every[most] / every.sum()
    name = page.department(most)
    if share <= base:
        return "", (), name
    own = page.count(page.say("fact.overdue_of", name=name), float(overdue.max()), _CASES)
    part = page.percent(page.say("fact.overdue_share", name=name), float(share))
    of_all = page.percent(page.say("fact.case_share", name=name), float(base))
    text = page.say("complaints.department", name=name, count=own.text, share=part.text, base=of_all.text)
    return text, (own, part, of_all), name


def _all_with(page: Page, code: str, cases: int) -> tuple[str, tuple[Fact, ...], str]:
    """That what is still overdue lies with one department: no share of few is told of it."""
    name = page.department(code)
    own = page.count(page.say("fact.overdue_of", name=name), float(cases), _CASES)
    return page.say("complaints.all_with", name=name, count=own.text), (own,), name


def _category(page: Page) -> tuple[str, tuple[Fact, ...]]:
    """The kind of case that rose most, where its part of the rise is above its part of the cases."""
    frame = page.story.details.get("complaints_by_category")
    if frame is None or "received_previous" not in frame:
        return "", ()
    like = "received_like_previous"
    now, before = frame[like if like in frame else "received"].fillna(0), frame["received_previous"].fillna(0)
    rise = (now - before).clip(lower=0)
    if not rise.sum():
        return "", ()
    place = int(rise.to_numpy().argmax())
    code = str(frame["category"].iloc[place])
    share, base = 100 * rise.iloc[place] / rise.sum(), 100 * now.iloc[place] / now.sum()
    if share <= base:
        return "", ()
    words = {one.key: page.words.pick(one.zh, one.en.lower()) for one in CATEGORIES}
    name = words.get(code, code)
    more = page.count(page.say("fact.rise_of", name=name), float(rise.iloc[place]), _CASES)
    part = page.percent(page.say("fact.rise_share", name=name), float(share))
    return page.say("complaints.category", name=name, count=more.text, share=part.text), (more, part)


def _overdue(page: Page) -> int:
    cases = page.frame("complaint_cases")
    return 0 if cases.empty else int((cases["state"] == "overdue").sum())


def _repeated(page: Page) -> int:
    return len(page.frame("repeated_cases"))


def _typical(page: Page) -> int:
    """Products with so many cases in the month that the fault is the product's."""
    products = page.frame("complaints_by_product")
    least = page.story.profile.thresholds.get("typical_problem_cases")
    return 0 if products.empty or least is None else int((products["received"] >= least).sum())


THEMES = {"complaints": complaints}
SINGLES = (
    Single("overdue_case", "cases", "件", _overdue, unless="complaints"),
    Single("repeat_complaint", "complaints", "件", _repeated),
    Single("typical_problem", "complaints", "个", _typical),
)
