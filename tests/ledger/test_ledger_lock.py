"""One run at a time: the lock cannot be held twice, whoever races for it, and goes with the process that held it."""

import errno
import json
import os
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from pipeline.base.errors import LedgerBusy
from pipeline.ledger import lock as locks
from pipeline.ledger.lock import BELIEVED_SECONDS, LOCK, ledger_lock
from pipeline.words import load_words

WORDS = load_words("zh")
HOLD_FOR_EVER = """
import sys, time
from pathlib import Path
from pipeline.ledger.lock import ledger_lock
from pipeline.words import load_words
with ledger_lock(Path(sys.argv[1]), load_words("zh")):
    print("held", flush=True)
    time.sleep(600)
"""
RACE = """
import os, sys, time
from pathlib import Path
from pipeline.base.errors import LedgerBusy
from pipeline.ledger.lock import ledger_lock
from pipeline.words import load_words
home, words, won = Path(sys.argv[1]), load_words("zh"), 0
until = time.monotonic() + 2
while time.monotonic() < until:
    try:
        with ledger_lock(home, words):
            inside = home / "inside"
            os.mkdir(inside)  # fails where somebody else is inside
            os.rmdir(inside)
            won += 1
    except LedgerBusy:
        pass
print(won)
"""


def python(program: str, home: Path) -> "subprocess.Popen[str]":
    return subprocess.Popen([sys.executable, "-c", program, str(home)], stdout=subprocess.PIPE, text=True)


def test_while_one_holds_it_another_is_told_who_and_since_when(tmp_path: Path) -> None:
    with ledger_lock(tmp_path, WORDS):
        with pytest.raises(LedgerBusy) as busy, ledger_lock(tmp_path, WORDS):
            pass
        note = json.loads((tmp_path / LOCK).read_text(encoding="utf-8"))
    assert (str(os.getpid()) in str(busy.value), note["since"] in str(busy.value)) == (True, True)
    assert not (tmp_path / LOCK).exists()


@pytest.mark.skipif(os.name == "nt", reason="Windows keeps no such modes")
def test_the_lock_can_be_taken_by_everybody_who_may_use_the_home_and_run_by_nobody(tmp_path: Path) -> None:
    before = os.umask(0o002)  # the home of a group
    try:
        with ledger_lock(tmp_path, WORDS):
            assert (tmp_path / LOCK).stat().st_mode & 0o777 == 0o664
    finally:
        os.umask(before)


def test_the_lock_of_a_killed_run_is_free_at_once(tmp_path: Path) -> None:
    with python(HOLD_FOR_EVER, tmp_path) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "held\n"
        with pytest.raises(LedgerBusy), ledger_lock(tmp_path, WORDS):
            pass
        holder.kill()
        holder.wait()
        assert (tmp_path / LOCK).exists()
        with ledger_lock(tmp_path, WORDS):
            pass


@pytest.mark.slow
def test_of_many_processes_that_race_for_it_never_two_are_inside(tmp_path: Path) -> None:
    (tmp_path / LOCK).write_text('{"pid": 1', encoding="utf-8")  # as a run leaves it that died over its note
    racers = [python(RACE, tmp_path) for _ in range(8)]
    said = [racer.communicate()[0] for racer in racers]
    assert [racer.returncode for racer in racers] == [0] * 8
    assert sum(map(int, said)) > 0


@pytest.mark.parametrize("note", ["", "[]", "{", '{"pid": 1}'])
def test_a_note_that_says_nothing_keeps_nobody_out(tmp_path: Path, note: str) -> None:
    (tmp_path / LOCK).write_text(note, encoding="utf-8")
    with ledger_lock(tmp_path, WORDS):
        pass


def test_another_computers_note_is_believed_for_a_day_and_says_what_to_do(tmp_path: Path) -> None:
    lock = tmp_path / LOCK
    lock.write_text('{"computer": "财务科", "pid": 7}', encoding="utf-8")
    with pytest.raises(LedgerBusy, match="财务科") as busy, ledger_lock(tmp_path, WORDS):
        pass
    assert str(lock) in str(busy.value)
    assert lock.exists()
    old = time.time() - BELIEVED_SECONDS - 60
    os.utime(lock, (old, old))
    with ledger_lock(tmp_path, WORDS):
        pass


@pytest.mark.parametrize(("seconds", "believed"), [(0.0, True), (86_399.0, True), (86_400.0, False)])
def test_a_day_of_another_computers_note_has_24_hours(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, seconds: float, believed: bool
) -> None:
    lock = tmp_path / LOCK
    lock.touch()
    os.utime(lock, (1_720_000_000, 1_720_000_000))
    monkeypatch.setattr(locks.time, "time", lambda: 1_720_000_000 + seconds)
    assert locks._is_elsewhere({"computer": "财务科"}, lock) is believed
    assert not locks._is_elsewhere({}, lock)


def test_a_lock_that_is_removed_while_it_is_taken_is_taken_anew(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    take, removed = locks._lock, []

    def removing(handle: int) -> bool:
        if len(removed) < 2:  # its holder goes away: first nothing stands there, then another's file
            (tmp_path / LOCK).unlink()
            if removed:
                (tmp_path / LOCK).touch()
            removed.append(handle)
        return take(handle)

    monkeypatch.setattr(locks, "_lock", removing)
    with ledger_lock(tmp_path, WORDS), pytest.raises(LedgerBusy), ledger_lock(tmp_path, WORDS):
        pass
    assert len(removed) == 2
    for handle in dict.fromkeys(removed):
        with pytest.raises(OSError):
            os.fstat(handle)


def test_on_a_drive_without_locks_runs_of_this_computer_are_kept_apart_all_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    take, drive = locks._lock, os.stat(tmp_path).st_ino
    (tmp_path / "temp").mkdir()
    monkeypatch.setattr(locks.tempfile, "gettempdir", lambda: str(tmp_path / "temp"))

    def without(handle: int) -> bool:
        where = os.readlink(f"/proc/self/fd/{handle}") if sys.platform == "linux" else ""
        if where.endswith(LOCK):
            raise OSError(errno.ENOLCK, "no locks")
        return take(handle)

    monkeypatch.setattr(locks, "_lock", without)
    with ledger_lock(tmp_path, WORDS), pytest.raises(LedgerBusy), ledger_lock(tmp_path, WORDS):
        pass
    with ledger_lock(tmp_path, WORDS):
        pass
    assert drive


def test_a_fault_of_the_drive_is_no_lock_of_somebody_else(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: Any) -> bool:
        raise OSError(errno.EIO, "broken")

    monkeypatch.setattr("fcntl.flock", broken)
    with pytest.raises(OSError, match="broken"), ledger_lock(tmp_path, WORDS):
        pass


def test_a_user_without_a_name_holds_it_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def nameless() -> str:
        raise KeyError("uid")

    monkeypatch.setattr(locks.getpass, "getuser", nameless)
    with ledger_lock(tmp_path, WORDS):
        assert json.loads((tmp_path / LOCK).read_text(encoding="utf-8"))["user"] == ""


def test_where_the_note_cannot_be_written_or_looked_at_the_lock_holds_all_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def forbidden(*_: Any, **__: Any) -> None:
        raise PermissionError(errno.EACCES, "forbidden")

    (tmp_path / LOCK).write_text('{"computer": "另一台"}', encoding="utf-8")
    assert not locks._is_elsewhere({"computer": "另一台"}, tmp_path / "gone")
    (tmp_path / LOCK).unlink()
    monkeypatch.setattr(Path, "write_text", forbidden)
    with ledger_lock(tmp_path, WORDS), pytest.raises(LedgerBusy), ledger_lock(tmp_path, WORDS):
        pass
