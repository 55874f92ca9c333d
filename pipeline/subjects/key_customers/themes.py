"""The theme of key customers lost: how many of how many, who is the largest, where most went."""

from pipeline.contract.page_one import PageFinding
from pipeline.findings.page import Page
from pipeline.subjects.key_customers.lists import LEFT

RATE = "key_loss_rate"
_LIMIT = "key_loss_high"


def key_losses(page: Page) -> PageFinding | None:
    """Key customers lost, where that is above the profile's limit: the one with most, and who had it."""
    rate, limit = page.story.number(RATE), page.story.profile.thresholds.get(_LIMIT)
    lost = page.story.number(RATE, "numerator")
    rows = page.frame("key_customers_lost")
    if rate is None or limit is None or not lost or rate <= limit or rows.empty:
        return None
    shown = page.shown(RATE)
    count = page.count(page.say("fact.key_lost"), lost, page.story.profile.customer_unit)
    first = rows.sort_values(["loss", "customer_id"], ascending=[False, True]).iloc[0]
    most = page.fact(page.say("fact.key_loss_of", name=_name(first)), float(first["loss"]), "aum")
    code = _where(page)
    return PageFinding(
        "key_losses",
        page.say("key_losses.lost", count=count.text, value=shown.text),
        cause=page.say(
            "key_losses.left" if first["how"] == LEFT else "key_losses.fell", name=_name(first), value=most.text,
            manager=page.manager(str(first["manager_id"])),
        ),
        todo=page.say("key_losses.todo"),
        owner=page.unit_owner(code) if code else page.own_owner,
        due=page.due("soon"),
        weight=min(100.0, 5 * rate),
        sheet="retain",
        facts=(shown, count, most),
    )  # fmt: skip


def _name(row) -> str:  # type: ignore[no-untyped-def]
    name = row["customer_name"]
    return str(name) if isinstance(name, str) and name else str(row["customer_id"])


def _where(page: Page) -> str:
    """Who lost most of its key customers, by code."""
    lost = {code: page.of(page.unit_level, code, RATE, "numerator") or 0.0 for code in page.units}
    return max(lost, key=lambda one: (lost[one], one)) if len(lost) > 1 and any(lost.values()) else ""


THEMES = {"key_losses": key_losses}
