"""Months of pay put together by hand: managers, their terms, claw-backs, scores."""

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from pipeline.base.calendar import Month
from pipeline.contract.trade import load_profile
from pipeline.subjects.pay.accounts import MonthPay
from pipeline.subjects.pay.of_month import Known, openings, pay_of_month
from schemas.form import all_forms
from schemas.profile import Profile

ROLES = {
    "credit": {"unit": 50, "deferred_share": 0.40, "deferred_months": 36},
    "retail": {"unit": 40},
    "wealth": {"unit": {"2024-01": 30, "2024-07": 45.5}, "deferred_share": 0.2, "deferred_months": 12},
}
GRADES = {"g3": 800, "g5": {"2024-01": 500, "2025-01": 555.55}}


def profile(by: str = "score", roles: Mapping[str, Any] | None = None) -> Profile:
    """A profile that pays three roles."""
    changes = {"pay": {"by": by, "roles": ROLES if roles is None else roles}, "pay_grades": GRADES}
    return Profile.model_validate(load_profile("tobacco").model_dump() | changes)


def frame(form: str, rows: Sequence[Mapping[str, Any]]) -> pd.DataFrame:
    """Rows of a form in its types."""
    types = all_forms()[form].dtypes
    made = {name: [row.get(name) for row in rows] for name in types}
    return pd.DataFrame(made).astype(types)


def manager(
    key: str, role: str = "credit", started: str = "2020-01-01", left: str | None = None
) -> dict[str, Any]:
    """A row of the managers."""
    return {
        "manager_id": key, "manager_name": f"经理{key}", "region_id": "R1", "role": role,
        "started_on": pd.Timestamp(started), "left_on": pd.Timestamp(left) if left else pd.NaT,
    }  # fmt: skip


def terms(
    key: str, base: float = 3000, grade: str = "g3", opening: tuple[float, int] | None = None
) -> dict[str, Any]:
    """A row of the pay terms."""
    held, months = opening or (None, None)
    return {
        "manager_id": key, "base": base, "pay_grade": grade, "deferred_opening": held, "deferred_months": months,
    }  # fmt: skip


def claw_back(number: str, month: str, key: str, amount: float) -> dict[str, Any]:
    """A row of the claw-backs."""
    return {"claw_back_no": number, "month": month, "manager_id": key, "amount": amount, "reason": "不良"}


def month_pay(
    month: Month,
    managers: Sequence[Mapping[str, Any]],
    pay_terms: Sequence[Mapping[str, Any]],
    scores: Mapping[str, float],
    claw_backs: Sequence[Mapping[str, Any]] = (),
    *,
    of: Profile | None = None,
    thin: Sequence[str] = (),
    products: Mapping[str, int] | None = None,
) -> MonthPay:
    """What a month says of its pay."""
    masters = {"managers": frame("managers", managers), "pay_terms": frame("pay_terms", pay_terms)}
    known = Known(scores, frozenset(thin), products or {})
    pay = pay_of_month(month, masters, known, of or profile())
    return MonthPay(pay, openings(masters), frame("claw_backs", claw_backs))
