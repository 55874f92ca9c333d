"""Children that open untrusted files: long-lived, with a memory and a time limit for each task.

A task that crashes, hangs or takes too much memory costs that task: its answer is a `Refusal`, its child is
replaced, the others go on. What a child answers is plain data: a file that took its child over cannot have this process
run anything.

On Linux the limit on memory is the kernel's (RLIMIT_AS, above what the child holds when a task begins);
elsewhere the children are watched, and one that grows too large is ended.

Time is what a task works, not what passes: on a busy machine a good file takes longer, not more. The child sets itself
a timer of its own work (ITIMER_PROF); by the clock a task may take a multiple of that, for one that sleeps.
"""

import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, get_type_hints

from pipeline.contract.refusal import Refusal
from pipeline.work.limits import ALARM, CLOCK_FACTOR, GIB, OUT_OF_TIME, Limits, out_of_memory, out_of_time
from pipeline.work.passing import MACHINE
from pipeline.work.plain_data import DamagedData, from_plain_data
from pipeline.work.pool import START_SECONDS, Pool
from pipeline.work.pool_child import Child, Task

LONGEST_ANSWER = GIB
OUT_OF_MEMORY = (b"memory allocation of", b"MemoryError", b"bad_alloc", b"out of memory")


class Sandbox(Pool):
    """Children with limits; use it as a context manager.

    Functions given to them must be importable by name, and their results be plain data of the type that they declare,
    without frames. See `Limits` and `Pool` for the arguments.
    """

    limits: Limits

    def __init__(
        self,
        workers: int = 1,
        memory_bytes: int = GIB,
        seconds: float = 60.0,
        modules: Sequence[str] = (),
        log: Path | None = None,
        watch: bool = sys.platform != "linux",
        clock_factor: float = CLOCK_FACTOR,
        start_seconds: float = START_SECONDS,
    ) -> None:
        limits = Limits(memory_bytes, seconds, clock_factor, watch)
        super().__init__(workers, limits, modules, log, start_seconds)

    def answer(self, child: Child, task: Task) -> Any:
        """What a child's answer says; one that says what no program of ours does is ended.

        Raises:
            EOFError: when it is dead, or ended.
        """
        heard = child.pipe.recv_bytes(LONGEST_ANSWER)
        try:
            return from_plain_data(heard, _declared_answer(task.function) | Refusal, frames=False)
        except DamagedData as error:
            child.process.kill()
            raise EOFError from error

    def after_death(self, child: Child, task: Task, code: int | None) -> Any:
        """A refusal that says why."""
        if code and code == -OUT_OF_TIME:
            return out_of_time(self.limits)
        if code and code == -ALARM:
            return Refusal(MACHINE)
        last_words = child.last_words()
        if child.too_large or any(mark in last_words for mark in OUT_OF_MEMORY):
            return out_of_memory(self.limits)
        return Refusal("reader_crashed")

    def too_late(self, task: Task, worked_seconds: float) -> Any:
        """A refusal; a task that got less work than it may do is not at fault, the machine was busy."""
        return Refusal(MACHINE) if worked_seconds < self.limits.seconds else out_of_time(self.limits)


def _declared_answer(function: Callable[..., Any]) -> Any:
    """The type that a function says it returns; any plain data where it does not say."""
    told = getattr(function, "__annotations__", {})
    return get_type_hints(function).get("return", Any) if told else Any
