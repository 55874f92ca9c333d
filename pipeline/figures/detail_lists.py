"""Lists behind the figures: cases, visits, customers; see `details` for what each holds."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

from pipeline.base.exact import stacked
from pipeline.contract.facts import Facts
from pipeline.figures.base import lost_by_competitor
from pipeline.figures.brands import brand_counts
from pipeline.figures.cases import (
    cases_of,
    days_overdue,
    is_overdue,
    known_cases,
    open_cases,
    repeated_cases,
    untold_cases,
)
from pipeline.figures.customers import movements, stock_health
from pipeline.figures.evaluation import downgrade_proposals, evaluation, promotion_list
from pipeline.figures.grain import regions_by_manager
from pipeline.figures.known import NOBODY, known_now
from pipeline.figures.plan import planned_visits

_CASE_COLUMNS = [
    "complaint_no", "manager_id", "manager_before", "region_id", "customer_id", "category", "product_id", "description",
    "department", "handler", "escalation", "received_on", "due_on", "resolved_on", "state", "days_overdue",
    "source_file", "source_sheet", "source_row",
]  # fmt: skip
_OFFENCES = [
    "region_id", "manager_id", "customer_id", "offence", "visit_date", "observed_price", "source_file",
    "source_sheet", "source_row",
]  # fmt: skip
_MISSED = ["region_id", "manager_id", "customer_id", "customer_name", "grade", "due_on"]
_ENTITY = ["region_id", "manager_id"]


def complaint_cases(facts: Facts) -> pd.DataFrame:
    """The cases that are open at the month's end or were received in the month; see the module."""
    cases = facts.once(known_cases)
    untold = facts.once(untold_cases).index
    is_open = cases.index.isin(facts.once(open_cases).index)
    chosen = cases[is_open | cases.index.isin(untold) | cases.index.isin(cases_of(facts, "received_on").index)]
    state = pd.Series("closed", index=chosen.index).where(~chosen.index.isin(facts.once(open_cases).index), "open")
    overdue = (state == "open") & is_overdue(chosen, facts)
    late = days_overdue(chosen["due_on"], facts).where(overdue)
    listed = chosen.assign(
        region_id=chosen["manager_id"].map(facts.once(regions_by_manager)).fillna(chosen["region_id"]),
        state=state.mask(overdue, "overdue").mask(chosen.index.isin(untold), "unknown"),
        days_overdue=late,
    )
    listed = listed.sort_values(["days_overdue", "received_on", "complaint_no"], ascending=[False, True, True])
    return listed.reindex(columns=_CASE_COLUMNS).reset_index(drop=True)


def visit_offences(facts: Facts) -> pd.DataFrame:
    """Visits that found the guide price not kept or unlawful trading, one row each (two where both); see the module."""
    visits = facts.frame("visits")
    found = {"price": "price_ok", "law": "lawful"}
    kinds = [
        visits[~visits[column].fillna(True).astype(bool)].assign(offence=kind) for kind, column in found.items()
    ]
    both = pd.concat(kinds, ignore_index=True)
    return both.sort_values(["manager_id", "visit_date", "customer_id", "offence"], ignore_index=True)[_OFFENCES]


def missed_visits(facts: Facts) -> pd.DataFrame:
    """Planned visits not made in their week, one row each; see the module."""
    plan = facts.once(planned_visits)
    untold = facts.once(known_now).missing.get("visits", NOBODY)
    missed = plan[~plan["done"] & ~plan["manager_id"].isin(untold)]
    customers = facts.master("customers").drop_duplicates("customer_id")[["customer_id", "customer_name", "grade"]]
    named = missed.merge(customers, on="customer_id", how="left")
    return named.assign(region_id=named["manager_id"].map(facts.once(regions_by_manager)))[_MISSED]


def repeated(facts: Facts) -> pd.DataFrame:
    """The month's repeated complaints, with the columns of `complaint_cases` but for state and days_overdue."""
    cases = repeated_cases(facts)
    regions = cases["manager_id"].map(facts.once(regions_by_manager)).fillna(cases["region_id"])
    columns = [name for name in _CASE_COLUMNS if name not in ("state", "days_overdue")]
    return cases.assign(region_id=regions).reindex(columns=columns).reset_index(drop=True)


@dataclass(frozen=True)
class Listing:
    """A list: how its rows are made of a month's facts, and by which columns they are ordered."""

    rows: Callable[[Facts], pd.DataFrame]
    order: tuple[str, ...]
    greatest_first: frozenset[str] = frozenset()


_BY_SCORE = (("score", "customer_id"), frozenset({"score"}))
LISTS: dict[str, Listing] = {
    "complaint_cases": Listing(
        complaint_cases, ("days_overdue", "received_on", "complaint_no"), frozenset({"days_overdue"})
    ),
    "repeated_cases": Listing(repeated, ("received_on", "complaint_no")),
    "visit_offences": Listing(visit_offences, ("manager_id", "visit_date", "customer_id", "offence")),
    "missed_visits": Listing(missed_visits, ("manager_id", "customer_id", "due_on")),
    "brand_counts": Listing(brand_counts, ("manager_id", "brand")),
    "lost_by_competitor": Listing(lost_by_competitor, ("manager_id", "lost_to")),
    "customers_by_movement": Listing(movements, ("customer_id",)),
    "stock_health": Listing(stock_health, ("customer_id", "manager_id")),
    "customer_evaluation": Listing(evaluation, *_BY_SCORE),
    "promotion_list": Listing(promotion_list, *_BY_SCORE),
    "downgrade_proposals": Listing(
        downgrade_proposals, ("region_id", "manager_id", "customer_id", "visit_date", "source_row")
    ),
}


def lists_of(facts: Facts) -> dict[str, pd.DataFrame]:
    """Every list of a month, over the managers that count."""
    managers = facts.once(regions_by_manager).index
    made = {name: facts.once(listing.rows) for name, listing in LISTS.items()}
    return {name: _ordered(name, rows[rows["manager_id"].isin(managers)]) for name, rows in made.items()}


def lists_of_region(lists: Mapping[str, pd.DataFrame], region: str) -> dict[str, pd.DataFrame]:
    """What of a month's lists is one region's."""
    return {name: rows[rows["region_id"] == region].reset_index(drop=True) for name, rows in lists.items()}


def lists_together(parts: Sequence[Mapping[str, pd.DataFrame]]) -> dict[str, pd.DataFrame]:
    """The lists of several regions as one each."""
    return {name: list_together(name, [part[name] for part in parts]) for name in LISTS}


def list_together(name: str, parts: Sequence[pd.DataFrame]) -> pd.DataFrame:
    """One list of several regions."""
    return parts[0] if len(parts) == 1 else _ordered(name, stacked(parts))


def _ordered(name: str, rows: pd.DataFrame) -> pd.DataFrame:
    listing = LISTS[name]
    ascending = [column not in listing.greatest_first for column in listing.order]
    return rows.sort_values(list(listing.order), ascending=ascending, kind="stable", ignore_index=True)
