"""Which customers are there at a day, by the master data."""

import pandas as pd

from pipeline.base.calendar import Month


def joined_before(customers: pd.DataFrame, day: pd.Timestamp) -> pd.Series:
    """Whether each customer had joined before a day; one that joined at an unknown time had."""
    return customers["joined_on"].isna() | (customers["joined_on"] < day)


def not_left_before(customers: pd.DataFrame, day: pd.Timestamp) -> pd.Series:
    """Whether each customer had not left before a day."""
    still = customers["left_on"].isna() & (customers["status"] != "left")
    return still | (customers["left_on"] >= day)


def there_at_end(customers: pd.DataFrame, month: Month) -> pd.DataFrame:
    """Those of the month's master data that had joined and not left when the month ended."""
    after = pd.Timestamp((month + 1).first_day)
    return customers[joined_before(customers, after) & not_left_before(customers, after)]
