"""What is usual: how far a figure moves from month to month, and for how long it has been where it is."""

from collections.abc import Callable, Sequence
from itertools import pairwise

LEAST_CHANGES = 6  # fewer of them show no range
_LEFT_OUT = 1  # of the twelve the greatest and the least, so that one odd month makes nothing usual


def is_usual_change(values: Sequence[float | None]) -> bool:
    """Whether the last change lies inside the range of those before it.

    Args:
        values: a figure month by month, oldest first, the reported month last; None where it is not known. The range
            is that of the changes before the last one, without the least and the greatest of them.
    """
    if len(values) < 2 or values[-1] is None or values[-2] is None:
        return False
    earlier = sorted(
        after - before for before, after in pairwise(values[:-1]) if before is not None and after is not None
    )
    if len(earlier) < LEAST_CHANGES:
        return False
    inner = earlier[_LEFT_OUT:-_LEFT_OUT]
    return inner[0] <= values[-1] - values[-2] <= inner[-1]


def months_in_a_row(values: Sequence[float | None], holds: Callable[[float], bool]) -> int:
    """For how many months, the last of `values` included, something holds without a break."""
    count = 0
    for value in reversed(values):
        if value is None or not holds(value):
            break
        count += 1
    return count
