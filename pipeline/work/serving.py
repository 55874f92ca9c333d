"""The child's side of a pool: it takes one task at a time, within its limits where it has any, and sends an answer.

A task is a function and its arguments, of a process of ours, which is trusted. A child with limits opens files of
others and may be taken over by one: it answers in plain data. A child without answers with whatever the function gives
or raises.
"""

import importlib
import os
import sys
import traceback
from collections.abc import Sequence
from multiprocessing.connection import Connection
from typing import Any

from pipeline.base.garbage import collect_seldom, give_back
from pipeline.work.children import follow_run
from pipeline.work.limits import Limits, lift_time_limits, out_of_memory, set_limits
from pipeline.work.passing import refusal_of
from pipeline.work.plain_data import to_plain_data

READY = b"ready"
BEGUN = b"begun"


def serve(pipe: Connection, modules: Sequence[str], limits: Limits | None, log: str) -> None:
    """Runs the tasks that come through `pipe` until it is closed.

    It says `READY` when it has imported the heavy `modules`, before any limit is set: the limit is what a task itself
    may take. Each task is answered twice: with `BEGUN` before anything is done with it, then with its answer.
    """
    follow_run()
    if log:
        _send_stderr_to(log)
    for module in modules:
        importlib.import_module(module)
    collect_seldom()
    _modest_arrow()
    try:
        pipe.send_bytes(READY)
        while pipe.poll(None):
            pipe.send_bytes(BEGUN)
            if limits is None:
                _answer_freely(pipe)
            else:
                _answer_within(pipe, limits)
            give_back()
    except (OSError, EOFError):  # the other end is closed
        return


def _modest_arrow() -> None:
    """Arrow, where the modules brought it, without threads of its own: each takes addresses too, and a child works
    on one core."""
    arrow = sys.modules.get("pyarrow")
    if arrow is not None:
        arrow.set_cpu_count(1)
        arrow.set_io_thread_count(1)


def _answer_within(pipe: Connection, limits: Limits) -> None:
    set_limits(limits)
    pipe.send_bytes(_plain_answer(pipe, limits))
    lift_time_limits()


def _plain_answer(pipe: Connection, limits: Limits) -> bytes:
    try:
        function, arguments, named = pipe.recv()
        return to_plain_data(function(*arguments, **named))
    except MemoryError:
        refusal = out_of_memory(limits)
    except BaseException as error:  # a panic of a Rust reader is not an Exception, and cannot be pickled
        traceback.print_exc()
        refusal = refusal_of(error)
    return to_plain_data(refusal)


def _answer_freely(pipe: Connection) -> None:
    failed, answer = _outcome(pipe)
    try:
        pipe.send((failed, answer))
    except OSError:
        raise
    except Exception as error:  # an answer that cannot be sent
        pipe.send((True, RuntimeError(f"{type(error).__name__}: {error}")))


def _outcome(pipe: Connection) -> tuple[bool, Any]:
    """Whether a task failed, and what it gave or raised; an error remembers where it came from."""
    try:
        function, arguments, named = pipe.recv()
        return False, function(*arguments, **named)
    except Exception as error:
        error.add_note(traceback.format_exc())
        return True, error


def _send_stderr_to(log: str) -> None:
    """Turns what Python and native code write to stderr into the child's own log file."""
    file = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    os.dup2(file, 2)
    os.close(file)
    sys.stderr = os.fdopen(2, "w", encoding="utf-8", errors="replace", buffering=1, closefd=False)
