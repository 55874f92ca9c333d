"""For how many months customers have been under their grade's floor, from month to month."""

import pandas as pd

from pipeline.contract.carried import Carry
from pipeline.contract.facts import Facts
from pipeline.subjects.watch_list.lists import UNDER, months_under, under_floor
from schemas.form import CUSTOMER


def under_their_floor(facts: Facts) -> pd.DataFrame:
    """One row per customer under its floor at the month's end: customer_id, months (this one included), exact (whether
    it is known to be no longer)."""
    now = facts.once(under_floor)
    months, exact = months_under(facts, now.index[now["under"]])
    rows = pd.DataFrame({"months": months, "exact": exact}).rename_axis(CUSTOMER).reset_index()
    return rows.astype({CUSTOMER: "str", "months": "int64", "exact": "bool"})


CARRIED = {UNDER: Carry(("holdings", "customers"), under_their_floor)}
