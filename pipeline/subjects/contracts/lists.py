"""Contracts behind the figures: those signed in the month, and their amounts by trade and grade of the customers."""

import pandas as pd

from pipeline.base.exact import whole
from pipeline.contract.facts import Facts
from pipeline.contract.listing import Listing, Sums
from pipeline.contract.shown_frames import ListFrame, Measure, SumFrame
from pipeline.figures.known_cases import known_cases_of
from pipeline.figures.named import named

FORM = "contracts"
_COLUMNS = [
    "region_id", "manager_id", "customer_id", "customer_name", "grade", "channel", "contract_no", "signed_on", "amount",
    "due_on", "source_file", "source_sheet", "source_row",
]  # fmt: skip


def contracts_signed(facts: Facts) -> pd.DataFrame:
    """One row per contract signed in the month: _COLUMNS; the largest first."""
    known = known_cases_of(facts, FORM)
    days = pd.Timestamp(facts.month.first_day), pd.Timestamp(facts.month.last_day)
    return named(known[known["signed_on"].between(*days)], facts).reindex(columns=_COLUMNS)


def _by(facts: Facts, key: str) -> pd.DataFrame:
    rows = facts.once(contracts_signed).dropna(subset=[key])
    amounts = rows.assign(amount_yuan_signed=whole(rows["amount"]))
    return amounts.groupby(["manager_id", key])["amount_yuan_signed"].sum().reset_index()


def _by_channel(facts: Facts) -> pd.DataFrame:
    return _by(facts, "channel")


def _by_grade(facts: Facts) -> pd.DataFrame:
    return _by(facts, "grade")


_AMOUNT = Measure("amount_yuan_signed", is_money=True, share=True, better="higher")
LISTS = {
    "contracts_signed": Listing(
        contracts_signed, ("amount", "contract_no"), frozenset({"amount"}),
        ListFrame(
            ("contract_no", "customer_name", "grade", "channel", "manager_id", "signed_on", "amount", "due_on"),
            needs=(FORM,), form=FORM, styles=(("signed_on", "day"), ("due_on", "day"), ("amount", "yuan")),
        ),
    )
}  # fmt: skip
SUMS = {
    f"contracts_by_{key}": Sums(
        key, ("amount_yuan_signed",), count, FORM,
        shown=SumFrame("customers", (key,), (_AMOUNT,), needs=(FORM, f"customers.{key}")),
    )
    for key, count in (("channel", _by_channel), ("grade", _by_grade))
}  # fmt: skip
