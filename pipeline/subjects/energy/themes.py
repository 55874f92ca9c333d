"""The theme of energy: it fell against last year, and whose customers use less."""

from pipeline.contract.page_one import PageFinding
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
    cause, code = _whose(page)
    return PageFinding(
        "energy",
        page.say("energy.fell", value=shown.text, fall=gap.text, rate=rate.text),
        cause=cause,
        todo=page.say("energy.todo"),
        owner=page.unit_owner(code) if code else page.own_owner,
        due=page.due("month"),
        weight=min(100.0, -yoy),
        sheet="energy",
        facts=(shown, gap, rate),
    )


def _whose(page: Page) -> tuple[str, str]:
    """Whose energy fell most, in words and by code; nobody where there is but one below."""
    falls = {}
    for code in page.units:
        now, then = (
            page.of(page.unit_level, code, ENERGY, name)
            for name in ("comparable_last_year", "last_year_comparable")
        )
        if now is not None and then is not None and then > now:
            falls[code] = then - now
    if len(page.units) < 2 or not falls:
        return "", ""
    code = max(falls, key=lambda one: (falls[one], one))
    fall = page.fact(page.say("fact.energy_fall"), falls[code], ENERGY)
    return page.say("energy.whose", name=page.unit_name(code), fall=fall.text), code


THEMES = {"energy": energy}
