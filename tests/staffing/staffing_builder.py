"""Outlets, managers and posts put together by hand."""

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from pipeline.base.calendar import Month
from pipeline.contract.trade import load_profile
from pipeline.subjects.staffing.told import competition, staffing
from schemas.form import all_forms

JUNE = Month(2024, 6)
PROFILE = load_profile("bank")


def frame(form: str, rows: Sequence[Mapping[str, Any]]) -> pd.DataFrame:
    """Rows of a form in its types."""
    types = all_forms()[form].dtypes
    return pd.DataFrame({name: [row.get(name) for row in rows] for name in types}).astype(types)


def outlet(kind: str = "sub_branch", key: str = "O1", region: str = "R1", **facts: Any) -> dict[str, Any]:
    """An outlet that is asked for nothing but what its kind and these facts ask."""
    known = {
        "near_market": False, "corporate_business": False, "credit": False, "area_m2": 100.0, "prime_site": False,
        "busy": False, "large_customers": 0,
    }  # fmt: skip
    return {"outlet_id": key, "region_id": region, "name": f"网点{key}", "kind": kind, **known, **facts}


def manager(
    key: str, role: str = "retail", started: str | None = "2020-01-01", left: str | None = None, region="R1"
):
    """A manager in office since 2020."""
    return {
        "manager_id": key, "manager_name": f"经理{key}", "region_id": region, "role": role,
        "started_on": pd.Timestamp(started) if started else pd.NaT, "left_on": pd.Timestamp(left) if left else pd.NaT,
    }  # fmt: skip


def masters(outlets=(), managers=(), posts: Sequence[tuple[str, str, str, bool]] = (), regions=("R1",)):
    """Master data; posts are (manager, outlet, role, full-time)."""
    names = ("manager_id", "outlet_id", "role", "full_time")
    return {
        "regions": frame("regions", [{"region_id": one, "region_name": one} for one in regions]),
        "managers": frame("managers", managers),
        "outlets": frame("outlets", outlets),
        "posts": frame("posts", [dict(zip(names, one, strict=True)) for one in posts]),
    }


def asked(role: str, of: Mapping[str, pd.DataFrame], month: Month = JUNE) -> dict[str, Any]:
    """The one row of a role."""
    rows = staffing(month, of, PROFILE)
    rows = rows[rows["role"] == role]
    assert len(rows) == 1
    return dict(rows.iloc[0])


def listed(of: Mapping[str, pd.DataFrame], month: Month = JUNE) -> list[tuple[str, str]]:
    """Who is on the list for the competition, and why."""
    rows = competition(month, of, PROFILE)
    return list(zip(rows["manager_id"], rows["standing"], strict=True))
