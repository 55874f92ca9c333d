"""Where a run's tasks go: into this process, over all its cores, or onto a Dask cluster; the tasks are the same.

What is figured and written goes over a `concurrent.futures` executor. Files are opened in sandboxed children: of this
process, or on a cluster of each worker that has a file to open. Workers see the home under the same path.
"""

import importlib
import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Executor, Future
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache, partial
from pathlib import Path
from typing import Any, Protocol, TypeVar

from pipeline.base.errors import YuebaoError
from pipeline.base.garbage import settle_in
from pipeline.base.home import LEDGER
from pipeline.base.private import current_umask
from pipeline.contract.refusal import Refusal
from pipeline.contract.settings import Settings
from pipeline.words import Words, load_words
from pipeline.work.children import allow_children
from pipeline.work.limits import Limits
from pipeline.work.sandbox import Sandbox
from pipeline.work.starting import READING, WRITING, start_fork_server
from pipeline.work.workers import WorkerDied, Workers

ANSWER_SECONDS = 30  # how long a cluster's scheduler may take to answer
Task = TypeVar("Task")
Result = TypeVar("Result")


class Readers(Protocol):
    """Whoever opens files: runs a function on each in a sandboxed child, answers in the order of the tasks."""

    @property
    def log(self) -> Path | None:
        """The file to which children's last words are added."""

    def map(self, function: Callable[[Task], Result], tasks: Iterable[Task]) -> Iterator[Result | Refusal]:
        """The answers of tasks in their order; a refusal where a task could not be done."""


def usable_cores() -> int:
    """The cores that this process may use."""
    affinity = getattr(os, "sched_getaffinity", None)  # not on every system
    return len(affinity(0)) if affinity else os.cpu_count() or 1


@contextmanager
def writing_executor(workers: int, scheduler: str = "", words: Words | None = None) -> Iterator[Executor | None]:
    """Processes that figure and write; None where one process does all.

    Args:
        workers: how many, on this machine.
        scheduler: the address of a Dask scheduler whose workers are to be used instead; empty for none.
        words: in which a failure is told.

    Raises:
        YuebaoError: when there is no such scheduler, or Dask is not installed.
    """
    if scheduler:
        with _cluster(scheduler, words or load_words("zh")) as executor:
            yield executor
    elif workers == 1:
        yield None
    else:
        with Workers(workers, words or load_words("zh")) as executor:
            yield executor


@contextmanager
def _cluster(scheduler: str, words: Words) -> Iterator[Executor]:
    try:
        from distributed import Client
    except ImportError as error:
        raise YuebaoError(words("run.no_dask")) from error
    try:
        client = Client(scheduler, timeout=ANSWER_SECONDS)  # type: ignore[no-untyped-call]
    except (OSError, ValueError) as error:
        raise YuebaoError(words("run.no_scheduler", address=scheduler)) from error
    with client:
        # Workers import what they need while this process looks into the inbox; nobody waits for it.
        _ready = [
            client.submit(get_ready, workers=[one], pure=False) for one in client.scheduler_info()["workers"]
        ]
        yield _OnCluster(client.get_executor(pure=False, retries=1), words)  # type: ignore[no-untyped-call]


class _OnCluster(Executor):
    """A cluster's own executor; a task that its workers died over again and again is told of as ours is."""

    def __init__(self, executor: Executor, words: Words) -> None:
        self._executor, self._words = executor, words

    def submit(self, function: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        return self._executor.submit(done_there, current_umask(), function, *args, **kwargs)

    def map(self, fn: Callable[..., Any], *iterables: Iterable[Any], **options: Any) -> Iterator[Any]:
        return map(self._answer, [self.submit(fn, *task) for task in zip(*iterables, strict=False)])

    def _answer(self, future: Future[Any]) -> Any:
        from distributed.scheduler import KilledWorker

        try:
            return future.result()
        except KilledWorker as error:
            raise WorkerDied(self._words("run.worker_died")) from error


def get_ready() -> None:
    """What a cluster's worker does before its first task, so that the task need not."""
    start_fork_server(READING)
    for module in WRITING:
        importlib.import_module(module)
    settle_in()


def done_there(umask: int, function: Callable[..., Result], *args: Any, **kwargs: Any) -> Result:
    """A task, done by a cluster's worker; what it makes is as private as what its sender makes."""
    os.umask(umask)
    settle_in()
    return function(*args, **kwargs)


@contextmanager
def file_readers(
    home: Path, settings: Settings, workers: int, cluster: Executor | None = None
) -> Iterator[Readers]:
    """Those who open files: this process's children, or the children of a cluster's workers."""
    if cluster is not None:
        yield _FarReaders(cluster, _limits(settings), _log(home))
        return
    with reading_sandbox(home, settings, workers) as sandbox:
        yield sandbox


def reading_sandbox(home: Path, settings: Settings, workers: int) -> Sandbox:
    """The children that open files, within the settings' limits."""
    return _sandbox(_limits(settings), workers, _log(home))


def looking_sandbox(settings: Settings, modules: Sequence[str] = ()) -> Sandbox:
    """A child that opens files within the settings' limits, where nothing is kept of them, nor of its last words."""
    limits = _limits(settings)
    return Sandbox(memory_bytes=limits.memory_bytes, seconds=limits.seconds, modules=modules)


def _limits(settings: Settings) -> Limits:
    """What a child may take for one file."""
    return Limits(settings.intake.memory_mb << 20, settings.intake.seconds)


def _sandbox(limits: Limits, workers: int, log: Path | None) -> Sandbox:
    allow_children()
    return Sandbox(workers, limits.memory_bytes, limits.seconds, READING, log)


def _log(home: Path) -> Path:
    log = home / LEDGER / "reader.log"
    log.parent.mkdir(parents=True, exist_ok=True)
    return log


@dataclass(frozen=True)
class _FarReaders:
    """Readers on a cluster: each worker opens the files that it gets in a child of its own."""

    cluster: Executor
    limits: Limits
    log: Path | None

    def map(self, function: Callable[[Task], Result], tasks: Iterable[Task]) -> Iterator[Result | Refusal]:
        yield from self.cluster.map(partial(read_there, self.limits, function), tasks)


def read_there(limits: Limits, function: Callable[[Task], Result], task: Task) -> Result | Refusal:
    """One file, opened in the sandboxed child of the process that this runs in."""
    answer: Result | Refusal = _own_sandbox(limits).submit(function, task).result()
    return answer


@lru_cache(maxsize=1)
def _own_sandbox(limits: Limits) -> Sandbox:
    """Kept as long as the process lives; its child ends with it."""
    return _sandbox(limits, 1, None)
