"""The appraisal of one kind of people over a period (trades.md section 3).

Score = Σ weight × points, points = value ÷ full × 100: values are those of the whole period, from all that was counted
in it, never means of months. Weights and least counts are those valid in the period's last month. A part that rests on
fewer than its least count is lacking, and whoever lacks a part has no score: no part stands in for another.
"""

from collections.abc import Iterable

import numpy as np
import pandas as pd

from pipeline.base.calendar import Month
from schemas.appraisals import Appraisal, valid_in

PART_COLUMNS = ("appraised_id", "part", "figure", "weight", "value", "points", "n", "least", "is_enough", "score")
_PLACES = 4


def weights_in(appraisal: Appraisal, month: Month) -> dict[str, tuple[float, float]]:
    """Weight and least count of each part that counts in a month."""
    when = str(month)
    told = {name: (valid_in(one.weight, when), valid_in(one.least, when)) for name, one in appraisal.parts.items()}
    return {name: (weight, max(least, 1.0)) for name, (weight, least) in told.items() if weight > 0}


def appraised(appraisal: Appraisal, month: Month, metrics: pd.DataFrame, people: Iterable[str]) -> pd.DataFrame:
    """One row per person and part, with PART_COLUMNS: what stands behind the part (`n`), whether that is enough, and
    the person's score on each of its rows, missing where a part is lacking.

    Args:
        month: the last of the period.
        metrics: of the period and these people's level: entity_id, figure, value, numerator, denominator.
        people: codes, in the order wanted.
    """
    counts = weights_in(appraisal, month)
    codes = list(dict.fromkeys(people))
    rows = pd.DataFrame(
        [(one, name, appraisal.parts[name].figure, *counts[name]) for one in codes for name in counts],
        columns=["appraised_id", "part", "figure", "weight", "least"],
    )
    given = metrics.drop_duplicates(["entity_id", "figure"]).rename(columns={"entity_id": "appraised_id"})
    given = given[["appraised_id", "figure", "value", "numerator", "denominator"]].astype(
        {"appraised_id": "str", "figure": "str"}
    )
    told = rows.astype({"appraised_id": "str", "figure": "str"}).merge(
        given, on=["appraised_id", "figure"], how="left"
    )
    value, behind = told["value"].astype("float64"), told["denominator"].astype("float64")
    n = behind.where(behind.notna(), told["numerator"].astype("float64")).fillna(0.0)
    full = told["part"].map({name: one.full for name, one in appraisal.parts.items()}).astype("float64")
    points = (100 * value / full).round(_PLACES)
    enough = (n >= told["least"]) & value.notna()
    told = told.assign(n=n, points=points, is_enough=enough)
    return told.assign(score=_scores(told))[list(PART_COLUMNS)]


def _scores(told: pd.DataFrame) -> pd.Series:
    by_person = told.assign(gained=told["weight"] * told["points"]).groupby("appraised_id", sort=False)
    whole = by_person["is_enough"].transform("all").astype(bool)
    scores: pd.Series = by_person["gained"].transform("sum").round(_PLACES)
    return scores.where(whole, np.nan)


def weights_since(appraisal: Appraisal, month: Month) -> str:
    """The month (YYYY-MM) since which the weights and least counts of a month are valid; "" where they always were."""
    dates = {one for part in appraisal.parts.values() for values in (part.weight, part.least) for one in values}
    return max((one for one in dates if one <= str(month)), default="")
