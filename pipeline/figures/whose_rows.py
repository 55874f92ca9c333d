"""Rows of a month by who had their customers then, has them now, and had them in the month compared with.

What customers that moved share in a month is counted by itself, under labels that say all three: it is taken from those
who had them and given to those who have them, and rows of managers unknown on either side are left out.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, cached_property

import numpy as np
import pandas as pd

from pipeline.contract.behind import all_sums
from pipeline.figures.count import MonthCounts
from pipeline.figures.grain import MANAGER_CUSTOMER
from pipeline.figures.parts import MonthSums
from schemas.profile import FORECAST_AS

_JOINED = "\x1f"
MOVED_REGION = "\x1f"  # where the labels of moved customers stand while they are counted
_WHOSE = ["manager_id", "manager_now", "manager_other"]
_COUNTED = {"numerator", "denominator", "count", *FORECAST_AS}  # besides the measures of subjects' sums


def label_of(pairs: pd.DataFrame) -> pd.Series:
    """The label under which a moved customer is counted."""
    return pairs["manager_id"] + _JOINED + pairs["manager_now"] + _JOINED + pairs["manager_other"]


@dataclass(frozen=True)
class Moved:
    """The moved customers of one month, for one comparison; `counts` and `sums` stand by label.

    `regions` is the region of each manager in the reported month, by manager_id.
    """

    regions: pd.Series
    pairs: pd.DataFrame = field(
        default_factory=lambda: pd.DataFrame(columns=[*_WHOSE, "customer_id"], dtype="str")
    )
    counts: MonthCounts | None = None
    sums: MonthSums | None = None

    @cached_property
    def by_label(self) -> pd.DataFrame:
        """What each label says: manager_id, manager_now, manager_other, by label."""
        told = self.pairs[_WHOSE].drop_duplicates()
        return told.set_index(pd.Index(label_of(told), dtype="str", name="label"))


@cache
def _all_measures() -> frozenset[str]:
    return frozenset(_COUNTED).union(*(one.measures for one in all_sums().values()))


def _measures_in(rows: pd.DataFrame) -> list[str]:
    """The columns of rows that are added up."""
    return [str(name) for name in rows.columns if name in _all_measures()]


def _keys_in(rows: pd.DataFrame) -> list[str]:
    """The columns that tell rows of one manager apart."""
    left = {"region_id", "has_denominator", *_WHOSE, *_all_measures()}
    return [str(name) for name in rows.columns if name not in left]


def whose_rows(rows: pd.DataFrame, split: pd.DataFrame | None, moved: Moved) -> pd.DataFrame:
    """Rows by who had the customers, who has them now, and who had them in the month compared with; not added up.

    Args:
        split: what the moved customers share in them, by label.
    """
    plain = rows.assign(manager_now=rows["manager_id"], manager_other=rows["manager_id"])
    if split is None or split.empty:
        return plain
    apart = _apart(split, moved)
    less = apart.assign(manager_now=apart["manager_id"], manager_other=apart["manager_id"])
    less = less.assign(**{name: -less[name] for name in _measures_in(less)})
    regions = plain.drop_duplicates("manager_id").set_index("manager_id")["region_id"]
    both = pd.concat([less, apart], ignore_index=True)
    both = both.assign(region_id=both["manager_id"].map(regions))
    return pd.concat([plain, both], ignore_index=True)


def whose_customers(rows: pd.DataFrame, split: pd.DataFrame | None, moved: Moved) -> pd.DataFrame:
    """The same of rows by customer: those of moved customers are taken from what was counted of them by itself."""
    plain = rows.assign(manager_now=rows["manager_id"], manager_other=rows["manager_id"])
    if moved.pairs.empty or split is None:
        return plain
    keys = pd.MultiIndex.from_frame(plain[MANAGER_CUSTOMER])
    stayed = plain[~keys.isin(pd.MultiIndex.from_frame(moved.pairs[MANAGER_CUSTOMER]))]
    return pd.concat([stayed, _apart(split, moved)], ignore_index=True)


def _apart(split: pd.DataFrame, moved: Moved) -> pd.DataFrame:
    """Rows of labels with what the labels say."""
    said = moved.by_label.reindex(split["manager_id"])
    return split.assign(**{name: said[name].to_numpy() for name in _WHOSE})


def known_rows(
    rows: pd.DataFrame,
    keys: pd.Series,
    missing: Mapping[str, frozenset[str]],
    missing_beside: Mapping[str, frozenset[str]],
) -> pd.DataFrame:
    """Without rows of managers who are missing on one of the sides.

    Args:
        keys: the form or figure of each row.
        missing, missing_beside: who is, by form or figure.
    """
    if not missing and not missing_beside:
        return rows
    out = np.zeros(len(rows), dtype=bool)
    for told, whose in ((missing, "manager_id"), (missing_beside, "manager_other")):
        for managers in set(told.values()):
            of = [key for key, who in told.items() if who == managers]
            out |= (keys.isin(of) & rows[whose].isin(managers)).to_numpy(dtype=bool)
    return rows[~out]


def settled(rows: pd.DataFrame, like: pd.DataFrame, moved: Moved) -> pd.DataFrame:
    """Rows of a month with the managers and regions of the reported month, in the columns and order of `like`, the
    month's own rows."""
    if len(rows) == len(like) and moved.pairs.empty:
        known = rows["manager_id"].map(moved.regions)
        if known.isna().all() or (known.isna() | (known == rows["region_id"])).all():
            return like
    return settled_together(rows, like, moved.regions, summed=not moved.pairs.empty)


def settled_together(rows: pd.DataFrame, like: pd.DataFrame, regions: pd.Series, *, summed: bool) -> pd.DataFrame:
    """Rows with the managers and regions of the reported month; `summed`: those of the same keys as one.

    A manager who is not there any more stays in its region; one whose customers all went to others has nothing left to
    tell, and what is known of it is no zero.
    """
    region = rows["manager_now"].map(regions).fillna(rows["region_id"]).astype("str")
    named = rows.assign(manager_id=rows["manager_now"], region_id=region)
    measures, keys = _measures_in(like), ["region_id", "manager_id", *_keys_in(like)]
    if summed:
        named = _summed(named, measures, keys) if measures else named.drop_duplicates(keys)
    if measures:
        nothing_left = (named[measures] == 0).all(axis=1) & ~named["manager_id"].isin(regions.index)
        named = named[~nothing_left]
    told = named[list(like.columns)].astype(like.dtypes.to_dict())
    return told.sort_values(keys, ignore_index=True)


def _summed(rows: pd.DataFrame, measures: Sequence[str], keys: Sequence[str]) -> pd.DataFrame:
    """Rows of the same keys as one; what has gone altogether is left out."""
    grouped = rows.groupby(list(keys), as_index=False, dropna=False, sort=True)
    flags = ["has_denominator"] if "has_denominator" in rows else []
    sums = grouped[list(measures)].sum()
    sums = sums.assign(**{name: grouped[[name]].max()[name] for name in flags})
    if "count" in sums:
        return sums[sums["count"] > 0].reset_index(drop=True)
    return sums
