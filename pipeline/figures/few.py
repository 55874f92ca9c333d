"""Few: when too little stands behind a number to judge by it (domain.md section 4). One rule, for everything.

Below the profile's least count a rate, a figure per customer or carton, a statistic of single values is shown in grey
with its n: not ranked, not scored, without arrow, and nothing is found in it. A count (cases, customers, visits) of so
few changes in counts (+3 件), never in %.
"""

from collections.abc import Iterable

import pandas as pd

from pipeline.figures.declare import Figure
from schemas.profile import Profile

COUNT_UNITS = frozenset({"户", "次", "件", "人", "份", "个"})


def is_guarded(figure: Figure) -> bool:
    """Whether a figure says nothing when few stand behind it: everything but plain sums."""
    return figure.of_values or figure.denominator is not None


def is_count(figure: Figure) -> bool:
    """Whether a figure counts customers, visits, cases and the like."""
    return not is_guarded(figure) and figure.unit in COUNT_UNITS


def behind(metrics: pd.DataFrame, figures: Iterable[Figure]) -> pd.Series:
    """How many stand behind each row's value (n): its denominator, or number of values; of a count the count itself.

    Missing for sums of cartons and money.
    """
    declared = tuple(figures)
    guarded = metrics["figure"].isin([one.key for one in declared if is_guarded(one)])
    counted = metrics["figure"].isin([one.key for one in declared if is_count(one)])
    return metrics["denominator"].where(guarded, metrics["numerator"].where(counted))


def is_few(metrics: pd.DataFrame, figures: Iterable[Figure], profile: Profile) -> pd.Series:
    """Whether a row's value rests on fewer than the profile's least count; plain sums and counts never do."""
    guarded = {figure.key for figure in figures if is_guarded(figure)}
    return metrics["figure"].isin(guarded) & (metrics["denominator"] < profile.least_count)


def few_compared(now: pd.DataFrame, base: pd.DataFrame, figures: Iterable[Figure], profile: Profile) -> pd.Series:
    """Whether too few stand on one of the sides of a comparison for a growth or a difference to say anything.

    Args:
        now, base: figure, numerator, denominator, value of each side, row by row.
    """
    declared = tuple(figures)
    counted = now["figure"].isin([one.key for one in declared if is_count(one)])
    least = profile.least_count
    few_counts = counted & ((now["value"] < least) | (base["value"] < least))
    return (
        few_counts | is_few(now, declared, profile) | is_few(base.assign(figure=now["figure"]), declared, profile)
    )
