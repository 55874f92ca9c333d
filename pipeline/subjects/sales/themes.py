"""Themes of what was sold: target, growth, structure; what of it is praised."""

from pipeline.base.exact import TEN_THOUSANDTHS
from pipeline.contract.few import change_is_few
from pipeline.contract.page_one import Against, Contributions, Fact, PageFinding, Part
from pipeline.contract.show import change_text
from pipeline.findings.below_last_year import below_last_year
from pipeline.findings.causes import loser, money_fact
from pipeline.findings.contributions import (
    MONEY,
    SHORT_MONTHS,
    VOLUME,
    base_share,
    by_goods,
    by_unit,
    gains,
    growth_base,
    loss_share,
    losses,
    main_loser,
    target_figure,
)
from pipeline.findings.page import Page
from pipeline.findings.target_met import NEAR, target_met
from pipeline.subjects.sales import customers_theme

LEAST_WEIGHT = 1.0  # % of the money: what is less moves nothing
LEAST_EXPLAINED = 0.1  # of a loss: a cause that explains less is none


def target(page: Page) -> PageFinding | None:
    """The gap to the target, whose it is, and for how long the month has been below last year's."""
    figure = target_figure(page)
    told = by_unit(page, figure, "target") if figure else None
    completion = page.story.number(figure, "completion") if figure else None
    if told is None or completion is None:
        return None
    label = page.label(figure)
    done = page.percent(page.say("fact.completion", figure=label), completion)
    gap = money_fact(page, page.say("fact.gap", figure=label), told.change, figure)
    if completion >= NEAR:
        return target_met(page, told, done)
    cause = loser(page, told, figure)
    return PageFinding(
        "target",
        page.say("target.short", figure=label, gap=gap.text, completion=done.text),
        below_last_year(page, figure),
        cause.text,
        page.say("target.todo"),
        cause.owner(page),
        page.due("month"),
        100 - completion,
        "why",
        (gap, done, *cause.facts),
    )


def growth(page: Page) -> PageFinding | None:
    """A fall of the money where no target stands, and who makes it; none where it falls like this most months."""
    figure = MONEY if page.story.number(MONEY) is not None else VOLUME
    if target_figure(page) or page.story.month.month <= SHORT_MONTHS:
        return None
    told = by_unit(page, figure, growth_base(page, figure))
    if told is None or told.base <= 0 or told.change >= 0 or page.is_usual(figure):
        return None
    weight = -100 * told.change / told.base
    if weight < LEAST_WEIGHT:
        return None
    label, against = page.label(figure), page.say(f"against.{told.against}")
    fall = money_fact(page, page.say("fact.fall", figure=label, against=against), told.change, figure)
    rate = page.percent(page.say("fact.fall_rate", figure=label, against=against), weight)
    cause = loser(page, told, figure)
    return PageFinding(
        "growth",
        page.say("growth.fall", figure=label, against=against, fall=fall.text, rate=rate.text),
        below_last_year(page, figure),
        cause.text,
        page.say("growth.todo"),
        cause.owner(page),
        page.due("month"),
        weight,
        "why",
        (fall, rate, *cause.facts),
    )


def structure(page: Page) -> PageFinding | None:
    """The brand that lost most beyond its weight, and what of it could not be supplied; not of January or February, of
    which neither compares alone."""
    figure = MONEY if page.story.number(MONEY) is not None else VOLUME
    told = by_goods(page, "brand", figure, growth_base(page, figure))
    part = main_loser(told) if told else None
    if told is None or part is None or told.base <= 0 or page.story.month.month <= SHORT_MONTHS:
        return None
    weight = -100 * part.change / told.base
    if weight < LEAST_WEIGHT:
        return None
    against = page.say(f"against.{told.against}")
    lost = money_fact(page, page.say("fact.lost", name=part.name), part.change, figure)
    share = page.percent(page.say("fact.loss_share", name=part.name), loss_share(told, part))
    base = page.percent(page.say("fact.base_share_structure", name=part.name), base_share(told, part))
    gain = _gain(page, told, figure)
    supply, facts, is_short = _supply(page, part, told.against)
    goods = _worst_product(page, told, part, figure)
    todo = "todo_supply" if is_short else "todo_own" if page.story.level == "manager" else "todo"
    return PageFinding(
        "structure",
        page.say(
            "structure.lost", brand=part.name, against=against, lost=lost.text, share=share.text, base=base.text
        ),
        "",
        _cause(page, goods[0], supply),
        page.say(f"structure.{todo}", brand=part.name),
        page.supplier if is_short else page.planner,
        page.due("month"),
        weight,
        "why",
        (lost, share, base, *gain[1], *goods[1], *facts),
        beside=gain[0],
    )


def _cause(page: Page, *clauses: str) -> str:
    joined = page.words("sentences.clause_joint").join(one for one in clauses if one)
    return page.say("structure.cause", told=joined) if joined else ""


def _gain(page: Page, told: Contributions, figure: str) -> tuple[str, tuple[Fact, ...]]:
    """The brand that gained most: the good half stands beside the bad one."""
    best = next(iter(gains(told)), None)
    if best is None:
        return "", ()
    gained = money_fact(page, page.say("fact.gained", name=best.name), best.change, figure)
    return page.say("structure.gained", brand=best.name, gained=gained.text), (gained,)


def _worst_product(page: Page, told: Contributions, brand: Part, figure: str) -> tuple[str, tuple[Fact, ...]]:
    """The product of the brand that lost most."""
    frame = page.story.details.get("sales_by_product")
    products = by_goods(page, "product", figure, told.against)
    if frame is None or products is None:
        return "", ()
    own = set(frame.loc[frame["brand"].astype("str") == brand.key, "product_id"].astype("str"))
    lost = [one for one in losses(products) if one.key in own]
    if not lost or len(own) < 2:
        return "", ()
    fact = money_fact(page, page.say("fact.lost", name=lost[0].name), lost[0].change, figure)
    return page.say("structure.product", product=lost[0].name, lost=fact.text), (fact,)


def _supply(page: Page, brand: Part, against: Against) -> tuple[str, tuple[Fact, ...], bool]:
    """What of the brand was ordered and not supplied, where its part of that is greater than of the volume, and
    where it is a part of its loss that is worth naming: four explain no loss of hundreds."""
    frame = page.story.details.get("sales_by_product")
    if frame is None or "short" not in frame or VOLUME not in page.story.declared:
        return "", (), False
    own = frame["brand"].astype("str") == brand.key
    missed, sold = frame["short"].clip(lower=0), frame["volume"].clip(lower=0)
    if not missed[own].sum() or not sold.sum():
        return "", (), False
    share, usual = 100 * missed[own].sum() / missed.sum(), 100 * sold[own].sum() / sold.sum()
    volumes = by_goods(page, "brand", VOLUME, against)
    fall = next((-part.change for part in volumes.parts if part.key == brand.key), 0) if volumes else 0
    explained = int(missed[own].sum()) * TEN_THOUSANDTHS
    if share <= usual or fall <= 0 or explained < LEAST_EXPLAINED * fall:
        return "", (), False
    cartons = page.fact(page.say("fact.not_supplied", name=brand.name), float(missed[own].sum()), VOLUME)
    part = page.percent(page.say("fact.not_supplied_share", name=brand.name), float(share))
    return page.say("structure.supply", cartons=cartons.text, share=part.text), (cartons, part), True


def praised_growth(page: Page) -> PageFinding | None:
    """Money that grew, like with like, and who made most of it."""
    figure = MONEY if page.story.number(MONEY) is not None else VOLUME
    if page.story.number(figure) is None:
        return None
    against = growth_base(page, figure)
    told, column = by_unit(page, figure, against), "yoy" if against == "last_year" else "change"
    change = page.story.number(figure, column)
    few = change_is_few(
        page.figure(figure), page.story.by_figure.get(figure, {}), column, page.story.profile.least_count
    )
    if told is None or change is None or change <= 0 or few or page.story.month.month <= SHORT_MONTHS:
        return None
    label = page.say("fact.growth", figure=page.label(figure), against=page.say(f"against.{against}"))
    rose = money_fact(page, page.say("fact.rise", figure=page.label(figure)), told.change, figure)
    text = change_text(change, page.figure(figure), page.words)
    what = page.say("growth.rise", figure=page.label(figure), against=page.say(f"against.{against}"), rise=rose.text,
                    growth=text)  # fmt: skip
    return PageFinding("growth", what, sheet="why", facts=(rose, page.percent(label, change)), is_good=True)


THEMES = {"target": target, "growth": growth, "structure": structure, "customers": customers_theme.customers}
SINGLES = customers_theme.SINGLES
PRAISE = praised_growth
