"""Originals and slips in the archive, and which file somebody means."""

import errno
import os
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest

from pipeline.base.errors import YuebaoError
from pipeline.contract.problem import Problem
from pipeline.ledger import archive, store
from pipeline.ledger.archive import (
    WORKSHOP,
    CannotRead,
    ChangedMeanwhile,
    altered_originals,
    archive_file,
    archive_folder,
    archived_path,
    discard,
    put_back,
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
from pipeline.ledger.store import file_name, part_name, store_bytes, store_frame, store_frames
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
    in_the_first_run = replace(again, run=1)
    write_slip(tmp_path, in_the_first_run)
    assert in_the_first_run in list(slips(tmp_path))  # where nothing is known, nothing is passed over
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


def test_what_is_taken_back_twice_or_was_never_kept_is_no_fault(tmp_path):
    event = kept(tmp_path)
    answer = replace(event, run=2, what="accepted")
    for one in (answer, event, event):
        discard(tmp_path, one)
    assert list(slips(tmp_path)) == []


def test_a_receipt_tells_how_its_file_came():
    once = replace(receipt("aa", "一.xlsx", 3), run_on="2024-07-10")
    assert once.event == Event("aa", "一.xlsx", 1, "2024-07-03T09:00:00", 3, "2024-07-10", "received")
    assert replace(once, again=True).event == replace(once.event, what="again")


def test_a_slip_of_a_version_before_is_read(tmp_path):
    slip = tmp_path / "a.slip"
    slip.write_text(
        '{"sha256": "a", "name": "b", "size": 1, "saved_at": "2024", "run": 1, "kinds": [], "refused": ""}'
    )
    assert read_slip(slip) == Event("a", "b", 1, "2024", 1)


@pytest.mark.parametrize(
    "name, ending",
    [
        ("六月.XLSX", ".xlsx"),
        ("六月", ""),
        ("a.b c", ""),
        ("a." + "x" * 20, "." + "x" * 20),
        ("a." + "x" * 21, ""),
        ("a." + "表" * 10, "." + "表" * 10),  # 1 + 10 × 3 = 31 bytes
        ("a." + "表" * 11, ""),  # 34
        ("a.abbbbbbbbb" + "表" * 7, ".abbbbbbbbb" + "表" * 7),  # 1 + 10 + 7 × 3 = 32
        ("a.abbbbbbbbbb" + "表" * 7, ""),  # 33
    ],
)
def test_an_original_keeps_its_ending_where_every_system_takes_it(tmp_path, name, ending):
    assert archived_path(tmp_path, "abcd", name) == tmp_path / "archive" / "ab" / f"abcd{ending}"


def test_a_workshop_has_the_originals_of_the_home_around_it(tmp_path):
    assert archive_folder(tmp_path / WORKSHOP) == archive_folder(tmp_path) == tmp_path / "archive"


def test_a_file_that_cannot_be_read_is_told_apart_and_leaves_nothing(tmp_path):
    with pytest.raises(CannotRead):
        archive_file(tmp_path, event_of(DATA), tmp_path / "gone")
    (tmp_path / "link").symlink_to(tmp_path / "archive")
    with pytest.raises(CannotRead):
        archive_file(tmp_path, event_of(DATA), tmp_path / "link")
    assert not [path for path in (tmp_path / "archive").rglob("*") if path.is_file()]


def test_a_fault_of_the_archives_own_drive_is_no_fault_of_the_file_and_leaves_nothing(tmp_path, monkeypatch):
    (tmp_path / "source").write_bytes(DATA)
    monkeypatch.setattr(os, "fsync", full_disk)
    with pytest.raises(OSError, match="space"):
        archive_file(tmp_path, event_of(DATA), tmp_path / "source")
    assert not [path for path in (tmp_path / "archive").rglob("*") if path.is_file()]


def test_an_original_is_written_once_and_on_the_disk_before_its_slip_is(tmp_path, monkeypatch):
    order: list[str] = []
    monkeypatch.setattr(archive, "sync_folder", lambda folder: order.append(folder.name))
    monkeypatch.setattr(archive, "write_atomically", lambda path, data: order.append(path.suffix))
    event = kept(tmp_path)
    assert order == [event.sha256[:2], ".slip"]
    archive_file(tmp_path, event, tmp_path / "never read again")
    assert order[2:] == [".slip"]


def test_a_large_original_is_kept_to_its_last_byte(tmp_path):
    data = bytes(range(256)) * 8_193  # three pieces of one MiB, the last of them short
    event = kept(tmp_path, data)
    assert archived_path(tmp_path, event.sha256, event.name).read_bytes() == data


def test_an_original_is_put_back_as_it_was_saved(tmp_path):
    event = kept(tmp_path)
    target = tmp_path / "again.xlsx"
    put_back(tmp_path, Receipt(event.sha256, event.name, event.size, event.saved_at, 1), target, 1_720_000_000.0)
    assert (target.read_bytes(), target.stat().st_mtime) == (DATA, 1_720_000_000.0)


def test_slips_of_one_run_come_as_their_files_were_saved(tmp_path):
    late, early = kept(tmp_path), kept(tmp_path, b"x")
    early = replace(early, saved_at="2024-07-01T09:00:00")
    again = replace(early, run=2, what="again")
    for one in (again, early):
        write_slip(tmp_path, one)
    assert list(slips(tmp_path)) == [early, late, again]


def full_disk(*_: object) -> None:
    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


def test_a_full_disk_leaves_no_half_of_a_manifest(tmp_path, monkeypatch):
    write_manifest(tmp_path, Manifest(run=1))
    monkeypatch.setattr(os, "fsync", full_disk)
    with pytest.raises(OSError, match="space"):
        write_manifest(tmp_path, Manifest(run=2))
    assert read_manifest(tmp_path).run == 1
    assert archive.ARCHIVE == "archive"


@pytest.mark.parametrize("text", ["{", "[]", "{}", '{"format": 3}', '{"format": 2}', "null"])
def test_a_manifest_that_this_program_did_not_write_is_named(tmp_path, text):
    path = tmp_path / "ledger" / "manifest.json"
    path.parent.mkdir()
    path.write_text(text)
    with pytest.raises(YuebaoError, match=r"manifest\.json"):
        read_manifest(tmp_path)
    assert not manifest_is_whole(tmp_path)


def test_a_manifest_of_a_format_to_come_is_refused_even_where_it_has_all_that_ours_has(tmp_path):
    write_manifest(tmp_path, Manifest(run=1))
    path = tmp_path / "ledger" / "manifest.json"
    path.write_text(path.read_text().replace('"format": 2', '"format": 3'))
    with pytest.raises(YuebaoError, match="format 3"):
        read_manifest(tmp_path)


def test_a_manifest_is_read_as_it_was_written(tmp_path):
    held = Manifest(
        run=3,
        receipts=(receipt("aa", "一.xlsx", answered=True),),
        submissions=(replace(sent("aa", asked="shrinks"), replaces="days", days=("2024-06-03",),
                             refused_days=("2024-06-04",), kept=2, kept_amount_yuan=1.5),),
        masters=(MasterPart("regions", "2024-06", "aa", 1, 0, "p.parquet"),),
        parts={"sales/2024-06/R1": "s.parquet"},
        problems={"aa": "ff"},
        editions={"2024-05": Edition(2, 3, "d", "m.parquet", "c.parquet", ("i.parquet", "j.parquet"))},
        pending=("2024-06",),
        events=(Event("aa", "一.xlsx", 1, "2024-07-03T09:00:00", 2, "2024-07-04", "withdrawn"),),
    )  # fmt: skip
    write_manifest(tmp_path, held)
    assert read_manifest(tmp_path) == held
    assert held.files == {"s.parquet", "p.parquet", "m.parquet", "c.parquet", "i.parquet", "j.parquet"}
    assert Manifest(editions={"2024-05": Edition(1, 1, "d", "m.parquet")}).files == {"m.parquet"}


def test_what_stands_of_a_submission_is_what_was_accepted_until_it_is_counted_otherwise():
    part = Submission("2024-06", "M1", "sales", "accepted", "aa", "R1", 5, 2, 500.0, 120.0)
    assert (part.accepted_rows, part.rows_held, part.amount_held_yuan) == (3, 3, 380.0)
    counted = replace(part, kept=1, kept_amount_yuan=40.0)
    assert (counted.accepted_rows, counted.rows_held, counted.amount_held_yuan) == (3, 1, 40.0)
    assert replace(part, judged="refused").accepted_rows == 0


def test_the_months_that_a_ledger_reports_are_those_with_anything_that_counts_oldest_first():
    states = {"2024-06": {}, "2023-12": {"judged": "nil"}, "2024-01": {"judged": "refused"},
              "2024-02": {"asked": "shrinks"}, "2024-03": {"withdrawn": True}, "2024-04": {"rival": True}}  # fmt: skip
    held = Manifest(submissions=tuple(replace(sent("aa"), month=one, **more) for one, more in states.items()))  # type: ignore[arg-type]
    assert [str(month) for month in held.months()] == ["2023-12", "2024-06"]


def test_a_manifest_is_whole_until_somebody_changes_it(tmp_path):
    assert (manifest_stamp(tmp_path), manifest_is_whole(tmp_path)) == ("", False)
    held = Manifest(run=1, editions={"2024-06": Edition(1, 1, "d", "m.parquet", issued=("i.parquet",))})
    write_manifest(tmp_path, held)
    assert (len(manifest_stamp(tmp_path)), manifest_is_whole(tmp_path)) == (64, True)
    assert read_manifest(tmp_path).files == {"m.parquet", "i.parquet"}
    path = tmp_path / "ledger" / "manifest.json"
    path.write_text(path.read_text().replace('"run": 1', '"run": 2'))
    assert not manifest_is_whole(tmp_path)


def test_a_manifest_is_the_same_bytes_in_whatever_order_its_entries_came_and_can_be_read_by_people(tmp_path):
    texts = []
    for name, parts in (("a", {"x/1": "p", "y/1": "q"}), ("b", {"y/1": "q", "x/1": "p"})):
        write_manifest(tmp_path / name, Manifest(receipts=(Receipt("aa", "六月.xlsx", 1, "", 1),), parts=parts))
        texts.append((tmp_path / name / "ledger" / "manifest.json").read_text(encoding="utf-8"))
    assert texts[0] == texts[1]
    assert '"name": "六月.xlsx"' in texts[0]
    assert [line.partition(":")[0] for line in texts[0].splitlines()[1:4]] == [
        '"editions"',
        '"events"',
        '"format"',
    ]


def test_frames_below_each_other_are_stored_as_one(tmp_path):
    frames = [pd.DataFrame({"n": [1]}), pd.DataFrame({"n": [2, 3]})]
    stored = store_frames(tmp_path, "a/b", iter(frames))
    assert pd.read_parquet(tmp_path / "ledger" / stored)["n"].tolist() == [1, 2, 3]
    numbered = (frame.set_axis(range(7, 7 + len(frame))) for frame in frames)
    assert store_frames(tmp_path, "a/b", numbered) == stored  # where a row stood in its frame is not kept
    assert store_frame(tmp_path, "a/c", frames[1].set_axis([7, 8])) == store_frame(tmp_path, "a/c", frames[1])
    assert store_frame(tmp_path, "a/c", frames[0]) == store_frame(tmp_path, "a/c", frames[0])


def test_frames_below_each_other_keep_the_types_of_the_first(tmp_path):
    frames = [pd.DataFrame({"n": [1.5]}), pd.DataFrame({"n": [2]})]
    stored = store_frames(tmp_path, "a", iter(frames))
    assert pd.read_parquet(tmp_path / "ledger" / stored)["n"].tolist() == [1.5, 2.0]


def test_what_is_stored_already_is_not_written_again(tmp_path, monkeypatch):
    written: list[Path] = []
    monkeypatch.setattr(store, "write_atomically", lambda path, data: (written.append(path), path.touch()))
    assert store_bytes(tmp_path, "a/b", b"x") == store_bytes(tmp_path, "a/b", b"x") == "a/b.2d711642b726.parquet"
    assert written == [tmp_path / "ledger" / "a/b.2d711642b726.parquet"]


@pytest.mark.parametrize(
    "region, key",
    [("R01", "R01"), ("", "%"), ("东城", "东城"), ("a/b", "a%2Fb"), ("a%2Fb", "a%252Fb"), ("a. b", "a%2E%20b")],
)
def test_different_regions_have_different_keys_in_the_manifest(region, key):
    assert part_name("sales", "2024-06", region) == f"sales/2024-06/{key}"


def test_a_parts_file_tells_capitals_and_small_letters_apart_on_every_system():
    capital, small = file_name("sales/2024-06/R01"), file_name("sales/2024-06/r01")
    assert capital.casefold() != small.casefold()
    assert capital.startswith("sales/2024-06/")


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


def test_what_was_withdrawn_is_not_meant_again_and_of_what_does_not_wait_nothing_is_accepted():
    held = Manifest(receipts=(receipt("aaaaaa", "一.xlsx", withdrawn=True), receipt("bbbbbb", "二.xlsx"),
                              receipt("cccccc", "三.xlsx", 2)),
                    submissions=(sent("bbbbbb", "M2", asked="shrinks"), sent("cccccc"),
                                 sent("bbbbbb", "M3", asked="shrinks"),
                                 replace(sent("aaaaaa", "M4"), withdrawn=True)))  # fmt: skip
    with pytest.raises(YuebaoError, match=r"没有找到文件“一\.xlsx”"):
        file_to_withdraw(held, "一.xlsx", WORDS)
    assert file_to_accept(held, "bbbbbb", WORDS).name == "二.xlsx"
    with pytest.raises(YuebaoError, match=r"“三\.xlsx”没有等待确认的内容。等待确认的：二\.xlsx$"):
        file_to_accept(held, "三.xlsx", WORDS)


def test_several_files_that_may_be_meant_are_listed_with_their_times_and_fingerprints():
    several = tuple(receipt(f"{n}" * 64, "一.xlsx", n) for n in (1, 2))
    held = Manifest(
        receipts=several, submissions=tuple(sent(one.sha256, f"M{one.run}", asked="shrinks") for one in several)
    )
    with pytest.raises(YuebaoError) as said:
        file_to_accept(held, "一.xlsx", WORDS)
    assert str(said.value).splitlines()[1:] == [
        "  一.xlsx（2024-07-01T09:00:00 保存）111111111111",
        "  一.xlsx（2024-07-02T09:00:00 保存）222222222222",
    ]


def test_a_refused_file_can_be_withdrawn_too():
    held = Manifest(receipts=(receipt("aaaaaa", "一.xlsx"),), submissions=(sent("aaaaaa", judged="refused"),),
                    masters=(MasterPart("regions", "2024-06", "bbbbbb", 1, 0, "p"),))  # fmt: skip
    assert file_to_withdraw(held, "一.xlsx", WORDS).sha256 == "aaaaaa"


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
