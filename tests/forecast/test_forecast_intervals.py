"""How far forecasts may be off: quantiles of errors, what months share, and what is stated of a series' noise."""

from __future__ import annotations

import numpy as np
import pytest

from pipeline.forecast.history import Floats
from pipeline.forecast.intervals import OPTIMISM, Errors, drawn_quantile, reach_by_pool, widening
from pipeline.forecast.scale import bent, unbent
from pipeline.forecast.season import Patterns
from pipeline.forecast.spread import Spread, by_level, spread_of, unseen
from pipeline.forecast.structural import Foretold


def test_quantiles_of_many_errors_are_their_own_and_of_few_are_drawn_to_the_assumed() -> None:
    # 99 errors 1..99: rank ⌈100 × 0.8⌉ = 80; 30 assumed errors of 1.476 draw it to (99·80 + 30·1.476) ÷ 129.
    alike = np.ones(99)
    told = drawn_quantile(np.arange(1.0, 100.0), alike, 0.8, 1.476)
    assert told == pytest.approx((99 * 80 + 30 * 1.476) / 129)
    assert drawn_quantile(np.array([9.0, 9.0]), np.ones(2), 0.8, 1.476) == 1.476


def test_errors_that_count_less_move_the_quantile_less() -> None:
    # Sizes 1..9 count 1 each, size 20 nothing: 0.8 of 9 + 1 to come is 8, the eighth size. Ten of equal weight: the
    # ninth (0.8 × 11 = 8.8).
    size, nothing = np.array([*range(1, 10), 20.0]), np.array([1.0] * 9 + [0.0])
    assert drawn_quantile(size, nothing, 0.8, 1.0, prior=0.0) == 8.0
    assert drawn_quantile(size, np.ones(10), 0.8, 1.0, prior=0.0) == 9.0


def test_newer_errors_count_more_than_older_ones() -> None:
    calmer = np.tile(np.linspace(0.5, 2.0, 12), (300, 1))  # newest first: it became calmer
    pool = np.zeros(300, dtype=np.int64)
    faded = reach_by_pool(Errors.of_months(calmer, pool), pool)
    alike = reach_by_pool(Errors.alike(calmer.ravel()), pool)
    assert faded.reach80[0] < alike.reach80[0]


def test_the_wide_interval_reaches_further_to_the_side_of_the_great_errors() -> None:
    rng = np.random.default_rng(3)
    lopsided = np.exp(rng.normal(0.0, 0.7, size=(500, 12))) - 1.0
    pool = np.zeros(500, dtype=np.int64)
    told = reach_by_pool(Errors.of_months(lopsided, pool), pool, by_side=True)
    assert told.up95[0] > 1.5 * told.down95[0]
    assert told.down95[0] >= told.reach80[0]  # the wide interval holds the narrow one
    even = reach_by_pool(Errors.of_months(lopsided, pool), pool)
    assert even.up95[0] == even.down95[0]


def test_a_pool_of_few_errors_that_is_wider_at_80_is_wider_at_95_too() -> None:
    """An organisation's 80 % interval reached as far as its 95 % one: 8 errors told of the one, all of the other."""
    rng = np.random.default_rng(2)
    errors = np.concatenate([rng.normal(size=(200, 8)), np.full((1, 8), 6.0)])
    pool = np.array([0] * 200 + [1])
    told = reach_by_pool(Errors.of_months(errors, pool), pool)
    assert told.reach80[200] > 1.5 * told.reach80[0]
    assert told.up95[200] / told.reach80[200] == pytest.approx(told.up95[0] / told.reach80[0], rel=0.06)


def one_by_one(months: int = 12, series: int = 200) -> Floats:
    return np.random.default_rng(5).normal(size=(series, months))


def test_errors_that_go_their_own_ways_widen_nothing() -> None:
    assert widening(one_by_one()) == pytest.approx(OPTIMISM, abs=0.02)


def test_last_months_that_were_wrong_together_widen_the_intervals_at_a_single_origin() -> None:
    errors = one_by_one()
    errors[:, :3] += np.array([3.0, -3.0, 3.0])  # all series: far above, far below, far above
    shock = widening(errors)
    assert 1.3 < shock < 2.2
    spread_out = one_by_one()
    spread_out[:, :3] *= 3.0  # as great, but each series by itself: the pool of errors says so already
    assert widening(spread_out) < 1.05


def test_a_shock_of_long_ago_widens_less_than_one_of_the_last_months() -> None:
    late, early = one_by_one(), one_by_one()
    late[:, :2] += 3.0
    early[:, 8:10] += 3.0
    assert widening(early) < widening(late)


def test_too_few_series_say_nothing_of_what_they_share() -> None:
    assert widening(np.full((4, 12), 3.0)) == OPTIMISM


def foretold(deviation: Floats, origins: int) -> Foretold:
    wide = np.repeat(deviation[:, None], origins, axis=1)
    return Foretold(np.zeros_like(wide), wide, np.zeros_like(wide))


def test_a_few_months_noise_is_drawn_to_its_pool_and_that_of_many_months_is_its_own() -> None:
    # Pool: .1 is usual. 13 months: 12 of 15 parts its own; 93 months: 92 of 95. A level of its own keeps its own.
    deviation = np.array([0.1, 0.1, 0.1, 0.4, 0.4, 0.02])
    months = np.array([13, 13, 13, 13, 93, 13])
    pool = np.array([0, 0, 0, 0, 0, 1])
    told = spread_of(foretold(deviation, 1), foretold(deviation, 2), np.ones((6, 2)), months, pool, np.arange(6))
    assert told.deviation[3] == pytest.approx(0.4 ** (12 / 15) * 0.1 ** (3 / 15))
    assert told.deviation[4] == pytest.approx(0.4 ** (92 / 95) * 0.1 ** (3 / 95))
    assert told.deviation[[0, 5]] == pytest.approx([0.1, 0.02])
    assert told.errors[0] == pytest.approx([10.0, 10.0])


def test_a_constant_series_stays_sure_and_tells_nothing_of_errors() -> None:
    deviation = np.array([1e-6, 0.1, 0.1])
    months = np.full(3, 24)
    told = spread_of(
        foretold(deviation, 1),
        foretold(deviation, 1),
        np.ones((3, 1)),
        months,
        np.zeros(3, dtype=np.int64),
        np.arange(3),
    )
    assert told.deviation[0] == 1e-6
    assert np.isnan(told.errors[0, 0])


def test_counts_are_noisier_in_low_months_and_the_errors_tell_how_much() -> None:
    rng = np.random.default_rng(7)
    level = rng.normal(0.0, 0.6, size=(400, 12))
    counts = Spread(np.full(400, 0.2), np.full((400, 12), 0.2), rng.normal(size=(400, 12)) * np.exp(-0.5 * level))
    told = by_level(counts, np.linspace(-1.0, 1.0, 400), level)
    assert told.deviation[0] > 0.2 * 1.4 and told.deviation[-1] < 0.2 / 1.4  # e^(±.5 × 1) = 1.65
    even = Spread(np.full(400, 0.2), np.full((400, 12), 0.2), rng.normal(size=(400, 12)))
    assert by_level(even, np.linspace(-1.0, 1.0, 400), level).deviation == pytest.approx(0.2, rel=0.06)


def unseen_errors(borrowed: float, months: int, siblings: int = 30) -> Floats:
    """Errors of .5 that siblings share, whose group's own mean, foretold honestly, was .4 ÷ .1 = 4 deviations off."""
    errors = np.full((siblings, 2), 0.5)
    spread = Spread(np.full(siblings, 0.1), np.full((siblings, 2), 0.1), errors)
    group = np.zeros(siblings, dtype=np.int64)
    patterns = Patterns(np.zeros((1, 40)), group, group, np.full((1, 2), 0.4))
    lent = np.full((siblings, 2), borrowed)
    return unseen(spread, lent, patterns, np.full(siblings, months), np.arange(siblings))


def test_a_month_that_the_shared_season_had_seen_errs_as_if_it_had_not() -> None:
    # .5 + ⅔ × (4 − .5) for who borrows all of it, half of that for who borrows half.
    assert unseen_errors(1.0, 36) == pytest.approx(0.5 + 2 / 3 * 3.5)
    assert unseen_errors(0.5, 36) == pytest.approx(0.5 + 1 / 3 * 3.5)


def test_who_borrows_nothing_or_whose_group_knows_no_season_of_its_own_errs_as_it_did() -> None:
    assert unseen_errors(0.0, 36) == pytest.approx(0.5)
    assert unseen_errors(1.0, 24) == pytest.approx(0.5)
    assert unseen_errors(1.0, 36, siblings=10) == pytest.approx(0.5)


def test_what_intervals_are_measured_in_leads_back_to_the_scale() -> None:
    away = np.array([-0.8, -0.1, 0.0, 0.1, 0.8])
    for kind in ("log", "root", "plain"):
        assert unbent(bent(away, kind), kind) == pytest.approx(away)
    assert bent(away, "log")[-1] > 0.8  # less lopsided than a logarithm says
