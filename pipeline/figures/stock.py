"""Stocks: how each customer stands at the end of a month, by forms that tell it (trait `stock`), one row a customer.

No row is not reported: such a customer is left out above and below the line. Who left in the month, or was not there
yet, stands with zeros. The start of a month is the end of the month before, of the customers that their managers have
*this* month: one that changed its manager is neither new nor lost. What a month that nobody knows said is unknown,
never what an older one said.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from pipeline.contract.facts import Facts
from pipeline.figures.grain import MANAGER_CUSTOMER
from pipeline.figures.there import not_left_before
from schemas.form import CUSTOMER, Stock

_MASTER = "customers"


def stock_of(facts: Facts, form: str) -> Stock:
    """What the rows of a form of stocks tell.

    Raises:
        ValueError: for a form that tells of none.
    """
    stock = facts.profile.forms[form].traits.stock
    if stock is None:
        raise ValueError(form)
    return stock


@dataclass(frozen=True)
class RowsAtEnd:
    """The rows of a form as each customer stands at the month's end, once each: where two managers report one, what
    the manager says who has it counts (else the first)."""

    form: str

    def __call__(self, facts: Facts) -> pd.DataFrame:
        rows = facts.frame(self.form)
        owner = rows[CUSTOMER].map(facts.once(assigned))
        others = (owner.notna() & (owner != rows["manager_id"])).to_numpy(dtype=bool)
        ordered = rows.assign(_others=others).sort_values("_others", kind="stable").drop(columns="_others")
        return ordered.drop_duplicates(CUSTOMER).sort_index()


def assigned(facts: Facts) -> pd.Series:
    """Who has each customer of the master data this month: manager_id by customer_id."""
    customers = facts.master(_MASTER)[MANAGER_CUSTOMER].dropna().astype("str").drop_duplicates(CUSTOMER)
    return customers.set_index(CUSTOMER)["manager_id"]


@dataclass(frozen=True)
class AtEnd:
    """How customers stand at the month's end, as far as it is known: by customer_id, manager_id (who has it this
    month) and the measures of the form's stock (whole numbers); zeros for those that have left by then."""

    form: str

    def __call__(self, facts: Facts) -> pd.DataFrame:
        after = pd.Timestamp((facts.month + 1).first_day)
        return _standing(self.form, facts, facts, after)


@dataclass(frozen=True)
class AtStart:
    """How the customers of this month stood at the end of the month `back` months before, as far as it is known: the
    columns of `AtEnd`; zeros for those that were not there then, nobody where that month is not known."""

    form: str
    back: int = 1

    def __call__(self, facts: Facts) -> pd.DataFrame:
        before = facts.before(self.back)
        if before is None:
            return _nobody(measures_of(facts, self.form))
        after = pd.Timestamp((before.month + 1).first_day)
        return _standing(self.form, before, facts, after)


def _standing(form: str, told: Facts, facts: Facts, after: pd.Timestamp) -> pd.DataFrame:
    """The customers that this month's master data have, as the rows of a month tell them; those without a row with
    zeros where they had not joined, or had left, before the day after its end."""
    measures = measures_of(facts, form)
    rows = told.once(RowsAtEnd(form)).set_index(CUSTOMER)[list(measures)].astype("int64")
    owners = facts.once(assigned)
    customers = facts.master(_MASTER).drop_duplicates(CUSTOMER)
    absent = (customers["joined_on"] >= after) | ~not_left_before(customers, after)
    nothing = customers.loc[absent.to_numpy(dtype=bool), CUSTOMER].astype("str")
    zeros = pd.DataFrame(
        0, index=pd.Index(nothing[~nothing.isin(rows.index)], name=CUSTOMER), columns=rows.columns
    )
    both = pd.concat([rows[rows.index.isin(owners.index)], zeros])
    both.index = both.index.astype("str").rename(CUSTOMER)
    return both.assign(manager_id=owners.reindex(both.index).to_numpy()).dropna(subset=["manager_id"]).sort_index()


def measures_of(facts: Facts, form: str) -> tuple[str, ...]:
    """The columns of a form of stocks that are counted at the month's end: the whole, then its states."""
    stock = stock_of(facts, form)
    return (stock.total, *stock.states)


def _nobody(measures: Sequence[str]) -> pd.DataFrame:
    columns = {**{name: pd.Series(dtype="int64") for name in measures}, "manager_id": pd.Series(dtype="str")}
    return pd.DataFrame(columns, index=pd.Index([], dtype="str", name=CUSTOMER))


def by_manager_and_customer(values: pd.Series, managers: pd.Series) -> pd.Series:
    """Values by customer_id, by manager_id and customer_id.

    Args:
        values: what is counted of each customer.
        managers: whose it is, by customer_id.
    """
    whose = managers.reindex(values.index).astype("str")
    index = pd.MultiIndex.from_arrays([whose.to_numpy(), values.index.astype("str")], names=MANAGER_CUSTOMER)
    return pd.Series(values.to_numpy(), index=index).sort_index()


@dataclass(frozen=True)
class NotReported:
    """The customers that should have a row at the month's end and have none: one row each, columns of the master data.

    Those of managers who sent nothing are not among them: of these nothing is known, and that is said elsewhere.
    """

    form: str

    def __call__(self, facts: Facts) -> pd.DataFrame:
        after = pd.Timestamp((facts.month + 1).first_day)
        customers = facts.master(_MASTER)
        there = customers["joined_on"].isna() | (customers["joined_on"] < after)
        there &= not_left_before(customers, after)
        told = facts.once(RowsAtEnd(self.form))
        silent = ~customers[CUSTOMER].isin(told[CUSTOMER]) & customers["manager_id"].isin(told["manager_id"])
        return customers[(there & silent).to_numpy(dtype=bool)]
