"""Whose something is: some regions and their managers, or the organisation by itself."""

from collections.abc import Sequence

from pipeline.contract.figure import Level

NOBODY = ""  # the region of a month in which nobody belongs to one
Regions = tuple[str, ...] | None  # some regions and their managers; None is the organisation by itself


def levels_of(regions: Regions) -> Sequence[Level]:
    """The levels of the entities that something of some regions, or of the organisation, is about."""
    return ("organisation",) if regions is None else ("region", "manager")
