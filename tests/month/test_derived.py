"""What was worked out once is kept until anything it was made from changes."""

from pipeline.calendar import Month
from pipeline.derived import DerivedStore, fingerprint

JUNE = Month(2024, 6)


def test_what_is_kept_under_a_key_is_not_made_again(tmp_path):
    store = DerivedStore(tmp_path)
    assert store.get("counts", JUNE, fingerprint(["a"]), lambda: [1, 2]) == [1, 2]
    assert store.get("counts", JUNE, fingerprint(["a"]), lambda: [9]) == [1, 2]


def test_another_key_makes_it_anew_and_drops_the_old_one(tmp_path):
    store = DerivedStore(tmp_path)
    store.get("counts", JUNE, fingerprint(["a"]), lambda: 1)
    assert store.get("counts", JUNE, fingerprint(["b"]), lambda: 2) == 2
    assert len(list((tmp_path / "ledger" / "derived").iterdir())) == 1


def test_fresh_makes_everything_anew(tmp_path):
    DerivedStore(tmp_path).get("counts", JUNE, "k" * 64, lambda: 1)
    assert DerivedStore(tmp_path, fresh=True).get("counts", JUNE, "k" * 64, lambda: 2) == 2


def test_keys_tell_neighbouring_texts_apart():
    assert fingerprint(["ab", "c"]) != fingerprint(["a", "bc"])
