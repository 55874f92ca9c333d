"""Weights and the like that are others from a month on: each month has its own."""

import pytest

from pipeline.base.errors import SettingsError
from pipeline.contract.settings import settings_of_text
from schemas.profile import Profile

DATED = """
[profile]
name = "tobacco"

[profile.since."2024-05".evaluation_weights]
volume_rank = 0.9

[profile.since."2024-06".scorecard.indicators]
volume = { weight = 0.30 }
amount = { weight = 0.05 }
"""


def trade(text: str = DATED) -> Profile:
    return settings_of_text(text).profile


def weights(profile: Profile, month: str) -> tuple[float, float, float]:
    """Of the evaluation's volume rank, and of volume and amount on the scorecard."""
    own = profile.as_of(month)
    indicators = own.scorecard.indicators
    return own.evaluation_weights["volume_rank"], indicators["volume"].weight, indicators["amount"].weight


@pytest.mark.parametrize(
    ("month", "expected"),
    [("2024-04", (0.25, 0.20, 0.15)), ("2024-05", (0.9, 0.20, 0.15)), ("2025-01", (0.9, 0.30, 0.05))],
)
def test_what_is_dated_holds_from_its_month_on(month: str, expected: tuple[float, ...]) -> None:
    assert weights(trade(), month) == expected


def test_what_is_not_dated_stays_and_a_month_leads_back_to_any_other() -> None:
    june = trade().as_of("2024-06")
    assert june.scorecard.indicators["volume"].group == "develop"
    assert june.evaluation_weights["stock_health"] == trade().evaluation_weights["stock_health"]
    assert weights(june, "2024-04") == (0.25, 0.20, 0.15)


def test_what_comes_later_does_not_concern_a_month() -> None:
    plain = trade('[profile]\nname = "tobacco"\n')
    assert trade().told_up_to("2024-04") == plain.told_up_to("2024-04")
    assert trade().told_up_to("2024-05") != plain.told_up_to("2024-05")


def test_changes_between_two_months_are_told_with_what_they_change() -> None:
    assert trade().changed_in("2024-04", "2024-06") == {
        "2024-05": ("evaluation_weights",),
        "2024-06": ("scorecard",),
    }
    assert trade().as_of("2024-06").changed_in("2024-06", "2024-12") == {"2024-06": ("scorecard",)}


@pytest.mark.parametrize(
    ("table", "named"),
    [
        ('[profile.since."2024-13".evaluation_weights]\nvolume_rank = 1', "since.2024-13"),
        ('[profile.since."2024-05"]\nlists = {}', "since.2024-05.lists"),
        ('[profile.since."2024-05".scorecard.indicators]\nvolume = { weight = 0.9 }', "Σ weight = 1.7"),
    ],
)
def test_a_date_or_table_that_cannot_be_used_is_named(table: str, named: str) -> None:
    with pytest.raises(SettingsError, match=named.replace(".", r"\.")):
        trade(f'[profile]\nname = "tobacco"\n{table}')
