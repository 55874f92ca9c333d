"""Which variant of the forecast serves an organisation: decided on its own last twelve months.

The variants are run again from each of these months, on a sample of the series, with what was known
then. The one with the smallest mean error wins, unless the usual one comes close. The winner's key is
what is stored and shown as the method (方法).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from pipeline.forecast.history import Floats, HistoryError, Ints, Panel, read_history
from pipeline.forecast.next_month import Variant, codes_of, foresee
from pipeline.forecast.structural import FEWEST

VARIANTS = {
    "structural+season_shared+spring_festival": Variant(True, False, True),
    "structural+season_shared": Variant(False, False, True),
    "structural+season_shared+spring_festival+working_days": Variant(True, True, True),
    "structural+spring_festival": Variant(True, False, False),
    "structural": Variant(False, False, False),
}
USUAL = next(iter(VARIANTS))
CLOSE = 0.005  # relative difference in error below which the usual variant stays
BACKTEST_MONTHS = 12
BACKTEST_SERIES = 200


@dataclass(frozen=True)
class Choice:
    """The chosen variant, and the mean relative error of each that it was chosen by.

    Attributes:
        key: one of `VARIANTS`.
        errors: key → mean of |actual − forecast| over the series' mean absolute value; empty where the
            history is too short to try.
        forecasts: number of forecasts behind each error.
    """

    key: str
    errors: dict[str, float]
    forecasts: int


def variant_of(key: str) -> Variant:
    """The variant of a stored key.

    Raises:
        HistoryError: no variant has that key.
    """
    if key not in VARIANTS:
        raise HistoryError(f"no way of forecasting is called {key}; known are {', '.join(VARIANTS)}")
    return VARIANTS[key]


def choose_variant(history: pd.DataFrame, parents: Mapping[str, str] | pd.Series | None = None) -> Choice:
    """Choose the variant that would have forecast the last twelve months best.

    Args:
        history, parents: as in `forecast_next`.
    """
    panel = read_history(history)
    group = codes_of(panel, parents)
    rows = _sampled(panel, group)
    sample, sample_group = panel.rows(rows), group[rows]
    by_key = {key: _errors(sample, sample_group, variant) for key, variant in VARIANTS.items()}
    told = len(by_key[USUAL])
    if not told:
        return Choice(USUAL, {}, 0)
    errors = {key: float(errors.mean()) for key, errors in by_key.items()}
    best = min(errors, key=errors.__getitem__)
    close = errors[USUAL] <= errors[best] * (1 + CLOSE)
    return Choice(USUAL if close else best, errors, told)


def _sampled(panel: Panel, group: Ints) -> Ints:
    """Evenly spaced series, whole groups together: a shared season needs the group to be seen."""
    candidates = np.flatnonzero(panel.known > FEWEST)
    ordered = candidates[np.argsort(group[candidates], kind="stable")]
    if len(ordered) <= BACKTEST_SERIES:
        return ordered
    run = 20
    starts = np.linspace(0, len(ordered) - run, BACKTEST_SERIES // run).astype(np.int64)
    return np.unique((ordered[starts[:, None] + np.arange(run)[None, :]]).ravel())


def _errors(panel: Panel, group: Ints, variant: Variant) -> Floats:
    """Relative absolute errors of a variant over the months that were tried, all series together."""
    parts = []
    for back in range(1, BACKTEST_MONTHS + 1):
        kept = panel.known - back >= FEWEST
        rows = panel.rows(kept)
        if not len(rows.series_id):
            continue
        told = foresee(
            rows.until(back), group[kept], np.zeros(int(kept.sum()), dtype=np.int64), variant, origins=0
        )
        actual = np.take_along_axis(rows.values, (rows.months - back)[:, None], axis=1)[:, 0]
        size = np.nanmean(np.abs(rows.values), axis=1)
        seen = np.isfinite(actual) & np.isfinite(told.numbers["forecast"]) & (size > 0)
        parts.append(np.abs(actual - told.numbers["forecast"])[seen] / size[seen])
    return np.concatenate(parts) if parts else np.zeros(0)
