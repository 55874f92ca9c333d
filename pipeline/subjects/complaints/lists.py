"""Cases behind the figures of complaints: open, repeated, by category and by product."""

import pandas as pd

from pipeline.contract.facts import Facts
from pipeline.contract.listing import Listing, Sums
from pipeline.contract.shown_frames import Measure, SumFrame
from pipeline.figures.grain import names_by_customer, regions_by_manager
from pipeline.subjects.approvals.decided import decided_cases
from pipeline.subjects.complaints.cases import (
    cases_of,
    days_overdue,
    is_overdue,
    known_cases,
    open_cases,
    repeated_cases,
    untold_cases,
)
from pipeline.subjects.complaints.course import waits_for
from pipeline.subjects.complaints.opinions import customer_opinions

_COURSE = (
    "inspected_on", "customer_signed_on", "returned_qty", "decision", "decided_on", "action", "replied_on",
    "customer_confirmed", "waits_for", "decided_by_region", "decision_remark",
)  # fmt: skip
_CASE_COLUMNS = [
    "complaint_no", "manager_id", "manager_before", "region_id", "customer_id", "category", "product_id", "description",
    "department", "handler", "escalation", "received_on", "due_on", "resolved_on", "state", "days_overdue",
    *_COURSE,
    "source_file", "source_sheet", "source_row", "customer_name",
]  # fmt: skip
FORM = "complaints"
_RECEIVED = Measure("received", share=True, better="lower")
_STILL_OPEN = Measure("open", changes=False, better="lower")


def complaint_cases(facts: Facts) -> pd.DataFrame:
    """One row per case open at the month's end or received in the month: _CASE_COLUMNS; overdue first, longest first.

    `manager_before` is whose it was, where its customer has moved; `state` open, overdue or closed, and unknown where
    its manager has not reported; `days_overdue` working days at the month's end, 1 or more;
    `waits_for` the next step of its course (see `course`); `decided_by_region` and `decision_remark` tell that,
    and with which words, the head of the region decided it.
    """
    cases = decided_cases(facts, facts.once(known_cases), "complaint_no")
    untold = facts.once(untold_cases).index
    is_open = cases.index.isin(facts.once(open_cases).index)
    chosen = cases[is_open | cases.index.isin(untold) | cases.index.isin(cases_of(facts, "received_on").index)]
    state = pd.Series("closed", index=chosen.index).where(~chosen.index.isin(facts.once(open_cases).index), "open")
    overdue = (state == "open") & is_overdue(chosen, facts)
    late = days_overdue(chosen["due_on"], facts).where(overdue)
    listed = chosen.assign(
        region_id=chosen["manager_id"].map(facts.once(regions_by_manager)).fillna(chosen["region_id"]),
        state=state.mask(overdue, "overdue").mask(chosen.index.isin(untold), "unknown"),
        days_overdue=late,
        waits_for=waits_for(
            chosen[_columns(facts, chosen)], chosen["decided_by_region"], returned=chosen["is_returned"]
        ),
        customer_name=chosen["customer_id"].map(facts.once(names_by_customer)),
    )
    listed = listed.sort_values(["days_overdue", "received_on", "complaint_no"], ascending=[False, True, True])
    return listed.reindex(columns=_CASE_COLUMNS).reset_index(drop=True)


def _columns(facts: Facts, cases: pd.DataFrame) -> list[str]:
    """The columns of the form that the trade has."""
    form = facts.profile.forms.get(FORM)
    return [name for name in (form.dtypes if form else {}) if name in cases]


def repeated(facts: Facts) -> pd.DataFrame:
    """The month's repeated complaints, with the columns of `complaint_cases` but for state and days_overdue."""
    cases = repeated_cases(facts)
    regions = cases["manager_id"].map(facts.once(regions_by_manager)).fillna(cases["region_id"])
    columns = [name for name in _CASE_COLUMNS if name not in ("state", "days_overdue", *_COURSE)]
    named = cases.assign(region_id=regions, customer_name=cases["customer_id"].map(facts.once(names_by_customer)))
    return named.reindex(columns=columns).reset_index(drop=True)


def _cases_by(facts: Facts, key: str) -> pd.DataFrame:
    received = cases_of(facts, "received_on").assign(received=1, open=0)
    still_open = facts.once(open_cases).assign(received=0, open=1)
    both = pd.concat([received, still_open], ignore_index=True).dropna(subset=[key])
    return both.groupby(["manager_id", key])[["received", "open"]].sum().reset_index()


def _cases_by_category(facts: Facts) -> pd.DataFrame:
    return _cases_by(facts, "category")


def _cases_by_product(facts: Facts) -> pd.DataFrame:
    return _cases_by(facts, "product_id")


LISTS = {
    "complaint_cases": Listing(
        complaint_cases, ("days_overdue", "received_on", "complaint_no"), frozenset({"days_overdue"})
    ),
    "customer_opinions": Listing(customer_opinions, ("said_on", "customer_id", "kind")),
    "repeated_cases": Listing(repeated, ("received_on", "complaint_no")),
}
SUMS = {
    "complaints_by_category": Sums(
        "category", ("received", "open"), _cases_by_category, "complaints",
        shown=SumFrame("complaints", ("category",), (_RECEIVED, _STILL_OPEN), needs=("complaints.category",)),
    ),
    "complaints_by_product": Sums(
        "product_id", ("received", "open"), _cases_by_product, "complaints",
        shown=SumFrame("complaints", ("product_id",), (_RECEIVED, _STILL_OPEN), needs=("complaints.product_id",)),
        rules=("typical_problem",),
    ),
}  # fmt: skip
