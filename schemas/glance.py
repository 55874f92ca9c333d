"""What is seen at a glance of a column: that nothing in it breaks the rules of its pandera column.

Pandera takes about half a millisecond for a column, however few its rows, and nearly every column of every file is
fine. Here the same rules, read from the pandera column itself, are asked of the whole column at once; where the
answer is no, or a rule is not known here, pandera goes through the column and names the rows.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
import pandas as pd
import pandera.pandas as pa
import pyarrow
import pyarrow.compute as pc
from pandera.engines import pandas_engine


@dataclass(frozen=True)
class _Glance:
    """A check that is known here: the one value that it states, and whether the values that are not missing pass it."""

    stated: str
    ok: Callable[[pd.Series, Any], bool]


_BY_CHECK = {
    "greater_than_or_equal_to": _Glance("min_value", lambda values, limit: bool(values.min() >= limit)),
    "less_than_or_equal_to": _Glance("max_value", lambda values, limit: bool(values.max() <= limit)),
    "str_length": _Glance("max_value", lambda values, limit: _longest(values) <= limit),
}


def is_fine(values: pd.Series, column: pa.Column) -> bool:
    """Whether every value keeps the rules of its column for certain; False is a doubt, not a verdict."""
    if column.unique or column.parsers or column.coerce or not _is_of_type(column.dtype, values.dtype):
        return False
    missing = np.asarray(values.array.isna(), dtype=bool)
    if missing.any() and not column.nullable:
        return False
    return bool(missing.all()) or all(_passes(values, check) for check in column.checks)


def _passes(values: pd.Series, check: pa.Check) -> bool:
    glance = _BY_CHECK.get(str(check.name))
    stated = {name: value for name, value in (check.statistics or {}).items() if value is not None}
    if glance is None or len(stated) != 1:  # such as a least and a greatest length: not known here
        return False
    [(name, limit)] = stated.items()
    return name == glance.stated and glance.ok(values, limit)


def _longest(texts: pd.Series) -> int:
    longest: int = pc.max(pc.utf8_length(pyarrow.array(texts.array))).as_py()
    return longest


@lru_cache(maxsize=256)
def _is_of_type(wanted: Any, found: Any) -> bool:
    return bool(wanted is None or wanted.check(pandas_engine.Engine.dtype(found)))
