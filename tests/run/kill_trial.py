"""Kills runs and starts them again, and looks at what is left.

A run is killed with SIGKILL at the n-th step that its first process takes in the file system (a file opened for
writing, replaced, removed, a folder made or removed), or after a time. Run as a program, this is the launcher: it
has everything imported and the children's server started, and forks a process for each run it is asked
for (a line of JSON each way), as starting Python anew would take longer than most runs do. Linux only.
"""

import json
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

EVENTS = {"os.rename", "os.remove", "os.mkdir", "os.rmdir", "shutil.rmtree"}
_WRITES = os.O_WRONLY | os.O_RDWR | os.O_CREAT


@dataclass(frozen=True)
class Point:
    """Where a command is killed: at the n-th event (0: at none), or after seconds (0: never)."""

    workers: int = 1
    event: int = 0
    seconds: float = 0.0
    command: str = "monthly"

    @property
    def arguments(self) -> list[str]:
        if self.command == "send":
            return ["send", "--send", "--json"]
        return [self.command, "--workers", str(self.workers), "--quiet"]


@dataclass(frozen=True)
class Ran:
    """How a run ended: killed or not, after how many seconds and, unless killed, with how many events."""

    killed: bool
    seconds: float
    events: int = 0


@dataclass(frozen=True)
class Launcher:
    """Runs months in processes of their own."""

    process: subprocess.Popen[str]

    def run(self, home: Path, point: Point = Point()) -> Ran:
        """Runs the month; raises RuntimeError when the run fails of itself."""
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.write(json.dumps({"home": str(home), **asdict(point)}) + "\n")
        self.process.stdin.flush()
        answer = json.loads(self.process.stdout.readline())
        if "failed" in answer:
            raise RuntimeError(answer["failed"])
        return Ran(**answer)


@contextmanager
def launcher() -> Iterator[Launcher]:
    program = [sys.executable, __file__]
    with subprocess.Popen(program, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        yield Launcher(process)
        assert process.stdin is not None
        process.stdin.close()


def kept_bytes(home: Path) -> dict[str, bytes]:
    """All that a run leaves, without times and what can be worked out again."""
    return {
        path.relative_to(home).as_posix(): path.read_bytes()
        for path in sorted(home.rglob("*"))
        if path.is_file()
        and path.name not in ("run.json", "reader.log", "fault.log")
        and "derived" not in path.parts
    }


def differences(home: Path, wanted: dict[str, bytes]) -> list[str]:
    found = kept_bytes(home)
    return sorted(name for name in {*found, *wanted} if found.get(name) != wanted.get(name))


@dataclass(frozen=True)
class Calm:
    """What runs do that nobody kills: what they leave, their events by number of workers, and the seconds of two."""

    bytes: dict[str, bytes]
    events: dict[int, int]
    seconds: float


def calm_runs(start: Path, folder: Path, runs: Launcher) -> Calm:
    """Runs what waits in `start` in peace, with one worker and with two; both leave the same."""
    left, ran = {}, {}
    for workers in (1, 2):
        home = folder / f"calm{workers}"
        shutil.copytree(start, home, copy_function=shutil.copy2)
        ran[workers] = runs.run(home, Point(workers))
        left[workers] = kept_bytes(home)
    assert left[1] == left[2]
    return Calm(left[1], {workers: one.events for workers, one in ran.items()}, ran[2].seconds)


def seeded_points(calm: Calm, events: int, shared_events: int, moments: int, seed: int) -> list[Point]:
    """So many points at events of one process, at events of a first process with two workers, and in time."""
    chance = random.Random(seed)
    points = [Point(1, event) for event in _sample(chance, calm.events[1], events)]
    points += [Point(2, event) for event in _sample(chance, calm.events[2], shared_events)]
    points += [Point(2, 0, round(chance.uniform(0.02, 0.95) * calm.seconds, 3)) for _ in range(moments)]
    return points


def _sample(chance: random.Random, events: int, count: int) -> list[int]:
    """Numbers of events in seeded order, each once before any is taken again."""
    chosen: list[int] = []
    while len(chosen) < count:
        chosen += chance.sample(range(1, events + 1), min(count - len(chosen), events))
    return chosen


def seeded_kills(start: Path, folder: Path, runs: Launcher, command: str, count: int, seed: int) -> list[Point]:
    """So many points at events of another command."""
    home = folder / f"calm-{command}"
    shutil.copytree(start, home, copy_function=shutil.copy2)
    events = runs.run(home, Point(command=command)).events
    return [Point(1, event, command=command) for event in _sample(random.Random(seed), events, count)]


def trial(
    start: Path, folder: Path, points: Iterable[Point], wanted: dict[str, bytes], runs: Launcher
) -> list[tuple[Point, list[str]]]:
    """Each point at which a run was killed, and what differs, after the next run, from a run never killed."""
    found: list[tuple[Point, list[str]]] = []
    for number, point in enumerate(points):
        home = folder / f"killed{number}"
        killed_at = kill(start, home, point, runs)
        runs.run(home)
        found.append((killed_at, differences(home, wanted)))
        shutil.rmtree(home)
    return found


def kill(start: Path, home: Path, point: Point, runs: Launcher) -> Point:
    """A home whose run was killed at the point; at an earlier one where the run had ended by then."""
    while True:
        shutil.copytree(start, home, copy_function=shutil.copy2)
        if runs.run(home, point).killed:
            return point
        assert point.seconds, f"not killed at {point}"
        point = replace(point, seconds=0.8 * point.seconds)
        shutil.rmtree(home)


def _serve() -> None:
    warm_up()
    for line in sys.stdin:
        asked = json.loads(line)
        print(json.dumps(_launch(Path(asked.pop("home")), Point(**asked))), flush=True)


def warm_up() -> None:
    """Imports what a run needs, and starts the server of its children for all runs."""
    import gc
    from importlib import import_module
    from multiprocessing import forkserver

    from pipeline.work.starting import WRITING, start_fork_server
    from schemas.form import all_forms

    for name in ("pipeline.screen.progress", "pipeline.commands.monthly", "pipeline.screen.outcome"):
        import_module(name)
    all_forms()
    start_fork_server(WRITING)
    # the forked may not ask how their elder brother is
    forkserver.ensure_running = forkserver._forkserver.ensure_running = lambda: None
    gc.collect()
    gc.freeze()  # what is imported is no garbage


def _launch(home: Path, point: Point) -> dict[str, Any]:
    ours, theirs = os.pipe()
    started = time.monotonic()
    child = os.fork()
    if child == 0:
        os.close(ours)
        _run(home, point, theirs)
    os.close(theirs)
    status = _wait(child, started + point.seconds if point.seconds else None)
    seconds = time.monotonic() - started
    with open(ours, encoding="utf-8") as told:
        said = told.read()
    if os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGKILL:
        return asdict(Ran(True, seconds))
    return asdict(Ran(False, seconds, int(said))) if said.isdecimal() else {"failed": said or f"status {status}"}


def _wait(child: int, until: float | None) -> int:
    while until is not None:
        ended, status = os.waitpid(child, os.WNOHANG)
        if ended:
            return status
        if time.monotonic() >= until:
            os.kill(child, signal.SIGKILL)
            until = None
        time.sleep(0.001)
    return os.waitpid(child, 0)[1]


def _run(home: Path, point: Point, told: int) -> None:
    """The run itself, in a forked process: says how many events there were, and ends."""
    import traceback

    from pipeline.cli import main

    seen = 0
    me = os.getpid()
    place = str(home)

    def count(event: str, args: tuple[Any, ...]) -> None:
        nonlocal seen
        if os.getpid() != me or not _concerns(event, args, place):
            return
        seen += 1
        if seen == point.event:
            os.kill(me, signal.SIGKILL)

    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    sys.addaudithook(count)
    try:
        done = main([point.arguments[0], "--home", place, *point.arguments[1:]], standalone_mode=False)
        said = str(seen) if not done else f"exit code {done}"
    except SystemExit as ended:  # of letters some may be left, which is no fault
        said = str(seen) if point.command == "send" or not ended.code else f"exit code {ended.code}"
    except BaseException:
        said = traceback.format_exc()
    os.write(told, said.encode("utf-8"))
    os._exit(0)


def _concerns(event: str, args: tuple[Any, ...], home: str) -> bool:
    if event in EVENTS:
        return str(args[0]).startswith(home)
    return event == "open" and str(args[0]).startswith(home) and bool(args[2] & _WRITES)


if __name__ == "__main__":
    _serve()
