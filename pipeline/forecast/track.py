"""How past forecasts fared against what came: for the model, the manager's outlook, and last year's month.

An issued forecast is a row that is kept as it was given: series_id, month, source, forecast and, from
the model, low80, high80, low95, high95, and whether it was `backfilled` (made later, by running the
same method again on what was known then).

Formulas: WAPE = Σ|forecast − actual| ÷ Σ|actual|; bias = Σ(forecast − actual) ÷ Σ|actual| (above zero:
too much was expected); hit rate = share of actuals inside the interval, bounds included. Numerators and
denominators are given too, so that others can add them up. Source: Kolassa & Schütz (2007), Foresight 6.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import numpy as np
import pandas as pd

from pipeline.forecast.history import HistoryError, month_number, month_start, read_history
from pipeline.forecast.next_month import forecast_next
from pipeline.forecast.one_kind import Variant
from pipeline.forecast.organisation import forecast_tree, organisation_panel
from pipeline.forecast.tree import read_tree

MODEL, OUTLOOK, NAIVE = "model", "outlook", "last_year"
TRACK_MONTHS = 12
INTERVALS = ("80", "95")
FEWEST_COMPARED = 3  # months; with fewer a source is no measure of the others, and takes no months from them
SUMS = ("forecasts", "absolute_error", "error", "absolute_actual", "hits80", "hits95", "intervals")


def same_month_last_year(history: pd.DataFrame) -> pd.DataFrame:
    """The naive forecast: each month's value is expected again twelve months later.

    Args:
        history: series_id, month, value; unknown months foretell nothing.

    Returns:
        One row per series and month foretold: series_id, month, source ("last_year"), forecast.
    """
    known = history.loc[history["value"].notna(), ["series_id", "month", "value"]]
    number = month_number(pd.to_datetime(known["month"])).to_numpy(dtype="int64") + 12
    return pd.DataFrame(
        {
            "series_id": known["series_id"].to_numpy(),
            "month": month_start(number),
            "source": NAIVE,
            "forecast": known["value"].to_numpy(dtype=float),
        }
    )


def track_record(
    issued: pd.DataFrame,
    actual: pd.DataFrame,
    last: date | pd.Timestamp,
    entities: Mapping[str, str] | pd.Series | None = None,
) -> pd.DataFrame:
    """Errors and hit rates over the twelve months up to `last`.

    Args:
        issued: issued forecasts (see the module); the interval's columns may be absent or empty. All
            sources should speak of the same months for a fair comparison; see `compared_fairly`.
        actual: series_id, month, value; months without an actual are not judged.
        last: last month judged, any day of it.
        entities: series_id → who the record is kept for (e.g. a manager for all its customers); by
            default each series for itself. Series not named are left out.

    Returns:
        One row per entity and source: entity_id, source, wape, bias, hit80, hit95 (rates; NaN where
        nothing stands below the line), and the sums `SUMS` they are made of.

    Raises:
        HistoryError: a forecast of one series, month and source is given twice.
    """
    judged = judged_forecasts(issued, actual, last)
    judged["entity_id"] = judged["series_id"] if entities is None else judged["series_id"].map(entities)
    sums = judged.groupby(["entity_id", "source"], sort=True)[list(SUMS)].sum().reset_index()
    below = sums["absolute_actual"].where(sums["absolute_actual"] > 0)
    intervals = sums["intervals"].where(sums["intervals"] > 0)
    return sums.assign(
        wape=sums["absolute_error"] / below,
        bias=sums["error"] / below,
        hit80=sums["hits80"] / intervals,
        hit95=sums["hits95"] / intervals,
    )


def judged_forecasts(issued: pd.DataFrame, actual: pd.DataFrame, last: date | pd.Timestamp) -> pd.DataFrame:
    """Each issued forecast of the last twelve months beside what came.

    Returns:
        One row per issued forecast with an actual: series_id, month, source, forecast, value, and the
        columns `SUMS` (counts and amounts in the unit of the values).
    """
    rows = issued.assign(month=_first_days(issued["month"]))
    if rows.duplicated(["series_id", "month", "source"]).any():
        raise HistoryError("a forecast of one series, month and source is given twice")
    ends = pd.Timestamp(last).replace(day=1)
    starts = ends - pd.DateOffset(months=TRACK_MONTHS - 1)
    rows = rows[rows["month"].between(starts, ends) & rows["forecast"].notna()]
    came = actual.loc[actual["value"].notna(), ["series_id", "month", "value"]]
    judged = rows.merge(came.assign(month=_first_days(came["month"])), on=["series_id", "month"])
    error = judged["forecast"] - judged["value"]
    return judged.assign(
        forecasts=1,
        absolute_error=error.abs(),
        error=error,
        absolute_actual=judged["value"].abs(),
        **_hits(judged),
    )


def compared_fairly(issued: pd.DataFrame) -> pd.DataFrame:
    """Only those series and months of which every source that knows the series speaks.

    A manager's outlook of three months and a model's twelve are compared on the three. What speaks of fewer months than
    `FEWEST_COMPARED` stands beside the others by itself: who has tried an outlook once keeps the model's record.
    """
    rows = issued[issued["forecast"].notna()]
    months = rows.groupby(["series_id", "source"])["month"].transform("nunique")
    compared = (rows["source"] == MODEL) | (months >= FEWEST_COMPARED)
    known = rows[compared]
    sources = known.groupby("series_id")["source"].nunique().reindex(rows["series_id"]).to_numpy()
    places = pd.MultiIndex.from_frame(rows[["series_id", "month"]])
    speaking = known.groupby(["series_id", "month"])["source"].nunique().reindex(places).to_numpy()
    fair: pd.DataFrame = rows[~compared | (speaking == sources)]
    return fair


def _hits(judged: pd.DataFrame) -> dict[str, pd.Series]:
    """Whether each actual lies in its intervals (0 or 1; 0 without an interval), and whether there is one."""
    absent = pd.Series(np.nan, index=judged.index)
    there = judged.get("low80", absent).notna() & judged.get("high95", absent).notna()
    hits = {"intervals": there.astype("int64")}
    for level in INTERVALS:
        low, high = judged.get(f"low{level}", absent), judged.get(f"high{level}", absent)
        hits[f"hits{level}"] = judged["value"].between(low, high).astype("int64")
    return hits


def _first_days(month: pd.Series) -> pd.Series:
    days: pd.Series = pd.to_datetime(month)
    first: pd.Series = days - pd.to_timedelta(days.dt.day - 1, unit="D")
    return first


def backfilled(
    history: pd.DataFrame,
    months: list[pd.Timestamp],
    parents: Mapping[str, str] | pd.Series | None = None,
    variant: Variant | None = None,
) -> pd.DataFrame:
    """What `forecast_next` would have said for earlier months, from what was known before each.

    Args:
        history, parents: as in `forecast_next`.
        months: first days of the months to foretell.

    Returns:
        Issued forecasts with source "model" and backfilled True; series without a value in the month
        before a month are not foretold for it.
    """
    way = variant or Variant()
    parts = []
    for month in months:
        known = history[pd.to_datetime(history["month"]) < month]
        told = forecast_next(
            known,
            parents,
            spring_festival=way.spring_festival,
            working_days=way.working_days,
            share_season=way.share_season,
        )
        parts.append(told[told["month"] == month])
    return _as_issued(parts)


def backfilled_tree(
    history: pd.DataFrame, tree: pd.DataFrame, months: list[pd.Timestamp], variant: Variant | None = None
) -> pd.DataFrame:
    """What `forecast_tree` would have said for earlier months; issued forecasts as from `backfilled`."""
    parts = []
    for month in months:
        known = history[pd.to_datetime(history["month"]) < month]
        if known["value"].notna().any():
            told = forecast_tree(known, tree, variant=variant)
            parts.append(told[told["month"] == month])
    return _as_issued(parts)


def _as_issued(parts: list[pd.DataFrame]) -> pd.DataFrame:
    told = [part for part in parts if len(part)]
    if not told:
        return pd.DataFrame(columns=["series_id", "month", "forecast", "source", "backfilled"])
    return pd.concat(told, ignore_index=True).assign(source=MODEL, backfilled=True)


def actuals_of_tree(history: pd.DataFrame, tree: pd.DataFrame) -> pd.DataFrame:
    """Monthly values of every node from those of the leaves: series_id, month, value (known months only)."""
    panel = organisation_panel(read_history(history), read_tree(tree))
    row, column = np.nonzero(np.isfinite(panel.values))
    month = (panel.last - panel.months + 1)[row] + column
    return pd.DataFrame(
        {"series_id": panel.series_id[row], "month": month_start(month), "value": panel.values[row, column]}
    )
