"""Why complaints rose or were late: the category, the department."""

from pipeline.contract.figure import Level
from pipeline.findings.evidence import Evidence, own
from pipeline.findings.main_part import main_rise, majority
from pipeline.findings.rule import Cause
from schemas.complaints import CATEGORIES


def complaint_category(evidence: Evidence, level: Level, entity_id: str, against: str) -> Cause | None:
    """The category of complaints that rose and the others did not; none where all rose alike."""
    pair = evidence.pair("complaints_by_category", "previous")
    if pair is None:
        return None
    now, base = (own(rows, level, entity_id).groupby("category")["received"].sum() for rows in pair)
    rose = main_rise(now, base)
    if rose is None:
        return None
    rise = int(now.get(rose, 0)) - int(base.get(rose, 0))
    words = {category.key: category for category in CATEGORIES}
    named = words.get(rose)
    return Cause(
        "complaint_category",
        {"zh": named.zh if named else rose, "en": named.en.lower() if named else rose, "rise": rise},
    )


def late_department(evidence: Evidence, level: Level, entity_id: str, against: str) -> Cause | None:
    """The department that has more than half of the overdue cases."""
    cases = own(evidence.details.lists["complaint_cases"], level, entity_id)
    late = cases[(cases["state"] == "overdue") & cases["department"].notna()]
    if late.empty:
        return None
    counts = late.groupby("department").size()
    most = majority(counts)
    if most is None:
        return None
    names = {entry.key: entry for entry in evidence.profile.lists.get("departments", ())}
    named = names.get(most)
    return Cause(
        "late_department",
        {"zh": named.zh if named else most, "en": named.en if named else most, "cases": int(counts.max())},
    )
