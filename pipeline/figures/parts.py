"""A month's sums, of one region or of several: regions are summed apart and put together."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

from pipeline.base.calendar import Month
from pipeline.base.exact import stacked
from pipeline.contract.facts import Facts
from pipeline.figures.behind import all_sums, sums_in_use
from pipeline.figures.detail_sums import sums_of
from pipeline.figures.grain import sales_by_customer, sales_with_product, with_region

UNNAMED = "other"  # the category and brand of products that the master data lack


@dataclass(frozen=True)
class MonthSums:
    """A month's sums by manager; volumes in cartons, amounts in ten-thousandths of a yuan.

    `details` by name: see `behind.sums_in_use`. `by_customer`: one row per region_id, manager_id and customer_id:
    volume, amount. `by_brand`: one row per region_id, manager_id, category and brand: the same.
    """

    month: Month
    details: Mapping[str, pd.DataFrame]
    by_customer: pd.DataFrame
    by_brand: pd.DataFrame


def month_sums(facts: Facts) -> MonthSums:
    """The sums of one month."""
    return MonthSums(
        facts.month,
        {name: sums_of(detail, facts) for name, detail in sums_in_use(facts.profile).items()},
        with_region(facts.once(sales_by_customer), facts),
        with_region(_by_brand(facts), facts),
    )


def _by_brand(facts: Facts) -> pd.DataFrame:
    sales = facts.once(sales_with_product)
    keys = ["manager_id", "category", "brand"]
    named = sales[[*keys, "volume", "amount"]].astype(dict.fromkeys(keys, "str"))
    named = named.assign(category=named["category"].fillna(UNNAMED), brand=named["brand"].fillna(UNNAMED))
    return named.groupby(keys, as_index=False)[["volume", "amount"]].sum()


def sums_of_region(sums: MonthSums, region: str) -> MonthSums:
    """What of a month's sums is one region's; no rows where it has none."""

    def own(rows: pd.DataFrame) -> pd.DataFrame:
        return rows[rows["region_id"] == region].reset_index(drop=True)

    details = {name: own(rows) for name, rows in sums.details.items()}
    return MonthSums(sums.month, details, own(sums.by_customer), own(sums.by_brand))


def sums_together(parts: Sequence[MonthSums]) -> MonthSums:
    """Several regions' sums of one month as one."""
    return MonthSums(
        parts[0].month,
        {
            name: _ordered([one.details[name] for one in parts], ["manager_id", all_sums()[name].key])
            for name in parts[0].details
        },
        _ordered([one.by_customer for one in parts], ["manager_id", "customer_id"]),
        _ordered([one.by_brand for one in parts], ["manager_id", "category", "brand"]),
    )


def _ordered(frames: Sequence[pd.DataFrame], keys: list[str]) -> pd.DataFrame:
    if len(frames) == 1:  # in order already
        return frames[0]
    return stacked(frames).sort_values(keys, kind="stable", ignore_index=True)
