"""What will be bought next month: forecasts, intervals, sums that agree, and how past forecasts fared."""

from pipeline.forecast.history import HistoryError
from pipeline.forecast.next_month import forecast_next

__all__ = ["HistoryError", "forecast_next"]
