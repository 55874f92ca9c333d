"""Likely causes, worked out by contribution: which part of the whole moved it most."""

import pandas as pd

from pipeline.contract.figure import Level
from pipeline.findings.declare import Cause
from pipeline.findings.evidence import Evidence, own
from schemas.complaints import CATEGORIES
from schemas.form import all_forms

LEAST_SHARE = 0.5  # of all missed visits: more of them are one manager's matter


def short_product(evidence: Evidence, level: Level, entity_id: str, against: str) -> Cause | None:
    """The product of which most was ordered and not supplied."""
    now = evidence.details.sums["sales_by_product"]["now"]
    if now is None:
        return None
    short = own(now, level, entity_id).groupby("product_id")["short"].sum()
    if short.empty or short.max() <= 0:
        return None
    product = str(short.idxmax())
    return Cause("short_product", {"product": evidence.product(product), "short": int(short.max())})


def missed_visits(evidence: Evidence, level: Level, entity_id: str, against: str) -> Cause | None:
    """The manager without whom the limit would be kept; else the grade of customers to which most planned visits were
    not made, unless most of them are one manager's."""
    missed = own(evidence.details.lists["missed_visits"], level, entity_id)
    if missed.empty:
        return None
    by_manager = missed.groupby("manager_id").size()
    if level != "manager" and by_manager.max() > LEAST_SHARE * len(missed):
        manager = str(by_manager.idxmax())
        if not _limit_kept_without(evidence, level, entity_id, manager):
            return None
        numbers = {"missed": int(by_manager.max()), "all_missed": len(missed)}
        return Cause("missed_manager", {"manager": evidence.manager(manager), **numbers})
    counts = missed.groupby("grade").size()
    customers = own(evidence.details.lists["customers_by_movement"], level, entity_id)
    if counts.empty or customers["grade"].nunique() < 2:  # where all are of one grade, it tells nothing
        return None
    return Cause(
        "missed_grade",
        {"grade": str(counts.idxmax()), "missed": int(counts.max()), "all_missed": int(counts.sum())},
    )


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


def falling_dimension(evidence: Evidence, level: Level, entity_id: str, against: str) -> Cause | None:
    """The dimension of satisfaction whose fall, times its weight, took most from the index, and where it fell most."""
    pair = evidence.pair("satisfaction_by_dimension", against)
    if pair is None:
        return None
    now, base = (own(rows, level, entity_id) for rows in pair)
    scores = [_scores(rows) for rows in (now, base)]
    fall = (scores[1] - scores[0]).dropna()
    weighed = fall * pd.Series(dict(evidence.profile.satisfaction_weights)).reindex(fall.index).fillna(0)
    if weighed.empty or weighed.max() <= 0:
        return None
    dimension = str(weighed.idxmax())
    label = all_forms()["satisfaction"].column(dimension)
    where = _where_it_fell(now, base, dimension, level, evidence)
    return Cause(
        "falling_dimension_where" if where else "falling_dimension",
        {
            "zh": label.zh,
            "en": label.en.lower(),
            "before": scores[1][dimension],
            "now": scores[0][dimension],
            **({"where": where} if where else {}),
        },
    )


def _where_it_fell(now: pd.DataFrame, base: pd.DataFrame, dimension: str, level: Level, evidence: Evidence) -> str:
    """The manager (of the organisation: the region) whose score of a dimension fell most, of those with enough answers;
    empty where there is none."""
    below = {"organisation": "region_id", "region": "manager_id"}.get(level)
    if below is None:
        return ""
    least = evidence.profile.least_count
    scores = []
    for rows in (now, base):
        sums = rows[rows["dimension"] == dimension].groupby(below)[["points", "answers"]].sum().astype("float64")
        enough = sums[sums["answers"] >= least]
        scores.append(enough["points"] / enough["answers"])
    fall = (scores[1] - scores[0]).dropna()
    if len(fall) < 2 or fall.max() <= 0:
        return ""
    code = str(fall.idxmax())
    return evidence.manager(code) if below == "manager_id" else evidence.region(code)


def _scores(rows: pd.DataFrame) -> pd.Series:
    sums = rows.groupby("dimension")[["points", "answers"]].sum().astype("float64")
    return sums["points"] / sums["answers"].where(sums["answers"] > 0)


def _difference(now: pd.DataFrame, base: pd.DataFrame, key: str, measure: str) -> pd.Series:
    """What each part adds to the change, by `key`."""
    sums = [rows.groupby(key)[measure].sum().astype("float64") for rows in (now, base)]
    return sums[0].sub(sums[1], fill_value=0)
