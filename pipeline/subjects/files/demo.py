"""What the demo's office has in its customers' files: some lack a field; in the last month of the story some fields
change, and the office tells for the first time when each file was looked over."""

import numpy as np
import pandas as pd

from pipeline.base.calendar import Month
from pipeline.demo.chance import stream
from pipeline.demo.people import masters_in
from pipeline.demo.sample import Sample

LACKS = {"phone": 0.02, "contact": 0.015, "address": 0.01}
CHANGED, OLD = 0.02, 0.04
LATELY, LONG_AGO = 300, 500  # days before the month's end


def masters_of(sample: Sample, month: Month) -> dict[str, pd.DataFrame]:
    """The customers of a month with what their files lack, and what changed in the last one."""
    organisation = sample.organisation
    customers = masters_in(organisation, month)["customers"]
    count = len(organisation.customers)
    chance = stream(organisation.seed, "files")
    drawn = pd.DataFrame(
        {name: chance.random(count) for name in (*LACKS, "changed", "old", "days")},
        index=organisation.customers["customer_id"],
    ).loc[customers["customer_id"]].reset_index(drop=True)  # fmt: skip
    lacking = {name: customers[name].mask(drawn[name] < share) for name, share in LACKS.items()}
    customers = customers.assign(**lacking)
    if month == organisation.months[-1]:
        customers = _with_changes(customers, drawn, month)
    return {"customers": customers}


def _with_changes(customers: pd.DataFrame, drawn: pd.DataFrame, month: Month) -> pd.DataFrame:
    phone = customers["phone"].mask(drawn["changed"] < CHANGED, "0" + customers["phone"].str[1:].str[::-1])
    days = np.where(drawn["old"] < OLD, LONG_AGO, 1) + (LATELY * drawn["days"]).astype("int64")
    checked = pd.Timestamp(month.last_day) - pd.to_timedelta(days, unit="D")
    return customers.assign(phone=phone, file_checked_on=pd.Series(checked, index=customers.index))
