"""A sandbox that also tells how long each task worked in its child (CPU), and the most memory that a child has held."""

import sys
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

import psutil

from pipeline.contract.refusal import Refusal
from pipeline.intake.raw import RawBook
from pipeline.intake.take_in import Taken
from pipeline.work.sandbox import Sandbox


@dataclass(frozen=True)
class Measured:
    """What a task gave; `peak_bytes` is the most that its child has held so far."""

    answer: RawBook | Taken | Refusal | int | tuple[str, ...]
    seconds: float
    peak_bytes: int


@dataclass
class MeasuredSandbox(Sandbox):
    """The greatest time and memory stand in `longest_seconds` and `peak_bytes`.

    A child that dies tells nothing; it had no more than its limit, and its task is refused by name.
    """

    longest_seconds: float = field(default=0.0, init=False)
    peak_bytes: int = field(default=0, init=False)

    def map(self, function: Callable[[Any], Any], tasks: Iterable[Any]) -> Iterator[Any]:
        for answer in super().map(measured, ((function, task) for task in tasks)):
            if isinstance(answer, Measured):
                self.longest_seconds = max(self.longest_seconds, answer.seconds)
                self.peak_bytes = max(self.peak_bytes, answer.peak_bytes)
                yield answer.answer
            else:
                assert isinstance(answer, Refusal)
                yield answer


def measured(task: tuple[Callable[[Any], Any], Any]) -> Measured:
    function, argument = task
    started = time.process_time()
    answer = function(argument)
    return Measured(answer, time.process_time() - started, peak_bytes())


def peak_bytes() -> int:
    """The most memory that this process has held (Linux counts it in KiB)."""
    if sys.platform == "win32":
        return int(psutil.Process().memory_info().peak_wset)
    import resource

    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak if sys.platform == "darwin" else peak << 10
