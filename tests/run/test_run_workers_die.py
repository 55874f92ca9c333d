"""A run whose worker processes die: what that costs, what stands all the same, and what the next run does."""

import os
import signal
import sys
from pathlib import Path

import pytest
from small_home import JUNE, SmallHome, call, kept_bytes

from pipeline.base.calendar import Month
from pipeline.month.outcome import Written
from pipeline.month.reporting import WholeMonth, write_whole_month
from pipeline.month.writing import BooksTask, write_books
from pipeline.month.writing import Written as Book

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(sys.platform == "win32", reason="needs SIGKILL"),
]
MAY = JUNE + -1
REGION_OF = {"M001": "R01", "M003": "R02"}


def end_this_process() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def write_books_second_time(task: BooksTask) -> list[Book]:
    """As `write_books`, but region R01 takes its process with it the first time."""
    mark = task.place.home / "first time.txt"
    if task.region == "R01" and not mark.exists():
        mark.touch()
        end_this_process()
    return write_books(task)


def write_any_month_but_june(task: WholeMonth) -> Written:
    """As `write_whole_month`, but June takes its process with it whenever it is tried."""
    if task.month == JUNE:
        end_this_process()
    return write_whole_month(task)


def filled(folder: Path, *months: Month) -> SmallHome:
    """Two managers' files of the months wait in the inbox."""
    home = SmallHome(folder)
    home.masters(month=MAY, regions=REGION_OF)
    for month in months:
        for manager in REGION_OF:
            home.sends(manager, (3, f"C{manager[1:]}a", 10), name=f"{month}_{manager}.xlsx", month=month)
    return home


def run(home: SmallHome, workers: int = 2) -> tuple[int, str]:
    done = call("monthly", "--home", str(home.home), "--workers", str(workers), "--quiet", "--lang", "en")
    return done.exit_code, done.output


def run_alone(home: SmallHome) -> tuple[int, str]:
    """In this process, which nobody ends: what comes out is the same."""
    return run(home, workers=1)


def test_a_worker_that_dies_once_changes_nothing_in_what_comes_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole, hurt = filled(tmp_path / "whole", JUNE), filled(tmp_path / "hurt", JUNE)
    assert run_alone(whole)[0] == 0
    monkeypatch.setattr("pipeline.month.writing.write_books", write_books_second_time)
    assert run(hurt)[0] == 0
    assert (hurt.home / "first time.txt").exists()
    assert kept_bytes(hurt.home) == kept_bytes(whole.home)


def test_a_month_that_workers_die_over_leaves_the_others_theirs_and_is_done_by_the_next_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home, other = (filled(tmp_path / name, MAY, JUNE) for name in ("home", "other"))
    with monkeypatch.context() as patched:
        patched.setattr("pipeline.month.reporting.write_whole_month", write_any_month_but_june)
        code, told = run(home)
    assert code != 0
    assert "2024-06" in told and "A worker process died twice" in told
    assert home.value("volume", month=MAY) == 20
    assert not (home.home / "output" / str(JUNE)).exists()
    assert run(home)[0] == 0
    assert home.value("volume", month=JUNE) == 20
    assert run_alone(other)[0] == 0
    written = {name: data for name, data in kept_bytes(home.home).items() if name.startswith("output/")}
    assert written == {name: data for name, data in kept_bytes(other.home).items() if name.startswith("output/")}
