"""Forecasts of statsforecast's automatic models for the sampled cells; runs in the benchmark's own environment.

One row of the answer is a cell × model: forecast, intervals, CPU seconds. Rows are appended as they
are made, and cells already in the file are not done again, so a stopped run goes on where it was.
"""

from __future__ import annotations

import argparse
import csv
import os
import time
import warnings
from pathlib import Path

import numpy as np
from cells import SEASON, cut, read_long, sampled_cells
from statsforecast.models import AutoCES, AutoETS, AutoTheta

COLUMNS = (
    "series_id", "origin", "length", "model", "forecast", "low80", "high80", "low95", "high95", "cpu_seconds",
)  # fmt: skip
MODELS = {
    "AutoETS": lambda: AutoETS(season_length=SEASON),
    "AutoTheta": lambda: AutoTheta(season_length=SEASON),
    "AutoCES": lambda: AutoCES(season_length=SEASON),
}


def one_forecast(model_name: str, values: np.ndarray) -> list[float]:
    """Forecast, intervals and CPU seconds of one model; NaN where the model gives up on the series."""
    start = time.process_time()
    try:
        answer = MODELS[model_name]().forecast(y=values, h=1, level=[80, 95])
    except (ArithmeticError, IndexError, RuntimeError, ValueError):  # such a cell is left out for all
        return [float("nan")] * 5 + [time.process_time() - start]
    keys = ("mean", "lo-80", "hi-80", "lo-95", "hi-95")
    return [float(np.asarray(answer[key])[0]) for key in keys] + [time.process_time() - start]


def main() -> None:
    """Fill the answer file of one set."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("csv", type=Path)
    parser.add_argument("answers", type=Path)
    parser.add_argument("--series", type=int, required=True)
    parser.add_argument("--every", type=int, required=True)
    parser.add_argument("--seed", type=int, required=True)
    parser.add_argument("--lengths", required=True)
    options = parser.parse_args()
    warnings.simplefilter("ignore")
    os.nice(10)
    series = read_long(options.csv)
    lengths = tuple(int(text) for text in options.lengths.split(","))
    done = done_cells(options.answers)
    with options.answers.open("a", newline="", encoding="utf-8") as stream:
        writer = csv.writer(stream)
        if not done:
            writer.writerow(COLUMNS)
        for cell in sampled_cells(series, options.series, options.seed, options.csv.stem, lengths, options.every):
            history = cut(series[cell.series_id], cell.origin, cell.length)
            if history is None or (cell.series_id, str(cell.origin), str(cell.length)) in done:
                continue
            values = history.to_numpy(dtype=float)
            writer.writerows(
                (cell.series_id, cell.origin, cell.length, name, *one_forecast(name, values)) for name in MODELS
            )
            stream.flush()


def done_cells(answers: Path) -> set[tuple[str, str, str]]:
    """Cells (series, origin, length) that an earlier run answered."""
    if not answers.exists():
        return set()
    with answers.open(newline="", encoding="utf-8") as stream:
        return {(row["series_id"], row["origin"], row["length"]) for row in csv.DictReader(stream)}


if __name__ == "__main__":
    main()
