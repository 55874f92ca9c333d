"""The survey by dimension, and how its index changed, behind the figures of satisfaction."""

import pandas as pd

from pipeline.contract.facts import Facts
from pipeline.contract.listing import Sums
from pipeline.contract.shown_frames import ListFrame
from schemas.satisfaction import DIMENSIONS

_MONTHS = ("", "_previous", "_last_year", "_like_previous", "_like_last_year")


def _scores(facts: Facts) -> pd.DataFrame:
    answers = facts.frame("satisfaction")
    known = [name for name in DIMENSIONS if name in answers]
    long = answers.melt(["manager_id"], known, "dimension", "points").dropna(subset=["points"])
    return long.groupby(["manager_id", "dimension"])["points"].agg(points="sum", answers="count").reset_index()


def _mean_scores(table: pd.DataFrame, products: pd.DataFrame) -> pd.DataFrame:
    """Mean scores (1–10) over the answers that give a dimension, in the order of the form's dimensions."""
    means = {
        f"score{end}": table[f"points{end}"] / table[f"answers{end}"].where(table[f"answers{end}"] > 0)
        for end in _MONTHS
        if f"points{end}" in table
    }
    order = {name: number for number, name in enumerate(DIMENSIONS)}
    scored = table[["entity_id", "dimension", "answers"]].assign(**means, place=table["dimension"].map(order))
    return scored.sort_values(["entity_id", "place"], ignore_index=True).drop(columns="place")


SUMS = {
    "satisfaction_by_dimension": Sums("dimension", ("points", "answers"), _scores, "satisfaction", _mean_scores)
}
SHOWN = {
    "satisfaction_change": ListFrame(
        (
            "entity_id", "index", "previous", "difference", "half_width", "significant", "answers", "last_year",
            "yoy_difference", "yoy_half_width", "yoy_significant", "slope", "slope_half_width", "slope_significant",
        ),
        needs=("satisfaction",),
    ),
    "satisfaction_trend": ListFrame(
        ("month", "index", "low95", "high95", "answers", "mean_3", "mean_12"), needs=("satisfaction",)
    ),
}  # fmt: skip
