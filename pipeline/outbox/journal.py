"""What was sent: a line before and a line after each attempt, so that no letter goes out twice.

The journal has a folder of its own: unlike ledger and outputs it cannot be made again. A line is one JSON object:
at, month, edition, letter, copies (where there are any), message_id, event ("begun", "ended", "unclear"), to; when
ended also accepted (a list) and refused (reasons by address). A line that a crash cut short is passed over: what was
begun then stays begun.
"""

import json
import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from io import FileIO
from pathlib import Path
from typing import Any

from pipeline.base.files import sync_folder
from pipeline.base.home import SENT

JOURNAL = Path(SENT) / "journal.jsonl"


@dataclass(frozen=True, order=True)
class LetterId:
    """Which letter: the month's edition and whose it is. A draft made anew within an edition is the same letter, unless
    it brings correction copies of other files: `copies` are the fingerprints of these."""

    month: str
    edition: int
    letter: str
    copies: tuple[str, ...] = ()


@dataclass(frozen=True)
class Past:
    """What became of a letter: who got it and when, and with whom it is unclear."""

    delivered: Mapping[str, str] = field(default_factory=dict)
    unclear: frozenset[str] = frozenset()
    refused: Mapping[str, str] = field(default_factory=dict)


NEVER = Past()


def read_journal(home: Path) -> Mapping[LetterId, Past]:
    """What became of every letter that was ever begun."""
    pasts: dict[LetterId, Past] = {}
    for line in _lines(home / JOURNAL):
        copies = tuple(map(str, line.get("copies", ())))
        letter = LetterId(str(line["month"]), int(line["edition"]), str(line["letter"]), copies)
        pasts[letter] = _after(pasts.get(letter, NEVER), line)
    return pasts


def past_of(letter: LetterId, journal: Mapping[LetterId, Past]) -> Past:
    """What became of a letter: whoever got it with more correction copies has got this one too."""
    same = [
        past
        for one, past in journal.items()
        if replace(one, copies=letter.copies) == letter and set(one.copies) >= set(letter.copies)
    ]
    delivered = {address: at for past in same for address, at in past.delivered.items()}
    refused = {address: why for past in same for address, why in past.refused.items() if address not in delivered}
    return Past(delivered, frozenset().union(*(past.unclear for past in same)) - delivered.keys(), refused)


@dataclass(frozen=True)
class Journal:
    """The journal of one organisation, to be written to."""

    home: Path

    def begun(self, letter: LetterId, at: str, message_id: str, to: Sequence[str]) -> None:
        """Notes that a letter is on its way."""
        self._write(letter, at, "begun", message_id, to, {})

    def ended(
        self,
        letter: LetterId,
        at: str,
        message_id: str,
        to: Sequence[str],
        accepted: Sequence[str],
        refused: Mapping[str, str],
    ) -> None:
        """Notes what the server said of each address."""
        self._write(letter, at, "ended", message_id, to, {"accepted": list(accepted), "refused": dict(refused)})

    def unclear(self, letter: LetterId, at: str, message_id: str, to: Sequence[str]) -> None:
        """Notes that nobody knows whether a letter arrived."""
        self._write(letter, at, "unclear", message_id, to, {})

    def _write(
        self,
        letter: LetterId,
        at: str,
        event: str,
        message_id: str,
        to: Sequence[str],
        more: Mapping[str, Any],
    ) -> None:
        which = {name: value for name, value in vars(letter).items() if name != "copies" or value}
        line = {"at": at, **which, "message_id": message_id, "event": event, "to": list(to), **more}
        _append(self.home / JOURNAL, json.dumps(line, ensure_ascii=False))


def _append(path: Path, line: str) -> None:
    """Adds a line and waits until it is on the disk; one that cannot be written in full is not there at all."""
    path.parent.mkdir(exist_ok=True)
    is_new = not path.exists()
    with path.open("ab+", buffering=0) as file:
        size = file.seek(0, os.SEEK_END)
        try:
            _write(file, (("" if _ends_a_line(file, size) else "\n") + line + "\n").encode("utf-8"))
            os.fsync(file.fileno())
        except OSError:
            with suppress(OSError):
                file.truncate(size)
            raise
    if is_new:
        sync_folder(path.parent)


def _write(file: FileIO, data: bytes) -> None:
    """All of it: the system may take less at a time."""
    while data:
        data = data[file.write(data) :]


def _ends_a_line(file: FileIO, size: int) -> bool:
    if not size:
        return True
    file.seek(size - 1)
    return file.read(1) == b"\n"


def _lines(path: Path) -> Iterator[Mapping[str, Any]]:
    if not path.exists():
        return
    for line in path.read_bytes().splitlines():
        try:
            found = json.loads(line)
        except ValueError:
            continue
        if _is_entry(found):
            yield found


def _is_entry(found: object) -> bool:
    """Whether a line is of the shape that we write; one that somebody changed into something else says nothing."""
    if not isinstance(found, dict) or not {"month", "edition", "letter", "event", "to", "at"} <= found.keys():
        return False
    return isinstance(found["edition"], int) and isinstance(found["to"], list)


def _after(past: Past, line: Mapping[str, Any]) -> Past:
    to = frozenset(line["to"])
    if line["event"] != "ended":
        return Past(past.delivered, past.unclear | to, past.refused)
    delivered = {**past.delivered, **dict.fromkeys(line.get("accepted", []), str(line["at"]))}
    refused = {**past.refused, **line.get("refused", {})}
    return Past(
        delivered, past.unclear - to, {one: reason for one, reason in refused.items() if one not in delivered}
    )
