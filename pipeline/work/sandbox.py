"""Children that open untrusted files: long-lived, with a memory and a time limit for each task.

A task that crashes, hangs or takes too much memory costs that task: its answer is a `Refusal`, its child is
replaced, the others go on. Each child has a pipe of its own, so that one that dies in the middle of anything
(or while idle) can neither block nor break the rest; this is why no ready-made pool is used. What a child answers is
plain data: a file that took its child over cannot have this process run anything.

On Linux the limit on memory is the kernel's (RLIMIT_AS, above what the child holds when a task begins);
elsewhere a thread watches the children and ends one that grows too large.

Time is what a task works, not what passes: on a busy machine a good file takes longer, not more. The child sets itself
a timer of its own work (ITIMER_PROF); by the clock a task may take `CLOCK_FACTOR` times that, for one that sleeps.
A child that is slow to start is waited for as long as it works on it; one that dies or does nothing before it began
is started anew, `STARTS` times in all.
"""

import errno
import os
import pickle
import signal
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from pathlib import Path
from types import TracebackType
from typing import Any, TypeVar, get_type_hints

import psutil

from pipeline.base.shown_text import shown
from pipeline.base.temporary import own_folder
from pipeline.contract.refusal import Refusal
from pipeline.work.passing import MACHINE
from pipeline.work.plain_data import DamagedData, from_plain_data
from pipeline.work.sandbox_child import OUT_OF_TIME, TimeLimits, out_of_memory, serve
from pipeline.work.starting import Context, deaf_to_interrupts, plain_arrow, start_fork_server

Task = TypeVar("Task")
Result = TypeVar("Result")

GIB = 1 << 30
WATCH_SECONDS = 0.05
CLOCK_FACTOR = 10.0
LONGEST_ANSWER = GIB
START_SECONDS = 120.0  # how long a child that starts may do nothing at all
START_WORK_SECONDS = 120.0  # how long it may work (CPU) before it begins with its task: it imports its modules
STARTS = 3
PAUSE_SECONDS = 0.2  # before a child is started anew; longer each time
ALARM = int(getattr(signal, "SIGALRM", 0))  # ends a child that took too long by the clock, should nobody else
OUT_OF_MEMORY = (b"memory allocation of", b"MemoryError", b"bad_alloc", b"out of memory")


@dataclass
class _Worker:
    """One child: its process, our end of its pipe, its log, and the task it has (None: idle).

    `begun`: it said that it began with the task; `served`: it has answered a task before;
    `held_bytes`, `cpu_before`: its memory, and the seconds that it had worked, before the task; `log_start`: where in
    its log the task's part begins; `starts`: how many children were started for the task;
    `start_work`: the seconds that it was last seen to have worked before it began.
    """

    process: BaseProcess
    pipe: Connection
    log: Path
    held_bytes: int = 0
    task: int | None = None
    message: bytes = b""
    begun: bool = False
    served: bool = False
    deadline: float = 0.0
    too_large: bool = False
    log_start: int = 0
    cpu_before: float = 0.0
    starts: int = 1
    start_work: float = 0.0


def _cpu_seconds(worker: _Worker) -> float:
    """What a child has worked so far."""
    with suppress(psutil.Error):
        times = psutil.Process(worker.process.pid).cpu_times()
        return float(times.user + times.system)
    return worker.cpu_before


@dataclass
class Sandbox:
    """A pool of children; use it as a context manager.

    Args:
        workers: how many children at most; each is started when first needed.
        memory_bytes: what one task may take, above what its child holds at its start.
        seconds: how long one task may work (CPU).
        modules: imported by a child before its limits are set; name what the tasks' functions need.
        log: file to which what children write to stderr is added; None drops it.
        watch: watch the children's memory instead of trusting the kernel's limit.
        clock_factor: how many times its `seconds` a task may take by the clock.
        start_seconds: after how long a child that starts is looked at; one that did nothing since is replaced.
    """

    workers: int = 1
    memory_bytes: int = GIB
    seconds: float = 60.0
    modules: Sequence[str] = ()
    log: Path | None = None
    watch: bool = sys.platform != "linux"
    clock_factor: float = CLOCK_FACTOR
    start_seconds: float = START_SECONDS
    _pool: list[_Worker] = field(default_factory=list, init=False)
    _answer_type: Any = field(default=Any, init=False)
    _closing: threading.Event = field(default_factory=threading.Event, init=False)

    def __enter__(self) -> "Sandbox":
        self._folder = tempfile.TemporaryDirectory(dir=own_folder())
        self._started = 0
        self._closing.clear()
        if self.watch:
            self._watcher = threading.Thread(target=self._watch_memory, daemon=True)
            self._watcher.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._closing.set()
        if self.watch:
            self._watcher.join()
        for worker in list(self._pool):
            self._end(worker)
        self._folder.cleanup()

    def map(self, function: Callable[[Task], Result], tasks: Iterable[Task]) -> Iterator[Result | Refusal]:
        """Runs `function` on each task in a child and yields the answers in the order of the tasks.

        `function` must be importable by name, its tasks must pickle, and its results be plain data of the type that
        it declares, without frames. `tasks` is read only a little ahead of the answers, so a generator of large
        tasks is fine. One `map` at a time.
        """
        self._answer_type = _declared_answer(function)
        answers: dict[int, Any] = {}
        numbered = enumerate(tasks)
        exhausted = False
        wanted = 0
        try:
            while not exhausted or answers or self._busy():
                exhausted = exhausted or self._hand_out_more(function, numbered, len(answers))
                while wanted in answers:
                    yield answers.pop(wanted)
                    wanted += 1
                answers.update(self._collect())
        finally:
            for worker in self._busy():  # the caller stopped listening: what still runs is of no use
                self._end(worker)

    def _hand_out_more(
        self, function: Callable[[Task], Result], numbered: Iterator[tuple[int, Task]], waiting: int
    ) -> bool:
        """Gives tasks to idle children, few ahead of the `waiting` answers; whether no tasks are left."""
        while len(self._busy()) < self.workers and len(self._busy()) + waiting < 2 * self.workers:
            following = next(numbered, None)
            if following is None:
                return True
            number, task = following
            self._hand_out(number, pickle.dumps((function, task)))
        return False

    def _busy(self) -> list[_Worker]:
        return [worker for worker in self._pool if worker.task is not None]

    def _hand_out(self, number: int, message: bytes, starts: int = 1) -> None:
        """Gives a task to an idle child, or to a new one; an idle child found dead is replaced."""
        while True:
            idle = [worker for worker in self._pool if worker.task is None]
            worker = idle[0] if idle else self._start_at_last()
            worker.task, worker.message, worker.begun, worker.starts = number, message, False, starts
            worker.cpu_before, worker.start_work = _cpu_seconds(worker) if worker.served else 0.0, 0.0
            worker.deadline = time.monotonic() + self.start_seconds
            with suppress(BrokenPipeError, ConnectionResetError):
                worker.pipe.send_bytes(message)
                return
            if not worker.served:  # a new child that cannot even start: its end is heard like any other
                return
            self._end(worker)

    def _start_at_last(self) -> _Worker:
        """A new child; where the system could not start one, it is asked again.

        Raises:
            OSError: when it cannot, again and again.
        """
        for tries in range(1, STARTS):
            try:
                return self._start()
            except (OSError, EOFError):  # no process to be had, or the server that forks them died over that
                time.sleep(PAUSE_SECONDS * tries)
        try:
            return self._start()
        except EOFError as error:
            raise OSError(errno.EAGAIN, os.strerror(errno.EAGAIN)) from error

    def _start(self) -> _Worker:
        start_fork_server(self.modules)
        context = Context()
        self._started += 1
        log = Path(self._folder.name) / f"{self._started}.log"
        log.touch()
        ours, theirs = context.Pipe()
        limits = TimeLimits(self.seconds, self.seconds * self.clock_factor)
        arguments = (theirs, tuple(self.modules), self.memory_bytes, limits, str(log))
        process = context.Process(target=serve, args=arguments, daemon=True)
        with deaf_to_interrupts(), plain_arrow():
            process.start()
        theirs.close()
        worker = _Worker(process, ours, log)
        self._pool.append(worker)
        return worker

    def _collect(self) -> dict[int, Any]:
        """Waits for the next answers, deaths or ends of time, and gives them by task number."""
        busy = self._busy()
        if not busy:
            return {}
        first_end = min(worker.deadline for worker in busy)
        ready = wait([worker.pipe for worker in busy], timeout=max(0.0, first_end - time.monotonic()))
        found: dict[int, Any] = {}
        for worker in busy:
            if worker.pipe in ready:
                found.update(self._hear(worker))
            elif time.monotonic() >= worker.deadline and worker.task is not None:
                found.update(self._too_late(worker, worker.task))
        return found

    def _hear(self, worker: _Worker) -> dict[int, Any]:
        """What a child has to say: that it began (nothing yet), its answer, or that it is dead."""
        number = -1 if worker.task is None else worker.task
        try:
            heard = worker.pipe.recv_bytes(LONGEST_ANSWER)
        except (EOFError, OSError):
            return self._bury(worker, number)
        if not worker.begun:
            worker.begun, worker.deadline = True, time.monotonic() + self.seconds * self.clock_factor
            worker.cpu_before = _cpu_seconds(worker)
            return {}
        worker.task, worker.message, worker.served, worker.begun = None, b"", True, False
        worker.log_start = worker.log.stat().st_size
        try:
            return {number: from_plain_data(heard, self._answer_type | Refusal, frames=False)}
        except DamagedData:  # no program of ours says that
            self._end(worker)
            return {number: Refusal("reader_crashed")}

    def _too_late(self, worker: _Worker, number: int) -> dict[int, Any]:
        """Of a task whose time by the clock is over: one that got less work than it may do is not at fault, the
        machine was busy."""
        worked = _cpu_seconds(worker) - worker.cpu_before
        if not worker.begun:
            return self._slow_start(worker, number, worked)
        self._end(worker)
        return {number: Refusal(MACHINE) if worked < self.seconds else self._out_of_time()}

    def _slow_start(self, worker: _Worker, number: int, worked: float) -> dict[int, Any]:
        """Of a task that its child has not begun: a child that gets on, however slowly, is waited for."""
        if worker.start_work < worked < START_WORK_SECONDS:
            worker.start_work, worker.deadline = worked, time.monotonic() + self.start_seconds
            return {}
        self._end(worker)
        return {} if self._anew(worker, number) else {number: Refusal(MACHINE)}

    def _anew(self, worker: _Worker, number: int) -> bool:
        """Gives a task that a child did not begin to another, a few times; whether it did."""
        if worker.begun or worker.starts >= STARTS:
            return False
        if not worker.served:
            time.sleep(PAUSE_SECONDS * worker.starts)
        self._hand_out(number, worker.message, worker.starts + (not worker.served))
        return True

    def _out_of_time(self) -> Refusal:
        return Refusal("reader_timeout", (("seconds", f"{self.seconds:g}"),))

    def _bury(self, worker: _Worker, number: int) -> dict[int, Any]:
        """Takes a dead child out of the pool. A task it never began goes to another child."""
        worker.process.join()
        code = worker.process.exitcode
        last_words = worker.log.read_bytes()[worker.log_start :]
        self._end(worker)
        if self._anew(worker, number):
            return {}
        if code and code in (-OUT_OF_TIME, -ALARM):
            return {number: self._out_of_time() if code == -OUT_OF_TIME else Refusal(MACHINE)}
        if worker.too_large or any(mark in last_words for mark in OUT_OF_MEMORY):
            return {number: out_of_memory(self.memory_bytes)}
        return {number: Refusal("reader_crashed")}

    def _end(self, worker: _Worker) -> None:
        """Ends a child at once and takes it out of the pool; its log is added to ours."""
        self._pool.remove(worker)
        worker.pipe.close()
        worker.process.kill()
        worker.process.join()
        worker.process.close()
        if self.log is not None:
            with self.log.open("ab") as log:
                told = worker.log.read_bytes().decode("utf-8", "replace")
                log.write(shown(told).encode("utf-8"))

    def _watch_memory(self) -> None:
        """Ends children that hold more than their limit, until the sandbox closes (runs in a thread)."""
        while not self._closing.wait(WATCH_SECONDS):
            for worker in list(self._pool):
                with suppress(psutil.Error, ValueError):  # it may end while we look
                    self._stop_if_too_large(worker)

    def _stop_if_too_large(self, worker: _Worker) -> None:
        process = psutil.Process(worker.process.pid)
        held = process.memory_info().rss
        if not worker.begun or not worker.held_bytes:  # it imports its modules, or waits
            worker.held_bytes = held
        elif held > worker.held_bytes + self.memory_bytes:
            worker.too_large = True
            process.kill()


def _declared_answer(function: Callable[..., Any]) -> Any:
    """The type that a function says it returns; any plain data where it does not say."""
    told = getattr(function, "__annotations__", {})
    return get_type_hints(function).get("return", Any) if told else Any
