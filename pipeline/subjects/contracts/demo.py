"""Made-up contracts: those signed in a month."""

import pandas as pd

from pipeline.base.calendar import Month
from pipeline.demo.people import as_form
from pipeline.demo.sample import Sample
from pipeline.subjects.deals.demo_course import books, with_manager


def rows_of(sample: Sample, month: Month) -> pd.DataFrame:
    """The rows of the form contracts."""
    contracts = sample.once(books).contracts
    days = pd.Timestamp(month.first_day), pd.Timestamp(month.last_day)
    view = with_manager(sample.organisation, contracts[contracts["signed_on"].between(*days)], month)
    view = view.sort_values(["manager_id", "signed_on", "contract_no"])
    return as_form("contracts", view).assign(manager_id=view["manager_id"].to_numpy())
