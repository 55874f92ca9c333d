"""The outbox of a month on disk: a draft a letter, and the list of all, with those who get none and why."""

import hashlib
import json
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pipeline.base.period import AnyPeriod, any_period
from pipeline.contract.settings import MailSettings
from pipeline.outbox.eml import draft_bytes, message_id_of
from pipeline.outbox.journal import LetterId, Past, past_of
from pipeline.outbox.letters import Letter, NoLetter, check_may_go

OUTBOX = "outbox"
LIST = "letters.json"


@dataclass(frozen=True)
class Entry:
    """One letter of the list. `bytes` is the whole message; `attachments` holds names; `left_behind` says where the
    workbook is that was too large; `copies` are the fingerprints of the files of which it brings correction copies."""

    key: str
    name: str
    to: tuple[str, ...]
    cc: tuple[str, ...]
    subject: str
    file: str
    sha256: str
    bytes: int
    message_id: str
    attachments: tuple[str, ...]
    left_behind: str
    copies: tuple[str, ...] = ()


@dataclass(frozen=True)
class LetterList:
    """What a month's outbox holds; `made_with` is the fingerprint of the settings it was made with."""

    month: AnyPeriod
    edition: int
    made_with: str
    letters: tuple[Entry, ...]
    without: tuple[NoLetter, ...]

    def id_of(self, entry: Entry) -> LetterId:
        """Which letter an entry is, for the journal."""
        return LetterId(str(self.month), self.edition, entry.key, entry.copies)

    def not_gone(self, journal: Mapping[LetterId, Past]) -> list[Entry]:
        """The letters that not all of their addresses have got."""
        pasts = {entry.key: past_of(self.id_of(entry), journal) for entry in self.letters}
        return [one for one in self.letters if {*one.to, *one.cc} - pasts[one.key].delivered.keys()]


def settings_fingerprint(mail: MailSettings) -> str:
    """Of what the settings say about letters; how they are sent does not matter to drafts."""
    of_sending = {"host", "port", "security", "tries", "pause_seconds"}
    return hashlib.sha256(mail.model_dump_json(exclude=of_sending).encode("utf-8")).hexdigest()


def write_outbox(
    folder: Path, month: AnyPeriod, edition: int, made_with: str, planned: Sequence[tuple[str, Letter | NoLetter]]
) -> LetterList:
    """Writes drafts and their list below a month's folder.

    Args:
        folder: the month's folder, with the workbooks in it.
        month: the month, or the longer period.
        edition: its edition.
        made_with: `settings_fingerprint` of the settings.
        planned: each letter with the name of its draft, without `.eml`.
    """
    outbox = folder / OUTBOX
    outbox.mkdir(exist_ok=True)
    letters = [_write(folder, name, letter) for name, letter in planned if isinstance(letter, Letter)]
    without = [letter for _, letter in planned if isinstance(letter, NoLetter)]
    listed = LetterList(month, edition, made_with, tuple(letters), tuple(without))
    text = json.dumps(_as_json(listed), ensure_ascii=False, indent=2)
    (outbox / LIST).write_text(text + "\n", encoding="utf-8", newline="\n")
    return listed


def read_outbox(folder: Path) -> LetterList | None:
    """The list of a month's folder, None where there is none that can be read."""
    try:
        found = json.loads((folder / OUTBOX / LIST).read_text(encoding="utf-8"))
        letters = [Entry(**{name: _plain(value) for name, value in one.items()}) for one in found["letters"]]
        without = [NoLetter(**one) for one in found["without"]]
        month, made_with = any_period(found["month"]), str(found["made_with"])
        return LetterList(month, int(found["edition"]), made_with, tuple(letters), tuple(without))
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None


def read_draft(folder: Path, entry: Entry) -> bytes | None:
    """A draft's bytes, None where the file is gone."""
    try:
        return (folder / OUTBOX / Path(entry.file).name).read_bytes()
    except FileNotFoundError:
        return None


def is_as_written(draft: bytes, entry: Entry) -> bool:
    """Whether a draft is still what was written."""
    return hashlib.sha256(draft).hexdigest() == entry.sha256


def _write(folder: Path, name: str, letter: Letter) -> Entry:
    files = {one.file: _bytes_of(folder, one.file) for one in letter.attachments}
    draft = draft_bytes(letter, files)
    file = f"{name}.eml"
    (folder / OUTBOX / file).write_bytes(draft)
    return Entry(
        letter.key,
        letter.to[0].name,
        tuple(one.email for one in letter.to),
        tuple(one.email for one in letter.cc),
        letter.subject,
        file,
        hashlib.sha256(draft).hexdigest(),
        len(draft),
        message_id_of(draft),
        tuple(one.name for one in letter.attachments),
        letter.note,
        letter.copies,
    )


def _bytes_of(folder: Path, file: str) -> bytes:
    """A workbook that goes along. Where its name leads to counts, not how it is written: a link out of the folders that
    letters bring files from is refused as well.

    Raises:
        NotForLetters: when no letter may bring it.
    """
    path = (folder / file).resolve()
    check_may_go(Path(os.path.relpath(path, folder.resolve())).as_posix())
    return path.read_bytes()


def _as_json(listed: LetterList) -> Mapping[str, Any]:
    return {
        "month": str(listed.month),
        "edition": listed.edition,
        "made_with": listed.made_with,
        "letters": [vars(one) for one in listed.letters],
        "without": [vars(one) for one in listed.without],
    }


def _plain(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value


def drafts_are_current(folder: Path, mail: MailSettings) -> bool:
    """Whether a month's drafts were made with these settings."""
    listed = read_outbox(folder)
    return listed is not None and listed.made_with == settings_fingerprint(mail)
