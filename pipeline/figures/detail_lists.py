"""Lists behind the figures: cases, visits, customers, as the subjects of the trade declare them."""

from collections.abc import Mapping, Sequence

import pandas as pd

from pipeline.base.exact import stacked
from pipeline.contract.behind import all_lists, lists_in_use
from pipeline.contract.facts import Facts
from pipeline.figures.grain import regions_by_manager


def lists_of(facts: Facts) -> dict[str, pd.DataFrame]:
    """Every list of a month, over the managers that count."""
    return {name: list_of(name, facts) for name in lists_in_use(facts.profile)}


def list_of(name: str, facts: Facts) -> pd.DataFrame:
    """One list of a month, over the managers that count."""
    listing = all_lists()[name]
    rows, managers = facts.once(listing.rows), facts.once(regions_by_manager).index
    counting = rows["manager_id"].isin(managers)
    if listing.of_regions:
        counting |= rows["manager_id"].isna()
    return _ordered(name, rows[counting])


def lists_of_region(lists: Mapping[str, pd.DataFrame], region: str) -> dict[str, pd.DataFrame]:
    """What of a month's lists is one region's."""
    return {name: rows[rows["region_id"] == region].reset_index(drop=True) for name, rows in lists.items()}


def lists_together(parts: Sequence[Mapping[str, pd.DataFrame]]) -> dict[str, pd.DataFrame]:
    """The lists of several regions as one each."""
    return {name: list_together(name, [part[name] for part in parts]) for name in parts[0]}


def list_together(name: str, parts: Sequence[pd.DataFrame]) -> pd.DataFrame:
    """One list of several regions."""
    return parts[0] if len(parts) == 1 else _ordered(name, stacked(parts))


def _ordered(name: str, rows: pd.DataFrame) -> pd.DataFrame:
    listing = all_lists()[name]
    ascending = [column not in listing.greatest_first for column in listing.order]
    return rows.sort_values(list(listing.order), ascending=ascending, kind="stable", ignore_index=True)
