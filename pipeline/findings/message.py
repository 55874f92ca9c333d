"""The message of page one: one sentence with the number that matters, and who and what makes it."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from pipeline.base.exact import TEN_THOUSANDTHS
from pipeline.base.frames import records
from pipeline.contract.few import change_is_few
from pipeline.contract.page_one import Contributions, Fact, Part
from pipeline.contract.show import after_label, change_text, number_text, scale_of, told_large, value_text
from pipeline.findings.contributions import (
    MONEY,
    SHORT_MONTHS,
    VOLUME,
    by_goods,
    by_unit,
    finest_group,
    gains,
    growth_base,
    held_figure,
    losses,
    measures,
    target_figure,
)
from pipeline.findings.missing_rules import form_name
from pipeline.findings.page import Page

MOST_NAMED = 2
MOST_ALSO = 3
MOST_MISSING = 3
_SALES = "sales"


def headline(page: Page) -> str:
    """Who is missing; the month and its target (or last year); who makes the gap, and what lost most."""
    figure = target_figure(page) or _first_known(page)
    if not figure:
        return missing(page) + page.say("headline.nothing", month=_month(page))
    is_sold = figure in (MONEY, VOLUME)
    clauses = [_whole(page, figure), _who(page, figure), _goods(page)] if is_sold else _main_told(page, figure)
    told = page.say("headline.joint").join(one for one in clauses if one)
    return missing(page) + told + page.say("headline.stop")


def _first_known(page: Page) -> str:
    """Money, else volume; of an organisation that reports neither the first figure that is known, main ones before
    others; empty where nothing is known of what it reports."""
    sold = [key for key in (MONEY, VOLUME) if key in page.story.declared]
    return next(
        (key for key in sold or (*_main(page), *page.story.declared) if page.story.number(key) is not None), ""
    )


def _main(page: Page) -> list[str]:
    """The main figures that the trade has."""
    return [key for key in page.story.profile.workbooks.main_figures if key in page.story.declared]


def _main_told(page: Page, figure: str) -> list[str]:
    """Of an organisation that sells no goods: its first figure, the gap to the target of the one that is held against
    it, who makes that gap (or the change), and the main figures that come next, with their values alone."""
    held = held_figure(page)
    others = [key for key in _main(page) if key not in (figure, held) and page.story.number(key) is not None]
    also = [
        page.say("headline.also", figure=page.label(key), value=_shown(page, key)) for key in others[:MOST_ALSO]
    ]
    if held == figure:
        return [_whole(page, figure), _who(page, figure), *also]
    own = _value(page, figure)
    if held:
        return [own, _gap(page, held), _who(page, held), *also]
    return [own, _who(page, figure) if figure in measures(page) else "", *also]


def _shown(page: Page, figure: str) -> str:
    return after_label(page.label(figure), page.story.shown(figure) or "")


def _gap(page: Page, figure: str) -> str:
    """A figure beside the first, with its gap to the target."""
    told = by_unit(page, figure, "target")
    if told is None:
        return ""
    return page.say(
        f"headline.also_{_state(told)}",
        figure=page.label(figure),
        value=_shown(page, figure),
        gap=value_text(abs(told.change) / TEN_THOUSANDTHS, page.figure(figure), page.words),
    )


def missing(page: Page) -> str:
    """Whose reports are missing, those without sales before others; empty where nobody's is."""
    frame = page.story.details.get("missing_reports")
    if frame is None or frame.empty:
        return ""
    own = frame[(frame["level"] == page.story.level) & (frame["entity_id"] == page.story.entity_id)]
    rows = {str(row["form"]): row for row in records(own)}
    if not rows:
        return ""
    chosen = {_SALES: rows[_SALES]} if _SALES in rows else rows
    managers = sorted({one for row in chosen.values() for one in str(row["managers"]).split(",")})
    forms = page.joint.join(form_name(form, page.words.language, page.story.profile) for form in chosen)
    named = page.joint.join(page.manager(one) for one in managers[:MOST_MISSING])
    more = len(managers) - MOST_MISSING
    named += page.say("headline.more_managers", count=len(managers)) if more > 0 else ""
    whose = _SALES in rows and page.story.level != "manager"  # of a manager alone it would be all there was
    share = rows[_SALES]["share_previous"] if whose else None
    told = page.say("headline.share", share=f"{share:.1f}") if share is not None and share == share else ""
    return page.say("headline.missing", managers=named, forms=forms, share=told)


def _month(page: Page) -> str:
    month = page.story.month
    return page.story.when or page.words.pick(f"{month.month}月", str(month))


def _whole(page: Page, figure: str) -> str:
    """The month's value with its gap; where no target stands, with its growth, like with like."""
    told = by_unit(page, figure, "target")
    if told is None:
        return _value(page, figure)
    return page.say(
        f"headline.{_state(told)}{'_of_known' if _is_partial(page, figure) else ''}",
        month=_month(page),
        figure=page.label(figure),
        value=_shown(page, figure),
        gap=value_text(abs(told.change) / TEN_THOUSANDTHS, page.figure(figure), page.words),
    )


def _value(page: Page, figure: str) -> str:
    """A figure with its growth."""
    return page.say(
        "headline.value",
        month=_month(page),
        figure=page.label(figure),
        value=_shown(page, figure),
        growth=_growth(page, figure),
    )


def _state(told: Contributions) -> str:
    return "short" if told.change < 0 else "over" if told.change else "even"


def _is_partial(page: Page, figure: str) -> bool:
    """Whether the target is only that of the managers who have reported."""
    return page.story.number(figure, "target_comparable") != page.story.number(figure, "target")


def _growth(page: Page, figure: str) -> str:
    """The change on last year, or on last month; in February that of the two months of Spring Festival."""
    columns = [("last_year", "yoy"), ("previous", "change")]
    if page.story.month.month <= SHORT_MONTHS:
        columns = [("ytd_january_february", "ytd_yoy")] if page.story.month.month == SHORT_MONTHS else []
    row = page.story.by_figure.get(figure, {})
    for name, column in columns:
        change = page.story.number(figure, column)
        if change is not None and not change_is_few(
            page.figure(figure), row, column, page.story.profile.least_count
        ):
            text = change_text(change, page.figure(figure), page.words)
            return page.say("headline.growth", growth=page.words(f"figures.change.{name}", change=text))
    return ""


@dataclass(frozen=True)
class _Makers:
    """Who makes the difference to a base, the parts of each side in the order in which they are told."""

    base: str
    whole: float
    sides: tuple[tuple[str, tuple[Part, ...]], ...]


def _makers(page: Page, figure: str) -> _Makers | None:
    """Of a gap those short of most; of a target met who carries it, and who is behind."""
    against = "target" if page.story.number(figure, "target_comparable") is not None else growth_base(page, figure)
    told = by_unit(page, figure, against)
    if told is None or len([part for part in told.parts if part.key]) < 2:
        return None
    short, over = losses(told)[:MOST_NAMED], gains(told)[:MOST_NAMED]
    sides = (
        (("over", tuple(over)), ("short", tuple(short[:1]))) if told.change >= 0 else (("short", tuple(short)),)
    )
    return _Makers("target" if against == "target" else "change", told.change / TEN_THOUSANDTHS, sides)


def _who(page: Page, figure: str) -> str:
    """Who makes the difference."""
    makers = _makers(page, figure)
    if makers is None:
        return ""
    say = _bare(page, figure, makers.whole)
    clauses = [_named(page, f"who.{makers.base}_{side}", say, parts) for side, parts in makers.sides if parts]
    return page.say("headline.joint").join(clauses)


def _named(page: Page, key: str, say: Callable[[float], str], parts: Sequence[Part]) -> str:
    named = [page.say(key, name=part.name, value=say(abs(part.change) / TEN_THOUSANDTHS)) for part in parts]
    return page.joint.join(named)


def headline_facts(page: Page) -> Iterator[Fact]:
    """The numbers of the message that no other table has in their unit: parts of a gap that is told in yuan, and a
    manager's own gap, of which there are no parts."""
    figure = held_figure(page) or next(iter(measures(page)), "")
    if figure and not page.units:
        own = by_unit(page, figure, "target")
        if own is not None:
            label = page.say("fact.gap", figure=page.label(figure))
            yield page.fact(label, abs(own.change) / TEN_THOUSANDTHS, figure)
    makers = _makers(page, figure) if figure else None
    if makers is None:
        return
    labels = {"target": ("over_of", "short_of"), "change": ("gained", "lost")}[makers.base]
    for side, parts in makers.sides:
        for part in parts:
            value = abs(part.change) / TEN_THOUSANDTHS
            if _is_told_in_yuan(page, figure, makers.whole, value):
                yield page.fact(page.say(f"fact.{labels[side == 'short']}", name=part.name), value, figure)


def _is_small(page: Page, figure: str, whole: float) -> bool:
    """Whether a sum that could be told in a large unit is told in its own: money in yuan."""
    declared = page.figure(figure)
    return declared.large is not None and told_large(whole, declared) is None


def _is_told_in_yuan(page: Page, figure: str, whole: float, part: float) -> bool:
    """Whether a part of a gap is told in another unit than the table of gaps has: with the whole, or in English alone
    (see `_bare`)."""
    return _is_small(page, figure, whole) or (page.words.language != "zh" and _is_small(page, figure, part))


def _bare(page: Page, figure: str, whole: float) -> Callable[[float], str]:
    """Parts in the unit of the whole, which says it: in Chinese money in ten thousands of yuan. Beside a whole that is
    told in its small unit each says its own."""
    declared = page.figure(figure)
    if page.words.language != "zh" or _is_small(page, figure, whole):
        return lambda value: value_text(value, declared, page.words)
    if declared.large is not None:
        scale, decimals = scale_of(declared.large, page.words)
        return lambda value: number_text(value / scale, decimals)
    return lambda value: number_text(value, declared.decimals)


def _goods(page: Page) -> str:
    """The groups of products that lost most, by name; empty where fewer than two lost or nothing is known."""
    figure = MONEY if page.story.number(MONEY) is not None else VOLUME
    told = by_goods(page, finest_group(page), figure, growth_base(page, figure))
    alone = page.story.month.month <= SHORT_MONTHS  # Spring Festival moves between January and February
    if alone or told is None or len([part for part in told.parts if part.key]) < 2:
        return ""
    lost = losses(told)[:MOST_NAMED]
    if not lost:
        return ""
    against = page.say(f"against.{told.against}")
    return page.say("headline.goods", names=page.joint.join(part.name for part in lost), against=against)
