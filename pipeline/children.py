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
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Executor, Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager, suppress
from multiprocessing.connection import wait
from multiprocessing.context import SpawnContext, SpawnProcess
from typing import Any

import psutil

from pipeline.errors import YuebaoError
from pipeline.garbage import collect_seldom
from pipeline.words import Words


@contextmanager
def deaf_to_interrupts() -> Iterator[None]:
    """Processes that are started in the block never hear Ctrl-C; the starter hears it when the block is done.

    A terminal sends it to all processes of a run at once, also to those that have hardly begun. On Windows, where
    signals cannot be held back, a child is deaf once it follows the run.
    """
    if sys.platform == "win32":
        yield
        return
    from multiprocessing import resource_tracker

    resource_tracker.ensure_running()  # when it starts later, it lets signals through again
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


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


class FollowingProcess(SpawnProcess):
    """A process that follows the run that started it."""

    def start(self) -> None:
        with deaf_to_interrupts():
            super().start()

    def run(self) -> None:
        follow_run()
        super().run()


class _Following(SpawnContext):
    """Starts following processes, and knows them."""

    def __init__(self) -> None:
        super().__init__()
        self.started: list[FollowingProcess] = []

    def Process(self, *args: Any, **kwargs: Any) -> FollowingProcess:  # type: ignore[override]
        process = FollowingProcess(*args, **kwargs)
        self.started.append(process)
        return process


class WorkerProcesses(Executor):
    """Processes to share work with.

    A process that dies (killed for want of memory, say) costs its task a second try, alone; a task over which a
    process dies again ends `map` with one clear sentence. The others' answers stand.
    """

    def __init__(self, workers: int, words: Words) -> None:
        self._workers, self._words = workers, words
        self._context = _Following()
        self._pool = self._new_pool()

    def _new_pool(self) -> ProcessPoolExecutor:
        return ProcessPoolExecutor(self._workers, mp_context=self._context, initializer=collect_seldom)

    def submit(self, function: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        return self._pool.submit(function, *args, **kwargs)

    def map(
        self,
        function: Callable[..., Any],
        *iterables: Iterable[Any],
        timeout: float | None = None,
        chunksize: int = 1,
        buffersize: int | None = None,
    ) -> Iterator[Any]:
        tasks = list(zip(*iterables, strict=False))
        return self._answers(function, tasks, [self.submit(function, *task) for task in tasks])

    def _answers(
        self, function: Callable[..., Any], tasks: list[tuple[Any, ...]], waiting: list[Future[Any]]
    ) -> Iterator[Any]:
        for number, task in enumerate(tasks):
            try:
                answer = waiting[number].result()
            except BrokenProcessPool:  # whose fault it was cannot be told: each is tried again by itself
                answer = self._alone(function, task)
                lost = [one for one in range(number + 1, len(tasks)) if _is_lost(waiting[one])]
                for one in lost:
                    waiting[one] = self.submit(function, *tasks[one])
            yield answer

    def _alone(self, function: Callable[..., Any], task: tuple[Any, ...]) -> Any:
        self._pool.shutdown(cancel_futures=True)
        self._pool = self._new_pool()
        try:
            return self._pool.submit(function, *task).result()
        except BrokenProcessPool as error:
            raise YuebaoError(self._words("run.worker_died")) from error

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        self._pool.shutdown(wait, cancel_futures=cancel_futures)

    def kill(self) -> None:
        """Ends all processes at once, whatever they do."""
        for process in self._context.started:
            process.kill()


def _is_lost(waiting: Future[Any]) -> bool:
    return waiting.cancelled() or (waiting.done() and isinstance(waiting.exception(), BrokenProcessPool))


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
