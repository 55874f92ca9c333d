"""Visits behind the figures: what they saw amiss, and those that were not made."""

import pandas as pd

from pipeline.contract.facts import Facts
from pipeline.contract.listing import AddedUp, Listing
from pipeline.contract.shown_frames import ListFrame
from pipeline.figures.grain import names_by_customer, regions_by_manager
from pipeline.figures.known import NOBODY, known_now
from pipeline.subjects.visits.kept_plan import COUNTED, STATES, plan_by_week, plan_kept, visits_against_plan
from pipeline.subjects.visits.plan import NEEDS, planned_visits
from pipeline.subjects.visits.special import special_visit_list
from schemas.visits import is_price_kept

_OFFENCES = [
    "region_id", "manager_id", "customer_id", "offence", "visit_date", "observed_price", "source_file",
    "source_sheet", "source_row", "customer_name",
]  # fmt: skip
_COUNTED = tuple((name, "number0") for name in COUNTED)
_MISSED = ["region_id", "manager_id", "customer_id", "customer_name", "grade", "due_on"]


def visit_offences(facts: Facts) -> pd.DataFrame:
    """Visits that found the guide price not kept (offence: price) or unlawful trading (law), one row each (two where
    both): _OFFENCES."""
    visits = facts.frame("visits")
    fine = {"price": facts.once(prices_kept), "law": visits["lawful"].fillna(True).astype(bool)}
    kinds = [visits[~kept].assign(offence=kind) for kind, kept in fine.items()]
    both = pd.concat(kinds, ignore_index=True)
    named = both.assign(customer_name=both["customer_id"].map(facts.once(names_by_customer)))
    return named.sort_values(["manager_id", "visit_date", "customer_id", "offence"], ignore_index=True)[_OFFENCES]


def prices_kept(facts: Facts) -> pd.Series:
    """Which of the month's visits found no price below the guide price: see `schemas.visits.is_price_kept`."""
    visits = facts.frame("visits")
    lowest = float(facts.master("products")["retail_price"].min())
    return is_price_kept(visits["price_ok"], visits["observed_price"], lowest)


def missed_visits(facts: Facts) -> pd.DataFrame:
    """Planned visits not made in their week, one row each: _MISSED."""
    plan = facts.once(planned_visits)
    untold = facts.once(known_now).missing.get("visits", NOBODY)
    missed = plan[~plan["done"] & ~plan["manager_id"].isin(untold)]
    customers = facts.master("customers").drop_duplicates("customer_id")[["customer_id", "customer_name", "grade"]]
    named = missed.merge(customers, on="customer_id", how="left")
    return named.assign(region_id=named["manager_id"].map(facts.once(regions_by_manager)))[_MISSED]


LISTS = {
    "special_visits_made": Listing(
        special_visit_list,
        ("manager_id", "visit_date", "customer_id"),
        shown=ListFrame(
            (
                "visit_date",
                "manager_id",
                "customer_id",
                "customer_name",
                "special_reason",
                "happened_on",
                "handling",
                "in_time",
            ),
            styles=(("visit_date", "day"), ("happened_on", "day")),
            needs=("visits.visit_kind", "visits.happened_on"),
        ),
    ),
    "visit_offences": Listing(
        visit_offences,
        ("manager_id", "visit_date", "customer_id", "offence"),
        shown=ListFrame(
            (
                "offence",
                "visit_date",
                "manager_id",
                "customer_id",
                "customer_name",
                "observed_price",
                "source_file",
                "source_row",
            ),
            ("offence", ("law", "price")),
            needs=("visits.price_ok",),
        ),
        rules=("law_offence", "price_offence"),
    ),
    "missed_visits": Listing(
        missed_visits,
        ("manager_id", "customer_id", "due_on"),
        shown=ListFrame(
            ("due_on", "manager_id", "customer_id", "customer_name", "grade"),
            by="grade",
            needs=NEEDS,
        ),
    ),
    "visits_against_plan": Listing(
        visits_against_plan,
        ("manager_id", "week", "due_on", "visit_date", "customer_id"),
        shown=ListFrame(
            (
                "plan_state", "week", "due_on", "visit_date", "manager_id", "customer_id", "customer_name", "grade",
                "edition", "source_file", "source_row",
            ),
            ("plan_state", STATES),
            needs=NEEDS,
        ),
    ),
}  # fmt: skip
ADDED_UP = {
    "plan_kept": AddedUp(
        "visits_against_plan",
        plan_kept,
        ListFrame(("entity_id", *COUNTED), needs=NEEDS, styles=_COUNTED, row_key="entity_id"),
    ),
    "plan_by_week": AddedUp(
        "visits_against_plan",
        plan_by_week,
        ListFrame(("week", *COUNTED), needs=NEEDS, styles=_COUNTED, row_key="week"),
    ),
}
