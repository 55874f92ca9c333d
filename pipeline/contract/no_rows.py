"""No accepted rows of a form, in the shape that the ledger's rows have."""

from functools import cache

import pandas as pd

from pipeline.base.month_rows import SENDER_COLUMNS, SOURCE_COLUMNS
from schemas.form import Form


def form_without_rows(form: Form, *, with_sources: bool = True) -> pd.DataFrame:
    """No accepted rows of a form, in the types that stored ones have."""
    return _no_rows(tuple(form.dtypes.items()), with_sources).copy(deep=False)


@cache
def _no_rows(dtypes: tuple[tuple[str, str], ...], with_sources: bool) -> pd.DataFrame:
    """Asked for some hundred times a month, and each time made of a dozen columns."""
    sources = (*dict.fromkeys(SOURCE_COLUMNS[:-1], "str").items(), (SOURCE_COLUMNS[-1], "int64"))
    more = (*dict.fromkeys(SENDER_COLUMNS, "str").items(), *(sources if with_sources else ()))
    return pd.DataFrame({name: pd.Series(dtype=dtype) for name, dtype in (*dtypes, *more)})
