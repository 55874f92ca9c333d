"""From a long frame of monthly values to a panel that all series go through at once.

Rules of bad input: a month missing inside a series, or NaN, is unknown (never zero); infinity, a month
given twice, a value that is no number, a series without a name are errors (`HistoryError`) that name
the series and the month. The order of rows does not matter.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from pipeline.base.errors import YuebaoError

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]

SEASON = 12
AS_GOOD_AS_NOTHING = 1e-150  # smaller values count as 0: their squares have no place among floats
LONGEST = 96  # months of history that are looked at; more made forecasts worse on public data
COLUMNS = ("series_id", "month", "value")


class HistoryError(YuebaoError, ValueError):
    """The history given cannot be forecast from; the text says which series, month and why."""


@dataclass(frozen=True)
class Panel:
    """Series side by side, each from its first known month (of the last `LONGEST`) in column 0.

    Attributes:
        series_id: one per row, sorted.
        values: series × month; NaN where unknown and after the last known month.
        months: columns that belong to each series (from its first to its last known month).
        known: known months of each series, over its whole history (`months_of_history`).
        last: number of each series' last known month (year × 12 + month − 1); where nothing is known,
            its last row's month.
    """

    series_id: npt.NDArray[np.object_]
    values: Floats
    months: Ints
    known: Ints
    last: Ints

    def rows(self, chosen: Flags | Ints) -> Panel:
        """The panel of some of the series."""
        return Panel(
            self.series_id[chosen],
            self.values[chosen],
            self.months[chosen],
            self.known[chosen],
            self.last[chosen],
        )

    def until(self, months_back: int) -> Panel:
        """What was known `months_back` months earlier than each series' end; series too young drop out."""
        kept = self.months > months_back
        earlier = self.rows(kept)
        inside = np.arange(earlier.values.shape[1])[None, :] < (earlier.months - months_back)[:, None]
        values = np.where(inside, earlier.values, np.nan)
        known = earlier.known - (np.isfinite(earlier.values) & ~inside).sum(axis=1)
        return Panel(earlier.series_id, values, earlier.months - months_back, known, earlier.last - months_back)


def month_number(month: pd.Series) -> pd.Series:
    """Months counted from year 0: year × 12 + month − 1."""
    number: pd.Series = month.dt.year * 12 + month.dt.month - 1
    return number


def without_lead(values: Floats, months: Ints, lead: Ints) -> Floats:
    """Values (series × month) without the first `lead` months of each series; NaN after its end."""
    if not lead.any():
        return values
    place = np.arange(values.shape[1])[None, :]
    moved = np.take_along_axis(values, np.minimum(place + lead[:, None], values.shape[1] - 1), axis=1)
    return np.where(place < (months - lead)[:, None], moved, np.nan)


def month_start(number: Ints) -> pd.DatetimeIndex:
    """First days of numbered months."""
    months = number.astype("int64") - 1970 * 12
    return pd.DatetimeIndex(months.astype("datetime64[M]").astype("datetime64[s]"))


def read_history(history: pd.DataFrame) -> Panel:
    """Check a long frame and lay its series side by side.

    Args:
        history: one row per series and month: series_id, month (any day of it), value.

    Raises:
        HistoryError: a column is missing, a series has no name, a month is given twice, a value is
            infinite or no number.
    """
    missing = [name for name in COLUMNS if name not in history.columns]
    if missing:
        raise HistoryError(f"the history lacks the column {', '.join(missing)}")
    if history["series_id"].isna().any():
        raise HistoryError("a row of the history names no series")
    codes, series = pd.factorize(history["series_id"], sort=True)
    names = np.asarray(series, dtype=object)
    month = _months(history["month"]).to_numpy(dtype=np.int64)
    value = _values(history["value"])
    value = np.where(np.abs(value) < AS_GOOD_AS_NOTHING, 0.0, value)
    for faulty, fault in ((_given_twice(codes, month), "is given twice"), (np.isinf(value), "is infinite")):
        if faulty.any():
            row = int(faulty.argmax())
            raise HistoryError(f"{_place(names[codes[row]], int(month[row]))} {fault}")
    return _laid_out(names, codes, month, value)


def _given_twice(codes: Ints, month: Ints) -> Flags:
    """Rows whose series has that month in a row before."""
    span = int(month.max(initial=0) - month.min(initial=0)) + 1
    return np.asarray(pd.Series(codes * span + month).duplicated())


def _months(month: pd.Series) -> pd.Series:
    try:
        dates = pd.to_datetime(month)
    except (ValueError, TypeError) as error:
        raise HistoryError(f"a month of the history is no date: {error}") from error
    if dates.isna().any():
        raise HistoryError("a row of the history has no month")
    return month_number(dates)


def _values(value: pd.Series) -> Floats:
    try:
        return pd.to_numeric(value).to_numpy(dtype=np.float64, na_value=np.nan)
    except (ValueError, TypeError) as error:
        raise HistoryError(f"a value of the history is no number: {error}") from error


def _place(series: object, number: int) -> str:
    return f"series {series}, month {number // SEASON:04d}-{number % SEASON + 1:02d}"


def _laid_out(names: npt.NDArray[np.object_], codes: Ints, month: Ints, value: Floats) -> Panel:
    count = len(names)
    known = np.isfinite(value)
    first, last, last_row = (np.zeros(count, dtype=np.int64) for _ in range(3))
    first[:] = np.iinfo(np.int64).max
    np.minimum.at(first, codes[known], month[known])
    np.maximum.at(last, codes[known], month[known])
    np.maximum.at(last_row, codes, month)
    known_count = np.bincount(codes[known], minlength=count)
    empty = known_count == 0
    last[empty] = last_row[empty]
    start = np.where(empty, last + 1, np.maximum(first, last - LONGEST + 1))
    column = month - start[codes]
    inside = known & (column >= 0)
    columns = max(int((last - start + 1).max(initial=0)), 1)
    values = np.full((count, columns), np.nan)
    values[codes[inside], column[inside]] = value[inside]
    lead = np.where(empty, 0, np.isfinite(values).argmax(axis=1))
    months = last - start + 1 - lead
    width = max(int(months.max(initial=0)), 1)
    take = np.minimum(np.arange(width)[None, :] + lead[:, None], columns - 1)
    shifted = np.take_along_axis(values, take, axis=1)
    shifted[np.arange(width)[None, :] >= months[:, None]] = np.nan
    return Panel(names, shifted, months, known_count, last)
