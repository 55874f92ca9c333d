"""What was worked out once is kept until anything it was made from changes."""

from pipeline.calendar import Month
from pipeline.derived import DerivedStore, fingerprint, forget_derived

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
