"""What must hold of any trade's figures: the order of rows and what anybody is called matter not, and parts add up."""

import random
import re
from collections.abc import Collection, Sequence
from pathlib import Path

import pandas as pd
import pytest
from case_home import Tables, make_home
from without_workbooks import without_workbooks

from pipeline.base.calendar import Month
from pipeline.commands.monthly import Asked, run_monthly

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
LEVELS = ("manager", "region", "organisation")


def reported(home: Path, settings: str, tables: Tables, first: Month, *, books: Collection[str] = ()) -> None:
    """A home of these tables with all its months reported; workbooks and letters are written of some."""
    made = make_home(home, settings.format(language="zh"), tables, first)
    with without_workbooks(but=books):
        run_monthly(home, made, Asked(workers=1))


def metrics_of(home: Path, months: Sequence[str]) -> pd.DataFrame:
    """Every row of some months by month, level, entity and figure."""
    frames = [pd.read_csv(home / "output" / one / "data" / "metrics.csv", encoding="utf-8-sig") for one in months]
    return pd.concat(frames, ignore_index=True).set_index(["month", "level", "entity_id", "figure"]).sort_index()


def renamed(code: object, pattern: re.Pattern[str]) -> object:
    """H1 becomes Zh98 and so on: whoever had the first code has the last."""
    if not isinstance(code, str):
        return code
    return pattern.sub(lambda found: f"Z{found[1].lower()}{99 - int(found[2] or ord(found[1]) - 64):02d}", code)


def otherwise(tables: Tables, codes: Collection[str], pattern: re.Pattern[str]) -> dict[str, pd.DataFrame]:
    """The same rows in another order, with other codes in these columns."""
    draw = random.Random(5)
    changed = {}
    for form, rows in tables.items():
        order = draw.sample(range(len(rows)), len(rows))
        others = {one: rows[one].map(lambda code: renamed(code, pattern)) for one in rows.columns if one in codes}
        changed[form] = rows.assign(**others).iloc[order]
    return changed


def until(month: str, tables: Tables) -> dict[str, pd.DataFrame]:
    """The rows that had come by the end of a month."""
    return {form: rows[rows["month"] <= month] if "month" in rows else rows for form, rows in tables.items()}


def assert_same_but_for_codes(got: pd.DataFrame, plain: pd.DataFrame, pattern: re.Pattern[str]) -> None:
    """Whether each entity has under its new code all that it had under its own in these months."""
    told = plain.reset_index()
    told = told[told["month"].isin(set(got.index.get_level_values("month")))]
    told["entity_id"] = told["entity_id"].map(lambda one: one if one == "ALL" else renamed(one, pattern))
    expected = told.set_index(plain.index.names).sort_index()
    pd.testing.assert_frame_equal(got[[*NUMBERS, "rank"]], expected[[*NUMBERS, "rank"]], check_dtype=False)


def assert_adds_up(plain: pd.DataFrame, figure: str, months: Sequence[str]) -> None:
    """Whether managers add up to regions and regions to the whole, which is not nought."""
    for month in months:
        by_level = [plain.loc[(month, level)].xs(figure, level="figure")["value"].sum() for level in LEVELS]
        assert by_level == pytest.approx([by_level[2]] * 3)
    assert plain.xs(figure, level="figure")["value"].abs().sum() > 0
