"""Page one of a quarter, a half-year or a year: who is missing, the message, what made the growth, how forecasts fared,
what was found in most months, what became of measures, who was best."""

from collections.abc import Iterator

from pipeline.base.exact import TEN_THOUSANDTHS
from pipeline.base.period import Period
from pipeline.contract.page_one import Against, Contributions, Fact, PageFinding, PageOne, Part
from pipeline.contract.report import SpanKnown
from pipeline.contract.show import after_label, value_text
from pipeline.findings.contributions import (
    MONEY,
    VOLUME,
    by_goods,
    by_unit,
    finest_group,
    gains,
    growth_base,
    held_figure,
    losses,
    measures,
)
from pipeline.findings.message import headline
from pipeline.findings.page import Page
from pipeline.findings.period_texts import (
    MOST_RULES,
    actions_text,
    best_text,
    changes_over,
    fared_text,
    joined,
    missing_texts,
    moved_texts,
    names_best_by_appraisal,
    repeated_texts,
    say,
)

MOST_MAKERS = 2


def page_one_of_period(page: Page, span: Period, known: SpanKnown) -> PageOne:
    """What page one of an entity's period says."""
    missing = missing_texts(page.story, span, known)
    head = page.words.pick("", " ").join([*missing[:1], headline(page)])
    findings = tuple(one for one in _findings(page, span, missing[1:]) if one.what)
    told = tuple(_contributions(page, span))
    return PageOne(head, findings, contributions=told, facts=tuple(_facts(page, told)))


def _findings(page: Page, span: Period, missing: list[str]) -> Iterator[PageFinding]:
    story = page.story
    clause = page.words("sentences.clause_joint")
    yield PageFinding("missing", clause.join(missing), sheet="period_reports")
    yield PageFinding("growth", clause.join(_growth(page, span)), sheet="why")
    yield PageFinding(
        "better", joined(story, moved_texts(story, better=True)), sheet="period_figures", is_good=True
    )
    yield PageFinding("worse", joined(story, moved_texts(story, better=False)), sheet="period_figures")
    yield PageFinding("repeated", joined(story, repeated_texts(story)[:MOST_RULES]), sheet="period_rules")
    yield PageFinding("forecast", fared_text(story), sheet="period_fared")
    yield PageFinding("actions", actions_text(story), sheet="period_actions")
    by = "appraisals" if names_best_by_appraisal(story) else "period_best"
    yield PageFinding("best", best_text(story), sheet=by, is_good=True)


def _growth(page: Page, span: Period) -> Iterator[str]:
    """Each figure with its changes, and who gained and lost most."""
    for key in measures(page):
        told = by_unit(page, key, growth_base(page, key))
        makers = [_named(page, part, key) for part in _makers(told)] if told else []
        value = after_label(page.label(key), page.story.shown(key) or "")
        text = say(
            page.story, "growth", figure=page.label(key), value=value, changes=changes_over(span)(page.story, key)
        )
        against = say(page.story, f"against.{growth_base(page, key)}")
        yield text + (
            say(page.story, "makers", against=against, makers=joined(page.story, makers)) if makers else ""
        )


def _makers(told: Contributions) -> list[Part]:
    return [*gains(told)[:MOST_MAKERS], *losses(told)[:MOST_MAKERS]] if len(told.parts) > 1 else []


def _named(page: Page, part: Part, key: str) -> str:
    value = value_text(abs(part.change) / TEN_THOUSANDTHS, page.figure(key), page.words)
    return say(page.story, "gained" if part.change > 0 else "lost", name=part.name, value=value)


def _contributions(page: Page, span: Period) -> Iterator[Contributions]:
    """By those below against the target; and against the periods compared with, by those below and by goods."""
    figure = held_figure(page)
    against_target = by_unit(page, figure, "target") if figure else None
    if against_target is not None:
        yield against_target
    bases: list[Against] = ["last_year"] if span.before == span.year_ago else ["last_year", "previous"]
    for measure in measures(page)[:1]:
        for against in bases:
            told = by_unit(page, measure, against)
            if told is not None:
                yield told
    for kind in (finest_group(page), "product"):
        for against in bases if kind and set(measures(page)) & {MONEY, VOLUME} else ():
            goods = by_goods(page, kind, measures(page)[0], against)
            if goods is not None:
                yield goods


def _facts(page: Page, told: tuple[Contributions, ...]) -> Iterator[Fact]:
    """The numbers of the makers of growth."""
    for one in told:
        if one.against == growth_base(page, one.figure) and one.kind in ("manager", "region"):
            for part in _makers(one):
                label = page.say(f"fact.{'gained' if part.change > 0 else 'lost'}", name=part.name)
                yield page.fact(label, abs(part.change) / TEN_THOUSANDTHS, one.figure)
