"""What customers said, in their own words: complaints, remarks of the survey, what visits heard of the market."""

import pandas as pd

from pipeline.contract.facts import Facts
from pipeline.subjects.complaints.cases import cases_of

OPINION_COLUMNS = [
    "region_id", "manager_id", "kind", "said_on", "customer_id", "customer_name", "category", "said", "cause",
    "action", "replied_on", "resolved_on",
]  # fmt: skip
# By kind: the form, the day and the words of what was said.
_ASKED = {
    "comment": ("satisfaction", "surveyed_on", "comment"),
    "market_info": ("visits", "visit_date", "market_info"),
}


def customer_opinions(facts: Facts) -> pd.DataFrame:
    """One row per thing a customer said in the month: OPINION_COLUMNS; rows without words are none.

    `kind` is complaint, comment (of the survey) or market_info (heard on a visit); what was answered (`action`,
    `replied_on`, `resolved_on`) and the cause are known of complaints alone.
    """
    complaints = cases_of(facts, "received_on").assign(kind="complaint")
    parts = [complaints.rename(columns={"received_on": "said_on", "description": "said"})]
    for kind, (form, day, words) in _ASKED.items():
        parts.append(facts.frame(form).assign(kind=kind).rename(columns={day: "said_on", words: "said"}))
    rows = pd.concat([part.reindex(columns=OPINION_COLUMNS).astype("object") for part in parts], ignore_index=True)
    told = rows[rows["said"].fillna("").astype(str).str.strip() != ""]
    customers = facts.master("customers").drop_duplicates("customer_id").set_index("customer_id")["customer_name"]
    return told.assign(customer_name=told["customer_id"].map(customers)).reset_index(drop=True)
