"""The findings of a month: one task a region (its own and its managers'), and one for the organisation."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass

import pandas as pd

from pipeline.calendar import Month
from pipeline.figures.declare import LEVELS, Level
from pipeline.figures.details import EntityDetails
from pipeline.findings.evidence import Evidence
from pipeline.findings.find import find_all
from pipeline.findings.text import findings_frame
from pipeline.month_desk import Place
from pipeline.report import ORGANISATION_ID
from pipeline.words import load_words


@dataclass(frozen=True)
class FindTask:
    """What rules look at for one region and its managers, or for the organisation (`region` None).

    `metrics` and `entities` are those of the entities alone, `open_actions` the rows of their managers.
    """

    place: Place
    month: Month
    region: str | None
    metrics: pd.DataFrame
    names: pd.DataFrame
    entities: EntityDetails
    open_actions: pd.DataFrame


def find(task: FindTask) -> pd.DataFrame:
    """The rows of `findings.csv` of a task's entities, in their order."""
    desk = task.place.desk
    whole = task.region is None
    details = desk.details(task.month, task.entities, None if task.region is None else (task.region,))
    levels: Sequence[Level] = ("organisation",) if whole else ("region", "manager")
    profile = desk.settings.profile
    evidence = Evidence(
        task.month, task.metrics, desk.figures, profile, details, task.names, task.open_actions, levels
    )
    words = load_words(desk.settings.language)
    return findings_frame(find_all(evidence), task.month, desk.figures, profile, words)


def find_tasks(
    place: Place,
    month: Month,
    regions: pd.Series,
    metrics: pd.DataFrame,
    names: pd.DataFrame,
    entities: EntityDetails,
    open_actions: pd.DataFrame,
) -> Iterator[FindTask]:
    """The tasks of a month; `regions` is the region of each manager, by manager_id, everything else is of everybody."""
    everybody: list[tuple[Level, str]] = [("organisation", ORGANISATION_ID)]
    yield FindTask(place, month, None, _of(metrics, everybody), names, entities.of(everybody), open_actions)
    for region in sorted(set(regions)):
        managers = regions.index[regions == region]
        own: list[tuple[Level, str]] = [("region", region), *(("manager", str(one)) for one in managers)]
        actions = open_actions[open_actions["region_id"] == region].reset_index(drop=True)
        yield FindTask(place, month, region, _of(metrics, own), names, entities.of(own), actions)


def _of(metrics: pd.DataFrame, entities: Collection[tuple[Level, str]]) -> pd.DataFrame:
    chosen = pd.Series(False, index=metrics.index)
    for level in LEVELS:
        codes = [code for its, code in entities if its == level]
        chosen |= (metrics["level"] == level) & metrics["entity_id"].isin(codes)
    return metrics[chosen].reset_index(drop=True)


def findings_together(parts: Iterable[pd.DataFrame]) -> pd.DataFrame:
    """The findings of all tasks in the order of levels and entities; each entity's stay in their order."""
    found = pd.concat(list(parts), ignore_index=True)
    place = found["level"].map({level: number for number, level in enumerate(LEVELS)})
    order = found.assign(_place=place).sort_values(["_place", "entity_id"], kind="stable", ignore_index=True)
    return order.drop(columns="_place")
