"""Our forecasts beside seasonal naive, AutoETS, AutoTheta, AutoCES and the median of these four.

    python benchmarks/forecast/run.py --cache DIR --out benchmarks/forecast/RESULTS.md SET.csv …

One month ahead, the last twelve months of each series as targets, histories cut to the lengths of
`cells.LENGTHS`. Ours runs on all series; the others, which take tens of milliseconds a fit, on a seeded
sample of series and origins, kept in DIR (outside the checkout) and made only once. The comparison is
over the same cells for all.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import time
import venv
from pathlib import Path

import numpy as np
import pandas as pd

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parents[1])]

from by_hand import by_hand_table  # noqa: E402
from cells import LENGTHS, ORIGINS, SEASON, cut, origins_of, read_long, sampled_series  # noqa: E402
from measures import by_origin, scales, summary  # noqa: E402
from tables import by_hand_page, results_page  # noqa: E402

from pipeline.forecast import forecast_next  # noqa: E402

KEYS = ["series_id", "origin", "length"]
NUMBERS = ["forecast", "low80", "high80", "low95", "high95"]
OTHERS = ["AutoETS", "AutoTheta", "AutoCES"]
OTHERS_FROM = 13  # months of history from which the automatic models are run by default


def known_and_actual(series: dict[str, pd.Series], length: int, origin: int) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Long history of all series from one origin, and one row per series of what is to be foretold."""
    parts, targets = [], []
    for key, values in series.items():
        history = cut(values, origin, length)
        if history is None:
            continue
        parts.append((np.full(len(history), key, dtype=object), history.index.to_numpy(), history.to_numpy()))
        full = values.iloc[: len(values) - 1 - origin]
        naive = history.iloc[-SEASON] if len(history) >= SEASON else history.iloc[-1]
        targets.append((key, origin, length, values.iloc[len(full)], naive, *scales(full), history.max()))
    columns = [*KEYS, "actual", "naive", "scale_mase", "scale_rmsse", "greatest"]
    frame = pd.DataFrame(targets, columns=columns)
    if not parts:
        return pd.DataFrame(), frame
    names, months, values_of_all = (np.concatenate(part) for part in zip(*parts, strict=True))
    return pd.DataFrame({"series_id": names, "month": months, "value": values_of_all}), frame


def our_forecasts(series: dict[str, pd.Series], lengths: tuple[int, ...]) -> tuple[pd.DataFrame, float]:
    """One row per cell of all series: ours, the naive forecast, the actual; and our CPU seconds in all."""
    parts, seconds = [], 0.0
    for length in lengths:
        for origin in range(ORIGINS):
            history, targets = known_and_actual(series, length, origin)
            if targets.empty:
                continue
            start = time.process_time()
            told = forecast_next(history)
            seconds += time.process_time() - start
            parts.append(targets.merge(told[["series_id", *NUMBERS]], on="series_id"))
    return pd.concat(parts, ignore_index=True), seconds


def other_forecasts(csv: Path, options: argparse.Namespace) -> pd.DataFrame:
    """Forecasts of the automatic models for the sampled cells, made where they are not yet in the cache."""
    answers = options.cache / f"{csv.stem}.csv"
    if not options.only_cached:
        lengths = ",".join(str(length) for length in LENGTHS if length >= OTHERS_FROM or length == 0)
        command = [str(other_python(options.cache)), str(HERE / "competitors.py"), str(csv), str(answers)]
        sample = ["--series", str(options.series), "--every", str(options.every), "--seed", str(options.seed)]
        threads = os.environ | {"OMP_NUM_THREADS": "1"}
        subprocess.run([*command, *sample, "--lengths", lengths], check=True, env=threads)
    if not answers.exists():
        return pd.DataFrame(columns=[*KEYS, "model", *NUMBERS, "cpu_seconds"])
    told = pd.read_csv(answers, dtype={"series_id": str})
    return told[(told["length"] >= OTHERS_FROM) | (told["length"] == 0)]


def other_python(cache: Path) -> Path:
    """The interpreter of the benchmark's own environment, made in the cache folder when it is missing."""
    folder = cache / "environment"
    python = folder / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    if not python.exists():
        venv.create(folder, with_pip=True)
        subprocess.run(
            [str(python), "-m", "pip", "install", "-q", "-r", str(HERE / "requirements.txt")], check=True
        )
    return python


def compared(ours: pd.DataFrame, others: pd.DataFrame, sampled: pd.DataFrame) -> pd.DataFrame:
    """Rows cell × method for the sampled cells that every model answered (and those that none was asked)."""
    cells = ours.merge(sampled, on=["series_id", "origin"])
    wide = others.pivot_table(index=KEYS, columns="model", values="forecast").reindex(columns=OTHERS)
    asked = cells["length"].isin(others["length"].unique())
    answered = cells.merge(wide.dropna().reset_index(), on=KEYS)
    both = pd.concat([cells[~asked], answered], ignore_index=True)
    four = answered.assign(forecast=answered[[*OTHERS, "naive"]].median(axis=1))
    parts = [
        both.assign(method="ours"),
        without_interval(both.assign(method="naive", forecast=both["naive"])),
        without_interval(four.assign(method="median of four")),
    ]
    truth = answered[[*KEYS, "actual", "scale_mase", "scale_rmsse", "greatest"]]
    parts.append(others.rename(columns={"model": "method"}).merge(truth, on=KEYS))
    return pd.concat(parts, ignore_index=True)


def without_interval(told: pd.DataFrame) -> pd.DataFrame:
    """The same rows without interval: these methods are judged by their point forecast only."""
    return told.assign(**dict.fromkeys(NUMBERS[1:], float("nan")))


def sampled_origins(series: dict[str, pd.Series], options: argparse.Namespace, name: str) -> pd.DataFrame:
    """Series and origins of the comparison; one row each."""
    keys = sampled_series(series, options.series, options.seed, name)
    rows = [(key, origin) for place, key in enumerate(keys) for origin in origins_of(place, options.every)]
    return pd.DataFrame(rows, columns=["series_id", "origin"])


def main() -> None:
    """Run all sets given and write the page of results."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("csv", type=Path, nargs="+", help="long CSV: unique_id, ds, y")
    parser.add_argument("--cache", type=Path, required=True, help="folder for the other models' answers")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--series", type=int, default=80, help="sampled series of a set")
    parser.add_argument("--every", type=int, default=3, help="every so many of the twelve origins")
    parser.add_argument("--seed", type=int, default=5)
    parser.add_argument("--only-cached", action="store_true", help="ask the other models nothing new")
    options = parser.parse_args()
    options.cache.mkdir(parents=True, exist_ok=True)
    sampled, everything, speed = [], [], []
    for csv in options.csv:
        series = read_long(csv)
        ours, seconds = our_forecasts(series, LENGTHS)
        others = other_forecasts(csv, options)
        told = compared(ours, others, sampled_origins(series, options, csv.stem))
        sampled.append(told.assign(set=csv.stem))
        everything.append(ours.assign(set=csv.stem, method="ours"))
        cpu = others.groupby("model")["cpu_seconds"].agg(["count", "sum"])
        speed.append(
            pd.DataFrame({"set": csv.stem, "rate": cpu["count"] / cpu["sum"]}).reset_index(names="method")
        )
        speed.append(pd.DataFrame({"set": [csv.stem], "rate": [len(ours) / seconds], "method": ["ours"]}))
        print(csv.stem, f"{len(ours)} of ours in {seconds:.1f} CPU s, {len(others)} of others", flush=True)
    ours = pd.concat(everything)
    page = results_page(
        summary(pd.concat(sampled)), summary(ours), by_origin(ours), pd.concat(speed), vars(options)
    )
    hands, objections = by_hand_table()
    page += "\n" + by_hand_page(hands, objections)
    options.out.write_text(page, encoding="utf-8")


if __name__ == "__main__":
    main()
