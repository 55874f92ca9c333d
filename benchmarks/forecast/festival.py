"""What the Spring Festival brings on Chinese series: sMAPE of January to March and of the other months.

    python benchmarks/forecast/festival.py SET.csv

The last sixty months of each series are the targets, one month ahead; with the festival forced, left
out, and used where it would have helped.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

import pandas as pd

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parents[1])]

from cells import read_long  # noqa: E402
from run import known_and_actual  # noqa: E402
from tables import markdown  # noqa: E402

from pipeline.forecast import forecast_next  # noqa: E402

LENGTHS, ORIGINS = (24, 36, 48), 60
WAYS = {"without": False, "with": True, "measured": None}


def judged(series: dict[str, pd.Series], length: int, wanted: bool | None) -> pd.DataFrame:
    """One row per series and origin: whether it is January to March, and sMAPE."""
    parts = []
    for origin in range(ORIGINS):
        history, targets = known_and_actual(series, length, origin)
        told = forecast_next(history, spring_festival=wanted).merge(targets, on="series_id")
        away = 200 * (told["forecast"] - told["actual"]).abs() / (told["forecast"] + told["actual"])
        parts.append(pd.DataFrame({"spring": told["month"].dt.month <= 3, "smape": away}))
    return pd.concat(parts)


def main() -> None:
    """Print a Markdown table: one row per length and way."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("csv", type=Path)
    series = read_long(parser.parse_args().csv)
    rows = []
    for length in LENGTHS:
        for way, wanted in WAYS.items():
            smape = judged(series, length, wanted).groupby("spring")["smape"].mean()
            rows.append((str(length), way, float(smape[True]), float(smape[False])))
    print(markdown(pd.DataFrame(rows, columns=["months", "festival", "January–March", "other months"]), digits=2))


if __name__ == "__main__":
    main()
