"""The rows of the form as they count: each customer and product once, with what the master data say of both.

Amounts are whole ten-thousandths of a yuan (see `exact`). A product is held where it has a balance; those that have
none by nature (HELD_BY_INCOME) are held where they bring income. What a customer that has left by the month's end is
told to hold is not held any more.
"""

import pandas as pd

from pipeline.base.exact import whole
from pipeline.contract.facts import Facts
from pipeline.figures.stock import assigned
from pipeline.figures.there import not_left_before
from schemas.form import CUSTOMER

FORM, PRODUCT = "holdings", "product_id"
MONEY = ("balance", "average", "income", "cost")
DEPOSIT, LOAN, PERSONAL = "deposit", "loan", "personal"  # keys of the trade's lists
HELD_BY_INCOME = ("settlement", "collection", "custody")


def lines(facts: Facts) -> pd.DataFrame:
    """One row per customer and product: manager_id (who sent it), customer_id, product_id, MONEY (int64), cards
    (int64), category, in_aum, is_wealth, is_personal, held (bools).

    Where two managers report the same, what the manager says who has the customer counts, else the first.
    """
    rows = _once_each(facts)
    products = facts.master("products").drop_duplicates(PRODUCT).set_index(PRODUCT)
    customers = facts.master("customers").drop_duplicates(CUSTOMER)
    gone = customers[~not_left_before(customers, pd.Timestamp((facts.month + 1).first_day))][CUSTOMER]
    category = rows[PRODUCT].map(products["category"])
    here = ~rows[CUSTOMER].isin(gone)
    money = {
        name: pd.Series(whole(rows[name]), index=rows.index).where(here | (name != "balance"), 0) for name in MONEY
    }
    by_income = category.isin(HELD_BY_INCOME) & (money["income"] > 0)
    kind = rows[CUSTOMER].map(customers.set_index(CUSTOMER)["kind"])
    return pd.DataFrame(
        {
            "manager_id": rows["manager_id"].astype("str"),
            CUSTOMER: rows[CUSTOMER].astype("str"),
            PRODUCT: rows[PRODUCT].astype("str"),
            **money,
            "cards": rows["cards"].fillna(0).astype("int64"),
            "category": category,
            "in_aum": _yes(rows[PRODUCT].map(products["aum"])),
            "is_wealth": _yes(rows[PRODUCT].map(products["wealth"])),
            "is_personal": _yes(kind == PERSONAL),
            "held": here & ((money["balance"] > 0) | by_income),
        }
    )


def _once_each(facts: Facts) -> pd.DataFrame:
    rows = facts.frame(FORM)
    if not rows.duplicated([CUSTOMER, PRODUCT]).any():
        return rows.reset_index(drop=True)
    owner = rows[CUSTOMER].map(facts.once(assigned))
    others = (owner.notna() & (owner != rows["manager_id"])).to_numpy(dtype=bool)
    ordered = rows.assign(_others=others).sort_values("_others", kind="stable").drop(columns="_others")
    return ordered.drop_duplicates([CUSTOMER, PRODUCT]).sort_index().reset_index(drop=True)


def _yes(values: pd.Series) -> pd.Series:
    return values.fillna(False).astype(bool)


def averages(facts: Facts) -> pd.Series:
    """The average of each customer's products that count in AUM, whatever its kind, by customer_id; those alone who
    have any."""
    rows = facts.once(lines)
    return rows[rows["in_aum"]].groupby(CUSTOMER)["average"].sum()
