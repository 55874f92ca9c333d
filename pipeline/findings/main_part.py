"""Which part stands out: a cause is told only of a part that the others did not share. Free of any subject.

Where everything rose or fell alike the greatest part is no cause, and of two that are as great neither is.
"""

import pandas as pd

LEAST_SHARE = 0.5  # of the whole change
REST_RATE = 1 / 3  # of the rate at which the whole changed
TIMES_ITS_PART = 1.2
TIMES_THE_MEAN = 1.5  # how far ahead of the mean of all a part must be,
TIMES_THE_NEXT = 1.1  # and how far ahead of the next


def stands_out(share: float, base: float) -> bool:
    """Whether a share of what is to be explained is so far above the share of what it is held against that it is no
    chance of counting: 21 % of a gap with 19 % of the whole explain nothing."""
    return share > TIMES_ITS_PART * base


def main_rise(now: pd.Series, base: pd.Series) -> str | None:
    """The part that makes most of a rise, where the others together rose at no more than a third of the whole's rate.

    Args:
        now, base: counts by part, of a month and of one before.

    Returns:
        The part's name; None where the whole did not rise, nothing was there before, or no part stands out.
    """
    rise = now.astype("float64").sub(base, fill_value=0)
    whole, before = float(rise.sum()), float(base.sum())
    if whole <= 0 or before <= 0:
        return None
    part = str(rise.idxmax())
    taken, rest_before = float(rise[part]), before - float(base.get(part, 0))
    if taken < LEAST_SHARE * whole:
        return None
    rest_rate = (whole - taken) / rest_before if rest_before else (whole - taken)
    return part if rest_rate <= REST_RATE * whole / before else None


def most_ahead(amounts: pd.Series) -> str | None:
    """The part whose amount is clearly the greatest: TIMES_THE_MEAN of all and TIMES_THE_NEXT the next, or the only one
    known; None where none is."""
    if amounts.empty or amounts.max() <= 0:
        return None
    most, *following = amounts.astype("float64").nlargest(2)
    is_ahead = most >= TIMES_THE_MEAN * amounts.clip(lower=0).mean() and most >= TIMES_THE_NEXT * max(
        following or [0]
    )
    return str(amounts.idxmax()) if is_ahead or not following else None


def majority(counts: pd.Series) -> str | None:
    """The part that has more than half of all; None where none has."""
    if counts.empty or 2 * counts.max() <= counts.sum():
        return None
    return str(counts.idxmax())
