"""Figures of several months together, recounted in plain Python: each as the business joins its months."""

import datetime as dt
from collections.abc import Mapping, Sequence

from oracle import Row, _there
from oracle_answers import Answer, share, together

YearMonth = tuple[int, int]
STATES = {
    "stock_to_sales",
    "paused_share",
    "open_cases",
    "overdue_cases",
    "customers_end",
    "leads_open",
    "file_completeness",
    "files_incomplete",
    "files_not_checked",
}  # fmt: skip - as the last month has them
STARTS = {"customers_start"}  # the first month's
KEPT = {"retention_rate"}  # from the first day to the last


def joined(
    figure: str,
    months: Sequence[YearMonth],
    answers: Mapping[YearMonth, Mapping[str, Answer | None]],
    customers: Sequence[Row] | None,
) -> Answer | None:
    """A figure of some managers over months in order, of which some may not be known.

    Args:
        answers: what each known month says of it.
        customers: the managers' customers as the last month has them; None where that is not known.
    """
    if figure in KEPT:
        return None if customers is None else _kept(customers, months)
    if figure in STATES or figure in STARTS:
        chosen = months[-1] if figure in STATES else months[0]
        return answers[chosen][figure] if chosen in answers else None
    return together([answers[one][figure] for one in months if one in answers])


def _kept(customers: Sequence[Row], months: Sequence[YearMonth]) -> Answer | None:
    """Of those there on the first day, how many are there after the last."""
    (year, number), (until, last) = months[0], months[-1]
    after = dt.date(until + last // 12, last % 12 + 1, 1)
    start = {row["customer_id"] for row in customers if _there(row, dt.date(year, number, 1))}
    end = {row["customer_id"] for row in customers if _there(row, after)}
    return share(len(start & end), len(start)) if customers else None
