"""Originals and slips in the archive, and which file somebody means."""

import errno
import os
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest

from pipeline.base import files
from pipeline.errors import YuebaoError
from pipeline.ledger import archive
from pipeline.ledger.archive import (
    ChangedMeanwhile,
    altered_originals,
    archive_file,
    archived_path,
    discard,
    read_slip,
    slip_path,
    slips,
    write_slip,
)
from pipeline.ledger.choose import file_to_accept, file_to_withdraw
from pipeline.ledger.commit import load_problems, store_problems
from pipeline.ledger.manifest import (
    Edition,
    Event,
    Manifest,
    MasterPart,
    Receipt,
    Submission,
    manifest_is_whole,
    manifest_stamp,
    read_manifest,
    write_manifest,
)
from pipeline.ledger.still_open import StillOpen
from pipeline.ledger.store import store_frame, store_frames
from pipeline.problem import Problem
from pipeline.words import load_words

DATA = "销售".encode()
SHA = "c9b0e6ba29ad9e0e8e87a0cc6f6d7a6a8a3d04d0bb5a2f9a5fae3a5f1f1e8c11"
WORDS = load_words("zh")


def event_of(data: bytes, run: int = 1, **more: str) -> Event:
    import hashlib

    return Event(hashlib.sha256(data).hexdigest(), "一.xlsx", len(data), "2024-07-03T09:00:00", run, **more)  # type: ignore[arg-type]


def kept(home: Path, data: bytes = DATA) -> Event:
    source = home / "source"
    source.write_bytes(data)
    event = event_of(data)
    archive_file(home, event, source)
    return event


def test_an_original_and_its_slip_are_kept_and_the_slips_come_in_the_order_of_the_runs(tmp_path):
    first = kept(tmp_path)
    withdrawn = replace(first, run=3, run_on="2024-07-09", what="withdrawn")
    again = replace(first, run=2, what="again")
    write_slip(tmp_path, withdrawn)
    write_slip(tmp_path, again)
    assert list(slips(tmp_path)) == [first, again, withdrawn]
    assert list(slips(tmp_path, {first.sha256}, 2)) == [withdrawn]
    assert altered_originals(tmp_path, [first, again]) == ()


def test_an_original_that_is_altered_or_missing_is_named(tmp_path):
    one, other = kept(tmp_path), replace(kept(tmp_path, b"x"), name="二.csv")
    archived_path(tmp_path, one.sha256, one.name).write_bytes(b"!")
    assert altered_originals(tmp_path, [one, other]) == ("一.xlsx", "二.csv")


def test_a_file_written_to_while_it_is_archived_leaves_nothing(tmp_path):
    (tmp_path / "source").write_bytes(b"later")
    with pytest.raises(ChangedMeanwhile):
        archive_file(tmp_path, event_of(b"earlier"), tmp_path / "source")
    assert not [path for path in (tmp_path / "archive").rglob("*") if path.is_file()]


def test_a_slip_that_this_program_did_not_write_is_named(tmp_path):
    event = kept(tmp_path)
    slip = slip_path(tmp_path, event)
    for text in ("{", "[]", '{"sha256": "a"}'):
        slip.write_text(text)
        with pytest.raises(YuebaoError, match="slip"):
            read_slip(slip)


def test_what_was_kept_for_a_run_that_is_not_to_be_is_taken_back(tmp_path):
    event = kept(tmp_path)
    answer = replace(event, run=2, what="accepted")
    write_slip(tmp_path, answer)
    discard(tmp_path, answer)
    assert list(slips(tmp_path)) == [event]
    discard(tmp_path, event)
    assert not [path for path in (tmp_path / "archive").rglob("*") if path.is_file()]


def test_a_slip_of_a_version_before_is_read(tmp_path):
    slip = tmp_path / "a.slip"
    slip.write_text(
        '{"sha256": "a", "name": "b", "size": 1, "saved_at": "2024", "run": 1, "kinds": [], "refused": ""}'
    )
    assert read_slip(slip) == Event("a", "b", 1, "2024", 1)


def full_disk(*_: object) -> None:
    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


def test_a_full_disk_leaves_no_half_of_a_manifest(tmp_path, monkeypatch):
    write_manifest(tmp_path, Manifest(run=1))
    monkeypatch.setattr(files.os, "fsync", full_disk)
    with pytest.raises(OSError, match="space"):
        write_manifest(tmp_path, Manifest(run=2))
    assert read_manifest(tmp_path).run == 1
    assert archive.ARCHIVE == "archive"


def test_a_manifest_is_whole_until_somebody_changes_it(tmp_path):
    assert (manifest_stamp(tmp_path), manifest_is_whole(tmp_path)) == ("", False)
    held = Manifest(run=1, editions={"2024-06": Edition(1, 1, "d", "m.parquet", issued=("i.parquet",))})
    write_manifest(tmp_path, held)
    assert (len(manifest_stamp(tmp_path)), manifest_is_whole(tmp_path)) == (64, True)
    assert read_manifest(tmp_path).files == {"m.parquet", "i.parquet"}
    path = tmp_path / "ledger" / "manifest.json"
    path.write_text(path.read_text().replace('"run": 1', '"run": 2'))
    assert not manifest_is_whole(tmp_path)


def test_frames_below_each_other_are_stored_as_one(tmp_path):
    frames = [pd.DataFrame({"n": [1]}), pd.DataFrame({"n": [2, 3]})]
    stored = store_frames(tmp_path, "a/b", iter(frames))
    assert pd.read_parquet(tmp_path / "ledger" / stored)["n"].tolist() == [1, 2, 3]
    assert store_frame(tmp_path, "a/c", frames[0]) == store_frame(tmp_path, "a/c", frames[0])


def test_problems_of_a_file_are_kept_and_of_another_there_are_none(tmp_path):
    problem = Problem("whole", "row left out", file="一.xlsx", details=(("a", "b"),))
    store_problems(tmp_path, "ab", [problem])
    assert (load_problems(tmp_path, "ab"), load_problems(tmp_path, "cd")) == ([problem], [])


def receipt(sha256: str, name: str, run: int = 1, **more: bool) -> Receipt:
    return Receipt(sha256, name, 1, f"2024-07-0{run}T09:00:00", run, ("monthly",), **more)  # type: ignore[arg-type]


def sent(sha256: str, manager: str = "M1", asked: str = "", judged: str = "accepted") -> Submission:
    return Submission("2024-06", manager, "sales", judged, sha256, "R1", 4, 0, 0.0, 0.0, asked=asked)


def test_a_file_is_meant_by_its_name_or_the_first_six_digits_of_its_fingerprint():
    held = Manifest(receipts=(receipt("abcdef01", "一.xlsx"), receipt("abcdef02", "二.xlsx")),
                    submissions=(sent("abcdef01"), sent("abcdef02", "M2")))  # fmt: skip
    assert file_to_withdraw(held, "一.XLSX", WORDS).sha256 == "abcdef01"
    assert file_to_withdraw(held, "ABCDEF02", WORDS).sha256 == "abcdef02"
    with pytest.raises(YuebaoError, match="没有找到文件"):
        file_to_withdraw(held, "abcde", WORDS)
    with pytest.raises(YuebaoError, match=r"二\.xlsx.*abcdef02"):
        file_to_withdraw(held, "abcdef", WORDS)


def test_of_files_with_one_name_the_one_that_stands_is_meant_else_the_one_that_waits():
    files = (receipt("aaaaaa", "一.xlsx"), receipt("bbbbbb", "一.xlsx", 2), receipt("cccccc", "一.xlsx", 3))
    stands = (sent("aaaaaa"), sent("bbbbbb"), sent("cccccc", asked="shrinks"))
    assert file_to_withdraw(Manifest(receipts=files, submissions=stands), "一.xlsx", WORDS).sha256 == "bbbbbb"
    none_stands = (
        sent("aaaaaa", judged="refused"),
        sent("bbbbbb", judged="refused"),
        sent("cccccc", asked="shrinks"),
    )
    waits = Manifest(receipts=files, submissions=none_stands)
    assert file_to_withdraw(waits, "一.xlsx", WORDS).sha256 == "cccccc"
    assert file_to_accept(waits, "一.xlsx", WORDS).sha256 == "cccccc"


def test_master_data_cannot_be_withdrawn_and_where_nothing_waits_nothing_is_accepted():
    held = Manifest(receipts=(receipt("aaaaaa", "主数据.xlsx"),),
                    masters=(MasterPart("regions", "2024-06", "aaaaaa", 1, 0, "p"),))  # fmt: skip
    with pytest.raises(YuebaoError, match="主数据"):
        file_to_withdraw(held, "主数据.xlsx", WORDS)
    with pytest.raises(YuebaoError, match="没有等待确认"):
        file_to_accept(held, "主数据.xlsx", WORDS)


def test_a_problem_is_open_until_a_later_file_for_the_same_stands_or_its_file_is_withdrawn():
    held = Manifest(
        receipts=(receipt("old", "旧.xlsx"), receipt("new", "新.xlsx", 2), receipt("bad", "坏.xlsx", 1),
                  receipt("gone", "撤.xlsx", 3, withdrawn=True), receipt("masters", "主.xlsx", 1),
                  receipt("late", "晚.xlsx", 3), receipt("export", "新.xlsx", 1)),
        submissions=(sent("old"), sent("new"), sent("late", judged="refused")),
        masters=(MasterPart("regions", "2024-06", "masters", 1, 0, "p"),),
    )  # fmt: skip
    is_open = StillOpen(held)
    row = Problem("whole", "row left out", manager_id="M1", month="2024-06", form="sales")
    assert [is_open(one, row) for one in ("old", "new", "late", "gone")] == [False, True, True, False]
    cover = Problem("no_form", "form left out", manager_id="M1", month="2024-06")
    assert [is_open(one, cover) for one in ("bad", "new", "late")] == [False, True, True]
    unreadable = Problem("unreadable_damaged", "form left out")
    assert [is_open(one, unreadable) for one in ("bad", "export")] == [True, False]
    of_master = Problem("required", "row left out", month="2024-06", form="regions")
    assert is_open("masters", of_master)
    rivals = Problem("rival_replaced", "form left out", manager_id="M1", month="2024-06", form="sales")
    assert [is_open(one, rivals) for one in ("old", "new")] == [False, True]
