"""What one entity sees of a month, made straight from its facts."""

from collections.abc import Mapping, Sequence

import pandas as pd

from pipeline.base.calendar import Month
from pipeline.contract.facts import Facts
from pipeline.contract.figure import Figure, Level
from pipeline.figures.count import MonthCounts
from pipeline.figures.detail_lists import lists_of
from pipeline.figures.details import Compared, MonthDetails, cut_details, details_of_month, entity_details
from pipeline.figures.parts import month_sums


def made_details(
    now: Facts,
    previous: Facts | None = None,
    last_year: Facts | None = None,
    counts: Mapping[Month, MonthCounts] | None = None,
    figures: Sequence[Figure] = (),
) -> MonthDetails:
    """All details of a month, held against the month before and the year before where they are given."""
    sums = [None if facts is None else month_sums(facts) for facts in (now, previous, last_year)]
    assert sums[0] is not None
    masters = {form: now.master(form) for form in ("products", "customers")}
    entities = entity_details(now.month, counts or {}, figures)
    return details_of_month(Compared(sums[0], *sums[1:]), lists_of(now), masters, entities)


def frames_of(details: MonthDetails, level: str, entity_id: str) -> dict[str, pd.DataFrame]:
    """The frames of one entity by name."""
    chosen: Level = level  # type: ignore[assignment]
    return cut_details(details).of(chosen, entity_id)
