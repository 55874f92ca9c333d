"""Deals behind the figures: those in talks and those closed in the month, with small accounts, by stage as a funnel."""

import pandas as pd

from pipeline.base.exact import TEN_THOUSANDTHS, whole
from pipeline.contract.facts import Facts
from pipeline.contract.listing import AddedUp, Listing
from pipeline.contract.shown_frames import ListFrame
from pipeline.figures.named import named
from pipeline.subjects.deals.talks import FORM, SMALL, closed_now, open_deals
from schemas.deals import LOST, OPEN_STAGES, STAGES, WON
from schemas.form import CUSTOMER

_SOURCE = ["source_file", "source_sheet", "source_row"]
_COLUMNS = [
    "region_id", "manager_id", "customer_id", "whom", "grade", "deal_no", "stage", "opened_on", "expected_amount",
    "odds", "weighted", "expected_on", "next_step", "closed_on",
]  # fmt: skip
# The nearest to signing first; then those closed in the month.
_PLACES = {stage: place for place, stage in enumerate((*reversed(OPEN_STAGES), WON, LOST))}


def _told(rows: pd.DataFrame, facts: Facts) -> pd.DataFrame:
    """_COLUMNS, place, source columns: `whom` is the customer's name or the prospect, `odds` are in %, `weighted` is
    the amount expected by them."""
    rows = named(rows, facts)
    is_open = rows["stage"].isin(OPEN_STAGES)
    odds = rows["stage"].map(dict(facts.profile.odds)).astype("float64").where(is_open)
    weighted = pd.Series(whole(rows["expected_amount"] * odds), index=rows.index) / TEN_THOUSANDTHS
    known = rows["customer_name"].where(rows[CUSTOMER].notna(), rows["prospect"])
    told = rows.assign(
        whom=known.where(known.notna(), rows[CUSTOMER]).astype("str"),
        odds=100 * odds,
        weighted=weighted.where(rows["expected_amount"].notna() & odds.notna()),
        place=rows["stage"].map(_PLACES).astype("Int64"),
    )
    return told.reindex(columns=[*_COLUMNS, "place", *_SOURCE])


def deals_of_month(facts: Facts) -> pd.DataFrame:
    """One row per deal in talks at the month's end, or closed in the month; the nearest to signing first."""
    return _told(pd.concat([facts.once(open_deals), facts.once(closed_now)]), facts)


def small_accounts(facts: Facts) -> pd.DataFrame:
    """One row per deal in talks with a small account."""
    deals = facts.once(open_deals)
    return _told(deals[deals["grade"] == SMALL], facts)


def deals_slipped(facts: Facts) -> pd.DataFrame:
    """One row per deal in talks that was to be signed by the month's end: `days` since the day expected."""
    deals, end = facts.once(open_deals), pd.Timestamp(facts.month.last_day)
    told = _told(deals[deals["expected_on"] < end], facts)
    return told.assign(days=(end - told["expected_on"]).dt.days.astype("Int64"))


def funnel(deals: pd.DataFrame) -> pd.DataFrame:
    """One row per stage, from contact to signing: stage, deals, expected_amount, odds (%), weighted.

    Args:
        deals: rows of `deals_of_month` of one entity.
    """
    rows = deals.groupby("stage").agg(
        deals=("deal_no", "count"), expected_amount=("expected_amount", _sum), odds=("odds", "first"),
        weighted=("weighted", _sum),
    )  # fmt: skip
    stages = [one.key for one in STAGES]
    told = rows.reindex(stages).rename_axis("stage").reset_index()
    return told.assign(deals=told["deals"].fillna(0).astype("int64")) if len(deals) else told.iloc[:0]


def _sum(amounts: pd.Series) -> float:
    """Yuan to the cent, whatever the order; unknown where no amount is told."""
    if amounts.isna().all():
        return float("nan")
    return float(whole(amounts).sum()) / TEN_THOUSANDTHS


_STYLES = (
    *((one, "yuan") for one in ("expected_amount", "weighted")), ("odds", "percent0"), ("deals", "number0"),
    *((one, "day") for one in ("opened_on", "expected_on", "closed_on")), ("days", "number0"),
)  # fmt: skip
_SHOWN = (
    "deal_no", "whom", "grade", "stage", "expected_amount", "weighted", "expected_on", "next_step", "manager_id",
    "opened_on", "closed_on",
)  # fmt: skip
LISTS = {
    "deals_of_month": Listing(
        deals_of_month, ("place", "expected_amount", "deal_no"), frozenset({"expected_amount"}),
        ListFrame(_SHOWN, needs=(FORM,), form=FORM, styles=_STYLES),
    ),
    "small_accounts": Listing(
        small_accounts, ("place", "expected_amount", "deal_no"), frozenset({"expected_amount"}),
        ListFrame(
            ("deal_no", "whom", "stage", "expected_amount", "expected_on", "next_step", "manager_id", "opened_on"),
            needs=(FORM, "customers.grade"), form=FORM, styles=_STYLES,
        ),
    ),
    "deals_slipped": Listing(
        deals_slipped, ("expected_amount", "deal_no"), frozenset({"expected_amount"}),
        ListFrame(
            ("deal_no", "whom", "stage", "expected_amount", "expected_on", "days", "next_step", "manager_id"),
            needs=(FORM,), form=FORM, styles=_STYLES,
        ),
        rules=("deal_slipped",),
    ),
}  # fmt: skip
ADDED_UP = {
    "funnel": AddedUp(
        "deals_of_month", funnel,
        ListFrame(
            ("stage", "deals", "expected_amount", "odds", "weighted"), needs=(FORM,), form=FORM, styles=_STYLES
        ),
    )
}  # fmt: skip
