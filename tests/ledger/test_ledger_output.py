"""The month's folder: whole or as it was, whatever fails; what people changed in it is kept; its record is believed
only as it was written."""

import datetime as dt
import errno
import hashlib
import json
import os
import shutil
from pathlib import Path
from typing import Any

import pytest

from pipeline.base.calendar import Month
from pipeline.base.errors import LedgerBusy, YuebaoError
from pipeline.ledger import output
from pipeline.ledger.archive import WORKSHOP
from pipeline.ledger.output import (
    NO_EDITION,
    cannot_replace,
    discard,
    edited_files,
    finish,
    heal,
    is_as_recorded,
    is_whole,
    new_period_folder,
    period_folder,
    period_folders,
    read_run_record,
    sha256_of,
    write_run_record,
    written_edition,
)
from pipeline.words import load_words

JUNE, WORDS = Month(2024, 6), load_words("zh")
A = hashlib.sha256(b"a").hexdigest()


def write(home: Path, **files: bytes) -> Path:
    """June's folder written anew with these files and its record."""
    with new_period_folder(home, JUNE, WORDS) as folder:
        for name, data in files.items():
            (folder / name).write_bytes(data)
        write_run_record(folder, {"edition": 1})
    return period_folder(home, JUNE)


def names(folder: Path) -> list[str]:
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*"))


def kept(home: Path) -> dict[str, bytes]:
    folder = home / "output" / "edited"
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in edited_files(home)}


# ── written anew ──


def test_a_new_folder_takes_the_place_of_the_old_one_whole_and_leaves_nothing_beside_it(tmp_path: Path) -> None:
    write(tmp_path, a=b"a", b=b"b")
    write(tmp_path, a=b"new")
    assert names(tmp_path / "output") == ["2024-06", "2024-06/a", "2024-06/run.json"]
    assert (period_folder(tmp_path, JUNE) / "a").read_bytes() == b"new"
    assert kept(tmp_path) == {}


def test_what_a_killed_run_left_half_written_is_not_part_of_the_new_folder(tmp_path: Path) -> None:
    (tmp_path / "output" / ".2024-06.new").mkdir(parents=True)
    (tmp_path / "output" / ".2024-06.new" / "half").write_bytes(b"x")
    assert names(write(tmp_path, a=b"a")) == ["a", "run.json"]


def test_what_somebody_changed_is_kept_and_what_somebody_added_stays(tmp_path: Path) -> None:
    folder = write(tmp_path, a=b"a", b=b"b")
    (folder / "a").write_bytes(b"with remarks")
    (folder / "minutes").write_bytes(b"minutes")
    write(tmp_path, a=b"a", b=b"b")
    assert (kept(tmp_path), names(folder)) == ({"2024-06/a": b"with remarks"}, ["a", "b", "minutes", "run.json"])


def test_changes_in_a_folder_that_a_killed_run_had_moved_away_are_kept_too(tmp_path: Path) -> None:
    folder = write(tmp_path, a=b"a")
    shutil.copytree(folder, folder.with_name(".2024-06.old"))
    (folder.with_name(".2024-06.old") / "a").write_bytes(b"with remarks")
    write(tmp_path, a=b"new")
    assert (kept(tmp_path), names(folder)) == ({"2024-06/a": b"with remarks"}, ["a", "run.json"])
    shutil.rmtree(folder)  # also where the month's own folder is gone
    folder.with_name(".2024-06.old").mkdir()
    (folder.with_name(".2024-06.old") / "minutes").write_bytes(b"minutes")
    assert names(write(tmp_path, a=b"new")) == ["a", "minutes", "run.json"]


def refuses(monkeypatch: pytest.MonkeyPatch, error: int, *when: str) -> None:
    """The system refuses to rename these folders."""
    rename = os.replace

    def replace(source: Path, target: Path) -> None:
        if Path(source).name in when:
            raise OSError(error, "refused")
        rename(source, target)

    monkeypatch.setattr(output.os, "replace", replace)


@pytest.mark.parametrize("error", [errno.EACCES, errno.EPERM, errno.EBUSY, errno.ENOTEMPTY])
@pytest.mark.parametrize("when", ["2024-06", ".2024-06.new"])
def test_where_a_file_of_the_old_folder_is_open_it_stays_as_it_was_and_it_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, error: int, when: str
) -> None:
    folder = write(tmp_path, a=b"a")
    with monkeypatch.context() as patched:
        refuses(patched, error, when)
        with pytest.raises(YuebaoError) as said:
            write(tmp_path, a=b"new")
    assert str(folder) in str(said.value)
    assert names(tmp_path / "output") == ["2024-06", "2024-06/a", "2024-06/run.json"]
    assert (folder / "a").read_bytes() == b"a"


def test_another_fault_of_the_drive_is_not_taken_for_an_open_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(tmp_path, a=b"a")
    refuses(monkeypatch, errno.EIO, "2024-06")
    with pytest.raises(OSError, match="refused"):
        write(tmp_path, a=b"new")
    fault = OSError(errno.EIO, "refused")
    assert cannot_replace(fault, tmp_path, WORDS) is fault


# ── what a killed run left ──


def beside(home: Path, *folders: str) -> None:
    for name in folders:
        (home / "output" / name).mkdir(parents=True)
        (home / "output" / name / "a").write_bytes(name.encode())


def test_a_month_whose_folder_was_moved_away_is_healed_by_the_next_command(tmp_path: Path) -> None:
    beside(tmp_path, ".2024-06.old", ".2024-06.new", ".2024-05.old", "2024-05")
    heal(tmp_path, WORDS)
    folder = tmp_path / "output"
    assert sorted(path.name for path in folder.iterdir()) == ["2024-05", "2024-06", "edited"]
    assert (folder / "2024-06" / "a").read_bytes() == b".2024-06.old"
    assert (folder / "2024-05" / "a").read_bytes() == b"2024-05"
    assert kept(tmp_path) == {"2024-05/a": b".2024-05.old"}  # nobody knows whose it was


def test_where_no_folder_is_missing_what_lies_beside_them_waits_for_the_next_run(tmp_path: Path) -> None:
    beside(tmp_path, ".2024-06.old", "2024-06")
    heal(tmp_path, WORDS)
    assert (tmp_path / "output" / ".2024-06.old").exists()


@pytest.fixture
def rebuilt(tmp_path: Path) -> Path:
    """A home of which June was being made anew, in a workshop half moved in."""
    folder = write(tmp_path, a=b"a")
    shop = tmp_path / WORKSHOP
    shutil.copytree(folder, shop / "output" / "2024-06")
    (shop / "output" / "2024-06" / "a").write_bytes(b"new")
    (shop / "ledger").mkdir()
    (shop / "ledger" / "manifest.json").write_bytes(b"{}")
    (tmp_path / "ledger").mkdir()
    (tmp_path / "ledger" / "old.parquet").write_bytes(b"old")
    (shop / "plan.json").write_text(json.dumps(["ledger", "output/2024-06"]), encoding="utf-8")
    return tmp_path


def test_a_rebuild_that_was_killed_is_finished_and_what_somebody_changed_is_kept(rebuilt: Path) -> None:
    (period_folder(rebuilt, JUNE) / "a").write_bytes(b"with remarks")
    heal(rebuilt, WORDS)
    assert (period_folder(rebuilt, JUNE) / "a").read_bytes() == b"new"
    assert names(rebuilt / "ledger")[0] == "manifest.json" and "old.parquet" not in names(rebuilt / "ledger")
    assert kept(rebuilt) == {"2024-06/a": b"with remarks"}  # and of the ledger's folder nothing


def busy(*_: object) -> Any:
    raise LedgerBusy("somebody is at work")


def test_while_another_command_works_its_folders_are_its_own_matter_but_a_half_new_ledger_is_not(
    tmp_path: Path, rebuilt: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = tmp_path / "other"
    beside(other, ".2024-06.old")
    monkeypatch.setattr(output, "ledger_lock", busy)
    heal(other, WORDS)
    assert names(other / "output") == [".2024-06.old", ".2024-06.old/a"]
    with pytest.raises(LedgerBusy):
        heal(rebuilt, WORDS)


def test_what_cannot_be_finished_as_a_file_is_open_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    beside(tmp_path, ".2024-06.old")
    refuses(monkeypatch, errno.EACCES, ".2024-06.old")
    with pytest.raises(YuebaoError, match="output"):
        finish(tmp_path, WORDS)
    refuses(monkeypatch, errno.EIO, ".2024-06.old")
    with pytest.raises(OSError, match="refused"):
        finish(tmp_path, WORDS)


# ── thrown away ──


def test_a_folder_that_goes_for_good_leaves_what_people_changed_and_added(tmp_path: Path) -> None:
    folder = write(tmp_path, a=b"a", b=b"b")
    (folder / "a").write_bytes(b"with remarks")
    (folder / "minutes").write_bytes(b"minutes")
    discard(tmp_path, folder, "2024-06", None)
    assert kept(tmp_path) == {"2024-06/a": b"with remarks", "2024-06/minutes": b"minutes"}
    assert not folder.exists()
    discard(tmp_path, folder, "2024-06", None)  # what is not there is no fault


def test_without_its_record_all_that_is_not_the_same_again_is_somebodys_own(tmp_path: Path) -> None:
    folder = write(tmp_path, a=b"a", b=b"b")
    (folder / "run.json").unlink()
    write(tmp_path, a=b"a", b=b"new")
    assert kept(tmp_path) == {"2024-06/b": b"b"}


def test_a_record_that_the_machine_cannot_read_is_a_fault_and_no_changed_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = write(tmp_path, a=b"a")
    read = Path.read_bytes

    def failing(path: Path) -> bytes:
        if path.name == "run.json":
            raise OSError(errno.EIO, "unreadable")
        return read(path)

    monkeypatch.setattr(Path, "read_bytes", failing)
    with pytest.raises(OSError, match="unreadable"):
        discard(tmp_path, folder, "2024-06", None)
    assert names(folder) == ["a", "run.json"]


def test_as_long_as_anything_of_a_folder_cannot_be_removed_its_record_stays(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = write(tmp_path, a=b"a", b=b"b")
    remove = Path.unlink

    def held(path: Path, missing_ok: bool = False) -> None:
        if path.name == "a":
            raise OSError(errno.EACCES, "open")
        remove(path, missing_ok)

    with monkeypatch.context() as patched:
        patched.setattr(Path, "unlink", held)
        discard(tmp_path, folder, "2024-06", None)
    assert names(folder) == ["a", "run.json"]
    discard(tmp_path, folder, "2024-06", None)
    assert not folder.exists()
    assert kept(tmp_path) == {}


def test_folders_in_it_go_with_it_and_what_cannot_be_removed_of_them_keeps_the_record(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with new_period_folder(tmp_path, JUNE, WORDS) as new:
        (new / "regions").mkdir()
        (new / "regions" / "a").write_bytes(b"a")
        write_run_record(new, {"edition": 1})
    folder, remove = period_folder(tmp_path, JUNE), shutil.rmtree

    def held(path: Path, **how: Any) -> None:
        if path.name != "regions":
            remove(path, **how)

    with monkeypatch.context() as patched:
        patched.setattr(output.shutil, "rmtree", held)
        discard(tmp_path, folder, "2024-06", None)
    assert names(folder) == ["regions", "regions/a", "run.json"]
    discard(tmp_path, folder, "2024-06", None)
    assert (folder.exists(), kept(tmp_path)) == (False, {})


@pytest.mark.parametrize("inside", [True, False])
def test_a_folder_that_the_system_does_not_let_go_is_left_for_the_next_command(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, inside: bool
) -> None:
    folder = write(tmp_path, a=b"a")
    if inside:
        (folder / "regions").mkdir()

    def in_use(*_: object, **__: object) -> None:
        raise PermissionError(errno.EACCES, "in use")

    with monkeypatch.context() as patched:
        patched.setattr(os, "rmdir", in_use)
        discard(tmp_path, folder, "2024-06", None)
    assert names(folder) == (["regions", "run.json"] if inside else [])
    discard(tmp_path, folder, "2024-06", None)
    assert (folder.exists(), kept(tmp_path)) == (False, {})


def test_a_link_to_a_folder_is_taken_away_and_not_what_it_leads_to(tmp_path: Path) -> None:
    folder, elsewhere = write(tmp_path, a=b"a"), tmp_path / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / "theirs").write_bytes(b"theirs")
    (folder / "link").symlink_to(elsewhere)
    discard(tmp_path, folder, "2024-06", None)
    assert (elsewhere / "theirs").read_bytes() == b"theirs"
    assert not folder.exists()


# ── the record ──


def test_the_record_of_a_run_can_be_read_by_people_an_entry_a_line(tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "a").write_bytes(b"a")
    write_run_record(tmp_path, {"month": "2024-06", "run_on": dt.date(2024, 7, 10), "folder": Path("城东")})
    lines = (tmp_path / "run.json").read_text(encoding="utf-8").splitlines()
    assert lines[:7] == [
        "{",
        '  "month": "2024-06",',
        '  "run_on": "2024-07-10",',
        '  "folder": "城东",',
        '  "outputs": {',
        f'    "data/a": "{A}"',
        "  },",
    ]
    assert (len(lines), lines[7][:12], lines[8]) == (9, '  "sha256": ', "}")
    assert (tmp_path / "run.json").read_text(encoding="utf-8").endswith("}\n")


def test_a_record_is_read_as_it_was_written_and_not_where_it_is_missing_or_no_record(tmp_path: Path) -> None:
    assert read_run_record(tmp_path) is None
    (tmp_path / "a").write_bytes(b"a")
    write_run_record(tmp_path, {"edition": 3})
    assert read_run_record(tmp_path) == {"edition": 3, "outputs": {"a": A}}
    for text in ("", "[]", "{}", '{"edition": 3, "sha256": ""}'):
        (tmp_path / "run.json").write_text(text, encoding="utf-8")
        assert read_run_record(tmp_path) is None


def test_a_folder_is_whole_as_long_as_each_of_its_files_is_what_was_written(tmp_path: Path) -> None:
    assert not is_whole(tmp_path)
    for name in "ab":
        (tmp_path / name).write_bytes(name.encode())
    write_run_record(tmp_path, {"edition": 1})
    (tmp_path / "minutes").write_bytes(b"somebody's own")
    assert is_whole(tmp_path)
    (tmp_path / "b").write_bytes(b"changed")
    assert not is_whole(tmp_path)
    record = read_run_record(tmp_path)
    assert record is not None
    assert [is_as_recorded(tmp_path, name, record) for name in ("a", "b", "minutes")] == [True, False, False]
    (tmp_path / "b").unlink()
    assert (is_whole(tmp_path), sha256_of(tmp_path / "b"), sha256_of(tmp_path / "a")) == (False, "", A)


def test_the_edition_of_a_folder_is_what_its_record_says_and_none_without_one(tmp_path: Path) -> None:
    assert written_edition(tmp_path) == (0, "", "") == (NO_EDITION, "", "")
    write_run_record(tmp_path, {"edition": 2, "digest": "d", "made_with": "1.0"})
    assert written_edition(tmp_path) == (2, "d", "1.0")
    write_run_record(tmp_path, {})
    assert written_edition(tmp_path) == (0, "", "")


def test_kept_are_files_and_no_folders(tmp_path: Path) -> None:
    assert edited_files(tmp_path) == frozenset()
    (tmp_path / "output" / "edited" / "2024-06" / "empty").mkdir(parents=True)
    (tmp_path / "output" / "edited" / "2024-06" / "a").write_bytes(b"a")
    assert {path.name for path in edited_files(tmp_path)} == {"a"}


def test_folders_of_periods_are_told_by_their_names(tmp_path):
    for name in ("2024-Q2", "2024-06", "2024", "2024-6x", "edited", "2024-Q9"):
        (tmp_path / "output" / name).mkdir(parents=True)
    (tmp_path / "output" / "2024-05").write_text("no folder")
    found = [(str(period), path.name) for period, path in period_folders(tmp_path)]
    assert found == [("2024", "2024"), ("2024-06", "2024-06"), ("2024-Q2", "2024-Q2")]
