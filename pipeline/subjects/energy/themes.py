"""The theme of energy: it fell against last year, and whose customers use less."""

from pipeline.contract.page_one import PageFinding
from pipeline.findings.causes import Cause, loser
from pipeline.findings.contributions import by_unit
from pipeline.findings.page import Page

ENERGY, LIMIT = "energy", "energy_fall"


def energy(page: Page) -> PageFinding | None:
    """Energy that fell by more than the profile's limit since last year, and who lost most."""
    yoy, limit = page.story.number(ENERGY, "yoy"), page.story.profile.thresholds.get(LIMIT)
    if yoy is None or limit is None or -yoy < limit:
        return None
    shown, fall = page.shown(ENERGY), -(page.difference(ENERGY, "yoy") or 0.0)
    gap = page.fact(page.say("fact.energy_fall"), fall, ENERGY)
    rate = page.percent(page.say("fact.energy_fall_rate"), -yoy)
    told = by_unit(page, ENERGY, "last_year")
    cause = loser(page, told, ENERGY) if told else Cause()
    return PageFinding(
        "energy",
        page.say("energy.fell", value=shown.text, fall=gap.text, rate=rate.text),
        cause=cause.text,
        todo=page.say("energy.todo"),
        owner=cause.owner(page),
        due=page.due("month"),
        weight=min(100.0, -yoy),
        sheet="energy",
        facts=(shown, gap, rate, *cause.facts),
    )


THEMES = {"energy": energy}
