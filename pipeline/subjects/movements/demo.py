"""Made-up movements of households: those that lead from each month's states to the next one's."""

import pandas as pd

from pipeline.base.calendar import Month
from pipeline.demo.people import as_form, customers_in
from pipeline.demo.sample import Sample
from pipeline.subjects.subscriptions.demo import books


def rows_of(sample: Sample, month: Month) -> pd.DataFrame:
    """The rows of the form movements."""
    organisation = sample.organisation
    rows = sample.once(books).movements
    rows = rows[rows["month"] == organisation.number(month)]
    managers = customers_in(organisation, month).set_index("customer_id")["manager_id"]
    rows = rows.assign(manager_id=rows["customer_id"].map(managers))
    rows = rows.sort_values(["manager_id", "happened_on", "customer_id", "kind", "from_state"])
    return as_form("movements", rows).assign(manager_id=rows["manager_id"].to_numpy())
