"""The child's side of the sandbox: takes one task at a time, under a memory limit, and sends back a value."""

import importlib
import math
import os
import signal
import sys
import traceback
from collections.abc import Sequence
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path

from pipeline.base.garbage import collect_seldom, give_back
from pipeline.contract.refusal import Refusal
from pipeline.work.children import follow_run
from pipeline.work.passing import refusal_of
from pipeline.work.plain_data import to_plain_data

GRACE_SECONDS = 5
OUT_OF_TIME = int(getattr(signal, "SIGPROF", 0))  # ends a child whose task has worked for as long as it may
STARTED = b"started"


@dataclass(frozen=True)
class TimeLimits:
    """How many seconds a task may work (CPU), and how many it may take by the clock."""

    work_seconds: float
    clock_seconds: float


def serve(pipe: Connection, modules: Sequence[str], memory_bytes: int, limits: TimeLimits, log: str) -> None:
    """Runs the tasks that come through `pipe` until it is closed.

    A task is a (function, argument) of a process of ours, which is trusted. Each is answered twice: with `STARTED`
    before anything is done with it, then with what the function returned, or a `Refusal`, as plain data. The heavy
    `modules` are imported before the first limit is set, so the limit is what a task itself may take.
    """
    follow_run()
    _send_stderr_to(log)
    for module in modules:
        importlib.import_module(module)
    collect_seldom()
    _modest_arrow()
    while True:
        try:
            pipe.poll(None)
            pipe.send_bytes(STARTED)
        except OSError:  # the other end is closed
            return
        _limit(memory_bytes, limits)
        pipe.send_bytes(_answer(pipe, memory_bytes))
        give_back()
        _lift_time_limit()


def _modest_arrow() -> None:
    """Arrow, where the modules brought it, without threads of its own: each takes addresses too, and a child works
    on one core."""
    arrow = sys.modules.get("pyarrow")
    if arrow is not None:
        arrow.set_cpu_count(1)
        arrow.set_io_thread_count(1)


def _answer(pipe: Connection, memory_bytes: int) -> bytes:
    try:
        function, argument = pipe.recv()
        return to_plain_data(function(argument))
    except MemoryError:
        refusal = out_of_memory(memory_bytes)
    except BaseException as error:  # a panic of a Rust reader is not an Exception, and cannot be pickled
        traceback.print_exc()
        refusal = refusal_of(error)
    return to_plain_data(refusal)


def out_of_memory(memory_bytes: int) -> Refusal:
    """The refusal of a file that takes more memory than one task may."""
    return Refusal("reader_memory", (("memory_mib", str(memory_bytes >> 20)),))


def _send_stderr_to(log: str) -> None:
    """Turns what Python and native code write to stderr into the worker's own log file."""
    file = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    os.dup2(file, 2)
    os.close(file)
    sys.stderr = os.fdopen(2, "w", encoding="utf-8", errors="replace", buffering=1, closefd=False)


def _limit(memory_bytes: int, limits: TimeLimits) -> None:
    """Limits what this process may take beyond what it holds, where the system offers that.

    The timer counts what the task works, and ends the process; the alarm is for the case that the parent is gone and
    nobody stops a task that hangs.
    """
    if sys.platform == "linux":
        import resource

        _, hard = resource.getrlimit(resource.RLIMIT_AS)
        resource.setrlimit(resource.RLIMIT_AS, (_address_space() + memory_bytes, hard))
    if sys.platform != "win32":
        signal.setitimer(signal.ITIMER_PROF, limits.work_seconds)
        signal.alarm(math.ceil(limits.clock_seconds) + GRACE_SECONDS)


def _lift_time_limit() -> None:
    if sys.platform != "win32":
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.alarm(0)


def _address_space() -> int:
    """Bytes of address space this process holds now (Linux)."""
    pages = int(Path("/proc/self/statm").read_bytes().split()[0])
    return pages * os.sysconf("SC_PAGE_SIZE")
