"""Drafts behind the figures: where each stands, which wait for somebody, by state and kind."""

import pandas as pd

from pipeline.contract.facts import Facts
from pipeline.contract.listing import Listing, Sums
from pipeline.contract.shown_frames import ListFrame, Measure, SumFrame
from pipeline.figures.named import named
from pipeline.subjects.drafts.rounds import FORM, drafts_of_month, in_hand
from schemas.drafts import STATES

_SOURCE = ["source_file", "source_sheet", "source_row"]
_COLUMNS = [
    "region_id", "manager_id", "customer_id", "customer_name", "draft_no", "title", "kind", "state", "round",
    "first_made_on", "made_on", "shown_superior_on", "shown_customer_on", "decided_on", "feedback",
]  # fmt: skip
# Open ones first, those that wait longest for others before the rest; then what was settled in the month.
_PLACES = {
    state: place
    for place, state in enumerate(("revise", "with_superior", "with_customer", "drafting", "accepted", "given_up"))
}
_WAITS = {"with_superior": "shown_superior_on", "with_customer": "shown_customer_on", "revise": "decided_on"}
WAITING_DAYS = "draft_waits_days"  # the profile's number of days


def drafts_listed(facts: Facts) -> pd.DataFrame:
    """One row per draft of `drafts_of_month`: _COLUMNS, `place` of its state, source columns."""
    rows = named(facts.once(drafts_of_month), facts)
    return rows.assign(place=rows["state"].map(_PLACES).astype("Int64")).reindex(
        columns=[*_COLUMNS, "place", *_SOURCE]
    )


def drafts_waiting(facts: Facts) -> pd.DataFrame:
    """One row per draft that has been with the superior, with the customer, or to be revised for more than the
    profile's days at the month's end: _COLUMNS, `since`, `days`, source columns."""
    rows = named(facts.once(in_hand), facts)
    since = pd.Series(pd.NaT, index=rows.index, dtype="datetime64[ns]")
    for state, day in _WAITS.items():
        since = since.mask(rows["state"] == state, rows[day])
    days = (pd.Timestamp(facts.month.last_day) - since).dt.days.astype("Int64")
    limit = facts.profile.thresholds.get(WAITING_DAYS)
    late = (days > limit).fillna(False).astype(bool) if limit is not None else pd.Series(False, index=rows.index)
    told = rows.assign(since=since, days=days)[late]
    return told.reindex(columns=[*_COLUMNS, "since", "days", *_SOURCE]).reset_index(drop=True)


def _counted(facts: Facts, key: str) -> pd.DataFrame:
    rows = facts.once(drafts_of_month).assign(papers=1)
    return rows.groupby(["manager_id", key])["papers"].sum().reset_index()


def _by_state(facts: Facts) -> pd.DataFrame:
    return _counted(facts, "state")


def _by_kind(facts: Facts) -> pd.DataFrame:
    return _counted(facts, "kind")


_SHOWN = (
    "draft_no", "title", "customer_name", "kind", "state", "round", "manager_id", "first_made_on", "shown_superior_on",
    "shown_customer_on", "decided_on", "feedback",
)  # fmt: skip
_STYLES = (
    *((one, "day") for one in ("first_made_on", "shown_superior_on", "shown_customer_on", "decided_on", "since")),
    ("round", "number0"), ("days", "number0"),
)  # fmt: skip
LISTS = {
    "drafts_of_month": Listing(
        drafts_listed, ("place", "round", "first_made_on", "draft_no"), frozenset({"round"}),
        ListFrame(_SHOWN, needs=(FORM,), form=FORM, styles=_STYLES, long=("feedback",)),
        rules=("draft_goes_round",),
    ),
    "drafts_waiting": Listing(
        drafts_waiting, ("days", "draft_no"), frozenset({"days"}),
        ListFrame(
            ("draft_no", "title", "customer_name", "state", "round", "manager_id", "since", "days"), needs=(FORM,),
            form=FORM, styles=_STYLES,
        ),
        rules=("draft_waits",),
    ),
}  # fmt: skip
SUMS = {
    f"drafts_by_{key}": Sums(
        key, ("papers",), count, FORM,
        shown=SumFrame(FORM, (key,), (Measure("papers", share=True, changes=key == "kind"),), needs=(FORM,)),
    )
    for key, count in (("state", _by_state), ("kind", _by_kind))
}  # fmt: skip
assert set(_PLACES) == {one.key for one in STATES}
