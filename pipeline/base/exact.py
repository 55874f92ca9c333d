"""Sums that come out the same whatever the order of rows or the splitting of files.

Binary fractions do not add up exactly: 0.1 + 0.2 is not 0.3, and another order gives another sum. So every
amount is turned into whole ten-thousandths of its unit first, and whole numbers are added.
"""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import pandas as pd

TEN_THOUSANDTHS = 10_000

Integers = npt.NDArray[np.int64]


def whole(values: pd.Series) -> Integers:
    """Each value in whole ten-thousandths of its unit; a missing value counts as 0."""
    if pd.api.types.is_bool_dtype(values.dtype) or pd.api.types.is_integer_dtype(values.dtype):
        return whole_numbers(values) * TEN_THOUSANDTHS
    numbers = np.nan_to_num(values.to_numpy(dtype="float64", na_value=np.nan)) * TEN_THOUSANDTHS
    rounded: Integers = np.rint(numbers).astype("int64")
    return rounded


def whole_numbers(values: pd.Series) -> Integers:
    """Whole numbers (packs, pieces) as they are; a missing value counts as 0."""
    numbers: Integers = values.to_numpy(dtype="int64", na_value=0)
    return numbers


def sums_by_code(codes: npt.NDArray[np.int64], values: Integers, groups: int) -> Integers:
    """The sum of `values` for each of the codes 0 … groups − 1.

    The sums are exact up to 2⁵³ ten-thousandths, some 900 billion yuan a group.
    """
    return np.rint(np.bincount(codes, weights=values, minlength=groups)).astype("int64")


def stacked(frames: Sequence[pd.DataFrame]) -> pd.DataFrame:
    """Frames of the same columns below each other; those without rows only where all are."""
    filled = [frame for frame in frames if len(frame)]
    return pd.concat(filled or list(frames[:1]), ignore_index=True)
