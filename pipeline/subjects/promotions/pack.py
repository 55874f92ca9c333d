"""The promotion receipts that a manager's template of a month comes with: of customers settled for a campaign who have
not been given anything yet."""

import pandas as pd

from pipeline.templates.known import Known
from schemas.form import CUSTOMER

CAMPAIGN = ["campaign_no", "product_id", CUSTOMER]


def rows_of(known: Known) -> pd.DataFrame:
    """One row per customer settled and not reached yet: manager_id, campaign_no, product_id, customer_id."""
    settled, customers = known.masters["promotion_customers"], known.masters["customers"]
    here = customers[customers["status"] == "active"][[CUSTOMER, "manager_id"]]
    by_month_end = settled[settled["confirmed_on"] <= pd.Timestamp(known.month.last_day)]
    owned = by_month_end[CAMPAIGN].merge(here, on=CUSTOMER)
    given = pd.concat([rows[CAMPAIGN] for rows in known.earlier(known.profile.forms["promotions"])])
    reached = owned.merge(given.drop_duplicates(), on=CAMPAIGN, how="left", indicator=True)["_merge"] == "both"
    return owned[~reached.to_numpy()].sort_values(["manager_id", *CAMPAIGN], ignore_index=True)
