"""Files that leave the inbox: which they are is noted before the commit, so that a run that dies between the commit
and the emptied inbox is finished by the next one. What cannot leave (open in Excel, a folder that may not be written)
stays noted until it is gone, and is not taken for dropped again."""

import json
from collections.abc import Iterable
from dataclasses import astuple, dataclass
from pathlib import Path

from pipeline.base.files import write_atomically
from pipeline.base.home import LEDGER
from pipeline.intake.inbox import Arrival, arrival_of
from pipeline.ledger.manifest import Manifest

LEAVING = "leaving.json"


@dataclass(frozen=True, order=True)
class Leaving:
    """A file that the run with this number has in the archive, and takes out of the inbox once it has committed."""

    name: str
    sha256: str
    saved_at: str
    run: int

    def is_of(self, arrival: Arrival) -> bool:
        """Whether a file in the inbox is this one, and not its like that was dropped later."""
        return (self.name, self.sha256, self.saved_at) == (arrival.name, arrival.sha256, arrival.saved_at)


def note_leaving(home: Path, run: int, arrivals: Iterable[Arrival]) -> None:
    """Notes which files the run with this number takes out of the inbox, beside those that still could not leave."""
    _note(home, [*_noted(home), *(Leaving(one.name, one.sha256, one.saved_at, run) for one in arrivals)])


def finish_leaving(
    home: Path, manifest: Manifest, arrivals: Iterable[Arrival]
) -> tuple[list[Arrival], list[Arrival]]:
    """The files in the inbox without those that an earlier run had taken in; and those of them that cannot leave."""
    standing = list(arrivals)
    noted = [one for one in _noted(home) if _is_committed(one, manifest)]
    behind = [one for one in standing if any(entry.is_of(one) for entry in noted)]
    stuck = _take_out(behind)
    _note(home, [one for one in noted if any(map(one.is_of, stuck))])
    return [one for one in standing if one not in behind], stuck


def empty_inbox(home: Path, run: int, arrivals: Iterable[Arrival]) -> list[Arrival]:
    """Files that are in the archive leave the inbox, unless they were changed meanwhile; gives those that cannot, which
    stay noted with those of earlier runs."""
    stuck = _take_out(arrivals)
    _note(home, [one for one in _noted(home) if one.run < run or any(map(one.is_of, stuck))])
    return stuck


def carry_note(home: Path, to: Path) -> None:
    """What could not leave the inbox is known to the ledger that takes the place of a home's, too."""
    _note(to, _noted(home))


def _take_out(arrivals: Iterable[Arrival]) -> list[Arrival]:
    return [one for one in arrivals if not _has_left(one)]


def _has_left(arrival: Arrival) -> bool:
    try:
        if arrival_of(arrival.path).sha256 == arrival.sha256:
            arrival.path.unlink()
    except FileNotFoundError:
        return True
    except OSError:  # open elsewhere, or the machine does not let us
        return False
    return True


def _is_committed(one: Leaving, manifest: Manifest) -> bool:
    """Whether the run that noted a file has committed it: what the machine failed over stays to be read again."""
    receipt = manifest.receipts_by_hash.get(one.sha256)
    return receipt is not None and one.run <= manifest.run and receipt.run >= one.run


def _noted(home: Path) -> list[Leaving]:
    """What is noted; nothing where the note is not as it was written: what is in the inbox is looked at as it comes."""
    try:
        entries = json.loads((home / LEDGER / LEAVING).read_bytes())
        found = [
            Leaving(str(name), str(sha256), str(saved_at), int(run)) for name, sha256, saved_at, run in entries
        ]
    except (FileNotFoundError, ValueError, TypeError):
        return []
    return found


def _note(home: Path, entries: Iterable[Leaving]) -> None:
    path, lines = home / LEDGER / LEAVING, [list(astuple(one)) for one in sorted(set(entries))]
    if not lines:
        path.unlink(missing_ok=True)
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    text = json.dumps(lines, ensure_ascii=False)
    if not path.exists() or path.read_bytes() != text.encode("utf-8"):
        write_atomically(path, text.encode("utf-8"))
