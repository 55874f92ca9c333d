"""A month made small: what later months need when they look back on it."""

from dataclasses import replace

import pandas as pd

from pipeline.base.calendar import Month
from pipeline.base.exact import TEN_THOUSANDTHS
from pipeline.base.month_rows import MonthRows
from pipeline.figures.grain import lines_by_product


def reduced(rows: MonthRows, form: str = "sales") -> MonthRows:
    """The month with one sales row per manager, customer and product, dated the month's last day.

    Its volumes, amounts, stocks and everything by customer or product are those of the whole month; what hangs
    on single order rows (days, rows with nothing supplied, source) is not there any more.
    """
    return replace(rows, rows={**rows.rows, form: reduced_sales(rows.rows[form], rows.month)})


def reduced_sales(lines: pd.DataFrame, month: Month) -> pd.DataFrame:
    """One month's sales lines made small: see `reduced`."""
    totals = lines_by_product(lines)
    sales = pd.DataFrame(
        {
            "order_date": pd.Series(pd.Timestamp(month.last_day), index=totals.index),
            "sold_qty": totals["volume"].astype("Int64"),
            "amount": totals["amount"] / TEN_THOUSANDTHS,
            "ordered_qty": totals["ordered"].where(totals["ordered"] > 0).astype("Int64"),
            "closing_stock": totals["stock"].astype("Int64"),
        }
    )
    sales = sales.assign(**{name: totals[name] for name in ("manager_id", "customer_id", "product_id")})
    region_of = lines.drop_duplicates("manager_id").set_index("manager_id")["region_id"]
    return sales.assign(region_id=sales["manager_id"].astype("str").map(region_of).astype("str"))
