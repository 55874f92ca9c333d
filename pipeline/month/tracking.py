"""How forecasts fared: what was issued, what managers expected, what came."""

from collections.abc import Mapping, Sequence

import pandas as pd

from pipeline.base.calendar import Month
from pipeline.base.exact import stacked
from pipeline.month.sales_totals import SalesTotals
from pipeline.month.stock_history import entities_with_unreported
from pipeline.month.track import (
    incomplete_entities,
    issued_by_managers,
    issued_by_model,
    judged_levels,
    judged_values,
    track_of,
)
from schemas.profile import Profile


def issued_first(made_in: Month, given: Sequence[pd.DataFrame]) -> pd.DataFrame:
    """The forecast of a month as it was issued first, in time where it was."""
    kept = [judged_levels(frame) for frame in given]
    in_time = [frame for frame in kept if len(frame) and not frame["backfilled"].any()]
    return (in_time or kept)[0]


def backfilled(made_in: Month, forecast: pd.DataFrame) -> pd.DataFrame:
    """The forecast of a month for which none was issued: what the method says of it now."""
    return issued_by_model(judged_levels(forecast), made_in, 1, backfilled=True)


def own_outlooks(
    made_in: Month, rows: Sequence[pd.DataFrame], in_office: pd.Series, profile: Profile
) -> pd.DataFrame:
    """What managers expect of the month after, of themselves, their regions and the whole: ISSUED_COLUMNS."""
    expected = stacked(list(rows) or [pd.DataFrame()])
    return issued_by_managers(made_in, expected, in_office, profile.forecast_figures[0])


def judged(month: Month, values: Sequence[pd.DataFrame], profile: Profile) -> pd.DataFrame:
    """What came of that which is forecast, of everybody; the organisation's values first."""
    return stacked([judged_values(one, profile.forecast_figures) for one in values])


def incomplete(
    month: Month, senders: frozenset[str], in_office: pd.Series, totals: Sequence[SalesTotals]
) -> frozenset[tuple[str, str, str]]:
    """Month, level and entity_id of whom a month's sales are not wholly known; `totals` of the month before, where it
    is there, and of the month."""
    return incomplete_entities(month, senders, in_office) | entities_with_unreported(totals, in_office)


def incomplete_months(month: Month, unknown: Mapping[Month, frozenset[tuple[str, str, str]]]) -> pd.DataFrame:
    """Last year's same month and the one after it, where sales are not wholly known: level, entity_id, month."""
    found = sorted(frozenset().union(*unknown.values()))
    return pd.DataFrame(found, columns=["month", "level", "entity_id"])[["level", "entity_id", "month"]]


def track_record(
    month: Month,
    issued: Sequence[pd.DataFrame],
    outlooks: Sequence[pd.DataFrame],
    values: Sequence[pd.DataFrame],
    unknown: Mapping[Month, frozenset[tuple[str, str, str]]],
    profile: Profile,
) -> pd.DataFrame:
    """How the forecasts of the last twelve months fared, each made from what was known before its month."""
    came = pd.concat(list(values), ignore_index=True)
    return track_of(
        month, [*issued, *outlooks], came, frozenset().union(*unknown.values()), profile.forecast_figures
    )
