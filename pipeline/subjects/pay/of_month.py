"""What each manager in office is paid in a month (trades.md section 4): base and grade allowance by calendar days in
office, performance by the score and by products, and what of it is deferred.

What is not known stays open: it is never 0, and nothing of it is deferred until it is known.
"""

import calendar
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from pipeline.base.calendar import Month
from pipeline.base.frames import records
from pipeline.contract.master_data import managers_in_office
from pipeline.subjects.pay.money import cents_of, exact, share_of
from schemas.dated import at
from schemas.pay_settings import RolePay
from schemas.profile import Profile

# Why pay stands open, the gravest first; `counted` where it does not.
NO_TERMS, NO_ROLE, NO_SCORE, FEW_KNOWN, NO_PRODUCTS = "no_terms", "no_role", "no_score", "few_known", "no_products"
COUNTED = "counted"
Row = Mapping[str, Any]
PAID = {
    "region_id": "str", "manager_id": "str", "manager_name": "str", "role": "str", "pay_grade": "str",
    "days": "int64", "days_of_month": "int64", "base": "Int64", "allowance": "Int64", "unit": "Float64",
    "score": "Float64", "by_score": "Int64", "by_products": "Int64", "performance": "Int64", "deferred": "Int64",
    "parts": "Int64", "state": "str",
}  # fmt: skip


@dataclass(frozen=True)
class Known:
    """What of a month pay is worked out from: the score of each manager that has one, those whose score rests on too
    little, and the cents for products of each whose sales are known."""

    scores: Mapping[str, float]
    thin: frozenset[str]
    by_products: Mapping[str, int]


def pay_of_month(
    month: Month, masters: Mapping[str, pd.DataFrame], known: Known, profile: Profile
) -> pd.DataFrame:
    """One row per manager in office on a day of the month, in the columns PAID; money in whole cents.

    Args:
        masters: the month's `managers` and `pay_terms`.
    """
    terms = {str(one["manager_id"]): one for one in records(masters["pay_terms"])}
    office = records(managers_in_office(masters["managers"], month))
    rows = [_row(month, one, terms.get(str(one["manager_id"]), {}), known, profile) for one in office]
    return pd.DataFrame(rows, columns=list(PAID)).astype(PAID)


def _row(month: Month, manager: Row, terms: Row, known: Known, profile: Profile) -> dict[str, Any]:
    key, role = str(manager["manager_id"]), _text(manager.get("role"))
    days, whole = days_in_office(month, manager)
    paid = profile.pay.roles.get(role)
    score = known.scores.get(key)
    by_score = None if paid is None or score is None or key in known.thin else _by_score(month, paid, score)
    by_products = known.by_products.get(key)
    performance = by_score if profile.pay.by == "score" else by_products
    share = exact(at(paid.deferred_share, str(month))) if paid else exact(0)
    return {
        "region_id": _text(manager["region_id"]), "manager_id": key, "manager_name": _text(manager["manager_name"]),
        "role": role, "pay_grade": _text(terms.get("pay_grade")), "days": days, "days_of_month": whole,
        **_fixed(month, terms, days, whole, profile), "unit": at(paid.unit, str(month)) if paid else None,
        "score": score, "by_score": by_score, "by_products": by_products, "performance": performance,
        "deferred": 0 if not share else None if performance is None else share_of(performance, share),
        "parts": int(at(paid.deferred_months, str(month))) if paid else None,
        "state": _state(key, terms, paid, performance, known, profile),
    }  # fmt: skip


def days_in_office(month: Month, manager: Row) -> tuple[int, int]:
    """How many calendar days of a month somebody was in office, and how many there are."""
    first, last = pd.Timestamp(month.first_day), pd.Timestamp(month.last_day)
    start, end = (pd.Timestamp(manager[name]) for name in ("started_on", "left_on"))
    since = first if pd.isna(start) else max(first, start)
    until = last if pd.isna(end) else min(last, end)
    return (until - since).days + 1, calendar.monthrange(month.year, month.month)[1]


def _fixed(month: Month, terms: Row, days: int, whole: int, profile: Profile) -> dict[str, Any]:
    """Base and allowance, in cents; unknown without terms, the allowance also without an amount for its grade."""
    base = _cents(terms.get("base"))
    grade = profile.pay_grades.get(_text(terms.get("pay_grade")))
    allowance = None if grade is None else cents_of(exact(at(grade, str(month))))
    return {
        name: None if cents is None else share_of(cents, days, whole)
        for name, cents in (("base", base), ("allowance", allowance))
    }


def _by_score(month: Month, paid: RolePay, score: float) -> int:
    """Unit of the role (yuan a point) × score, in cents."""
    return cents_of(exact(at(paid.unit, str(month))) * exact(score))


def _state(
    key: str,
    terms: Row,
    paid: RolePay | None,
    performance: int | None,
    known: Known,
    profile: Profile,
) -> str:
    if not terms:
        return NO_TERMS
    if performance is not None:
        return COUNTED
    if profile.pay.by == "products":
        return NO_PRODUCTS
    if paid is None:
        return NO_ROLE
    return FEW_KNOWN if key in known.thin else NO_SCORE


def cents_for_products(units: pd.DataFrame, products: pd.DataFrame) -> dict[str, int]:
    """Σ units × pay_per_unit of each manager, in cents.

    Args:
        units: manager_id, product_id, units sold (returns below 0); of a product without a price nothing is paid.
        products: master data, with product_id and pay_per_unit.
    """
    prices = products.dropna(subset=["pay_per_unit"]).drop_duplicates("product_id")
    by_product = {str(one["product_id"]): exact(float(one["pay_per_unit"])) for one in records(prices)}
    found: dict[str, int] = {}
    for one in records(units):
        paid = cents_of(by_product.get(str(one["product_id"]), exact(0)) * int(one["units"]))
        found[str(one["manager_id"])] = found.get(str(one["manager_id"]), 0) + paid
    return found


def _text(value: Any) -> str:
    return "" if value is None or pd.isna(value) else str(value)


def _cents(yuan: Any) -> int | None:
    return None if yuan is None or pd.isna(yuan) else cents_of(exact(float(yuan)))


def openings(masters: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """One row per manager whom the office gives a balance at the start: manager_id, cents, parts; whether in office or
    not, as whoever has left keeps the dates."""
    terms = masters["pay_terms"]
    given = terms[(terms["deferred_opening"].fillna(0) > 0) & terms["deferred_months"].notna()]
    rows = [
        (str(one["manager_id"]), _cents(one["deferred_opening"]), int(one["deferred_months"]))
        for one in records(given)
    ]
    return pd.DataFrame(rows, columns=["manager_id", "cents", "parts"]).astype(
        {"manager_id": "str", "cents": "int64", "parts": "int64"}
    )
