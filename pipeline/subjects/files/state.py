"""Customers' files at a month's end: which required fields they lack, when they were looked over, what changed."""

import pandas as pd

from pipeline.contract.facts import Facts
from pipeline.figures.grain import names_by_customer, regions_by_manager
from pipeline.figures.there import there_at_end
from schemas.in_use import has_column

FORM, CHECKED = "customers", "file_checked_on"
MONTHS = 12  # threshold `file_months`: after so many months a file is to be looked over again
_WHO = ["region_id", "manager_id", "customer_id", "customer_name"]
_TYPES = {**dict.fromkeys((*_WHO, "field", "value_before", "value_after"), "str")}


def required_fields(facts: Facts) -> tuple[str, ...]:
    """The columns that a customer's file must have, of those that the trade has."""
    forms = facts.profile.forms
    return tuple(name for name in facts.profile.file_fields if has_column(f"{FORM}.{name}", forms))


def files(facts: Facts) -> pd.DataFrame:
    """One row per customer that is there at the month's end: the columns of the form, `required` and `filled` (how many
    fields), and `lacking`, the names of those not filled, joined by commas."""
    customers = there_at_end(facts.master(FORM), facts.month).drop_duplicates("customer_id")
    fields = required_fields(facts)
    lacks = {name: _is_empty(customers[name]) for name in fields}
    lacking = pd.Series("", index=customers.index, dtype="str")
    for name, empty in lacks.items():
        lacking = lacking.mask(empty, lacking + name + ",")
    count = sum((empty.astype("int64") for empty in lacks.values()), pd.Series(0, index=customers.index))
    return customers.assign(required=len(fields), filled=len(fields) - count, lacking=lacking.str.rstrip(","))


def _is_empty(values: pd.Series) -> pd.Series:
    empty: pd.Series = values.isna() | (values.astype("str").str.strip() == "")
    return empty


def looked_over(facts: Facts) -> pd.DataFrame:
    """The same rows with `looked_on`, the day on which the file was looked over last, or made where that is later or
    the only one known; and `is_old`: the day lies more than `file_months` before the month's end.

    No rows where nobody tells of any file when it was looked over: then nothing is known.
    """
    rows = facts.once(files)
    if CHECKED not in rows or not rows[CHECKED].notna().any():
        return rows.iloc[:0].assign(looked_on=pd.Series(dtype="datetime64[ns]"), is_old=pd.Series(dtype=bool))
    looked_on = rows[[CHECKED, "joined_on"]].max(axis=1)
    months = int(facts.profile.thresholds.get("file_months", MONTHS))
    limit = pd.Timestamp(facts.month.last_day) - pd.DateOffset(months=months)
    return rows.assign(looked_on=looked_on, is_old=looked_on.isna() | (looked_on < limit))


def named(rows: pd.DataFrame, facts: Facts) -> pd.DataFrame:
    """Rows of customers with region and name, of the managers that count."""
    regions = rows["manager_id"].astype("str").map(facts.once(regions_by_manager))
    names = rows["customer_id"].map(facts.once(names_by_customer))
    return rows.assign(region_id=regions, customer_name=names)[regions.notna()]


def file_changes(facts: Facts) -> pd.DataFrame:
    """One row per field that differs from the version of the month before: who, field, value_before, value_after, as
    text; days as YYYY-MM-DD. No rows where the month before is not known."""
    before = facts.before()
    now = facts.master(FORM).drop_duplicates("customer_id").set_index("customer_id")
    if before is None:
        return pd.DataFrame({name: pd.Series(dtype=dtype) for name, dtype in _TYPES.items()})
    then = before.master(FORM).drop_duplicates("customer_id").set_index("customer_id")
    both = now.index.intersection(then.index)
    fields = [one.name for one in facts.profile.forms[FORM].columns if one.name not in ("customer_id", CHECKED)]
    parts = [_changes_of(name, then.loc[both], now.loc[both]) for name in fields if name in then and name in now]
    changes = pd.concat([one for one in parts if len(one)] or parts[:1], ignore_index=True)
    return named(changes, facts).reindex(columns=list(_TYPES)).astype(_TYPES).reset_index(drop=True)


def _changes_of(name: str, then: pd.DataFrame, now: pd.DataFrame) -> pd.DataFrame:
    before, after = _texts(then[name]), _texts(now[name])
    differs = (before.fillna("") != after.fillna("")).to_numpy()
    return pd.DataFrame(
        {
            "manager_id": now["manager_id"][differs].astype("str"),
            "field": name,
            "value_before": before[differs],
            "value_after": after[differs],
        }
    ).rename_axis("customer_id").reset_index()  # fmt: skip


def _texts(values: pd.Series) -> pd.Series:
    if pd.api.types.is_datetime64_any_dtype(values):
        days: pd.Series = values.dt.strftime("%Y-%m-%d")
        return days.astype("str")
    return values.astype("str")
