"""Figures of satisfaction (domain.md section 4)."""

from collections.abc import Iterable
from functools import partial

import numpy as np
import pandas as pd

from pipeline.base.exact import TEN_THOUSANDTHS, whole
from pipeline.contract.facts import Facts
from pipeline.contract.figure import Figure
from pipeline.figures.catalogue import declares
from schemas.profile import Profile


def index_by_answer(facts: Facts) -> pd.Series:
    """The index of each answer, 0–100, by manager: 10 × the weighted mean of the dimensions given.

    Weights come from the profile and are renormalised over the dimensions given. Rounded to four decimals,
    so that the mean over answers does not depend on their order.
    """
    return group_index(facts, tuple(facts.profile.satisfaction_weights))


def group_index(facts: Facts, dimensions: tuple[str, ...]) -> pd.Series:
    """The index of each answer over some dimensions; answers that give none of them are absent."""
    answers = facts.frame("satisfaction")
    weights = {name: facts.profile.satisfaction_weights.get(name, 0.0) for name in dimensions if name in answers}
    scores = answers[list(weights)].to_numpy(dtype="float64", na_value=np.nan)
    given = ~np.isnan(scores) * np.array(list(weights.values()))
    total = given.sum(axis=1)
    index = np.full(len(answers), np.nan)
    np.divide(10 * np.nansum(scores * given, axis=1), total, out=index, where=total > 0)
    return pd.Series(np.round(index, 4), index=answers["manager_id"].astype("str")).dropna()


def answers(facts: Facts, dimensions: tuple[str, ...] = ()) -> pd.Series:
    """Answers with an index (over `dimensions` where given), by manager."""
    return _index(facts, dimensions).groupby(level=0).size()


def index_points(facts: Facts, dimensions: tuple[str, ...] = ()) -> pd.Series:
    """The sum of the answers' indices (over `dimensions` where given), by manager."""
    values = _index(facts, dimensions)
    points = pd.Series(whole(values), index=values.index).groupby(level=0).sum()
    return points / TEN_THOUSANDTHS


def _index(facts: Facts, dimensions: tuple[str, ...]) -> pd.Series:
    return group_index(facts, dimensions) if dimensions else facts.once(index_by_answer)


def low_answers(facts: Facts) -> pd.Series:
    """Answers whose index is below the profile's `satisfaction_low`, by manager."""
    values = facts.once(index_by_answer)
    return values[values < _low(facts.profile)].groupby(level=0).size()


def _low(profile: Profile) -> float:
    return profile.thresholds.get("satisfaction_low", 60.0)


# What the dimensions belong to (domain.md section 4).
GROUPS = (
    ("supply", "卷烟供应满意度", "Satisfaction with supply", ("supply",)),
    (
        "service",
        "客户服务满意度",
        "Satisfaction with service",
        ("manager_service", "delivery", "complaint_handling"),
    ),
    ("market", "市场管理满意度", "Satisfaction with market order", ("market_order", "profit")),
)


@declares
def satisfaction_figures(profile: Profile) -> Iterable[Figure]:
    """The figures of satisfaction (满意度): the index, its dimensions, its interval."""
    if "satisfaction" not in profile.forms:
        return
    asked = profile.forms["satisfaction"].dtypes
    yield Figure(
        "satisfaction", "满意度指数", "Satisfaction index", "分", "satisfaction",
        "每份答卷：10×各维度得分的加权平均（权重在已答维度上重新归一）；再对答卷求平均，0–100分。",
        "10 × weighted mean of an answer's dimensions (weights renormalised over those given), averaged over "
        "answers; 0–100.",
        ("satisfaction",), index_points, answers, decimals=1,
    )  # fmt: skip
    for end, zh, en in (("low95", "下限", "lower end"), ("high95", "上限", "upper end")):
        yield Figure(
            f"satisfaction_{end}", f"满意度指数95%区间{zh}", f"Satisfaction index, {en} of 95 % interval", "分",
            "satisfaction",
            f"满意度指数95%置信区间（t分布，按答卷）的{zh}。",
            f"The {en} of the 95 % confidence interval of the index (Student's t, over answers).",
            ("satisfaction",), index_by_answer, better="neither", decimals=1,
            statistic="low95" if end == "low95" else "high95",
        )  # fmt: skip
    for key, zh, en, of_group in GROUPS:
        dimensions = tuple(name for name in of_group if name in asked)
        if not dimensions:
            continue
        yield Figure(
            f"satisfaction_group.{key}", zh, en, "分", "satisfaction",
            "同满意度指数，只计" + "、".join(_label(name, "zh", profile) for name in dimensions) + "。",
            "As the index, over " + ", ".join(_label(name, "en", profile).lower() for name in dimensions) + " only.",
            ("satisfaction",), partial(index_points, dimensions=dimensions),
            partial(answers, dimensions=dimensions), decimals=1,
        )  # fmt: skip
    yield Figure(
        "answers", "有效答卷", "Answers", "份", "satisfaction",
        "能算出满意度指数的答卷份数。",
        "Survey answers that have an index.",
        ("satisfaction",), answers, better="neither",
    )  # fmt: skip
    yield Figure(
        "low_answers", "低分答卷占比", "Low answers", "%", "satisfaction",
        f"满意度指数低于{_low(profile):g}分的答卷÷有效答卷。",
        f"Answers with an index below {_low(profile):g} ÷ answers.",
        ("satisfaction",), low_answers, answers, scale=100, better="lower", decimals=1,
    )  # fmt: skip


def _label(dimension: str, language: str, profile: Profile) -> str:
    column = profile.forms["satisfaction"].column(dimension)
    return column.zh if language == "zh" else column.en
