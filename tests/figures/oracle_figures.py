"""Every figure recalculated in plain Python, by the definitions of the business."""

from collections.abc import Callable, Mapping
from dataclasses import replace

from oracle import WEIGHTS, Months, Oracle
from oracle_answers import (
    Answer,
    Kind,
    asked_by_days,
    each_once,
    of_values,
    of_year,
    per_customer,
    ratio,
    share,
    stock,
    total,
)
from oracle_field import FieldOracle
from oracle_promotions import LEAST_PROMOTED, PromotionOracle

Ask = Callable[[Oracle], Answer | None]
Known = Mapping[str, set[str]]  # by form: the managers who sent it, or said that there was nothing
SERVICE = ("manager_service", "delivery", "complaint_handling")
MARKET = ("market_order", "profit")


def mean(values: list[float] | list[int]) -> Answer:
    return ratio(sum(values), len(values))


def _category(key: str) -> tuple[str, Ask]:
    return f"category_share.{key}", lambda of: share(of.of_products(lambda p: p["category"] == key), of.volume())


def _tick(figure: str, column: str) -> tuple[str, Ask]:
    return figure, lambda of: share(*of.ticked(column))


def _cases(key: str) -> tuple[str, Ask]:
    return f"complaints.{key}", lambda of: total(sum(case["category"] == key for case in of.received()))


def _dimension(name: str) -> tuple[str, Ask]:
    return f"satisfaction.{name}", lambda of: mean(of.points(name))


def _group(key: str, names: tuple[str, ...]) -> tuple[str, Ask]:
    return f"satisfaction_group.{key}", lambda of: mean(of.indices(names))


SALES: dict[str, Ask] = {
    "volume": lambda of: total(of.volume()),
    "amount": lambda of: total(of.yuan()),
    "amount_per_case": lambda of: ratio(of.yuan(), of.volume(), 250),
    "amount_per_carton": lambda of: ratio(of.yuan(), of.volume()),
    "ordering_customers": lambda of: each_once(of.ordering()),
    "ordering_rate": lambda of: share(of.active_ordering(), len(of.active())),
    "volume_per_customer": lambda of: per_customer(of.volume(), of.ordering()),
    "fill_rate": lambda of: share(*of.fill_rate()),
    "stock_to_sales": lambda of: ratio(*of.stock_to_sales()),
    **dict(_category(f"class{number}") for number in range(1, 6)),
    "key_brand_share": lambda of: share(of.of_products(lambda product: product["is_key"]), of.volume()),
    "new_customers": lambda of: each_once(frozenset(of.new())),
    "returning_customers": lambda of: each_once(frozenset(of.returning())),
    "lost_customers": lambda of: each_once(frozenset(of.lost())),
    "demand_rate": lambda of: share(*of.demand_rate()),
    "brand_activity": lambda of: share(*of.brand_activity()),
    "sell_through": lambda of: share(*of.sell_through()),
    "stock_out_rate": lambda of: share(*of.stock_out()),
    "evaluation": lambda of: mean(of.scores()),
}
VISITS: dict[str, Ask] = {
    "visits": lambda of: total(len(of.rows("visits"))),
    "coverage": lambda of: share(of.active_among("visits"), len(of.active())),
    "plan_completion": lambda of: share(*of.plan()),
    "frequency_rate": lambda of: share(*of.frequency()),
    "special_visits": lambda of: total(sum(row["visit_kind"] == "special" for row in of.rows("visits"))),
    "special_on_time_rate": lambda of: share(
        sum(one is True for _, one in of.special()), sum(one is not None for _, one in of.special())
    ),
    **dict(
        _tick(figure, column)
        for figure, column in (
            ("signature_rate", "customer_signed"), ("price_rate", "price_ok"), ("display_rate", "display_ok"),
            ("lawful_rate", "lawful"), ("stock_check_rate", "stock_checked"),
        )
    ),
    "visit_minutes": lambda of: of_values("median", of.minutes()),
}  # fmt: skip
COMPLAINTS: dict[str, Ask] = {
    "complaints": lambda of: total(len(of.received())),
    "complaints_per_100": lambda of: ratio(len(of.received()), len(of.active()), 100),
    **dict(_cases(key) for key in ("product_quality", "service_quality", "request", "suggestion")),
    "open_cases": lambda of: stock(len(of.open())),
    "overdue_cases": lambda of: stock(len(of.overdue())),
    "on_time_rate": lambda of: share(*of.on_time()),
    "days_to_close": lambda of: of_values("median", of.days_to_close()),
    "days_to_close_p90": lambda of: of_values("p90", of.days_to_close()),
    "replied_rate": lambda of: share(len(of.replied()), len(of.closed())),
    "confirmed_rate": lambda of: share(
        sum(case.get("customer_confirmed") is True for case in of.closed()), len(of.closed())
    ),
    "repeat_rate": lambda of: share(of.repeats(), len(of.received())),
    "escalated": lambda of: total(sum(case["escalation"] in ("1", "2") for case in of.received())),
    "handling_rating": lambda of: mean(of.ratings()),
}
SATISFACTION: dict[str, Ask] = {
    "satisfaction": lambda of: mean(of.indices()),
    "satisfaction_low95": lambda of: of_values("low95", of.indices()),
    "satisfaction_high95": lambda of: of_values("high95", of.indices()),
    **dict([_group("supply", ("supply",)), _group("service", SERVICE), _group("market", MARKET)]),
    **dict(_dimension(name) for name in WEIGHTS),
    "answers": lambda of: total(len(of.indices())),
    "response_rate": lambda of: share(of.active_among("satisfaction"), len(of.active())),
    "low_answers": lambda of: share(sum(index < 60 for index in of.indices()), len(of.indices())),
}
BASE: dict[str, Ask] = {
    "customers_start": lambda of: stock(len(of.at_start())),
    "customers_end": lambda of: stock(len(of.at_end())),
    "customers_joined": lambda of: each_once(of.moved("joined_on")),
    "customers_left": lambda of: each_once(of.moved("left_on")),
    "customers_paused": lambda of: each_once(of.turned("paused", was_paused=False)),
    "customers_reactivated": lambda of: each_once(of.turned("active", was_paused=True)),
    "retention_rate": lambda of: of_year(
        len(of.at_start() & of.at_end()), len(of.at_start()), of.kept_since_new_year()
    ),
    "paused_share": lambda of: share(of.with_status("paused"), len(of.at_end())),
}


def effect(kind: Kind) -> Ask:
    return lambda of: of_values(kind, PromotionOracle(of).told_effects(), LEAST_PROMOTED)


PROMOTIONS: dict[str, Ask] = {
    "promotion_items": lambda of: total(sum(row["quantity"] for row in PromotionOracle(of).receipts())),
    "promotion_customers_reached": lambda of: each_once(PromotionOracle(of).reached()),
    "promotion_customers_confirmed": lambda of: each_once(PromotionOracle(of).confirmed_customers()),
    "promotion_reach_rate": lambda of: share(
        len(PromotionOracle(of).confirmed_and_reached()), len(PromotionOracle(of).confirmed_customers())
    ),
    "promotion_signed_rate": lambda of: share(
        sum(row["customer_signed"] is True for row in PromotionOracle(of).receipts()),
        len(PromotionOracle(of).receipts()),
    ),
    "promotion_effect": effect("mean"),
    "promotion_effect_low95": effect("low95_open"),
    "promotion_effect_high95": effect("high95_open"),
    "promotion_without_effect": lambda of: each_once(
        frozenset(one for one, effect in PromotionOracle(of).effects().items() if effect is None)
    ),
}
LEADS: dict[str, Ask] = {
    "leads": lambda of: total(len(FieldOracle(of).with_day("seen_on"))),
    "leads_at_once_rate": lambda of: share(*FieldOracle(of).at_once()),
    "leads_passed_on": lambda of: total(len(FieldOracle(of).with_day("passed_on"))),
    "leads_closed": lambda of: total(len(FieldOracle(of).with_day("closed_on"))),
    "leads_open": lambda of: stock(len(FieldOracle(of).open_leads())),
}
TRAINING: dict[str, Ask] = {
    "training_sessions": lambda of: total(len(FieldOracle(of).rows("training"))),
    "training_credits": lambda of: total(FieldOracle(of).credits()),
    "training_progress": lambda of: asked_by_days(
        FieldOracle(of).credits(),
        FieldOracle(of).credits_asked(),
        FieldOracle(of).credits_asked(from_new_year=True),
    ),
}
FILES: dict[str, Ask] = {
    "file_completeness": lambda of: replace(share(*FieldOracle(of).file_fields()), kind="last"),
    "files_incomplete": lambda of: stock(len(FieldOracle(of).files_incomplete())),
    "files_not_checked": lambda of: FieldOracle(of).files_not_checked_answer(),
}
LOSSES: dict[str, Ask] = {"lost_to_competitors": lambda of: each_once(of.to_competitors())}
BY_FORM = {
    "sales": {**SALES, **PROMOTIONS, **LEADS, **TRAINING}, "visits": VISITS, "complaints": COMPLAINTS,
    "satisfaction": SATISFACTION, "": {**BASE, **FILES}, "enrolments": LOSSES,
}  # fmt: skip
# How many months before must be known.
LOOKS_BACK = {
    **dict.fromkeys(
        ["new_customers", "returning_customers", "lost_customers", "demand_rate", "brand_activity"], 3
    ),
    **dict.fromkeys([one for one in PROMOTIONS if "effect" in one], 3),
    **dict.fromkeys(["sell_through", "customers_paused", "customers_reactivated"], 1),
}


def recalculated(
    month: tuple[int, int], months: Months, managers: set[str], known: Known
) -> dict[str, Answer | None]:
    """Every figure of some managers together in a month (year, number); None where nothing is known."""
    found: dict[str, Answer | None] = {}
    for form, figures in BY_FORM.items():
        told = managers & known.get(form, set()) if form else managers
        oracle = Oracle(*month, months, told)
        oracle.told = known.get("sales")
        for figure, ask in figures.items():
            can = bool(told) and len(months) > LOOKS_BACK.get(figure, 0)
            found[figure] = ask(oracle) if can else None
    return found
