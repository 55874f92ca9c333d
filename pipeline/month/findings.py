"""The findings of a month: a task for some regions (their own and their managers'), and one for the organisation."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import pandas as pd

from pipeline.base.calendar import Month
from pipeline.base.garbage import give_back
from pipeline.base.rows_by_key import rows_by_key
from pipeline.contract.figure import LEVELS
from pipeline.contract.report import ORGANISATION_ID
from pipeline.figures.members import among
from pipeline.findings.evidence import Evidence
from pipeline.findings.find import find_all
from pipeline.findings.text import findings_frame
from pipeline.month.counts import levels_of
from pipeline.month.desk import Desk
from pipeline.month.place import Place
from pipeline.words import load_words


@dataclass(frozen=True)
class FindTask:
    """What rules look at for some regions and their managers, or for the organisation (`regions` None).

    `metrics` are those of the entities alone, `open_actions` the rows of their managers.
    """

    place: Place[Desk]
    month: Month
    regions: tuple[str, ...] | None
    metrics: pd.DataFrame
    names: pd.DataFrame
    open_actions: pd.DataFrame


def find(task: FindTask) -> pd.DataFrame:
    """The rows of `findings.csv` of a task's entities, in their order."""
    desk = task.place.desk
    details = desk.details(task.month, desk.satisfaction_changes(task.month, task.regions), task.regions)
    levels, profile = levels_of(task.regions), desk.settings.profile
    evidence = Evidence(
        task.month, task.metrics, desk.figures, profile, details, task.names, task.open_actions, levels
    )
    words = load_words(desk.settings.language)
    found = findings_frame(find_all(evidence), task.month, desk.figures, profile, words)
    give_back()
    return found


def find_tasks(
    place: Place[Desk],
    month: Month,
    groups: Iterable[tuple[str, ...]],
    regions: pd.Series,
    metrics: pd.DataFrame,
    names: pd.DataFrame,
    open_actions: pd.DataFrame,
) -> Iterator[FindTask]:
    """The tasks of a month.

    Args:
        groups: the regions that are one task.
        regions: the region of each manager, by manager_id.
        metrics, names, open_actions: everybody's.
    """
    by_entity, by_region = rows_by_key(metrics, ("level", "entity_id")), rows_by_key(open_actions, ("region_id",))
    whole = [("organisation", ORGANISATION_ID)]
    yield FindTask(place, month, None, by_entity.of(whole), names, open_actions)
    for group in groups:
        own = [("region", region) for region in group]
        own += [("manager", str(one)) for one in regions.index[among(regions, group)]]
        yield FindTask(place, month, group, by_entity.of(own), names, by_region.of(group))


def findings_together(parts: Iterable[pd.DataFrame]) -> pd.DataFrame:
    """The findings of all tasks in the order of levels and entities; each entity's stay in their order."""
    found = pd.concat(list(parts), ignore_index=True)
    place = found["level"].map({level: number for number, level in enumerate(LEVELS)})
    order = found.assign(_place=place).sort_values(["_place", "entity_id"], kind="stable", ignore_index=True)
    return order.drop(columns="_place")
