"""Sales on the schedule of visits: the last order, stock against sales, and what the customer's like buy and it does
not."""

import numpy as np
import pandas as pd

from pipeline.contract.schedule import Look, OnPage, of_customers
from pipeline.words import Words

FORM = "sales"
KEY_PRODUCTS = 3
PEERS = ["region_id", "grade", "channel"]
_OF_ORDER = ("customer_id", "order_date", "ordered_qty", "sold_qty")
_COLUMNS = ("customer_id", "product_id", "order_date", "sold_qty", "closing_stock")


def last_order(look: Look, visits: pd.DataFrame, words: Words) -> pd.Series:
    """The day of the last order before the week: something ordered, or supplied."""
    wanted = pd.Index(visits["customer_id"].unique())
    found = pd.Series(dtype="datetime64[ns]", index=pd.Index([], dtype="str"))
    for month in look.months:
        lines = look.rows(FORM, month, _OF_ORDER)
        lines = lines[lines["customer_id"].isin(wanted)]
        ordered = (lines["ordered_qty"].fillna(0) > 0) | (lines["sold_qty"] > 0)
        lines = lines[ordered & (lines["order_date"] < look.start)]
        found = pd.concat([found, lines.groupby("customer_id")["order_date"].max()])
        wanted = wanted[~wanted.isin(found.index)]
        if wanted.empty:
            break
    return of_customers(found, visits)


def stock_to_sales(look: Look, visits: pd.DataFrame, words: Words) -> pd.Series:
    """Closing stock ÷ net volume of the newest month that its manager has sent; of each product the stock told last."""
    lines = _newest(look)
    told = lines[lines["closing_stock"].notna()].sort_values("order_date", kind="stable")
    stock = told.drop_duplicates(["customer_id", "product_id"], keep="last")
    stocks = stock.groupby("customer_id")["closing_stock"].sum()
    volumes = lines.groupby("customer_id")["sold_qty"].sum()
    ratios = stocks.astype("float64") / volumes[volumes > 0].reindex(stocks.index).astype("float64")
    return of_customers(ratios.dropna(), visits)


def key_products(look: Look, visits: pd.DataFrame, words: Words) -> pd.Series:
    """Up to three key products that customers of its grade and channel in its region buy and it does not, those first
    that most of them buy (of equal ones by code)."""
    keys = look.products[look.products["is_key"].fillna(False).astype(bool)].sort_values("product_id")
    customers = look.customers.drop_duplicates("customer_id").dropna(subset=PEERS).set_index("customer_id")
    bought = _bought(look, customers.index, keys["product_id"])
    groups = customers.groupby(PEERS, sort=False).ngroup().to_numpy()
    buyers = np.zeros((int(groups.max(initial=-1)) + 1, len(keys)), dtype="int64")
    np.add.at(buyers, groups, bought)
    wanted = np.where(bought, 0, buyers[groups])
    order = np.argsort(-wanted, axis=1, kind="stable")[:, :KEY_PRODUCTS]
    names = keys["product_name"].astype("str").to_numpy()
    places = customers.index.get_indexer(pd.Index(visits["customer_id"]))
    comma = words.pick("、", ", ")
    told = [
        comma.join(names[product] for product in order[place] if wanted[place, product]) if place >= 0 else ""
        for place in places
    ]
    return pd.Series(told, index=visits.index, dtype="str")


def _bought(look: Look, customers: pd.Index, products: pd.Series) -> np.ndarray:
    """Customers × products: whether a net volume was bought in the newest month."""
    lines = _newest(look)
    lines = lines[lines["product_id"].isin(set(products))]
    volumes = lines.groupby(["customer_id", "product_id"], sort=False)["sold_qty"].sum()
    volumes = volumes[volumes > 0]
    bought = np.zeros((len(customers), len(products)), dtype=bool)
    rows = customers.get_indexer(volumes.index.get_level_values(0))
    columns = pd.Index(products).get_indexer(volumes.index.get_level_values(1))
    bought[rows[rows >= 0], columns[rows >= 0]] = True
    return bought


def _newest(look: Look) -> pd.DataFrame:
    return _lines(look.newest_rows(FORM, _COLUMNS), look)


def _lines(lines: pd.DataFrame, look: Look) -> pd.DataFrame:
    return lines[lines["order_date"] < look.start]


ON_PAGE = (
    OnPage("last_order", 20, last_order, "day", 8, needs=(FORM,)),
    OnPage("stock_to_sales", 21, stock_to_sales, "number", 6, needs=("sales.closing_stock",)),
    OnPage("key_products", 60, key_products, "text", 20,
           needs=(FORM, "products.is_key", "customers.grade", "customers.channel")),
)  # fmt: skip
