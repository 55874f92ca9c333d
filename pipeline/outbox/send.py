"""Sending letters: each attempt stands in the journal before and after, and one failure does not stop the rest."""

import datetime as dt
import smtplib
import ssl
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from pipeline.contract.settings import MailSettings
from pipeline.outbox.addresses import Address
from pipeline.outbox.eml import as_sent
from pipeline.outbox.journal import Journal, LetterId
from pipeline.outbox.smtp import Answer, Broken, Login, ServerRefused, close, connect, deliver
from pipeline.words import Words

State = Literal["sent", "partly", "failed", "uncertain", "not_tried"]


@dataclass(frozen=True)
class Outgoing:
    """A letter to send to those addresses that have not got it yet."""

    letter: LetterId
    message_id: str
    to: tuple[str, ...]
    draft: bytes


@dataclass(frozen=True)
class Result:
    """What became of a letter in this run: who got it, and a sentence for each thing that went wrong.

    "sent" and "failed" speak of the addresses it was to go to in this run.
    """

    letter: LetterId
    state: State
    accepted: tuple[str, ...] = ()
    reasons: tuple[str, ...] = ()


@dataclass(frozen=True)
class Post:
    """All that sending needs from the world: server, login, clock, a way to wait, whom to trust.

    `pause` takes seconds. `context` stands in for the system's certificates.
    """

    mail: MailSettings
    sender: Address
    login: Login | None
    home: Path
    clock: Callable[[], dt.datetime]
    pause: Callable[[float], object]
    words: Words
    context: ssl.SSLContext | None = None


def send_letters(letters: Sequence[Outgoing], post: Post) -> tuple[Result, ...]:
    """Sends letters one after another over one connection, a new one when it breaks.

    What failed for the moment is tried again in further rounds, after a pause. When the server cannot be used at all,
    nothing more is tried: many wrong logins lock an account.
    """
    sendings = [_Sending(post, letter) for letter in letters]
    line = _Line(post)
    try:
        for number in range(post.mail.tries):
            waiting = [one for one in sendings if one.waiting]
            if waiting and number:
                post.pause(post.mail.pause_seconds * number)
            _round(waiting, line)
    except ServerRefused as error:
        for one in sendings:
            one.broken = str(error) if one.waiting else one.broken
    finally:
        line.close()
    return tuple(one.result() for one in sendings)


def _round(waiting: Sequence["_Sending"], line: "_Line") -> None:
    """Each letter that waits, once; where nobody answers, the others are left for the next round."""
    for place, one in enumerate(waiting):
        try:
            server = line.open()
        except Broken as broken:
            for left in waiting[place:]:
                left.broken = str(broken)
            return
        try:
            one.attempt(server)
        except Broken as broken:
            one.broken = str(broken)
            line.close()


@dataclass
class _Line:
    """The connection, opened when it is needed."""

    post: Post
    server: smtplib.SMTP | None = None

    def open(self) -> smtplib.SMTP:
        if self.server is None:
            self.server = connect(self.post.mail, self.post.login, self.post.context, self.post.words)
        return self.server

    def close(self) -> None:
        if self.server is not None:
            close(self.server)
        self.server = None


class _Sending:
    """One letter on its way: for whom it waits, who took it, who did not."""

    def __init__(self, post: Post, letter: Outgoing) -> None:
        self.post = post
        self.letter = letter
        self.waiting = letter.to
        self.accepted: tuple[str, ...] = ()
        self.refused: dict[str, Answer] = {}
        self.broken = ""
        self.tried = self.unclear = False

    def attempt(self, server: smtplib.SMTP) -> None:
        """One attempt, entered in the journal before and after.

        Raises:
            Broken: when the conversation breaks off; where it is unclear what arrived, the letter waits no more.
        """
        self.tried, self.broken, to = True, "", self.waiting
        journal, letter, words = Journal(self.post.home), self.letter, self.post.words
        journal.begun(letter.letter, self._now(), letter.message_id, to)
        message = as_sent(letter.draft, self.post.clock())
        try:
            delivery = deliver(server, self.post.sender.email, to, message, words)
        except Broken as broken:
            self._broke_off(broken, journal)
            raise
        self.accepted += delivery.accepted
        self.refused = dict(delivery.refused) | {one: why for one, why in self.refused.items() if one not in to}
        said = {one: self._refusal(one) for one in delivery.refused}
        journal.ended(letter.letter, self._now(), letter.message_id, to, delivery.accepted, said)
        self.waiting = tuple(one for one, answer in delivery.refused.items() if answer.passing)

    def result(self) -> Result:
        reasons = [self._refusal(one) for one in self.refused]
        return Result(self.letter.letter, self._state(), self.accepted, (*reasons, *filter(None, [self.broken])))

    def _broke_off(self, broken: Broken, journal: Journal) -> None:
        letter, to = self.letter, self.waiting
        if broken.unclear:
            self.unclear, self.waiting = True, ()
            journal.unclear(letter.letter, self._now(), letter.message_id, to)
        else:
            journal.ended(letter.letter, self._now(), letter.message_id, to, (), dict.fromkeys(to, str(broken)))

    def _state(self) -> State:
        if self.unclear:
            return "uncertain"
        if len(self.accepted) == len(self.letter.to):
            return "sent"
        if self.accepted:
            return "partly"
        return "failed" if self.tried else "not_tried"

    def _refusal(self, address: str) -> str:
        answer = self.refused[address]
        return self.post.words("outbox.reason.refused", address=address, code=answer.code, text=answer.text)

    def _now(self) -> str:
        return self.post.clock().isoformat(timespec="seconds")
