"""The frames that many figures count from, each made once a month (`facts.once(...)`).

Sums are whole numbers: volumes in the unit sold, amounts in ten-thousandths of a yuan (see `exact`).
"""

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from pipeline.base.exact import Integers, sums_by_code, whole, whole_numbers
from pipeline.contract.facts import Facts
from pipeline.figures.members import among
from schemas.form import region_forms

_MOST_STOCK = 1_000_000_000
MANAGER_CUSTOMER = ["manager_id", "customer_id"]
_PAIRS = ["manager_id", "region_id"]


def regions_by_manager(facts: Facts) -> pd.Series:
    """The region of each manager in this month, by `manager_id`, sorted.

    The master data of the month say it; for a manager that they lack, the accepted rows do. Only the managers of
    `facts.only_regions`, where that is set.
    """
    of_regions = {form.key for form in region_forms(facts.profile.forms)}  # no manager sends them
    sent = ((form, rows) for form, rows in sorted(facts.rows.rows.items()) if form not in of_regions)
    known = [rows[_PAIRS].drop_duplicates() for _, rows in sent if len(rows)]
    regions = assigned_regions([facts.master("managers")[_PAIRS], *known])
    return regions[among(regions, facts.only_regions)] if facts.only_regions else regions


def names_by_customer(facts: Facts) -> pd.Series:
    """The name of each customer of the month's master data, by `customer_id`."""
    customers = facts.master("customers").drop_duplicates("customer_id")
    return customers.set_index("customer_id")["customer_name"].astype("str")


def assigned_regions(known: Sequence[pd.DataFrame]) -> pd.Series:
    """The region of each manager, by `manager_id`, sorted: what the first of these frames says that knows it."""
    both = pd.concat(known, ignore_index=True).dropna().astype("str")
    return both.drop_duplicates("manager_id").set_index("manager_id")["region_id"].sort_index()


def with_region(rows: pd.DataFrame, facts: Facts) -> pd.DataFrame:
    """Rows with the region of their manager as region_id; those of managers that do not count are left out."""
    regions = rows["manager_id"].astype("str").map(facts.once(regions_by_manager))
    return rows.assign(region_id=regions)[regions.notna()].reset_index(drop=True)


def senders(facts: Facts, form: str) -> frozenset[str]:
    """The managers whose work on a form is known: they sent rows or a nil return.

    Where the month does not say who sent what, those that have rows.
    """
    sent = {manager for manager, its_form in facts.rows.sent if its_form == form}
    known = sent if facts.rows.sent else facts.frame(form)["manager_id"].dropna().unique()
    return frozenset(str(manager) for manager in known)


def active_customers(facts: Facts) -> pd.DataFrame:
    """The customers that could order on at least one day of the month; columns of the master data.

    Joined on or before the last day (or at an unknown time), not left before the first day, not paused.
    """
    customers = facts.master("customers")
    first, last = pd.Timestamp(facts.month.first_day), pd.Timestamp(facts.month.last_day)
    joined = customers["joined_on"].isna() | (customers["joined_on"] <= last)
    still_there = customers["left_on"].isna() & (customers["status"] != "left")
    here = still_there | (customers["left_on"] >= first)
    return customers[joined & here & (customers["status"] != "paused")]


def active_by_customer(facts: Facts) -> pd.Series:
    """1 for each active customer, by `manager_id` and `customer_id`."""
    keys = facts.once(active_customers)[MANAGER_CUSTOMER]
    return ones(keys)


def ones(keys: pd.DataFrame) -> pd.Series:
    """1 for each different (manager_id, customer_id), sorted."""
    pairs = keys[MANAGER_CUSTOMER].dropna()
    (manager, managers), (customer, customers) = (
        pd.factorize(pairs[name], sort=True) for name in MANAGER_CUSTOMER
    )
    cells = np.unique(manager * max(len(customers), 1) + customer)
    index = pd.MultiIndex(
        levels=[pd.Index(managers, dtype="str"), pd.Index(customers, dtype="str")],
        codes=np.divmod(cells, max(len(customers), 1)),  # type: ignore[arg-type]
        names=MANAGER_CUSTOMER,
    )
    return pd.Series(1, index=index, dtype="int64")


def sales_by_product(facts: Facts) -> pd.DataFrame:
    """One row per manager, customer and product that was sold or returned in the month.

    Columns: manager_id, customer_id, product_id (categorical), volume (net), amount
    (ten-thousandths of a yuan, net), ordered (0 where no order is given), short (ordered and
    not supplied), stock (float: the
    closing stock of the latest row that gives one, missing where none does); sorted by the three ids.
    """
    return lines_by_product(facts.frame("sales"))


def lines_by_product(lines: pd.DataFrame) -> pd.DataFrame:
    """Sales lines of a month as `sales_by_product` has them."""
    ids = [pd.factorize(lines[name], sort=True) for name in (*MANAGER_CUSTOMER, "product_id")]
    (managers, _), (customers, all_customers), (products, all_products) = ids
    keys = (managers * len(all_customers) + customers) * max(len(all_products), 1) + products
    groups, group_of_line = np.unique(keys.astype("int64"), return_inverse=True)
    parts = _split(groups, len(all_customers), len(all_products))
    columns: dict[str, object] = {
        name: pd.Categorical.from_codes(codes, categories=pd.Index(values, dtype="str"))
        for name, codes, (_, values) in zip((*MANAGER_CUSTOMER, "product_id"), parts, ids, strict=True)
    }
    columns["volume"] = sums_by_code(group_of_line, whole_numbers(lines["sold_qty"]), len(groups))
    columns["amount"] = sums_by_code(group_of_line, whole(lines["amount"]), len(groups))
    columns["ordered"] = sums_by_code(group_of_line, whole_numbers(lines["ordered_qty"]), len(groups))
    missing = whole_numbers(lines["ordered_qty"]) - whole_numbers(lines["sold_qty"])
    missing = missing * lines["ordered_qty"].notna().to_numpy()
    columns["short"] = sums_by_code(group_of_line, missing, len(groups))
    columns["stock"] = _latest_stock(lines, group_of_line, len(groups))
    return pd.DataFrame(columns)


def _latest_stock(lines: pd.DataFrame, group_of_line: Any, groups: int) -> Any:
    """The closing stock of each group's latest line that gives one (the greatest of several on one day)."""
    given = lines["closing_stock"].notna().to_numpy()
    stock = whole_numbers(lines["closing_stock"])[given]
    days = lines["order_date"].to_numpy(dtype="datetime64[D]").astype("int64")[given]
    latest = np.full(groups, -1, dtype="int64")
    np.maximum.at(latest, group_of_line[given], days * _MOST_STOCK + np.minimum(stock, _MOST_STOCK - 1))
    return np.where(latest < 0, np.nan, latest % _MOST_STOCK)


def _split(keys: Integers, customers: int, products: int) -> tuple[Integers, Integers, Integers]:
    rest, product = np.divmod(keys, max(products, 1))
    manager, customer = np.divmod(rest, max(customers, 1))
    return manager, customer, product


def sales_by_customer(facts: Facts) -> pd.DataFrame:
    """One row per manager and customer (str): volume, amount (ten-thousandths of a yuan)."""
    return add_up(facts.once(sales_by_product), MANAGER_CUSTOMER)


def bought_by_customer(facts: Facts) -> pd.Series:
    """The managers (str) with whom each customer has a net volume above 0, by customer_id, one each; the
    greatest id where there are several."""
    sales = facts.once(sales_by_customer)
    return sales[sales["volume"] > 0].groupby("customer_id")["manager_id"].max()


def ordered_by_customer(facts: Facts) -> pd.Series:
    """1 for each manager and customer with an order in the month: something ordered, or supplied."""
    sales = facts.once(sales_by_product)
    return ones(sales[(sales["ordered"] > 0) | (sales["volume"] > 0)])


def sales_with_product(facts: Facts) -> pd.DataFrame:
    """`sales_by_product` with the product's groups that the trade names (str, missing where unknown) and is_key."""
    sales = facts.once(sales_by_product)
    products = facts.master("products").set_index("product_id")
    ids = sales["product_id"].cat.categories
    known = products.reindex(ids)
    codes = sales["product_id"].cat.codes.to_numpy(dtype="int64")
    return sales.assign(
        **{group: _taken(known[group], codes) for group in facts.profile.product_groups},
        is_key=known["is_key"].fillna(False).to_numpy(dtype=bool)[codes],
    )


def _taken(by_product: pd.Series, codes: Any) -> pd.Categorical:
    """The value of each row's product, as categories; `codes` are the products' positions."""
    value_codes, values = pd.factorize(by_product, sort=True)
    taken = value_codes[codes] if len(value_codes) else np.empty(0, dtype="int64")
    return pd.Categorical.from_codes(taken, categories=pd.Index(values, dtype="str"))


def add_up(sales: pd.DataFrame, keys: list[str]) -> pd.DataFrame:
    """Volume and amount added up by `keys`, sorted by them; rows whose key is unknown are left out."""
    sums = sales.groupby(keys, observed=True, sort=True)[["volume", "amount"]].sum().reset_index()
    return sums.astype(dict.fromkeys(keys, "str"))


def shared_codes(frames: Sequence[pd.DataFrame], name: str) -> tuple[list[Any], pd.Index]:
    """The categories of one column over several frames, and each frame's rows as positions in them."""
    values = pd.Index(sorted({str(one) for frame in frames for one in frame[name].cat.categories}), dtype="str")
    positions = [values.get_indexer(frame[name].cat.categories) for frame in frames]
    codes = [
        np.append(places, -1)[frame[name].cat.codes.to_numpy()]
        for frame, places in zip(frames, positions, strict=True)
    ]
    return codes, values
