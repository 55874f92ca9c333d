"""Energy behind the figures: by tariff class, by class and kind of customer; customers that use far less or more."""

import numpy as np
import pandas as pd

from pipeline.contract.facts import Facts
from pipeline.contract.listing import Listing, Sums
from pipeline.contract.shown_frames import ListFrame, Measure, SumFrame
from pipeline.figures.grain import MANAGER_CUSTOMER
from pipeline.figures.named import named
from pipeline.subjects.energy.figures import CLASS, FORM, KIND, energy_rows

MOVED = "energy_moved_percent"  # the profile's change since last month that makes a customer worth a line
_COLUMNS = ["region_id", "manager_id", "customer_id", "customer_name", CLASS, KIND, "energy", "energy_before",
            "energy_difference", "energy_change"]  # fmt: skip
_MEASURES = ("energy", "amount_yuan_charged")


def energy_moved(facts: Facts) -> pd.DataFrame:
    """One row per customer whose energy is some percent (a limit of the profile) more or less than last month's, of the
    customers told of in both months: _COLUMNS; no rows where the month before is not known."""
    before, limit = facts.before(), facts.profile.thresholds.get(MOVED)
    rows = facts.once(energy_rows).groupby(MANAGER_CUSTOMER, as_index=False)["energy"].sum()
    past = None if before is None else before.once(energy_rows).groupby("customer_id")["energy"].sum()
    base = pd.Series(np.nan, index=rows.index) if past is None else rows["customer_id"].map(past).astype("float64")
    difference = rows["energy"] - base
    change = 100 * difference / base.where(base > 0)
    told = rows.assign(energy_before=base, energy_difference=difference, energy_change=change)
    many = told["energy_change"].abs() >= (np.inf if limit is None else limit)
    return named(told[many], facts).reindex(columns=_COLUMNS)


def _by(facts: Facts, key: str) -> pd.DataFrame:
    rows = facts.once(energy_rows).dropna(subset=[key])
    return rows.groupby(["manager_id", key])[list(_MEASURES)].sum().reset_index()


def _by_tariff(facts: Facts) -> pd.DataFrame:
    return _by(facts, "product_id")


def _by_class(facts: Facts) -> pd.DataFrame:
    return _by(facts, CLASS)


def _by_kind(facts: Facts) -> pd.DataFrame:
    return _by(facts, KIND)


_SHOWN = (
    Measure("energy", figure="energy", share=True, better="higher"),
    Measure("amount_yuan_charged", is_money=True, better="higher"),
)
LISTS = {
    "energy_moved": Listing(
        energy_moved, ("energy_difference", "customer_id"), frozenset(),
        ListFrame(
            ("customer_id", "customer_name", CLASS, KIND, "manager_id", "energy", "energy_before",
             "energy_difference", "energy_change"),
            needs=(FORM,), form=FORM,
            styles=(("energy", "number0"), ("energy_before", "number0"), ("energy_difference", "change_number"),
                    ("energy_change", "change_number")),
        ),
        rules=("customer_energy_fell",),
    ),
}  # fmt: skip
SUMS = {
    "energy_by_tariff": Sums(
        "product_id", _MEASURES, _by_tariff, FORM, shown=SumFrame(FORM, ("product_id",), _SHOWN, needs=(FORM,))
    ),
    "energy_by_class": Sums(
        CLASS, _MEASURES, _by_class, FORM,
        shown=SumFrame("customers", (CLASS,), _SHOWN, needs=(FORM, f"customers.{CLASS}")),
    ),
    "energy_by_kind": Sums(
        KIND, _MEASURES, _by_kind, FORM,
        shown=SumFrame("customers", (KIND,), _SHOWN, needs=(FORM, f"customers.{KIND}")),
    ),
}  # fmt: skip
