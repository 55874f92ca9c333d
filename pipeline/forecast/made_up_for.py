"""An order that makes up for months without one: a meter that was not read, a shop that took two months' goods at once.

A month or two of nothing and then about as much as all of them usually come to are so many usual months: neither a
pause nor a new level.
"""

from __future__ import annotations

import numpy as np

from pipeline.forecast.history import Flags, Floats, Ints

MOST_MONTHS = 2  # without an order
ABOUT = 4 / 3  # times as much as usual, or as little


def made_up_for(values: Floats, pauses: Flags, runs: Ints, usual: Floats) -> Floats:
    """The values with what came at once spread evenly over the months that it makes up for.

    Args:
        values: series × month.
        pauses: months without orders that are neither the season nor shared (`episodes`).
        runs: how long the run without orders is that a month belongs to; 0 elsewhere.
        usual: the usual month of each series (series × 1).
    """
    answer = values.copy()
    for count in range(1, MOST_MONTHS + 1):
        together = usual * (count + 1)
        due = np.zeros_like(pauses)
        due[:, 1:] = pauses[:, :-1] & (runs[:, :-1] == count)
        with np.errstate(invalid="ignore"):
            due &= (values <= together * ABOUT) & (values >= together / ABOUT)
        row, month = np.nonzero(due)
        for back in range(count + 1):
            answer[row, month - back] = values[row, month] / (count + 1)
    return answer
