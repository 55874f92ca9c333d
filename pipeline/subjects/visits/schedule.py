"""Visits on the schedule: they are planned, and each line tells of its customer's last visit and last offence."""

import pandas as pd

from pipeline.contract.schedule import Look, OnPage, Planned, day_text, of_customers
from pipeline.subjects.visits.plan import due_visits, is_planned
from pipeline.words import Words
from schemas.visits import is_price_kept

FORM, DAY = "visits", "visit_date"


def last_visit(look: Look, visits: pd.DataFrame, words: Words) -> pd.Series:
    """The day of the last visit before the week."""
    return of_customers(look.last_rows(FORM, DAY)[DAY], visits)


def days_since(look: Look, visits: pd.DataFrame, words: Words) -> pd.Series:
    """Calendar days from the last visit before the week to the planned one."""
    return (visits["due_on"] - last_visit(look, visits, words)).dt.days.astype("Int64")


def last_offence(look: Look, visits: pd.DataFrame, words: Words) -> pd.Series:
    """The last visit that saw the guide price not kept, or unlawful trading, and which of them."""
    asked = ("lawful", "price_ok", "observed_price")
    rows = look.all_rows(FORM, ("customer_id", DAY, *asked))
    fine = is_price_kept(rows["price_ok"], rows["observed_price"], float(look.products["retail_price"].min()))
    unlawful = ~rows["lawful"].fillna(True).astype(bool)
    rows = rows.assign(law=unlawful)[(~fine | unlawful) & (rows[DAY] < look.start)].sort_values([DAY, "law"])
    newest = rows.drop_duplicates("customer_id", keep="last")
    kinds = [words(f"schedule.offence.{'law' if law else 'price'}") for law in newest["law"]]
    days = [day_text(day) for day in newest[DAY]]
    told = [f"{day} {kind}" for day, kind in zip(days, kinds, strict=True)]
    return of_customers(pd.Series(told, index=newest["customer_id"], dtype="str"), visits)


PLANNED = Planned(FORM, is_planned, due_visits, {"visit_kind": "planned"}, "customer_signed")
ON_PAGE = (
    OnPage("last_visit", 10, last_visit, "day", 8, needs=(FORM,)),
    OnPage("days_since", 11, days_since, "count", 4, needs=(FORM,)),
    OnPage("last_offence", 40, last_offence, "text", 8, needs=("visits.price_ok", "visits.lawful")),
)
