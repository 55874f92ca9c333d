"""Counting: one month's facts become numerators and denominators by manager, which add up to everything else.

Counts are whole ten-thousandths of their unit (see `exact`), so sums are exact. A manager counts in a figure
only where its form is known to be sent: nothing known is no row, not zero.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import pandas as pd

from pipeline.base.calendar import Month
from pipeline.base.exact import stacked, sums_by_code, whole
from pipeline.contract.facts import Facts
from pipeline.contract.figure import Figure
from pipeline.figures.grain import regions_by_manager, senders
from pipeline.figures.known import form_of, known_now, missing_before
from pipeline.figures.levels import OwnLevels, added_up, levels_of_region, levels_of_whole, levels_together

_TYPES = {"region_id": "str", "manager_id": "str", "figure": "str"}
_SUM_COLUMNS = ["figure", "manager_id", "numerator", "denominator", "has_denominator"]
_SUM_TYPES = {**_TYPES, "numerator": "int64", "denominator": "int64", "has_denominator": "bool"}
_MEASURES = ("numerator", "denominator", "has_denominator", "count")


@dataclass(frozen=True)
class MonthCounts:
    """What a month's figures are made from; small enough to keep for every month.

    `by_manager`: one row per region_id, manager_id and figure: numerator, denominator (int64, ten-thousandths;
    `has_denominator` tells whether the figure has one). `customers`: for figures that count customers once in
    every entity, one row per region_id, manager_id, figure and customer_id counted. `values`: for statistics
    of single values, one row per region_id, manager_id, figure and value (int64, ten-thousandths): count.
    All are sorted; regions are those of the month. `levels` holds what is told of the trade's own levels of entities.
    """

    month: Month
    by_manager: pd.DataFrame
    customers: pd.DataFrame
    values: pd.DataFrame
    levels: OwnLevels = field(default_factory=OwnLevels)


def count_month(facts: Facts, figures: Iterable[Figure]) -> MonthCounts:
    """The counts of one month.

    Equal series are counted once: figures that share a numerator or denominator name the same function.
    """
    declared = tuple(figure for figure in figures if _can_look_back(figure, facts))
    regions = facts.once(regions_by_manager)
    counted = _Counted(facts)
    sums = [row for figure in declared if not figure.of_values for row in _sums(figure, counted)]
    sums += [row for figure in declared for row in _year_sums(figure, counted)]
    customers = [_customers(figure, facts) for figure in declared if figure.over_time == "distinct"]
    values = [_values(figure, facts) for figure in declared if figure.of_values]
    return MonthCounts(
        facts.month,
        _joined([pd.DataFrame(sums, columns=_SUM_COLUMNS)], _SUM_TYPES, regions),
        _joined(customers, {**_TYPES, "customer_id": "str"}, regions),
        _joined(values, {**_TYPES, "value": "int64", "count": "int64"}, regions),
    )


def counts_together(parts: Sequence[MonthCounts]) -> MonthCounts:
    """Several regions' counts of one month as one."""
    if len(parts) == 1:
        return parts[0]
    frames = {
        name: stacked([getattr(one, name) for one in parts]) for name in ("by_manager", "customers", "values")
    }
    ordered = {
        name: frame.sort_values([one for one in frame.columns if one not in _MEASURES], ignore_index=True)
        for name, frame in frames.items()
    }
    return MonthCounts(parts[0].month, **ordered, levels=levels_together([one.levels for one in parts]))


def counts_of_region(counts: MonthCounts, region: str) -> MonthCounts:
    """What of a month's counts is one region's; no rows where it has none."""
    frames = {name: getattr(counts, name) for name in ("by_manager", "customers", "values")}
    own = {name: rows[rows["region_id"] == region].reset_index(drop=True) for name, rows in frames.items()}
    return MonthCounts(counts.month, **own, levels=levels_of_region(counts.levels, region))


def counts_of_whole(parts: Iterable[MonthCounts]) -> MonthCounts:
    """Regions' counts of one month added up to those of the organisation, which stands as the only region and manager.

    The parts are looked at one after the other, so they may be read as they are needed.
    """
    summed = counts_together([_added_up(one) for one in parts])
    return _added_up(summed)


def _added_up(counts: MonthCounts) -> MonthCounts:
    frames = added_up(counts.by_manager, counts.customers, counts.values)
    return MonthCounts(counts.month, *frames, levels_of_whole(counts.levels))


class _Counted:
    """Counts by manager, each worked out once a month: many figures share a denominator."""

    def __init__(self, facts: Facts) -> None:
        self.facts = facts
        self._sums: dict[object, dict[str, int]] = {}
        self._known: dict[tuple[str, int], frozenset[str]] = {}

    def by_manager(self, count: Callable[[Facts], pd.Series]) -> dict[str, int]:
        if count not in self._sums:
            self._sums[count] = _by_manager(count, self.facts)
        return self._sums[count]

    def known_managers(self, figure: Figure) -> frozenset[str]:
        """Who is known to have sent the figure's first monthly form, in the months looked back on too; everybody,
        where it comes from master data. Of what nobody owes, and is told beside what is owed, those are known too who
        owe nothing at all: they have sent all of it."""
        key = (form_of(figure), figure.looks_back)
        if key not in self._known:
            self._known[key] = self._known_in(*key)
        if key[0] and key[0] not in figure.forms:
            return self._known[key] | self.exempt
        return self._known[key]

    @property
    def exempt(self) -> frozenset[str]:
        """Who owes nothing, and is known by whatever counts for them: their shares of others' customers."""
        return self.facts.once(known_now).exempt

    def missing_managers(self, figure: Figure) -> frozenset[str]:
        """Who is in office and has not sent the figure's form: what earlier months say of it is not this month's."""
        return self.facts.once(known_now).missing_of(figure)

    def _known_in(self, form: str, looks_back: int) -> frozenset[str]:
        if not form:
            return frozenset(self.facts.once(regions_by_manager).index)
        return senders(self.facts, form) - missing_before(self.facts, form, looks_back)


def _can_look_back(figure: Figure, facts: Facts) -> bool:
    return all(facts.month + -back in facts.earlier for back in range(1, figure.looks_back + 1))


def _sums(figure: Figure, counted: _Counted) -> Iterator[tuple[str, str, int, int, bool]]:
    """Figure, manager, numerator, denominator, and whether it has one, for each manager that counts in it."""
    numerator = counted.by_manager(figure.numerator)
    known = counted.known_managers(figure)
    if figure.denominator is None:
        # That a customer bought before and not now is not known of a manager who sent nothing now.
        told = known if figure.looks_back else (known | numerator.keys()) - counted.missing_managers(figure)
        told |= counted.exempt & numerator.keys()
        if figure.only_counted:
            told &= numerator.keys()
        for manager in told:
            yield figure.key, manager, numerator.get(manager, 0), 0, False
        return
    denominator = counted.by_manager(figure.denominator)
    for manager in (known | counted.exempt) & denominator.keys():
        yield figure.key, manager, numerator.get(manager, 0), denominator[manager], True


def _year_sums(figure: Figure, counted: _Counted) -> Iterator[tuple[str, str, int, int, bool]]:
    """What stands for the year to date of a figure that says it of the whole year, or what its first known month asks
    from 1 January on, under `Figure.year_key`."""
    if figure.since is not None:
        yield from _sums(replace(_over_months(figure, counted.facts.month.month), key=figure.year_key), counted)
    elif figure.from_new_year is not None:
        yield from _sums(replace(figure, key=figure.year_key, denominator=figure.from_new_year), counted)


def count_since(facts: Facts, figures: Iterable[Figure], months: int) -> MonthCounts:
    """What figures that are kept count from the first day of some months (their number, the facts' own included) to the
    last; no other figures."""
    kept = [_over_months(figure, months) for figure in figures if figure.since is not None]
    return count_month(facts, [replace(figure, since=None, over_time="last") for figure in kept])


def _over_months(figure: Figure, months: int) -> Figure:
    """The same counted over some months; whose first day is known it tells itself."""
    assert figure.since is not None
    above, below = figure.since(months)
    return replace(figure, numerator=above, denominator=below, looks_back=0)


def _by_manager(count: Callable[[Facts], pd.Series], facts: Facts) -> dict[str, int]:
    """A count in ten-thousandths, added up to managers."""
    counted = facts.once(count)
    if counted.empty:
        return {}
    codes, managers = _manager_codes(counted.index)
    sums = sums_by_code(codes, whole(counted), len(managers))
    present = np.bincount(codes, minlength=len(managers)) > 0
    both = zip(managers[present], sums[present], strict=True)
    return {str(manager): int(total) for manager, total in both}


def _manager_codes(index: pd.Index) -> tuple[Any, pd.Index]:
    if isinstance(index, pd.MultiIndex):
        return np.asarray(index.codes[0]), index.levels[0]
    return pd.factorize(index)


def _customers(figure: Figure, facts: Facts) -> pd.DataFrame:
    counted = facts.once(figure.numerator)
    keys = counted[counted > 0].index.to_frame(index=False)
    return keys.assign(figure=figure.key)


def _values(figure: Figure, facts: Facts) -> pd.DataFrame:
    values = facts.once(figure.numerator).dropna()
    frame = pd.DataFrame({"manager_id": values.index.astype("str"), "value": whole(values)})
    counts = frame.groupby(["manager_id", "value"]).size().rename("count").reset_index()
    return counts.assign(figure=figure.key)


def _joined(frames: list[pd.DataFrame], types: dict[str, str], regions: pd.Series) -> pd.DataFrame:
    """One sorted frame with the managers' regions; managers that nobody knows are left out."""
    filled = [frame for frame in frames if len(frame)]
    if not filled:
        return pd.DataFrame({name: pd.Series(dtype=dtype) for name, dtype in types.items()})
    frame = pd.concat(filled, ignore_index=True)
    frame = frame.assign(region_id=frame["manager_id"].map(regions)).dropna(subset=["region_id"])
    frame = frame[list(types)].astype(types)
    return frame.sort_values([name for name in types if name not in _MEASURES], ignore_index=True)
