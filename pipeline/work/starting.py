"""How the processes of a run are started, and what they begin with.

On Linux they are forked from a server that has imported what they need, once for all: a fork takes milliseconds
where the imports take seconds. multiprocessing has one such server a process; it serves those that open files and
those that figure and write alike, so it is made for the narrower of the two: Arrow takes no addresses ahead, and
has no thread, of which a fork would know nothing.
"""

import os
import signal
import sys
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from typing import Any

from pipeline.base.garbage import PLAIN_ARROW
from pipeline.base.private import current_umask
from pipeline.base.temporary import temporary_things_in_own_folder

if sys.platform == "linux":
    from multiprocessing.context import ForkServerContext as _Context
    from multiprocessing.context import ForkServerProcess as _Process
else:
    from multiprocessing.context import SpawnContext as _Context
    from multiprocessing.context import SpawnProcess as _Process

__all__ = [
    "READING",
    "WRITING",
    "Context",
    "Process",
    "deaf_to_interrupts",
    "one_at_a_time",
    "plain_arrow",
    "start_fork_server",
]

# Threads of several pools start and end processes: the environment is the whole process's, and so is multiprocessing's
# list of children, of which each that starts one asks how all others are.
one_at_a_time = threading.RLock()

# What the tasks of each need; a process imports by itself what its server has not.
READING = (
    "pipeline.cli",  # the main module of a run, which a child looks into first
    "pipeline.work.serving",
    "pipeline.intake.take_in",
    "pipeline.intake.kinds",
    "pandera.pandas",
    "pyarrow.parquet",
)
WRITING = (
    *READING,
    "pipeline.month.opening",
    "pipeline.month.writing",
    "pipeline.month.reporting",
)


class Process(_Process):
    """A process that makes files as open or as private as whoever starts it."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._umask = current_umask()

    def run(self) -> None:
        """Does its work, making files as private as its starter does."""
        os.umask(self._umask)
        super().run()


class Context(_Context):
    """Starts such processes."""

    def Process(self, *args: Any, **kwargs: Any) -> Process:  # type: ignore[override]
        """A process of this kind."""
        return Process(*args, **kwargs)


def start_fork_server(modules: Sequence[str]) -> None:
    """Has the server import the modules, while this process does something else; nothing where it runs already.

    It ends by itself when no process is left that may want its children; while it imports, a second or two, it does
    not notice, and touches no file of a home.
    """
    if sys.platform == "linux":
        from multiprocessing import forkserver

        forkserver.set_forkserver_preload(list(modules))
        with deaf_to_interrupts(), plain_arrow(), _same_modules(), temporary_things_in_own_folder():
            forkserver.ensure_running()


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


@contextmanager
def plain_arrow() -> Iterator[None]:
    """In what is started in the block, Arrow has neither an allocator nor a thread of its own."""
    with _environment(PLAIN_ARROW):
        yield


@contextmanager
def _same_modules() -> Iterator[None]:
    """What is started in the block finds modules where this process does: the server looks into the working
    directory first, which may hold another Yuebao."""
    path = os.pathsep.join(place or os.curdir for place in sys.path)
    with _environment({"PYTHONPATH": path, "PYTHONSAFEPATH": "1"}):
        yield


@contextmanager
def _environment(values: dict[str, str]) -> Iterator[None]:
    """Processes that are started in the block have these values in their environment."""
    with one_at_a_time:
        yield from _changed_environment(values)


def _changed_environment(values: dict[str, str]) -> Iterator[None]:
    before = {name: os.environ.get(name) for name in values}
    os.environ.update(values)
    try:
        yield
    finally:
        for name, value in before.items():
            with suppress(KeyError):
                del os.environ[name]
            if value is not None:
                os.environ[name] = value
