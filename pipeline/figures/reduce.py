"""A month made small: what later months need when they look back on it."""

from dataclasses import replace

import pandas as pd

from pipeline.figures.exact import TEN_THOUSANDTHS
from pipeline.figures.facts import Facts
from pipeline.figures.grain import regions_by_manager, sales_by_product
from pipeline.month_rows import MonthRows
from schemas.profile import Profile


def reduced(rows: MonthRows, profile: Profile) -> MonthRows:
    """The month with one sales row per manager, customer and product, dated the month's last day.

    Its volumes, amounts, stocks and everything by customer or product are those of the whole month; what hangs
    on single order rows (days, rows with nothing supplied, source) is not there any more.
    """
    facts = Facts(rows, {}, profile)
    totals = sales_by_product(facts)
    sales = pd.DataFrame(
        {
            "order_date": pd.Series(pd.Timestamp(rows.month.last_day), index=totals.index),
            "sold_qty": totals["volume"].astype("Int64"),
            "amount": totals["amount"] / TEN_THOUSANDTHS,
            "ordered_qty": totals["ordered"].where(totals["ordered"] > 0).astype("Int64"),
            "closing_stock": totals["stock"].astype("Int64"),
        }
    )
    sales = sales.assign(**{name: totals[name] for name in ("manager_id", "customer_id", "product_id")})
    sales["region_id"] = sales["manager_id"].astype("str").map(regions_by_manager(facts))
    return replace(rows, rows={**rows.rows, "sales": sales})
