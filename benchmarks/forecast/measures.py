"""How a forecast is judged; one row per cell × method throughout.

sMAPE = 200·|f − y| ÷ (|f| + |y|), 0 where both are 0. MASE scales the error by the mean absolute
seasonal-naive error of the full history before the origin (Hyndman & Koehler 2006). RMSSE scales the
squared error by the mean squared month-to-month change of that history (M5 competition). WAPE is
Σ|f − y| ÷ Σ|y| over the cells. The interval score (Gneiting & Raftery 2007) of a level 1 − α is the width of the
interval and 2 ÷ α times how far the actual lies outside, on the scale of MASE; one above 1,000 counts 1,000.
The worst bound is the greatest upper end of a 95 % interval over the greatest month of its history.
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
        score80=interval_score(told, 80),
        score95=interval_score(told, 95),
        bound=(told["high95"] / told["greatest"]).where(told["greatest"] > 0),
        inside80=told["actual"].between(told["low80"], told["high80"]).where(told["low80"].notna()).astype(float),
        inside95=told["actual"].between(told["low95"], told["high95"]).where(told["low95"].notna()).astype(float),
    )


MOST_SCORE = 1000.0


def interval_score(told: pd.DataFrame, level: int) -> pd.Series:
    """Interval score of each row at 80 or 95 %, on the scale of MASE."""
    low, high, actual = told[f"low{level}"], told[f"high{level}"], told["actual"]
    outside = (low - actual).clip(lower=0) + (actual - high).clip(lower=0)
    score = (high - low + 2 / (1 - level / 100) * outside) / told["scale_mase"].where(told["scale_mase"] > 0)
    return score.clip(upper=MOST_SCORE)


def by_origin(told: pd.DataFrame) -> pd.DataFrame:
    """One row per set × length: the least and the greatest coverage that a single origin had, in per cent."""
    rows = with_errors(told)
    shares = 100 * rows.groupby(["set", "length", "origin"])[["inside80", "inside95"]].mean()
    spread = shares.groupby(level=["set", "length"]).agg(["min", "max"])
    spread.columns = [f"{name} {side}" for name, side in spread.columns]
    return spread.reset_index()


def summary(told: pd.DataFrame) -> pd.DataFrame:
    """One row per set × length × method: cells, sMAPE, MASE, WAPE, RMSSE, coverage in per cent."""
    grouped = with_errors(told).groupby(["set", "length", "method"])
    sums = grouped.agg(
        cells=("away", "count"), sMAPE=("smape", "mean"), MASE=("mase", "mean"), squared=("squared", "mean"),
        away=("away", "sum"), total=("actual", lambda values: values.abs().sum()),
        inside80=("inside80", "mean"), inside95=("inside95", "mean"), score80=("score80", "mean"),
        score95=("score95", "mean"), bound=("bound", "max"),
    )  # fmt: skip
    return sums.assign(
        WAPE=100 * sums["away"] / sums["total"],
        RMSSE=np.sqrt(sums["squared"]),
        inside80=100 * sums["inside80"],
        inside95=100 * sums["inside95"],
    ).reset_index()
