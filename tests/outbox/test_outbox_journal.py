"""The journal of what was sent: a line that was begun stays begun, and one that could not be written is not there."""

import errno
import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from pipeline.outbox import journal as journals
from pipeline.outbox.journal import JOURNAL, NEVER, Journal, LetterId, Past, past_of, read_journal

R01 = LetterId("2024-06", 1, "region/R01")
ANN, BEN = "ann@example.com", "ben@example.com"
AT = "2024-07-08T09:00:00+08:00"


def test_of_a_letter_that_was_never_begun_nothing_is_known(tmp_path: Path) -> None:
    assert read_journal(tmp_path) == {}


def test_who_took_it_has_it_and_who_refused_it_has_not(tmp_path: Path) -> None:
    journal = Journal(tmp_path)
    journal.begun(R01, AT, "<1>", (ANN, BEN))
    assert read_journal(tmp_path)[R01] == Past({}, frozenset({ANN, BEN}), {})
    journal.ended(R01, AT, "<1>", (ANN, BEN), (ANN,), {BEN: "full"})
    assert read_journal(tmp_path)[R01] == Past({ANN: AT}, frozenset(), {BEN: "full"})
    journal.ended(R01, AT, "<1>", (BEN,), (BEN,), {})
    assert read_journal(tmp_path)[R01] == Past({ANN: AT, BEN: AT}, frozenset(), {})


def test_a_letter_of_which_it_is_unclear_who_got_it_stays_unclear(tmp_path: Path) -> None:
    Journal(tmp_path).begun(R01, AT, "<1>", (ANN,))
    Journal(tmp_path).unclear(R01, AT, "<1>", (ANN,))
    assert read_journal(tmp_path)[R01].unclear == {ANN}


@pytest.mark.parametrize("torn", ['{"at": "2024', "[]", '{"at": "x"}', "\ufffd"])
def test_a_line_that_a_crash_cut_short_is_passed_over_and_the_next_begins_anew(tmp_path: Path, torn: str) -> None:
    Journal(tmp_path).begun(R01, AT, "<1>", (ANN,))
    with (tmp_path / JOURNAL).open("ab") as file:
        file.write(torn.encode("utf-8"))
    Journal(tmp_path).ended(R01, AT, "<1>", (ANN,), (ANN,), {})
    lines = (tmp_path / JOURNAL).read_text(encoding="utf-8").splitlines()
    assert (len(lines), lines[1]) == (3, torn)
    assert read_journal(tmp_path)[R01] == Past({ANN: AT}, frozenset(), {})


@pytest.mark.parametrize(("key", "value"), [("edition", "first"), ("edition", None), ("to", "ann@example.com")])
def test_a_line_that_somebody_changed_into_something_else_says_nothing(
    tmp_path: Path, key: str, value: object
) -> None:
    Journal(tmp_path).begun(R01, AT, "<1>", (ANN,))
    line = json.loads((tmp_path / JOURNAL).read_bytes())
    (tmp_path / JOURNAL).write_text(json.dumps(line | {key: value}) + "\n", encoding="utf-8")
    assert read_journal(tmp_path) == {}


@pytest.mark.parametrize("call", ["fsync", "write"])
def test_a_line_that_cannot_be_written_in_full_is_not_there_at_all(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, call: str
) -> None:
    Journal(tmp_path).begun(R01, AT, "<1>", (ANN,))
    before = (tmp_path / JOURNAL).read_bytes()

    def full(*_: Any) -> None:
        raise OSError(errno.ENOSPC, "full")

    def half(file: Any, data: bytes) -> None:
        file.write(data[:10])
        full()

    with monkeypatch.context() as patched:
        if call == "write":
            patched.setattr(journals, "_write", half)
        else:
            patched.setattr(journals.os, "fsync", full)
        with pytest.raises(OSError, match="full"):
            Journal(tmp_path).ended(R01, AT, "<1>", (ANN,), (ANN,), {})
    assert (tmp_path / JOURNAL).read_bytes() == before
    assert read_journal(tmp_path)[R01].unclear == {ANN}  # it may have gone: it does not go again


def test_what_the_system_takes_piece_by_piece_is_written_to_its_end(tmp_path: Path) -> None:
    class Slow:
        taken = b""

        def write(self, data: bytes) -> int:
            self.taken += data[:3]
            return len(data[:3])

    slow = Slow()
    journals._write(slow, b"eleven byte")  # type: ignore[arg-type]
    assert slow.taken == b"eleven byte"


def test_a_letter_with_other_correction_copies_is_another_one_and_one_with_fewer_is_not(tmp_path: Path) -> None:
    plain = LetterId("2024-06", 1, "manager/M001")
    with_a, with_ab = replace(plain, copies=("a",)), replace(plain, copies=("a", "b"))
    Journal(tmp_path).begun(with_a, AT, "<1>", (ANN,))
    assert past_of(with_a, read_journal(tmp_path)).unclear == {ANN}
    Journal(tmp_path).ended(with_a, AT, "<1>", (ANN,), (ANN,), {})
    journal = read_journal(tmp_path)
    assert past_of(with_a, journal).delivered == past_of(plain, journal).delivered == {ANN: AT}
    assert past_of(with_ab, journal) == past_of(replace(plain, edition=2), journal) == NEVER


def test_who_got_a_letter_with_more_copies_was_not_refused_one_with_fewer(tmp_path: Path) -> None:
    plain = LetterId("2024-06", 1, "manager/M001")
    Journal(tmp_path).ended(plain, AT, "<1>", (ANN,), (), {ANN: "full"})
    assert past_of(plain, read_journal(tmp_path)) == Past({}, frozenset(), {ANN: "full"})
    Journal(tmp_path).ended(replace(plain, copies=("a",)), AT, "<2>", (ANN,), (ANN,), {})
    assert past_of(plain, read_journal(tmp_path)) == Past({ANN: AT})


def test_each_line_can_be_read_by_itself(tmp_path: Path) -> None:
    Journal(tmp_path).begun(R01, AT, "<1>", (ANN,))
    (line,) = (tmp_path / JOURNAL).read_text(encoding="utf-8").splitlines()
    assert json.loads(line) == {
        "at": AT, "month": "2024-06", "edition": 1, "letter": "region/R01", "message_id": "<1>", "event": "begun",
        "to": [ANN],
    }  # fmt: skip
    assert Past() == NEVER


def test_a_new_journal_is_on_the_disk_with_its_name_and_a_line_more_needs_no_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    synced: list[Path] = []
    monkeypatch.setattr(journals, "sync_folder", synced.append)
    Journal(tmp_path).begun(R01, AT, "<1>", (ANN,))
    assert synced == [(tmp_path / JOURNAL).parent]
    Journal(tmp_path).unclear(R01, AT, "<1>", (ANN,))
    assert synced == [(tmp_path / JOURNAL).parent]


def test_a_line_that_ends_well_needs_no_empty_line_before_the_next(tmp_path: Path) -> None:
    for at in ("1", "2", "3"):
        Journal(tmp_path).begun(R01, at, "<1>", (ANN,))
    text = (tmp_path / JOURNAL).read_text(encoding="utf-8")
    assert [json.loads(line)["at"] for line in text.splitlines()] == ["1", "2", "3"]
    assert text.endswith("}\n")


def test_what_was_unclear_with_one_becomes_clear_when_the_server_has_answered_for_him_alone(
    tmp_path: Path,
) -> None:
    journal = Journal(tmp_path)
    journal.unclear(R01, AT, "<1>", (ANN, BEN))
    journal.ended(R01, AT, "<1>", (ANN,), (), {ANN: "full"})
    assert read_journal(tmp_path)[R01] == Past({}, frozenset({BEN}), {ANN: "full"})
    journal.ended(R01, AT, "<1>", (ANN,), (ANN,), {})
    assert read_journal(tmp_path)[R01] == Past({ANN: AT}, frozenset({BEN}), {})


def test_of_several_letters_of_the_same_only_those_with_as_many_copies_say_what_became_of_it(
    tmp_path: Path,
) -> None:
    plain = LetterId("2024-06", 1, "manager/M001")
    with_a = replace(plain, copies=("a",))
    journal = Journal(tmp_path)
    journal.unclear(with_a, AT, "<1>", (ANN, BEN))
    journal.ended(plain, AT, "<2>", (ANN,), (ANN,), {})
    assert past_of(plain, read_journal(tmp_path)) == Past({ANN: AT}, frozenset({BEN}), {})
    assert past_of(with_a, read_journal(tmp_path)) == Past({}, frozenset({ANN, BEN}), {})
    other = replace(plain, letter="manager/M002")
    assert past_of(other, read_journal(tmp_path)) == NEVER


def test_copies_stand_in_a_line_only_where_there_are_any(tmp_path: Path) -> None:
    Journal(tmp_path).begun(R01, AT, "<1>", (ANN,))
    Journal(tmp_path).begun(replace(R01, copies=("a", "b")), AT, "<1>", (ANN,))
    first, second = map(json.loads, (tmp_path / JOURNAL).read_text(encoding="utf-8").splitlines())
    assert ("copies" in first, second["copies"]) == (False, ["a", "b"])


def test_the_journal_can_be_read_by_people(tmp_path: Path) -> None:
    Journal(tmp_path).ended(R01, AT, "<1>", ("王芳@example.com",), (), {"王芳@example.com": "邮箱已满"})
    assert "邮箱已满" in (tmp_path / JOURNAL).read_text(encoding="utf-8")
