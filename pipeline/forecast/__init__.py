"""What will be bought next month: forecasts, intervals, sums that agree, and how past forecasts fared.

`forecast_next` takes any series; `forecast_tree` a whole organisation whose parts must add up;
`choose_variant` finds what suits its history; `track_record` tells how far to trust it.
"""

from pipeline.forecast.choice import Choice, choose_variant, variant_of
from pipeline.forecast.history import HistoryError
from pipeline.forecast.next_month import forecast_next
from pipeline.forecast.one_kind import Variant
from pipeline.forecast.organisation import forecast_tree
from pipeline.forecast.track import (
    actuals_of_tree,
    backfilled,
    backfilled_tree,
    compared_fairly,
    same_month_last_year,
    track_record,
)

__all__ = [
    "Choice",
    "HistoryError",
    "Variant",
    "actuals_of_tree",
    "backfilled",
    "backfilled_tree",
    "choose_variant",
    "compared_fairly",
    "forecast_next",
    "forecast_tree",
    "same_month_last_year",
    "track_record",
    "variant_of",
]
