"""A month's rows as they are counted from: made small for later months, looked into, put together."""

from collections.abc import Mapping, Sequence

import pandas as pd

from pipeline.base.calendar import Month
from pipeline.contract.facts import Facts
from pipeline.figures.grain import MANAGER_CUSTOMER
from pipeline.regions.facts import (
    MonthParts,
    facts_of_all,
    facts_of_moved,
    facts_of_regions,
    scope_of,
    scopes_of_month,
)
from pipeline.regions.scopes import RegionScope
from schemas.profile import Profile


def parts(month: Month, **held: object) -> MonthParts:
    """What the ledger holds of a month, part by part."""
    return MonthParts(month, **held)  # type: ignore[arg-type]


def scopes(
    month: Month,
    regions: pd.Series,
    seen: Mapping[tuple[Month, str], pd.DataFrame],
    owners: Sequence[pd.DataFrame],
) -> dict[str, RegionScope]:
    """Whom each region's month is about."""
    return scopes_of_month(regions, seen, [one[MANAGER_CUSTOMER].astype("category") for one in owners])


def scope(month: Month, region: str, scopes: Mapping[str, RegionScope]) -> RegionScope:
    """Whom a region's month is about."""
    return scope_of(region, scopes)


def facts(
    month: Month,
    group: Sequence[str],
    parts: Sequence[MonthParts],
    scopes: Sequence[RegionScope],
    regions: pd.Series,
    profile: Profile,
) -> Facts:
    """A month's facts of some regions."""
    return facts_of_regions(list(parts), list(scopes), regions, profile)


def all_facts(month: Month, parts: Sequence[MonthParts], profile: Profile) -> Facts:
    """A month's facts of all regions together."""
    return facts_of_all(list(parts), profile)


def moved_facts(
    own: Month, month: Month, other: Month, parts: Sequence[MonthParts], pairs: pd.DataFrame, profile: Profile
) -> Facts:
    """The facts of a month about customers that moved."""
    return facts_of_moved(list(parts), pairs, profile)
