"""Few: when too little stands behind a number to judge by it (domain.md section 4). One rule, for everything.

Below the profile's least count a rate, a figure per customer or unit, a statistic of single values is shown in grey
with its n: not ranked, not scored, without arrow, and nothing is found in it. A count (cases, customers, visits) of so
few changes in counts (+3 件), never in %.
"""

from collections.abc import Iterable, Mapping
from typing import Any

import pandas as pd

from pipeline.contract.figure import Figure
from schemas.profile import Profile

COUNT_UNITS = frozenset({"户", "次", "件", "人", "份", "个"})


def is_guarded(figure: Figure) -> bool:
    """Whether a figure says nothing when few stand behind it: everything but plain sums."""
    return figure.of_values or figure.denominator is not None


def is_count(figure: Figure) -> bool:
    """Whether a figure counts customers, visits, cases and the like."""
    return not is_guarded(figure) and (figure.unit in COUNT_UNITS or figure.is_count)


def behind(metrics: pd.DataFrame, figures: Iterable[Figure]) -> pd.Series:
    """How many stand behind each row's value (n): its denominator, or number of values; of a count the count itself.

    Missing for sums of goods and money.
    """
    declared = tuple(figures)
    guarded = metrics["figure"].isin([one.key for one in declared if is_guarded(one)])
    counted = metrics["figure"].isin([one.key for one in declared if is_count(one)])
    return metrics["denominator"].where(guarded, metrics["numerator"].where(counted))


def is_few(metrics: pd.DataFrame, figures: Iterable[Figure], profile: Profile) -> pd.Series:
    """Whether a row's value rests on fewer than the profile's least count; plain sums and counts never do."""
    guarded = {figure.key for figure in figures if is_guarded(figure)}
    return metrics["figure"].isin(guarded) & (metrics["denominator"] < profile.least_count)


def few_changes(rows: pd.DataFrame, figure: Figure, profile: Profile, column: str) -> pd.Series:
    """Whether too few stand on one of the sides of a change for it to say anything.

    Args:
        rows: rows of `metrics.csv` of one figure.
        column: the change: "change", "yoy" or "ytd_yoy".
    """
    names = _SIDES[column]
    return pd.Series(
        [change_is_few(figure, dict(zip(names, one, strict=True)), column, profile.least_count)
         for one in rows[list(names)].itertuples(index=False, name=None)],
        index=rows.index, dtype="bool",
    )  # fmt: skip


def change_is_few(figure: Figure, row: Mapping[str, Any], column: str, least: int) -> bool:
    """The same of one row: a figure's n on both sides; of a count the counts themselves."""
    if not (is_guarded(figure) or is_count(figure)):
        return False
    return any(pd.notna(value := row.get(name)) and float(value) < least for name in _SIDES[column])


# What says how many stand on the sides of a change.
_SIDES: Mapping[str, tuple[str, ...]] = {
    "change": ("n", "previous_n"),
    "yoy": ("n", "last_year_n"),
    "ytd_yoy": ("n",),
}
