"""Rows of several files put together: what a file says it replaces is taken out of what came before it.

Tables stay in Arrow's own form from file to file: nothing is done with the values.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from pipeline.ledger.decide import days_covered
from pipeline.ledger.manifest import Submission

_BY_ROWS = ("rows", "nothing")  # what says of single rows which others it is about


@dataclass(frozen=True)
class Layer:
    """The accepted rows of a submission, None where it has none; `moment` is the run and the second in which its file
    was saved."""

    submission: Submission
    moment: tuple[int, str]
    rows: pa.Table | None


@dataclass(frozen=True)
class Composed:
    """The rows that stand, and how many rows of a file do not count as another, saved in the same second, says
    otherwise; by fingerprint."""

    tables: tuple[pa.Table, ...]
    refused: dict[str, int] = field(default_factory=dict)


def compose(
    base: pa.Table | None,
    layers: Sequence[Layer],
    day_column: str,
    same: Sequence[str],
    filled_later: Sequence[str] = (),
) -> Composed:
    """Layers over what stands already.

    Args:
        base: rows that stand; None where there are none.
        layers: in the order in which they came.
        day_column: the column whose days are replaced; empty where the form has none.
        same: the columns that tell one row from another; where there are none, no row replaces another.
        filled_later: columns in which an empty cell of a row that takes the place of another changes nothing.
    """
    tables = [] if base is None else [base]
    refused: dict[str, int] = {}
    for moment in dict.fromkeys(one.moment for one in layers):
        together = [one for one in layers if one.moment == moment]
        contradicted = _shared_keys([one.rows for one in together if one.submission.replaces in _BY_ROWS], same)
        for one in together:
            own = _own_rows(one, day_column, contradicted, same)
            if one.submission.replaces in _BY_ROWS and one.rows is not None and own is not None:
                refused[one.submission.sha256] = one.rows.num_rows - own.num_rows
                own = _filled(own, tables, same, filled_later)
            tables = [*_left_of(tables, one.submission, own, day_column, same), *([] if own is None else [own])]
    told = {sha256: rows for sha256, rows in refused.items() if rows}
    return Composed(tuple(table for table in tables if table.num_rows), told)


def _filled(
    own: pa.Table, tables: Sequence[pa.Table], same: Sequence[str], filled_later: Sequence[str]
) -> pa.Table:
    """Rows whose empty cells of some columns are those of the rows whose place they take."""
    if not (filled_later and same and tables and own.num_rows):
        return own
    before = pd.concat([one.select([*same, *filled_later]).to_pandas() for one in tables], ignore_index=True)
    known = before.drop_duplicates(list(same), keep="last")
    known = known.set_axis(pd.MultiIndex.from_frame(known[list(same)])).reindex(_keys(own, same))
    filled = own
    for name in filled_later:
        field, cells = own.schema.field(name), own[name].to_pandas()
        told = cells.where(cells.notna(), known[name].set_axis(cells.index))
        cell_array = pa.array(told, field.type, from_pandas=True)
        filled = filled.set_column(own.schema.get_field_index(name), field, cell_array)
    return filled


def _own_rows(
    one: Layer, day_column: str, contradicted: pd.MultiIndex | None, same: Sequence[str]
) -> pa.Table | None:
    """The rows of a file that count."""
    if one.rows is None or one.submission.replaces == "month":
        return one.rows
    if one.submission.replaces == "days":
        return without_days(one.rows, day_column, one.submission.refused_days)
    return _without_keys(one.rows, contradicted, same)


def _left_of(
    tables: Sequence[pa.Table], one: Submission, own: pa.Table | None, day_column: str, same: Sequence[str]
) -> list[pa.Table]:
    """What is left of rows over which a file's own come."""
    if one.replaces == "month":
        return []
    if one.replaces == "nothing":
        return list(tables)
    if one.replaces == "days":
        return [without_days(table, day_column, days_covered(one)) for table in tables]
    keys = None if own is None else _keys(own, same)
    return [_without_keys(table, keys, same) for table in tables]


def without_days(table: pa.Table, day_column: str, days: Collection[str]) -> pa.Table:
    """The rows that are not of these days (ISO)."""
    if not days:
        return table
    on = pc.strftime(table[day_column], format="%Y-%m-%d")
    gone = pc.is_in(on, value_set=pa.array(sorted(days), type=on.type))
    return table.filter(pc.invert(gone))


def _keys(table: pa.Table, same: Sequence[str]) -> pd.MultiIndex | None:
    return pd.MultiIndex.from_frame(table.select(list(same)).to_pandas()) if same else None


def _shared_keys(layers: Sequence[pa.Table | None], same: Sequence[str]) -> pd.MultiIndex | None:
    """The keys of rows that several of these files bring."""
    tables = [one for one in layers if one is not None]
    if len(tables) < 2 or not same:
        return None
    keys = pd.concat([one.select(list(same)).to_pandas().drop_duplicates() for one in tables])
    return pd.MultiIndex.from_frame(keys[keys.duplicated()])


def _without_keys(table: pa.Table, keys: pd.MultiIndex | None, same: Sequence[str]) -> pa.Table:
    if keys is None or not len(keys):
        return table
    own = pd.MultiIndex.from_frame(table.select(list(same)).to_pandas())
    return table.filter(pa.array(~own.isin(keys)))
