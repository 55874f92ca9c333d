"""Details of a month straight from facts, as if it had one region."""

from collections.abc import Mapping, Sequence

from pipeline.calendar import Month
from pipeline.figures.count import MonthCounts
from pipeline.figures.declare import Figure
from pipeline.figures.detail_lists import lists_of
from pipeline.figures.details import Compared, MonthDetails, details_of_month
from pipeline.figures.facts import Facts
from pipeline.figures.parts import month_sums


def details_of_facts(
    now: Facts,
    previous: Facts | None = None,
    last_year: Facts | None = None,
    counts: Mapping[Month, MonthCounts] | None = None,
    figures: Sequence[Figure] = (),
) -> MonthDetails:
    sums = [None if facts is None else month_sums(facts) for facts in (now, previous, last_year)]
    assert sums[0] is not None
    masters = {form: now.master(form) for form in ("products", "customers")}
    return details_of_month(Compared(sums[0], *sums[1:]), lists_of(now), masters, counts, figures)
