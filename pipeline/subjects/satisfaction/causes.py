"""Why satisfaction fell: the dimension that took most from the index, and where."""

import pandas as pd

from pipeline.contract.figure import Level
from pipeline.findings.evidence import Evidence, own
from pipeline.findings.main_part import most_ahead
from pipeline.findings.rule import Cause


def falling_dimension(evidence: Evidence, level: Level, entity_id: str, against: str) -> Cause | None:
    """The dimension of satisfaction whose fall, times its weight, took most from the index, and where it fell most;
    none where all fell alike."""
    pair = evidence.pair("satisfaction_by_dimension", against)
    if pair is None:
        return None
    now, base = (own(rows, level, entity_id) for rows in pair)
    scores = [_scores(rows) for rows in (now, base)]
    fall = (scores[1] - scores[0]).dropna()
    weighed = fall * pd.Series(dict(evidence.profile.satisfaction_weights)).reindex(fall.index).fillna(0)
    dimension = most_ahead(weighed)
    if dimension is None:
        return None
    label = evidence.profile.forms["satisfaction"].column(dimension)
    where = _where_it_fell(now, base, dimension, level, evidence)
    return Cause(
        "falling_dimension_where" if where else "falling_dimension",
        {
            "zh": label.zh,
            "en": label.en.lower(),
            "before": scores[1][dimension],
            "now": scores[0][dimension],
            **({"where": where} if where else {}),
        },
    )


def _where_it_fell(now: pd.DataFrame, base: pd.DataFrame, dimension: str, level: Level, evidence: Evidence) -> str:
    """The manager (of the organisation: the region) whose score of a dimension fell most, of those with enough answers;
    empty where there is none, or all fell alike."""
    below = {"organisation": "region_id", "region": "manager_id"}.get(level)
    if below is None:
        return ""
    least = evidence.profile.least_count
    scores = []
    for rows in (now, base):
        sums = rows[rows["dimension"] == dimension].groupby(below)[["points", "answers"]].sum().astype("float64")
        enough = sums[sums["answers"] >= least]
        scores.append(enough["points"] / enough["answers"])
    fall = (scores[1] - scores[0]).dropna()
    code = most_ahead(fall) if len(fall) > 1 else None
    if code is None:
        return ""
    return evidence.manager(code) if below == "manager_id" else evidence.region(code)


def _scores(rows: pd.DataFrame) -> pd.Series:
    sums = rows.groupby("dimension")[["points", "answers"]].sum().astype("float64")
    return sums["points"] / sums["answers"].where(sums["answers"] > 0)
