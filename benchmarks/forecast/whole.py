"""How often the interval of one whole holds, over more origins and sets than one organisation has.

    python benchmarks/forecast/whole.py SET.csv …

All series of a set that end in its last month add up to one whole (of paths, state|region|purpose, also by state).
Twenty-four origins: the twelve that the benchmark judges and the twelve before. Forecasts of one month from several
lengths are hardly more than one, so the binomial error counts months, not forecasts.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

import numpy as np
import pandas as pd

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parents[1])]

from tables import markdown  # noqa: E402

from pipeline.forecast import actuals_of_tree, forecast_tree  # noqa: E402

LENGTHS, ORIGINS, LATER = (24, 36, 48), 24, 12
TOP = "all"


def history_and_tree(csv: Path) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Series that end in the last month, and their tree; one row per series and month, one per node."""
    rows = pd.read_csv(csv, parse_dates=["ds"], dtype={"unique_id": str})
    rows = rows.set_axis(["series_id", "month", "value"], axis=1)
    last = rows.groupby("series_id")["month"].transform("max")
    rows = rows[last == rows["month"].max()]
    names = pd.Series(sorted(rows["series_id"].unique()), dtype=object)
    part = (
        names.str.split("|").str[0] if names.str.contains("|", regex=False).all() else pd.Series(TOP, names.index)
    )
    nodes = [(TOP, None, None)]
    nodes += [(state, TOP, "part") for state in sorted(set(part) - {TOP})]
    nodes += list(zip(names, part, ["leaf"] * len(names), strict=True))
    return rows, pd.DataFrame(nodes, columns=["node_id", "parent_id", "split"]).astype(object)


def judged(csv: Path) -> pd.DataFrame:
    """One row per length and origin: whether the whole's intervals held what came."""
    history, tree = history_and_tree(csv)
    actual = actuals_of_tree(history, tree)
    whole = actual[actual["series_id"] == TOP].set_index("month")["value"]
    months = np.sort(history["month"].unique())
    found = []
    for length in LENGTHS:
        for origin in range(ORIGINS):
            end = len(months) - 1 - origin
            if end < length:
                continue
            window = history[(history["month"] >= months[end - length]) & (history["month"] < months[end])]
            told = forecast_tree(window, tree).set_index("series_id").loc[TOP]
            came = whole[months[end]]
            held = [told[f"low{level}"] <= came <= told[f"high{level}"] for level in (80, 95)]
            found.append((csv.stem, length, origin, *held))
    return pd.DataFrame(found, columns=["set", "length", "origin", "inside80", "inside95"])


def summed(rows: pd.DataFrame) -> pd.DataFrame:
    """One row per set, and one of all: coverage in % of the later, the earlier and all origins, and its error."""
    found = []
    for name, part in [*rows.groupby("set"), ("all sets", rows)]:
        later = part[part["origin"] < LATER]
        months = len(part[["set", "origin"]].drop_duplicates())
        for level in (80, 95):
            column = f"inside{level}"
            error = 100 * float(np.sqrt(level / 100 * (1 - level / 100) / months))
            earlier = part.loc[part["origin"] >= LATER, column].mean()
            found.append(
                (name, str(level), str(len(part)), str(months), 100 * later[column].mean(), 100 * earlier,
                 100 * part[column].mean(), error)
            )  # fmt: skip
    columns = ["set", "level", "forecasts", "months", "last 12", "12 before", "all", "error"]
    return pd.DataFrame(found, columns=columns)


def main() -> None:
    """Print a Markdown table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("csv", type=Path, nargs="+")
    rows = pd.concat([judged(csv) for csv in parser.parse_args().csv])
    print(markdown(summed(rows), digits=1))


if __name__ == "__main__":
    main()
