"""Places by several figures, and who sells much and keeps few, worked out by hand."""

import pytest

from pipeline.subjects.contrast.places import judged, places


def test_the_place_in_a_part_is_that_by_the_mean_of_the_places_in_its_figures() -> None:
    figures = {"units": {"A": 9, "B": 5, "C": 1}, "lost": {"A": 4.0, "B": 0.0, "C": 2.0}}
    better = {"units": "higher", "lost": "lower"}
    # units: A 0, B ½, C 1; lost: B 0, C ½, A 1 → A ½, B ¼, C ¾
    assert places(figures, better) == {"B": 1, "A": 2, "C": 3}


def test_equals_share_a_place() -> None:
    assert places({"units": {"A": 3, "B": 3, "C": 1}}, {"units": "higher"}) == {"A": 1, "B": 1, "C": 3}


def test_what_somebody_lacks_does_not_put_them_last() -> None:
    figures = {"units": {"A": 9, "B": 5, "C": 1}, "answers": {"A": 70, "C": 90}}
    # A (0 + 1) ÷ 2, B ½, C (1 + 0) ÷ 2
    assert places(figures, dict.fromkeys(figures, "higher")) == {"A": 1, "B": 1, "C": 1}


def test_a_figure_that_is_neither_good_nor_bad_or_of_one_alone_places_nobody() -> None:
    assert places({"loans": {"A": 1, "B": 2}}, {"loans": "neither"}) == {}
    assert places({"units": {"A": 1}}, {"units": "higher"}) == {}


SIX = dict(zip("ABCDEF", range(1, 7), strict=True))
BACKWARDS = dict(zip("ABCDEF", range(6, 0, -1), strict=True))


def test_of_six_the_first_two_and_the_last_two_are_told() -> None:
    assert judged(SIX, BACKWARDS, 3) == {
        "A": "much_few", "B": "much_few", "C": "", "D": "", "E": "little_many", "F": "little_many",
    }  # fmt: skip
    assert judged(SIX, SIX, 3)["A"] == "much_many" and judged(SIX, SIX, 3)["F"] == "little_few"


@pytest.mark.parametrize(("count", "told"), [(2, ""), (3, "much_few")])
def test_of_two_nobody_can_be_told(count: int, told: str) -> None:
    keys = "ABC"[:count]
    sold = {key: place for place, key in enumerate(keys, 1)}
    kept = {key: count + 1 - place for place, key in enumerate(keys, 1)}
    assert judged(sold, kept, 3)["A"] == told


def test_only_those_who_have_both_places_are_looked_at() -> None:
    assert judged(SIX, {key: BACKWARDS[key] for key in "ABC"}, 3) == {"A": "much_few", "B": "", "C": "little_many"}


def test_the_order_of_managers_does_not_matter() -> None:
    turned = dict(reversed(SIX.items()))
    assert judged(turned, BACKWARDS, 3) == judged(SIX, BACKWARDS, 3)
