"""Files that leave the inbox: which they are is noted before the commit, so that a run that dies between the commit
and the emptied inbox is finished by the next one, and what it left there is not taken for dropped again."""

import json
from collections.abc import Iterable
from pathlib import Path

from pipeline.base.files import write_atomically
from pipeline.base.home import LEDGER
from pipeline.intake.inbox import Arrival, arrival_of
from pipeline.ledger.manifest import Manifest

LEAVING = "leaving.json"


def note_leaving(home: Path, run: int, arrivals: Iterable[Arrival]) -> None:
    """Notes which files the run with this number takes out of the inbox once it has committed."""
    files = sorted([one.name, one.sha256, one.saved_at] for one in arrivals)
    (home / LEDGER).mkdir(parents=True, exist_ok=True)
    write_atomically(home / LEDGER / LEAVING, json.dumps({"run": run, "files": files}).encode("utf-8"))


def finish_leaving(home: Path, manifest: Manifest, arrivals: Iterable[Arrival]) -> list[Arrival]:
    """The files in the inbox without those that the last run had taken in, but died before they left."""
    staying = list(arrivals)
    note = home / LEDGER / LEAVING
    if not note.exists():
        return staying
    gone = _left_behind(note, manifest)
    leaving = [one for one in staying if (one.name, one.sha256, one.saved_at) in gone]
    empty_inbox(home, leaving)
    return [one for one in staying if one not in leaving]


def empty_inbox(home: Path, arrivals: Iterable[Arrival]) -> None:
    """Files that are in the archive leave the inbox, unless they were changed meanwhile; then nothing is left to be
    finished."""
    for arrival in arrivals:
        try:
            if arrival_of(arrival.path).sha256 == arrival.sha256:
                arrival.path.unlink()
        except OSError:  # open elsewhere; it is archived, and the next run knows it by its bytes
            continue
    (home / LEDGER / LEAVING).unlink(missing_ok=True)


def _left_behind(note: Path, manifest: Manifest) -> set[tuple[str, str, str]]:
    """What the last run noted, as far as it was committed: what the machine failed over stays to be read again."""
    try:
        noted = json.loads(note.read_bytes())
        files = [(str(name), str(sha256), str(saved_at)) for name, sha256, saved_at in noted["files"]]
        if noted["run"] != manifest.run:
            return set()
    except (
        ValueError,
        KeyError,
        TypeError,
    ):  # not as it was written: what is in the inbox is looked at as it comes
        return set()
    receipts = manifest.receipts_by_hash
    return {one for one in files if one[1] in receipts and receipts[one[1]].run == manifest.run}
