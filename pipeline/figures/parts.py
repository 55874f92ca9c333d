"""What a month's reports are counted from, of one region or of several: regions are counted apart and put together."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

from pipeline.calendar import Month
from pipeline.figures.count import MonthCounts, count_month, counts_together
from pipeline.figures.declare import Figure
from pipeline.figures.detail_sums import SUMS, sums_of
from pipeline.figures.exact import stacked
from pipeline.figures.facts import Facts
from pipeline.figures.grain import sales_by_customer, sales_with_product, with_region

UNNAMED = "other"  # the category and brand of products that the master data lack


@dataclass(frozen=True)
class MonthSums:
    """A month's sums by manager; volumes in cartons, amounts in ten-thousandths of a yuan.

    `details` by name: see `detail_sums.SUMS`. `by_customer`: one row per region_id, manager_id and customer_id:
    volume, amount. `by_brand`: one row per region_id, manager_id, category and brand: the same.
    """

    month: Month
    details: Mapping[str, pd.DataFrame]
    by_customer: pd.DataFrame
    by_brand: pd.DataFrame


@dataclass(frozen=True)
class MonthParts:
    """A month counted: for figures, and for what stands beside them."""

    counts: MonthCounts
    sums: MonthSums


def parts_of(facts: Facts, figures: Iterable[Figure]) -> MonthParts:
    """Counts one month, over the managers that its facts are of."""
    return MonthParts(count_month(facts, figures), month_sums(facts))


def month_sums(facts: Facts) -> MonthSums:
    """The sums of one month."""
    return MonthSums(
        facts.month,
        {name: sums_of(detail, facts) for name, detail in SUMS.items()},
        with_region(facts.once(sales_by_customer), facts),
        with_region(_by_brand(facts), facts),
    )


def _by_brand(facts: Facts) -> pd.DataFrame:
    sales = facts.once(sales_with_product)
    keys = ["manager_id", "category", "brand"]
    named = sales[[*keys, "volume", "amount"]].astype(dict.fromkeys(keys, "str"))
    named = named.assign(category=named["category"].fillna(UNNAMED), brand=named["brand"].fillna(UNNAMED))
    return named.groupby(keys, as_index=False)[["volume", "amount"]].sum()


def parts_together(parts: Sequence[MonthParts]) -> MonthParts:
    """Several regions' parts of one month as one."""
    return MonthParts(counts_together([one.counts for one in parts]), sums_together([one.sums for one in parts]))


def sums_together(parts: Sequence[MonthSums]) -> MonthSums:
    """Several regions' sums of one month as one."""
    return MonthSums(
        parts[0].month,
        {
            name: _ordered([one.details[name] for one in parts], ["manager_id", detail.key])
            for name, detail in SUMS.items()
        },
        _ordered([one.by_customer for one in parts], ["manager_id", "customer_id"]),
        _ordered([one.by_brand for one in parts], ["manager_id", "category", "brand"]),
    )


def _ordered(frames: Sequence[pd.DataFrame], keys: list[str]) -> pd.DataFrame:
    return stacked(frames).sort_values(keys, kind="stable", ignore_index=True)
