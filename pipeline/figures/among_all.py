"""Figures that hold a customer against its peers (`Figure.among_all`): customers that moved keep what they got among
all others, as those who moved alone are not their peers."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

import pandas as pd

from pipeline.base.exact import TEN_THOUSANDTHS, stacked, whole
from pipeline.contract.facts import Facts
from pipeline.contract.figure import Figure
from pipeline.figures.count import MonthCounts
from pipeline.figures.grain import MANAGER_CUSTOMER, senders
from pipeline.figures.known import form_of
from pipeline.figures.whose_rows import MOVED_REGION, label_of

SCORE_COLUMNS = ("figure", "region_id", *MANAGER_CUSTOMER, "score")


def scores_among_all(facts: Facts, figures: Iterable[Figure]) -> pd.DataFrame:
    """What each customer of a month got, with SCORE_COLUMNS; no rows where no figure holds customers against peers."""
    found = [facts.once(one.among_all).assign(figure=one.key) for one in figures if one.among_all is not None]
    if not found:
        return pd.DataFrame(columns=list(SCORE_COLUMNS), dtype="str").astype({"score": "float64"})
    return stacked(found)[list(SCORE_COLUMNS)].astype({"figure": "str"})


def scores_of_moved(
    counts: MonthCounts, scores: pd.DataFrame, pairs: pd.DataFrame, facts: Facts, figures: Sequence[Figure]
) -> MonthCounts:
    """What is counted of customers that moved, with the scores that they got among all others.

    Args:
        counts: by label, see `figures.comparable`; `facts` are what they were counted from.
        scores: of all customers of the month, see `scores_among_all`.
        pairs: the customers that moved, see `figures.comparable.moved_pairs`.
    """
    for figure in figures:
        if figure.among_all is not None:
            own = scores[scores["figure"] == figure.key]
            counts = _of_moved(counts, own, pairs, senders(facts, form_of(figure)), figure)
    return counts


def _of_moved(
    counts: MonthCounts, scores: pd.DataFrame, pairs: pd.DataFrame, told: frozenset[str], figure: Figure
) -> MonthCounts:
    """`told` are the labels of which the figure's form is known."""
    labelled = pairs[MANAGER_CUSTOMER].assign(label=label_of(pairs))
    got = scores.merge(labelled, on=MANAGER_CUSTOMER)
    got = got[got["label"].isin(told)]
    sums = got.assign(numerator=whole(got["score"]), denominator=TEN_THOUSANDTHS)
    sums = sums.groupby("label", as_index=False)[["numerator", "denominator"]].sum()
    named = sums.assign(region_id=MOVED_REGION, manager_id=sums["label"], figure=figure.key, has_denominator=True)
    rows = counts.by_manager
    own = named[list(rows.columns)].astype(rows.dtypes.to_dict())
    others = rows[rows["figure"] != figure.key]
    keys = ["region_id", "manager_id", "figure"]
    by_manager = pd.concat([others, own], ignore_index=True).sort_values(keys, ignore_index=True)
    return replace(counts, by_manager=by_manager)
