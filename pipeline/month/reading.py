"""A month's rows as they are counted from: made small for later months, looked into, put together."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

import pandas as pd

from pipeline.base.calendar import Month
from pipeline.contract.carried import carried_in_use
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

CarriedBy = Mapping[Month, Mapping[str, pd.DataFrame]]  # by the months looked back on, what each carries by name


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
    carried: CarriedBy,
) -> Facts:
    """A month's facts of some regions."""
    return replace(facts_of_regions(list(parts), list(scopes), regions, profile), carried=carried)


def all_facts(month: Month, parts: Sequence[MonthParts], profile: Profile, carried: CarriedBy) -> Facts:
    """A month's facts of all regions together."""
    return replace(facts_of_all(list(parts), profile), carried=carried)


def carried_by(month: Month, facts: Facts) -> Mapping[str, pd.DataFrame]:
    """What a month carries to those after it, by name."""
    return {name: one.make(facts) for name, one in carried_in_use(facts.profile).items()}


def moved_facts(
    own: Month,
    month: Month,
    other: Month,
    parts: Sequence[MonthParts],
    pairs: pd.DataFrame,
    profile: Profile,
    carried: CarriedBy,
) -> Facts:
    """The facts of a month about customers that moved."""
    return replace(facts_of_moved(list(parts), pairs, profile), carried=carried)
