"""A run that dies once it has committed: what it had not yet taken out of the inbox is not taken for dropped again."""

import errno
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from small_home import SmallHome

from pipeline.ledger.manifest import read_manifest

pytestmark = pytest.mark.slow  # whole runs


def rivals(folder: Path) -> SmallHome:
    """Two forms of one manager saved at the same moment: both are refused."""
    home = SmallHome(folder)
    home.masters()
    home.sends("M003", (5, "C003a", 7), name="甲.xlsx")
    home.sends("M003", (5, "C003a", 6), name="乙.xlsx")
    return home


def died_after_commit(home: SmallHome, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> None:
        raise OSError(errno.EIO, os.strerror(errno.EIO))

    with monkeypatch.context() as patch:
        patch.setattr("pipeline.taking.take_over.sweep", broken)
        assert home.run().exit_code == 1
    assert {path.name for path in home.inbox.iterdir()} >= {"甲.xlsx", "乙.xlsx"}


@pytest.mark.parametrize("command", ["monthly", "rebuild"])
def test_what_a_dying_run_left_in_the_inbox_is_not_read_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, command: str
) -> None:
    home = rivals(tmp_path)
    died_after_commit(home, monkeypatch)
    assert home.does(command).exit_code == 0
    assert home.run().exit_code == 0
    assert list(home.inbox.iterdir()) == []
    assert not [one.name for one in read_manifest(home.home).receipts if one.again]
    assert list((home.home / "archive").rglob("*.again.slip")) == []


@pytest.fixture
def refused(own_copy) -> SmallHome:
    """Both of the rivals were refused."""
    return SmallHome(own_copy("rivals_refused", lambda folder: rivals(folder).run()))


def test_what_is_dropped_again_after_all_is_read_again(refused: SmallHome) -> None:
    home = refused
    home.sends("M003", (5, "C003a", 7), name="甲.xlsx")
    home.run(books=False)
    assert [one.name for one in read_manifest(home.home).receipts if one.again] == ["甲.xlsx"]


def test_a_note_that_is_not_ours_takes_nothing_out_of_the_inbox(refused: SmallHome) -> None:
    home = refused
    (home.home / "ledger" / "leaving.json").write_text("[]", encoding="utf-8")
    home.sends("M001", (3, "C001a", 10))
    home.run(books=False)
    assert [one.name for one in read_manifest(home.home).receipts if one.run == 2] != []


@contextmanager
def open_elsewhere(home: SmallHome) -> Iterator[None]:
    """As on a network drive where somebody has the forms open: what is in the inbox cannot be deleted."""
    plain = Path.unlink

    def refuses(path: Path, missing_ok: bool = False) -> None:
        if path.parent == home.inbox:
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(path))
        plain(path, missing_ok=missing_ok)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Path, "unlink", refuses)
        yield


def test_what_cannot_leave_the_inbox_is_told_and_not_taken_for_dropped_again(tmp_path: Path) -> None:
    home = rivals(tmp_path)
    with open_elsewhere(home):
        for _ in range(3):
            done = home.run(books=False)
            assert "已收取并存档，但文件被占用或无权删除" in done.output
            assert "甲.xlsx" in done.output and "乙.xlsx" in done.output
            home.sends("M001", (3, "C001a", 10 + len(done.output) % 7))  # something new, so that each run commits
    assert home.run(books=False).exit_code == 0
    assert list(home.inbox.iterdir()) == []
    manifest = read_manifest(home.home)
    assert not [one.name for one in manifest.receipts if one.name in ("甲.xlsx", "乙.xlsx") and one.again]
    assert {one.run for one in manifest.receipts if one.name in ("甲.xlsx", "乙.xlsx")} == {1}
    assert not (home.home / "ledger" / "leaving.json").exists()


def test_a_rebuilt_ledger_knows_what_could_not_leave(tmp_path: Path) -> None:
    home = rivals(tmp_path)
    with open_elsewhere(home):
        home.run()
        assert home.does("rebuild").exit_code == 0
    assert home.run(books=False).exit_code == 0
    assert list(home.inbox.iterdir()) == []
    assert not [one.name for one in read_manifest(home.home).receipts if one.again]


def test_its_like_that_is_saved_anew_beside_it_is_taken(tmp_path: Path) -> None:
    home = rivals(tmp_path)
    with open_elsewhere(home):
        home.run(books=False)
    home.sends("M003", (5, "C003a", 7), name="甲.xlsx")  # written over the one that stayed, and so saved later
    os.utime(home.inbox / "甲.xlsx", (2_000_000_000, 2_000_000_000))
    assert home.run(books=False).exit_code == 0
    assert [one.name for one in read_manifest(home.home).receipts if one.again] == ["甲.xlsx"]
    assert list(home.inbox.iterdir()) == []
