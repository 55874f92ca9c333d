"""What a killed run leaves in the system's temporary folder is swept by the next; a living run's never."""

import os
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import pytest

from pipeline.base import temporary

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="locks of POSIX")
OWN = "from pipeline.base.temporary import own_folder; print(own_folder(), flush=True); "


@pytest.fixture
def shared(tmp_path, monkeypatch):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    return tmp_path


def run(code: str) -> tuple[subprocess.Popen[str], Path]:
    process = subprocess.Popen([sys.executable, "-c", OWN + code], stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    with process.stdout:
        return process, Path(process.stdout.readline().strip())


def test_the_folder_of_a_killed_run_is_swept_and_that_of_a_living_one_stays(shared):
    living, lived_in = run("import time; time.sleep(60)")
    killed, left = run("import time; time.sleep(60)")
    (left / "rows").mkdir()
    (left / "rows" / "a.parquet").write_bytes(b"x")
    killed.send_signal(signal.SIGKILL)
    killed.wait()
    temporary.sweep_left_behind()
    assert not left.exists()
    assert lived_in.is_dir()
    living.kill()
    living.wait()


def test_a_run_that_ends_leaves_nothing(shared):
    process, folder = run("import os; os.stat(own_folder())")
    assert process.wait() == 0
    assert not folder.exists() and not list(shared.iterdir())


def test_a_folder_without_a_lock_is_swept_only_when_it_is_old(shared):
    young, old, other = shared / "yuebao-aaaaaaaa", shared / "yuebao-bbbbbbbb", shared / "yuebao-of-mine"
    for folder in (young, old, other):
        folder.mkdir()
    yesterday = time.time() - 2 * 24 * 3600
    os.utime(old, (yesterday, yesterday))
    os.utime(other, (yesterday, yesterday))
    temporary.sweep_left_behind()
    assert young.exists() and other.exists() and not old.exists()


def test_a_link_is_never_followed(shared, tmp_path_factory):
    elsewhere = tmp_path_factory.mktemp("elsewhere")
    (elsewhere / temporary.OWNER).write_bytes(b"")
    (shared / "yuebao-cccccccc").symlink_to(elsewhere)
    temporary.sweep_left_behind()
    assert elsewhere.is_dir()


def test_another_users_folder_stays(shared, monkeypatch):
    folder = shared / "yuebao-dddddddd"
    folder.mkdir()
    (folder / temporary.OWNER).write_bytes(b"")
    monkeypatch.setattr(os, "getuid", lambda: folder.stat().st_uid + 1)
    temporary.sweep_left_behind()
    assert folder.exists()


def test_the_folder_is_for_its_owner_alone():
    assert temporary.own_folder().stat().st_mode & 0o777 == 0o700
    assert temporary.own_folder() == temporary.own_folder()
