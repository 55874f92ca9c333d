"""Runs commands while the n-th write, rename, fsync, open, mkdir or unlink below the home fails, and looks at what
they say and what the next, undisturbed run makes of it.

The faults come from a small library that is preloaded (failing_files.c, built here; needs a C compiler), as faults of
a machine come: into whatever library, in whatever process. Run as a program this is the launcher, which has everything
imported and forks a process for each command (a line of JSON each way). Linux only.
"""

import errno
import json
import mmap
import os
import random
import re
import shutil
import struct
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kill_trial import kept_bytes

KINDS = {"write": 1, "rename": 2, "fsync": 3, "open": 4, "mkdir": 5, "unlink": 6}
ERRORS = ("ENOSPC", "EIO", "EDQUOT", "EMFILE", "EACCES")
_NUMBERS, _PLACE = "13l", 1024  # as `struct orders` begins; then the folder, and where the first call failed
_SIZE = struct.calcsize(_NUMBERS) + 2 * _PLACE
_SOURCE = Path(__file__).with_name("failing_files.c")


@dataclass(frozen=True)
class Fault:
    """Which call fails, and how; `lasting`: all later ones of its kind fail too, as on a disk that stays full."""

    kind: str
    number: int
    error: str = "EIO"
    lasting: bool = False


NO_FAULT = Fault("write", 0)


@dataclass(frozen=True)
class Ended:
    """How a command ended: its exit code, what it said, how many calls of each kind there were, and how many failed,
    the first where."""

    code: int
    said: str
    seen: dict[str, int]
    failed: int
    where: str

    @property
    def is_told_well(self) -> bool:
        """One clear sentence for each thing, no traceback, and no exit code but those of the contract."""
        return self.code in (0, 1) and "Traceback" not in self.said and "程序内部出错" not in self.said


def build(folder: Path) -> Path | None:
    """The library that fails calls; None where there is no C compiler, or the system is another."""
    compiler = shutil.which("gcc") or shutil.which("cc") or shutil.which("clang")
    if compiler is None or sys.platform != "linux":
        return None
    library = folder / "failing_files.so"
    built = subprocess.run(
        [compiler, "-std=gnu11", "-O1", "-shared", "-fPIC", "-w", "-o", str(library), str(_SOURCE), "-ldl"],
        capture_output=True,
    )
    return library if built.returncode == 0 else None


@dataclass
class FaultyMachine:
    """Runs commands, each in a process of its own, with a fault to order."""

    process: subprocess.Popen[str]
    orders: mmap.mmap

    def run(self, home: Path, fault: Fault, *command: str) -> Ended:
        folder = os.fsencode(home)
        armed = (1, KINDS[fault.kind], fault.number, getattr(errno, fault.error), int(fault.lasting), *[0] * 8)
        self.orders[:] = (struct.pack(_NUMBERS, *armed) + folder.ljust(_PLACE, b"\0")).ljust(_SIZE, b"\0")
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.write(json.dumps([command[0], "--home", str(home), *command[1:]]) + "\n")
        self.process.stdin.flush()
        code, said = json.loads(self.process.stdout.readline())
        numbers = struct.unpack_from(_NUMBERS, self.orders)
        where = bytes(self.orders[-_PLACE:]).rstrip(b"\0").decode("utf-8", "replace")
        self.orders[:8] = bytes(8)
        seen = {kind: numbers[6 + place] for kind, place in KINDS.items()}
        return Ended(code, said, seen, numbers[5], where)


@contextmanager
def faulty_machine(folder: Path, library: Path) -> Iterator[FaultyMachine]:
    orders = folder / "orders"
    orders.write_bytes(bytes(_SIZE))
    environment = {**os.environ, "LD_PRELOAD": str(library), "YUEBAO_FAULTS": str(orders)}
    with (
        orders.open("r+b") as file,
        mmap.mmap(file.fileno(), _SIZE) as shared,
        subprocess.Popen(
            [sys.executable, __file__], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=environment
        ) as process,
    ):
        yield FaultyMachine(process, shared)
        assert process.stdin is not None
        process.stdin.close()


def seeded_faults(
    machine: FaultyMachine, start: Path, count: int, seed: int, command: Sequence[str]
) -> list[Fault]:
    """So many faults, over all kinds of calls that an undisturbed command makes, and all errors in turn."""
    chance = random.Random(seed)
    calls = _calls(machine, start, command)
    kinds = [kind for kind, seen in calls.items() if seen]
    return [
        Fault(kind, chance.randint(1, calls[kind]), ERRORS[place % len(ERRORS)], lasting=chance.random() < 0.3)
        for place in range(count)
        for kind in [kinds[place % len(kinds)]]
    ]


def _calls(machine: FaultyMachine, start: Path, command: Sequence[str]) -> dict[str, int]:
    """How many calls of each kind an undisturbed command makes."""
    home = _copy(start)
    ended = machine.run(home, NO_FAULT, *command)
    assert ended.code == 0, ended.said
    shutil.rmtree(home)
    return ended.seen


def _copy(start: Path) -> Path:
    """A home like another, always in the same place."""
    home = start.with_name("disturbed")
    shutil.rmtree(home, ignore_errors=True)
    return Path(shutil.copytree(start, home, copy_function=shutil.copy2))


@dataclass(frozen=True)
class Disturbed:
    """A command over which a call failed: how it ended, how the next one did, and the home that they left."""

    fault: Fault
    ended: Ended
    after: Ended
    home: Path

    def __str__(self) -> str:
        return f"{self.fault} at {self.ended.where}: {self.ended.code}, {self.ended.said.strip()[-400:]!r}"


def disturb(
    machine: FaultyMachine, start: Path, faults: Sequence[Fault], command: Sequence[str], then: Sequence[str]
) -> Iterator[Disturbed]:
    """Each fault, in a copy of `start`, followed by an undisturbed command. Faults that no call met are passed over."""
    for fault in faults:
        home = _copy(start)
        ended = machine.run(home, fault, *command)
        if ended.failed:
            yield Disturbed(fault, ended, machine.run(home, NO_FAULT, *then), home)
        shutil.rmtree(home)


def file_left(one: Disturbed) -> str:
    """The file in the inbox that could not be opened and was left for the next run; empty where there was none."""
    found = re.search(r"无法读取，留待下次：(\S+\.xlsx)$", one.ended.said, re.MULTILINE)
    return found.group(1) if found else ""


@dataclass
class Calm:
    """What undisturbed runs leave of a home in which files wait: of all files in one run; of one file a run later,
    which is what comes of a fault that left it for the next run."""

    machine: FaultyMachine
    start: Path
    command: Sequence[str]

    def __post_init__(self) -> None:
        self._bytes: dict[str, dict[str, bytes]] = {}

    def after(self, one: Disturbed) -> dict[str, bytes]:
        left = file_left(one)
        if left not in self._bytes:
            self._bytes[left] = self._run_with(left)
        return self._bytes[left]

    def _run_with(self, late: str) -> dict[str, bytes]:
        home = Path(shutil.copytree(self.start, self.start.with_name("calm"), copy_function=shutil.copy2))
        aside = home.with_name("late.xlsx")
        if late:
            shutil.move(home / "inbox" / late, aside)
            ended = self.machine.run(home, NO_FAULT, *self.command)
            assert ended.code == 0, ended.said
            shutil.move(aside, home / "inbox" / late)
        assert self.machine.run(home, NO_FAULT, *self.command).code == 0
        kept = kept_bytes(home)
        shutil.rmtree(home)
        return kept


def _serve() -> None:
    from kill_trial import warm_up

    warm_up()
    for line in sys.stdin:
        print(json.dumps(_launch(json.loads(line))), flush=True)


def _launch(arguments: list[str]) -> tuple[int, str]:
    told, theirs = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(told)
        _run(arguments, theirs)
    os.close(theirs)
    with open(told, encoding="utf-8", errors="replace") as reading:
        said = reading.read()
    status = os.waitpid(child, 0)[1]
    return os.waitstatus_to_exitcode(status), said


def _run(arguments: list[str], told: int) -> None:
    """The command, in a forked process."""
    import traceback

    from pipeline.cli import main

    os.dup2(told, 1)
    os.dup2(told, 2)
    os.close(told)
    sys.stdout, sys.stderr = (os.fdopen(number, "w", encoding="utf-8") for number in (1, 2))
    code: Any = 1
    try:
        code = main(arguments, standalone_mode=False) or 0
    except SystemExit as ended:
        code = ended.code
    except BaseException:
        traceback.print_exc()
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(int(code or 0))


if __name__ == "__main__":
    _serve()
