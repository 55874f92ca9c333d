"""Prospects behind the figures: those in hand and those of the month, by kind of place and by what they use now."""

import pandas as pd

from pipeline.contract.facts import Facts
from pipeline.contract.listing import Listing, Sums
from pipeline.contract.shown_frames import Measure, SumFrame
from pipeline.figures.grain import regions_by_manager
from pipeline.subjects.prospects.cases import FORM, case_of, open_prospects, prospects_known, surveyed_now
from schemas.prospects import GIVEN_UP, ON_FILE, SIGNED

# Nearest to signing first; then what was settled in the month.
_PLACES = {"interested": 0, "filed": 1, "surveyed": 2, SIGNED: 3, GIVEN_UP: 4}
_COLUMNS = [
    "region_id", "manager_id", "prospect_no", "state", "name", "kind", "address", "rooms", "service_now", "wants",
    "surveyed_on", "signed_on", "way", "place", "source_file", "source_sheet", "source_row",
]  # fmt: skip


def prospects_of_month(facts: Facts) -> pd.DataFrame:
    """One row per prospect that is open at the month's end, or was surveyed, signed or given up in the month:
    _COLUMNS. `place` is where its state stands: nearest to signing first."""
    known = facts.once(prospects_known)
    in_hand = known.index.isin(facts.once(open_prospects).index)
    new = known.index.isin(facts.once(surveyed_now).index)
    chosen = known[in_hand | new | _settled_now(facts, known)]
    regions = chosen["manager_id"].map(facts.once(regions_by_manager)).fillna(chosen["region_id"])
    listed: pd.DataFrame = chosen.assign(region_id=regions, place=chosen["state"].map(_PLACES).astype("Int64"))
    return listed.reindex(columns=_COLUMNS).reset_index(drop=True)


def _settled_now(facts: Facts, known: pd.DataFrame) -> pd.Series:
    """Signed in the month; or told in this month's form, without a day, to be given up."""
    days = pd.Timestamp(facts.month.first_day), pd.Timestamp(facts.month.last_day)
    told = known[case_of(facts).number].isin(facts.frame(FORM)[case_of(facts).number])
    return known["signed_on"].between(*days) | (told & (known["state"] == GIVEN_UP))


def _surveyed_by(facts: Facts, key: str) -> pd.DataFrame:
    rows = facts.once(surveyed_now).dropna(subset=[key])
    counted = rows.assign(surveyed=1, on_file=rows["state"].isin(ON_FILE).astype("int64"))
    return counted.groupby(["manager_id", key])[["surveyed", "on_file"]].sum().reset_index()


def _by_kind(facts: Facts) -> pd.DataFrame:
    return _surveyed_by(facts, "kind")


def _by_service(facts: Facts) -> pd.DataFrame:
    return _surveyed_by(facts, "service_now")


_MEASURES = (Measure("surveyed", share=True, better="higher"), Measure("on_file", changes=False, better="higher"))
LISTS = {
    "prospects_of_month": Listing(
        prospects_of_month, ("place", "rooms", "surveyed_on", "prospect_no"), frozenset({"rooms"})
    )
}
SUMS = {
    f"prospects_by_{name}": Sums(
        column, ("surveyed", "on_file"), count, FORM,
        shown=SumFrame(FORM, (column,), _MEASURES, needs=(f"{FORM}.{column}",)),
    )
    for name, column, count in (("kind", "kind", _by_kind), ("service", "service_now", _by_service))
}  # fmt: skip
