"""Which of many codes are among others: pandas looks each of the others up by itself, Arrow all at once."""

from collections.abc import Collection

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc


def among(codes: pd.Series | pd.Index, others: pd.Series | pd.Index | Collection[str]) -> npt.NDArray[np.bool_]:
    """For each code whether it is one of the others; a missing one is not."""
    wanted = others if isinstance(others, pd.Series | pd.Index) else sorted(others)
    found = pc.is_in(_text(codes), value_set=_text(wanted).drop_null())
    return np.asarray(found.to_numpy(zero_copy_only=False), dtype=bool)


def _text(codes: pd.Series | pd.Index | list[str]) -> pa.Array:
    plain = codes.astype("str") if isinstance(codes, pd.Series | pd.Index) else codes
    array = pa.array(plain, type=pa.large_string())
    return array.combine_chunks() if isinstance(array, pa.ChunkedArray) else array
