"""Runs of `yuebao monthly` on a prepared home: wall and CPU time, memory of each process, rows a second.

Every run gets a fresh copy of the home (files that never change are linked) and is a process of its own. The
stages are cut at the lines that the command prints when it goes on to the next.
"""

import os
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import psutil

from benchmarks.city.prepare import Prepared
from pipeline.work.store import program_fingerprint

ROOT = Path(__file__).parents[2]
UNCHANGING = (".parquet", ".kept", ".xlsx", ".slip")
LOOK_SECONDS = 0.1
WARMED = "warmed.txt"


@dataclass(frozen=True)
class Run:
    """One run of a command, its children included.

    `main_mb` and `child_mb` are the greatest resident memory of the first process and of the largest other, as
    seen ten times a second. `stages` gives what was printed and the seconds until then. `cpu_of_first` is what of the
    CPU time the first process took, `cpu_of_others` that of each other, the busiest first, as far as they were seen.
    """

    seconds: float
    cpu_seconds: float
    main_mb: float
    child_mb: float
    stages: tuple[tuple[str, float], ...]
    cpu_of_first: float = 0.0
    cpu_of_others: tuple[float, ...] = ()

    @property
    def on_idle_cores(self) -> float:
        """About how long it takes where each process has a core of its own: the first one's work, while the others
        wait, and that of the busiest of the others, while the first waits."""
        return self.cpu_of_first + max(self.cpu_of_others, default=0.0)


def fresh_copy(home: Path, target: Path, *, with_inbox: bool = True) -> Path:
    """A copy of a home to run on; files that a run replaces but never writes into are hard links."""
    shutil.rmtree(target, ignore_errors=True)
    ignore = None if with_inbox else shutil.ignore_patterns("inbox")
    shutil.copytree(home, target, copy_function=_link_or_copy, ignore=ignore)
    (target / "inbox").mkdir(exist_ok=True)
    return target


def _link_or_copy(source: str, target: str) -> None:
    if source.endswith(UNCHANGING):
        os.link(source, target)
    else:
        shutil.copy2(source, target)


def warmed(prepared: Prepared, workers: int) -> tuple[Path, Run | None]:
    """The home whose earlier months the program has reported, so that it holds what it worked out of them.

    It is made anew after every change of the code; the run that made it comes with it.
    """
    folder = prepared.home.parent / "warmed"
    stamp = folder.parent / WARMED
    if stamp.exists() and stamp.read_text() == program_fingerprint():
        return folder, None
    stamp.unlink(missing_ok=True)
    fresh_copy(prepared.home, folder, with_inbox=False)
    run = run_monthly(folder, workers)
    shutil.rmtree(folder / "inbox")
    shutil.copytree(prepared.home / "inbox", folder / "inbox", copy_function=_link_or_copy)
    stamp.write_text(program_fingerprint())
    return folder, run


def run_monthly(home: Path, workers: int, scheduler: str = "") -> Run:
    """One `yuebao monthly` on that home, by processes of its own or a Dask cluster's (which are not measured)."""
    options = ["--home", str(home), "--lang", "en", "--workers", str(workers)]
    options += ["--scheduler", scheduler] if scheduler else []
    return measured([sys.executable, "-m", "pipeline", "monthly", *options])


def measured(command: Sequence[str]) -> Run:
    """Runs a command from the checkout's folder.

    Raises:
        subprocess.CalledProcessError: when it does not end with 0; what it printed comes with it.
    """
    started = time.perf_counter()
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True) as run:
        watch = _Watch(run.pid)
        watch.start()
        stages = [(line.strip(), time.perf_counter() - started) for line in run.stderr or ()]
        _, status, usage = os.wait4(run.pid, 0)
        run.returncode = os.waitstatus_to_exitcode(status)
        seconds = time.perf_counter() - started
        watch.ended.set()
        watch.join()
    if run.returncode:
        raise subprocess.CalledProcessError(run.returncode, command, stderr="\n".join(text for text, _ in stages))
    first = watch.cpu_by_pid.pop(run.pid, 0.0)
    others = sorted(watch.cpu_by_pid.values(), reverse=True)
    return Run(
        seconds,
        max(usage.ru_utime + usage.ru_stime, first + sum(others)),
        watch.main_mb,
        watch.child_mb,
        (*stages, ("end", seconds)),
        first,
        tuple(others),
    )


class _Watch(threading.Thread):
    """Looks at memory and CPU time of a process and of its children, ten times a second."""

    def __init__(self, pid: int) -> None:
        super().__init__(daemon=True)
        self.process = psutil.Process(pid)
        self.ended = threading.Event()
        self.main_mb = self.child_mb = 0.0
        self.cpu_by_pid: dict[int, float] = {}  # of readers too, for which nobody waits as a parent does

    def run(self) -> None:
        while not self.ended.wait(LOOK_SECONDS):
            try:
                children = self.process.children(recursive=True)
            except psutil.NoSuchProcess:
                continue
            self.main_mb = max(self.main_mb, self._look_at(self.process))
            self.child_mb = max([self.child_mb, *(self._look_at(one) for one in children)])

    def _look_at(self, process: psutil.Process) -> float:
        """Notes the CPU time of a process; gives its memory, 0 where it has ended meanwhile."""
        try:
            with process.oneshot():
                used = process.cpu_times()
                self.cpu_by_pid[process.pid] = used.user + used.system
                return float(process.memory_info().rss) / 2**20
        except psutil.NoSuchProcess:
            return 0.0
