"""Every figure of an agency's drafts, deals and money recounted from the inbox in plain Python, for everybody and every
month of a demo in which a manager's file is missing."""

import math
import shutil
import statistics
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest
from agency_oracle import Inbox, Month
from without_workbooks import without_workbooks

from pipeline.base.calendar import Month as ReportMonth
from pipeline.commands.monthly import Asked, run_monthly
from pipeline.contract.settings import load_settings
from pipeline.demo.make import make_demo

MONTHS = ("2024-03", "2024-04", "2024-05", "2024-06")
NOT_SENT = ("2024-05", "M002")
OF_VALUES = {"rounds_to_acceptance": statistics.mean, "days_to_acceptance": statistics.median}
RATES = ("first_acceptance", "win_rate", "contract_size", "receipt_rate", "receipt_rate_of_month")
pytestmark = pytest.mark.slow
MadeOnce = Callable[[str, Callable[[Path], object]], Path]  # see conftest


@pytest.fixture(scope="module")
def sent(made_once: MadeOnce) -> tuple[Path, Inbox]:
    """The home, and what its inbox said: files are put away when they have been taken in. Not to be changed."""
    made = made_once("agency_recounted", _reported)
    return made / "home", Inbox(made / "sent")


def _reported(made: Path) -> None:
    folder = made / "home"
    make_demo(
        folder, managers=4, customers=12, months=len(MONTHS), end=ReportMonth(2024, 6), seed=17, profile="agency",
        faults=False,
    )  # fmt: skip
    for path in sorted((folder / "inbox").glob("月报_*.xlsx")):
        _, month, manager, _ = path.stem.split("_")
        if (month, manager) == NOT_SENT:
            path.unlink()
    shutil.copytree(folder / "inbox", made / "sent")
    with without_workbooks(but=MONTHS[-1:]):
        run_monthly(folder, load_settings(folder), Asked(workers=1))


def test_a_demo_without_slips_runs_through_and_has_no_problems(sent: tuple[Path, Inbox]) -> None:
    profile, output = load_settings(sent[0]).profile, sent[0] / "output"
    assert profile.key == "agency"
    paths = (output / month / "data" / "problems.csv" for month in MONTHS)
    problems = pd.concat([pd.read_csv(path, encoding="utf-8-sig", dtype="str") for path in paths])
    month, manager = NOT_SENT
    goes_on = (problems["manager_id"] == manager) & (problems["month"] > month)  # of what it had not sent
    assert problems[~(goes_on & problems["rule"].isin(["unknown_case", "unknown_number"]))].empty
    assert (output / MONTHS[-1] / "headquarters.xlsx").is_file()
    board = pd.read_csv(output / MONTHS[-1] / "data" / "submissions.csv", encoding="utf-8-sig")
    assert set(board["form"]) >= set(profile.monthly_forms)


@pytest.fixture(scope="module")
def counted(sent: tuple[Path, Inbox]) -> dict[tuple[str, str, str, str], dict[str, float]]:
    frames = [
        pd.read_csv(sent[0] / "output" / month / "data" / "metrics.csv", encoding="utf-8-sig") for month in MONTHS
    ]
    rows = pd.concat(frames, ignore_index=True).to_dict("records")
    return {(one["month"], one["level"], one["entity_id"], one["figure"]): one for one in rows}


def entities(month: Month) -> list[tuple[str, str, list[str]]]:
    """Every entity with its managers."""
    everybody = sorted(month.managers)
    teams = sorted(set(month.managers.values()))
    return [
        ("organisation", "ALL", everybody),
        *(("region", team, [one for one in everybody if month.managers[one] == team]) for team in teams),
        *(("manager", one, [one]) for one in everybody),
    ]


@pytest.mark.parametrize("month", MONTHS)
def test_every_sum_and_rate_is_that_of_the_rows_in_the_inbox(sent, counted, month: str) -> None:
    asked = Month(sent[1], month)
    found, _ = asked.counted()
    assert len(found) >= 28
    wrong = []
    for level, entity, managers in entities(asked):
        for figure, by_manager in found.items():
            parts = [by_manager[one] for one in managers if one in by_manager]
            above, below = (sum(part[place] for part in parts) for place in (0, 1))
            row = counted.get((month, level, entity, figure), {})
            value = row.get("value", math.nan)
            known = bool(parts) and (figure not in RATES or below > 0)
            if not known:
                if not math.isnan(value):
                    wrong.append((level, entity, figure, None, value))
                continue
            scale = 1 if figure == "contract_size" else 100
            wanted = above if figure not in RATES else scale * above / below
            if math.isnan(value) or not math.isclose(value, wanted, rel_tol=1e-6, abs_tol=1e-3):
                wrong.append((level, entity, figure, wanted, value))
    assert wrong == []


@pytest.mark.parametrize("month", MONTHS)
@pytest.mark.parametrize("figure", OF_VALUES)
def test_means_and_medians_are_over_single_drafts(sent, counted, month: str, figure: str) -> None:
    asked = Month(sent[1], month)
    _, values = asked.counted()
    for level, entity, managers in entities(asked):
        single = [one for manager in managers for one in values[figure].get(manager, [])]
        value = counted.get((month, level, entity, figure), {}).get("value", math.nan)
        assert math.isnan(value) if not single else value == pytest.approx(OF_VALUES[figure](single))


def test_no_figure_of_the_agency_is_left_out(sent, counted) -> None:
    """The share past due is two recounted ones; the other subjects are recounted in the cable operator's tests."""
    recounted = {*OF_VALUES, "past_due_share"}.union(*(Month(sent[1], month).counted()[0] for month in MONTHS))
    starts = ("drafts", "deals", "pipeline", "contract", "receipt", "outstanding", "past_due", "weighted")
    ours = {key for *_, key in counted if key.startswith(starts)}
    assert ours - recounted == set()


def test_the_month_after_a_missing_file_tells_of_what_it_cannot_place(sent, counted) -> None:
    problems = pd.read_csv(sent[0] / "output" / "2024-06" / "data" / "problems.csv", encoding="utf-8-sig")
    assert set(problems["rule"]) <= {"unknown_case", "unknown_number"}
    assert set(problems["manager_id"]) <= {"M001", "M002", "M003", "M004"} and len(problems) > 0
    row = counted["2024-05", "organisation", "ALL", "contract_amount"]
    assert row["missing"] == 1
