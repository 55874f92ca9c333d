"""Staffing of a month, outlet by outlet and rule by rule; who is up for the competition for product managers 竞聘."""

from collections.abc import Iterable, Mapping
from typing import Any

import pandas as pd

from pipeline.base.calendar import Month
from pipeline.base.frames import records
from pipeline.contract.told import OfMasters
from pipeline.subjects.staffing.asked import OF_OUTLETS, PRODUCT, Asked, Outlet, product
from schemas.profile import Profile

Masters = Mapping[str, pd.DataFrame]
STAFFING = (
    "level", "entity_id", "outlet_id", "outlet", "kind", "role", "asked", "full_time", "there", "there_full",
    "there_part", "gap", "why", "unmet", "basis",
)  # fmt: skip
COMPETITION = ("level", "entity_id", "manager_id", "manager_name", "role", "started_on", "years", "standing")
# Why somebody stands on the list: a product manager with the years in post, one without a day, a candidate for a gap.
DUE, NO_DAY, CANDIDATE = "due", "no_day", "candidate"
_MASTERS = ("regions", "managers", "outlets", "posts")
# The number by which a role is asked.
_BASIS = {"lobby": "area_m2", "wealth": "large_customers"}


def staffing(month: Month, masters: Masters, profile: Profile) -> pd.DataFrame:
    """One row per outlet and role, and one per branch for product managers, STAFFING.

    `asked` and `gap` are missing where a fact of the outlet is not filled in. `there` counts managers in office on the
    month's last day: only full-time ones where full-time is asked, else all. A branch is an entity: its rows are its
    own and headquarters'.
    """
    here = in_office_at_the_end(month, masters["managers"])
    people = _people(masters["posts"], here)
    rows = [
        _row(outlet, role, rule(outlet, profile.staffing), people.get((str(outlet["outlet_id"]), role), {}))
        for outlet in records(masters["outlets"].sort_values(["region_id", "outlet_id"]))
        for role, rule in OF_OUTLETS.items()
    ]
    rows += [_of_branch(str(region), here, profile) for region in sorted(masters["regions"]["region_id"])]
    types = dict.fromkeys(("asked", "there", "there_full", "there_part", "gap"), "Int64")
    frame = pd.DataFrame(rows, columns=list(STAFFING)).astype(
        {**types, "full_time": "boolean", "basis": "Float64"}
    )
    return frame.sort_values(["entity_id", "outlet_id"], kind="stable", na_position="last", ignore_index=True)


def in_office_at_the_end(month: Month, managers: pd.DataFrame) -> pd.DataFrame:
    """The managers who are in office on the month's last day."""
    last = pd.Timestamp(month.last_day)
    started = managers["started_on"].isna() | (managers["started_on"] <= last)
    stayed = managers["left_on"].isna() | (managers["left_on"] >= last)
    return managers[started & stayed].drop_duplicates("manager_id")


def _people(posts: pd.DataFrame, here: pd.DataFrame) -> dict[tuple[str, str], dict[str, bool]]:
    """Who works where in which role, by outlet and role: each manager in office, and whether full-time."""
    found: dict[tuple[str, str], dict[str, bool]] = {}
    for one in records(posts[posts["manager_id"].isin(here["manager_id"])]):
        there = found.setdefault((str(one["outlet_id"]), str(one["role"])), {})
        manager, full_time = str(one["manager_id"]), not pd.isna(one["full_time"]) and bool(one["full_time"])
        there[manager] = there.get(manager, False) or full_time
    return found


def _row(outlet: Outlet, role: str, asked: Asked | None, there: Mapping[str, bool]) -> dict[str, Any]:
    full = sum(there.values())
    basis = _BASIS.get(role)
    place = {
        "outlet_id": outlet["outlet_id"], "outlet": outlet["name"], "kind": outlet["kind"],
        "basis": outlet[basis] if basis else None,
    }  # fmt: skip
    return _told(str(outlet["region_id"]), role, asked, full, len(there) - full) | place


def _of_branch(region: str, here: pd.DataFrame, profile: Profile) -> dict[str, Any]:
    own = here[here["region_id"] == region]
    managers = int(own["role"].isin(profile.staffing.customer_managers).sum())
    there = int((own["role"] == PRODUCT).sum())
    return _told(region, PRODUCT, product(managers, profile.staffing), there, 0) | {"basis": managers}


def _told(region: str, role: str, asked: Asked | None, full: int, part: int) -> dict[str, Any]:
    whole = {
        "level": "region", "entity_id": region, "role": role, "there_full": full, "there_part": part,
        "there": full + part,
    }  # fmt: skip
    if asked is None:
        return whole | {"why": "unknown", "unmet": ""}
    there = full if asked.full_time else full + part
    return whole | {
        "asked": asked.count, "full_time": asked.full_time, "there": there, "gap": max(0, asked.count - there),
        "why": asked.why, "unmet": ",".join(asked.unmet),
    }  # fmt: skip


def competition(month: Month, masters: Masters, profile: Profile) -> pd.DataFrame:
    """One row per manager on the list, COMPETITION: product managers who have been in office for the years asked (and
    those of whom it is not known since when), and, where a branch lacks product managers, its customer managers who
    have."""
    here = in_office_at_the_end(month, masters["managers"])
    regions = [str(one) for one in masters["regions"]["region_id"]]
    lacking = {one for one in regions if _of_branch(one, here, profile)["gap"] > 0}
    told = [
        {
            **one,
            "level": "region",
            "entity_id": one["region_id"],
            "standing": standing,
            "years": _years(month, one),
        }
        for one in records(here.sort_values(["region_id", "manager_id"]))
        if (standing := _standing(month, one, lacking, profile))
    ]
    order = {DUE: 0, NO_DAY: 1, CANDIDATE: 2}
    frame = pd.DataFrame(told, columns=list(COMPETITION)).astype(
        {"years": "Int64", "started_on": "datetime64[ns]"}
    )
    places = frame["standing"].map(order).astype("Int64")
    ordered = frame.assign(place=places).sort_values(["entity_id", "place", "started_on", "manager_id"])
    return ordered.drop(columns="place").reset_index(drop=True)


def _standing(month: Month, one: Mapping[str, Any], lacking: Iterable[str], profile: Profile) -> str:
    """Why somebody is on the list; empty for those who are not."""
    years = _years(month, one)
    if one["role"] == PRODUCT:
        return NO_DAY if years is None else DUE if years >= profile.staffing.years_in_post else ""
    is_candidate = one["role"] in profile.staffing.customer_managers and one["region_id"] in lacking
    return CANDIDATE if is_candidate and years is not None and years >= profile.staffing.years_in_post else ""


def _years(month: Month, one: Mapping[str, Any]) -> int | None:
    """Whole years in office by the month's last day."""
    started, last = one["started_on"], pd.Timestamp(month.last_day)
    if pd.isna(started):
        return None
    years = last.year - started.year
    return int(years - (started + pd.DateOffset(years=years) > last))


TOLD = {"staffing": OfMasters(_MASTERS, staffing), "competition": OfMasters(_MASTERS, competition)}
