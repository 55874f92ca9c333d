"""A closed month made small: what later months need of its rows."""

from collections.abc import Mapping, Sequence

import pandas as pd

from pipeline.base.calendar import Month
from pipeline.contract.no_rows import form_without_rows
from pipeline.figures.grain import MANAGER_CUSTOMER
from pipeline.figures.reduce import reduced_sales
from pipeline.ledger.cases import Cases, cases_as_of, rows_to_date
from schemas.form import Form
from schemas.in_use import whole_rows

_NOBODY = pd.Series(dtype="str")


def small_rows(month: Month, region: str, form: str, lines: pd.DataFrame) -> pd.DataFrame:
    """A region's rows of a form made small, so that closed months are not read again whole."""
    return reduced_sales(whole_rows(form, lines), month)


def seen(month: Month, region: str, rows: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """Which customers of which managers a region's rows of a month name; cases are looked up by themselves.

    Args:
        rows: by form.
    """
    frames = [held[MANAGER_CUSTOMER].drop_duplicates().assign(form=form) for form, held in rows.items()]
    if not frames:
        return pd.DataFrame(columns=["form", *MANAGER_CUSTOMER], dtype="str").astype("category")
    seen = pd.concat(frames, ignore_index=True).astype("str")
    return seen[["form", *MANAGER_CUSTOMER]].drop_duplicates(ignore_index=True).astype("category")


def cases(
    month: Month,
    form: str,
    rows: Mapping[Month, pd.DataFrame],
    cases: Mapping[Month, pd.DataFrame],
    forms: Sequence[Form],
) -> Cases:
    """A form's cases as they stood at the month's end, or its rows to date, and what was wrong with rows of theirs.

    Args:
        rows: the form's, by month.
        cases: by month, the rows of the form whose cases it is of, where it is of any.
    """
    (own,) = (one for one in forms if one.key == form)
    held = list(rows.items())
    found = (
        cases_as_of(own, month, held)
        if own.traits.to_date is None
        else rows_to_date(own, month, held, list(cases.values()))
    )
    if len(found.rows_by_case):
        return found
    nothing = form_without_rows(own)
    return Cases(nothing if own.names_customers else nothing.assign(customer_id=_NOBODY), found.problems)
