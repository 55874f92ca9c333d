"""The visits that a manager's template of a month comes with: those that are planned, by day."""

import pandas as pd

from pipeline.base.month_rows import MonthRows
from pipeline.contract.facts import Facts
from pipeline.subjects.visits.plan import planned_visits
from pipeline.templates.known import Known


def rows_of(known: Known) -> pd.DataFrame:
    """One row per planned visit: manager_id, visit_date, customer_id, visit_kind."""
    facts = Facts(MonthRows(known.month, {}, known.masters), {}, known.profile)
    planned = planned_visits(facts).rename(columns={"due_on": "visit_date"}).assign(visit_kind="planned")
    return planned.sort_values(["manager_id", "visit_date", "customer_id"], ignore_index=True)
