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
from contextlib import suppress
from multiprocessing.connection import wait

import psutil


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
