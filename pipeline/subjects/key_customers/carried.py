"""Customers that are lost and not back yet, from month to month: however long ago, they are out of the start."""

import pandas as pd

from pipeline.contract.carried import Carry
from pipeline.contract.facts import Facts
from pipeline.subjects.key_customers.ends import OUT, OutAt
from schemas.form import CUSTOMER


def out_of_the_start(facts: Facts) -> pd.DataFrame:
    """One row per customer that is out at the month's end, of key customers (`keys`) and of all: customer_id, keys,
    average (what it was lost from, ten-thousandths of a yuan)."""
    frames = [
        OutAt(0, keys)(facts).rename_axis(CUSTOMER).rename("average").reset_index().assign(keys=keys)
        for keys in (True, False)
    ]
    rows = pd.concat(frames, ignore_index=True)
    return rows.astype({CUSTOMER: "str", "average": "float64", "keys": "bool"})[[CUSTOMER, "keys", "average"]]


CARRIED = {OUT: Carry(("holdings",), out_of_the_start)}
