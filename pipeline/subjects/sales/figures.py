"""Figures of sales (domain.md section 4): volume, amount, ordering customers, shares.

Volumes are net of returns and in cartons; amounts are net and in yuan.
"""

from collections.abc import Iterable
from functools import partial

import pandas as pd

from pipeline.base.exact import TEN_THOUSANDTHS
from pipeline.contract.facts import Facts
from pipeline.contract.figure import Figure
from pipeline.figures.catalogue import declares
from pipeline.figures.grain import (
    MANAGER_CUSTOMER,
    active_by_customer,
    bought_by_customer,
    sales_by_customer,
    sales_by_product,
    sales_with_product,
)
from pipeline.figures.members import among
from schemas.profile import Entry, Profile


def volume(facts: Facts) -> pd.Series:
    """Cartons sold by customer."""
    return facts.once(_by_customer)["volume"]


def amount_yuan(facts: Facts) -> pd.Series:
    """Yuan sold by customer."""
    return facts.once(_by_customer)["amount"] / TEN_THOUSANDTHS


def ordering(facts: Facts) -> pd.Series:
    """1 for each customer with a net <volume> above 0."""
    volumes = volume(facts)
    return (volumes[volumes > 0] > 0).astype("int64")


def active_ordering(facts: Facts) -> pd.Series:
    """1 for each active customer with a net <volume> above 0, whoever sold to it, for the manager that has it."""
    here = facts.once(active_by_customer)
    bought = facts.once(bought_by_customer).index
    return here[among(here.index.get_level_values("customer_id"), bought)]


def active(facts: Facts) -> pd.Series:
    """1 for each active customer."""
    return facts.once(active_by_customer)


def category_volume(facts: Facts, category: str) -> pd.Series:
    """Cartons of one category by manager."""
    sales = facts.once(sales_with_product)
    return _volume_by_manager(sales[sales["category"] == category])


def key_brand_volume(facts: Facts) -> pd.Series:
    """Cartons of key brands by manager."""
    sales = facts.once(sales_with_product)
    return _volume_by_manager(sales[sales["is_key"]])


def stock_by_customer(facts: Facts) -> pd.Series:
    """Closing stock (cartons, all products) of each customer that reported any."""
    stocked = facts.once(sales_by_product).dropna(subset=["stock"])
    sums = stocked.groupby(MANAGER_CUSTOMER, observed=True)["stock"].sum().reset_index()
    return sums.astype(dict.fromkeys(MANAGER_CUSTOMER, "str")).set_index(MANAGER_CUSTOMER)["stock"]


def volume_of_stocked(facts: Facts) -> pd.Series:
    """Cartons sold to each customer that reported stock."""
    volumes = volume(facts)
    return volumes[volumes.index.isin(facts.once(stock_by_customer).index)]


def _by_customer(facts: Facts) -> pd.DataFrame:
    return facts.once(sales_by_customer).set_index(MANAGER_CUSTOMER)


def _volume_by_manager(sales: pd.DataFrame) -> pd.Series:
    by_manager = sales.groupby("manager_id", observed=True)["volume"].sum()
    by_manager.index = by_manager.index.astype("str")
    return by_manager


@declares
def sales_figures(profile: Profile) -> Iterable[Figure]:
    """The figures of sales (销售): volume, amount, customers, targets."""
    yield Figure(
        "ordering_customers", "订货户数", "Ordering customers", "户", "sales",
        "当月净<volume>大于0的户数；各级和累计均按户去重，客户经理各行相加可能大于合计。",
        "Customers with a net <volume> above 0; each counts once in every entity and over several months, so the rows "
        "of managers need not add up.",
        ("sales",), ordering, over_time="distinct",
    )  # fmt: skip
    yield Figure(
        "ordering_rate", "订货率", "Ordering rate", "%", "sales",
        "在网户中当月净<volume>大于0（不论向谁订货）的户数÷在网户数。在网户：当月至少有一天可以订货的客户"
        "（月末前<join>、月初前未<leave>、未停业），计入其主数据中的客户经理。",
        "Active customers that ordered, whoever sold to them, ÷ active customers: those that could order on at least "
        "one day of the month (joined by its end, not left before its start, not paused); each counts for the manager "
        "that has it in the master data.",
        ("sales", "customers"), active_ordering, active, scale=100, decimals=1,
    )  # fmt: skip
    yield Figure(
        "volume_per_customer", "户均<volume>", "<Volume> per ordering customer", "<unit>/户", "sales",
        "<volume>÷订货户数；各级和累计、各期均按户去重。",
        "<Volume> ÷ ordering customers, each of which counts once in every entity and over several months.",
        ("sales",), volume, ordering, decimals=1, once_denominator="ordering_customers",
    )  # fmt: skip
    yield Figure(
        "stock_to_sales", "存销比", "Stock-to-sales ratio", "倍", "sales",
        f"期末库存÷<volume>，只计填报了库存的客户；高于{profile.thresholds.get('stock_to_sales_high', 3.5):g}须关注。",
        "Closing stock ÷ <volume> of the customers that reported stock; watched above "
        f"{profile.thresholds.get('stock_to_sales_high', 3.5):g}.",
        ("sales",), stock_by_customer, volume_of_stocked, better="lower", decimals=2, over_period="stock",
    )  # fmt: skip
    for category in profile.lists.get("categories", ()):
        yield _category_share(category)
    yield Figure(
        "key_brand_share", "重点<brand>占比", "Key-<brand> share", "%", "sales",
        "重点<brand><volume>÷总<volume>。",
        "<Volume> of key <many brand> ÷ <volume>.",
        ("sales", "products"), key_brand_volume, volume, scale=100, decimals=1, of_products=_is_key,
    )  # fmt: skip


def _category_share(category: Entry) -> Figure:
    return Figure(
        f"category_share.{category.key}", f"{category.zh}占比", f"Share of {category.en.lower()}", "%", "sales",
        f"{category.zh}<volume>÷总<volume>。",
        f"<Volume> of {category.en.lower()} ÷ <volume>.",
        ("sales", "products"), partial(category_volume, category=category.key), volume,
        scale=100, better="neither", decimals=1, of_products=partial(_is_of, category=category.key),
    )  # fmt: skip


def _is_key(products: pd.DataFrame) -> pd.Series:
    return products["is_key"].fillna(False).astype(bool)


def _is_of(products: pd.DataFrame, category: str) -> pd.Series:
    return products["category"].eq(category).fillna(False).astype(bool)
