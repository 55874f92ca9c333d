"""What was worked out once is kept until anything it was made from changes."""

import os
import pickle

from pipeline.base.calendar import Month
from pipeline.work import store as derived
from pipeline.work.store import DerivedStore, fingerprint, forget_derived

JUNE = Month(2024, 6)


def test_what_is_kept_under_a_key_is_not_made_again(tmp_path):
    store = DerivedStore(tmp_path)
    assert store.get("counts", JUNE, fingerprint(["a"]), lambda: [1, 2]) == [1, 2]
    assert store.get("counts", JUNE, fingerprint(["a"]), lambda: [9]) == [1, 2]


def test_another_key_makes_it_anew_and_drops_the_old_one(tmp_path):
    store = DerivedStore(tmp_path)
    store.get("counts", JUNE, fingerprint(["a"]), lambda: 1)
    assert store.get("counts", JUNE, fingerprint(["b"]), lambda: 2) == 2
    assert len(list((tmp_path / "ledger" / "derived" / str(JUNE)).iterdir())) == 1


def test_one_kind_is_forgotten_and_the_others_stay(tmp_path):
    store = DerivedStore(tmp_path)
    for kind in ("lists-R1", "lists-R10"):
        store.keep(kind, JUNE, "k" * 64, kind)
    store.forget("lists-R1", JUNE)
    assert not store.has("lists-R1", JUNE, "k" * 64)
    assert store.get("lists-R10", JUNE, "k" * 64, lambda: "made again") == "lists-R10"


def test_what_is_forgotten_is_made_anew(tmp_path):
    forget_derived(tmp_path)  # nothing is kept yet
    store = DerivedStore(tmp_path)
    store.get("counts", JUNE, "k" * 64, lambda: 1)
    forget_derived(tmp_path)
    assert store.get("counts", JUNE, "k" * 64, lambda: 2) == 2


def test_keys_tell_neighbouring_texts_apart():
    assert fingerprint(["ab", "c"]) != fingerprint(["a", "bc"])


class Bomb:
    def __init__(self, mark):
        self.mark = mark

    def __reduce__(self):
        return os.mkdir, (str(self.mark),)


def test_a_pickle_planted_under_a_key_is_made_again_and_not_run(tmp_path):
    store = DerivedStore(tmp_path)
    store.keep("counts", JUNE, "k" * 64, [1])
    [kept] = (tmp_path / "ledger" / "derived" / str(JUNE)).iterdir()
    kept.write_bytes(pickle.dumps(Bomb(tmp_path / "ran")))
    assert store.get("counts", JUNE, "k" * 64, lambda: [2]) == [2]
    assert store.find("counts", JUNE, "k" * 64) == [2]
    assert not (tmp_path / "ran").exists()


def test_pickles_of_earlier_versions_are_removed_unread(tmp_path):
    folder = tmp_path / "ledger" / "derived" / str(JUNE)
    folder.mkdir(parents=True)
    (folder / f"counts.{'k' * 24}.pickle").write_bytes(pickle.dumps(Bomb(tmp_path / "ran")))
    DerivedStore(tmp_path).tidy()
    assert not list(folder.iterdir())
    assert not (tmp_path / "ran").exists()


def test_what_another_version_of_a_library_kept_is_made_again(tmp_path, monkeypatch):
    store = DerivedStore(tmp_path)
    store.keep("counts", JUNE, "k" * 64, "of this version")
    monkeypatch.setattr(derived, "_versions", lambda: "pandas 9")
    assert store.get("counts", JUNE, "k" * 64, lambda: "anew") == "anew"


def test_a_kept_thing_of_an_undeclared_class_is_made_again(tmp_path):
    DerivedStore(tmp_path).keep("counts", JUNE, "k" * 64, JUNE)
    assert DerivedStore(tmp_path).find("counts", JUNE, "k" * 64) is None
    assert DerivedStore(tmp_path, (Month,)).find("counts", JUNE, "k" * 64) == JUNE
