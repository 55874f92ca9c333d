"""The plans that were issued, against the visits that were made.

Each visit that was planned was done on its day, on another day of its week, or not done; each visit that was made in a
week of which its manager had a plan is one of those, special, or was not planned. So no visit counts twice: planned
visits that were done, special and unplanned ones add up to the visits of those weeks. As of plan completion, a planned
visit is done by a visit of the same week in the same month that is not special. What a manager who has not reported has
done is unknown.
"""

import pandas as pd

from pipeline.contract.facts import Facts
from pipeline.contract.report import ORGANISATION_ID
from pipeline.figures.grain import MANAGER_CUSTOMER, names_by_customer, regions_by_manager
from pipeline.figures.known import NOBODY, known_now
from pipeline.subjects.visits.plan import monday
from pipeline.subjects.visits.special import is_special

STATES = ("not_done", "other_day", "unplanned", "special", "unknown", "on_day")
PLANNED_STATES = ("on_day", "other_day", "not_done", "unknown")
COLUMNS: dict[str, str] = {
    "region_id": "str", "manager_id": "str", "week": "str", "plan_state": "str", "due_on": "datetime64[ns]",
    "visit_date": "datetime64[ns]", "customer_id": "str", "customer_name": "str", "grade": "str", "edition": "Int64",
    "source_file": "str", "source_sheet": "str", "source_row": "Int64",
}  # fmt: skip
COUNTED = ("planned", "on_day", "other_day", "not_done", "unknown", "unplanned", "special")
_SOURCE = ["source_file", "source_sheet", "source_row"]


def visits_against_plan(facts: Facts) -> pd.DataFrame:
    """One row per visit that was planned, and per visit that was made beside the plan: COLUMNS, `plan_state` one of
    STATES, `edition` that of the plan. No rows where no plan was issued."""
    plans = facts.rows.plans
    if plans.empty:
        return pd.DataFrame({name: pd.Series(dtype=dtype) for name, dtype in COLUMNS.items()})
    plans = plans.assign(monday=monday(plans["due_on"])).reset_index(names="planned")
    made = _made_in_planned_weeks(facts, plans)
    done = _done(plans, made)
    beside = made[~made["visit"].isin(done["visit"])]
    kinds = is_special(beside).map({True: "special", False: "unplanned"})
    rows = pd.concat([_planned(facts, plans, done), beside.assign(plan_state=kinds)], ignore_index=True)
    named = rows["customer_id"].map(facts.once(names_by_customer))
    regions = rows["manager_id"].map(facts.once(regions_by_manager))
    told = rows.assign(region_id=regions, customer_name=named.fillna(rows["customer_name"]))
    return told.reindex(columns=list(COLUMNS)).astype(COLUMNS)


def _made_in_planned_weeks(facts: Facts, plans: pd.DataFrame) -> pd.DataFrame:
    """The visits of weeks of which their manager has a plan, numbered as `visit`."""
    columns = [*MANAGER_CUSTOMER, "visit_date", "visit_kind", *_SOURCE]
    visits = facts.frame("visits")[columns].assign(customer_name=None)
    weeks = plans[["manager_id", "monday", "week", "edition"]].drop_duplicates(["manager_id", "monday"])
    made = visits.assign(monday=monday(visits["visit_date"])).merge(weeks, on=["manager_id", "monday"])
    return made.reset_index(names="visit")


def _done(plans: pd.DataFrame, made: pd.DataFrame) -> pd.DataFrame:
    """For each planned visit that was done the visit that counts: on its day before any other, never a special one."""
    keys = [*MANAGER_CUSTOMER, "monday"]
    regular = made.loc[~is_special(made), [*keys, "visit", "visit_date", *_SOURCE]]
    both = plans[[*keys, "planned", "due_on"]].merge(regular, on=keys)
    both = both.assign(late=both["visit_date"] != both["due_on"])
    ordered = both.sort_values(["late", "visit_date", "visit"], kind="stable")
    return ordered.drop_duplicates("planned").drop_duplicates("visit")


def _planned(facts: Facts, plans: pd.DataFrame, done: pd.DataFrame) -> pd.DataFrame:
    found = plans.merge(done[["planned", "visit_date", "late", *_SOURCE]], on="planned", how="left")
    state = found["late"].map({False: "on_day", True: "other_day"}).fillna("not_done")
    untold = found["manager_id"].isin(facts.once(known_now).missing.get("visits", NOBODY))
    return found.assign(plan_state=state.mask(untold & (state == "not_done"), "unknown"))


def plan_kept(rows: pd.DataFrame) -> pd.DataFrame:
    """One row per manager of a region after one of the region; of the organisation one per region after one of all;
    of a manager one: entity_id and COUNTED."""
    if rows.empty:
        return pd.DataFrame(columns=["entity_id", *COUNTED])
    regions, managers = sorted(rows["region_id"].dropna().unique()), sorted(rows["manager_id"].unique())
    parts = [(str(one), rows[rows["region_id"] == one]) for one in regions]
    if len(regions) > 1:
        told = [(ORGANISATION_ID, rows), *parts]
    else:
        own = [(str(one), rows[rows["manager_id"] == one]) for one in managers]
        told = own if len(own) == 1 else [*parts, *own]
    return pd.DataFrame([{"entity_id": entity, **_sums(some)} for entity, some in told])


def plan_by_week(rows: pd.DataFrame) -> pd.DataFrame:
    """One row per week: week and COUNTED."""
    weeks = [(str(week), some) for week, some in rows.groupby("week", sort=True)]
    return pd.DataFrame([{"week": week, **_sums(some)} for week, some in weeks], columns=["week", *COUNTED])


def _sums(rows: pd.DataFrame) -> dict[str, int]:
    counts = rows["plan_state"].value_counts()
    states = {state: int(counts.get(state, 0)) for state in STATES}
    return {"planned": sum(states[one] for one in PLANNED_STATES), **{name: states[name] for name in COUNTED[1:]}}
