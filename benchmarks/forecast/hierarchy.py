"""Accuracy and coverage by level of a hierarchy, after reconciliation.

    python benchmarks/forecast/hierarchy.py SET.csv

The ids of the set are paths (state|region|purpose): leaves add up to regions, regions to states, states
to the whole; and purposes of a state, as a second split, add up to the state. Twelve origins.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

import numpy as np
import pandas as pd

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parents[1])]

from cells import ORIGINS  # noqa: E402
from tables import markdown  # noqa: E402

from pipeline.forecast import actuals_of_tree, forecast_next, forecast_tree  # noqa: E402

TOP = "all"
LENGTHS = (13, 24, 36, 48, 96)


def tree_of_paths(rows: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The leaves' history (purposes of a state added) and the tree of the paths; one row per node."""
    parts = rows["series_id"].str.split("|", expand=True)
    purposes = rows.groupby([parts[0] + "||" + parts[2], "month"])["value"].sum()
    history = pd.concat([rows, purposes.rename_axis(["series_id", "month"]).reset_index()])
    nodes = {(TOP, None, None)}
    for state, region, purpose in parts.drop_duplicates().itertuples(index=False):
        nodes |= {(state, TOP, "state"), (f"{state}|{region}", state, "region")}
        nodes |= {(f"{state}|{region}|{purpose}", f"{state}|{region}", "leaf")}
        nodes |= {(f"{state}||{purpose}", state, "purpose")}
    return history, pd.DataFrame(sorted(nodes, key=str), columns=["node_id", "parent_id", "split"])


def judged(history: pd.DataFrame, tree: pd.DataFrame, length: int) -> pd.DataFrame:
    """One row per node and origin: forecast alone and reconciled, interval, actual."""
    actual = actuals_of_tree(history, tree)
    months = np.sort(history["month"].unique())
    parts = []
    for origin in range(ORIGINS):
        end = len(months) - 1 - origin
        window = history[history["month"].isin(months[end - length : end])]
        told = forecast_tree(window, tree)
        alone = forecast_next(actuals_of_tree(window, tree)).set_index("series_id")["forecast"]
        came = actual[actual["month"] == months[end]].set_index("series_id")["value"]
        parts.append(told.assign(alone=told["series_id"].map(alone), actual=told["series_id"].map(came)))
    return pd.concat(parts)


def by_level(told: pd.DataFrame, tree: pd.DataFrame, length: int) -> pd.DataFrame:
    """One row per level: WAPE alone and reconciled in %, coverage in %."""
    level = told["series_id"].map(tree.set_index("node_id")["split"]).fillna("top")
    rows = told.assign(
        alone_away=(told["alone"] - told["actual"]).abs(),
        away=(told["forecast"] - told["actual"]).abs(),
        inside80=told["actual"].between(told["low80"], told["high80"]),
        inside95=told["actual"].between(told["low95"], told["high95"]),
    )
    sums = rows.groupby(level)[["alone_away", "away", "actual"]].sum()
    shares = rows.groupby(level)[["inside80", "inside95"]].mean() * 100
    frame = pd.DataFrame(
        {
            "months": length,
            "forecasts": rows.groupby(level).size(),
            "WAPE alone": 100 * sums["alone_away"] / sums["actual"],
            "WAPE coherent": 100 * sums["away"] / sums["actual"],
        }
    ).join(shares)
    return frame.rename_axis("level").reset_index()


def main() -> None:
    """Print a Markdown table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("csv", type=Path)
    rows = pd.read_csv(parser.parse_args().csv, parse_dates=["ds"])
    rows = rows.rename(columns={"unique_id": "series_id", "ds": "month", "y": "value"})
    history, tree = tree_of_paths(rows)
    tables = [by_level(judged(history, tree, length), tree, length) for length in LENGTHS]
    print(markdown(pd.concat(tables).astype({"months": object, "forecasts": object}), digits=1))


if __name__ == "__main__":
    main()
