"""Special visits 特殊访问: made because something happened, within one working day of it or later."""

import datetime as dt

import pandas as pd

from pipeline.base.calendar import working_days_after
from pipeline.contract.facts import Facts
from pipeline.figures.grain import names_by_customer

SPECIAL = "special"
WORKING_DAYS = 1  # within which a special visit follows the event, and a lead is reported


def last_days_in_time(happened_on: pd.Series) -> pd.Series:
    """The last day that is within one working day of each day; missing where that is."""
    limits = {day: pd.Timestamp(_limit(day.date())) for day in happened_on.dropna().unique()}
    return happened_on.map(limits).astype("datetime64[ns]")


def _limit(day: dt.date) -> dt.date:
    return working_days_after(day, WORKING_DAYS)


def is_special(visits: pd.DataFrame) -> pd.Series:
    """Which visits are special; none where nobody tells the kind."""
    found: pd.Series = (visits["visit_kind"] == SPECIAL).fillna(False).astype(bool)
    return found


def special_visits(facts: Facts) -> pd.DataFrame:
    """The month's special visits: columns of the form and source columns, and `on_time` (bool; False where the day of
    the event is not told)."""
    visits = facts.frame("visits")
    special = visits[is_special(visits)]
    return special.assign(on_time=special["visit_date"] <= last_days_in_time(special["happened_on"]))


def special_visits_told(facts: Facts) -> pd.DataFrame:
    """Those of the special visits that tell the day of the event."""
    special = facts.once(special_visits)
    return special[special["happened_on"].notna()]


def special_visit_list(facts: Facts) -> pd.DataFrame:
    """One row per special visit of the month, in the columns of the list; `in_time` is yes, no or, where nobody told
    the day of the event, unknown."""
    special = facts.once(special_visits)
    in_time = special["on_time"].map({True: "yes", False: "no"}).where(special["happened_on"].notna(), "unknown")
    named = special.assign(
        in_time=in_time.astype("str"), customer_name=special["customer_id"].map(facts.once(names_by_customer))
    )
    return named[[
        "region_id", "manager_id", "customer_id", "customer_name", "visit_date", "special_reason", "happened_on",
        "handling", "in_time", "source_file", "source_sheet", "source_row",
    ]].reset_index(drop=True)  # fmt: skip
