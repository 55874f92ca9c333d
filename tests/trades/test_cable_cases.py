"""The cable operator's cases of `../shared/cases/trades`, their rows filled into the real templates and taken from the
inbox: every figure that stands there with its arithmetic. Skipped where the cases are absent."""

from pathlib import Path

import pandas as pd
import pytest
from cable_small import SETTINGS
from case_home import make_home, tables_of
from without_workbooks import without_workbooks

from pipeline.base.calendar import Month
from pipeline.commands.monthly import Asked, run_monthly

CASES = Path(__file__).parents[3] / "shared" / "cases" / "trades"
pytestmark = [pytest.mark.slow, pytest.mark.skipif(not CASES.is_dir(), reason="the cases are not here")]
# By month, entity and figure: value (two decimals), numerator, denominator (None where there is none).
SMALL = {
    ("2024-04", "ALL", "households"): (312, 312, None),
    ("2024-04", "ALL", "active"): (242, 242, None),
    ("2024-04", "ALL", "penalty_stopped"): (41, 41, None),
    ("2024-04", "ALL", "paused"): (29, 29, None),
    ("2024-04", "ALL", "arpu"): (20.00, 4840, 242),
    ("2024-05", "ALL", "households"): (315, 315, None),
    ("2024-05", "ALL", "new_households"): (24, 24, None),
    ("2024-05", "ALL", "new_by_all_staff"): (24, 24, None),
    ("2024-05", "ALL", "reactivated"): (3, 3, None),
    ("2024-05", "ALL", "lost_to.telecom_iptv"): (16, 16, None),
    ("2024-05", "ALL", "lost_to.cloud_tv"): (6, 6, None),
    ("2024-05", "ALL", "household_retention"): (92.95, 290, 312),
    ("2024-05", "M1", "household_retention"): (96.36, 106, 110),
    ("2024-05", "ALL", "active_rate"): (80.95, 255, 315),
    ("2024-05", "ALL", "paid_programme_rate"): (59.61, 152, 255),
    ("2024-05", "ALL", "collection_rate"): (95.29, 4860, 5100),
    ("2024-05", "ALL", "penalty_rate"): (11.11, 35, 315),
    ("2024-05", "ALL", "pause_rate"): (7.94, 25, 315),
    ("2024-05", "ALL", "prospects"): (4, 4, None),
    ("2024-05", "ALL", "filing_rate"): (50.00, 2, 4),
}
BRIDGES = {
    "households": {"start": 312, "installed": 24, "loss": -22, "unexplained": 1, "end": 315},
    "active": {
        "start": 242, "installed": 24, "return": 3, "resume": 2, "pause": -5, "loss": -12, "unexplained": 1, "end": 255,
    },
}  # fmt: skip
PRINTED = {
    "group_customers": (137, 137, None),
    "households": (3608, 3608, None),
    "penalty_rate": (9.89, 357, 3608),
    "pause_rate": (7.29, 263, 3608),
    "lost_households": (192, 192, None),
    "lost_customers": (4, 4, None),
    "new_households": (224, 224, None),
    "new_customers": (7, 7, None),
    "active_rate": (82.82, 2988, 3608),
    "reactivated": (0, 0, None),
}
AREAS = pd.DataFrame({"region_id": ["NE", "SE", "NW", "SW"], "region_name": ["东北", "东南", "西北", "西南"]})


def metrics(home: Path, case: str, first: Month, months: tuple[str, ...]) -> pd.DataFrame:
    tables = {"regions": AREAS, **tables_of(CASES / case)}
    settings = make_home(home, SETTINGS.format(language="zh"), tables, first)
    with without_workbooks(but=months[-1:]):
        run_monthly(home, settings, Asked(workers=1))
    frames = [pd.read_csv(home / "output" / one / "data" / "metrics.csv", encoding="utf-8-sig") for one in months]
    return pd.concat(frames, ignore_index=True).set_index(["month", "entity_id", "figure"]).sort_index()


@pytest.fixture(scope="module")
def small(tmp_path_factory) -> pd.DataFrame:
    home = tmp_path_factory.mktemp("case") / "home"
    return metrics(home, "cable", Month(2024, 4), ("2024-04", "2024-05", "2024-06"))


@pytest.fixture(scope="module")
def printed(tmp_path_factory) -> pd.DataFrame:
    return metrics(tmp_path_factory.mktemp("case") / "home", "cable-printed", Month(2024, 3), ("2024-04",))


def told(row: pd.Series) -> tuple[float, float, float | None]:
    below = None if pd.isna(row["denominator"]) else row["denominator"]
    return round(row["value"], 2), row["numerator"], below


def has_value(rows: pd.DataFrame, *key: str) -> bool:
    return key in rows.index and pd.notna(rows.loc[key, "value"])


@pytest.mark.parametrize("key", SMALL)
def test_a_figure_of_the_small_organisation_is_as_worked_out_by_hand(small, key) -> None:
    assert told(small.loc[key]) == SMALL[key]


def test_in_the_first_month_retention_and_bridge_are_a_dash(small) -> None:
    assert not has_value(small, "2024-04", "ALL", "household_retention")
    assert not has_value(small, "2024-04", "ALL", "bridge.households.start")


@pytest.mark.parametrize("account", BRIDGES)
def test_both_bridges_lead_from_start_to_end_with_what_is_not_explained(small, account) -> None:
    start = f"bridge.{account}."
    of_org = small.loc[("2024-05", "ALL")]["value"]
    lines = {key.removeprefix(start): one for key, one in of_org.items() if key.startswith(start) and one}
    assert {line: lines[line] for line in BRIDGES[account]} == BRIDGES[account]
    assert set(lines) - set(BRIDGES[account]) <= {"previous", "moved_in", "moved_out"}


def test_the_difference_is_that_of_the_one_manager_whose_forms_disagree(small) -> None:
    """C6 of M3; C3's 50 households move from M1 to M2."""
    of = small["value"].to_dict()
    assert [of["2024-05", one, "bridge.households.unexplained"] for one in ("M1", "M2", "M3")] == [0, 0, 1]
    assert of["2024-05", "M1", "bridge.households.moved_out"] == -50
    assert of["2024-05", "M2", "bridge.households.moved_in"] == 50


@pytest.mark.parametrize(
    ("figure", "target", "completion"), [("new_households", 60, 40.0), ("reactivated", 75, 4.0)]
)
def test_figures_are_held_against_the_targets_of_three_managers(small, figure, target, completion) -> None:
    row = small.loc[("2024-05", "ALL", figure)]
    assert (row["target"], round(row["completion"], 1)) == (target, completion)


@pytest.mark.parametrize("figure", PRINTED)
def test_what_the_operator_printed_comes_from_its_rows(printed, figure) -> None:
    assert told(printed.loc[("2024-04", "ALL", figure)]) == PRINTED[figure]


@pytest.mark.parametrize(
    ("figure", "target", "completion"), [("new_households", 80, 280.0), ("reactivated", 100, 0.0)]
)
def test_what_the_operator_printed_is_held_against_targets_of_20_and_25_a_manager(
    printed, figure, target, completion
) -> None:
    row = printed.loc[("2024-04", "ALL", figure)]
    assert (row["target"], round(row["completion"], 1)) == (target, completion)
