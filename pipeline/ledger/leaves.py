"""Leaves that only later master data tell: who left in May, and is first said to have left in June's master data, has
left in May (domain.md section 4).

So the master data of a month are read with the leaving days up to its end that any later version tells of those whom
the month's own version still has.
"""

from collections.abc import Collection, Iterable, Sequence
from functools import lru_cache

import pandas as pd
import pyarrow.compute as pc
import pyarrow.parquet as pq

from pipeline.base.calendar import Month
from pipeline.contract.master_data import MasterVersion, versions_valid_in

LEAVING = {"customers": "customer_id", "managers": "manager_id"}  # forms of those who leave, and what names them
LEFT_ON = "left_on"


def leaves_told_later(versions: Sequence[MasterVersion], form: str, month: Month) -> pd.Series:
    """The days on which customers or managers left by a month's end, by code, as the first later version tells that
    does; of whom the month's own version says nothing of a leave. Empty for other forms, and where none is told."""
    none = pd.Series(dtype="datetime64[us]", name=LEFT_ON)
    own = versions_valid_in(versions, month).get(form)
    if form not in LEAVING or own is None:
        return none
    later = sorted(one for one in versions if one.form == form and one.valid_from > own.valid_from)
    if not later:
        return none
    told = [_leaves(form, one.path) for one in later]
    found = pd.concat([one[one <= pd.Timestamp(month.last_day)] for one in told])
    known = found.index.duplicated() | found.index.isin(_leaves(form, own.path).index)
    first: pd.Series = found[~known].sort_index()
    return first


def with_leaves(form: str, rows: pd.DataFrame, leaves: pd.Series) -> pd.DataFrame:
    """Rows of master data with the leaving days that later versions tell of them."""
    if leaves.empty or LEFT_ON not in rows:
        return rows
    told = rows[LEAVING[form]].astype("str").map(leaves)
    return rows.assign(left_on=rows[LEFT_ON].fillna(told.astype(rows[LEFT_ON].dtype)))


def months_with_other_leaves(
    before: Sequence[MasterVersion], after: Sequence[MasterVersion], months: Iterable[Month]
) -> set[Month]:
    """The months of which other leaves are told than before."""
    return {
        month
        for month in months
        for form in LEAVING
        if leaves_told_later(before, form, month).to_dict() != leaves_told_later(after, form, month).to_dict()
    }


def needed_columns(form: str, columns: Collection[str] | None) -> list[str] | None:
    """The columns to read, so that leaves can be told of the rows; None for all."""
    if columns is None or LEFT_ON not in columns:
        return None if columns is None else list(columns)
    return list(dict.fromkeys([*columns, LEAVING.get(form, LEFT_ON)]))


@lru_cache(maxsize=256)
def _leaves(form: str, path: str) -> pd.Series:
    """The leaving days that a version tells, by code; not of who has another row there that has not left."""
    code = LEAVING[form]
    rows = pq.read_table(path, columns=[code, LEFT_ON])  # as Arrow has them: most have not left
    has_left = rows[LEFT_ON].is_valid()
    told, stayed = rows.filter(has_left), rows.filter(pc.invert(has_left))[code]
    gone = told.filter(pc.invert(pc.is_in(told[code], value_set=stayed))).to_pandas().astype({code: "str"})
    leaves: pd.Series = gone.groupby(code)[LEFT_ON].max().rename_axis(None)
    return leaves
