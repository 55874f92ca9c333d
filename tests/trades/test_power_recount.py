"""Every figure of a power bureau's energy, orders and needs recounted from the inbox in plain Python, for everybody and
every month of a demo in which a manager's file is missing, and for a quarter."""

import math
import shutil
import statistics
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest
from power_oracle import STOCKS, Found, Inbox, Month
from without_workbooks import without_workbooks

from pipeline.base.calendar import Month as ReportMonth
from pipeline.base.period import Period
from pipeline.commands.monthly import Asked, run_monthly
from pipeline.commands.period import run_period
from pipeline.contract.settings import load_settings
from pipeline.demo.make import make_demo

MONTHS = ("2024-04", "2024-05", "2024-06")
QUARTER = "2024-Q2"
NOT_SENT = ("2024-05", "M002")
SCALES = {"price_per_kwh": 1, "department_rating": 1, "complaint_rate": 1000, "needs_per_1000_users": 1000}
RATES = {
    *SCALES, "on_time_rate", "repeat_rate", "follow_up_rate", "satisfied_rate", "needs_per_100",
}  # fmt: skip
pytestmark = pytest.mark.slow
MadeOnce = Callable[[str, Callable[[Path], object]], Path]  # see conftest
Told = dict[tuple[str, str, str, str], dict[str, float]]


@pytest.fixture(scope="module")
def sent(made_once: MadeOnce) -> tuple[Path, Inbox]:
    """The home, and what its inbox said: files are put away when they have been taken in. Not to be changed."""
    made = made_once("power_recounted", _reported)
    return made / "home", Inbox(made / "sent")


def _reported(made: Path) -> None:
    folder = made / "home"
    make_demo(
        folder, managers=4, customers=12, months=len(MONTHS), end=ReportMonth(2024, 6), seed=17, profile="power",
        faults=False,
    )  # fmt: skip
    for path in sorted((folder / "inbox").glob("月报_*.xlsx")):
        _, month, manager, _ = path.stem.split("_")
        if (month, manager) == NOT_SENT:
            path.unlink()
    shutil.copytree(folder / "inbox", made / "sent")
    settings = load_settings(folder)
    with without_workbooks():
        run_monthly(folder, settings, Asked(workers=1))
        run_period(folder, settings, Period.parse(QUARTER), workers=1)


@pytest.fixture(scope="module")
def counted(sent: tuple[Path, Inbox]) -> Told:
    frames = [
        pd.read_csv(sent[0] / "output" / when / "data" / "metrics.csv", encoding="utf-8-sig").assign(when=when)
        for when in (*MONTHS, QUARTER)
    ]
    rows = pd.concat(frames, ignore_index=True).to_dict("records")
    return {(one["when"], one["level"], one["entity_id"], one["figure"]): one for one in rows}


def entities(month: Month) -> list[tuple[str, str, list[str]]]:
    """Every entity with its managers."""
    everybody = sorted(month.managers)
    bureaus = sorted(set(month.managers.values()))
    return [
        ("organisation", "ALL", everybody),
        *(("region", one, [who for who in everybody if month.managers[who] == one]) for one in bureaus),
        *(("manager", one, [one]) for one in everybody),
    ]


def wanted_of(figure: str, parts: list[list[float]]) -> float | None:
    """A figure's value from what stands above and below the line of its parts; None where nothing is known."""
    above, below = (sum(part[place] for part in parts) for place in (0, 1))
    if not parts or (figure in RATES and below <= 0):
        return None
    return SCALES.get(figure, 100) * above / below if figure in RATES else above


def differences(when: str, months: list[Month], tables: list[Found], counted: Told) -> list[object]:
    """Whatever of the plain sums and rates of a month or a period is not as recounted."""
    wrong: list[object] = []
    for level, entity, managers in entities(months[-1]):
        for figure in tables[-1]:
            of = tables[-1:] if figure in STOCKS else tables
            parts = [one[figure][who] for one in of for who in managers if who in one[figure]]
            value = counted.get((when, level, entity, figure), {}).get("value", math.nan)
            wanted = wanted_of(figure, parts)
            if wanted is None:
                if not math.isnan(value):
                    wrong.append((level, entity, figure, None, value))
            elif math.isnan(value) or not math.isclose(value, wanted, rel_tol=2e-5, abs_tol=1e-3):
                wrong.append((level, entity, figure, wanted, value))
    return wrong


def different_medians(when: str, months: list[Month], tables: list[Found], counted: Told) -> list[object]:
    """Whatever of the medians is not as recounted."""
    wrong: list[object] = []
    for level, entity, managers in entities(months[-1]):
        for figure in sorted({key for one in tables for key in one}):
            single = [day for one in tables for who in managers for day in one[figure].get(who, [])]
            value = counted.get((when, level, entity, figure), {}).get("value", math.nan)
            if (math.isnan(value) if single else not math.isnan(value)) or (
                single and not math.isclose(value, statistics.median(single), rel_tol=1e-6)
            ):
                wrong.append((level, entity, figure, single, value))
    return wrong


@pytest.mark.parametrize("when", [*MONTHS, QUARTER])
def test_every_figure_is_that_of_the_rows_in_the_inbox(sent, counted: Told, when: str) -> None:
    """Of a quarter flows and rates by what stands above and below, what is open by the last month, medians over all
    single days."""
    months = [Month(sent[1], one) for one in (MONTHS if when == QUARTER else (when,))]
    both = [month.counted() for month in months]
    sums, values = [one for one, _ in both], [one for _, one in both]
    assert len(sums[-1]) >= 40 and len(values[-1]) >= 6
    assert differences(when, months, sums, counted) == []
    assert different_medians(when, months, values, counted) == []


def test_no_figure_of_energy_orders_and_needs_is_left_out(sent, counted: Told) -> None:
    """The other subjects are recounted in the cable operator's tests."""
    both = [Month(sent[1], month).counted() for month in MONTHS]
    recounted = set().union(*(set(one) | set(other) for one, other in both))
    starts = ("energy", "revenue", "price", "orders", "complaint", "on_time", "overdue_orders", "days_to_close",
              "escalated", "repeat", "follow_up_rate", "satisfied", "department", "need")  # fmt: skip
    assert {key for *_, key in counted if key.startswith(starts)} - recounted == set()


def test_who_is_missing_is_told(counted: Told) -> None:
    assert counted["2024-05", "organisation", "ALL", "energy"]["missing"] == 1
    assert math.isnan(counted["2024-05", "manager", "M002", "orders"]["value"])
