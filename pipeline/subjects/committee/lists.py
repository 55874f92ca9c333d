"""What stands behind the committee's list: its orders and needs, and problems of which there are three of a kind."""

import pandas as pd

from pipeline.contract.facts import Facts
from pipeline.contract.listing import AddedUp, Listing
from pipeline.figures.grain import regions_by_manager
from pipeline.figures.known_cases import known_cases_of
from pipeline.subjects.committee.agenda import NEEDS, agenda
from pipeline.subjects.complaints.cases import cases_of

TYPICAL = 3  # threshold `typical_problem`: so many of a kind in a month are a typical problem
_KINDS = ["region_id", "manager_id", "item", "category", "what", "number", "prevention", "least"]
_TYPICAL = ["item", "category", "what", "cases", "regions", "prevention"]


def kinds_of_problems(facts: Facts) -> pd.DataFrame:
    """One row per order received and need raised in the month: what kind of problem it is (`item`, `category`, `what`:
    an order's cause, else what it says; of needs the topic is enough), and the prevention that needs propose: the
    need's own, of an order those of its customer's needs."""
    least = int(facts.profile.thresholds.get("typical_problem", TYPICAL))
    needs = known_cases_of(facts, NEEDS)
    told = needs.dropna(subset=["prevention"])
    by_customer = told.groupby("customer_id")["prevention"].agg(lambda one: "；".join(dict.fromkeys(one)))
    orders = cases_of(facts, "received_on")
    cause = orders["cause"] if "cause" in orders else orders["description"]
    kinds = orders.assign(
        item="order",
        number=orders["complaint_no"],
        what=cause.where(cause.notna(), orders["description"]).astype("str").str.strip(),
        prevention=orders["customer_id"].map(by_customer).astype("str"),
    )
    days = pd.Timestamp(facts.month.first_day), pd.Timestamp(facts.month.last_day)
    raised = needs[needs["raised_on"].between(*days)]
    raised = raised.assign(item="need", number=raised["need_no"], category=raised["topic"], what=None)
    rows = pd.concat(
        [one.reindex(columns=_KINDS) for one in (kinds, raised) if len(one)] or [kinds.reindex(columns=_KINDS)]
    )
    regions = rows["manager_id"].map(facts.once(regions_by_manager)).astype("str")
    texts = {name: rows[name].astype("str") for name in ("item", "category", "what", "number", "prevention")}
    return rows.assign(region_id=regions, least=least, **texts).reset_index(drop=True)


def typical_problems(kinds: pd.DataFrame) -> pd.DataFrame:
    """One row per kind of problem of which there are as many as make it typical: how many, in how many regions, and
    what needs propose to prevent it; the most frequent first.

    Args:
        kinds: rows of `kinds_of_problems` of one entity.
    """
    keys = ["item", "category", "what"]
    told = kinds.assign(what=kinds["what"].fillna(""))
    grouped = told.groupby(keys, dropna=False, sort=True)
    table = grouped.agg(
        cases=("number", "nunique"), regions=("region_id", "nunique"), prevention=("prevention", _joined),
        least=("least", "max"),
    ).reset_index()  # fmt: skip
    typical = table[table["cases"] >= table["least"]]
    ordered = typical.sort_values(["cases", *keys], ascending=[False, True, True, True])
    return ordered.reindex(columns=_TYPICAL).reset_index(drop=True)


def _joined(texts: pd.Series) -> str:
    parts = [part for one in texts.dropna() for part in str(one).split("；")]
    return "；".join(sorted(dict.fromkeys(parts)))


LISTS = {
    "committee_agenda": Listing(agenda, ("gravity", "since", "item", "number")),
    "kinds_of_problems": Listing(kinds_of_problems, ("item", "category", "what", "number")),
}
ADDED_UP = {"typical_problems": AddedUp("kinds_of_problems", typical_problems)}
