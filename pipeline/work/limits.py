"""What a child may take for one task, and how a child sets that for itself."""

import math
import os
import signal
import sys
from dataclasses import dataclass
from pathlib import Path

from pipeline.contract.refusal import Refusal

GIB = 1 << 30
CLOCK_FACTOR = 10.0
GRACE_SECONDS = 5
OUT_OF_TIME = int(getattr(signal, "SIGPROF", 0))  # ends a child whose task has worked for as long as it may
ALARM = int(getattr(signal, "SIGALRM", 0))  # ends a child that took too long by the clock, should nobody else


@dataclass(frozen=True)
class Limits:
    """What one task may take.

    Args:
        memory_bytes: above what its child holds when it begins.
        seconds: how long it may work (CPU).
        clock_factor: how many times its `seconds` it may take by the clock.
        watch: the children's memory is watched, instead of trusting the kernel's limit.
    """

    memory_bytes: int = GIB
    seconds: float = 60.0
    clock_factor: float = CLOCK_FACTOR
    watch: bool = sys.platform != "linux"

    @property
    def clock_seconds(self) -> float:
        """How long a task may take by the clock."""
        return self.seconds * self.clock_factor


def out_of_memory(limits: Limits) -> Refusal:
    """The refusal of a file that takes more memory than one task may."""
    return Refusal("reader_memory", (("memory_mib", str(limits.memory_bytes >> 20)),))


def out_of_time(limits: Limits) -> Refusal:
    """The refusal of a file that takes more time than one task may."""
    return Refusal("reader_timeout", (("seconds", f"{limits.seconds:g}"),))


def set_limits(limits: Limits) -> None:
    """Limits what this process may take beyond what it holds, where the system offers that.

    The timer counts what the task works, and ends the process; the alarm is for the case that the parent is gone and
    nobody stops a task that hangs.
    """
    if sys.platform == "linux":
        import resource

        _, hard = resource.getrlimit(resource.RLIMIT_AS)
        resource.setrlimit(resource.RLIMIT_AS, (_address_space() + limits.memory_bytes, hard))
    if sys.platform != "win32":
        signal.setitimer(signal.ITIMER_PROF, limits.seconds)
        signal.alarm(math.ceil(limits.clock_seconds) + GRACE_SECONDS)


def lift_time_limits() -> None:
    """Takes back the limits on time, between two tasks."""
    if sys.platform != "win32":
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.alarm(0)


def _address_space() -> int:
    """Bytes of address space this process holds now (Linux)."""
    pages = int(Path("/proc/self/statm").read_bytes().split()[0])
    return pages * os.sysconf("SC_PAGE_SIZE")
