"""One child of a pool, seen from the process that wants its work."""

import math
import time
from collections.abc import Callable, Mapping
from concurrent.futures import Future
from contextlib import suppress
from dataclasses import dataclass, field
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from multiprocessing.reduction import ForkingPickler
from pathlib import Path
from typing import Any

import psutil

from pipeline.work.starting import one_at_a_time

AGAIN = object()  # of a task that is to be tried once more


@dataclass(frozen=True)
class Failed:
    """A task that ended in an error, which whoever asks for its answer gets."""

    error: BaseException


@dataclass(eq=False)
class Task:
    """Something to be done by a child.

    Args:
        function: what does it; importable by name.
        message: the function with its arguments, as it is sent.
        starts: how many children were started for it that did not get as far as to begin.
        deaths: how many children died while they did it; it is tried again alone, as memory may have been too short.
    """

    function: Callable[..., Any]
    message: bytes
    starts: int = 0
    deaths: int = 0
    future: Future[Any] = field(default_factory=Future)

    @classmethod
    def of(
        cls, function: Callable[..., Any], arguments: tuple[Any, ...], named: Mapping[str, Any] | None = None
    ) -> "Task":
        """A task that can be sent."""
        return cls(function, bytes(ForkingPickler.dumps((function, arguments, dict(named or {})))))

    def fail(self, error: BaseException) -> None:
        """Its future tells of an error."""
        if not self.future.done():
            self.future.set_exception(error)


@dataclass(eq=False)
class Child:
    """A process with a pipe of its own: one that dies in the middle of anything can neither block nor break the rest.

    `ready`: it has imported what it needs; `task`: what it does, or will do when it is ready (None: it is idle);
    `begun`: it has begun with it; `deadline`: when it is to be looked at, by the monotonic clock;
    `cpu_before`: the seconds that it had worked before its task; `start_work`: those that it was last seen to have
    worked on its start; `held_bytes`: its memory before its task; `log_start`: where its task's part of its log begins.
    """

    process: BaseProcess
    pipe: Connection
    log: Path | None
    task: Task | None = None
    ready: bool = False
    begun: bool = False
    deadline: float = math.inf
    cpu_before: float = 0.0
    start_work: float = 0.0
    held_bytes: int = 0
    too_large: bool = False
    log_start: int = 0

    def take(self, task: Task, start_seconds: float) -> None:
        """Gives it a task, which it gets as soon as it is ready.

        Raises:
            OSError: when it is dead.
        """
        self.task, self.begun = task, False
        self.cpu_before, self.start_work = self.cpu_seconds() if self.ready else 0.0, 0.0
        self.deadline = time.monotonic() + start_seconds
        if self.ready:
            self.pipe.send_bytes(task.message)

    def begin(self, clock_seconds: float) -> None:
        """It has begun with its task, for which it has some time by the clock."""
        self.begun, self.deadline = True, time.monotonic() + clock_seconds
        self.cpu_before = self.cpu_seconds()

    def rest(self) -> None:
        """It has done its task."""
        self.task, self.begun, self.deadline = None, False, math.inf
        with suppress(OSError):
            self.log_start = self.log.stat().st_size if self.log else 0

    def cpu_seconds(self) -> float:
        """What it has worked so far; what was last known where it has ended."""
        with suppress(psutil.Error):
            times = psutil.Process(self.process.pid).cpu_times()
            return float(times.user + times.system)
        return self.cpu_before

    def last_words(self) -> bytes:
        """What it has written to its log since it got its task."""
        return self.log.read_bytes()[self.log_start :] if self.log else b""

    def end_if_larger(self, memory_bytes: int) -> None:
        """Ends it when its task takes more memory than it may."""
        with suppress(psutil.Error, ValueError, OSError):  # it may end while we look
            process = psutil.Process(self.process.pid)
            held = process.memory_info().rss
            if not self.begun or not self.held_bytes:  # it imports its modules, or waits
                self.held_bytes = held
            elif held > self.held_bytes + memory_bytes:
                self.too_large = True
                process.kill()

    def end(self, patience_seconds: float = 0.0) -> int | None:
        """Ends it, after some time in which it may end by itself. Gives the code that it ended with."""
        wait([self.process.sentinel], patience_seconds)
        self.process.kill()
        return self.leave()

    def leave(self) -> int | None:
        """Lets it end by itself. Gives the code that it ended with."""
        self.pipe.close()
        wait([self.process.sentinel])
        with one_at_a_time:
            self.process.join()
        code = self.process.exitcode
        self.process.close()
        return code
