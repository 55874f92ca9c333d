"""One axis for the charts of all regions, so that their first pages can be laid side by side."""

from collections.abc import Iterable, Mapping

import numpy as np
import pandas as pd

from pipeline.findings.contributions import MONEY, VOLUME
from schemas.profile import Profile

HEADROOM = 1.1
_COURSE = ("value", "previous", "last_year")


def figures_drawn(profile: Profile) -> tuple[str, ...]:
    """The figures of which charts of page one may be drawn: what is sold or forecast, and what is held against a
    target."""
    own = (profile.workbooks.target_figure, profile.forecast_told, *profile.forecast_figures)
    return tuple(dict.fromkeys((MONEY, VOLUME, *own)))


def page_axes(
    metrics: pd.DataFrame, forecast: pd.DataFrame, region_of: pd.Series, figures: Iterable[str]
) -> Mapping[str, float]:
    """How far the axes of page one of every region reach, by figure and chart: for instance "amount.course",
    "amount.target", "amount.previous", "amount.last_year"; in the figure's own unit.

    Args:
        metrics, forecast: those of the whole month.
        region_of: the region of each manager, by manager_id.
        figures: those that charts of page one may be drawn of.
    """
    axes: dict[str, float] = {}
    for figure in figures:
        rows = metrics[metrics["figure"] == figure]
        regions, managers = rows[rows["level"] == "region"], rows[rows["level"] == "manager"]
        ahead = forecast[(forecast["level"] == "region") & (forecast["measure"] == figure)]
        axes[f"{figure}.course"] = _most([*(regions[name] for name in _COURSE), ahead["high80"]])
        for against, now, base in (
            ("target", "value", "target_comparable"),
            ("last_year", "comparable_last_year", "last_year_comparable"),
            ("previous", "comparable", "previous_comparable"),
        ):
            change = managers[now] - managers[base]
            whose = managers["entity_id"].map(region_of)
            sums = [change.clip(upper=0).groupby(whose).sum(), change.clip(lower=0).groupby(whose).sum()]
            axes[f"{figure}.{against}"] = _most(
                [one.abs() for one in (sums if against == "previous" else [change])]
            )
    return {name: HEADROOM * reach for name, reach in axes.items() if reach > 0}


def _most(parts: list[pd.Series]) -> float:
    values = np.concatenate([one.to_numpy(dtype="float64", na_value=np.nan) for one in parts])
    return float(np.nanmax(values)) if np.isfinite(values).any() else 0.0
