"""The bridge of a stock from the start of a month to its end, customer by customer: start + what came in − what went
out = end, for the whole and for each of its states. Where the movements and the state reported disagree, the difference
is a line of its own, never hidden.

Only customers are in it of which the start, the movements and the end are known.
"""

from dataclasses import dataclass

import pandas as pd

from pipeline.contract.facts import Facts
from pipeline.figures.flow import Moved, Untold, flow_of
from pipeline.figures.stock import AtEnd, AtStart, by_manager_and_customer, stock_of
from schemas.form import Flow, Stock

START, UNEXPLAINED, END = "start", "unexplained", "end"
# What leads from the end of the month before, as it was reported, to the start: customers that changed managers, and
# those of whom the movements or the end are not known.
PREVIOUS, MOVED_IN, MOVED_OUT, LEFT_OUT = "previous", "moved_in", "moved_out", "not_reported"


def accounts(stock: Stock) -> tuple[str, ...]:
    """What is bridged: the whole, and each state."""
    return (stock.total, *stock.states)


def lines(account: str, flow: Flow, stock: Stock) -> dict[str, tuple[tuple[str, str, int], ...]]:
    """The kinds of movements that lead into an account or out of it: for each the (kind, from, sign) that it sums.

    Of the whole those that lead across its border; a kind stands once, in or out.
    """
    inside = stock.states if account == stock.total else (account,)
    found: dict[str, list[tuple[str, str, int]]] = {}
    for kind, source, to in flow.moves:
        sign = int(to in inside) - int(source in inside)
        if sign:
            found.setdefault(kind, []).append((kind, source, sign))
    return {kind: tuple(some) for kind, some in found.items()}


@dataclass(frozen=True)
class BridgeTable:
    """One row per customer of which both ends and the movements are known: by customer_id, manager_id, and a column
    "account.line" for each account and line (whole numbers, out of it negative)."""

    form: str

    def __call__(self, facts: Facts) -> pd.DataFrame:
        flow = flow_of(facts, self.form)
        stock = stock_of(facts, flow.of)
        start, end = facts.once(AtStart(flow.of)), facts.once(AtEnd(flow.of))
        untold = facts.once(Untold(self.form))
        customers = start.index.intersection(end.index).difference(pd.Index(sorted(untold), dtype="str"))
        moved = facts.once(Moved(self.form))
        moved = moved[moved.index.get_level_values(0).isin(customers)]
        columns: dict[str, pd.Series] = {"manager_id": start["manager_id"].reindex(customers)}
        for account in accounts(stock):
            columns |= _account(account, flow, stock, (start, end), moved, customers)
        return pd.DataFrame(columns, index=customers)


def _account(
    account: str,
    flow: Flow,
    stock: Stock,
    ends: tuple[pd.DataFrame, pd.DataFrame],
    moved: pd.Series,
    customers: pd.Index,
) -> dict[str, pd.Series]:
    start, end = (one[account].reindex(customers).astype("int64") for one in ends)
    found = {START: start}
    for kind, parts in lines(account, flow, stock).items():
        sums = [sign * _of_kind(moved, one, source) for one, source, sign in parts]
        total = pd.concat(sums).groupby(level=0).sum() if sums else pd.Series(dtype="int64")
        found[kind] = total.reindex(customers).fillna(0).astype("int64")
    computed = sum(found.values(), start=pd.Series(0, index=customers, dtype="int64"))
    return {f"{account}.{name}": one for name, one in (found | {UNEXPLAINED: end - computed, END: end}).items()}


def _of_kind(moved: pd.Series, kind: str, source: str) -> pd.Series:
    chosen = (moved.index.get_level_values(1) == kind) & (moved.index.get_level_values(2) == source)
    return moved[chosen].groupby(level=0).sum()


@dataclass(frozen=True)
class BridgeLine:
    """A line of an account, by manager and customer; every customer of the bridge is there, with 0 too."""

    form: str
    account: str
    line: str

    def __call__(self, facts: Facts) -> pd.Series:
        table = facts.once(BridgeTable(self.form))
        return by_manager_and_customer(table[f"{self.account}.{self.line}"], table["manager_id"])


@dataclass(frozen=True)
class LeadInTable:
    """From the end of the month before, as reported, to the start of the bridge: one row per customer and line, with
    customer_id, manager_id, line and quantity (out of it negative).

    A customer that changed its manager stands twice: moved out with the one, moved in with the other.
    """

    form: str

    def __call__(self, facts: Facts) -> pd.DataFrame:
        flow = flow_of(facts, self.form)
        total, before = stock_of(facts, flow.of).total, facts.before()
        start = facts.once(AtStart(flow.of))[[total, "manager_id"]].rename(columns={total: "quantity"})
        known = facts.once(BridgeTable(self.form)).index
        then = start.iloc[:0] if before is None else before.once(AtEnd(flow.of))
        then = then.rename(columns={total: "quantity"})[["quantity", "manager_id"]]
        now = start["manager_id"].reindex(then.index)
        moved = then[now.notna() & (now != then["manager_id"])]
        gone = then[now.isna()]
        frames = [
            then.assign(line=PREVIOUS),
            moved.assign(line=MOVED_OUT, quantity=-moved["quantity"]),
            moved.assign(line=MOVED_IN, manager_id=now.reindex(moved.index)),
            gone.assign(line=LEFT_OUT, quantity=-gone["quantity"]),
            start[~start.index.isin(known)].assign(line=LEFT_OUT, quantity=lambda rows: -rows["quantity"]),
        ]
        return pd.concat([one.reset_index() for one in frames], ignore_index=True)


@dataclass(frozen=True)
class LeadIn:
    """One of the lines of `LeadInTable`, by manager and customer; 0 for those whose start is known otherwise."""

    form: str
    line: str

    def __call__(self, facts: Facts) -> pd.Series:
        rows = facts.once(LeadInTable(self.form))
        chosen = rows[rows["line"] == self.line]
        every = pd.concat([chosen, rows.assign(quantity=0)])
        keys = [every["manager_id"].astype("str"), every["customer_id"].astype("str")]
        return every["quantity"].astype("int64").groupby(keys).sum()
