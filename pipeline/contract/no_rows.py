"""No accepted rows of a form, in the shape that the ledger's rows have."""

import pandas as pd

from pipeline.base.month_rows import SENDER_COLUMNS, SOURCE_COLUMNS
from schemas.form import Form


def form_without_rows(form: Form, *, with_sources: bool = True) -> pd.DataFrame:
    """No accepted rows of a form, in the types that stored ones have."""
    rows = form.empty().assign(**{name: pd.Series(dtype="str") for name in SENDER_COLUMNS})
    if not with_sources:
        return rows
    texts = {name: pd.Series(dtype="str") for name in SOURCE_COLUMNS[:-1]}
    return rows.assign(**texts, source_row=pd.Series(dtype="int64"))
