"""What of a forecast there is anything to tell of, in sentences and on sheets alike: who lends is not told that no
deposits are expected."""

from collections.abc import Sequence

import pandas as pd

NEVER_ANY = "no_orders"  # the method of a series that never had anything


def measures_told(
    forecast: pd.DataFrame | None, level: str, entity: str, measures: Sequence[str]
) -> tuple[str, ...]:
    """Of the measures that a trade forecasts those that an entity has ever had any of; all where it had none at all.

    Args:
        forecast: one row per level, entity_id and measure, with its method.
    """
    if forecast is None or forecast.empty:
        return tuple(measures)
    own = forecast[(forecast["level"] == level) & (forecast["entity_id"] == entity)]
    never = set(own.loc[_is_never(own), "measure"])
    has_other = bool(set(own["measure"]) - never)
    return tuple(one for one in measures if not (has_other and one in never))


def without_never_any(forecast: pd.DataFrame) -> pd.DataFrame:
    """A forecast without the measures that an entity never had any of, where it has others."""
    never = _is_never(forecast)
    has_other = (~never).groupby([forecast["level"], forecast["entity_id"]]).transform("any")
    return forecast[~(never & has_other)]


def _is_never(forecast: pd.DataFrame) -> pd.Series:
    return forecast["method"].astype("str").str.split("+").str[0] == NEVER_ANY
