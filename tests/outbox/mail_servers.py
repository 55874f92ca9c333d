"""Real mail servers on loopback, with faults to order, and a certificate made for them."""

import shutil
import socket
import ssl
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, LoginPassword

USER, PASSWORD = "office@example.com", "a secret of the tests"


class Mailbox:
    """What a server took: (recipients, message). Replies to order: by recipient, one after another; by message."""

    def __init__(self) -> None:
        self.taken: list[tuple[list[str], bytes]] = []
        self.answers_to: dict[str, list[str]] = {}
        self.answers: list[str] = []
        self.breaks: list[str] = []  # "rcpt", "data" (before anything is taken), "answer" (after)
        self.logins: list[str] = []
        self.encrypted: list[bool] = []

    async def handle_RCPT(self, server: SMTP, session: Any, envelope: Any, address: str, options: Any) -> str:
        if self.breaks[:1] == ["rcpt"]:
            self._cut(server)
        waiting = self.answers_to.get(address)
        answer = waiting.pop(0) if waiting else "250 OK"
        if answer.startswith("250"):
            envelope.rcpt_tos.append(address)
        return answer

    async def handle_DATA(self, server: SMTP, session: Any, envelope: Any) -> str:
        if self.breaks[:1] == ["data"]:
            self._cut(server)
            return "451 gone"
        answer = self.answers.pop(0) if self.answers else "250 OK"
        if answer.startswith("250"):
            self.taken.append((list(envelope.rcpt_tos), envelope.original_content))
            self.encrypted.append(server.transport.get_extra_info("ssl_object") is not None)
        if self.breaks[:1] == ["answer"]:
            self._cut(server)
        return answer

    def login(self, server: SMTP, session: Any, envelope: Any, mechanism: str, data: Any) -> AuthResult:
        assert isinstance(data, LoginPassword)
        self.logins.append(data.login.decode())
        right = (data.login, data.password) == (USER.encode(), PASSWORD.encode())
        return AuthResult(success=right, handled=False)

    @property
    def recipients(self) -> list[str]:
        return [one for to, _ in self.taken for one in to]

    def _cut(self, server: SMTP) -> None:
        self.breaks.pop(0)
        server.transport.abort()


class _Controller(Controller):
    """On a free port; `security` as in the settings."""

    def __init__(self, mailbox: Mailbox, security: str, context: ssl.SSLContext | None, login: bool) -> None:
        self.starttls = context if security == "starttls" else None
        self.mailbox, self.wants_login = mailbox, login
        super().__init__(
            mailbox,
            hostname="127.0.0.1",
            port=free_port(),
            ssl_context=context if security == "tls" else None,
            server_hostname="localhost",
        )

    def factory(self) -> SMTP:
        login: dict[str, Any] = (
            {"authenticator": self.mailbox.login, "auth_required": True} if self.wants_login else {}
        )
        encrypted = bool(self.starttls)
        return SMTP(
            self.mailbox,
            hostname="localhost",
            tls_context=self.starttls,
            require_starttls=encrypted,
            auth_require_tls=encrypted,
            **login,
        )


@contextmanager
def mail_server(
    mailbox: Mailbox, security: str = "none", context: ssl.SSLContext | None = None, *, login: bool = False
) -> Iterator[int]:
    """A server that runs while the block does; gives its port."""
    controller = _Controller(mailbox, security, context, login)
    controller.start()
    try:
        yield controller.port
    finally:
        controller.stop()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def make_certificate(folder: Path) -> tuple[ssl.SSLContext, ssl.SSLContext]:
    """A self-signed certificate for localhost: what the server shows, and what a client that trusts it uses."""
    openssl = shutil.which("openssl")
    if openssl is None:
        pytest.skip("no openssl command to make a certificate with")
    key, certificate = folder / "key.pem", folder / "certificate.pem"
    subprocess.run(
        [
            openssl, "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes",
            "-days", "2", "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1",
            "-keyout", str(key), "-out", str(certificate),
        ],
        check=True, capture_output=True,
    )  # fmt: skip
    shown = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    shown.load_cert_chain(certificate, key)
    return shown, ssl.create_default_context(cafile=str(certificate))
