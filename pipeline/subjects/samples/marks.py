"""The samples of a month, whoever's: those of managers by kind, those of engineers by their department."""

import pandas as pd

from pipeline.base.calendar import Month
from schemas.samples import OF_DEPARTMENT

FORM = "samples"


def samples_in(rows: pd.DataFrame, month: Month) -> pd.DataFrame:
    """Those whose day lies in the month."""
    if rows.empty:
        return rows
    return rows[rows["sampled_on"].between(pd.Timestamp(month.first_day), pd.Timestamp(month.last_day))]


def of_managers(rows: pd.DataFrame) -> pd.DataFrame:
    """Those of a manager's work."""
    return rows[rows["manager_id"].notna() & (rows["kind"] != OF_DEPARTMENT)]


def of_engineers(rows: pd.DataFrame) -> pd.DataFrame:
    """What departments gave their engineers."""
    return rows[rows["engineer_id"].notna() & (rows["kind"] == OF_DEPARTMENT)]
