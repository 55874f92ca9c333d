"""The course of a case by the feedback form 《商品及服务质量信息反馈单》: how far it has come, and what waits for whom.

Received, inspected, filled in and signed by the customer (bad goods brought back), decided by the regional manager,
settled, told to the customer, confirmed and signed by the customer. What is no matter of quality needs neither
inspection nor signature before it is decided; what is refused need not be settled. A step that a trade's form has no
column for is none of its course.
"""

import pandas as pd

STEPS = ("received", "inspected", "signed", "decided", "resolved", "replied", "confirmed")
COLUMNS = {
    "received": "received_on",
    "inspected": "inspected_on",
    "signed": "customer_signed_on",
    "decided": "decided_on",
    "resolved": "resolved_on",
    "replied": "replied_on",
    "confirmed": "customer_confirmed",
}
OF_QUALITY = ("product_quality", "service_quality")
NOTHING, NOT_CONFIRMED, SENT_BACK = "done", "refused_by_customer", "returned"
_NO_DECISION = ("pending", SENT_BACK)


def waits_for(
    cases: pd.DataFrame, decided: pd.Series | None = None, returned: pd.Series | None = None
) -> pd.Series:
    """What each case waits for: the step of STEPS after the last that was made; `done` where there is none,
    `returned` where the head of the region sent it back to its manager, and `refused_by_customer` where the customer
    was asked and does not confirm.

    Args:
        cases: the columns of the form that the trade has.
        decided: which of them the head of the region decided, whatever day is given.
        returned: which of them wait for their manager as they were sent back.
    """
    known = [step for step in STEPS if COLUMNS[step] in cases]
    waits = pd.Series(NOTHING, index=cases.index, dtype="str")
    made_later = pd.Series(False, index=cases.index)
    for step in reversed(known):
        made = _is_made(cases, step, decided)
        waits = waits.mask(~made & ~made_later & _is_needed(cases, step), step)
        made_later |= made
    if returned is not None:
        waits = waits.mask((waits == "decided") & returned, SENT_BACK)
    return waits.mask(_is_refused_by_customer(cases), NOT_CONFIRMED)


def _is_made(cases: pd.DataFrame, step: str, decided: pd.Series | None) -> pd.Series:
    made = cases[COLUMNS[step]].notna()
    if step == "decided" and decided is not None:
        made = made | decided
    if step == "decided" and "decision" in cases:
        return made & ~cases["decision"].isin(_NO_DECISION).fillna(False).astype(bool)
    return made


def _is_needed(cases: pd.DataFrame, step: str) -> pd.Series:
    """Whether a step belongs to each case's course."""
    if step in ("inspected", "signed") and "category" in cases:
        return cases["category"].isin(OF_QUALITY)
    if step == "resolved" and "decision" in cases:
        return ~(cases["decision"] == "refused").fillna(False).astype(bool)
    return pd.Series(True, index=cases.index)


def _is_refused_by_customer(cases: pd.DataFrame) -> pd.Series:
    if COLUMNS["confirmed"] not in cases:
        return pd.Series(False, index=cases.index)
    return ~cases[COLUMNS["confirmed"]].fillna(True).astype(bool)
