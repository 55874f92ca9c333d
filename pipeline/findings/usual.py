"""What is usual: how far a figure moves from month to month, and for how long it has been where it is."""

from collections.abc import Callable, Sequence
from itertools import pairwise

LEAST_CHANGES = 6  # fewer of them show no range
_LEFT_OUT = 1  # of the twelve the greatest and the least, so that one odd month makes nothing usual


def is_usual_change(change: float | None, values: Sequence[float | None]) -> bool:
    """Whether a change lies inside the range of those before it.

    Args:
        change: from the month before to the reported one, like with like; None where it is not known.
        values: the figure in the months before the reported one, oldest first; None where it is not wholly known. The
            range is that of their changes, without the least and the greatest of them.
    """
    earlier = sorted(
        after - before for before, after in pairwise(values) if before is not None and after is not None
    )
    if change is None or len(earlier) < LEAST_CHANGES:
        return False
    inner = earlier[_LEFT_OUT:-_LEFT_OUT]
    return inner[0] <= change <= inner[-1]


def is_end_known(values: Sequence[float | None], months: int) -> bool:
    """Whether the month before the last `months` is known, so that what held since then did not hold before."""
    return months < len(values) and values[len(values) - months - 1] is not None


def months_in_a_row(values: Sequence[float | None], holds: Callable[[float], bool]) -> int:
    """For how many months, the last of `values` included, something holds without a break."""
    count = 0
    for value in reversed(values):
        if value is None or not holds(value):
            break
        count += 1
    return count
