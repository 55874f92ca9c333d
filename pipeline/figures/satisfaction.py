"""Figures of satisfaction (domain.md section 4)."""

from collections.abc import Iterable

import numpy as np
import pandas as pd

from pipeline.figures.catalogue import declares
from pipeline.figures.declare import Figure
from pipeline.figures.facts import Facts
from schemas.profile import Profile


def index_by_answer(facts: Facts) -> pd.Series:
    """The index of each answer, 0–100, by manager: 10 × the weighted mean of the dimensions given.

    Weights come from the profile and are renormalised over the dimensions given. Rounded to four decimals,
    so that the mean over answers does not depend on their order.
    """
    answers = facts.frame("satisfaction")
    weights = {name: weight for name, weight in facts.profile.satisfaction_weights.items() if name in answers}
    scores = answers[list(weights)].to_numpy(dtype="float64", na_value=np.nan)
    given = ~np.isnan(scores) * np.array(list(weights.values()))
    total = given.sum(axis=1)
    index = np.full(len(answers), np.nan)
    np.divide(10 * np.nansum(scores * given, axis=1), total, out=index, where=total > 0)
    values = pd.Series(np.round(index, 4), index=answers["manager_id"].astype("str"))
    return values.dropna()


def answers(facts: Facts) -> pd.Series:
    """Answers with an index, by manager."""
    return facts.once(index_by_answer).groupby(level=0).size()


def index_points(facts: Facts) -> pd.Series:
    """The sum of the answers' indices, by manager."""
    values = facts.once(index_by_answer)
    whole = (values * 10_000).round().astype("int64").groupby(level=0).sum()
    return whole / 10_000


@declares
def satisfaction_figures(profile: Profile) -> Iterable[Figure]:
    yield Figure(
        "satisfaction", "满意度指数", "Satisfaction index", "分", "satisfaction",
        "每份答卷:10×各维度得分的加权平均(权重在已答维度上重新归一);再对答卷求平均,0–100分。",
        "10 × weighted mean of an answer's dimensions (weights renormalised over those given), averaged over "
        "answers; 0–100.",
        ("satisfaction",), index_points, answers, decimals=1,
    )  # fmt: skip
