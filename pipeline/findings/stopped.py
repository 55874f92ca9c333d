"""Who buys nothing any more, or again, in a sentence about next month: a pause is named, not hidden in a sum."""

from collections.abc import Mapping
from typing import Any

import pandas as pd

from pipeline.words import Words

# As in the forecast's method, in the order in which they are told.
REASONS = ("paused", "left", "emptied", "silent")
MOST_NAMED = 3
# Figures of the customer base that are told where customers are not told of one by one.
# What of a customer's own months its forecast does not go on with, as the method of `forecast.csv` names it.
LEFT_OUT = ("pause_left_out", "freak_left_out", "returns_left_out", "new_level", "no_order_lately")
BASE_FIGURES = ("customers_paused", "customers_left", "customers_reactivated", "customers_joined")


def stopped_text(customers: pd.DataFrame, words: Words) -> str:
    """Of whom nothing is expected, by reason, the first ones by name; empty where there is nobody.

    Args:
        customers: one row per customer in the columns of `forecast.csv`, with customer_name where it is known.
    """
    told = [text for reason in REASONS if (text := _of_reason(customers, reason, words))]
    return words("next_month.stopped", told=words("next_month.joint").join(told)) if told else ""


def left_out_texts(customers: pd.DataFrame, words: Words) -> list[str]:
    """Of whose past something is not carried on, and what: one sentence each, none where there is nobody.

    Args:
        customers: as in `stopped_text`.
    """
    ways = customers["method"].astype("str").str.split("+") if len(customers) else pd.Series(dtype=object)
    texts = []
    for name in LEFT_OUT:
        own = customers[[name in one for one in ways]] if len(customers) else customers
        if len(own):
            texts.append(words(f"next_month.{name}", count=len(own), names=_names(own, words)))
    return texts


def _of_reason(customers: pd.DataFrame, reason: str, words: Words) -> str:
    own = customers[customers["method"] == reason]
    return "" if own.empty else words(f"next_month.stopped_{reason}", count=len(own), names=_names(own, words))


def _names(customers: pd.DataFrame, words: Words) -> str:
    """The first customers by name, where they have one."""
    own = customers.sort_values("entity_id")
    codes = own["entity_id"].astype("str")
    named = own["customer_name"] if "customer_name" in own else pd.Series("", index=own.index)
    names = named.where(named.notna() & (named != ""), codes).astype("str").tolist()
    more = words("next_month.and_others") if len(names) > MOST_NAMED else ""
    return words("sentences.list_joint").join(names[:MOST_NAMED]) + more


def base_text(metrics: Mapping[str, Mapping[str, Any]], words: Words) -> str:
    """How many customers the month has closed, lost, reopened and gained, of an entity whose customers are too many to
    be told of one by one; empty where none.

    Args:
        metrics: the entity's figures of the month by key, with `value`.
    """
    values = {key: metrics[key]["value"] for key in BASE_FIGURES if key in metrics}
    told = [
        words(f"next_month.{key}", count=int(value))
        for key, value in values.items()
        if not pd.isna(value) and value > 0
    ]
    return words("next_month.base", told=words("next_month.joint").join(told)) if told else ""
