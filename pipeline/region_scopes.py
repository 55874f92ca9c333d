"""Whom a month of each region is about, and where rows of its customers stand in other regions' parts.

A customer that changed its manager bought from the old one before; whether it is new, lost or returning shows only
in the rows of both. Worked out by codes: the customers of a whole organisation go through here at once.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from pipeline.calendar import Month

Codes = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Strays:
    """Customers whose rows of a form and month stand in another region's part."""

    form: str
    month: Month
    region: str
    customers: frozenset[str]


@dataclass(frozen=True)
class RegionScope:
    """Whom a month of these regions is about: their managers' customers of this and the months looked back on."""

    regions: tuple[str, ...]
    customers: frozenset[str]
    strays: tuple[Strays, ...] = ()


def scopes_together(scopes: Sequence[RegionScope]) -> RegionScope:
    """Several regions as one: rows that stand in the part of one of them are read with it."""
    regions = tuple(region for one in scopes for region in one.regions)
    customers = frozenset().union(*(one.customers for one in scopes))
    found: dict[tuple[str, Month, str], frozenset[str]] = {}
    for stray in (stray for one in scopes for stray in one.strays if stray.region not in regions):
        place = (stray.form, stray.month, stray.region)
        found[place] = found.get(place, frozenset()) | stray.customers
    return RegionScope(regions, customers, tuple(Strays(*place, found[place]) for place in sorted(found)))


@dataclass(frozen=True)
class Seen:
    """Which customers of which managers the rows of a form and month name in a region's part (`region`).

    One row per manager_id and customer_id.
    """

    form: str
    month: Month
    region: str
    rows: pd.DataFrame


def scopes_of(regions: pd.Series, seen: Sequence[Seen], owners: Sequence[pd.DataFrame]) -> list[RegionScope]:
    """Each region that has managers, with its customers and where else these have rows.

    Args:
        regions: the region of each manager, by manager_id.
        seen: what the months' rows name, of every form, month and part.
        owners: the months' master data: manager_id and customer_id.
    """
    names = pd.Index(sorted(set(regions)), dtype="str")
    if not len(names):
        return []
    frames = [*(one.rows for one in seen), *owners]
    customer, customers = pd.factorize(pd.concat([rows["customer_id"] for rows in frames], ignore_index=True))
    manager, managers = pd.factorize(pd.concat([rows["manager_id"] for rows in frames], ignore_index=True))
    home_of = np.append(names.get_indexer(regions.reindex(managers.astype("str"))), -1)
    homes = _pairs(customer, home_of[manager], len(names))
    sizes = [len(one.rows) for one in seen]
    place = np.repeat(np.arange(len(seen)), sizes)
    parts = names.get_indexer([one.region for one in seen])
    strays = _strays(customer[: sum(sizes)], place, parts, homes, len(customers))
    found: dict[int, list[Strays]] = {}
    for home, number, codes in strays:
        one = seen[number]
        found.setdefault(home, []).append(Strays(one.form, one.month, one.region, _texts(customers, codes)))
    own = {number: homes[0][homes[1] == number] for number in range(len(names))}
    return [
        RegionScope((name,), _texts(customers, own[number]), tuple(found.get(number, ())))
        for number, name in enumerate(names)
    ]


def _pairs(customer: Codes, home: Any, regions: int) -> tuple[Codes, Codes]:
    """Each customer with each region that has it, by customer."""
    known = (customer >= 0) & (home >= 0)
    customers, homes = np.divmod(np.unique(customer[known] * regions + home[known]), regions)
    return customers, homes


def _strays(
    customer: Codes, place: Codes, part: Any, homes: tuple[Codes, Codes], customers: int
) -> Iterator[tuple[int, int, Codes]]:
    """A region, a place where rows stand (the number of a `Seen`), and the region's customers that stand there though
    it is not the region's own part."""
    first, last = (np.searchsorted(homes[0], customer, side) for side in ("left", "right"))
    counts = last - first
    row = np.repeat(np.arange(len(customer)), counts)
    step = np.arange(len(row)) - np.repeat(np.cumsum(counts) - counts, counts)
    home = homes[1][first[row] + step]
    away = part[place[row]] != home
    places = len(part)
    keys = np.unique((home[away] * places + place[row][away]) * customers + customer[row][away])
    groups, codes = np.divmod(keys, customers)
    for start, end in zip(*_runs(groups), strict=True):
        at, number = divmod(int(groups[start]), places)
        yield at, number, codes[start:end]


def _runs(groups: Codes) -> tuple[Codes, Codes]:
    """Where each run of equal numbers begins and ends."""
    begins = np.flatnonzero(np.diff(groups, prepend=-1))
    return begins, np.append(begins[1:], len(groups))[: len(begins)]


def _texts(names: pd.Index, codes: Codes) -> frozenset[str]:
    return frozenset(names.take(codes).astype("str").tolist())
