"""The month's letters: drafts written with the workbooks, and sent on demand from the drafts."""

import datetime as dt
import ssl
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pandas as pd

from pipeline.base.errors import SettingsError, YuebaoError
from pipeline.base.period import AnyPeriod, Period
from pipeline.contract.settings import Settings
from pipeline.ledger.lock import ledger_lock
from pipeline.ledger.manifest import read_manifest
from pipeline.ledger.output import period_folder, written_edition
from pipeline.ledger.read import Ledger
from pipeline.ledger.stale_periods import rests_on_older
from pipeline.outbox.addresses import Address, read_sender
from pipeline.outbox.drafts import (
    OUTBOX,
    Entry,
    LetterList,
    drafts_are_current,
    is_as_written,
    read_draft,
    read_outbox,
)
from pipeline.outbox.journal import LetterId, Past, past_of, read_journal
from pipeline.outbox.letters import copies, recipients
from pipeline.outbox.send import Outgoing, Post, Result, send_letters
from pipeline.outbox.smtp import Login
from pipeline.words import Words

WAITING = ("draft", "partly", "failed")


@dataclass(frozen=True)
class Line:
    """One line of the list of letters.

    `state`: "draft", "sent", "partly", "failed", "not_tried", "uncertain", "blocked" or "no_letter"; `reasons` are
    sentences for people. `bytes` is the size of the whole message, `sent_at` when it went out.
    """

    key: str
    to: tuple[str, ...]
    cc: tuple[str, ...]
    subject: str
    bytes: int
    attachments: tuple[str, ...]
    left_behind: str
    state: str
    reasons: tuple[str, ...] = ()
    sent_at: str = ""


@dataclass(frozen=True)
class Outbox:
    """The letters of a month, or of a longer period."""

    month: AnyPeriod
    edition: int
    lines: tuple[Line, ...]

    @property
    def all_went(self) -> bool:
        """Whether every letter that there is was sent."""
        return all(line.state in ("sent", "no_letter") for line in self.lines)

    def as_json(self) -> Mapping[str, Any]:
        """The letters as `--json` prints them."""
        return {"month": str(self.month), "edition": self.edition, "letters": [vars(line) for line in self.lines]}


@dataclass(frozen=True)
class World:
    """What sending needs from outside: login, clock, a way to wait (in seconds), certificates to trust."""

    login: Login | None
    clock: Callable[[], dt.datetime]
    pause: Callable[[float], object]
    context: ssl.SSLContext | None = None


def outbox_of(home: Path, settings: Settings, month: AnyPeriod | None) -> Outbox:
    """The letters of a month (the newest reported one) or a longer period, and what became of them.

    Raises:
        YuebaoError: when there are no drafts, or not of the newest edition and the settings as they are.
    """
    return _Desk.of(home, settings, month).outbox()


def send_outbox(
    home: Path, settings: Settings, month: AnyPeriod | None, world: World, again: Sequence[str] = ()
) -> Outbox:
    """Sends what has not been sent, and the letters named in `again` whatever became of them.

    Raises:
        YuebaoError: as `outbox_of`, and when `again` names no letter, or one that cannot go.
        SettingsError: when the settings name no mail server or sender.
        LedgerBusy: while a run, or another sending, is at work.
    """
    words = settings.words
    with ledger_lock(home, words):
        desk = _Desk.of(home, settings, month)
        sender = desk.sender()
        outgoing = desk.outgoing(again)
        post = Post(
            settings.mail, sender, world.login, home, world.clock, world.pause, words, context=world.context
        )
        results = {one.letter.letter: one for one in send_letters(outgoing, post)}
        return _with_results(_Desk.of(home, settings, desk.listed.month).outbox(), results)


def _with_results(outbox: Outbox, results: Mapping[str, Result]) -> Outbox:
    """The list after sending: what this run tried has its own state and reasons."""
    lines = [
        replace(line, state=results[line.key].state, reasons=results[line.key].reasons)
        if line.key in results and results[line.key].state != "sent"
        else line
        for line in outbox.lines
    ]
    return replace(outbox, lines=tuple(lines))


@dataclass(frozen=True)
class _Desk:
    """A month's drafts beside the master data and the journal."""

    folder: Path
    settings: Settings
    words: Words
    listed: LetterList
    masters: Mapping[str, pd.DataFrame]
    journal: Mapping[LetterId, Past]

    @classmethod
    def of(cls, home: Path, settings: Settings, month: AnyPeriod | None) -> "_Desk":
        words = settings.words.told_of("period") if isinstance(month, Period) else settings.words
        manifest = read_manifest(home)
        last = max(manifest.months_reported(), default=None)
        chosen = month or last
        if chosen is None:
            raise YuebaoError(words("outbox.error.nothing"))
        folder = period_folder(home, chosen)
        listed, edition = read_outbox(folder), manifest.edition_of(chosen)
        if listed is None or edition is None:
            raise YuebaoError(words("outbox.error.no_drafts", month=chosen))
        in_folder = written_edition(folder)[:2] == (edition.number, edition.digest)
        pending = set(map(str, chosen.months)) & set(manifest.pending)
        is_newest = in_folder and listed.edition == edition.number and not pending
        if isinstance(chosen, Period) and is_newest:
            is_newest = not rests_on_older(folder, chosen, manifest)
        if not is_newest or not drafts_are_current(folder, settings.mail):
            raise YuebaoError(words("outbox.error.old_drafts", month=chosen))
        masters = Ledger(home, manifest, settings.profile.forms).masters(chosen.last)
        return cls(folder, settings, words, listed, masters, read_journal(home))

    def outbox(self) -> Outbox:
        lines = [self._line(entry) for entry in self.listed.letters]
        without = [
            Line(
                one.key,
                (),
                (),
                "",
                0,
                (),
                "",
                "no_letter",
                (f"{one.name}: {self._reason(one.reason, one.found)}",),
            )
            for one in self.listed.without
        ]
        return Outbox(self.listed.month, self.listed.edition, (*lines, *without))

    def sender(self) -> Address:
        mail = self.settings.mail
        if not mail.host or not mail.sender:
            raise SettingsError(self.words("outbox.error.no_server", folder=self.folder / OUTBOX))
        sender = read_sender(mail.sender)
        if sender is None:
            raise SettingsError(self.words("outbox.error.bad_sender", sender=mail.sender))
        return sender

    def outgoing(self, again: Sequence[str]) -> list[Outgoing]:
        letters = {entry.key: entry for entry in self.listed.letters}
        for key in again:
            if key not in letters:
                raise YuebaoError(self.words("outbox.error.unknown_letter", letter=key, known=", ".join(letters)))
            if blocked := self._blocked(letters[key]):
                raise YuebaoError(self._reason(blocked))
        return [self._outgoing(one, key in again) for key, one in letters.items() if self._goes(one, again)]

    def _goes(self, entry: Entry, again: Sequence[str]) -> bool:
        return not self._blocked(entry) and (entry.key in again or self._line(entry).state in WAITING)

    def _outgoing(self, entry: Entry, again: bool) -> Outgoing:
        past = self._past(entry)
        everybody = (*entry.to, *entry.cc)
        to = everybody if again else tuple(one for one in everybody if one not in past.delivered)
        return Outgoing(self.listed.id_of(entry), entry.message_id, to, read_draft(self.folder, entry) or b"")

    def _line(self, entry: Entry) -> Line:
        state, reasons = self._state(entry)
        past = self._past(entry)
        return Line(
            entry.key, entry.to, entry.cc, entry.subject, entry.bytes, entry.attachments, entry.left_behind,
            state, reasons, max(past.delivered.values(), default=""),
        )  # fmt: skip

    def _state(self, entry: Entry) -> tuple[str, tuple[str, ...]]:
        past = self._past(entry)
        if past.unclear:
            return "uncertain", (self._reason("interrupted"), self.words("outbox.list.again", letter=entry.key))
        if not {*entry.to, *entry.cc} - past.delivered.keys():
            return "sent", ()
        blocked = self._blocked(entry)
        if blocked:
            return "blocked", (self._reason(blocked),)
        if past.delivered:
            return "partly", tuple(past.refused.values())
        return ("failed", tuple(dict.fromkeys(past.refused.values()))) if past.refused else ("draft", ())

    def _blocked(self, entry: Entry) -> str:
        """Why a draft must not go, empty where it may: it is as written, and for whom the master data say."""
        draft = read_draft(self.folder, entry)
        if draft is None:
            return "draft_missing"
        if not is_as_written(draft, entry):
            return "draft_changed"
        mail = self.settings.mail
        right = (recipients(entry.key, self.masters, mail), copies(mail)) == (entry.to, entry.cc)
        return "" if right else "other_address"

    def _past(self, entry: Entry) -> Past:
        return past_of(self.listed.id_of(entry), self.journal)

    def _reason(self, reason: str, found: str = "") -> str:
        return self.words(f"outbox.reason.{reason}", found=found, month=self.listed.month)
