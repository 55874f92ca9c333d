"""Every figure of an agency's quarter and half-year recounted from the inbox in plain Python: what happened and rates
by what stands above and below the line of each month, what is open or owed by the last month, means and medians over
the single drafts of all months.

The demo is that of `test_agency_recount`: M002 sends nothing in May; of the half-year January and February are not
there at all.
"""

import math
import shutil
from pathlib import Path

import pandas as pd
import pytest
from agency_oracle import Inbox, Month
from test_agency_recount import OF_VALUES, RATES, entities, sent
from without_workbooks import without_workbooks

from pipeline.base.period import Period
from pipeline.commands.period import run_period
from pipeline.contract.settings import load_settings

__all__ = ["sent"]
pytestmark = pytest.mark.slow
STATES = (
    "drafts_open", "drafts_at", "deals_open", "small_in_talks", "prospects_in_talks", "pipeline", "weighted_pipeline",
    "outstanding", "past_due", "receipt_rate",
)  # fmt: skip
Told = tuple[Period, pd.DataFrame]


def is_state(figure: str) -> bool:
    """Whether a period shows its last month's: how things stand, and what counts from January on."""
    return figure.partition(".")[0].removesuffix("_at") in {one.removesuffix("_at") for one in STATES}


@pytest.fixture(scope="module")
def home(sent: tuple[Path, Inbox], tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("periods") / "home"
    return Path(shutil.copytree(sent[0], folder, copy_function=shutil.copy2))


@pytest.fixture(scope="module", params=["2024-Q2", "2024-H1"])
def told(request: pytest.FixtureRequest, home: Path) -> Told:
    period = Period.parse(request.param)
    with without_workbooks(but=["2024-Q2"]):
        run_period(home, load_settings(home), period, workers=1)
    rows = pd.read_csv(home / "output" / request.param / "data" / "metrics.csv", encoding="utf-8-sig")
    return period, rows.set_index(["level", "entity_id", "figure"])


def months_of(inbox: Inbox, period: Period) -> list[Month]:
    """The months of a period of which anything was sent, each counted by itself."""
    return [Month(inbox, str(one)) for one in period if str(one) in inbox.months]


def value(rows: pd.DataFrame, *key: str) -> float:
    return float(rows["value"].get(key, math.nan))


def test_a_quarter_of_a_demo_without_slips_has_its_workbooks(home: Path, told: Told) -> None:
    period, _ = told
    assert (home / "output" / str(period) / "headquarters.xlsx").is_file() == (str(period) == "2024-Q2")


def test_every_sum_and_rate_of_a_period_is_that_of_the_rows_in_the_inbox(
    sent: tuple[Path, Inbox], told: Told
) -> None:
    period, rows = told
    months = months_of(sent[1], period)
    counted = [month.counted()[0] for month in months]
    figures = sorted(set().union(*counted))
    assert len(figures) >= 28
    wrong = []
    for level, entity, managers in entities(months[-1]):
        for figure in figures:
            chosen = counted[-1:] if is_state(figure) else counted
            parts = [one[figure][who] for one in chosen for who in managers if who in one.get(figure, {})]
            above, below = (sum(part[place] for part in parts) for place in (0, 1))
            found = value(rows, level, entity, figure)
            if not parts or (figure in RATES and below == 0):
                if not math.isnan(found):
                    wrong.append((level, entity, figure, None, found))
                continue
            scale = 1 if figure == "contract_size" else 100
            wanted = above if figure not in RATES else scale * above / below
            if math.isnan(found) or not math.isclose(found, wanted, rel_tol=2e-5, abs_tol=1e-3):
                wrong.append((level, entity, figure, wanted, found))
    assert wrong == []


@pytest.mark.parametrize("figure", OF_VALUES)
def test_means_and_medians_of_a_period_are_over_the_single_drafts_of_all_its_months(
    sent: tuple[Path, Inbox], told: Told, figure: str
) -> None:
    period, rows = told
    months = months_of(sent[1], period)
    values = [month.counted()[1] for month in months]
    for level, entity, managers in entities(months[-1]):
        single = [one for each in values for who in managers for one in each[figure].get(who, [])]
        found = value(rows, level, entity, figure)
        assert math.isnan(found) if not single else found == pytest.approx(OF_VALUES[figure](single))


def test_the_month_that_is_missing_is_no_month_without_business(sent: tuple[Path, Inbox], told: Told) -> None:
    """M002 sent nothing in May: what is added up of it is that of its other months, and the period says so."""
    period, rows = told
    row = rows.loc[("manager", "M002", "contract_amount")]
    known = [one for one in months_of(sent[1], period) if one.month != "2024-05"]
    assert row["value"] == pytest.approx(sum(one.counted()[0]["contract_amount"]["M002"][0] for one in known))
    assert rows.loc[("organisation", "ALL", "contract_amount"), "missing"] >= 1
