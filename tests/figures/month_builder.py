"""Builds small months by hand, in the shape in which the ledger hands them over."""

import datetime as dt
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any

import pandas as pd

from pipeline.base.calendar import Month
from pipeline.base.month_rows import SENDER_COLUMNS, MonthRows
from pipeline.contract.facts import Facts
from pipeline.contract.trade import load_profile
from schemas.form import all_forms
from schemas.profile import Profile

Row = dict[str, Any]
Types = tuple[tuple[str, str], ...]
_DEFAULTS: dict[str, Row] = {
    "customers": {"customer_name": "客户", "status": "active"},
    "products": {"product_name": "品规"},
    "visits": {
        "visit_kind": "planned",
        "informed": True,
        "stock_checked": True,
        "display_ok": True,
        "price_ok": True,
        "lawful": True,
        "customer_signed": True,
    },
    "complaints": {"description": "情况", "category": "request"},
}


@dataclass
class MonthBuilder:
    """One month in the making; `R1` holds M1 and M2, `R2` holds M3 unless `managers` says otherwise."""

    month: Month
    managers: Mapping[str, str] = field(default_factory=lambda: {"M1": "R1", "M2": "R1", "M3": "R2"})
    rows: dict[str, list[Row]] = field(default_factory=dict)
    sent: frozenset[tuple[str, str]] = frozenset()

    def add(self, form: str, **values: Any) -> "MonthBuilder":
        self.rows.setdefault(form, []).append({**_DEFAULTS.get(form, {}), **values})
        return self

    def customer(self, customer_id: str, manager_id: str, **values: Any) -> "MonthBuilder":
        return self.add("customers", customer_id=customer_id, manager_id=manager_id, **values)

    def sale(
        self, manager_id: str, customer_id: str, product_id: str, qty: int, amount: float, **values: Any
    ) -> "MonthBuilder":
        keys = {"manager_id": manager_id, "customer_id": customer_id, "product_id": product_id}
        return self.add("sales", **keys, sold_qty=qty, amount=amount, **values)

    def visit(self, manager_id: str, customer_id: str, day: int, **values: Any) -> "MonthBuilder":
        date = self.day(day)
        return self.add("visits", manager_id=manager_id, customer_id=customer_id, visit_date=date, **values)

    def case(self, number: str, manager_id: str, customer_id: str, received: str, **values: Any) -> "MonthBuilder":
        keys = {"complaint_no": number, "manager_id": manager_id, "customer_id": customer_id}
        return self.add("complaints", **keys, received_on=received, **values)

    def answer(self, manager_id: str, customer_id: str = "C1", **scores: Any) -> "MonthBuilder":
        return self.add("satisfaction", manager_id=manager_id, customer_id=customer_id, **scores)

    def day(self, number: int) -> dt.date:
        return dt.date(self.month.year, self.month.month, number)

    def build(self) -> MonthRows:
        forms = all_forms()
        rows = {key: self._monthly(key) for key, form in forms.items() if form.kind == "monthly"}
        masters = {
            key: frame_of(key, self.rows.get(key, [])) for key, form in forms.items() if form.kind == "master"
        }
        regions = sorted(set(self.managers.values()))
        if not self.rows.get("regions"):
            masters["regions"] = frame_of("regions", [{"region_id": one, "region_name": one} for one in regions])
        if not self.rows.get("managers"):
            named = [{"manager_id": m, "manager_name": m, "region_id": r} for m, r in self.managers.items()]
            masters["managers"] = frame_of("managers", named)
        return MonthRows(self.month, rows, masters, self.sent)

    def _monthly(self, form: str) -> pd.DataFrame:
        rows = [
            {
                "region_id": self.managers.get(row["manager_id"]),
                "source_file": f"{row['manager_id']}.xlsx",
                "source_hash": "0",
                "source_sheet": form,
                "source_row": number,
                **row,
            }
            for number, row in enumerate(self.rows.get(form, []), start=4)
        ]
        senders = dict.fromkeys((*SENDER_COLUMNS, "source_file", "source_hash", "source_sheet"), "str")
        return frame_of(form, rows, {**senders, "source_row": "int64"})


def frame_of(form: str, rows: Iterable[Row], more: Mapping[str, str] | None = None) -> pd.DataFrame:
    """Rows in the stored types of a form (and of `more` columns)."""
    types = tuple({**all_forms()[form].dtypes, **(more or {})}.items())
    given = list(rows)
    return _typed(given, types) if given else _without_rows(types).copy(deep=False)


def _typed(rows: list[Row], types: Types) -> pd.DataFrame:
    return pd.DataFrame({name: pd.Series([row.get(name) for row in rows], dtype=dtype) for name, dtype in types})


@cache
def _without_rows(types: Types) -> pd.DataFrame:
    """Most forms of a small month are empty, and to make their columns anew each time is half of its cost."""
    return _typed([], types)


def tobacco(**changes: Any) -> Profile:
    return load_profile("tobacco", changes) if changes else _tobacco()


@cache
def _tobacco() -> Profile:
    return load_profile("tobacco")


def facts_of(builder: MonthBuilder, *earlier: MonthBuilder, profile: Profile | None = None) -> Facts:
    months = {one.month: one.build() for one in earlier}
    return Facts(builder.build(), months, profile or tobacco())


def two_customers_each(
    month: Month,
    cartons: Mapping[str, int],
    regions: Mapping[str, str],
    gone: Collection[str] = (),
    owners: Mapping[str, str] | None = None,
) -> MonthBuilder:
    """A month in which each manager sells so many cartons, at 10 yuan, to each of two customers.

    Args:
        cartons: by manager.
        regions: the region of each manager.
        gone: managers who have sent nothing.
        owners: who has a customer of another manager's, by customer.
    """
    forms = ("sales", "visits", "complaints", "satisfaction")
    sent = frozenset((manager, form) for manager in regions for form in forms if manager not in gone)
    one = MonthBuilder(month, dict(regions), sent=sent)
    one.add("products", product_id="P1", product_name="金叶", brand="金", category="class1")
    for manager in regions:
        for number in (1, 2):
            customer = f"{manager}C{number}"
            owner = (owners or {}).get(customer, manager)
            one.customer(customer, owner, customer_name=customer, joined_on="2020-01-01", grade="1")
            if owner not in gone:
                one.sale(owner, customer, "P1", cartons[manager], 10.0 * cartons[manager])
    return one
