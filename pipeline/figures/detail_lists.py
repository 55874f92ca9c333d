"""Lists behind the figures: cases, visits, customers; see `details` for what each holds."""

from collections.abc import Callable

import pandas as pd

from pipeline.figures.base import lost_by_competitor
from pipeline.figures.brands import brand_counts
from pipeline.figures.cases import cases_of, known_cases, open_cases, repeated_cases, working_days_to
from pipeline.figures.customers import movements, stock_health
from pipeline.figures.evaluation import downgrade_proposals, evaluation, promotion_list
from pipeline.figures.facts import Facts
from pipeline.figures.grain import regions_by_manager
from pipeline.figures.plan import planned_visits

_CASE_COLUMNS = [
    "complaint_no", "manager_id", "region_id", "customer_id", "category", "product_id", "description",
    "department", "handler", "escalation", "received_on", "due_on", "resolved_on", "state", "days_overdue",
    "source_file", "source_sheet", "source_row",
]  # fmt: skip
_OFFENCES = [
    "region_id", "manager_id", "customer_id", "offence", "visit_date", "observed_price", "source_file",
    "source_sheet", "source_row",
]  # fmt: skip
_MISSED = ["region_id", "manager_id", "customer_id", "customer_name", "grade", "due_on"]
_ENTITY = ["region_id", "manager_id"]
_CASE_COLUMNS = [
    "complaint_no", "manager_id", "region_id", "customer_id", "category", "product_id", "description",
    "department", "handler", "escalation", "received_on", "due_on", "resolved_on", "state", "days_overdue",
    "source_file", "source_sheet", "source_row",
]  # fmt: skip


def complaint_cases(facts: Facts) -> pd.DataFrame:
    """The cases that are open at the month's end or were received in the month; see the module."""
    end = pd.Timestamp(facts.month.last_day)
    cases = facts.once(known_cases)
    is_open = cases.index.isin(facts.once(open_cases).index)
    chosen = cases[is_open | cases.index.isin(cases_of(facts, "received_on").index)]
    state = pd.Series("closed", index=chosen.index).where(~chosen.index.isin(facts.once(open_cases).index), "open")
    overdue = (state == "open") & (chosen["due_on"] < end)
    late = working_days_to(chosen["due_on"], pd.Series(end, index=chosen.index)).where(overdue)
    listed = chosen.assign(
        region_id=chosen["manager_id"].map(facts.once(regions_by_manager)).fillna(chosen["region_id"]),
        state=state.mask(overdue, "overdue"),
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
    missed = plan[~plan["done"]]
    customers = facts.master("customers").drop_duplicates("customer_id")[["customer_id", "customer_name", "grade"]]
    named = missed.merge(customers, on="customer_id", how="left")
    return named.assign(region_id=named["manager_id"].map(facts.once(regions_by_manager)))[_MISSED]


def repeated(facts: Facts) -> pd.DataFrame:
    """The month's repeated complaints, with the columns of `complaint_cases` but for state and days_overdue."""
    cases = repeated_cases(facts)
    regions = cases["manager_id"].map(facts.once(regions_by_manager)).fillna(cases["region_id"])
    columns = [name for name in _CASE_COLUMNS if name not in ("state", "days_overdue")]
    return cases.assign(region_id=regions).reindex(columns=columns).reset_index(drop=True)


LISTS: dict[str, Callable[[Facts], pd.DataFrame]] = {
    "complaint_cases": complaint_cases,
    "repeated_cases": repeated,
    "visit_offences": visit_offences,
    "missed_visits": missed_visits,
    "brand_counts": brand_counts,
    "lost_by_competitor": lost_by_competitor,
    "customers_by_movement": movements,
    "stock_health": stock_health,
    "customer_evaluation": evaluation,
    "promotion_list": promotion_list,
    "downgrade_proposals": downgrade_proposals,
}
