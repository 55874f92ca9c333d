"""What is forecast in the benchmark: which series, from which origins, from how much history.

A *cell* is one series × origin × history length. Known to both environments (the product's and that
of statsforecast), so it uses nothing but numpy and what pandas 2 and 3 share.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

LENGTHS = (3, 6, 12, 13, 18, 24, 36, 48, 0)  # months of history; 0 = all there is
ORIGINS = 12  # the last twelve months of each series are targets in turn
SEASON = 12


@dataclass(frozen=True)
class Cell:
    """One thing to forecast: month `origin` before the end of a series, from its last `length` months."""

    series_id: str
    origin: int
    length: int


def read_long(path: Path) -> dict[str, pd.Series]:
    """Monthly values by series from a long CSV (unique_id, ds, y), each indexed by month and sorted."""
    frame = pd.read_csv(path, parse_dates=["ds"], dtype={"unique_id": str}).sort_values(["unique_id", "ds"])
    return {str(key): part.set_index("ds")["y"] for key, part in frame.groupby("unique_id")}


def sampled_series(series: dict[str, pd.Series], count: int, seed: int, set_name: str) -> list[str]:
    """At most `count` series with at least a year and one month before the first origin, seeded by set."""
    long_enough = sorted(key for key, values in series.items() if len(values) > SEASON + ORIGINS)
    if len(long_enough) <= count:
        return long_enough
    rng = np.random.default_rng([seed, zlib.crc32(set_name.encode())])
    return sorted(str(key) for key in rng.choice(long_enough, size=count, replace=False))


def origins_of(position: int, every: int) -> range:
    """Every so many of the last twelve origins, shifted by position so that all calendar months are met."""
    return range(position % every, ORIGINS, every)


def cut(values: pd.Series, origin: int, length: int) -> pd.Series | None:
    """The history known `origin` months before the last target, cut to `length`; None where too short."""
    known = values.iloc[: len(values) - 1 - origin]
    if len(known) <= SEASON or len(known) < length:
        return None
    return known.iloc[-length:] if length else known


def sampled_cells(
    series: dict[str, pd.Series], count: int, seed: int, set_name: str, lengths: tuple[int, ...], every: int
) -> Iterator[Cell]:
    """The cells on which all methods are compared, shortest histories first.

    All history, which takes the automatic models seconds a fit, is tried from one origin a series.
    """
    keys = sampled_series(series, count, seed, set_name)
    for length in lengths:
        for position, key in enumerate(keys):
            for origin in origins_of(position, every if length else ORIGINS):
                if cut(series[key], origin, length) is not None:
                    yield Cell(key, origin, length)
