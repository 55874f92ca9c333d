"""Columns that several forms have alike."""

from typing import Any

from schemas.columns import column
from schemas.synonyms import CUSTOMER_CODES


def customer_code(example: str = "330102100001", *, listed: bool = True) -> Any:
    """The customer that a row is of.

    Args:
        example: a code as the trade writes it.
        listed: whether it must be in the list of customers, which is so but in the list itself and before they join.
    """
    master = "customers" if listed else ""
    return column(
        "id", "客户编码", "Customer code", refers_to=master, width=16, example=example, also=CUSTOMER_CODES
    )
