"""Figures of product sales that look at products (trades.md section 4)."""

from collections.abc import Iterable
from dataclasses import dataclass

import pandas as pd

from pipeline.base.exact import TEN_THOUSANDTHS, whole
from pipeline.contract.facts import Facts
from pipeline.contract.figure import Figure
from pipeline.figures.catalogue import declares
from pipeline.figures.grain import MANAGER_CUSTOMER, sales_by_customer, sales_by_product
from schemas.profile import Profile

FORM = "sales"


def sold_to(facts: Facts) -> pd.Series:
    """1 for each customer that bought more than it gave back."""
    rows = facts.once(sales_by_customer).set_index(MANAGER_CUSTOMER)["volume"]
    return (rows[rows > 0] > 0).astype("int64")


def product_pay(facts: Facts) -> pd.Series:
    """Contracts sold × what each is paid by, yuan by manager."""
    rows = facts.once(sales_by_product)
    price = facts.master("products").drop_duplicates("product_id").set_index("product_id")["pay_per_unit"]
    paid = pd.Series(whole(price), index=price.index, dtype="int64")
    each = rows["product_id"].astype("str").map(paid).fillna(0).astype("int64")
    sums = (rows["volume"] * each).groupby(rows["manager_id"].astype("str")).sum()
    return sums.rename_axis("manager_id") / TEN_THOUSANDTHS


@dataclass(frozen=True)
class UnitsOf:
    """Contracts of one category sold, by manager."""

    category: str

    def __call__(self, facts: Facts) -> pd.Series:
        rows = facts.once(sales_by_product)
        kind = facts.master("products").drop_duplicates("product_id").set_index("product_id")["category"]
        own = rows[
            (rows["product_id"].astype("str").map(kind) == self.category).fillna(False).to_numpy(dtype=bool)
        ]
        return own["volume"].groupby(own["manager_id"].astype("str")).sum().rename_axis("manager_id")


@declares
def product_sales_figures(profile: Profile) -> Iterable[Figure]:
    """The figures of product sales: to how many customers, what it is paid by, by category."""
    yield Figure(
        "customers_sold_to", "购买客户数", "Customers sold to", profile.customer_unit, "product_sales",
        "当月净购买产品的客户数。", "Customers that bought more in the month than they gave back.",
        (FORM,), sold_to, over_time="distinct",
    )  # fmt: skip
    yield Figure(
        "product_pay", "产品计价", "Pay by product", "元", "product_sales",
        "Σ件数×产品的计价标准；与按得分计的绩效并列，仅供对照。",
        "Σ contracts × what each product is paid by; shown beside pay by score, to compare.",
        (FORM, "products"), product_pay, decimals=2, better="neither", columns=("products.pay_per_unit",),
    )  # fmt: skip
    for one in profile.lists.get("categories", ()):
        yield Figure(
            f"units_of.{one.key}", f"{one.zh}销售件数", f"Contracts sold: {one.en.lower()}", "件", "product_sales",
            f"当月销售的{one.zh}类产品件数。", f"Contracts of the category {one.en.lower()} sold in the month.",
            (FORM, "products"), UnitsOf(one.key), better="neither",
        )  # fmt: skip
