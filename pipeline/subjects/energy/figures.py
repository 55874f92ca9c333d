"""Figures of energy that ask who the customer is: by class and by kind (trades.md section 3)."""

from collections.abc import Iterable
from dataclasses import dataclass

import pandas as pd

from pipeline.base.exact import whole, whole_numbers
from pipeline.contract.facts import Facts
from pipeline.contract.figure import Figure
from pipeline.figures.catalogue import declares
from pipeline.figures.grain import MANAGER_CUSTOMER
from schemas.profile import Profile

FORM = "sales"
CLASS, KIND = "grade", "channel"  # the columns of customers that say of which class and kind one is


def energy_rows(facts: Facts) -> pd.DataFrame:
    """One row per manager, customer and tariff class of the month: manager_id, customer_id, product_id (str), energy
    (kWh), amount_yuan_charged (ten-thousandths of a yuan), and the class and kind of the customer (missing where the
    master data do not say)."""
    rows = facts.frame(FORM)
    keys = [*MANAGER_CUSTOMER, "product_id"]
    told = (
        rows[keys]
        .astype("str")
        .assign(energy=whole_numbers(rows["sold_qty"]), amount_yuan_charged=whole(rows["amount"]))
    )
    sums = told.groupby(keys, as_index=False)[["energy", "amount_yuan_charged"]].sum()
    customers = facts.master("customers").drop_duplicates("customer_id").set_index("customer_id")
    return sums.assign(**{name: sums["customer_id"].map(customers[name]) for name in (CLASS, KIND)})


@dataclass(frozen=True)
class EnergyOf:
    """The energy of the customers of one class or kind, by manager and customer."""

    column: str
    key: str

    def __call__(self, facts: Facts) -> pd.Series:
        rows = facts.once(energy_rows)
        return rows[rows[self.column] == self.key].groupby(MANAGER_CUSTOMER)["energy"].sum()


@declares
def energy_figures(profile: Profile) -> Iterable[Figure]:
    """The figures of energy (用电量) by class and by kind of customer."""
    for name, column, list_name in (("class", CLASS, "grades"), ("kind", KIND, "channels")):
        for one in profile.lists.get(list_name, ()):
            yield Figure(
                f"energy_of_{name}.{one.key}", f"{one.zh.removesuffix('客户')}客户用电量",
                f"Energy of customers: {one.en.lower()}", "千瓦时", "energy",
                f"客户档案中为“{one.zh}”的客户当月用电量。",
                f"The month's energy of the customers that the master data call: {one.en.lower()}.",
                (FORM, "customers"), EnergyOf(column, one.key), columns=(f"customers.{column}",),
            )  # fmt: skip
