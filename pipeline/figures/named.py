"""Rows of lists with what people know of them by: region, and name, grade and kind of the customer."""

import pandas as pd

from pipeline.contract.facts import Facts
from pipeline.figures.grain import regions_by_manager
from schemas.form import CUSTOMER

_TOLD = ("customer_name", "grade", "channel")


def named(rows: pd.DataFrame, facts: Facts) -> pd.DataFrame:
    """Rows with region_id (of their manager this month), customer_name, grade and channel (missing where nobody has
    such a customer); those of managers that do not count are left out."""
    known = facts.master("customers").drop_duplicates(CUSTOMER).set_index(CUSTOMER)
    regions = rows["manager_id"].astype("str").map(facts.once(regions_by_manager))
    told = {name: rows[CUSTOMER].map(known[name]).astype("str") for name in _TOLD}
    chosen: pd.DataFrame = rows.assign(region_id=regions, **told)[regions.notna()]
    return chosen.reset_index(drop=True)
