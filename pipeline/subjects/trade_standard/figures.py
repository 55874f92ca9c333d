"""Figures by the trade's standard YC/T 455.3-2013, and those that look back on earlier months.

A customer counts for the manager that sold to it; a customer that bought before and not now counts for the
manager that has it in this month's master data.
"""

from collections.abc import Iterable

import numpy as np
import pandas as pd

from pipeline.base.exact import sums_by_code
from pipeline.contract.facts import LOOK_BACK_MONTHS, Facts
from pipeline.contract.figure import Figure
from pipeline.figures.catalogue import declares
from pipeline.figures.grain import (
    MANAGER_CUSTOMER,
    bought_by_customer,
    ones,
    ordered_by_customer,
    sales_by_product,
    shared_codes,
)
from pipeline.figures.known import customers_untold
from pipeline.figures.members import among
from pipeline.subjects.trade_standard.brands import brand_customers, brand_customers_before, owners
from schemas.profile import Profile

_SOURCE = "YC/T 455.3-2013"
_NOTHING = pd.Series(
    dtype="int64", index=pd.MultiIndex.from_arrays([pd.Index([], dtype="str")] * 2, names=MANAGER_CUSTOMER)
)


def customers_before(facts: Facts) -> pd.Series:
    """The manager of each customer that bought in one of the three months before, by customer_id.

    Empty unless all three are known. The manager is this month's by the master data, else the last that sold.
    """
    months = facts.look_back()
    if months is None:
        return pd.Series(dtype="str", index=pd.Index([], dtype="str", name="customer_id"))
    sold = pd.concat([one.once(bought_by_customer) for one in months])
    last_seller = sold[~sold.index.duplicated()].sort_index()
    return facts.once(owners).reindex(last_seller.index).fillna(last_seller).rename("manager_id")


def _told(managers_by_customer: pd.Series, facts: Facts) -> pd.Series:
    """Without customers of whom one of the months is not known: who has not reported has not lost or won anybody."""
    untold = facts.once(customers_untold)
    if not untold:
        return managers_by_customer
    return managers_by_customer[~among(managers_by_customer.index, untold)]


def new_customers(facts: Facts) -> pd.Series:
    """1 for each customer that bought now and in none of the three months before."""
    if facts.look_back() is None:
        return _NOTHING
    now = facts.once(bought_by_customer)
    return _each(_told(now[~among(now.index, facts.once(customers_before).index)], facts))


def returning_customers(facts: Facts) -> pd.Series:
    """Of the new customers, 1 for each that joined before those three months: it paused and came back."""
    fresh = facts.once(new_customers)
    joined = facts.master("customers").drop_duplicates("customer_id").set_index("customer_id")["joined_on"]
    since = joined.reindex(fresh.index.get_level_values("customer_id")).to_numpy()
    return fresh[since < np.datetime64((facts.month + -3).first_day)]


def lost_customers(facts: Facts) -> pd.Series:
    """1 for each customer that bought in one of the three months before and not now."""
    before = facts.once(customers_before)
    return _each(_told(before[~among(before.index, facts.once(bought_by_customer).index)], facts))


def _each(managers_by_customer: pd.Series) -> pd.Series:
    """1 for each customer, by manager_id and customer_id."""
    named = managers_by_customer.rename("manager_id").rename_axis("customer_id").reset_index()
    return ones(named)


def demanding(facts: Facts) -> pd.Series:
    """1 for each customer with an order this month, where three months can be looked back on."""
    if facts.look_back() is None:
        return _NOTHING
    pairs = facts.once(ordered_by_customer)
    return pairs[~among(pairs.index.get_level_values("customer_id"), facts.once(customers_untold))]


def demanding_before(facts: Facts) -> pd.Series:
    """1 for each customer with an order in one of the three months before, for its manager of this month."""
    months = facts.look_back()
    if months is None:
        return _NOTHING
    pairs = pd.concat([one.once(ordered_by_customer).index.to_frame(index=False) for one in months])
    seller = pairs.drop_duplicates("customer_id").set_index("customer_id")["manager_id"].sort_index()
    return _each(_told(facts.once(owners).reindex(seller.index).fillna(seller), facts))


def brand_orders(facts: Facts) -> pd.Series:
    """Customers that bought each brand this month, added up over brands, by manager."""
    return facts.once(brand_customers).groupby("manager_id").sum()


def brand_orders_before(facts: Facts) -> pd.Series:
    """Customers that bought each brand in the three months before, each once, added up over brands, by
    this month's manager."""
    return facts.once(brand_customers_before).groupby("manager_id").sum()


def stock_moves(facts: Facts) -> pd.DataFrame:
    """One row per manager, customer and product whose stock is known at both ends of the month.

    Columns: manager_id (categorical), available (opening stock + supplied), sold_on (available − closing
    stock), in cartons. The opening stock is the closing stock of the month before.
    """
    before = facts.before()
    if before is None:
        return pd.DataFrame(columns=["manager_id", "available", "sold_on"])
    frames = [one.once(sales_by_product).dropna(subset=["stock"]) for one in (facts, before)]
    customers, _ = shared_codes(frames, "customer_id")
    products, names = shared_codes(frames, "product_id")
    now, opening = (customer * len(names) + product for customer, product in zip(customers, products, strict=True))
    known, place = np.unique(opening, return_index=True)
    found = np.searchsorted(known, now).clip(0, max(len(known) - 1, 0))
    both = known[found] == now if len(known) else np.zeros(len(now), dtype=bool)
    rows = frames[0][both]
    opening_stock = frames[1]["stock"].to_numpy()[place[found[both]]]
    supplied = rows["volume"] + opening_stock
    return pd.DataFrame(
        {"manager_id": rows["manager_id"], "available": supplied, "sold_on": supplied - rows["stock"]}
    )


def sold_on(facts: Facts) -> pd.Series:
    """Opening stock + supplies − closing stock, cartons by manager."""
    return facts.once(stock_moves).groupby("manager_id", observed=True)["sold_on"].sum()


def available(facts: Facts) -> pd.Series:
    """Opening stock + supplies, cartons by manager."""
    return facts.once(stock_moves).groupby("manager_id", observed=True)["available"].sum()


def order_rows(facts: Facts) -> pd.Series:
    """Order rows by manager: rows with something ordered."""
    return _rows_by_manager(facts, facts.frame("sales")["ordered_qty"].fillna(0) > 0)


def unsupplied_rows(facts: Facts) -> pd.Series:
    """Order rows with nothing supplied, by manager."""
    lines = facts.frame("sales")
    return _rows_by_manager(facts, (lines["ordered_qty"].fillna(0) > 0) & (lines["sold_qty"].fillna(0) <= 0))


def _rows_by_manager(facts: Facts, chosen: pd.Series) -> pd.Series:
    codes, managers = pd.factorize(facts.frame("sales")["manager_id"], sort=True)
    counts = sums_by_code(codes, chosen.to_numpy(dtype="int64"), len(managers))
    return pd.Series(counts, index=pd.Index(managers, dtype="str"))


@declares
def trade_figures(profile: Profile) -> Iterable[Figure]:
    """The figures that the trade's standard defines."""
    yield Figure(
        "new_customers", "新增订货户", "New customers", "户", "sales",
        "当月净销量大于0、此前三个月均无的户数（含回流户）；客户经理未报的月份不算无，累计按户去重。",
        "Customers that bought this month and in none of the three before (returning ones included); a month that "
        "their manager has not reported is not a month without. Over several months each counts once.",
        ("sales",), new_customers, looks_back=LOOK_BACK_MONTHS, over_time="distinct",
    )  # fmt: skip
    yield Figure(
        "returning_customers", "回流订货户", "Returning customers", "户", "sales",
        "新增订货户中，入网早于此前三个月的户数，即停订至少三个月后首次订货。",
        "Of the new customers, those that joined before the three months: first purchase after a pause of three "
        "months or more.",
        ("sales", "customers"), returning_customers, looks_back=LOOK_BACK_MONTHS, over_time="distinct",
    )  # fmt: skip
    yield Figure(
        "lost_customers", "流失订货户", "Lost customers", "户", "sales",
        "此前三个月内有净销量、当月没有的户数；客户经理当月或此前三个月未报的不计，累计按户去重。",
        "Customers that bought in one of the three months before and not this month; not those whose manager has not "
        "reported one of these months. Over several months each counts once.",
        ("sales",), lost_customers, better="lower", looks_back=LOOK_BACK_MONTHS, over_time="distinct",
    )  # fmt: skip
    yield from _standard()


def _standard() -> Iterable[Figure]:
    """Those of the standard itself."""
    yield Figure(
        "demand_rate", "需求旺盛程度率", "Demand rate", "%", "sales",
        "当月有订货的户数÷前三个月有订货的户数。",
        "Customers with an order this month ÷ customers with one in the three months before.",
        ("sales",), demanding, demanding_before, scale=100, decimals=1, source=_SOURCE,
        looks_back=LOOK_BACK_MONTHS,
    )  # fmt: skip
    yield Figure(
        "brand_activity", "品牌动销率", "Brand activity", "%", "sales",
        "单品牌动销率=当月订购该品牌的户数÷前三个月订购过该品牌的户数，逐品牌列于“各品牌动销率”表；本指标为各品牌的分子、"
        "分母分别合计后相除。",
        "Of one brand: customers ordering it this month ÷ customers that ordered it in the three months before; the "
        "table of brands has them one by one. This figure adds up both over brands.",
        ("sales", "products"), brand_orders, brand_orders_before, scale=100, decimals=1,
        source=_SOURCE, looks_back=LOOK_BACK_MONTHS,
    )  # fmt: skip
    yield Figure(
        "sell_through", "动销比", "Sell-through", "%", "sales",
        "（期初库存+进货−期末库存）÷（期初库存+进货），只计期初、期末库存都已填报的客户品规；期初取上月期末。",
        "(Opening stock + supplies − closing stock) ÷ (opening stock + supplies), for customers and products "
        "whose stock is reported for this and the last month's end.",
        ("sales",), sold_on, available, scale=100, decimals=1, source=_SOURCE, looks_back=1,
    )  # fmt: skip
    yield Figure(
        "stock_out_rate", "公司断货率", "Company stock-out rate", "%", "sales",
        "订货量大于0而供货为0的订货行数÷订货行数。",
        "Order rows with nothing supplied ÷ order rows.",
        ("sales",), unsupplied_rows, order_rows, scale=100, better="lower", decimals=1, source=_SOURCE,
    )  # fmt: skip
