"""Whose part of a loss is greater than its own weight: the only parts that are told as a cause. Free of any subject.

A cause explains its own gap: what is short of a target is told of those short of theirs, a fall of those who fell
since the same month; never the largest one because it is large.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from pipeline.base.exact import TEN_THOUSANDTHS
from pipeline.contract.page_one import Contributions, Fact
from pipeline.findings.contributions import base_share, loss_share, losses, main_loser
from pipeline.findings.main_part import stands_out
from pipeline.findings.page import Page


@dataclass(frozen=True)
class Cause:
    """A clause, the numbers in it, and the code of whom it names; all empty where nobody stands out."""

    text: str = ""
    facts: tuple[Fact, ...] = ()
    code: str = ""

    def owner(self, page: Page) -> str:
        """Who answers for whom it names, else for the whole."""
        return page.unit_owner(self.code) if self.code else page.own_owner


def money_fact(page: Page, label: str, value: int, figure: str) -> Fact:
    """A number of ten-thousandths, without its sign."""
    return page.fact(label, abs(value) / TEN_THOUSANDTHS, figure)


def loser(page: Page, told: Contributions, figure: str) -> Cause:
    """Who lost most, with its share of all losses beside its share of what they are held against."""
    part = main_loser(told)
    if part is None:
        return _spread(page, len(losses(told)))
    key = "target" if told.against == "target" else "growth"
    label = page.say("fact.short_of" if key == "target" else "fact.lost", name=part.name)
    lost = money_fact(page, label, part.change, figure)
    share = page.percent(page.say("fact.loss_share", name=part.name), loss_share(told, part))
    base = page.percent(page.say(f"fact.base_share_{key}", name=part.name), base_share(told, part))
    text = page.say(f"cause.{key}", name=part.name, lost=lost.text, share=share.text, base=base.text)
    return Cause(text, (lost, share, base), part.key)


def _spread(page: Page, parts: int) -> Cause:
    """Where several have their part and nobody more: that it is nobody's alone."""
    return Cause(page.say("cause.spread")) if parts > 1 else Cause()


def parts_below(page: Page, first: tuple[str, str], second: tuple[str, str]) -> dict[str, tuple[float, float]]:
    """What each of those below has of two sums, by its code: of whom both are known, and some of the second.

    Args:
        first, second: a figure and its column ("value", "numerator", "denominator").
    """
    known = {code: tuple(page.of(page.unit_level, code, *one) for one in (first, second)) for code in page.units}
    return {code: (one, two) for code, (one, two) in known.items() if one is not None and two}


def beyond_its_part(parts: Mapping[str, tuple[float, float]]) -> tuple[str, float, float] | None:
    """Of parts of two sums the one whose part of the first is most above its part of the second.

    Args:
        parts: by code, what one has of the first and of the second sum.

    Returns:
        Its code and its share of both, in %; None of less than two, where nothing is to be shared, or where nobody
        stands out.
    """
    first, second = (sum(part[side] for part in parts.values()) for side in (0, 1))
    if len(parts) < 2 or not first or not second:
        return None
    most = max(parts, key=lambda code: (parts[code][0] - first * parts[code][1] / second, code))
    share, base = 100 * parts[most][0] / first, 100 * parts[most][1] / second
    return (most, share, base) if stands_out(share, base) else None


def part_of(page: Page, parts: Mapping[str, tuple[float, float]], own: Mapping[str, Fact], key: str) -> Cause:
    """Whose part of the first sum is above its part of the second, in the words of `part.{key}`.

    Args:
        parts: as `beyond_its_part` has them, by the code of one below.
        own: what each has of the first sum, as it is told.
    """
    found = beyond_its_part(parts)
    if found is None:
        return _spread(page, sum(1 for first, _ in parts.values() if first > 0))
    code, first, second = found
    name = page.unit_name(code)
    share = page.percent(page.say(f"fact.part_{key}", name=name), first)
    base = page.percent(page.say(f"fact.base_{key}", name=name), second)
    text = page.say(f"part.{key}", name=name, count=own[code].text, share=share.text, base=base.text)
    return Cause(text, (own[code], share, base), code)
