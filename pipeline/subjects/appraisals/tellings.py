"""Who is appraised in a period, and what comes of it: managers, the best of each region, engineers with what their own
department gave them beside it."""

from collections.abc import Iterable

import pandas as pd

from pipeline.base.exact import stacked
from pipeline.contract.master_data import managers_in_office
from pipeline.contract.report import ORGANISATION_ID
from pipeline.contract.tellings import Known, Telling
from pipeline.figures.best import best_managers
from pipeline.subjects.appraisals.weigh import PART_COLUMNS, appraised
from pipeline.subjects.samples.tellings import ENGINEERS, marks_by_engineer, with_names
from schemas.appraisals import Appraisal
from schemas.entities import MANAGER, ORGANISATION, REGION

SAMPLES, MANAGERS = "samples", "managers"
ENGINEER = "engineer"
MANAGER_COLUMNS = ("level", "entity_id", "region_id", *PART_COLUMNS)
BEST_COLUMNS = ("level", "entity_id", "region_id", "place", "score")
ENGINEER_COLUMNS = (
    "level", "entity_id", "name", "department", *PART_COLUMNS, "marks", "department_points",
)  # fmt: skip
_NUMBERS = ("weight", "value", "points", "n", "least", "score", "marks", "department_points", "place")
_KINDS = {**dict.fromkeys(_NUMBERS, "float64"), "is_enough": "bool", "place": "int64"}


def _none(columns: Iterable[str]) -> pd.DataFrame:
    return pd.DataFrame({name: pd.Series(dtype=_KINDS.get(name, "str")) for name in columns})


def _of_level(known: Known, level: str) -> tuple[Appraisal | None, pd.DataFrame]:
    """How those of a level are appraised in the period, if they are, and their metrics."""
    appraisal = known.profile.appraisals.get(level)
    if appraisal is None or known.period.span not in appraisal.spans:
        return None, known.metrics.iloc[:0]
    return appraisal, known.metrics[known.metrics["level"] == level]


def managers_appraised(known: Known) -> pd.DataFrame:
    """One row per manager in office in the period and part: MANAGER_COLUMNS; whose row it is, sees it, with its region
    and headquarters."""
    appraisal, metrics = _of_level(known, MANAGER)
    if appraisal is None:
        return _none(MANAGER_COLUMNS)
    people = sorted(_in_office(known) & set(known.homes.index.astype("str")))
    rows = appraised(appraisal, known.period.last, metrics, people)
    if rows.empty:
        return _none(MANAGER_COLUMNS)
    regions = rows["appraised_id"].map(known.homes.astype("str")).astype("str")
    return rows.assign(level=MANAGER, entity_id=rows["appraised_id"], region_id=regions)[list(MANAGER_COLUMNS)]


def _in_office(known: Known) -> frozenset[str]:
    """The managers who were in office on a day of the period."""
    told = [managers_in_office(rows, one) for one in known.months if len(rows := known.master(MANAGERS, one))]
    return frozenset(code for one in told for code in one["manager_id"].astype("str"))


def throughout(known: Known) -> frozenset[str]:
    """The managers in office from the period's first day to its last, who handed in all that they owed."""
    rows = known.master(MANAGERS)
    if rows.empty:
        return frozenset()
    first, last = pd.Timestamp(known.period.first_day), pd.Timestamp(known.period.last_day)
    stayed = (rows["started_on"].isna() | (rows["started_on"] <= first)) & (
        rows["left_on"].isna() | (rows["left_on"] >= last)
    )
    return frozenset(rows.loc[stayed, "manager_id"].astype("str")) & known.reported


def best_appraised(known: Known) -> pd.DataFrame:
    """The best of each region, of those who have a score and were there throughout: BEST_COLUMNS; all who share the
    last place are named."""
    appraisal, _ = _of_level(known, MANAGER)
    rows = managers_appraised(known)
    if appraisal is None or not appraisal.best or rows.empty:
        return _none(BEST_COLUMNS)
    scores = rows.drop_duplicates("appraised_id").dropna(subset=["score"])
    best = best_managers(scores.assign(grade="*"), throughout(known), appraisal.best)
    ordered = best.sort_values(["region_id", "place", "entity_id"], ignore_index=True)
    return ordered.assign(place=ordered["place"].astype("int64")).reindex(columns=list(BEST_COLUMNS))


def engineers_appraised(known: Known) -> pd.DataFrame:
    """One row per engineer and part: ENGINEER_COLUMNS, with the marks of its own department (how many, their mean)
    beside. Headquarters sees all; a region those all of whose work of the period was for its customers."""
    appraisal, metrics = _of_level(known, ENGINEER)
    if appraisal is None:
        return _none(ENGINEER_COLUMNS)
    marks = marks_by_engineer(known).set_index("engineer_id")
    people = sorted(set(metrics["entity_id"].astype("str")) | set(marks.index.astype("str")))
    rows = appraised(appraisal, known.period.last, metrics, people)
    if rows.empty:
        return _none(ENGINEER_COLUMNS)
    named = with_names(rows.assign(engineer_id=rows["appraised_id"]), known)
    named = named.assign(
        marks=named["engineer_id"].map(marks["marks"]).fillna(0).astype("float64"),
        department_points=named["engineer_id"].map(marks["points"]).astype("float64"),
    )
    whole = named.assign(level=ORGANISATION, entity_id=ORGANISATION_ID)
    home = named["engineer_id"].map(_only_region(known))
    own = named.assign(level=REGION, entity_id=home)[home.notna()]
    return stacked([one for one in (whole, own) if len(one)]).reindex(columns=list(ENGINEER_COLUMNS))


def _only_region(known: Known) -> dict[str, str]:
    """The region of each engineer who worked for customers of one only in the period."""
    told = [known.values[one] for one in known.months]
    rows = pd.concat(told, ignore_index=True)
    rows = rows[rows["level"] == ENGINEER].drop_duplicates(["entity_id", "region_id"])
    alone = rows[~rows["entity_id"].duplicated(keep=False)]
    return dict(zip(alone["entity_id"].astype("str"), alone["region_id"].astype("str"), strict=True))


TELLINGS = {
    "appraisals": Telling(managers_appraised, masters=(MANAGERS,)),
    "best_appraised": Telling(best_appraised, masters=(MANAGERS,)),
    "engineer_appraisals": Telling(engineers_appraised, masters=(SAMPLES, ENGINEERS)),
}
