"""The theme of receivables: what is past due, who owes most of it, since when, and who is to see to it."""

from pipeline.contract.page_one import PageFinding
from pipeline.findings.page import Page
from pipeline.findings.themes import Single
from pipeline.subjects.receipts.rules import past_due_by_customer

PAST_DUE, OUTSTANDING, RATE = "past_due", "outstanding", "receipt_rate"
_LEAST = "large_past_due"  # the profile's yuan from which a debt is told


def receivables(page: Page) -> PageFinding | None:
    """What is past due, of no little: of it the customer that owes most, and for how long."""
    owed, least = page.story.number(PAST_DUE), page.story.profile.thresholds.get(_LEAST)
    rows = page.frame("accounts_open")
    if not owed or least is None or owed < least or rows.empty:
        return None
    late = past_due_by_customer(rows).sort_values(["weight", "customer_id"], ascending=[False, True])
    first = late.iloc[0]
    shown, whole = page.shown(PAST_DUE), page.story.number(OUTSTANDING)
    share = page.percent(page.say("fact.past_due_share"), 100 * owed / whole) if whole else None
    most = page.fact(page.say("fact.owes", name=str(first["customer_name"])), float(first["weight"]), PAST_DUE)
    rate = page.shown(RATE) if page.story.number(RATE) is not None else None
    return PageFinding(
        "receivables",
        page.say("receivables.past_due", value=shown.text)
        + (page.say("receivables.share", value=share.text) if share else "")
        + (page.say("receivables.rate", value=rate.text) if rate else ""),
        cause=page.say(
            "receivables.owes", name=str(first["customer_name"]), value=most.text, days=int(first["days"]),
            manager=page.manager(str(first["manager_id"])),
        ),
        todo=page.say("receivables.todo"),
        owner=page.manager(str(first["manager_id"])),
        due=page.due("soon"),
        weight=min(100.0, 100 * owed / whole) if whole else 50.0,
        sheet="accounts",
        facts=(shown, most, *((share,) if share else ()), *((rate,) if rate else ())),
    )  # fmt: skip


def _loose(page: Page) -> int:
    return len(page.frame("loose_receipts"))


THEMES = {"receivables": receivables}
SINGLES = (Single("receipt_without_contract", "accounts", "笔", _loose),)
