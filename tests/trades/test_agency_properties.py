"""What must not matter to an agency's figures does not: the order of rows, and what anybody is called. And parts add
up: what is counted of managers and teams is the whole's, and stages and states are the whole's too."""

import random
import re
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest
from agency_small import SETTINGS, small_tables
from case_home import Tables, make_home

from pipeline.base.calendar import Month
from pipeline.commands.monthly import Asked, run_monthly

pytestmark = pytest.mark.slow
MadeOnce = Callable[[str, Callable[[Path], object]], Path]  # see conftest
MONTHS = ("2024-02", "2024-03", "2024-05")
CODE = re.compile(r"^([A-Z])(\d?)$")
NUMBERS = [
    "value",
    "numerator",
    "denominator",
    "previous",
    "change",
    "ytd",
    "target",
    "completion",
    "n",
    "missing",
]
SUMS = (
    "drafts_written",
    "drafts_open",
    "deals_open",
    "pipeline",
    "contract_amount",
    "receipts",
    "outstanding",
    "past_due",
)
CODES = ("manager_id", "region_id", "customer_id", "draft_no", "deal_no", "contract_no")


def reported(home: Path, tables: Tables) -> None:
    run_monthly(home, make_home(home, SETTINGS.format(language="zh"), tables, Month(2024, 1)), Asked(workers=1))


def metrics(home: Path) -> pd.DataFrame:
    """Every row of the months by month, level, entity and figure."""
    frames = [pd.read_csv(home / "output" / one / "data" / "metrics.csv", encoding="utf-8-sig") for one in MONTHS]
    keys = ["month", "level", "entity_id", "figure"]
    return pd.concat(frames, ignore_index=True).set_index(keys).sort_index()


def renamed(code: object) -> object:
    """P1 becomes Zp98 and so on: whoever had the first code has the last."""
    if not isinstance(code, str):
        return code
    return CODE.sub(lambda found: f"Z{found[1].lower()}{99 - int(found[2] or ord(found[1]) - 64):02d}", code)


def otherwise() -> dict[str, pd.DataFrame]:
    """The same rows in another order, with other codes and numbers."""
    draw = random.Random(5)
    tables = {}
    for form, rows in small_tables().items():
        order = draw.sample(range(len(rows)), len(rows))
        tables[form] = rows.assign(**{one: rows[one].map(renamed) for one in CODES if one in rows}).iloc[order]
    return tables


@pytest.fixture(scope="module")
def plain(made_once: MadeOnce) -> pd.DataFrame:
    return metrics(made_once("agency_plain", lambda folder: reported(folder / "home", small_tables())) / "home")


def test_the_order_of_rows_and_all_codes_change_no_figure(plain: pd.DataFrame, made_once: MadeOnce) -> None:
    got = metrics(made_once("agency_otherwise", lambda folder: reported(folder / "home", otherwise())) / "home")
    told = plain.reset_index()
    told["entity_id"] = told["entity_id"].map(lambda one: one if one == "ALL" else renamed(one))
    expected = told.set_index(plain.index.names).sort_index()
    pd.testing.assert_frame_equal(got[[*NUMBERS, "rank"]], expected[[*NUMBERS, "rank"]], check_dtype=False)


@pytest.mark.parametrize("figure", SUMS)
def test_managers_add_up_to_teams_and_teams_to_the_whole(plain: pd.DataFrame, figure: str) -> None:
    for month in MONTHS:
        by_level = [
            plain.loc[(month, level)].xs(figure, level="figure")["value"].sum()
            for level in ("manager", "region", "organisation")
        ]
        assert by_level == pytest.approx([by_level[2]] * 3)
    assert plain.xs(figure, level="figure")["value"].abs().sum() > 0


@pytest.mark.parametrize(("whole", "parts"), [("pipeline", "pipeline_at.")])
def test_stages_add_up_to_the_pipeline(plain: pd.DataFrame, whole: str, parts: str) -> None:
    values = plain["value"].reset_index()
    of_parts = (
        values[values["figure"].str.startswith(parts)].groupby(["month", "level", "entity_id"])["value"].sum()
    )
    wholes = values[values["figure"] == whole].set_index(["month", "level", "entity_id"])["value"]
    pd.testing.assert_series_equal(of_parts.sort_index(), wholes.sort_index(), check_names=False)
