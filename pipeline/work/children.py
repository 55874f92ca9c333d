"""Processes that a run starts: they leave Ctrl-C to the run, and none of them outlives it.

A run that is killed cannot end its children, and what goes on writing into a home would meet the next run there.
So every child watches the pipe to the process that wants its work, which the system closes with that process,
however it ended. This also holds for children of a fork server, of which the run is not the parent.
"""

import multiprocessing
import os
import signal
import sys
import threading
from abc import abstractmethod
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import CancelledError, Executor, Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from itertools import islice
from multiprocessing.connection import wait
from typing import Any

import psutil

from pipeline.base.errors import YuebaoError
from pipeline.base.garbage import collect_seldom
from pipeline.words import Words
from pipeline.work.starting import WRITING, Context, Process, deaf_to_interrupts, start_fork_server


def follow_run() -> None:
    """To be called first in a child: it ignores Ctrl-C, and ends at once when the run that wants its work is gone."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    parent = multiprocessing.parent_process()
    if parent is None:
        return
    if sys.platform == "linux":
        _let_the_kernel_end_us_with(parent.sentinel)
    threading.Thread(target=_end_with, args=(parent.sentinel,), daemon=True, name="follow_run").start()


def _end_with(sentinel: int) -> None:
    wait([sentinel])
    os._exit(1)


def _let_the_kernel_end_us_with(sentinel: int) -> None:
    """The signal of a pipe whose other end closes: it also ends native code that lets no thread run beside it."""
    import fcntl

    signal.signal(signal.SIGIO, signal.SIG_DFL)
    fcntl.fcntl(sentinel, fcntl.F_SETOWN, os.getpid())
    fcntl.fcntl(sentinel, fcntl.F_SETFL, fcntl.fcntl(sentinel, fcntl.F_GETFL) | os.O_ASYNC)


class FollowingProcess(Process):
    """A process that follows the run that started it."""

    def start(self) -> None:
        """Starts it, deaf to Ctrl-C from its first moment."""
        start_fork_server(WRITING)
        with deaf_to_interrupts():
            super().start()

    def run(self) -> None:
        """Does its work, and ends with the run."""
        follow_run()
        super().run()


class _Following(Context):
    """Starts following processes, and knows them."""

    def __init__(self) -> None:
        super().__init__()
        self.started: list[FollowingProcess] = []

    def Process(self, *args: Any, **kwargs: Any) -> FollowingProcess:  # type: ignore[override]
        process = FollowingProcess(*args, **kwargs)
        self.started.append(process)
        return process


class WorkerDied(YuebaoError):
    """A task that a process died over twice."""


@dataclass(frozen=True)
class _Sent:
    """A task on its way, and the pool that it was given to."""

    function: Callable[..., Any]
    task: tuple[Any, ...]
    pool: ProcessPoolExecutor
    future: Future[Any]

    @property
    def is_lost(self) -> bool:
        """Whether it went down with its pool, unanswered."""
        if self.future.cancelled():
            return True
        return self.future.done() and isinstance(self.future.exception(), BrokenProcessPool)


class Mapper(Executor):
    """An executor of ours: how tasks are mapped is all that kinds of it differ in."""

    @abstractmethod
    def answers(self, function: Callable[..., Any], tasks: Iterator[tuple[Any, ...]]) -> Iterator[Any]:
        """The answers of tasks in their order; after one that failed the next can be asked for."""

    def map(
        self,
        function: Callable[..., Any],
        *iterables: Iterable[Any],
        timeout: float | None = None,
        chunksize: int = 1,
        buffersize: int | None = None,
    ) -> Iterator[Any]:
        """The answers of tasks in their order; they are taken a few ahead of the answers."""
        return self.answers(function, zip(*iterables, strict=False))


class WorkerProcesses(Mapper):
    """Processes to share work with.

    A process that dies (killed for want of memory, say) costs its task a second try, alone. A task over which a
    process dies again is a WorkerDied for whoever asks `map` for its answer; the others' answers can still be had.
    Tasks are taken from what `map` is given only a few ahead of the answers, so that not all are held at once.
    """

    def __init__(self, workers: int, words: Words) -> None:
        self._workers, self._words = workers, words
        self._context = _Following()
        self._pool = self._new_pool()

    @property
    def tasks_ahead(self) -> int:
        """How many tasks are on their way at a time: nobody waits for the next."""
        return 2 * self._workers + 2

    def _new_pool(self) -> ProcessPoolExecutor:
        pool = ProcessPoolExecutor(self._workers, mp_context=self._context, initializer=collect_seldom)
        # All start with the first task. One that a later task starts while the pool ends the others, as one of them
        # died, is not ended but waited for, without end.
        pool._safe_to_dynamically_spawn_children = False  # type: ignore[attr-defined]
        return pool

    def submit(self, function: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        """Gives one task to the pool."""
        return self._pool.submit(function, *args, **kwargs)

    def answers(self, function: Callable[..., Any], tasks: Iterator[tuple[Any, ...]]) -> Iterator[Any]:
        """The answers of tasks in their order; a task over which a process died is tried once more."""
        return _Answers(self, function, tasks)

    def send(self, function: Callable[..., Any], task: tuple[Any, ...]) -> _Sent:
        """Gives one task to the pool, to a new one where the old broke."""
        try:
            future = self.submit(function, *task)
        except BrokenProcessPool:
            self._renew()
            future = self.submit(function, *task)
        return _Sent(function, task, self._pool, future)

    def answer(self, sent: _Sent) -> Any:
        """The answer of a task, which may get a second try.

        Raises:
            WorkerDied: when a process died over it twice.
        """
        while True:
            try:
                return sent.future.result()
            except (BrokenProcessPool, CancelledError):
                if sent.pool is self._pool:  # whose fault it was cannot be told: each is tried again by itself
                    return self._alone(sent)
                sent = self.send(sent.function, sent.task)  # went down with others

    def _alone(self, sent: _Sent) -> Any:
        self._renew()
        try:
            return self.submit(sent.function, *sent.task).result()
        except BrokenProcessPool as error:
            self._renew()
            raise WorkerDied(self._words("run.worker_died")) from error

    def _renew(self) -> None:
        self.kill()
        self._pool.shutdown()  # broken: what it had left has failed already, and cancelling would race with that
        self._pool = self._new_pool()

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """Ends the processes when they are done."""
        self._pool.shutdown(wait, cancel_futures=cancel_futures)

    def kill(self) -> None:
        """Ends all processes at once, whatever they do."""
        for process in self._context.started:
            if process.is_alive():  # the number of one that has ended may be another's by now
                process.kill()
        self._context.started.clear()


class _Answers(Iterator[Any]):
    """The answers of tasks in their order; after one that failed the next can be asked for."""

    def __init__(
        self, processes: WorkerProcesses, function: Callable[..., Any], tasks: Iterator[tuple[Any, ...]]
    ) -> None:
        self._processes, self._function, self._tasks = processes, function, tasks
        self._sent: deque[_Sent] = deque()
        self._send_ahead()

    def _send_ahead(self) -> None:
        missing = self._processes.tasks_ahead - len(self._sent)
        self._sent.extend(self._processes.send(self._function, task) for task in islice(self._tasks, missing))

    def __next__(self) -> Any:
        if not self._sent:
            raise StopIteration
        try:
            return self._processes.answer(self._sent.popleft())
        finally:
            for number, sent in enumerate(self._sent):
                if sent.is_lost:
                    self._sent[number] = self._processes.send(sent.function, sent.task)
            self._send_ahead()


@contextmanager
def worker_processes(workers: int, words: Words) -> Iterator[Executor]:
    """Processes to share work with. When the block ends in an error they are ended at once, whatever they do."""
    executor = WorkerProcesses(workers, words)
    try:
        yield executor
    except BaseException:
        executor.kill()
        raise
    finally:
        executor.shutdown(cancel_futures=True)


def allow_children() -> None:
    """Lets this process start others. The workers of a Dask cluster are daemons, which Python forbids to."""
    process = multiprocessing.current_process()
    if process.daemon:
        process._config["daemon"] = False  # type: ignore[attr-defined]


def end_children() -> None:
    """Ends whatever this process has started and still runs, at once.

    All but the one that clears up after the others; it ends with this process.
    """
    for child in psutil.Process().children(recursive=True):
        with suppress(psutil.Error):
            if not any("resource_tracker" in part for part in child.cmdline()):
                child.kill()
