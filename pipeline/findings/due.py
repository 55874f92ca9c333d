"""Until when something is to be done: working days of the running month, the one in which a month is reported.

Reports come out after the deadline of the forms, so days are counted from there. What is urgent has three working
days, what is to be done in the month ten, what needs the whole month its last working day.
"""

import datetime as dt
from typing import Literal

from pipeline.base.calendar import Month, deadline, last_working_day, working_days_after

Haste = Literal["soon", "month", "end"]
_WORKING_DAYS = {"soon": 3, "month": 10}


def due_day(month: Month, haste: Haste) -> dt.date:
    """The working day of the month after `month` until which to act, never later than its last working day."""
    last = last_working_day(month + 1)
    if haste == "end":
        return last
    return min(working_days_after(deadline(month), _WORKING_DAYS[haste]), last)
