"""Calendar months that are wilder than others: learned from earlier years of all series, not from one year's shock."""

from __future__ import annotations

import numpy as np
import pytest

from pipeline.forecast.history import Floats, Ints
from pipeline.forecast.spread import Spread, by_month
from pipeline.forecast.wild_months import wild_months

JANUARY_2020 = 2020 * 12


def series(
    years: int, factor: float, wild_years: tuple[int, ...] | None = None, count: int = 30
) -> tuple[Floats, Ints, Ints]:
    """Noise from January on; each February's is so many times as great, in all years or those named."""
    rng = np.random.default_rng(8)
    months = 12 * years
    size = np.ones(months)
    for year in range(years) if wild_years is None else wild_years:
        size[12 * year + 1] = factor
    values = 0.1 * size * rng.normal(size=(count, months))
    return values, np.full(count, months), np.full(count, JANUARY_2020 + months - 1)


def test_a_month_that_is_wild_every_year_is_told_wider_and_the_others_a_little_less() -> None:
    told = wild_months(*series(6, 4.0))
    assert told.argmax() == 1
    assert 1.5 < told[1] < 3.0  # errors beyond four usual ones count four
    assert np.delete(told, 1).max() < told[1] - 0.5  # the neighbours of a wild month are less sure themselves
    assert np.exp(np.log(told).mean()) == pytest.approx(1.0)


def test_a_shock_of_one_year_is_not_the_months_nature() -> None:
    every, once = wild_months(*series(6, 4.0)), wild_months(*series(6, 4.0, (3,)))
    assert once[1] - 1 < 0.15 * (every[1] - 1)


def test_months_that_are_alike_are_told_alike() -> None:
    assert wild_months(*series(8, 1.0)) == pytest.approx(np.ones(12), abs=0.06)


@pytest.mark.parametrize(("years", "count"), [(2, 30), (6, 4)])
def test_two_years_or_four_series_say_nothing_of_a_month(years: int, count: int) -> None:
    assert (wild_months(*series(years, 4.0, count=count)) == 1).all()


def test_constant_series_say_nothing() -> None:
    assert (wild_months(np.zeros((30, 60)), np.full(30, 60), np.full(30, JANUARY_2020 + 59)) == 1).all()


def test_months_not_seen_are_not_looked_at() -> None:
    values, months, last = series(5, 4.0)
    unseen = values.copy()
    unseen[:, 48:] = 7.0
    assert wild_months(values, months, last, 12) == pytest.approx(wild_months(unseen, months, last, 12))


def test_the_next_month_is_as_wide_as_it_is_wild_and_past_errors_are_measured_by_theirs() -> None:
    # Ends in January 2021; the next is February (× 2), the newest error is January's (× 1), then December's (× 4).
    wild, before = np.ones(12), np.ones(12)
    wild[1], before[11] = 2.0, 4.0
    spread = Spread(np.array([0.5]), np.full((1, 2), 0.5), np.full((1, 2), 1.0))
    told = by_month(spread, wild, before, np.array([JANUARY_2020 + 12]), np.array([0]))
    assert told.deviation == pytest.approx([1.0])
    assert told.past[0] == pytest.approx([0.5, 2.0])
    assert told.errors[0] == pytest.approx([1.0, 0.25])
