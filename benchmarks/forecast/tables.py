"""The page of results in Markdown."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

SMOOTH = ("m1_monthly", "tourism_monthly", "hospital", "aus_retail", "tourism_au_monthly")
METHODS = ("ours", "AutoETS", "AutoTheta", "AutoCES", "naive", "median of four")
WITH_INTERVALS = ("ours", "AutoETS", "AutoTheta", "AutoCES")
HEAD = """# Results of the forecast benchmark

One month ahead; the last twelve months of each series are the targets. The comparison is over a seeded
sample (seed {seed}): at most {series} series a set, one in {every} of the twelve origins, shifted by series so that
all calendar months occur; for "full" at least one origin a series (the count of cells is in the tables).
A dash: not run. Ours saw all series of the set, as it does in use, but is compared on the sampled cells
only. "full" is all history there is (ours looks at the last 96 months). No setting is made by set or by
series. Made by `run.py`; coherent hierarchies and the speed of a whole organisation are in `README.md`.
"""


def results_page(
    sampled: pd.DataFrame,
    everything: pd.DataFrame,
    origins: pd.DataFrame,
    speed: pd.DataFrame,
    options: Mapping[str, object],
) -> str:
    """The whole page from the summaries of `measures.summary` and the forecasts a CPU second."""
    parts = [
        HEAD.format(**options),
        "## MASE, geometric mean over the smooth sets\n",
        geometric_means(sampled),
    ]
    for measure in ("MASE", "sMAPE", "WAPE", "RMSSE"):
        parts += [f"## {measure}, sampled cells\n", by_method(sampled, measure, METHODS)]
    for level in ("80", "95"):
        title = f"## Coverage of the {level} % intervals in %, sampled cells\n"
        parts += [title, by_method(sampled, f"inside{level}", WITH_INTERVALS, digits=1)]
    for level in ("80", "95"):
        title = f"## Interval score at {level} % on the scale of MASE, sampled cells (less is better)\n"
        parts += [title, by_method(sampled, f"score{level}", WITH_INTERVALS)]
    parts += [
        "## Worst upper end of a 95 % interval over the greatest month of its history, sampled cells\n",
        by_method(sampled, "bound", WITH_INTERVALS, digits=1),
        "## Coverage at single origins in %, all series: the least and the greatest of twelve\n",
        single_origins(origins),
    ]
    parts += ["## Ours on all series, all twelve origins\n", all_series(everything)]
    parts += ["## Forecasts a CPU second (one core)\n", speeds(speed)]
    return "\n".join(parts)


def single_origins(origins: pd.DataFrame) -> str:
    """Least and greatest coverage of the origins, one row per set and length from two years on."""
    rows = origins[(origins["length"] >= 24) | (origins["length"] == 0)]
    rows = rows.assign(order=rows["length"].replace(0, 10**6)).sort_values(["set", "order"])
    frame = rows.drop(columns=["length", "order"])
    frame.insert(1, "months", _months(rows["length"]))
    return markdown(frame, 1)


def by_hand_page(hands: pd.DataFrame, objections: int) -> str:
    """The series made by hand, what a person says and what the forecast says."""
    head = f"## Made by hand: {len(hands)} series, {objections} of which a person would object to\n"
    return head + "\n" + markdown(hands, 1)


def markdown(frame: pd.DataFrame, digits: int) -> str:
    """A frame as a Markdown table; numbers with so many digits, NaN as a dash."""
    head = "| " + " | ".join(map(str, frame.columns)) + " |"
    rule = "|" + "---|" * len(frame.columns)
    return (
        "\n".join(
            [
                head,
                rule,
                *("| " + " | ".join(_cell(v, digits) for v in row) + " |" for row in frame.to_numpy()),
            ]
        )
        + "\n"
    )


def _cell(value: object, digits: int) -> str:
    if not isinstance(value, float):
        return str(value)
    return "–" if np.isnan(value) else f"{value:.{digits}f}"


def _months(lengths: pd.Series) -> list[str]:
    return ["full" if length == 0 else str(length) for length in lengths]


def _wide(summary: pd.DataFrame, measure: str, methods: tuple[str, ...]) -> pd.DataFrame:
    order = summary.assign(order=summary["length"].replace(0, 10**6))
    wide = order.pivot_table(index=["set", "order"], columns="method", values=measure, sort=True)
    wide = wide.reindex(columns=list(methods)).reset_index()
    return wide.assign(order=wide["order"].replace(10**6, 0))


def by_method(summary: pd.DataFrame, measure: str, methods: tuple[str, ...], digits: int = 3) -> str:
    """One row per set and length, one column per method."""
    wide = _wide(summary, measure, methods)
    cells = summary[summary["method"] == "ours"].set_index(["set", "length"])["cells"]
    counts = [int(cells[key]) for key in zip(wide["set"], wide["order"], strict=True)]
    months = _months(wide["order"])
    frame = wide.drop(columns="order")
    frame.insert(1, "months", months)
    frame.insert(2, "cells", counts)
    return markdown(frame, digits)


def geometric_means(summary: pd.DataFrame) -> str:
    """One row per length over the smooth sets that were run, or all sets; only lengths that all models answered."""
    smooth = summary["set"].isin(SMOOTH)
    wide = _wide(summary[smooth if smooth.any() else summary["set"].notna()], "MASE", METHODS).dropna()
    logs = np.log(wide[list(METHODS)]).groupby(wide["order"])
    frame = np.exp(logs.mean()).reset_index()
    frame.insert(1, "sets", logs.size().to_numpy())
    frame = frame.sort_values("order", key=lambda order: order.replace(0, 10**6))
    frame.insert(0, "months", _months(frame.pop("order")))
    return markdown(frame, 3)


def all_series(summary: pd.DataFrame) -> str:
    """Every measure of ours, one row per set and length."""
    order = summary.assign(order=summary["length"].replace(0, 10**6)).sort_values(["set", "order"])
    frame = order[["set", "cells", "sMAPE", "MASE", "WAPE", "RMSSE", "inside80", "inside95"]].copy()
    frame.insert(1, "months", _months(order["length"]))
    return markdown(frame, 3)


def speeds(speed: pd.DataFrame) -> str:
    """Series forecast a CPU second, one row per set."""
    wide = speed.pivot_table(index="set", columns="method", values="rate")
    return markdown(wide.reindex(columns=list(WITH_INTERVALS)).reset_index(), 0)
