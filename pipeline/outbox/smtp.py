"""One conversation with a mail server, step by step, so that it is known how far a letter came when it breaks off."""

import re
import smtplib
import ssl
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from pipeline.base.errors import YuebaoError
from pipeline.contract.settings import MailSettings
from pipeline.words import Words

TIMEOUT_SECONDS = 60
_LINE_WITH_DOT = re.compile(rb"(?m)^\.")
_READY_FOR_DATA = 354
_OK = 250
_ANSWER_SHOWN = 200


class ServerRefused(YuebaoError):
    """The mail server cannot be used at all; nothing further is tried."""


class Broken(Exception):
    """The conversation broke off. `unclear`: the whole letter was on its way, and only the answer is missing."""

    def __init__(self, text: str, *, unclear: bool) -> None:
        super().__init__(text)
        self.unclear = unclear


@dataclass(frozen=True)
class Login:
    """User and password for the mail server; never kept anywhere."""

    user: str
    password: str = field(repr=False)


@dataclass(frozen=True)
class Answer:
    """What a server said: its code, and its text on one line."""

    code: int
    text: str

    @property
    def good(self) -> bool:
        """Whether the server did what it was asked for."""
        return 200 <= self.code < 300

    @property
    def passing(self) -> bool:
        """Refused for the moment; worth another try."""
        return 400 <= self.code < 500


@dataclass(frozen=True)
class Delivery:
    """How one attempt went: which addresses the server took the letter for, and what it said to the others."""

    accepted: tuple[str, ...]
    refused: Mapping[str, Answer]


def connect(mail: MailSettings, login: Login | None, context: ssl.SSLContext | None, words: Words) -> smtplib.SMTP:
    """An open, secured conversation, logged in where there is a login.

    Raises:
        ServerRefused: for what another try cannot cure: certificate, login, no STARTTLS.
        Broken: when there is no connection.
    """
    if login and mail.security == "none":
        raise ServerRefused(words("outbox.reason.login_readable"))
    try:
        return _logged_in(mail, login, context or ssl.create_default_context())
    except ssl.SSLCertVerificationError as error:
        text = words("outbox.reason.bad_certificate", host=mail.host, text=error.verify_message)
        raise ServerRefused(text) from error
    except smtplib.SMTPAuthenticationError as error:
        raise ServerRefused(words("outbox.reason.login_refused", code=error.smtp_code)) from error
    except smtplib.SMTPNotSupportedError as error:
        key = "no_starttls" if "STARTTLS" in str(error) else "not_connected"
        text = words(f"outbox.reason.{key}", host=mail.host, port=mail.port, text=error)
        raise ServerRefused(text) from error
    except OSError as error:
        text = words("outbox.reason.not_connected", host=mail.host, port=mail.port, text=_said(error))
        raise Broken(text, unclear=False) from error


def deliver(server: smtplib.SMTP, sender: str, addresses: Sequence[str], message: bytes, words: Words) -> Delivery:
    """Hands one message over for some addresses.

    Raises:
        Broken: when the conversation breaks off; unclear only once the last line of the message was sent.
    """
    sent_whole = False
    try:
        refused, taken = _envelope(server, sender, addresses, len(message))
        if not taken:
            server.rset()
            return Delivery((), refused)
        ready = _answer(server.docmd("DATA"))
        if ready.code != _READY_FOR_DATA:
            server.rset()
            return Delivery((), {**refused, **dict.fromkeys(taken, ready)})
        server.send(_with_dots(message))
        sent_whole = True
        server.send(b".\r\n")
        answer = _answer(server.getreply())
    except OSError as error:  # smtplib's own errors are among them
        raise Broken(words("outbox.reason.broken", text=_said(error)), unclear=sent_whole) from error
    if answer.code == _OK:
        return Delivery(taken, refused)
    return Delivery((), {**refused, **dict.fromkeys(taken, answer)})


def close(server: smtplib.SMTP) -> None:
    """Ends a conversation politely where the server still listens."""
    try:
        server.quit()
    except OSError:
        server.close()


def _logged_in(mail: MailSettings, login: Login | None, trust: ssl.SSLContext) -> smtplib.SMTP:
    if mail.security == "tls":
        server: smtplib.SMTP = smtplib.SMTP_SSL(mail.host, mail.port, timeout=TIMEOUT_SECONDS, context=trust)
    else:
        server = smtplib.SMTP(mail.host, mail.port, timeout=TIMEOUT_SECONDS)
    try:
        if mail.security == "starttls":
            server.starttls(context=trust)
        if login:
            server.login(login.user, login.password)
    except OSError:
        server.close()
        raise
    return server


def _envelope(
    server: smtplib.SMTP, sender: str, addresses: Sequence[str], size: int
) -> tuple[dict[str, Answer], tuple[str, ...]]:
    """Names sender and recipients; gives who was refused, and who was taken."""
    server.ehlo_or_helo_if_needed()
    options = [f"size={size}"] if server.has_extn("size") else []
    answer = _answer(server.mail(sender, options))
    if not answer.good:
        return dict.fromkeys(addresses, answer), ()
    answers = {address: _answer(server.rcpt(address)) for address in addresses}
    refused = {address: answer for address, answer in answers.items() if not answer.good}
    return refused, tuple(address for address, answer in answers.items() if answer.good)


def _with_dots(message: bytes) -> bytes:
    """A line that begins with a dot gets another one: a single dot ends the message (RFC 5321, 4.5.2)."""
    whole = message if message.endswith(b"\r\n") else message + b"\r\n"
    return _LINE_WITH_DOT.sub(b"..", whole)


def _answer(reply: tuple[int, bytes]) -> Answer:
    code, text = reply
    if code == -1:
        raise smtplib.SMTPServerDisconnected(text.decode("utf-8", "replace"))
    return Answer(code, _one_line(text.decode("utf-8", "replace")))


def _said(error: OSError) -> str:
    return _one_line(error.strerror or str(error) or type(error).__name__)


def _one_line(text: str) -> str:
    return " ".join(text.split())[:_ANSWER_SHOWN]
