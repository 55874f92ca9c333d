"""Ctrl-C ends a run within two seconds, in one sentence, and nothing of it outlives it."""

import os
import re
import shutil
import signal
import sys
from pathlib import Path
from typing import Literal

import pytest
from kill_trial import differences, kept_bytes
from live_run import is_in, live_run, processes_of, wait_for
from small_home import SmallHome, call

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(sys.platform == "win32", reason="signals and sessions are of POSIX"),
]


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = SmallHome(tmp_path_factory.mktemp("filled") / "home")
    home.masters()
    home.sends("M001", (3, "C001a", 10), (4, "C001b", 5))
    home.sends("M002", (6, "C002a", 3))
    home.sends("M003", (5, "C003a", 7))
    return home.home


@pytest.fixture(scope="module")
def wanted(filled: Path) -> dict[str, bytes]:
    """What a run leaves that nobody stopped."""
    calm = filled.with_name("calm")
    shutil.copytree(filled, calm, copy_function=shutil.copy2)
    assert call("monthly", "--home", str(calm), "--workers", "1", "--quiet").exit_code == 0
    return kept_bytes(calm)


@pytest.fixture
def home(filled: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(filled, tmp_path / "home", copy_function=shutil.copy2))


@pytest.mark.parametrize(
    ("stage", "to_all"), [("reading", True), ("figuring", False), ("writing", True), ("writing", False)]
)
def test_a_run_stopped_by_ctrl_c_says_so_and_the_next_one_goes_on(
    home: Path, wanted: dict[str, bytes], stage: Literal["reading", "figuring", "writing"], to_all: bool
) -> None:
    with live_run(home) as run:
        wait_for(lambda: is_in(home, stage))
        (os.killpg if to_all else os.kill)(run.pid, signal.SIGINT)
        seconds = wait_for(lambda: run.poll() is not None)
        left = wait_for(lambda: not processes_of(run.pid))
        out, err = run.communicate()
    assert run.returncode == 130
    assert seconds < 2
    assert left < 0.5
    assert "再次运行 yuebao monthly" in err
    told = [line for line in err.splitlines() if not re.search(r": \d+/\d+$", line)]  # the rest is progress
    assert len(told) == 1, err
    assert out == ""
    assert not (home / ".yuebao.lock").exists()
    assert call("monthly", "--home", str(home), "--workers", "1", "--quiet").exit_code == 0
    assert differences(home, wanted) == []


def test_a_run_stopped_while_its_children_prepare_leaves_none_of_them(home: Path) -> None:
    with live_run(home) as run:
        wait_for(lambda: len(processes_of(run.pid)) > 2)
        os.killpg(run.pid, signal.SIGINT)
        seconds = wait_for(lambda: run.poll() is not None)
        left = wait_for(lambda: not processes_of(run.pid))
        _, err = run.communicate()
    assert run.returncode in (130, -signal.SIGINT)  # one for a shell: Python ends so when it stopped in an exec
    assert seconds < 2
    assert left < 0.5
    assert "再次运行 yuebao monthly" in err


def test_a_first_process_that_is_killed_takes_all_its_children_with_it(home: Path) -> None:
    with live_run(home) as run:
        wait_for(lambda: is_in(home, "writing"))
        assert len(processes_of(run.pid)) > 2
        os.kill(run.pid, signal.SIGKILL)
        run.wait()
        assert wait_for(lambda: not processes_of(run.pid)) < 1


def test_a_first_process_that_is_killed_while_files_are_read_takes_its_children_with_it(home: Path) -> None:
    with live_run(home) as run:
        wait_for(lambda: (home / "ledger" / "staging").exists() and len(processes_of(run.pid)) > 3)
        os.kill(run.pid, signal.SIGKILL)
        run.wait()
        assert wait_for(lambda: not processes_of(run.pid)) < 1
