"""Who joined and left by the master data, held against what managers told of it (入网退网)."""

import pandas as pd

from pipeline.contract.facts import LOOK_BACK_MONTHS, Facts
from pipeline.figures.known import NOBODY, known_now, told_by
from pipeline.subjects.files.state import named

FORM = "enrolments"
_KINDS = (("join", "joined_on"), ("leave", "left_on"))
_COLUMNS = [
    "region_id",
    "manager_id",
    "customer_id",
    "customer_name",
    "kind",
    "by_master",
    "by_form",
    "difference",
]


def enrolment_differences(facts: Facts) -> pd.DataFrame:
    """One row per customer that joined or left in the month by one side and not, or on another day, by the other:
    _COLUMNS. `difference` is not_in_form, not_in_master or other_day.

    No rows where nobody told of any joining or leaving in this month or the months looked back on: then the form is not
    used. A manager who has not reported at all told of nothing that could be missed.
    """
    told = facts.frame(FORM)
    earlier = [one for back in range(1, LOOK_BACK_MONTHS + 1) if (one := facts.before(back)) is not None]
    parts = [_of_kind(facts, told, *kind) for kind in _KINDS]
    rows = pd.concat(parts, ignore_index=True)
    if told.empty and not any(len(one.frame(FORM)) for one in earlier):
        rows = rows.iloc[:0]
    return named(rows, facts).reindex(columns=_COLUMNS).reset_index(drop=True)


def _of_kind(facts: Facts, told: pd.DataFrame, kind: str, column: str) -> pd.DataFrame:
    first, last = pd.Timestamp(facts.month.first_day), pd.Timestamp(facts.month.last_day)
    customers = facts.master("customers").drop_duplicates("customer_id")
    inside = customers[customers[column].between(first, last)]
    by_master = inside[["customer_id", "manager_id", column]].rename(columns={column: "by_master"})
    of_form = told[told["kind"] == kind].sort_values("effective_on").drop_duplicates("customer_id", keep="last")
    by_form = of_form[["customer_id", "manager_id", "effective_on"]].rename(columns={"effective_on": "by_form"})
    both = by_master.merge(by_form, on="customer_id", how="outer", suffixes=("", "_told"))
    manager = both["manager_id_told"].astype("str").fillna(both["manager_id"].astype("str"))
    silent = (
        manager.isin(facts.once(known_now).missing.get(told_by(FORM, facts.profile), NOBODY))
        & both["by_form"].isna()
    )
    difference = pd.Series("other_day", index=both.index, dtype="str")
    difference = difference.mask(both["by_form"].isna(), "not_in_form").mask(
        both["by_master"].isna(), "not_in_master"
    )
    found = both.assign(kind=kind, manager_id=manager, difference=difference)
    return found[(both["by_master"] != both["by_form"]) & ~silent].drop(columns="manager_id_told")
