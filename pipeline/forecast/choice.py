"""Which ways of forecasting serve an organisation: decided on its own months, in the one place that decides.

`foresee`, which forecasts, tries by itself whether the moving festivals would have helped (`moving`) and whether
borrowed seasons won (`structural`). Here it is asked what it chose, on a sample of the series, so that what is
chosen once a year can be kept and shown as the method (方法); and the errors are told of the choice and of nothing
but the structural models.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from pipeline.forecast.evidence import FEWEST
from pipeline.forecast.history import Floats, HistoryError, Ints, Panel, read_history
from pipeline.forecast.next_month import STRUCTURAL, WAYS, codes_of, foresee
from pipeline.forecast.one_kind import Variant

# Where nothing can be tried yet: the office's trade follows the festival, as far as is known beforehand.
USUAL = "structural+season_shared+spring_festival"
BACKTEST_MONTHS = 12
BACKTEST_SERIES = 120
LEAST_TRIED = 24  # months of history below which no festival could have been tried


@dataclass(frozen=True)
class Choice:
    """The chosen ways, and the mean relative error of them and of the structural models alone.

    Attributes:
        key: "structural" and the names of `WAYS` that are used, joined by "+".
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
        HistoryError: no such way is known.
    """
    first, *ways = key.split("+")
    if first != STRUCTURAL or not set(ways) <= set(WAYS):
        known = ", ".join((STRUCTURAL, *WAYS))
        raise HistoryError(f"no way of forecasting is called {key}; known are {known}, joined by +")
    return Variant(
        "spring_festival" in ways, "working_days" in ways, "season_shared" in ways, "mid_autumn" in ways
    )


def choose_variant(history: pd.DataFrame, parents: Mapping[str, str] | pd.Series | None = None) -> Choice:
    """What `forecast_next` chooses for these series, as a key that can be kept.

    Args:
        history, parents: as in `forecast_next`.
    """
    panel = read_history(history)
    group = codes_of(panel, parents)
    rows = _sampled(panel, group)
    sample, sample_group = panel.rows(rows), group[rows]
    key = _key(sample, sample_group)
    by_key = {one: _errors(sample, sample_group, variant_of(one)) for one in dict.fromkeys((key, STRUCTURAL))}
    told = len(by_key[key])
    if not told:
        return Choice(USUAL, {}, 0)
    return Choice(key, {one: float(errors.mean()) for one, errors in by_key.items()}, told)


def _key(panel: Panel, group: Ints) -> str:
    if not len(panel.series_id) or int(panel.months.max()) < LEAST_TRIED:
        return USUAL
    told = foresee(panel, group, np.zeros(len(panel.series_id), dtype=np.int64), Variant())
    return "+".join((STRUCTURAL, *told.used))


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
