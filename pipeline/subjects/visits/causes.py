"""Why planned visits were not made: whose they were, and to whom."""

import pandas as pd

from pipeline.contract.figure import Level
from pipeline.findings.evidence import Evidence, own
from pipeline.findings.main_part import majority
from pipeline.findings.rule import Cause

AHEAD = 1.2  # times its share in the plan: below, a grade is missed as the others are


def missed_visits(evidence: Evidence, level: Level, entity_id: str, against: str) -> Cause | None:
    """The manager without whom the limit would be kept; else, unless most missed visits are one manager's, the grade
    that has more of them than its share in the plan."""
    missed = own(evidence.details.lists["missed_visits"], level, entity_id)
    if missed.empty:
        return None
    by_manager = missed.groupby("manager_id").size()
    manager = None if level == "manager" else majority(by_manager)  # more than half are one manager's matter
    if manager is not None:
        if not _limit_kept_without(evidence, level, entity_id, manager):
            return None
        numbers = {"missed": int(by_manager.max()), "all_missed": len(missed)}
        return Cause("missed_manager", {"manager": evidence.manager(manager), **numbers})
    return _missed_grade(evidence, level, entity_id, missed.groupby("grade").size())


def _missed_grade(evidence: Evidence, level: Level, entity_id: str, counts: pd.Series) -> Cause | None:
    """The grade that has more than half of the missed visits, and well more than its share in what was planned."""
    grade = majority(counts)
    known = evidence.details.lists.get("customers_by_movement")
    if grade is None or known is None:
        return None
    customers = own(known, level, entity_id).groupby("grade").size()
    planned = (customers * pd.Series(dict(evidence.profile.visits_per_month))).dropna()
    if grade not in planned or counts[grade] / counts.sum() < AHEAD * planned[grade] / planned.sum():
        return None
    return Cause("missed_grade", {"grade": grade, "missed": int(counts[grade]), "all_missed": int(counts.sum())})


def _limit_kept_without(evidence: Evidence, level: Level, entity_id: str, manager: str) -> bool:
    """Whether the others of a region keep the limit of planned visits; not where nothing is known of one of both.

    Not told of the organisation, beside whose figures those of managers are not looked at.
    """
    if level != "region":
        return False
    rows = evidence.of_figure("plan_completion")
    whole = rows[(rows["level"] == level) & (rows["entity_id"] == entity_id)]
    mine = rows[(rows["level"] == "manager") & (rows["entity_id"] == manager)]
    if whole.empty or mine.empty:
        return False
    done, planned = (float(whole.iloc[0][name] - mine.iloc[0][name]) for name in ("numerator", "denominator"))
    return planned > 0 and 100 * done / planned >= evidence.limit("plan_completion_low")
