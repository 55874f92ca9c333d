"""Coverage month by month: what single origins hold, in groups of twelve, and after a shock that all shared.

    python benchmarks/forecast/single_origins.py SET.csv …

The last 36 months of each set are forecast, one by one, from 24, 36, 48 months and all history. The error of a month is
the mean over its series of (actual − forecast) ÷ half-width of the 80 % interval, no series counting more than 4. A
month comes *after a shock* where that of the month before it is among the greatest quarter.
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

from pipeline.forecast import forecast_next  # noqa: E402

ORIGINS, GROUP = 36, 12
LENGTHS = (24, 36, 48, 0)
FEWEST_SERIES = 20  # that speak of a month
FURTHEST = 4.0
LEAST80, LEAST95 = 0.75, 0.90  # below which an origin is counted as low
SHOCKS = 0.75  # quantile of the months' errors from which one is a shock


def by_origin(csv: Path) -> pd.DataFrame:
    """One row per length and origin (months before the last): share inside 80 and 95 %, and the mean error."""
    series, rows = read_long(csv), []
    for length in LENGTHS:
        for origin in range(ORIGINS):
            history, targets = known_and_actual(series, length, origin)
            if len(targets) < FEWEST_SERIES:
                continue
            told = targets[["series_id", "actual"]].merge(forecast_next(history), on="series_id")
            inside = (
                told["actual"].between(told[f"low{level}"], told[f"high{level}"]).mean() for level in (80, 95)
            )
            half = (told["high80"] - told["low80"]) / 2
            error = ((told["actual"] - told["forecast"]) / half.where(half > 0)).clip(-FURTHEST, FURTHEST)
            rows.append((csv.stem, length or "full", origin, len(told), *inside, error.mean()))
    return pd.DataFrame(rows, columns=["set", "months", "origin", "series", "inside80", "inside95", "error"])


def table(origins: pd.DataFrame) -> str:
    """One row per set and length: coverage of groups of twelve, of months after a shock, low and lowest origins."""
    lines = [
        "| set | months | groups of twelve | after a shock | below 75; 90 | lowest |",
        "|---|---|---|---|---|---|",
    ]
    for (name, months), part in origins.groupby(["set", "months"], sort=False):
        groups = [held(group) for _, group in part.groupby(part["origin"] // GROUP)]
        before = part["error"].abs().shift(-1)
        after = part[before >= before.quantile(SHOCKS)]
        low = f"{(part['inside80'] < LEAST80).sum()}; {(part['inside95'] < LEAST95).sum()} of {len(part)}"
        lowest = f"{100 * part['inside80'].min():.0f}; {100 * part['inside95'].min():.0f}"
        lines.append(f"| {name} | {months} | {', '.join(groups)} | {held(after)} | {low} | {lowest} |")
    return "\n".join(lines)


def held(part: pd.DataFrame) -> str:
    """Coverage in % at 80 and 95 of some origins, each series counting once."""
    shares = (
        100 * (part[name] * part["series"]).sum() / part["series"].sum() for name in ("inside80", "inside95")
    )
    return "; ".join(f"{share:.1f}" for share in shares)


def main() -> None:
    """All sets given."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("csv", type=Path, nargs="+", help="long CSV: unique_id, ds, y")
    print(table(pd.concat([by_origin(csv) for csv in parser.parse_args().csv], ignore_index=True)))


if __name__ == "__main__":
    main()
