"""What is outstanding: of every contract to date, what came in for it and what did not.

A contract is of the manager who has its customer this month; of a customer that nobody has any more, of the manager who
sent it. Money for a contract that nobody knows stands by itself, below zero, with who received it: so that what is
outstanding is all contracts less all receipts.

Unknown is not zero: of the customers of a manager who has not sent contracts and receipts of every month since the
first nobody knows what is outstanding, and of nobody's where a whole month between is missing.
"""

import pandas as pd

from pipeline.base.calendar import Month
from pipeline.base.exact import TEN_THOUSANDTHS, whole
from pipeline.contract.facts import Facts
from pipeline.figures.grain import regions_by_manager
from pipeline.figures.known import NOBODY, known_now
from pipeline.figures.stock import assigned
from schemas.form import CUSTOMER

CONTRACTS, RECEIPTS = "contracts", "receipts"
_NO_DAY = pd.Timestamp("NaT")
_COLUMNS = [
    "contract_no", CUSTOMER, "manager_id", "signed_on", "due_on", "amount", "received", "rest", "is_contract",
    "source_file", "source_sheet", "source_row",
]  # fmt: skip


def accounts(facts: Facts) -> pd.DataFrame:
    """One row per contract known by the month's end, and per number of receipts without one: contract_no, customer_id,
    manager_id (who has it now), signed_on, due_on, amount, received to date, rest (all ten-thousandths of a yuan),
    is_contract, source columns. Without those of which it is not known."""
    contracts = with_holder(facts, facts.frame(CONTRACTS)).assign(is_contract=True)
    receipts = with_holder(facts, facts.frame(RECEIPTS))
    loose = receipts[receipts[CUSTOMER].isna()].drop_duplicates(
        "contract_no"
    )  # of the others' contracts it is known
    loose = loose.assign(amount=0.0, signed_on=loose["received_on"], due_on=_NO_DAY, is_contract=False)
    rows = pd.concat([one for one in (contracts, loose) if len(one)] or [contracts], ignore_index=True)
    paid = pd.Series(whole(receipts["amount"]), dtype="int64").groupby(receipts["contract_no"].to_numpy()).sum()
    amount = pd.Series(whole(rows["amount"]), index=rows.index, dtype="int64")
    received = rows["contract_no"].map(paid).fillna(0).astype("int64")
    told = rows.assign(amount=amount, received=received, rest=amount - received)
    known = known_of(facts, rows, facts.once(untold_since_the_first))
    return told[known].reindex(columns=_COLUMNS).reset_index(drop=True)


def with_holder(facts: Facts, rows: pd.DataFrame) -> pd.DataFrame:
    """Rows with the manager who has their customer now; else who sent them."""
    customers = rows.get(CUSTOMER, pd.Series(pd.NA, index=rows.index, dtype="str"))
    holder = customers.map(facts.once(assigned))
    return rows.assign(**{CUSTOMER: customers, "manager_id": holder.where(holder.notna(), rows["manager_id"])})


def known_of(facts: Facts, rows: pd.DataFrame, untold: tuple[frozenset[str], frozenset[str]] | None) -> pd.Series:
    """Which rows are of customers and managers of whom all is known."""
    if untold is None:
        return pd.Series(False, index=rows.index)
    customers, managers = untold
    theirs = rows[CUSTOMER].isin(list(customers)) | (
        rows[CUSTOMER].isna() & rows["manager_id"].isin(list(managers))
    )
    return ~theirs & ~rows["manager_id"].isin(list(missing_in(facts)))


def untold_since_the_first(facts: Facts) -> tuple[frozenset[str], frozenset[str]] | None:
    """The customers, and the managers, of whom contracts or receipts of some month since the first are not known; None
    where of a whole month nothing is."""
    first = min(facts.earlier, default=facts.month)
    return untold_since(facts, first)


def untold_this_year(facts: Facts) -> tuple[frozenset[str], frozenset[str]] | None:
    """The same of the months of the year that are known at all: what a year has begun with is not looked for."""
    january = Month(facts.month.year, 1)
    first = min((one for one in facts.earlier if one >= january), default=facts.month)
    return untold_since(facts, first)


def untold_since(facts: Facts, first: Month) -> tuple[frozenset[str], frozenset[str]] | None:
    """The same since a month."""
    back = [facts if not step else facts.before(step) for step in range(facts.month - first + 1)]
    known = [one for one in back if one is not None]
    if len(known) < len(back):
        return None
    customers = NOBODY.union(*(one.once(_customers_untold) for one in known))
    return customers, NOBODY.union(*(missing_in(one) for one in known))


def missing_in(facts: Facts) -> frozenset[str]:
    """The managers who have not sent contracts, or not receipts, of the month."""
    missing = facts.once(known_now).missing
    return missing.get(CONTRACTS, NOBODY) | missing.get(RECEIPTS, NOBODY)


def _customers_untold(facts: Facts) -> frozenset[str]:
    owners = facts.once(assigned)
    return frozenset(owners.index[owners.isin(list(missing_in(facts)))])


def managers_told(facts: Facts, untold: tuple[frozenset[str], frozenset[str]] | None) -> pd.Index:
    """The managers whose own months are all known, who therefore have 0 where they have no account."""
    managers = facts.once(regions_by_manager).index
    return managers[:0] if untold is None else managers[~managers.isin(list(untold[1]))]


def past_due(facts: Facts) -> pd.DataFrame:
    """The accounts not paid in full whose day is over by the month's end."""
    rows = facts.once(accounts)
    return rows[(rows["rest"] > 0) & (rows["due_on"] < pd.Timestamp(facts.month.last_day))]


def in_yuan(ten_thousandths: pd.Series, managers: pd.Series, told: pd.Index) -> pd.Series:
    """Amounts of rows in yuan, by manager; 0 for those who have told all and have none."""
    sums = ten_thousandths.groupby(managers.astype("str")).sum()
    return sums.reindex(sums.index.union(told), fill_value=0).rename_axis("manager_id") / TEN_THOUSANDTHS
