"""What one entity sees of a month, made straight from its facts."""

from collections.abc import Mapping, Sequence
from functools import partial

import pandas as pd

from pipeline.base.calendar import Month
from pipeline.base.frames import OnDemand
from pipeline.contract.behind import lists_in_use, sums_in_use
from pipeline.contract.facts import Facts
from pipeline.contract.figure import Figure, Level
from pipeline.figures.count import MonthCounts
from pipeline.figures.detail_lists import list_of
from pipeline.figures.detail_sums import sums_of
from pipeline.figures.details import Compared, MonthDetails, cut_details, details_of_month, entity_details
from pipeline.figures.parts import MonthSums, with_details


def made_details(
    now: Facts,
    previous: Facts | None = None,
    last_year: Facts | None = None,
    counts: Mapping[Month, MonthCounts] | None = None,
    figures: Sequence[Figure] = (),
) -> MonthDetails:
    """All details of a month, held against the month before and the year before where they are given.
    Lists and sums are made when they are first looked at."""
    sums = [None if facts is None else _sums(facts) for facts in (now, previous, last_year)]
    assert sums[0] is not None
    masters = {form: now.master(form) for form in ("products", "customers")}
    lists = OnDemand({name: partial(list_of, name, now) for name in lists_in_use(now.profile)})
    entities = entity_details(now.month, counts or {}, figures)
    return details_of_month(Compared(sums[0], *sums[1:]), lists, masters, entities)


def _sums(facts: Facts) -> MonthSums:
    declared = sums_in_use(facts.profile)
    return with_details(facts, OnDemand({name: partial(sums_of, one, facts) for name, one in declared.items()}))


def frames_of(details: MonthDetails, level: str, entity_id: str) -> dict[str, pd.DataFrame]:
    """The frames of one entity by name."""
    chosen: Level = level  # type: ignore[assignment]
    return cut_details(details).of(chosen, entity_id)
