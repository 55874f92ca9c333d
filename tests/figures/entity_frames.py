"""What one entity sees of a month, made straight from its facts."""

import pandas as pd

from pipeline.figures.declare import Level
from pipeline.figures.details import Compared, MonthDetails, details_of, details_of_month
from pipeline.figures.facts import Facts


def made_details(now: Facts, previous: Facts | None = None, last_year: Facts | None = None) -> MonthDetails:
    """All details of a month, held against the month before and the year before where they are given."""
    return details_of_month(Compared(now, previous, last_year))


def frames_of(details: MonthDetails, level: str, entity_id: str) -> dict[str, pd.DataFrame]:
    """The frames of one entity by name."""
    chosen: Level = level  # type: ignore[assignment]
    return details_of(details, chosen, entity_id)
