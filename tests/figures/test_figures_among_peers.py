"""Figures that hold a customer against its peers: who moved keeps what it got among all."""

import pandas as pd
import pytest

from pipeline.base.calendar import Month
from pipeline.contract.facts import Facts
from pipeline.contract.figure import Figure
from pipeline.figures.among_all import scores_among_all, scores_of_moved
from pipeline.figures.count import count_month
from tests.figures.month_builder import MonthBuilder, facts_of

JUNE = Month(2024, 6)


def scores(facts: Facts) -> pd.DataFrame:
    """The customer of a made-up contest with the most visits gets 100, each other 40."""
    visits = facts.frame("visits").groupby(["region_id", "manager_id", "customer_id"]).size()
    got = visits.map(lambda one: 100.0 if one == visits.max() else 40.0)
    return got.rename("score").reset_index()


def contest(key: str = "contest") -> Figure:
    def score(facts: Facts) -> pd.Series:
        return facts.once(scores).set_index(["manager_id", "customer_id"])["score"]

    def scored(facts: Facts) -> pd.Series:
        return facts.once(score) * 0 + 1

    return Figure(
        key, "比武", "Contest", "分", "visits", "", "", ("visits",), score, scored, among_all=scores
    )  # fmt: skip


def month(labels: tuple[str, str] = ("M1", "M1")) -> MonthBuilder:
    regions = {"M1": "R1", "M2": "R1", **dict.fromkeys(labels, "R1")}
    built = MonthBuilder(JUNE, regions)
    return built.visit("M2", "C3", 1).visit("M2", "C3", 2).visit(labels[0], "C1", 3).visit(labels[1], "C2", 4)


def test_who_moved_keeps_what_it_got_among_all_customers():
    everybody = scores_among_all(facts_of(month()), [contest()])
    assert everybody.set_index("customer_id")["score"].to_dict() == {"C1": 40.0, "C2": 40.0, "C3": 100.0}
    label = "M1\x1fM2\x1fM1"  # C1 and C2 moved from M1 to M2: by themselves each would be the best of all
    pairs = pd.DataFrame(
        [("M1", "C1", "M2", "M1"), ("M1", "C2", "M2", "M1")],
        columns=["manager_id", "customer_id", "manager_now", "manager_other"],
    )
    alone = MonthBuilder(JUNE, {label: "R1"}).visit(label, "C1", 3).visit(label, "C2", 4)
    facts = facts_of(alone)
    counts = count_month(facts, [contest()])
    assert counts.by_manager["numerator"].tolist() == [2_000_000]
    told = scores_of_moved(counts, everybody, pairs, facts, [contest()]).by_manager
    assert told[["manager_id", "numerator", "denominator"]].values.tolist() == [[label, 800_000, 20_000]]


@pytest.mark.parametrize("keys", [("contest",), ("contest", "second")])
def test_each_figure_by_peers_has_its_own_scores(keys):
    found = scores_among_all(facts_of(month()), [contest(key) for key in keys])
    assert found.groupby("figure").size().to_dict() == dict.fromkeys(keys, 3)


def test_without_such_a_figure_there_are_no_scores():
    assert scores_among_all(facts_of(month()), []).empty
