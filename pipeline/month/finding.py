"""The findings of a month: of some regions and their managers, or of the organisation; then of all."""

from collections.abc import Iterable

import pandas as pd

from pipeline.base.calendar import Month
from pipeline.base.rows_by_key import rows_by_key
from pipeline.contract.figure import LEVELS, Figure
from pipeline.figures.details import MonthDetails
from pipeline.findings.evidence import Evidence
from pipeline.findings.find import find_all
from pipeline.findings.text import findings_frame
from pipeline.month.whose import Regions, levels_of
from pipeline.words import Words
from schemas.profile import Profile


def find(
    month: Month,
    regions: Regions,
    metrics: pd.DataFrame,
    figures: tuple[Figure, ...],
    profile: Profile,
    details: MonthDetails,
    names: pd.DataFrame,
    actions: pd.DataFrame,
    words: Words,
) -> pd.DataFrame:
    """The rows of `findings.csv` of some regions and their managers, or of the organisation, in their order.

    Args:
        metrics: those of the entities alone.
        names, actions: everybody's.
    """
    own = actions if regions is None else rows_by_key(actions, ("region_id",)).of(regions)
    evidence = Evidence(month, metrics, figures, profile, details, names, own, levels_of(regions))
    return findings_frame(find_all(evidence), month, figures, profile, words)


def all_findings(month: Month, parts: Iterable[pd.DataFrame]) -> pd.DataFrame:
    """Findings of some entities each, in the order of levels and entities; each entity's stay in their order."""
    found = pd.concat(list(parts), ignore_index=True)
    place = found["level"].map({level: number for number, level in enumerate(LEVELS)})
    order = found.assign(_place=place).sort_values(["_place", "entity_id"], kind="stable", ignore_index=True)
    return order.drop(columns="_place")
