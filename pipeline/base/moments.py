"""Moments of the world as the organisation's clock shows them; the time zone of the machine decides nothing."""

import datetime as dt
from zoneinfo import ZoneInfo

DEFAULT_TIME_ZONE = "Asia/Shanghai"


def clock_time(timestamp: float, zone: str) -> str:
    """A file's time as text in the organisation's time zone: `2024-07-03T09:00:00`.

    Raises:
        OverflowError, ValueError, OSError: when it is beyond what a calendar has.
    """
    return dt.datetime.fromtimestamp(timestamp, ZoneInfo(zone)).replace(tzinfo=None).isoformat(timespec="seconds")


def timestamp_of(clock: str | dt.datetime, zone: str = DEFAULT_TIME_ZONE) -> float:
    """The moment at which the organisation's clock showed that time."""
    shown = dt.datetime.fromisoformat(clock) if isinstance(clock, str) else clock
    return shown.replace(tzinfo=ZoneInfo(zone)).timestamp()


def now_in(zone: str) -> dt.datetime:
    """Now, in the organisation's time zone."""
    return dt.datetime.now(ZoneInfo(zone))
