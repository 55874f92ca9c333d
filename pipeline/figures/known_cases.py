"""Cases of any form: each that a month or the months looked back on know, once, as it stood last."""

from dataclasses import dataclass

import pandas as pd

from pipeline.contract.facts import Facts
from pipeline.figures.grain import MANAGER_CUSTOMER
from schemas.form import CUSTOMER, Case, Form


def known_rows(facts: Facts, form: Form) -> pd.DataFrame:
    """The cases of a form of cases: see `known_cases_of`."""
    return known_cases_of(facts, form.key)


def known_cases_of(facts: Facts, form: str) -> pd.DataFrame:
    """Each case that this month or the months looked back on know, once (each part once), as it stood last; sorted by
    number.

    A case closed in an earlier month may be due, or be repeated, in this one: the month's own rows lack it.
    A case of an earlier month whose customer has moved stands with its new manager.
    Columns of the form and sender and source columns, and manager_before (whose it was, where it moved).
    """
    return facts.once(_Known(form))


@dataclass(frozen=True)
class _Known:
    """The cases of a form that the facts know; equal ones are worked out once."""

    form: str

    def __call__(self, facts: Facts) -> pd.DataFrame:
        declared = facts.profile.forms.get(self.form)  # None where the office does not use it: there are no rows
        case = declared.traits.case if declared else None
        months = [*sorted(facts.earlier), facts.month]
        frames = [facts.frame_of(facts.earlier[month], self.form) for month in months[:-1]] + [
            facts.frame(self.form)
        ]
        filled = [frame for frame in frames if len(frame)]
        cases = pd.concat(filled, ignore_index=True) if filled else facts.frame(self.form)
        if case is None:
            return cases.assign(manager_before=pd.Series(pd.NA, index=cases.index, dtype="str"))
        newest = cases.drop_duplicates(case.key, keep="last").sort_values(case.key, ignore_index=True)
        return _with_new_managers(newest, facts, case)


def _with_new_managers(cases: pd.DataFrame, facts: Facts, case: Case) -> pd.DataFrame:
    """Cases of earlier months with the manager who has their customer now, where that has moved; `manager_before` is
    whose they were, missing where they stay."""
    before = pd.Series(pd.NA, index=cases.index, dtype="str")
    old = cases[case.opened_on] < pd.Timestamp(facts.month.first_day)
    moved = facts.once(customers_moved)
    if not old.any() or moved.empty or CUSTOMER not in cases:
        return cases.assign(manager_before=before)
    keys = pd.MultiIndex.from_frame(cases[MANAGER_CUSTOMER].astype("str"))
    now = pd.Series(moved.reindex(keys).to_numpy(), index=cases.index, dtype="str")
    handed = old & now.notna()
    manager = cases["manager_id"].astype("str")
    return cases.assign(manager_id=manager.where(~handed, now), manager_before=before.where(~handed, manager))


def customers_moved(facts: Facts) -> pd.Series:
    """The manager who has a customer now, by the manager_id and customer_id of the master data of the months looked
    back on; only customers that have another manager now, and not that one too."""
    now = facts.master("customers")[MANAGER_CUSTOMER].dropna().astype("str")
    earlier = [
        one.masters["customers"][MANAGER_CUSTOMER] for one in facts.earlier.values() if "customers" in one.masters
    ]
    if not earlier:
        return pd.Series(dtype="str")
    then = pd.concat(earlier, ignore_index=True).dropna().astype("str").drop_duplicates()
    owner = now.drop_duplicates("customer_id").set_index("customer_id")["manager_id"]
    still = pd.MultiIndex.from_frame(then).isin(pd.MultiIndex.from_frame(now))
    told = then.assign(owner=then["customer_id"].map(owner))[~still].dropna(subset=["owner"])
    return told.set_index(MANAGER_CUSTOMER)["owner"]
