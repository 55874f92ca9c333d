"""A sandbox that also tells how long each task worked in its child (CPU), and the most memory that a child has held."""

import sys
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
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


class MeasuredSandbox(Sandbox):
    """The greatest time and memory stand in `longest_seconds` and `peak_bytes`.

    A child that dies tells nothing; it had no more than its limit, and its task is refused by name.
    """

    longest_seconds = 0.0
    peak_bytes = 0

    def map(self, fn: Callable[..., Any], *iterables: Iterable[Any], **options: Any) -> Iterator[Any]:
        """The answers of tasks of one argument, in their order."""
        for answer in super().map(measured, ((fn, task) for task in iterables[0])):
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
    """The most memory that this process has held."""
    if sys.platform == "win32":
        return int(psutil.Process().memory_info().peak_wset)
    if sys.platform == "linux":  # what getrusage tells begins at the most that the parent has held
        lines = Path("/proc/self/status").read_text().splitlines()
        return next(int(line.split()[1]) << 10 for line in lines if line.startswith("VmHWM"))
    import resource

    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
