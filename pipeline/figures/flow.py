"""What moves stocks: rows that take part of a customer's stock from one state to another (trait `flow`)."""

from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from pipeline.contract.facts import Facts
from pipeline.figures.known import NOBODY, known_now
from pipeline.figures.stock import assigned
from schemas.form import CUSTOMER, Flow


def flow_of(facts: Facts, form: str) -> Flow:
    """What the rows of a form of movements tell.

    Raises:
        ValueError: for a form that tells of none.
    """
    flow = facts.profile.forms[form].traits.flow
    if flow is None:
        raise ValueError(form)
    return flow


def losses(flow: Flow, states: Sequence[str]) -> tuple[str, ...]:
    """The kinds of movements that lead out of a stock of these states."""
    return tuple(dict.fromkeys(kind for kind, _, to in flow.moves if to not in states))


@dataclass(frozen=True)
class Moved:
    """What moved in the month, by customer_id, kind and from: whole numbers."""

    form: str

    def __call__(self, facts: Facts) -> pd.Series:
        flow, rows = flow_of(facts, self.form), facts.frame(self.form)
        keyed = rows[[CUSTOMER, flow.kind, flow.source, flow.quantity]].dropna()
        keys = [keyed[name].astype("str") for name in (CUSTOMER, flow.kind, flow.source)]
        return keyed[flow.quantity].astype("int64").groupby(keys).sum().rename("moved")


@dataclass(frozen=True)
class Untold:
    """The customers of whom it is not known what moved in the month, as their manager has not sent the form."""

    form: str

    def __call__(self, facts: Facts) -> frozenset[str]:
        missing = facts.once(known_now).missing.get(self.form, NOBODY)
        if not missing:
            return NOBODY
        owners = facts.once(assigned)
        return frozenset(owners.index[owners.isin(missing)])


@dataclass(frozen=True)
class Lost:
    """What each customer lost in the month and the `back` − 1 months before, by customer_id: whole numbers.

    Only those who lost something are there; `Known` tells of whom nothing is known.
    """

    form: str
    back: int = 1

    def __call__(self, facts: Facts) -> pd.Series:
        months = [facts, *(facts.before(step) for step in range(1, self.back))]
        states = _states(facts, self.form)
        kinds = losses(flow_of(facts, self.form), states)
        found = [one.once(Moved(self.form)) for one in months if one is not None]
        lost = [moved[moved.index.get_level_values(1).isin(kinds)].groupby(level=0).sum() for moved in found]
        whole = pd.concat(lost) if len(lost) > 1 else lost[0]
        return whole.groupby(level=0).sum().astype("int64")


@dataclass(frozen=True)
class UntoldSince:
    """The customers of whom it is not known what they lost in the month and the `back` − 1 months before; None where
    one of these months is not known at all."""

    form: str
    back: int = 1

    def __call__(self, facts: Facts) -> frozenset[str] | None:
        months = [facts, *(facts.before(step) for step in range(1, self.back))]
        known = [one for one in months if one is not None]
        if len(known) < len(months):
            return None
        return NOBODY.union(*(one.once(Untold(self.form)) for one in known))


def _states(facts: Facts, form: str) -> tuple[str, ...]:
    stock = facts.profile.forms[flow_of(facts, form).of].traits.stock
    return () if stock is None else stock.states
