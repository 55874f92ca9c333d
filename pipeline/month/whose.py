"""Whose something is: some regions and their managers, or the organisation by itself."""

from collections.abc import Sequence

from pipeline.contract.figure import Level
from schemas.entities import MANAGER, ORGANISATION, REGION, inner_levels, levels_beside
from schemas.profile import Profile

NOBODY = ""  # the region of a month in which nobody belongs to one
Regions = tuple[str, ...] | None  # some regions and their managers; None is the organisation by itself


def levels_of(regions: Regions) -> Sequence[Level]:
    """The levels of the entities that something of some regions, or of the organisation, is about."""
    return (ORGANISATION,) if regions is None else (REGION, MANAGER)


def levels_told(regions: Regions, profile: Profile) -> Sequence[Level]:
    """The same with the trade's own levels: those inside the tree are told with their region, those beside it with the
    organisation."""
    if regions is None:
        return ORGANISATION, *levels_beside(profile.entities)
    return REGION, *inner_levels(profile.entities), MANAGER
