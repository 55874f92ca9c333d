"""What is wanted of months: for their reports, and for those of months to come."""

from collections.abc import Callable, Iterable, Iterator

from pipeline.base.calendar import Month
from pipeline.month.plan.nodes import (
    counts_node,
)
from pipeline.month.shape import Shape
from pipeline.work.step import Node, node

COMPARED_MONTHS = 24  # as far back are sums compared with: those of a year with those of the year before


def moves_of(shape: Shape, month: Month) -> Iterator[Node]:
    """Who moved, of all pairs of months that a month's report compares."""
    pairs = [(month, month.before), *((one, one.year_ago) for one in month.year_to_date())]
    both = [*pairs, *((base, now) for now, base in pairs), *((one, one) for one in shape.compared(month).values())]
    for own, other in dict.fromkeys(both):
        if {own, other} <= shape.months and not shape.same_customers(month, own, other):
            yield node("moved_pairs", own, month, other)


def rows_behind(shape: Shape, months: Iterable[Month]) -> Iterator[Node]:
    """What later months need of the rows of these."""
    for month in months:
        yield from (node("cases", month, form) for form in shape.case_forms)
        for region in shape.ledger.part_regions(month):
            yield node("seen", month, region)
            held = [form for form in shape.summed_forms if region in shape.parts(form, month)]
            yield from (node("small_rows", month, region, form) for form in held)


def counts_behind(shape: Shape, months: Iterable[Month]) -> Iterator[Node]:
    """What later months need of the counts of these."""
    for month in months:
        for region in (None, *shape.names(month)):
            yield from (counts_node(month, region), node("values", month, region), node("answers", month, region))


def sums_behind(shape: Shape, months: Iterable[Month]) -> Iterator[Node]:
    """The sums of these months, region by region."""
    return (node("sums", month, region) for month in months for region in shape.names(month))


def made_along(shape: Shape, months: Iterable[Month], is_kept: Callable[[Node], bool]) -> Iterator[Node]:
    """The sums of those months that are to be counted anyhow: forecasts want them, and so rows are read once."""
    return sums_behind(shape, [one for one in months if not is_kept(node("whole_counts", one))])


def lists_of_month(shape: Shape, month: Month) -> Iterator[Node]:
    """The lists behind a month's figures."""
    return (node("list", month, region, name) for region in shape.names(month) for name in shape.lists)


def forecast_nodes(shape: Shape, month: Month, *, with_customers: bool) -> Iterator[Node]:
    """The forecast of the month after, of customers too where it is reported."""
    for measure in shape.measures:
        yield node("measure_forecast", month, measure)
        if with_customers:
            yield from (node("customers_forecast", month, measure, region) for region in shape.names(month))


def report_nodes(shape: Shape, month: Month) -> Iterator[Node]:
    """What a month's report is made of."""
    yield from (node("ranked", month), node("scorecard", month), node("track", month), node("all_findings", month))
    yield from (node("rules_found", month), node("told_of_month", month))
    yield from (node("paper_of_month", month, name) for name in shape.papers)
    yield from forecast_nodes(shape, month, with_customers=True)
    for regions in (None, *((one,) for one in shape.names(month))):
        yield from (node("details", month, regions), node("course", month, regions))


def looked_back_on(shape: Shape) -> Iterator[Node]:
    """What reports of months to come will look back on, beside what stays as long as its month is in the ledger."""
    newest = max(shape.months, default=None)
    if newest is not None:
        yield from rows_behind(shape, [newest, *shape.months_back(newest)])
        yield from sums_behind(shape, [one for one in shape.months if newest - one <= COMPARED_MONTHS])
