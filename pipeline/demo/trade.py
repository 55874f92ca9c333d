"""What the demo organisation of a trade is made of.

Every text stands in both languages. No product, shop or person is meant to be a real one.
"""

import importlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib import resources

Pair = tuple[str, str]  # the same text in Chinese and in English


@dataclass(frozen=True)
class Product:
    """One product: prices in yuan; `pull` is how much it is asked for beside the others."""

    name: Pair
    group: Pair
    category: str
    price_yuan: float
    retail_yuan: float
    pull: float
    is_key: bool = False


@dataclass(frozen=True)
class Trade:
    """A trade's material: the value `TRADE` of `pipeline/trades/NAME/demo.py`.

    `product_columns` are the columns of the form of products that hold a product's `group` and `price_yuan`.
    `weekly_units` is what a customer of each grade asks for in a week; `failing_group` sells less and less.
    """

    products: Sequence[Product]
    product_columns: Mapping[str, str]
    failing_group: str
    tight_products: Sequence[int]
    typical_problem: tuple[int, Pair, Pair]
    weekly_units: Mapping[str, float]
    grade_shares: Mapping[str, float]
    channel_shares: Mapping[str, float]
    area_shares: Mapping[str, float]
    shop_words: Mapping[str, Sequence[Pair]]
    complaint_shares: Mapping[str, float]
    complaint_texts: Mapping[str, Sequence[tuple[Pair, Pair]]]
    departments: Mapping[str, str]
    market_info: Sequence[Pair]
    order_advice: Sequence[Pair]
    special_reasons: Sequence[Pair]
    comments: Sequence[Pair]


def trades_with_demo() -> tuple[str, ...]:
    """The trades that have a demo."""
    folders = (resources.files("pipeline") / "trades").iterdir()
    return tuple(sorted(one.name for one in folders if (one / "demo.py").is_file()))


def trade_named(name: str) -> Trade:
    """The material of a trade's demo."""
    material: Trade = importlib.import_module(f"pipeline.trades.{name}.demo").TRADE
    return material
