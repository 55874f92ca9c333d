"""Who is missing for which form, and how much of the totals compared with was theirs (domain.md section 4)."""

from collections.abc import Iterator, Mapping, Sequence

import pandas as pd

from pipeline.contract.few import is_guarded
from pipeline.contract.figure import LEVELS, Figure, Level
from pipeline.figures.entities import with_entity
from pipeline.figures.known import MonthKnown, form_of

MISSING_COLUMNS = (
    "level", "entity_id", "form", "missing", "in_office", "managers", "colleagues", "share_previous",
    "share_last_year",
)  # fmt: skip
COMPARED = ("previous", "last_year")


def main_figures(figures: Sequence[Figure]) -> dict[str, Figure]:
    """The figure by which a form's missing share is told: the first plain sum that is counted from it, by form."""
    found: dict[str, Figure] = {}
    for figure in figures:
        if not is_guarded(figure) and not figure.looks_back and form_of(figure):
            found.setdefault(form_of(figure), figure)
    return found


def missing_table(
    known: MonthKnown,
    regions: pd.Series,
    before: Mapping[str, pd.DataFrame],
    figures: Sequence[Figure],
    levels: Sequence[Level] = LEVELS,
) -> pd.DataFrame:
    """One row per level, entity and form of which somebody in office is missing, with MISSING_COLUMNS.

    Args:
        known: who is in office in the month, and who is missing.
        regions: the region of each manager, by manager_id.
        before: by "previous" and "last_year", where that month is known, its counts by manager (rows of
            `MonthCounts.by_manager`), with the managers and customers of the month.
        figures: all figures.
        levels: of which entities.

    Returns:
        `managers` and `colleagues` are codes joined by commas: who is missing, and all in office; `missing` and
        `in_office` their numbers; `share_…` what part (%) of the entity's total was theirs, missing where that is
        not known.
    """
    office = pd.DataFrame({"manager_id": sorted(known.in_office - known.exempt)})
    office = office.assign(region_id=office["manager_id"].map(regions)).dropna(subset=["region_id"])
    rows = [
        row
        for form, managers in known.missing.items()
        for level in levels
        for row in _of_form(form, managers, level, office, before, main_figures(figures).get(form))
    ]
    return pd.DataFrame(rows, columns=list(MISSING_COLUMNS))


def missing_before_table(
    now: MonthKnown, before: Mapping[str, MonthKnown], regions: pd.Series, levels: Sequence[Level] = LEVELS
) -> pd.DataFrame:
    """One row per level, entity, month compared with and set of forms: who lacked them then, and has sent them now.

    Returns:
        level, entity_id, when ("previous", "last_year"), managers and forms (codes joined by commas).
    """
    rows = []
    for when, known in before.items():
        lacking: dict[str, list[str]] = {}
        for form, managers in known.missing.items():
            for manager in managers - now.missing.get(form, frozenset()):
                lacking.setdefault(manager, []).append(form)
        people = pd.DataFrame({"manager_id": sorted(lacking)}, dtype="str")
        people = people.assign(region_id=people["manager_id"].map(regions)).dropna(subset=["region_id"])
        people = people.assign(forms=[",".join(lacking[one]) for one in people["manager_id"]])
        for level in levels:
            for (entity, forms), group in with_entity(people, level).groupby(["entity_id", "forms"]):
                rows.append((level, str(entity), when, ",".join(group["manager_id"]), str(forms)))
    return pd.DataFrame(rows, columns=["level", "entity_id", "when", "managers", "forms"])


def missing_months_table(
    months: Sequence[tuple[MonthKnown, pd.Series]], levels: Sequence[Level] = LEVELS
) -> pd.DataFrame:
    """One row per level, entity, month and form that somebody had not handed in: what is counted from it holds less.

    Args:
        months: who is known in each month, with the region of each manager in it, by manager_id.

    Returns:
        level, entity_id, month (YYYY-MM), form, managers (codes joined by commas).
    """
    rows = [
        (level, entity, str(known.month), form, people)
        for known, regions in months
        for form, managers in sorted(known.missing.items())
        for level, entity, people in _people_by_entity(managers, regions, levels)
    ]
    return pd.DataFrame(rows, columns=["level", "entity_id", "month", "form", "managers"]).astype("str")


def _people_by_entity(
    managers: frozenset[str], regions: pd.Series, levels: Sequence[Level]
) -> Iterator[tuple[Level, str, str]]:
    """Level and entity_id of managers, with their codes joined by commas."""
    people = pd.DataFrame({"manager_id": sorted(managers)}, dtype="str")
    people = people.assign(region_id=people["manager_id"].map(regions)).dropna(subset=["region_id"])
    for level in levels:
        for entity, group in with_entity(people, level).groupby("entity_id"):
            yield level, str(entity), ",".join(group["manager_id"])


def _of_form(
    form: str,
    managers: frozenset[str],
    level: Level,
    office: pd.DataFrame,
    before: Mapping[str, pd.DataFrame],
    figure: Figure | None,
) -> list[tuple[object, ...]]:
    rows: list[tuple[object, ...]] = []
    shares = {when: _shares(before.get(when), figure, managers, level) for when in COMPARED}
    for entity, people in with_entity(office, level).groupby("entity_id"):
        gone = [one for one in people["manager_id"] if one in managers]
        if gone:
            told = [shares[when].get(str(entity)) for when in COMPARED]
            names = ",".join(gone), ",".join(people["manager_id"])
            rows.append((level, str(entity), form, len(gone), len(people), *names, *told))
    return rows


def _shares(
    by_manager: pd.DataFrame | None, figure: Figure | None, managers: frozenset[str], level: Level
) -> dict[str, float]:
    """What part (%) of each entity's total was the missing managers'."""
    if by_manager is None or figure is None:
        return {}
    own = by_manager[by_manager["figure"] == figure.key]
    theirs = own["numerator"].where(own["manager_id"].isin(managers), 0)
    sums = with_entity(own.assign(theirs=theirs), level).groupby("entity_id")[["numerator", "theirs"]].sum()
    known = sums[(sums["numerator"] > 0) & (sums["theirs"] > 0)]
    return {str(entity): 100 * row["theirs"] / row["numerator"] for entity, row in known.iterrows()}
