"""A month's counts with what the trade's own levels of entities need of it: see `figures.levels`."""

from collections.abc import Sequence
from dataclasses import replace

import pandas as pd

from pipeline.contract.facts import Facts
from pipeline.contract.figure import Figure, Level
from pipeline.figures.count import MonthCounts, count_month
from pipeline.figures.grain import regions_by_manager
from pipeline.figures.levels import LevelCounts, OwnLevels, beside_in, facts_of_level, inner_of, told_apart
from schemas.entities import Entity


def count_with_levels(facts: Facts, figures: Sequence[Figure]) -> MonthCounts:
    """The counts of one month, those of the trade's own levels with them."""
    inner = inner_of(facts.rows.masters, facts.once(regions_by_manager), facts.profile)
    beside = {level: _beside(facts, level, one, figures) for level, one in beside_in(facts.profile).items()}
    return replace(count_month(facts, figures), levels=OwnLevels(inner, beside))


def _beside(facts: Facts, level: Level, entity: Entity, figures: Sequence[Figure]) -> LevelCounts:
    told = [figure for figure in figures if level in figure.levels]
    counts = count_month(facts_of_level(facts, entity), told)
    return LevelCounts(*(told_apart(one) for one in (counts.by_manager, counts.customers, counts.values)))


def at_level(counts: MonthCounts, level: Level) -> MonthCounts:
    """Counts with the entity of one of the trade's own levels as the column `LEVEL_id`; those of nobody's are left
    out."""
    frames = (_at_level(counts, level, name) for name in ("by_manager", "customers", "values"))
    by_manager, customers, values = frames
    return replace(counts, by_manager=by_manager, customers=customers, values=values)


def _at_level(counts: MonthCounts, level: Level, name: str) -> pd.DataFrame:
    rows: pd.DataFrame
    if level in counts.levels.beside:
        rows = getattr(counts.levels.beside[level], name)
        return rows.rename(columns={"entity_id": f"{level}_id"})
    rows = getattr(counts, name)
    if level not in counts.levels.inner:
        return rows.iloc[:0].assign(**{f"{level}_id": ""})
    entities = counts.levels.inner[level].set_index("manager_id")["entity_id"]
    told = rows.assign(**{f"{level}_id": rows["manager_id"].map(entities)})
    return told.dropna(subset=[f"{level}_id"]).reset_index(drop=True)
