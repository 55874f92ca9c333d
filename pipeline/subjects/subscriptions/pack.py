"""The customers whose state a manager's template of a month asks for."""

import pandas as pd

from pipeline.base.month_rows import MonthRows
from pipeline.contract.facts import Facts
from pipeline.figures.grain import MANAGER_CUSTOMER, active_customers
from pipeline.templates.known import Known


def rows_of(known: Known) -> pd.DataFrame:
    """One row per customer that is there in the month: manager_id, customer_id."""
    customers = active_customers(Facts(MonthRows(known.month, {}, known.masters), {}, known.profile))
    return customers[MANAGER_CUSTOMER].sort_values(MANAGER_CUSTOMER, ignore_index=True)
