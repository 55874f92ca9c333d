"""How each customer stands at the end of a month: who has it, its grade, what it holds.

The customers of this month are looked at as they stood at an earlier month's end, with the manager who has them *now*:
one that changed its manager is neither new nor lost. Of a customer whose manager had not sent the form it is not known
how it stood; one that had not joined yet held nothing, where its manager is known to have told of others.
"""

from dataclasses import dataclass

import pandas as pd

from pipeline.contract.facts import Facts
from pipeline.figures.grain import senders
from pipeline.figures.known import NOBODY, known_now
from pipeline.figures.stock import by_manager_and_customer
from pipeline.figures.there import joined_before, not_left_before
from pipeline.subjects.holdings.lines import DEPOSIT, FORM, LOAN, averages, lines
from schemas.form import CUSTOMER

AMOUNTS = ("aum", "deposits", "loans", "average")
COUNTS = (*AMOUNTS, "cards", "categories")
FLAGS = ("here", "active", "is_key", "is_valuable", "potential", "has_loan", "has_wealth")
LOWEST = 10**6  # the place of a grade that the trade does not know


def standing(facts: Facts) -> pd.DataFrame:
    """One row per customer of the month's master data, by customer_id: manager_id, told (its manager has sent the
    form), kind, place (of its grade, 0 is the best), FLAGS (bools) and COUNTS (int64; amounts in ten-thousandths of a
    yuan) at the month's end.

    `here` had joined and not left; `active` is not paused either; key and valuable are only those active.
    """
    customers = facts.master("customers").dropna(subset=[CUSTOMER, "manager_id"]).drop_duplicates(CUSTOMER)
    after = pd.Timestamp((facts.month + 1).first_day)
    here = joined_before(customers, after) & not_left_before(customers, after)
    active, grade, profile = here & (customers["status"] != "paused"), customers["grade"], facts.profile
    places = {entry.key: place for place, entry in enumerate(profile.lists.get("grades", ()))}
    told = pd.DataFrame(
        {
            "manager_id": customers["manager_id"].astype("str"),
            "told": customers["manager_id"].isin(list(senders(facts, FORM))),
            "kind": customers["kind"],
            "place": grade.map(places).fillna(LOWEST).astype("int64"),
            "here": here,
            "active": active,
            "is_key": active & grade.isin(profile.key_grades),
            "is_valuable": active & grade.isin(profile.valuable_grades),
            "potential": active & customers["potential"].fillna(False).astype(bool),
        }
    ).set_axis(pd.Index(customers[CUSTOMER].astype("str"), name=CUSTOMER))
    sums = facts.once(held_by_customer).reindex(told.index).fillna(0).astype("int64")
    told = told.join(sums.drop(columns=["wealth_products", "loan_products"]))
    return told.assign(has_wealth=sums["wealth_products"] > 0, has_loan=sums["loan_products"] > 0)


def held_by_customer(facts: Facts) -> pd.DataFrame:
    """COUNTS, and how many wealth products and loans it holds, by customer_id of those with a row (int64)."""
    rows = facts.once(lines)
    own = rows["in_aum"] & rows["is_personal"]
    parts = pd.DataFrame(
        {
            "aum": rows["balance"].where(own, 0),
            "deposits": rows["balance"].where(rows["category"] == DEPOSIT, 0),
            "loans": rows["balance"].where(rows["category"] == LOAN, 0),
            "cards": rows["cards"],
            "wealth_products": (rows["held"] & rows["is_wealth"]).astype("int64"),
            "loan_products": (rows["held"] & (rows["category"] == LOAN)).astype("int64"),
        }
    ).groupby(rows[CUSTOMER])
    held = rows[rows["held"]]
    kinds = held.drop_duplicates([CUSTOMER, "category"]).groupby(CUSTOMER)["category"].count()
    sums = parts.sum()
    told = {"average": facts.once(averages), "categories": kinds}
    return sums.assign(**{name: one.reindex(sums.index).fillna(0).astype("int64") for name, one in told.items()})


@dataclass(frozen=True)
class StandingAt:
    """How this month's customers stood at the end of the month `back` months before, as far as it is known: the columns
    of `standing`, but `manager_id` is who has them now; nobody where that month is not known."""

    back: int = 1

    def __call__(self, facts: Facts) -> pd.DataFrame:
        now, before = facts.once(standing), facts.before(self.back)
        if self.back == 0:
            return now[now["told"]]
        if before is None:
            return now.iloc[:0]
        then = before.once(standing)
        known = then[then["told"] & then.index.isin(now.index)]
        untold = list(before.once(known_now).missing.get(FORM, NOBODY))
        new = now[~now.index.isin(known.index) & self._not_yet_there(facts, before).reindex(now.index)]
        new = new[~new["manager_id"].isin(untold)]
        nothing = new.assign(**dict.fromkeys(FLAGS, False), **dict.fromkeys(COUNTS, 0))
        both = pd.concat([known, nothing])
        stood: pd.DataFrame = both.assign(manager_id=now["manager_id"].reindex(both.index)).sort_index()
        return stood

    def _not_yet_there(self, facts: Facts, before: Facts) -> pd.Series:
        """Whether each customer of this month had not joined by that month's end, or had left."""
        customers = facts.master("customers").dropna(subset=[CUSTOMER]).drop_duplicates(CUSTOMER)
        after = pd.Timestamp((before.month + 1).first_day)
        absent = ~joined_before(customers, after) | ~not_left_before(customers, after)
        return pd.Series(absent.to_numpy(dtype=bool), index=customers[CUSTOMER].astype("str"))


@dataclass(frozen=True)
class BothEnds:
    """The customers of this month of whom it is known how they stood `back` months before and how they stand now: one
    row each, by customer_id, with manager_id (now), and each of the other columns of `standing` twice, as it was
    ("_then") and as it is."""

    back: int = 1

    def __call__(self, facts: Facts) -> pd.DataFrame:
        then, now = facts.once(StandingAt(self.back)), facts.once(StandingAt(0))
        both = now.index.intersection(then.index)
        return now.loc[both].join(then.loc[both].drop(columns="manager_id").add_suffix("_then"))


def counted(rows: pd.DataFrame, chosen: pd.Series) -> pd.Series:
    """1 for each chosen row of customers, by manager and customer."""
    own = rows[chosen.to_numpy(dtype=bool)]
    return by_manager_and_customer(pd.Series(1, index=own.index, dtype="int64"), own["manager_id"])


def measured(rows: pd.DataFrame, values: pd.Series) -> pd.Series:
    """A number of each row of customers, by manager and customer."""
    return by_manager_and_customer(values, rows["manager_id"])
