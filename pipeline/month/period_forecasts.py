"""How the forecasts of a period's months fared, month by month: as they were issued first, beside what came."""

from collections.abc import Iterable, Sequence

import pandas as pd

from pipeline.base.calendar import Month
from pipeline.base.exact import stacked
from pipeline.base.period import Period
from pipeline.forecast.track import judged_forecasts
from pipeline.month.track import actuals, judged_levels, series_of

FARED_COLUMNS = (
    "level",
    "entity_id",
    "measure",
    "source",
    "month",
    "forecast",
    "low80",
    "high80",
    "actual",
    "hit80",
)
_KEYS = ["level", "entity_id", "measure"]


def forecasts_over(
    period: Period,
    issued: Iterable[pd.DataFrame],
    came: pd.DataFrame,
) -> pd.DataFrame:
    """One row per entity, figure, source and month of a period, with FARED_COLUMNS, oldest first.

    Args:
        issued: forecasts as kept, of any months (ISSUED_COLUMNS).
        came: what months brought (`as_in.CAME_COLUMNS`); what is not wholly known is not there, and not judged.

    Returns:
        `hit80` is 1 where what came lies inside the 80 % interval, 0 where it does not, missing without an interval.
    """
    kept = [frame for frame in map(judged_levels, issued) if len(frame)]
    actual = actuals(came)
    if not kept or actual.empty:
        return pd.DataFrame(columns=list(FARED_COLUMNS))
    told = pd.concat(kept, ignore_index=True)
    told = told[told["month"].isin([str(one) for one in period])]
    told = told.assign(series_id=series_of(told), month=pd.to_datetime(told["month"]))
    rows = judged_forecasts(told, actual, period.last.first_day)
    hit = rows["hits80"].where(rows["intervals"] > 0).astype("Float64")
    fared = rows.assign(month=rows["month"].dt.strftime("%Y-%m"), actual=rows["value"], hit80=hit)
    return fared.sort_values([*_KEYS, "source", "month"], ignore_index=True)[list(FARED_COLUMNS)].round(6)


def fared_in_period(
    month: Month,
    name: str,
    issued: Sequence[pd.DataFrame],
    outlooks: Sequence[pd.DataFrame],
    came: Sequence[pd.DataFrame],
) -> pd.DataFrame:
    """`forecasts_over` a period, each forecast made from what was known before its month."""
    return forecasts_over(Period.parse(name), [*issued, *outlooks], stacked(list(came)))
