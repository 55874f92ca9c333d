"""What stands behind the figures of promotions: campaigns, whom something is amiss with, and what came of them."""

import math

import pandas as pd

from pipeline.contract.facts import Facts
from pipeline.contract.listing import AddedUp, Listing
from pipeline.contract.shown_frames import ListFrame
from pipeline.figures.student import t_quantile
from pipeline.subjects.promotions.course import CONFIRMED, FORM, promotion_course
from pipeline.subjects.promotions.effect import promotion_effects
from pipeline.subjects.promotions.figures import LEAST_PROMOTED


def effects_told(facts: Facts) -> pd.DataFrame:
    """The rows of `promotion_effects`, with `least`: of how few customers no mean is told."""
    least = int(facts.profile.thresholds.get("least_promoted", LEAST_PROMOTED))
    return facts.once(promotion_effects).assign(least=least)


def campaigns(course: pd.DataFrame) -> pd.DataFrame:
    """One row per campaign and product: customers confirmed, of them recommended by this month's list and reached;
    customers given something, of them not confirmed; receipts, of them unsigned.

    Args:
        course: rows of `promotion_course` of one entity.
    """
    settled = course["confirmed_on"].notna()
    given = (course["receipts"] > 0).fillna(False).astype(bool)
    told = {
        "confirmed": settled,
        "of_recommended": settled & course["recommended"].astype(bool),
        "of_reached": settled & course["is_reached"].astype(bool),
        "given": given,
        "not_confirmed": given & ~course["is_confirmed"].astype(bool),
    }
    counted = course[["campaign_no", "product_id", "product_name"]].assign(
        **{name: one.astype("float64") for name, one in told.items()},
        **{name: course[name].fillna(0).astype("float64") for name in ("quantity", "receipts", "unsigned")},
    )
    keys = ["campaign_no", "product_id", "product_name"]
    return counted.groupby(keys, dropna=False, sort=True).sum().reset_index()


def unsigned(course: pd.DataFrame) -> pd.DataFrame:
    """The customers with a receipt that is not signed."""
    return course[(course["unsigned"] > 0).fillna(False).astype(bool)].reset_index(drop=True)


def unconfirmed(course: pd.DataFrame) -> pd.DataFrame:
    """The customers given something that were not settled, or are of a grade that promotions are not for; `amiss` says
    which: not_confirmed, low_grade or both."""
    given = course[(course["receipts"] > 0).fillna(False).astype(bool)]
    no, low = ~given["is_confirmed"].astype(bool), ~given["is_admitted"].astype(bool)
    amiss = pd.Series("both", index=given.index, dtype="str").mask(~low, "not_confirmed").mask(~no, "low_grade")
    return given.assign(amiss=amiss)[no | low].reset_index(drop=True)


def customers_amiss(facts: Facts) -> pd.DataFrame:
    """The rows of `unconfirmed` of a month."""
    return unconfirmed(facts.once(promotion_course))


def not_reached(course: pd.DataFrame) -> pd.DataFrame:
    """The customers settled and not given anything by the month's end."""
    return course[course["confirmed_on"].notna() & ~course["is_reached"].astype(bool)].reset_index(drop=True)


def effect_by_product(effects: pd.DataFrame) -> pd.DataFrame:
    """One row per product promoted: customers, of them left out, mean effect and its 95 % interval; no mean of fewer
    than `least` customers.

    Args:
        effects: rows of `effects_told` of one entity.
    """
    names = effects.drop_duplicates("product_id").set_index("product_id")["product_name"]
    rows = [_of_product(str(code), names[code], own) for code, own in effects.groupby("product_id", sort=True)]
    columns = ["product_id", "product_name", "promoted", "left_out", "effect", "effect_low95", "effect_high95"]
    return pd.DataFrame(rows, columns=columns)


def _of_product(code: str, name: str, own: pd.DataFrame) -> tuple[object, ...]:
    told = own["effect"].dropna()
    number = len(told)
    if number < max(own["least"].iloc[0], 1):
        return code, name, float(len(own)), float(len(own) - number), math.nan, math.nan, math.nan
    mean = float(told.mean())
    half = t_quantile(0.975, number - 1) * float(told.std()) / math.sqrt(number) if number > 1 else math.nan
    return code, name, float(len(own)), float(len(own) - number), mean, mean - half, mean + half


_WHO = ("manager_id", "customer_id", "customer_name", "grade", "campaign_no", "product_name")
_NUMBERS = tuple(
    (name, "number0")
    for name in (
        "quantity", "receipts", "unsigned", "confirmed", "of_recommended", "of_reached", "given", "not_confirmed",
        "promoted", "left_out",
    )
)  # fmt: skip
_EFFECTS = tuple((name, "number2") for name in ("effect", "effect_low95", "effect_high95"))
_DAYS = (("issued_on", "day"), ("confirmed_on", "day"))
_ORDER = ("campaign_no", "product_id", "manager_id", "customer_id")
LISTS = {
    "promotion_course": Listing(promotion_course, _ORDER),
    "promotions_unconfirmed": Listing(
        customers_amiss,
        _ORDER,
        shown=ListFrame(("amiss", *_WHO, "issued_on", "quantity"), needs=(FORM,), styles=(*_NUMBERS, *_DAYS)),
        rules=("promotion_amiss",),
    ),
    "promotion_effects": Listing(effects_told, ("product_id", "manager_id", "customer_id")),
}
ADDED_UP = {
    "campaigns": AddedUp(
        "promotion_course", campaigns,
        ListFrame(
            (
                "campaign_no", "product_name", "confirmed", "of_recommended", "of_reached", "given", "not_confirmed",
                "quantity", "receipts", "unsigned",
            ),
            needs=(FORM, CONFIRMED), styles=_NUMBERS,
        ),
    ),
    "promotion_effect_by_product": AddedUp(
        "promotion_effects", effect_by_product,
        ListFrame(
            ("product_name", "promoted", "left_out", "effect", "effect_low95", "effect_high95"),
            needs=(FORM, "customers.grade", "customers.channel"), styles=(*_NUMBERS, *_EFFECTS),
        ),
    ),
    "promotions_unsigned": AddedUp(
        "promotion_course", unsigned,
        ListFrame((*_WHO, "issued_on", "unsigned", "receipts"), needs=(FORM,), styles=(*_NUMBERS, *_DAYS)),
    ),
    "promotions_not_reached": AddedUp(
        "promotion_course", not_reached,
        ListFrame((*_WHO, "confirmed_on"), needs=(FORM, CONFIRMED), styles=_DAYS),
    ),
}  # fmt: skip
