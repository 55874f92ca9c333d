"""What happened in a run, entered in a manifest: files that arrived, were withdrawn, or accepted."""

from collections.abc import Sequence
from dataclasses import replace

from pipeline.ledger.manifest import Event, Manifest, Receipt

ARRIVED = ("received", "again")


def with_events(manifest: Manifest, arrived: Sequence[Receipt], events: Sequence[Event]) -> Manifest:
    """A manifest whose receipts tell what has happened since.

    Args:
        manifest: what the ledger holds.
        arrived: the receipts of files that arrived in this run.
        events: all that happened in it. A file that arrives again is one that nobody withdrew or was asked about.
    """
    receipts = manifest.receipts_by_hash
    arrived_before = [receipts[one.sha256].event for one in arrived if one.sha256 in receipts]
    receipts |= {one.sha256: one for one in arrived}
    others = [one for one in events if one.what not in ARRIVED]
    for event in others:
        known = receipts[event.sha256]
        receipts[event.sha256] = replace(
            known,
            withdrawn=known.withdrawn or event.what == "withdrawn",
            answered=known.answered or event.what == "accepted",
        )
    ordered = sorted(receipts.values(), key=lambda one: (one.run, one.saved_at, one.sha256))
    return replace(manifest, receipts=tuple(ordered), events=(*manifest.events, *arrived_before, *others))
