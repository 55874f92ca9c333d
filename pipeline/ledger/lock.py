"""One run at a time: the lock that keeps a second run out, and falls to the next when its run has died."""

import json
import os
import platform
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psutil

from pipeline.errors import LedgerBusy
from pipeline.words import Words

LOCK = ".yuebao.lock"
WRITING_SECONDS = 10  # a lock without content is being written, or its run died over it


@contextmanager
def ledger_lock(home: Path, words: Words) -> Iterator[None]:
    """Holds the ledger, the archive and the outputs of a home while the block runs.

    Raises:
        LedgerBusy: when another run that is alive holds them.
    """
    path = home / LOCK
    _acquire(path, words)
    try:
        yield
    finally:
        path.unlink(missing_ok=True)


def _acquire(path: Path, words: Words) -> None:
    me = {"pid": os.getpid(), "started": psutil.Process().create_time(), "computer": platform.node()}
    for _ in range(2):
        try:
            with path.open("x", encoding="utf-8") as file:
                file.write(json.dumps(me))
        except FileExistsError:
            _make_way(path, words)
        else:
            break
    if _holder(path) != me:  # somebody else took over a dead run's lock in the same moment
        raise _busy(path, words)


def _make_way(path: Path, words: Words) -> None:
    """Removes the lock of a run that has died."""
    if _is_alive(_holder(path)) or _is_being_written(path):
        raise _busy(path, words)
    path.unlink(missing_ok=True)


def _busy(path: Path, words: Words) -> LedgerBusy:
    holder = _holder(path)
    return LedgerBusy(words("run.busy", pid=holder.get("pid", "?"), computer=holder.get("computer", "?")))


def _holder(path: Path) -> Mapping[str, Any]:
    try:
        stored = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return stored if isinstance(stored, dict) else {}


def _is_alive(holder: Mapping[str, Any]) -> bool:
    """The process that wrote the lock still runs; a number that another process got since does not count.

    Nobody can look into another computer: its lock counts as alive, and the sentence names it.
    """
    if holder.get("computer", platform.node()) != platform.node():
        return True
    try:
        started = psutil.Process(int(holder["pid"])).create_time()
        return abs(started - float(holder["started"])) < 1
    except psutil.AccessDenied:
        return True
    except (KeyError, TypeError, ValueError, psutil.NoSuchProcess):
        return False


def _is_being_written(path: Path) -> bool:
    try:
        found = path.stat()
    except OSError:
        return False
    return found.st_size == 0 and time.time() - found.st_mtime < WRITING_SECONDS
