"""One run at a time: the lock that keeps a second run out, and falls to the next when its run has died."""

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil

from pipeline.errors import LedgerBusy
from pipeline.ledger.manifest import LEDGER
from pipeline.words import Words

LOCK = ".lock"


@contextmanager
def ledger_lock(home: Path, words: Words) -> Iterator[None]:
    """Holds the ledger while the block runs.

    Raises:
        LedgerBusy: when another run that is alive holds it.
    """
    path = home / LEDGER / LOCK
    path.parent.mkdir(parents=True, exist_ok=True)
    _acquire(path, words)
    try:
        yield
    finally:
        path.unlink(missing_ok=True)


def _acquire(path: Path, words: Words) -> None:
    me = json.dumps({"pid": os.getpid(), "started": psutil.Process().create_time()})
    for _ in range(2):
        try:
            with path.open("x", encoding="utf-8") as file:
                file.write(me)
        except FileExistsError:
            if _holder_is_alive(path):
                raise LedgerBusy(words("run.busy", pid=_holder(path).get("pid", "?"))) from None
            path.unlink(missing_ok=True)
        else:
            return
    raise LedgerBusy(words("run.busy", pid="?"))


def _holder(path: Path) -> dict[str, float]:
    try:
        stored: dict[str, float] = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return stored


def _holder_is_alive(path: Path) -> bool:
    """The process that wrote the lock still runs; a number that another process got since does not count."""
    holder = _holder(path)
    try:
        started = psutil.Process(int(holder["pid"])).create_time()
    except (KeyError, psutil.NoSuchProcess):
        return False
    return abs(started - holder["started"]) < 1
