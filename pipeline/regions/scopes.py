"""Whom a month of each region is about, and where rows of its customers stand in other regions' parts.

A customer that changed its manager bought from the old one before; whether it is new, lost or returning shows only
in the rows of both. Worked out by codes: the customers of a whole organisation go through here at once.
"""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate, groupby
from operator import itemgetter
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from pipeline.base.calendar import Month

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
    regions = tuple(dict.fromkeys(region for one in scopes for region in one.regions))
    customers = frozenset().union(*(one.customers for one in scopes))
    found: dict[tuple[str, Month, str], frozenset[str]] = {}
    for stray in (stray for one in scopes for stray in one.strays if stray.region not in regions):
        place = (stray.form, stray.month, stray.region)
        found[place] = found.get(place, frozenset()) | stray.customers
    return RegionScope(regions, customers, tuple(Strays(*place, found[place]) for place in sorted(found)))


def in_parts(frames: Sequence[pd.DataFrame], parts: int) -> Iterator[list[pd.DataFrame]]:
    """The frames cut to each of several parts of all customers; a customer is in the same part everywhere.

    Whom a region is about can be found part by part (`scopes_of`), as nothing of one customer depends on others.
    """
    if parts == 1:
        yield list(frames)
        return
    places = [_part_of_customers(rows["customer_id"], parts) for rows in frames]
    for part in range(parts):
        yield [_only(rows, place == part) for rows, place in zip(frames, places, strict=True)]


def _part_of_customers(customers: pd.Series, parts: int) -> npt.NDArray[np.int16]:
    """The part that the customer of each row is in; −1 where it has none."""
    names = customers.cat.categories.to_numpy(dtype="object")
    hashed = pd.util.hash_array(names, categorize=False) % np.uint64(parts)
    return np.append(hashed.astype(np.int16), np.int16(-1))[customers.cat.codes]


def _only(rows: pd.DataFrame, chosen: npt.NDArray[np.bool_]) -> pd.DataFrame:
    some = rows[chosen]
    return some.assign(customer_id=some["customer_id"].cat.remove_unused_categories())


@dataclass(frozen=True)
class Seen:
    """Which customers of which managers the rows of a month name in a region's part.

    One row per form, manager_id and customer_id, all categories.
    """

    month: Month
    region: str
    rows: pd.DataFrame


def scopes_of(regions: pd.Series, seen: Sequence[Seen], owners: Sequence[pd.DataFrame]) -> list[RegionScope]:
    """Each region that has managers, with its customers and where else these have rows.

    Args:
        regions: the region of each manager, by manager_id.
        seen: what the months' rows name, of every month and part.
        owners: the months' master data: manager_id and customer_id, categories.
    """
    names = pd.Index(sorted(set(regions)), dtype="str")
    if not len(names):
        return []
    frames = [*(one.rows for one in seen), *owners]
    customer, customers = _numbered([rows["customer_id"] for rows in frames])
    manager, managers = _numbered([rows["manager_id"] for rows in frames])
    home_of = np.append(names.get_indexer(regions.reindex(managers)), -1)
    homes = _pairs(customer, home_of[manager], len(names))
    form, forms = _numbered([one.rows["form"] for one in seen])
    parts = names.get_indexer([one.region for one in seen])
    ends = np.cumsum([len(one.rows) for one in seen])
    found: dict[int, list[Strays]] = {}
    for one, part, end in zip(seen, parts, ends, strict=True):
        rows = slice(end - len(one.rows), end)
        for home, kind, codes in _strays(customer[rows], form[rows], part, homes, (len(forms), len(customers))):
            there = Strays(forms[kind], one.month, one.region, _texts(customers, codes))
            found.setdefault(home, []).append(there)
    own = {number: homes[0][homes[1] == number] for number in range(len(names))}
    return [
        RegionScope((name,), _texts(customers, own[number]), tuple(found.get(number, ())))
        for number, name in enumerate(names)
    ]


def _numbered(columns: Sequence[pd.Series]) -> tuple[Codes, pd.Index]:
    """The values of several columns of categories as positions among all values; −1 for none."""
    every = [pd.Index(column.cat.categories, dtype="str") for column in columns]
    values = pd.Index([], dtype="str").append(every).unique().sort_values() if every else pd.Index([], dtype="str")
    codes = [
        np.append(values.get_indexer(names), -1)[column.cat.codes]
        for names, column in zip(every, columns, strict=True)
    ]
    return np.concatenate(codes or [np.empty(0)]).astype("int64"), values


def _pairs(customer: Codes, home: Any, regions: int) -> tuple[Codes, Codes]:
    """Each customer with each region that has it, by customer."""
    known = (customer >= 0) & (home >= 0)
    customers, homes = np.divmod(np.unique(customer[known] * regions + home[known]), regions)
    return customers, homes


def _strays(
    customer: Codes, form: Codes, part: int, homes: tuple[Codes, Codes], sizes: tuple[int, int]
) -> Iterator[tuple[int, int, Codes]]:
    """A region, a form, and the region's customers that rows of the form name in `part`, which is another region's.

    `sizes` are how many forms and customers there are.
    """
    forms, customers = sizes
    first, last = (np.searchsorted(homes[0], customer, side) for side in ("left", "right"))
    counts = last - first
    row = np.repeat(np.arange(len(customer)), counts)
    step = np.arange(len(row)) - np.repeat(np.cumsum(counts) - counts, counts)
    home = homes[1][first[row] + step]
    away = home != part
    keys = np.unique((home[away] * forms + form[row][away]) * customers + customer[row][away])
    groups, codes = np.divmod(keys, max(customers, 1))
    for start, end in zip(*_runs(groups), strict=True):
        at, kind = divmod(int(groups[start]), forms)
        yield at, kind, codes[start:end]


def _runs(groups: Codes) -> tuple[Codes, Codes]:
    """Where each run of equal numbers begins and ends."""
    begins = np.flatnonzero(np.diff(groups, prepend=-1))
    return begins, np.append(begins[1:], len(groups))[: len(begins)]


def _texts(names: pd.Index, codes: Codes) -> frozenset[str]:
    return frozenset(names.take(codes).astype("str").tolist())


def grouped_by_rows(rows: Mapping[str, int], most: int) -> Iterator[tuple[str, ...]]:
    """Regions in their order, in groups of about as many rows each, and of about `most` at most."""
    total = max(sum(rows.values()), 1)
    share = total / math.ceil(total / most)
    middles = (end - own / 2 for end, own in zip(accumulate(rows.values()), rows.values(), strict=True))
    numbered = zip((int(middle // share) for middle in middles), rows, strict=True)
    for _, group in groupby(numbered, key=itemgetter(0)):
        yield tuple(region for _, region in group)
