"""The rows behind a figure of a longer period: `yuebao trace FIGURE ENTITY 2024-Q2`.

It is traced as its months are joined: what adds up through each of them, a state through the last, a start through the
first, what is kept over the last month's facts. A customer that counts once stands once, in the first month that counts
it.
"""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from pipeline.base.calendar import Month
from pipeline.base.errors import YuebaoError
from pipeline.base.period import Period
from pipeline.commands.trace import Item, Trace, counts_of, declared_figure, given, trace_month
from pipeline.contract.figure import Figure
from pipeline.contract.settings import Settings
from pipeline.contract.titles import period_text
from pipeline.figures.over_period import values_over
from pipeline.ledger.manifest import read_manifest
from pipeline.ledger.read import Ledger
from pipeline.month.opening import Months, open_months


def trace_period(home: Path, settings: Settings, figure: str, entity: str, period: Period) -> Trace:
    """What stands behind a figure (key or name) of an entity (its code; ALL for the organisation) over a period.

    Raises:
        YuebaoError: when there is no such figure, or it has no value for the entity in that period.
    """
    words = settings.words
    months = open_months(Ledger(home, read_manifest(home), settings.profile.forms), settings)
    declared = declared_figure(months, figure)
    known = [one for one in period if one in months.shape.months]
    if not known:
        raise YuebaoError(words("run.unknown_month", month=period_text(period, words)))
    one = _value_of(months, declared, entity, period, known)
    if one is None:
        raise YuebaoError(words("run.unknown_entity", month=period_text(period, words), entity=entity))
    if declared.joins == "kept":
        return replace(_kept(months, declared, one, period), month=period)
    chosen = {"stock": known[-1:], "start": known[:1]}.get(declared.joins, known)
    traced = [_of_month(months, month, declared, one) for month in chosen]
    return _together([each for each in traced if each is not None], declared, one, period)


def _value_of(
    months: Months, figure: Figure, entity: str, period: Period, known: Iterable[Month]
) -> Mapping[Any, Any] | None:
    """The entity's row of the period's values."""
    last = period.last if period.last in months.shape.months and figure.joins == "kept" else None
    kept = months.graph.of("kept_over", last, period.length, months.shape.names(last)) if last else None
    counts = {month: counts_of(months, month) for month in known}
    values = values_over(period, counts, [figure], tuple(months.settings.profile.entities), kept).values
    found = values[values["entity_id"] == entity].to_dict("records")
    return found[0] if found else None


def _of_month(months: Months, month: Month, figure: Figure, one: Mapping[Any, Any]) -> Trace | None:
    """The month's share; None where the figure does not look back far enough in it."""
    back = (month + -step for step in range(1, figure.looks_back + 1))
    if not all(before in months.shape.months for before in back):
        return None
    return trace_month(months, month, figure, one)


def _kept(months: Months, figure: Figure, one: Mapping[Any, Any], period: Period) -> Trace:
    """What is kept from the period's first day to its last, over the facts of its last month."""
    assert figure.since is not None
    above, below = figure.since(period.length)
    over = replace(figure, numerator=above, denominator=below, since=None, over_time="last")
    kept = months.graph.of("kept_over", period.last, period.length, months.shape.names(period.last))
    return replace(trace_month(months, period.last, over, one, kept), figure=figure)


def _together(traced: list[Trace], figure: Figure, one: Mapping[Any, Any], period: Period) -> Trace:
    items = [item for each in traced for item in each.items]
    grains = dict(grain for each in traced for grain in each.grains)
    if figure.over_time == "distinct" and figure.joins == "values":
        items, grains = _each_once(items), {**grains, "numerator": "customers"}
    return Trace(
        figure,
        str(one["entity_id"]),
        period,
        given(one["value"]),
        float(one["numerator"]),
        given(one["denominator"]),
        tuple(grains.items()),
        tuple(items),
    )


def _each_once(items: Iterable[Item]) -> list[Item]:
    """Each customer once: where it was counted first."""
    found: dict[str, Item] = {}
    for item in items:
        found.setdefault(item.customer_id, item)
    return [replace(item, contribution=1.0) for item in found.values()]
