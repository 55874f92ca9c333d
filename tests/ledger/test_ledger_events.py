"""What happened in a run, entered in a manifest; on hand-made receipts."""

from dataclasses import replace

from pipeline.ledger.events import with_events
from pipeline.ledger.manifest import Event, Happening, Manifest, Receipt

OLD = Receipt("aa", "一.xlsx", 1, "2024-07-01T09:00:00", 1, ("monthly",), run_on="2024-07-02")


def happened(what: Happening, sha256: str = "aa", run: int = 2) -> Event:
    return Event(sha256, "一.xlsx", 1, "2024-07-01T09:00:00", run, "2024-07-10", what)


def test_a_file_that_is_withdrawn_or_accepted_stays_so_whatever_happens_to_it_later() -> None:
    held = with_events(Manifest(1, (OLD,)), (), [happened("withdrawn")])
    assert [(one.withdrawn, one.answered) for one in held.receipts] == [(True, False)]
    both = with_events(held, (), [happened("accepted", run=3)])
    assert [(one.withdrawn, one.answered) for one in both.receipts] == [(True, True)]
    answered = with_events(
        with_events(Manifest(1, (OLD,)), (), [happened("accepted")]), (), [happened("withdrawn")]
    )
    assert [(one.withdrawn, one.answered) for one in answered.receipts] == [(True, True)]
    assert [one.what for one in both.events] == ["withdrawn", "accepted"]


def test_a_file_that_arrives_again_is_as_if_nobody_had_withdrawn_it_and_its_first_arrival_is_kept() -> None:
    held = with_events(Manifest(1, (OLD,)), (), [happened("withdrawn")])
    again = replace(OLD, run=3, again=True, run_on="2024-07-12")
    found = with_events(held, [again], [happened("again", run=3)])
    assert found.receipts == (again,)
    assert [(one.what, one.run) for one in found.events] == [("withdrawn", 2), ("received", 1)]


def test_a_new_file_has_a_receipt_and_no_event_and_receipts_stand_as_files_came() -> None:
    new = replace(OLD, sha256="00", run=2)
    earlier = replace(OLD, sha256="bb", saved_at="2024-06-30T09:00:00")
    same = replace(OLD, sha256="a0")
    found = with_events(Manifest(1, (OLD,)), [new, earlier, same], [happened("received", "00")])
    assert [one.sha256 for one in found.receipts] == ["bb", "a0", "aa", "00"]
    assert found.events == ()
    assert found.run == 1
