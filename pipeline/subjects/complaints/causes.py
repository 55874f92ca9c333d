"""Why complaints rose or were late: the category, the department."""

import pandas as pd

from pipeline.contract.figure import Level
from pipeline.findings.evidence import Evidence, own
from pipeline.findings.rule import Cause
from schemas.complaints import CATEGORIES


def complaint_category(evidence: Evidence, level: Level, entity_id: str, against: str) -> Cause | None:
    """The category of complaints that rose most."""
    pair = evidence.pair("complaints_by_category", "previous")
    if pair is None:
        return None
    now, base = pair
    change = _difference(own(now, level, entity_id), own(base, level, entity_id), "category", "received")
    if change.empty or change.max() <= 0:
        return None
    rose = str(change.idxmax())
    words = {category.key: category for category in CATEGORIES}
    named = words.get(rose)
    return Cause(
        "complaint_category",
        {"zh": named.zh if named else rose, "en": named.en.lower() if named else rose, "rise": int(change.max())},
    )


def late_department(evidence: Evidence, level: Level, entity_id: str, against: str) -> Cause | None:
    """The department with most overdue cases."""
    cases = own(evidence.details.lists["complaint_cases"], level, entity_id)
    late = cases[(cases["state"] == "overdue") & cases["department"].notna()]
    if late.empty:
        return None
    counts = late.groupby("department").size()
    names = {entry.key: entry for entry in evidence.profile.lists.get("departments", ())}
    most = str(counts.idxmax())
    named = names.get(most)
    return Cause(
        "late_department",
        {"zh": named.zh if named else most, "en": named.en if named else most, "cases": int(counts.max())},
    )


def _difference(now: pd.DataFrame, base: pd.DataFrame, key: str, measure: str) -> pd.Series:
    """What each part adds to the change, by `key`."""
    sums = [rows.groupby(key)[measure].sum().astype("float64") for rows in (now, base)]
    return sums[0].sub(sums[1], fill_value=0)
