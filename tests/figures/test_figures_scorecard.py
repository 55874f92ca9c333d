"""The scorecard, worked out by hand."""

import math

import pandas as pd
import pytest

from pipeline.base.calendar import Month
from pipeline.base.errors import SettingsError
from pipeline.contract.settings import settings_from
from pipeline.contract.trade import load_profile
from pipeline.figures.catalogue import all_figures
from pipeline.figures.scorecard import SCORECARD_COLUMNS, check_indicators, scorecard_of_month
from schemas.profile import Profile

NAN = math.nan
REGIONS = pd.Series({"M1": "R1", "M2": "R1", "M3": "R2"})
TOBACCO = load_profile("tobacco")
FIGURES = all_figures(TOBACCO)


def profile(indicators: dict[str, dict[str, object]], **card: object) -> Profile:
    """The tobacco profile with these indicators and no others."""
    base = TOBACCO.model_dump()
    return Profile.model_validate(base | {"scorecard": {"indicators": indicators, **card}})


def card(metrics: list[tuple[str, str, str, float, float, float]], of: Profile) -> pd.DataFrame:
    """The scorecard of rows of level, entity, figure, value, target, denominator; by level, entity and figure."""
    names = ["level", "entity_id", "figure", "value", "target", "denominator"]
    frame = pd.DataFrame(metrics, columns=names).astype({"target": "float64", "denominator": "float64"})
    frame = frame.assign(target_comparable=frame["target"])  # everybody has reported
    made = scorecard_of_month(Month(2024, 6), frame, FIGURES, of, REGIONS)
    return made.set_index(["level", "entity_id", "figure"])


def one(
    figure: str, value: float, target: float = NAN, denominator: float = 100, **indicator: object
) -> pd.Series:
    """The row of one manager who has one indicator."""
    of = profile({figure: {"group": "develop", "weight": 1, **indicator}})
    return card([("manager", "M1", figure, value, target, denominator)], of).iloc[0]


@pytest.mark.parametrize(
    ("value", "target", "completion"),
    [(90, 100, 90), (100, 100, 100), (119, 100, 119), (150, 100, 120), (-10, 100, 0), (0, 100, 0)],
)
def test_higher_is_better_is_value_to_target_within_floor_and_cap(value, target, completion):
    assert one("volume", value, target)["completion"] == completion


@pytest.mark.parametrize(
    ("value", "target", "completion"),
    # at the target 100 %, a fifth under it 120 %, a quarter above it 75 %, twice it and more 0 %
    [(10, 10, 100), (8, 10, 120), (2, 10, 120), (12.5, 10, 75), (20, 10, 0), (30, 10, 0), (0, 0, 100), (1, 0, 0)],
)
def test_lower_is_better_mirrors_it_at_the_target(value, target, completion):
    assert one("complaints", value, target)["completion"] == completion


def test_floor_and_cap_are_the_indicators_own():
    assert one("volume", 10, 100, floor=60, cap=110)["completion"] == 60
    assert one("volume", 130, 100, floor=60, cap=110)["completion"] == 110


def test_a_fact_that_is_neither_good_nor_bad_is_judged_the_way_the_profile_says():
    row = one("special_visits", 15, 10, better="lower")
    assert (row["direction"], row["completion"]) == ("lower", 50)  # 2 − 1.5


def test_the_target_of_the_form_goes_before_that_of_the_profile():
    row = one("coverage", 81, 90)
    assert (row["target"], row["target_from"], row["completion"]) == (90, "targets", 90)
    of = profile({"coverage": {"group": "process", "weight": 1, "target": 80}})
    own = card([("manager", "M1", "coverage", 81, NAN, 100)], of).iloc[0]
    assert (own["target"], own["target_from"], own["completion"]) == (80, "profile", 101.25)


def test_a_profiles_target_of_a_sum_is_for_each_manager():
    of = profile({"customers_joined": {"group": "acquire", "weight": 1, "target": 20}})
    rows = [("manager", name, "customers_joined", 10, NAN, NAN) for name in ("M1", "M2", "M3")]
    rows += [
        ("region", "R1", "customers_joined", 20, NAN, NAN),
        ("region", "R2", "customers_joined", 10, NAN, NAN),
    ]
    rows += [("organisation", "ALL", "customers_joined", 30, NAN, NAN)]
    targets = card(rows, of)["target"]
    assert targets["manager", "M1", "customers_joined"] == 20
    assert targets["region", "R1", "customers_joined"] == 40  # two managers
    assert targets["region", "R2", "customers_joined"] == 20
    assert targets["organisation", "ALL", "customers_joined"] == 60


FOUR = {
    "volume": {"group": "develop", "weight": 0.4},
    "coverage": {"group": "process", "weight": 0.3, "target": 100},
    "price_rate": {"group": "process", "weight": 0.1, "target": 100},
    "complaints": {"group": "retain", "weight": 0.2},
}


def four(volume: float = 90, coverage: float = 80, complaints_target: float = 10, visits: float = 100):
    """M1 with four indicators: 90 %, 80 %, none (no price seen), 120 %."""
    rows = [
        ("manager", "M1", "volume", volume, 100, NAN),
        ("manager", "M1", "coverage", coverage, NAN, visits),
        ("manager", "M1", "complaints", 4, complaints_target, NAN),
    ]
    return card(rows, profile(FOUR)).loc["manager", "M1"]


def test_the_weight_of_what_has_no_data_is_spread_over_the_rest():
    got = four()
    assert got.loc["price_rate", "state"] == "no_value"
    # 40 + 30 + 20 of 100 are known: 0.4 → 44.4 %, 0.3 → 33.3 %, 0.2 → 22.2 %
    assert got["weight_used"].round(3).to_dict() == pytest.approx(
        {"volume": 44.444, "coverage": 33.333, "price_rate": NAN, "complaints": 22.222}, nan_ok=True
    )
    # (0.4 × 90 + 0.3 × 80 + 0.2 × 120) ÷ 0.9 = 84 ÷ 0.9
    assert got["score"].round(4).unique().tolist() == [93.3333]
    assert got["points"].sum() == pytest.approx(93.3333, abs=1e-4)
    assert got["weight_known"].unique().tolist() == [90]
    assert got["grade"].unique().tolist() == ["B"]


def test_each_indicator_without_data_says_why():
    assert four(complaints_target=NAN).loc["complaints", "state"] == "no_target"
    assert four(visits=9).loc["coverage", "state"] == "few"  # a rate of nine is not ranked, and judges nobody
    assert four().loc["volume", "state"] == "counted"


def test_a_group_is_scored_over_its_own_indicators():
    # process: coverage 80 % alone, as price_rate has no data
    assert four()["group_score"].to_dict() == {"volume": 90, "coverage": 80, "price_rate": 80, "complaints": 120}


def test_with_too_little_known_there_is_a_score_but_neither_grade_nor_rank():
    rows = [("manager", "M1", "volume", 100, 100, NAN)]  # 40 % of the weights
    got = card(rows, profile(FOUR)).iloc[0]
    assert got["score"] == 100
    assert pd.isna(got["grade"]) and pd.isna(got["rank_in_region"])
    assert card(rows, profile(FOUR, least_weight=0.4)).iloc[0]["grade"] == "A"


@pytest.mark.parametrize(
    ("score", "grade"), [(100, "A"), (99.9, "B"), (90, "B"), (80, "C"), (79.9, "D"), (0, "D")]
)
def test_grades_begin_at_their_least_score(score, grade):
    assert one("volume", score, 100)["grade"] == grade


def test_managers_rank_in_their_region_and_all_over_and_equals_share_a_rank():
    of = profile({"volume": {"group": "develop", "weight": 1}})
    values = {"M1": 90, "M2": 95, "M3": 95}
    rows = [("manager", name, "volume", value, 100, NAN) for name, value in values.items()]
    rows += [("region", "R1", "volume", 185, 200, NAN), ("region", "R2", "volume", 95, 100, NAN)]
    rows += [("organisation", "ALL", "volume", 280, 300, NAN)]
    got = card(rows, of).droplevel("figure")
    names = ["rank_in_region", "ranked_in_region", "rank_in_organisation", "ranked_in_organisation"]
    ranks = got.loc["manager", names]
    assert ranks.loc["M1"].tolist() == [2, 2, 3, 3]
    assert ranks.loc["M2"].tolist() == [1, 2, 1, 3]
    assert ranks.loc["M3"].tolist() == [1, 1, 1, 3]
    assert got.loc["region", "rank_in_organisation"].to_dict() == {"R1": 2, "R2": 1}  # 92.5 and 95
    assert got.loc["organisation", names].isna().all(axis=None)


def test_every_entity_has_every_indicator_in_the_columns_of_the_contract():
    of = profile(FOUR)
    made = card([("manager", "M1", "volume", 1, 2, NAN), ("region", "R2", "coverage", 1, 2, 50)], of).reset_index()
    assert len(made) == 2 * len(FOUR)
    assert set(made.columns) == set(SCORECARD_COLUMNS)


def test_a_trade_without_indicators_has_no_scorecard():
    assert card([("manager", "M1", "volume", 1, 2, NAN)], profile({})).empty


def test_the_tobacco_scorecard_judges_figures_that_there_are():
    check_indicators(TOBACCO, FIGURES)
    groups = {one.group for one in TOBACCO.scorecard.counted.values()}
    assert groups == {"acquire", "retain", "develop", "product", "process"}


@pytest.mark.parametrize(
    ("changes", "named"),
    [
        ({"volume": {"weight": 0.25}}, r"scorecard\.indicators.*1\.05 ≠ 1.*volume 0\.25"),
        ({"volume": {"floor": 120}}, r"scorecard\.indicators\.volume.*cap 120 ≤ floor 120"),
        ({"volume": {"group": "other"}}, r"scorecard\.indicators\.volume\.group"),
        ({"volume": {"wieght": 1}}, r"scorecard\.indicators\.volume\.wieght"),
    ],
)
def test_a_scorecard_that_cannot_be_is_refused_and_the_key_named(changes, named):
    with pytest.raises(SettingsError, match=named):
        settings_from({"profile": {"name": "tobacco", "scorecard": {"indicators": changes}}})


def test_grades_that_leave_a_score_without_one_are_refused():
    with pytest.raises(SettingsError, match=r"scorecard\.grades"):
        settings_from({"profile": {"name": "tobacco", "scorecard": {"grades": {"A": 90, "D": 10}}}})


def test_a_weight_of_nothing_takes_an_indicator_out():
    changes = {"volume": {"weight": 0}, "amount": {"weight": 0.35}}
    settings = settings_from({"profile": {"name": "tobacco", "scorecard": {"indicators": changes}}})
    assert "volume" not in settings.profile.scorecard.counted


def test_an_indicator_must_be_a_figure_and_have_a_direction():
    with pytest.raises(SettingsError, match=r"scorecard\.indicators\.volum:"):
        check_indicators(profile({"volum": {"group": "develop", "weight": 1}}), FIGURES)
    with pytest.raises(SettingsError, match=r"scorecard\.indicators\.special_visits\.better"):
        check_indicators(profile({"special_visits": {"group": "develop", "weight": 1}}), FIGURES)


def test_a_target_of_each_manager_counts_once_for_each_who_has_told() -> None:
    """200 cartons are asked of each: of R1 400, of R1 without M2 200, of all without M2 400."""
    of = profile({"volume": {"group": "develop", "weight": 1, "target": 200}})

    def region_target(*told: tuple[str, float]) -> tuple[float, float]:
        managers = [("manager", name, "volume", value, NAN, NAN) for name, value in told]
        whole = [("region", "R1", "volume", 180.0, NAN, NAN), ("organisation", "ALL", "volume", 380.0, NAN, NAN)]
        made = card([*managers, *whole], of)["target"]
        return made["region", "R1", "volume"], made["organisation", "ALL", "volume"]

    assert region_target(("M1", 100.0), ("M2", 80.0), ("M3", 200.0)) == (400, 600)
    assert region_target(("M1", 180.0), ("M2", NAN), ("M3", 200.0)) == (200, 400)
