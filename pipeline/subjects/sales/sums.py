"""Sums behind the figures of sales: by category, brand and product."""

from dataclasses import replace

import pandas as pd

from pipeline.contract.facts import Facts
from pipeline.contract.listing import Sums
from pipeline.contract.shown_frames import Measure, SumFrame
from pipeline.figures.grain import add_up, sales_by_product, sales_with_product

_SOLD = ("volume", "amount_yuan")
_VOLUME = Measure("volume", share=True, better="higher")
_AMOUNT = Measure("amount_yuan", is_money=True, better="higher")
_SHORT = Measure("short", changes=False)


def _sales_by(facts: Facts, key: str) -> pd.DataFrame:
    sales = facts.once(sales_with_product)
    sums = add_up(sales if key in sales else sales.iloc[:0].assign(**{key: ""}), ["manager_id", key])
    return sums.assign(amount_yuan=sums["amount"])


def _sales_by_category(facts: Facts) -> pd.DataFrame:
    return _sales_by(facts, "category")


def _sales_by_brand(facts: Facts) -> pd.DataFrame:
    return _sales_by(facts, "brand")


def _sales_by_product(facts: Facts) -> pd.DataFrame:
    """With what was ordered and not supplied, and the customers that bought the product (a net volume above 0; coverage
    上柜率 is these ÷ active customers)."""
    sales = facts.once(sales_by_product)
    bought = sales.assign(buyers=(sales["volume"] > 0).astype("int64"), amount_yuan=sales["amount"])
    keys = ["manager_id", "product_id"]
    sums = bought.groupby(keys, observed=True)[["volume", "amount_yuan", "short", "buyers"]].sum()
    return sums.reset_index().astype(dict.fromkeys(keys, "str"))


def _named(table: pd.DataFrame, products: pd.DataFrame) -> pd.DataFrame:
    named = products.merge(table, on="product_id", how="right")
    return named.sort_values(
        ["entity_id", "volume", "product_id"], ascending=[True, False, True], ignore_index=True
    )


SUMS = {
    "sales_by_category": Sums(
        "category", _SOLD, _sales_by_category, "sales",
        shown=SumFrame("products", ("category",), (_VOLUME, _AMOUNT), needs=("sales", "products.category")),
    ),
    "sales_by_brand": Sums(
        "brand", _SOLD, _sales_by_brand, "sales",
        shown=SumFrame("products", ("brand",), (_VOLUME, _AMOUNT), needs=("sales", "products.brand")),
    ),
    "sales_by_product": Sums(
        "product_id", (*_SOLD, "short", "buyers"), _sales_by_product, "sales", _named,
        SumFrame(
            "products",
            ("product_name", "product_id", "brand", "category"),
            # a product has one price: its amount grows as its volume does
            (_VOLUME, replace(_AMOUNT, differences=True, changes=False), _SHORT),
            "product_id",
            ("sales", "products"),
        ),
    ),
}  # fmt: skip
