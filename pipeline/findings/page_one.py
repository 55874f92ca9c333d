"""Page one: of all themes of a month those that weigh most, what went well where they are too few, and the message."""

from collections.abc import Iterable, Sequence

from pipeline.contract.page_one import Contributions, PageFinding, PageOne
from pipeline.findings.contributions import (
    CUSTOMER,
    MONEY,
    VOLUME,
    by_goods,
    by_unit,
    finest_group,
    growth_base,
    held_figure,
    measures,
)
from pipeline.findings.message import headline, headline_facts
from pipeline.findings.page import Page
from pipeline.findings.praise import praised, together
from pipeline.findings.singles import singles
from pipeline.findings.themes import themes_of

LEAST_FINDINGS, MOST_FINDINGS = 3, 6


def page_one(page: Page) -> PageOne:
    """What page one of an entity's month says."""
    findings = chosen(
        [found for theme in themes_of(page.story.profile) if (found := theme(page)) is not None], praised(page)
    )
    line, counted = singles(page, frozenset(one.theme for one in findings))
    said = [*headline_facts(page), *(fact for one in findings for fact in one.facts)]
    return PageOne(headline(page), findings, line, together(page), tuple(_contributions(page)), (*said, *counted))


def chosen(found: Iterable[PageFinding], well: Iterable[PageFinding]) -> tuple[PageFinding, ...]:
    """What weighs most of what is found, in that order; what went well only where less than LEAST_FINDINGS is found.

    A target that is met comes last of them, but before what else went well: the message has said it already.
    """
    given = list(found)
    bad = sorted((one for one in given if not one.is_good), key=lambda one: -one.weight)[:MOST_FINDINGS]
    good = [one for one in given if one.is_good]
    told = {one.theme for one in given if not one.is_good and one.theme != "well"}
    good += [one for one in well if one.theme == "well" or one.theme not in told]
    return (*bad, *_without_twins(good, bad)[: max(0, LEAST_FINDINGS - len(bad))])


def _without_twins(good: Iterable[PageFinding], bad: Sequence[PageFinding]) -> list[PageFinding]:
    """What went well on sheets, and of figures, of which nothing bad is told: the good half never stands alone."""
    sheets = {one.sheet for one in bad} - {"why"}
    told = {fact.label for one in bad for fact in one.facts}
    return [
        one for one in good if one.sheet not in sheets and not told.intersection(fact.label for fact in one.facts)
    ]


def _contributions(page: Page) -> Iterable[Contributions]:
    """By those below against the target; and against the month compared with, by those below, by products, and by
    customers (of whom the month before is looked back on).

    A manager is made of nobody else: there the groups of products tell also what moved since the month before.
    """
    figure = held_figure(page)
    against_target = by_unit(page, figure, "target") if figure and page.units else None
    if against_target is not None:
        yield against_target
    for measure in measures(page)[:1]:
        yield from _changes(page, measure)


def _changes(page: Page, measure: str) -> Iterable[Contributions]:
    """Since the months compared with: by those below, and where goods are sold by them and their customers."""
    for against in dict.fromkeys((growth_base(page, measure), "previous")):
        told = by_unit(page, measure, against) if page.units else None
        if told is not None:
            yield told
    if measure not in (MONEY, VOLUME):
        return
    base, group = growth_base(page, measure), finest_group(page)
    of_goods = [(group, base), ("product", base)]
    of_goods += [(group, "previous")] if not page.units and base != "previous" else []
    of_goods += [(CUSTOMER, "previous")]
    for kind, against in of_goods:
        goods = by_goods(page, kind, measure, against)
        if goods is not None:
            yield goods
