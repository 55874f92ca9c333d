"""Every figure of the cable operator's quarter and half-year recounted from the inbox in plain Python: flows and rates
by what stands above and below, states by the last month, starts by the first, what is kept from first day to last.

The demo is that of `test_cable_recount`: M002 sends nothing in March, the last month of the quarter; of the half-year
May and June are not there at all.
"""

import math
import shutil
from pathlib import Path

import pandas as pd
import pytest
from cable_oracle import Inbox, Month, Ratio
from test_cable_recount import NO_SCALE, NOT_RECOUNTED, SCALED, entities, sent, together
from without_workbooks import without_workbooks

from pipeline.base.period import Period
from pipeline.commands.period import run_period
from pipeline.contract.settings import load_settings

__all__ = ["sent"]
pytestmark = pytest.mark.slow
STATES = {
    "group_customers", "households", "active", "active_rate", "penalty_stopped", "penalty_rate", "paused", "pause_rate",
    "paid_programmes", "paid_programme_rate", "expiring_customers", "conversion_rate", "prospects_open", "open_cases",
    "overdue_cases", "customers_end", *(f"bridge.{account}.end" for account in ("households", "active",
    "penalty_stopped", "paused")),
}  # fmt: skip
STARTS = {
    "customers_start",
    *(f"bridge.{one}.start" for one in ("households", "active", "penalty_stopped", "paused")),
}
KEPT = {"household_retention", "customer_retention"}


def same(one: float, other: float) -> bool:
    """Counts are held in ten-thousandths of their unit, for each manager and month."""
    return math.isclose(one, other, rel_tol=2e-5, abs_tol=1e-3)


@pytest.fixture(scope="module")
def home(sent: tuple[Path, Inbox], tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("periods") / "home"
    return Path(shutil.copytree(sent[0], folder, copy_function=shutil.copy2))


@pytest.fixture(scope="module", params=["2024-Q1", "2024-H1"])
def told(request: pytest.FixtureRequest, home: Path) -> tuple[Period, pd.DataFrame]:
    period = Period.parse(request.param)
    with without_workbooks():
        run_period(home, load_settings(home), period, workers=1)
    rows = pd.read_csv(home / "output" / request.param / "data" / "metrics.csv", encoding="utf-8-sig")
    return period, rows.set_index(["level", "entity_id", "figure"])


def recounted(inbox: Inbox, period: Period, managers: list[str], key: str) -> Ratio | None:
    """What stands above and below a figure of some managers over a period."""
    known = {str(one): Month(inbox, str(one)) for one in period if str(one) in inbox.forms}
    last = known.get(str(period.last))
    if key in KEPT:
        own = [last.kept_over(one, period.length) for one in managers if one in last.sent] if last else []
        return together([one.get(key) for one in own])
    if key in STATES or key in STARTS:
        month = last if key in STATES else known.get(str(period.first))
        return None if month is None else together([month.figures(one).get(key) for one in managers])
    each = [month.figures(one).get(key) for month in known.values() for one in managers]
    if any(one is not None for one in each) and key in next(iter(known.values())).counted_once(managers[0]):
        return len(set().union(*(month.counted_once(one)[key] for month in known.values() for one in managers))), 1
    return together(each)


def test_every_figure_of_a_period_is_that_of_the_rows_in_the_inbox(sent: tuple[Path, Inbox], told) -> None:
    inbox, (period, rows) = sent[1], told
    months = [Month(inbox, str(one)) for one in period if str(one) in inbox.forms]
    keys = sorted(
        {key for month in months for one in month.managers for key in month.figures(one)} - NOT_RECOUNTED
    )
    assert len(keys) > 100
    wrong = []
    for level, entity, managers in entities(months[-1]):
        for key in keys:
            wanted = recounted(inbox, period, managers, key)
            row = rows.loc[(level, entity, key)] if (level, entity, key) in rows.index else None
            found = None if row is None or pd.isna(row["value"]) else row
            if found is None or wanted is None:
                if found is not None or not (wanted is None or wanted[1] == 0):
                    wrong.append((level, entity, key, wanted, None if found is None else found["value"]))
            elif not same(found["numerator"], wanted[0]):
                wrong.append((level, entity, key, wanted, found["numerator"]))
            elif not pd.isna(found["denominator"]):
                scale = 1 if key in NO_SCALE or key.startswith("satisfaction") else SCALED
                if not same(found["denominator"], wanted[1]) or not same(
                    found["value"], scale * wanted[0] / wanted[1]
                ):
                    wrong.append((level, entity, key, wanted, found["denominator"], found["value"]))
    assert wrong == []


def test_no_older_state_stands_for_the_end_of_a_half_year_whose_last_month_is_unknown(told) -> None:
    period, rows = told
    figures = set(rows.index.get_level_values("figure"))
    assert bool((STATES | KEPT) & figures) == (str(period) == "2024-Q1")


def test_the_bridge_of_a_quarter_adds_up(told) -> None:
    period, rows = told
    if str(period) != "2024-Q1":
        return
    own = rows.xs("organisation", level="level").reset_index().set_index("figure")["value"]
    lines = own[own.index.str.startswith("bridge.active.")]
    moves = lines.drop(["bridge.active.end", "bridge.active.start"]).sum()
    silent = own["bridge.active.end"] - own["bridge.active.start"] - moves  # M002, of whom March is not known
    assert abs(silent) > 0
