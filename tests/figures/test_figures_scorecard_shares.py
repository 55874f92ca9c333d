"""Groups of the scorecard's indicators that have shares by year, worked out by hand."""

import math
import tomllib
from importlib import resources

import pandas as pd
import pytest

from pipeline.base.calendar import Month
from pipeline.base.errors import SettingsError
from pipeline.base.period import AnyPeriod, Period
from pipeline.contract.settings import settings_from
from pipeline.contract.trade import load_profile
from pipeline.figures.catalogue import all_figures
from pipeline.figures.scorecard import scorecard_of_month
from schemas.group_shares import shares_in
from schemas.profile import Profile

NAN = math.nan
REGIONS = pd.Series({"M1": "R1"})
TOBACCO = load_profile("tobacco")
FIGURES = all_figures(TOBACCO)
SHARES = {
    "2024": {"product": 0.5, "customer": 0.4, "process": 0.1},
    "2025": {"product": 0.4, "customer": 0.5, "process": 0.1},
}
# Weights inside a group are 0.2 and 0.3: of customers 40 % and 60 %. All four together are 1.1.
FOUR = {
    "amount": {"group": "product", "weight": 0.5},
    "customers_joined": {"group": "acquire", "weight": 0.2, "target": 2},
    "satisfaction": {"group": "retain", "weight": 0.3, "target": 80},
    "visits": {"group": "process", "weight": 0.1, "target": 10, "better": "higher"},
}
VALUES = {"amount": (90, 100), "customers_joined": (1, NAN), "satisfaction": (84, NAN), "visits": (13, NAN)}


def profile(shares: dict[str, dict[str, float]] | None = None, **card: object) -> Profile:
    given = {"indicators": FOUR, "group_share": SHARES if shares is None else shares, **card}
    return Profile.model_validate(TOBACCO.model_dump() | {"scorecard": given})


def card(period: AnyPeriod, of: Profile, **without: None) -> pd.DataFrame:
    """The scorecard of one manager by figure; what is `without` has no value."""
    rows = [
        ("manager", "M1", key, value, target, 100.0)
        for key, (value, target) in VALUES.items()
        if key not in without
    ]
    frame = pd.DataFrame(rows, columns=["level", "entity_id", "figure", "value", "target", "denominator"])
    frame = frame.astype({"value": "float64", "target": "float64"}).assign(
        target_comparable=lambda one: one["target"]
    )
    return scorecard_of_month(period, frame, FIGURES, of, REGIONS).set_index("figure")


def test_weights_inside_a_group_are_scaled_to_its_share() -> None:
    # product 90 %; customers 0.4 × 50 + 0.6 × 105; process 13 ÷ 10, capped at 120
    got = card(Month(2024, 6), profile())
    assert got["completion"].to_dict() == {
        "amount": 90, "customers_joined": 50, "satisfaction": 105, "visits": 120,
    }  # fmt: skip
    assert got["weight"].round(6).to_dict() == {
        "amount": 50, "customers_joined": 16, "satisfaction": 24, "visits": 10,
    }  # fmt: skip
    assert got["score"].unique().tolist() == [90.2]  # 45 + 0.4 × 83 + 12
    assert got["weight_known"].unique().tolist() == [100]


@pytest.mark.parametrize(
    ("period", "score"),
    [
        (Month(2024, 12), 90.2),
        (Month(2025, 1), 89.5),  # 0.4 × 90 + 0.5 × 83 + 0.1 × 120
        (Period.parse("2024-Q4"), 90.2),
        (Period.parse("2025-Q1"), 89.5),
        (Period.parse("2025-H1"), 89.5),
        (Period.parse("2024"), 90.2),
        (Period.parse("2025"), 89.5),
        (Month(2026, 6), 89.5),  # no shares of its own: those of the newest year before
        (Month(2023, 6), 90.2),  # before all: the first
    ],
)
def test_a_period_uses_the_shares_of_its_year(period: AnyPeriod, score: float) -> None:
    assert card(period, profile())["score"].unique().tolist() == [score]


def test_the_order_in_which_years_stand_does_not_matter() -> None:
    assert shares_in(2024, dict(reversed(SHARES.items()))) == SHARES["2024"]


def test_what_has_no_data_is_shown_and_its_weight_stays_within_its_share() -> None:
    got = card(Month(2024, 6), profile(), satisfaction=None)
    assert got.loc["satisfaction", "state"] == "no_value"
    assert pd.isna(got.loc["satisfaction", "completion"])
    # 0.5 × 90 + 0.4 × 50 + 0.1 × 120: customers count 0.4 still, whatever of them is known
    assert got["score"].unique().tolist() == [77]
    assert got["weight_used"].dropna().round(6).to_dict() == {"amount": 50, "customers_joined": 40, "visits": 10}
    assert got["points"].dropna().to_dict() == {"amount": 45, "customers_joined": 20, "visits": 12}
    assert got["weight_known"].round(6).unique().tolist() == [76]  # by which it is graded, or not


def test_the_weight_of_a_share_without_any_data_is_spread_over_the_other_shares() -> None:
    got = card(Month(2024, 6), profile(), amount=None)
    assert got["score"].unique().tolist() == [90.4]  # 0.8 × 83 + 0.2 × 120
    assert got["weight_known"].round(6).unique().tolist() == [50]
    one = card(Month(2024, 6), profile(), amount=None, satisfaction=None)
    assert one["score"].unique().tolist() == [64]  # 0.8 × 50 + 0.2 × 120
    assert one["weight_known"].round(6).unique().tolist() == [26]


def test_where_nothing_has_data_there_is_no_score() -> None:
    got = card(Month(2024, 6), profile(least_weight=0), **dict.fromkeys(VALUES))
    assert got.empty or got["score"].isna().all()


def test_without_shares_the_weight_of_what_has_no_data_is_spread_over_all_the_rest() -> None:
    weights = {"amount": 0.4, "customers_joined": 0.2, "satisfaction": 0.3, "visits": 0.1}
    four = {key: one | {"weight": weights[key]} for key, one in FOUR.items()}
    got = card(Month(2024, 6), profile({}, indicators=four), satisfaction=None)
    assert got["score"].unique().tolist() == [pytest.approx(58 / 0.7, abs=1e-6)]  # 36 + 10 + 12 of 70


def test_floors_and_caps_hold_before_shares() -> None:
    four = FOUR | {"customers_joined": FOUR["customers_joined"] | {"floor": 70}}
    # customers 0.4 × 70 + 0.6 × 105 = 91
    assert card(Month(2024, 6), profile(indicators=four))["score"].unique().tolist() == [93.4]


def test_without_shares_weights_alone_count() -> None:
    shipped = TOBACCO.scorecard
    weights = shipped.weights_in(2024, shipped.indicators)
    assert weights == {key: one.weight for key, one in shipped.counted.items()}


def test_a_year_may_leave_a_group_out() -> None:
    shares = {"2024": {"product": 0.6, "customer": 0.4, "process": 0}}
    got = card(Month(2024, 6), profile(shares))
    assert "visits" not in got.index
    assert got["score"].unique().tolist() == [87.2]  # 54 + 33.2


@pytest.mark.parametrize(
    ("shares", "told"),
    [
        ({"2024": {"product": 0.5, "customer": 0.4, "process": 0.2}}, r"group_share.*1\.1 ≠ 1 \(2024: product 0\.5"),
        ({"2024": {"product": 1.4, "customer": -0.4, "process": 0}}, r"group_share\.2024\.customer"),
        ({"24年": {"product": 0.5, "customer": 0.4, "process": 0.1}}, r"group_share.*'24年'"),
        ({"2024": {"product": 0.5, "customer": 0.5}}, r"indicators.*'process'"),
        ({"2024": {"product": 0.5, "customer": 0.3, "process": 0.1, "staff": 0.1}}, r"indicators.*'staff'"),
    ],
)  # fmt: skip
def test_shares_that_cannot_be_are_refused_and_named(shares: dict[str, dict[str, float]], told: str) -> None:
    changes = {key: {"weight": 0} for key in TOBACCO.scorecard.indicators} | FOUR
    given = {"name": "tobacco", "scorecard": {"indicators": changes, "group_share": shares}}
    with pytest.raises(SettingsError, match=told):
        settings_from({"profile": given})


def test_the_shares_that_a_new_trade_is_shown_can_be_used_as_they_stand(tmp_path) -> None:
    """What stands there as a comment, with its marks taken away."""
    text = (resources.files("pipeline") / "trades" / "new_trade.toml").read_text(encoding="utf-8")
    lines = [
        line.removeprefix("# ") for line in text.splitlines() if line.startswith(("# [scorecard", "# customer ="))
    ]
    shares = tomllib.loads("\n".join([*lines, "process = 0.1"]))["scorecard"]["group_share"]
    trade = tomllib.loads(text)
    trade["scorecard"]["group_share"] = shares
    scorecard = settings_from({}, "zh", trade).profile.scorecard
    assert sum(scorecard.weights_in(2025, scorecard.indicators).values()) == pytest.approx(1)
