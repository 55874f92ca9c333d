"""A home is its owner's: 0700 for folders and 0600 for files, unless the settings say otherwise."""

import os
import stat
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from pipeline.base.private import make_private, private_files
from pipeline.cli import main

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such permissions")


def open_to_others(home: Path) -> list[str]:
    return [
        f"{path.relative_to(home)} {stat.S_IMODE(path.lstat().st_mode):o}"
        for path in (home, *home.rglob("*"))
        if path.lstat().st_mode & 0o077
    ]


@pytest.fixture
def open_umask():
    before = os.umask(0o022)
    yield
    os.umask(before)


def call(*arguments: str) -> None:
    assert CliRunner().invoke(main, arguments, catch_exceptions=False).exit_code == 0


def demo(home: Path) -> None:
    call("demo", "--home", str(home), "--managers", "3", "--customers", "10", "--months", "1", "--seed", "5")


@pytest.mark.slow
@pytest.mark.parametrize("workers", ["1", "2"])
def test_nobody_else_may_look_into_a_home(tmp_path, open_umask, workers):
    home = tmp_path / "H"
    demo(home)
    call("monthly", "--home", str(home), "--workers", workers, "--quiet")
    assert len(list((home / "output").rglob("*.xlsx"))) >= 5
    assert open_to_others(home) == []
    assert os.umask(0o022) == 0o022  # of whoever called


@pytest.mark.slow
def test_a_home_may_be_left_open_by_its_settings(tmp_path, open_umask):
    home = tmp_path / "H"
    home.mkdir()
    (home / "yuebao.toml").write_text("[folders]\nprivate = false\n", encoding="utf-8")
    demo(home)
    call("monthly", "--home", str(home), "--workers", "1", "--quiet")
    assert stat.S_IMODE((home / "output").stat().st_mode) == 0o755
    assert stat.S_IMODE(next((home / "output").rglob("metrics.csv")).stat().st_mode) == 0o644


def test_folders_that_an_earlier_version_left_open_are_closed(tmp_path, open_umask):
    (tmp_path / "ledger").mkdir()
    (tmp_path / "inbox").mkdir()
    call("status", "--home", str(tmp_path))
    assert stat.S_IMODE((tmp_path / "ledger").stat().st_mode) == 0o700
    assert stat.S_IMODE((tmp_path / "inbox").stat().st_mode) == 0o700


def test_an_inbox_into_which_others_may_write_stays_open(tmp_path):
    inbox = tmp_path / "inbox"
    inbox.mkdir()
    inbox.chmod(0o2770)
    call("status", "--home", str(tmp_path))
    assert stat.S_IMODE(inbox.stat().st_mode) == 0o2770


def test_what_is_not_there_or_a_link_is_left_alone(tmp_path, open_umask):
    target = tmp_path / "target"
    target.mkdir()
    (tmp_path / "link").symlink_to(target)
    make_private(tmp_path / "link")
    make_private(tmp_path / "missing")
    assert stat.S_IMODE(target.stat().st_mode) == 0o755


def test_after_the_block_files_are_as_open_as_before(tmp_path, open_umask):
    with private_files():
        (tmp_path / "a").write_bytes(b"")
    with private_files(False):
        (tmp_path / "b").write_bytes(b"")
    assert [stat.S_IMODE((tmp_path / one).stat().st_mode) for one in "ab"] == [0o600, 0o644]
