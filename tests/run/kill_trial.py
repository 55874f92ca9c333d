"""Kills a run at the n-th step that it takes in the file system, starts it again, and looks at what is left.

Run as a program, it is the launcher: `kill_trial.py N HOME` runs `yuebao monthly` and ends itself with SIGKILL at
its N-th file-system event (a file opened for writing, replaced, removed, a folder made or removed); 0 never. It
prints how many there were.
"""

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

EVENTS = {"os.rename", "os.remove", "os.mkdir", "os.rmdir", "shutil.rmtree"}
_WRITES = os.O_WRONLY | os.O_RDWR | os.O_CREAT


def _launch(kill_at: int, home: str) -> None:
    from pipeline.cli import main

    seen = 0
    me = os.getpid()

    def count(event: str, args: tuple[Any, ...]) -> None:
        nonlocal seen
        if os.getpid() != me or not _concerns(event, args, home):
            return
        seen += 1
        if seen == kill_at:
            os.kill(me, signal.SIGKILL)

    sys.addaudithook(count)
    main(["monthly", "--home", home, "--workers", "1", "--quiet"], standalone_mode=False)
    print("events", seen)


def _concerns(event: str, args: tuple[Any, ...], home: str) -> bool:
    if event in EVENTS:
        return str(args[0]).startswith(home)
    return event == "open" and str(args[0]).startswith(home) and bool(args[2] & _WRITES)


def run_once(home: Path, kill_at: int = 0) -> int | None:
    """Runs the month in a process of its own; the number of events, None where it was killed."""
    program = [sys.executable, __file__, str(kill_at), str(home)]
    done = subprocess.run(program, capture_output=True, text=True, timeout=300, check=False)
    if done.returncode == -signal.SIGKILL:
        return None
    if done.returncode:
        raise RuntimeError(done.stdout + done.stderr)
    return int(done.stdout.split()[-1])


def kept_bytes(home: Path) -> dict[str, bytes]:
    """All that a run leaves, without times and what can be worked out again."""
    return {
        path.relative_to(home).as_posix(): path.read_bytes()
        for path in sorted(home.rglob("*"))
        if path.is_file() and path.name not in ("run.json", "reader.log") and "derived" not in path.parts
    }


def differences(home: Path, wanted: dict[str, bytes]) -> list[str]:
    found = kept_bytes(home)
    return sorted(name for name in {*found, *wanted} if found.get(name) != wanted.get(name))


def trial(start: Path, folder: Path, points: Iterable[int], wanted: dict[str, bytes]) -> dict[int, list[str]]:
    """For each point at which a run was killed: what differs, after the next run, from a run never killed."""
    found: dict[int, list[str]] = {}
    for point in points:
        home = folder / f"killed{point}"
        shutil.copytree(start, home, copy_function=shutil.copy2)
        if run_once(home, point) is None:
            run_once(home)
            found[point] = differences(home, wanted)
        shutil.rmtree(home)
    return found


if __name__ == "__main__":
    _launch(int(sys.argv[1]), sys.argv[2])
