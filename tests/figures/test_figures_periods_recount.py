"""Every figure of quarters, half-years and a year, recounted in plain Python from the rows of made-up months."""

import math
from functools import cache

import pytest
from made_up import REGIONS, made_up
from month_builder import MonthBuilder, tobacco
from oracle_answers import Answer
from oracle_figures import BY_FORM, recalculated
from oracle_periods import YearMonth, joined

from pipeline.base.calendar import Month, months_between
from pipeline.base.period import Period
from pipeline.contract.facts import Facts
from pipeline.figures.catalogue import all_figures
from pipeline.figures.count import MonthCounts, count_month, count_since
from pipeline.figures.over_period import values_over
from pipeline.figures.reduce import reduced

pytestmark = pytest.mark.slow
FIRST, LAST = Month(2022, 10), Month(2023, 12)
MONTHS = months_between(FIRST, LAST)
# Who does not send what when; of sales in the last month alone, as nothing looks back on it.
SILENT = (
    (Month(2023, 5), "M3", "visits"),
    (Month(2023, 8), "M1", "satisfaction"),
    (Month(2023, 12), "M2", "sales"),
)
ENTITIES = {"ALL": set(REGIONS), "R1": {"M1", "M2"}, "R2": {"M3"}, "M1": {"M1"}, "M2": {"M2"}, "M3": {"M3"}}
FIGURES = all_figures(tobacco())


@cache
def builder(month: Month) -> MonthBuilder:
    one = made_up(month, 11)
    for when, manager, form in SILENT:
        if when == month:
            one.rows[form] = [row for row in one.rows[form] if row["manager_id"] != manager]
            one.sent -= {(manager, form)}
    return one


def builders(month: Month) -> list[MonthBuilder]:
    """A month, and the three before as far as there are."""
    return [builder(month + -back) for back in range(4) if month + -back >= FIRST]


@cache
def facts(month: Month) -> Facts:
    own, *earlier = builders(month)
    return Facts(own.build(), {one.month: reduced(one.build()) for one in earlier}, tobacco())


@cache
def counted(month: Month) -> MonthCounts:
    return count_month(facts(month), FIGURES)


@cache
def answers(month: Month, entity: str) -> dict[str, Answer | None]:
    known = {form: {who for who, sent in builder(month).sent if sent == form} for _, form in builder(month).sent}
    rows = [one.rows for one in builders(month)]
    return recalculated((month.year, month.month), rows, ENTITIES[entity], known)


def pair(month: Month) -> YearMonth:
    return month.year, month.month


@pytest.mark.parametrize(
    ("name", "unknown"),
    [
        ("2023-Q1", ()),
        ("2023-Q2", ()),
        ("2023-H2", ()),
        ("2023", ()),
        ("2023-Q2", (Month(2023, 5),)),  # a month that nobody sent
        ("2023-Q2", (Month(2023, 6),)),  # the last one
        ("2023-H1", (Month(2023, 1), Month(2023, 4))),
    ],
)
def test_every_figure_of_a_period_is_that_of_the_rows(name: str, unknown: tuple[Month, ...]) -> None:
    period = Period.parse(name)
    known = [one for one in period if one not in unknown]
    kept = count_since(facts(period.last), FIGURES, period.length) if period.last in known else None
    values = values_over(period, {one: counted(one) for one in known}, FIGURES, kept=kept).values
    found = values.set_index(["entity_id", "figure"])
    wrong = []
    for entity, managers in ENTITIES.items():
        told = {pair(one): answers(one, entity) for one in known}
        rows = builder(period.last).rows["customers"] if period.last in known else None
        own = None if rows is None else [row for row in rows if row["manager_id"] in managers]
        for figure in (one for figures in BY_FORM.values() for one in figures):
            wanted = joined(figure, [pair(one) for one in period], told, own)
            got = found.loc[(entity, figure)] if (entity, figure) in found.index else None
            if not same(wanted, got):
                wrong.append((entity, figure, wanted, None if got is None else dict(got)))
    assert wrong == []


def same(wanted: Answer | None, got: object) -> bool:
    if got is None or math.isnan(got["value"]):  # type: ignore[index]
        return wanted is None or math.isnan(wanted.value)
    return wanted is not None and math.isclose(wanted.value, got["value"], rel_tol=1e-9, abs_tol=1e-9)  # type: ignore[index]


def test_every_declared_figure_is_recounted() -> None:
    assert {one for figures in BY_FORM.values() for one in figures} == {figure.key for figure in FIGURES}
