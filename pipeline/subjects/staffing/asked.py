"""What an outlet is asked to have, role by role (trades.md section 4).

Each rule takes an outlet and gives what is asked of it; None of an outlet of which a fact that it asks by is not filled
in: unknown is not nothing.

- retail: one full-time at each sub-branch or agency outlet near a market; at other sub-branches part-time will do
- corporate: one or more where there is corporate business
- credit: three for each business department, one or more at each county branch or sub-branch, with credit
- lobby: one, full-time only where the area, a prime site and a busy one ask for it, all three
- wealth: full- or part-time, one for so many converted large customers, rounded down
- product (of a branch): one for so many customer managers, rounded down
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from schemas.staffing import AGENCY, BUSINESS, COUNTY, SUB_BRANCH, Staffing

Outlet = Mapping[str, Any]


@dataclass(frozen=True)
class Asked:
    """How many are asked, whether they must be full-time, and by which rule, a key of the words; `unmet` are the facts
    for want of which part-time will do."""

    count: int
    full_time: bool
    why: str
    unmet: tuple[str, ...] = ()


NOTHING = Asked(0, False, "none")
Ask = Callable[[Outlet, Staffing], Asked | None]


def retail(outlet: Outlet, rules: Staffing) -> Asked | None:
    """One full-time near a market; at other sub-branches one, part-time will do."""
    if outlet["kind"] not in (SUB_BRANCH, AGENCY):
        return NOTHING
    near = flag(outlet, "near_market")
    if near is None:
        return None
    if near:
        return Asked(1, True, "retail_market")
    return Asked(1, False, "retail_part") if outlet["kind"] == SUB_BRANCH else NOTHING


def corporate(outlet: Outlet, rules: Staffing) -> Asked | None:
    """One or more where there is corporate business."""
    there = flag(outlet, "corporate_business")
    if there is None:
        return None
    return Asked(1, False, "corporate") if there else NOTHING


def credit(outlet: Outlet, rules: Staffing) -> Asked | None:
    """Three for each business department, one or more at each county branch or sub-branch, with credit."""
    if outlet["kind"] not in (BUSINESS, COUNTY, SUB_BRANCH):
        return NOTHING
    there = flag(outlet, "credit")
    if there is None:
        return None
    if not there:
        return NOTHING
    if outlet["kind"] == BUSINESS:
        return Asked(rules.credit_of_business, False, "credit_business")
    return Asked(1, False, "credit")


def lobby(outlet: Outlet, rules: Staffing) -> Asked | None:
    """One; full-time only where the outlet is large, on a prime site and busy. What is known to be otherwise decides,
    whatever is not filled in."""
    area = outlet["area_m2"]
    facts: dict[str, bool | None] = {name: flag(outlet, name) for name in ("prime_site", "busy")}
    facts["area_m2"] = None if pd.isna(area) else float(area) >= rules.lobby_area_m2
    unmet = tuple(sorted(name for name, fact in facts.items() if fact is False))
    if unmet:
        return Asked(1, False, "lobby_part", unmet)
    return None if None in facts.values() else Asked(1, True, "lobby_full")


def wealth(outlet: Outlet, rules: Staffing) -> Asked | None:
    """Full- or part-time, by converted large customers, rounded down."""
    customers = outlet["large_customers"]
    if pd.isna(customers):
        return None
    count = int(customers) // rules.customers_a_wealth_manager
    return Asked(count, False, "wealth") if count else NOTHING


def product(customer_managers: int, rules: Staffing) -> Asked:
    """Of a branch: one for so many customer managers, rounded down."""
    count = customer_managers // rules.managers_a_product_manager
    return Asked(count, False, "product") if count else NOTHING


def flag(outlet: Outlet, name: str) -> bool | None:
    """A fact of an outlet; None where it is not filled in."""
    value = outlet[name]
    return None if pd.isna(value) else bool(value)


# By the role that is asked for, in the order in which they are told.
OF_OUTLETS: Mapping[str, Ask] = {
    "retail": retail, "corporate": corporate, "credit": credit, "lobby": lobby, "wealth": wealth,
}  # fmt: skip
PRODUCT = "product"
