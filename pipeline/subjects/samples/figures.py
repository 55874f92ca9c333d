"""Figures of samples (trades.md section 3): how many, and their mean score, by kind."""

from collections.abc import Iterable
from functools import partial

import pandas as pd

from pipeline.base.exact import TEN_THOUSANDTHS, whole
from pipeline.contract.facts import Facts
from pipeline.contract.figure import Figure
from pipeline.figures.catalogue import declares
from pipeline.subjects.samples.marks import FORM, of_managers, samples_in
from schemas.profile import Profile
from schemas.samples import KINDS, OF_DEPARTMENT


def samples_of(facts: Facts, kind: str = "") -> pd.DataFrame:
    """The month's samples of managers, of one kind or all."""
    rows = of_managers(samples_in(facts.master(FORM), facts.month))
    return rows[rows["kind"] == kind] if kind else rows


def count(facts: Facts, kind: str = "") -> pd.Series:
    """Samples, by manager."""
    return samples_of(facts, kind).groupby("manager_id").size()


def points(facts: Facts, kind: str) -> pd.Series:
    """The sum of their scores, by manager."""
    rows = samples_of(facts, kind)
    scores = pd.Series(whole(rows["score"]), index=rows.index, dtype="int64")
    return scores.groupby(rows["manager_id"]).sum() / TEN_THOUSANDTHS


@declares
def sample_figures(profile: Profile) -> Iterable[Figure]:
    """The figures of samples (抽查); those who were not sampled have none."""
    yield Figure(
        "samples", "抽查次数", "Samples", "次", FORM,
        "当月对客户经理的工单、档案、满意度回访的抽查次数（部门考核不计）。",
        "Samples of managers' work orders, files and follow-ups in the month, without departments' marks.",
        (FORM,), count, better="neither", only_counted=True,
    )  # fmt: skip
    for kind in (one for one in KINDS if one.key != OF_DEPARTMENT):
        en = kind.en.lower()
        yield Figure(
            f"samples.{kind.key}", f"{kind.zh}抽查次数", f"Samples: {en}", "次", FORM,
            f"当月抽查的{kind.zh}次数。", f"Samples of the kind “{en}” in the month.",
            (FORM,), partial(count, kind=kind.key), better="neither", only_counted=True,
        )  # fmt: skip
        yield Figure(
            f"sample_score.{kind.key}", f"{kind.zh}抽查得分", f"Score of samples: {en}", "分", FORM,
            f"当月{kind.zh}抽查得分之和÷次数（0–100分）；季度、年度按全部抽查计算，不取各月平均。",
            f"Sum of the scores of samples of the kind “{en}” ÷ their number, 0–100; over a quarter or a year of all "
            "samples, not the mean of months.",
            (FORM,), partial(points, kind=kind.key), partial(count, kind=kind.key), decimals=1,
        )  # fmt: skip
