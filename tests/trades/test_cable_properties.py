"""What must not matter does not: the order of rows and files, and what managers, areas and customers are called. And
parts add up: what is counted of areas and managers is the whole's."""

import random
import re
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest
from cable_small import SETTINGS, small_tables
from case_home import Tables, make_home

from pipeline.base.calendar import Month
from pipeline.commands.monthly import Asked, run_monthly

pytestmark = pytest.mark.slow  # two runs of four months
MadeOnce = Callable[[str, Callable[[Path], object]], Path]  # see conftest
MONTHS = ("2024-01", "2024-02", "2024-03")
CODE = re.compile(r"(?<![A-Za-z0-9])([HKAB])(\d?)(?![A-Za-z0-9])")
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
SUMS = ("households", "active", "fee_due", "new_households", "lost_households", "net_change", "group_customers")


def reported(home: Path, tables: Tables) -> None:
    run_monthly(home, make_home(home, SETTINGS.format(language="zh"), tables, Month(2023, 12)), Asked())


def metrics(home: Path) -> pd.DataFrame:
    """Every row of three months by month, level, entity and figure."""
    frames = [
        pd.read_csv(home / "output" / month / "data" / "metrics.csv", encoding="utf-8-sig") for month in MONTHS
    ]
    keys = ["month", "level", "entity_id", "figure"]
    return pd.concat(frames, ignore_index=True).set_index(keys).sort_index()


def renamed(code: object) -> object:
    """H1 becomes Zh98 and so on: whoever had the first code has the last."""
    if not isinstance(code, str):
        return code
    return CODE.sub(lambda found: f"Z{found[1].lower()}{99 - int(found[2] or ord(found[1]) - 64):02d}", code)


def otherwise() -> dict[str, pd.DataFrame]:
    """The same rows in another order, with other codes."""
    draw = random.Random(5)
    tables = {}
    for form, rows in small_tables().items():
        codes = [one for one in rows.columns if one in ("manager_id", "region_id", "customer_id")]
        order = draw.sample(range(len(rows)), len(rows))
        tables[form] = rows.assign(**{one: rows[one].map(renamed) for one in codes}).iloc[order]
    return tables


@pytest.fixture(scope="module")
def plain(made_once: MadeOnce) -> pd.DataFrame:
    return metrics(made_once("cable_plain", lambda folder: reported(folder / "home", small_tables())) / "home")


def test_the_order_of_rows_and_the_codes_change_no_figure(plain: pd.DataFrame, made_once: MadeOnce) -> None:
    got = metrics(made_once("cable_otherwise", lambda folder: reported(folder / "home", otherwise())) / "home")
    told = plain.reset_index()
    told["entity_id"] = told["entity_id"].map(renamed)
    expected = told.set_index(plain.index.names).sort_index()
    pd.testing.assert_frame_equal(got[[*NUMBERS, "rank"]], expected[[*NUMBERS, "rank"]], check_dtype=False)


@pytest.mark.parametrize("figure", SUMS)
def test_managers_add_up_to_areas_and_areas_to_the_whole(plain: pd.DataFrame, figure: str) -> None:
    for month in MONTHS:
        by_level = [
            plain.loc[(month, level)].xs(figure, level="figure")["value"].sum()
            for level in ("manager", "region", "organisation")
        ]
        assert by_level == pytest.approx([by_level[2]] * 3)
    assert plain.xs(figure, level="figure")["value"].abs().sum() > 0
