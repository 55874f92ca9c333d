"""The theme of customers who stopped buying, and single ones among them."""

import pandas as pd

from pipeline.contract.page_one import Fact, PageFinding
from pipeline.findings.causes import beyond_its_part
from pipeline.findings.contributions import VOLUME
from pipeline.findings.page import Page
from pipeline.findings.themes import Single

_UNIT = "户"


def customers(page: Page) -> PageFinding | None:
    """Customers lost this month, beside those won; told where they are no few and more than most months lose."""
    moved = page.story.details.get("customers_by_movement")
    if moved is None or moved.empty or VOLUME not in page.story.declared:
        return None
    lost = moved[moved["movement"] == "lost"]
    if len(lost) < page.story.profile.least_count or page.is_usual("ordering_customers"):
        return None
    base = page.story.number("ordering_customers", "previous_comparable") or float(len(moved))
    gone = page.count(page.say("fact.lost_customers"), len(lost), _UNIT)
    volume = page.fact(page.say("fact.lost_volume"), float(lost["volume_previous"].sum()), VOLUME)
    won = moved[moved["movement"].isin(["new", "returning"])]
    came = page.count(page.say("fact.won_customers"), len(won), _UNIT)
    cause, facts, owner = _whose(page, lost, moved)
    return PageFinding(
        "customers",
        page.say("customers.lost", lost=gone.text, volume=volume.text, won=came.text),
        "",
        cause,
        page.say("customers.todo"),
        owner,
        page.due("soon"),
        100 * len(lost) / base,
        "customers",
        (gone, volume, came, *facts),
    )


def _whose(page: Page, lost: pd.DataFrame, moved: pd.DataFrame) -> tuple[str, tuple[Fact, ...], str]:
    """The manager whose part of the lost customers is most above its part of all, where it stands out by it."""
    counts, every = (rows.groupby("manager_id").size() for rows in (lost, moved))
    parts = {str(code): (float(counts.get(code, 0)), float(number)) for code, number in every.items()}
    found = beyond_its_part(parts)
    if found is None:
        return "", (), page.own_owner
    most, share, base = found
    name = page.manager(most)
    own = page.count(page.say("fact.lost_of", name=name), parts[most][0], _UNIT)
    part = page.percent(page.say("fact.lost_share", name=name), share)
    of_all = page.percent(page.say("fact.customer_share", name=name), base)
    text = page.say("customers.cause", name=name, lost=own.text, share=part.text, base=of_all.text)
    return text, (own, part, of_all), name


def _lost(page: Page) -> int:
    moved = page.frame("customers_by_movement")
    return 0 if moved.empty else int((moved["movement"] == "lost").sum())


def _silent(page: Page) -> int:
    moved, least = page.frame("customers_by_movement"), page.story.profile.thresholds.get("silent_months")
    return 0 if moved.empty or least is None else int((moved["silent_months"] >= least).sum())


SINGLES = (
    Single("lost_customer", "customers", _UNIT, _lost, unless="customers"),
    Single("silent_customer", "customers", _UNIT, _silent),
)
