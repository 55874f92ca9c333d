"""What a month keeps of its metrics for longer periods. It stands alone: how periods are told may change without that
months have to be worked out again."""

import pandas as pd

from pipeline.base.calendar import Month

_KEPT = ["level", "entity_id", "figure", "value", "target_comparable", "ytd", "ytd_yoy"]


def told_of_month(month: Month, metrics: pd.DataFrame) -> pd.DataFrame:
    """One row per level, entity_id and figure: value, target_comparable, ytd, ytd_yoy."""
    return metrics[_KEPT].reset_index(drop=True)
