"""What heads of regions decided, up to a month's end: of several decisions on one matter the last sent stands."""

from collections.abc import Mapping, Sequence

import pandas as pd

from pipeline.base.calendar import Month
from pipeline.contract.no_rows import form_without_rows
from pipeline.ledger.manifest import Receipt
from schemas.form import Decides, Form

SENT, FORM_MONTH, STANDS = "sent", "form_month", "stands"


def with_when_sent(rows: pd.DataFrame, receipts: Mapping[str, Receipt]) -> pd.DataFrame:
    """Rows with when their file came (`sent`, text): by run, within a run by the time it was saved."""
    files = {str(one) for one in rows["source_hash"].unique()}
    came = {one: f"{receipts[one].run:08d} {receipts[one].saved_at}" for one in files if one in receipts}
    return rows.assign(**{SENT: rows["source_hash"].map(came).fillna("").astype("str")})


def decisions_as_of(form: Form, rows_by_month: Sequence[tuple[Month, pd.DataFrame]], month: Month) -> pd.DataFrame:
    """All decisions that workbooks up to a month brought, in the order in which they were sent.

    Args:
        form: a form in which heads of regions decide.
        rows_by_month: its accepted rows with when they were sent, by the month of the workbook.

    Returns:
        The rows with form_month (YYYY-MM), and `stands`: whether it is the last on its matter.
    """
    held = [rows.assign(**{FORM_MONTH: str(when)}) for when, rows in rows_by_month if when <= month and len(rows)]
    if not held:
        return without_decisions(form)
    together = pd.concat(held, ignore_index=True)
    ordered = together.sort_values([SENT, FORM_MONTH, "source_row"], kind="stable", ignore_index=True)
    return ordered.assign(**{STANDS: ~ordered[decides_of(form).reference].duplicated(keep="last")})


def without_decisions(form: Form) -> pd.DataFrame:
    """No decisions, in the types that decisions have."""
    nothing = form_without_rows(form)
    texts = {name: pd.Series(dtype="str") for name in (SENT, FORM_MONTH)}
    return nothing.assign(**texts, **{STANDS: pd.Series(dtype="bool")})


def decides_of(form: Form) -> Decides:
    """On what a form decides; raises TypeError where it decides nothing."""
    if form.traits.decides is None:
        raise TypeError(f"{form.key}: no form of decisions")
    return form.traits.decides
