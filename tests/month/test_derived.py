"""What was worked out once is kept as plain data until it is kept under another key."""

import os
import pickle
from pathlib import Path

from pipeline.base.calendar import Month
from pipeline.work.store import Kept, Store, fingerprint, forget_derived

COUNTS = Kept("2024-06", "counts", "k" * 64)


def test_what_is_kept_is_found_under_its_key(tmp_path: Path) -> None:
    Store(tmp_path).keep(COUNTS, [1, 2])
    assert Store(tmp_path).find(COUNTS) == [1, 2]
    assert Store(tmp_path).find(Kept("2024-06", "counts", "x" * 64)) is None


def test_another_key_drops_what_was_kept_under_the_old_one(tmp_path: Path) -> None:
    store = Store(tmp_path)
    store.keep(COUNTS, 1)
    store.keep(Kept("2024-06", "counts", "x" * 64), 2)
    assert len(list(store.files())) == 1
    assert not store.has(COUNTS)


def test_names_that_begin_alike_are_kept_beside_each_other(tmp_path: Path) -> None:
    store = Store(tmp_path)
    for name in ("list-R1", "list-R10", "list"):
        store.keep(Kept("2024-06", name, "k" * 64), name)
    assert store.find(Kept("2024-06", "list-R1", "k" * 64)) == "list-R1"
    assert len(list(store.files("2024-06"))) == 3


def test_all_that_is_kept_can_be_thrown_away(tmp_path: Path) -> None:
    forget_derived(tmp_path)  # nothing is kept yet
    Store(tmp_path).keep(COUNTS, 1)
    forget_derived(tmp_path)
    assert not Store(tmp_path).has(COUNTS)


def test_keys_tell_neighbouring_texts_apart() -> None:
    assert fingerprint(["ab", "c"]) != fingerprint(["a", "bc"])


class Bomb:
    def __init__(self, mark: Path) -> None:
        self.mark = mark

    def __reduce__(self) -> tuple[object, ...]:
        return os.mkdir, (str(self.mark),)


def test_a_pickle_planted_under_a_key_is_not_run(tmp_path: Path) -> None:
    store = Store(tmp_path)
    store.keep(COUNTS, [1])
    [kept] = store.files()
    kept.write_bytes(pickle.dumps(Bomb(tmp_path / "ran")))
    assert store.find(COUNTS) is None
    assert not (tmp_path / "ran").exists()


def test_pickles_of_earlier_versions_are_removed_unread(tmp_path: Path) -> None:
    folder = tmp_path / "ledger" / "derived" / "2024-06"
    folder.mkdir(parents=True)
    (folder / f"counts.{'k' * 24}.pickle").write_bytes(pickle.dumps(Bomb(tmp_path / "ran")))
    Store(tmp_path).tidy()
    assert not list(folder.iterdir())
    assert not (tmp_path / "ran").exists()


def test_a_kept_thing_of_an_undeclared_class_is_not_believed(tmp_path: Path) -> None:
    Store(tmp_path).keep(COUNTS, Month(2024, 6))
    assert Store(tmp_path).find(COUNTS) is None
    assert Store(tmp_path).find(COUNTS, [Month]) == Month(2024, 6)
