"""How forecasts fared: what was issued, what managers expected, what came."""

from collections.abc import Sequence

import pandas as pd

from pipeline.base.calendar import Month
from pipeline.base.exact import stacked
from pipeline.month.sales_totals import SalesTotals
from pipeline.month.track import (
    issued_by_managers,
    issued_by_model,
    judged_levels,
    judged_values,
    track_of,
    whole_outlooks,
)
from schemas.profile import Profile


def issued_first(made_in: Month, given: Sequence[pd.DataFrame]) -> pd.DataFrame:
    """The forecast of a month as it was issued first, in time where it was: of each entity by the first edition that
    spoke of it, whatever later ones said."""
    kept = [judged_levels(frame) for frame in given]
    in_time = [frame for frame in kept if len(frame) and not frame["backfilled"].any()]
    return stacked(in_time or kept[:1]).drop_duplicates(["level", "entity_id", "measure"], ignore_index=True)


def backfilled(made_in: Month, forecast: pd.DataFrame) -> pd.DataFrame:
    """The forecast of a month for which none was issued: what the method says of it now."""
    return issued_by_model(judged_levels(forecast), made_in, 1, backfilled=True)


def own_outlooks(
    made_in: Month,
    rows: Sequence[pd.DataFrame],
    in_office: pd.Series,
    totals: SalesTotals,
    products: pd.DataFrame,
    profile: Profile,
) -> pd.DataFrame:
    """What managers expect of the month after, of themselves, their regions and the whole: ISSUED_COLUMNS."""
    expected = whole_outlooks(stacked(list(rows) or [pd.DataFrame()]), totals.by_group, products)
    return issued_by_managers(made_in, expected, in_office, profile.forecast_figures[0])


def judged(month: Month, values: Sequence[pd.DataFrame], profile: Profile) -> pd.DataFrame:
    """What came of that which is forecast, of everybody; the organisation's values first."""
    return stacked([judged_values(one, profile.forecast_figures) for one in values])


def track_record(
    month: Month,
    issued: Sequence[pd.DataFrame],
    outlooks: Sequence[pd.DataFrame],
    came: Sequence[pd.DataFrame],
) -> pd.DataFrame:
    """How the forecasts of the last twelve months fared, each made from what was known before its month."""
    return track_of(month, [*issued, *outlooks], stacked(list(came)))
