"""How a forecast is judged; one row per cell × method throughout.

sMAPE = 200·|f − y| ÷ (|f| + |y|), 0 where both are 0. MASE scales the error by the mean absolute
seasonal-naive error of the full history before the origin (Hyndman & Koehler 2006). RMSSE scales the
squared error by the mean squared month-to-month change of that history (M5 competition). WAPE is
Σ|f − y| ÷ Σ|y| over the cells.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
from cells import SEASON


def scales(known: pd.Series) -> tuple[float, float]:
    """Scale of MASE (absolute, seasonal naive) and of RMSSE (squared, naive) of a full history."""
    values = known.to_numpy(dtype=float)
    return float(np.abs(values[SEASON:] - values[:-SEASON]).mean()), float((np.diff(values) ** 2).mean())


def with_errors(told: pd.DataFrame) -> pd.DataFrame:
    """Add the errors of each row: uses forecast, low/high 80/95, actual, scale_mase, scale_rmsse."""
    away = (told["forecast"] - told["actual"]).abs()
    size = told["forecast"].abs() + told["actual"].abs()
    nothing = np.finfo(float).tiny
    return told.assign(
        smape=200 * away / size.clip(lower=nothing),
        mase=(away / told["scale_mase"]).where(told["scale_mase"] > 0),
        squared=(away**2 / told["scale_rmsse"]).where(told["scale_rmsse"] > 0),
        away=away,
        inside80=told["actual"].between(told["low80"], told["high80"]).where(told["low80"].notna()).astype(float),
        inside95=told["actual"].between(told["low95"], told["high95"]).where(told["low95"].notna()).astype(float),
    )


def summary(told: pd.DataFrame) -> pd.DataFrame:
    """One row per set × length × method: cells, sMAPE, MASE, WAPE, RMSSE, coverage in per cent."""
    grouped = with_errors(told).groupby(["set", "length", "method"])
    sums = grouped.agg(
        cells=("away", "count"), sMAPE=("smape", "mean"), MASE=("mase", "mean"), squared=("squared", "mean"),
        away=("away", "sum"), total=("actual", lambda values: values.abs().sum()),
        inside80=("inside80", "mean"), inside95=("inside95", "mean"),
    )  # fmt: skip
    return sums.assign(
        WAPE=100 * sums["away"] / sums["total"],
        RMSSE=np.sqrt(sums["squared"]),
        inside80=100 * sums["inside80"],
        inside95=100 * sums["inside95"],
    ).reset_index()
