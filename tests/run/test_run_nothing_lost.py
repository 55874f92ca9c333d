"""What is still being written stays in the inbox, and a run that cannot be finished leaves all as it was."""

import errno
import json
import os
import shutil
import threading
import time
from pathlib import Path
from typing import Any

import pytest
from small_home import JUNE, SmallHome, call, kept_bytes

from pipeline.intake.inbox import Arrival, settled_files
from pipeline.ledger import archive, manifest
from pipeline.ledger.aside import BEFORE
from pipeline.ledger.lock import LOCK


@pytest.fixture
def home(tmp_path: Path) -> SmallHome:
    made = SmallHome(tmp_path)
    made.inbox.mkdir()
    return made


def reasons(home: SmallHome) -> dict[str, str]:
    return {one.path.name: one.reason for one in settled_files(home.home)[1]}


@pytest.mark.parametrize("owner", ["~$李明六月销售报表.xlsx", "~$六月销售报表.xlsx"])
def test_a_file_that_is_open_in_excel_is_left(home: SmallHome, owner: str) -> None:
    home.junk("李明六月销售报表.xlsx", b"x")
    home.junk("王芳.xlsx", b"y")
    home.junk(owner, b"owner")
    arrivals, _ = settled_files(home.home)
    assert [one.name for one in arrivals] == ["王芳.xlsx"]
    assert reasons(home) == {"李明六月销售报表.xlsx": "open"}


def test_an_archive_without_its_end_is_left_while_it_may_still_come(home: SmallHome) -> None:
    path = home.junk("半.xlsx", b"PK\x03\x04 and not yet the rest")
    os.utime(path)
    assert reasons(home) == {"半.xlsx": "unfinished"}
    os.utime(path, (0, time.time() - 3600))
    assert reasons(home) == {}


def test_a_file_that_grows_between_two_looks_is_left(home: SmallHome) -> None:
    path = home.junk("长.csv", b"a")
    os.utime(path)
    stop = threading.Event()

    def grow() -> None:
        while not stop.wait(0.02):
            with path.open("ab") as file:
                file.write(b"more")

    writer = threading.Thread(target=grow)
    writer.start()
    try:
        assert reasons(home) == {"长.csv": "changing"}
    finally:
        stop.set()
        writer.join()


@pytest.mark.slow
def test_what_is_left_is_said_and_taken_in_by_the_next_run(home: SmallHome) -> None:
    home.masters()
    home.sends("M001", (3, "C001a", 10))
    owner = home.junk("~$M001.xlsx", b"owner")
    result = home.run(books=False)
    assert "M001.xlsx" in result.output
    assert home.waiting() == ["M001.xlsx", "~$M001.xlsx"]
    owner.unlink()
    home.run(books=False)
    assert home.value("volume") == 10


def test_received_at_is_when_the_file_was_saved_not_when_it_was_taken_in(home: SmallHome) -> None:
    home.junk("a.csv", b"a", saved="2024-07-03T09:30:15")
    arrivals, _ = settled_files(home.home)
    assert [(one.name, one.saved_at) for one in arrivals] == [("a.csv", "2024-07-03T09:30:15")]


def everything(home: Path) -> dict[str, bytes]:
    return {str(path): path.read_bytes() for path in sorted(home.rglob("*")) if path.is_file()}


def full_disk(*_: Any) -> None:
    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), "somewhere")


def test_a_full_disk_at_the_archive_is_one_sentence_and_leaves_all_as_it_was(
    home: SmallHome, monkeypatch: pytest.MonkeyPatch
) -> None:
    home.masters()
    monkeypatch.setattr(archive.os, "fsync", full_disk)
    before = {path.name for path in home.inbox.iterdir()}
    result = home.run()
    assert result.exit_code == 1
    assert result.output.count("\n") == 1
    assert "磁盘已满" in result.output
    assert {path.name for path in home.inbox.iterdir()} == before
    assert not [path for path in (home.home / "archive").rglob("*") if path.is_file()]
    assert not (home.home / LOCK).exists()


@pytest.mark.slow
def test_a_full_disk_at_the_commit_keeps_the_ledger_and_the_next_run_finishes(
    home: SmallHome, monkeypatch: pytest.MonkeyPatch
) -> None:
    home.masters()
    home.sends("M001", (3, "C001a", 10))
    with monkeypatch.context() as patched:
        patched.setattr("pipeline.taking.take_over.write_manifest", full_disk)
        assert "磁盘已满" in home.run(books=False).output
    assert home.waiting() == ["M001.xlsx", "主数据.xlsx"]
    assert manifest.read_manifest(home.home).run == 0
    for path in home.inbox.iterdir():  # even if somebody takes the files away meanwhile
        path.unlink()
    home.run(books=False)
    assert home.value("volume") == 10


def test_readers_that_cannot_start_refuse_no_file(home: SmallHome, monkeypatch: pytest.MonkeyPatch) -> None:
    home.masters()
    with monkeypatch.context() as patched:
        patched.setattr("pipeline.work.executors.READING", ("no.such.module",))
        result = home.run()
    assert (result.exit_code, result.output.count("\n")) == (1, 1)
    assert home.waiting() == ["主数据.xlsx"]
    assert "主数据已收下" in home.run().output


@pytest.mark.slow
def test_a_period_folder_that_cannot_be_replaced_stays_as_it_is_and_is_written_next_time(
    june: SmallHome, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = everything(june.home / "output")
    june.sends("M001", (3, "C001a", 8), saved="2024-07-04T09:00")
    replace = os.replace

    def locked(source: Any, target: Any) -> None:
        if str(source).endswith(f".{JUNE}.new"):
            raise PermissionError(errno.EACCES, "in use", str(target))
        replace(source, target)

    with monkeypatch.context() as patched:
        patched.setattr("pipeline.ledger.output.os.replace", locked)
        result = june.run()
    assert result.exit_code == 1
    assert "Excel" in result.output
    assert everything(june.home / "output") == before
    june.run()
    assert (june.value("volume"), june.waiting()) == (8, [])


def test_a_missing_folder_is_one_sentence_and_nothing_is_made(tmp_path: Path) -> None:
    gone = SmallHome(tmp_path / "gone")
    result = gone.run()
    assert (result.exit_code, result.output.count("\n")) == (1, 1)
    assert not gone.home.exists()
    known = SmallHome(tmp_path)
    (tmp_path / "ledger").mkdir()
    assert "收件夹" in known.run().output
    assert not known.inbox.exists()


@pytest.mark.slow
def test_verify_names_what_is_missing_altered_or_unknown_and_rebuild_makes_it_anew(home: SmallHome) -> None:
    home.masters()
    home.sends("M001", (3, "C001a", 10))
    home.sends("M003", (3, "C003a", 4))
    home.run()
    home.sends("M001", (3, "C001a", 9), saved="2024-07-04T09:00")
    home.run()
    right = kept_bytes(home.home)
    at = ("--home", str(home.home))
    assert call("verify", *at).exit_code == 0
    part = next((home.home / "ledger").glob("sales/*/*.parquet"))
    part.write_bytes(part.read_bytes() + b"!")
    workbook = next((home.home / "output").rglob("regions/*.xlsx"))
    workbook.unlink()
    record = home.home / "output" / str(JUNE) / "run.json"
    record.write_text(record.read_text(encoding="utf-8").replace('"edition": 2', '"edition": 3'), encoding="utf-8")
    (home.home / "archive" / "note.txt").write_text("?")
    checked = call("verify", *at, "--json")
    assert checked.exit_code == 1
    found = {(one["kind"], Path(one["path"]).name) for one in json.loads(checked.output)}
    assert {("altered", part.name), ("altered", "run.json"), ("unknown", "note.txt")} <= found
    (home.home / "archive" / "note.txt").unlink()
    assert call("rebuild", *at, "--workers", "1", "--quiet").exit_code == 0
    assert call("verify", *at).exit_code == 0
    assert kept_bytes(home.home) == right


def test_a_rebuild_that_fails_or_is_killed_leaves_the_ledger_as_it_was(
    home: SmallHome, monkeypatch: pytest.MonkeyPatch
) -> None:
    home.masters()
    home.run()
    before = kept_bytes(home.home)
    with monkeypatch.context() as patched:
        patched.setattr("pipeline.commands.rebuild.take_over", full_disk)
        result = call("rebuild", "--home", str(home.home), "--workers", "1", "--quiet")
    assert (result.exit_code, "磁盘已满" in result.output) == (1, True)
    assert kept_bytes(home.home) == before
    os.replace(
        home.home / "ledger", home.home / BEFORE
    )  # as rebuilds of earlier versions did, killed a moment later
    (home.home / "ledger").mkdir()
    home.run()
    assert kept_bytes(home.home) == before


@pytest.mark.slow
def test_a_lost_ledger_is_not_begun_anew_over_an_archive_that_holds_more(home: SmallHome) -> None:
    home.masters()
    home.run()
    home.sends("M001", (3, "C001a", 10))
    home.run()
    shutil.rmtree(home.home / "ledger")
    result = home.run()
    assert result.exit_code == 1
    assert "yuebao rebuild" in result.output
    assert call("rebuild", "--home", str(home.home), "--workers", "1", "--quiet").exit_code == 0
    assert home.value("volume") == 10


def test_arrivals_stand_in_the_order_of_their_paths(home: SmallHome) -> None:
    for name in ("b.csv", "a.csv", "desktop.ini", ".hidden"):
        home.junk(name, name.encode())
    arrivals, _ = settled_files(home.home)
    assert [one.name for one in arrivals if isinstance(one, Arrival)] == ["a.csv", "b.csv"]
