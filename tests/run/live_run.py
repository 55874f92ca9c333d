"""A run in a process of its own, watched while it works: which stage it is in, and which processes belong to it."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Literal

import psutil

LONGEST_SECONDS = 60


@contextmanager
def live_run(home: Path, workers: int = 2) -> Iterator[subprocess.Popen[str]]:
    """`yuebao monthly` in a session of its own, as in a terminal of its own; whatever is left of it is killed."""
    program = [sys.executable, "-m", "pipeline", "monthly", "--home", str(home), "--workers", str(workers)]
    run = subprocess.Popen(
        program,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
        preexec_fn=hear_ctrl_c,
    )
    try:
        yield run
    finally:
        for process in processes_of(run.pid):
            with suppress(psutil.Error):
                process.kill()
        run.communicate()


def hear_ctrl_c() -> None:
    """What runs in the background may have been told to ignore it, and hands that down."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


def is_in(home: Path, stage: Literal["reading", "figuring", "writing"]) -> bool:
    """Whether a run has come to a stage, by what it has left in the home.

    Files are in the archive before any is read; the manifest is there before anything is figured; a month's new
    folder is there while it is written.
    """
    if stage == "reading":
        return any((home / "archive").rglob("*.*"))
    if stage == "figuring":
        return (home / "ledger" / "manifest.json").exists()
    return any((home / "output").glob(".*.new/*/*.xlsx"))


def wait_for(what: Callable[[], bool], seconds: float = LONGEST_SECONDS) -> float:
    """Waits until something is so, and gives the seconds that took."""
    started = time.monotonic()
    while not what():
        if time.monotonic() - started > seconds:
            raise TimeoutError
        time.sleep(0.002)
    return time.monotonic() - started


def processes_of(session: int) -> list[psutil.Process]:
    """The processes of a session that run, whoever their parent is by now."""
    found = []
    for pid in psutil.pids():
        with suppress(OSError, psutil.Error):
            if os.getsid(pid) == session and psutil.Process(pid).status() != psutil.STATUS_ZOMBIE:
                found.append(psutil.Process(pid))
    return found
