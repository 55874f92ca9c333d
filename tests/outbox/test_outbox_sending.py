"""Sending against real mail servers on loopback: every letter once, faults stay where they are."""

import datetime as dt
import email
import email.policy
import json
from dataclasses import replace

import pytest
from letters_builder import CONTENT, FILE, letter, report
from mail_servers import PASSWORD, USER, Mailbox, free_port, mail_server, make_certificate

from pipeline.base.errors import SettingsError
from pipeline.contract.settings import MailSettings
from pipeline.outbox.addresses import Address
from pipeline.outbox.eml import draft_bytes, message_id_of
from pipeline.outbox.journal import JOURNAL, NEVER, Journal, LetterId, read_journal
from pipeline.outbox.login import login_from
from pipeline.outbox.send import Outgoing, Post, send_letters
from pipeline.outbox.smtp import Login
from pipeline.words import load_words

# The library cannot know that its line is encrypted from the start, or that a test wants it not to be.
pytestmark = pytest.mark.filterwarnings("ignore:Requiring AUTH while not requiring TLS")

NOON = dt.datetime(2024, 7, 8, 12, tzinfo=dt.UTC)
WORDS = load_words("en")
DRAFT = draft_bytes(letter(), {FILE: CONTENT})


def outgoing(key="region/R01", to=("wang@example.com",), draft=DRAFT) -> Outgoing:
    return Outgoing(LetterId("2024-06", 1, key), message_id_of(draft), tuple(to), draft)


@pytest.fixture
def mailbox():
    return Mailbox()


@pytest.fixture(scope="module")
def certificate(tmp_path_factory):
    return make_certificate(tmp_path_factory.mktemp("certificate"))


@pytest.fixture
def pauses():
    return []


@pytest.fixture
def post_to(tmp_path, pauses):
    def post(port, *, login=None, context=None, host="127.0.0.1", **mail):
        settings = MailSettings(host=host, port=port, **{"security": "none", "pause_seconds": 7, **mail})
        office = Address("", "office@example.com")
        return Post(settings, office, login, tmp_path, lambda: NOON, pauses.append, WORDS, context)

    return post


def events(home) -> list[str]:
    lines = (home / JOURNAL).read_text(encoding="utf-8").splitlines()
    return [json.loads(line)["event"] for line in lines]


def past(home, key="region/R01"):
    return read_journal(home).get(LetterId("2024-06", 1, key), NEVER)


def test_a_letter_arrives_whole_and_no_longer_as_a_draft(mailbox, post_to, tmp_path):
    with mail_server(mailbox) as port:
        (result,) = send_letters([outgoing()], post_to(port))
    assert (result.state, result.accepted) == ("sent", ("wang@example.com",))
    (to, data), message = (
        mailbox.taken[0],
        email.message_from_bytes(mailbox.taken[0][1], policy=email.policy.default),
    )
    assert to == ["wang@example.com"]
    assert data.partition(b"\r\n\r\n")[2] == DRAFT.partition(b"\r\n\r\n")[2]
    assert message["X-Unsent"] is None
    assert message["Date"].datetime == NOON
    assert next(message.iter_attachments()).get_content() == CONTENT
    assert past(tmp_path).delivered == {"wang@example.com": NOON.isoformat()}
    assert events(tmp_path) == ["begun", "ended"]


@pytest.mark.parametrize("security", ["starttls", "tls"])
def test_login_goes_over_an_encrypted_line(security, mailbox, post_to, certificate):
    shown, trust = certificate
    with mail_server(mailbox, security, shown, login=True) as port:
        post = post_to(port, login=Login(USER, PASSWORD), context=trust, host="localhost", security=security)
        (result,) = send_letters([outgoing()], post)
    assert result.state == "sent"
    assert mailbox.logins == [USER]
    assert mailbox.encrypted == [True]


@pytest.mark.parametrize("security", ["starttls", "tls"])
def test_a_certificate_that_nobody_vouches_for_ends_it_before_the_login(security, mailbox, post_to, certificate):
    with mail_server(mailbox, security, certificate[0], login=True) as port:
        post = post_to(port, login=Login(USER, PASSWORD), host="localhost", security=security)
        (result,) = send_letters([outgoing()], post)
    assert result.state == "not_tried"
    assert "certificate of the mail server localhost" in result.reasons[0]
    assert mailbox.logins == []
    assert not mailbox.taken


def test_a_wrong_password_is_tried_once_for_all_letters(mailbox, post_to, certificate, pauses, tmp_path):
    shown, trust = certificate
    with mail_server(mailbox, "starttls", shown, login=True) as port:
        post = post_to(port, login=Login(USER, "wrong"), context=trust, host="localhost", security="starttls")
        results = send_letters([outgoing("region/R01"), outgoing("region/R02")], post)
    assert [one.state for one in results] == ["not_tried", "not_tried"]
    assert "does not take this user and password (535)" in results[1].reasons[0]
    assert (
        mailbox.logins == [USER] * 2
    )  # by AUTH PLAIN, then by AUTH LOGIN; not for each letter, not in each round
    assert pauses == []
    assert not (tmp_path / JOURNAL).exists()
    assert "wrong" not in repr(post.login)


def test_a_server_without_starttls_gets_nothing(mailbox, post_to):
    with mail_server(mailbox) as port:
        (result,) = send_letters([outgoing()], post_to(port, security="starttls"))
    assert "no STARTTLS" in result.reasons[0]
    assert not mailbox.taken


def test_a_password_never_travels_in_the_clear(mailbox, post_to):
    with mail_server(mailbox, login=True) as port:
        (result,) = send_letters([outgoing()], post_to(port, login=Login(USER, PASSWORD)))
    assert "there is no login" in result.reasons[0]
    assert mailbox.logins == []


def test_one_refused_address_does_not_stop_the_rest(mailbox, post_to, tmp_path):
    mailbox.answers_to["gone@example.com"] = ["550 no such user"]
    letters = [
        outgoing("region/R01", ["gone@example.com"]),
        outgoing("region/R02", ["gone@example.com", "zhao@example.com"]),
        outgoing("region/R03", ["li@example.com"]),
    ]
    mailbox.answers_to["gone@example.com"] *= 2
    with mail_server(mailbox) as port:
        results = send_letters(letters, post_to(port))
    assert [one.state for one in results] == ["failed", "partly", "sent"]
    assert results[0].reasons == ("gone@example.com was refused: 550 no such user",)
    assert mailbox.recipients == ["zhao@example.com", "li@example.com"]
    assert past(tmp_path, "region/R02").delivered.keys() == {"zhao@example.com"}
    assert past(tmp_path, "region/R02").refused == {
        "gone@example.com": "gone@example.com was refused: 550 no such user"
    }


def test_refused_for_the_moment_is_tried_again_after_a_pause_and_only_for_whom_it_was(mailbox, post_to, pauses):
    mailbox.answers_to["slow@example.com"] = ["451 greylisted", "451 greylisted"]
    with mail_server(mailbox) as port:
        results = send_letters(
            [outgoing("region/R01", ["slow@example.com", "wang@example.com"]), outgoing("region/R02")],
            post_to(port),
        )
    assert [one.state for one in results] == ["sent", "sent"]
    assert [to for to, _ in mailbox.taken] == [["wang@example.com"], ["wang@example.com"], ["slow@example.com"]]
    assert pauses == [7, 14]


def test_after_the_last_try_it_is_a_failure(mailbox, post_to, pauses):
    mailbox.answers_to["wang@example.com"] = ["451 later"] * 9
    with mail_server(mailbox) as port:
        (result,) = send_letters([outgoing()], post_to(port, tries=2))
    assert (result.state, result.reasons) == ("failed", ("wang@example.com was refused: 451 later",))
    assert pauses == [7]


def test_a_message_that_the_server_finds_too_large_is_refused_for_all_its_recipients(mailbox, post_to, tmp_path):
    mailbox.answers = ["552 too large"]
    with mail_server(mailbox) as port:
        (result,) = send_letters([outgoing(to=["a@example.com", "b@example.com"])], post_to(port))
    assert result.state == "failed"
    assert [one.rpartition(": ")[2] for one in result.reasons] == ["552 too large"] * 2
    assert past(tmp_path).unclear == frozenset()


def test_a_line_that_breaks_before_the_message_is_opened_again(mailbox, post_to, tmp_path):
    mailbox.breaks = ["rcpt"]
    with mail_server(mailbox) as port:
        results = send_letters([outgoing("region/R01"), outgoing("region/R02")], post_to(port))
    assert [one.state for one in results] == ["sent", "sent"]
    assert len(mailbox.taken) == 2
    assert events(tmp_path) == ["begun", "ended"] * 3  # R01 broken, R02, R01 again


@pytest.mark.parametrize("moment", ["data", "answer"])
def test_a_line_that_breaks_before_the_answer_leaves_it_open_and_is_not_tried_again(
    moment, mailbox, post_to, tmp_path
):
    mailbox.breaks = [moment]
    with mail_server(mailbox) as port:
        results = send_letters([outgoing("region/R01"), outgoing("region/R02")], post_to(port))
    assert [one.state for one in results] == ["uncertain", "sent"]
    assert len(mailbox.taken) == {"data": 1, "answer": 2}[moment]  # nobody can tell from here
    assert past(tmp_path).unclear == {"wang@example.com"}
    assert past(tmp_path, "region/R02").unclear == frozenset()


def test_a_server_that_is_away_is_asked_once_a_round_not_once_a_letter(post_to, pauses, tmp_path):
    letters = [outgoing(f"region/R{number}") for number in range(50)]
    results = send_letters(letters, post_to(free_port()))
    assert {one.state for one in results} == {"not_tried"}
    assert "no connection to the mail server 127.0.0.1" in results[49].reasons[0]
    assert pauses == [7, 14]
    assert not (tmp_path / JOURNAL).exists()


def test_a_line_that_begins_with_a_dot_arrives_as_it_is(mailbox, post_to):
    draft = b"To: wang@example.com\r\nDate: x\r\n\r\n.one\r\n..two\r\nthree\r\n"
    with mail_server(mailbox) as port:
        send_letters([outgoing(draft=draft)], post_to(port))
    assert mailbox.taken[0][1].endswith(b"\r\n\r\n.one\r\n..two\r\nthree\r\n")


class _Killed(BaseException):
    """As when the process is ended from outside."""


def test_a_run_killed_after_the_server_took_the_letter_leaves_it_unclear(mailbox, post_to, tmp_path):
    def clock():
        if mailbox.taken:
            raise _Killed
        return NOON

    with mail_server(mailbox) as port, pytest.raises(_Killed):
        send_letters([outgoing()], replace(post_to(port), clock=clock))
    assert events(tmp_path) == ["begun"]
    assert past(tmp_path).unclear == {"wang@example.com"}


def test_a_run_that_died_between_leaves_its_letter_unclear(tmp_path):
    one = LetterId("2024-06", 1, "region/R01")
    Journal(tmp_path).begun(one, "2024-07-08T12:00:00", "<x>", ["a@example.com"])
    with (tmp_path / JOURNAL).open("a", encoding="utf-8") as file:
        file.write('{"at": "2024-07-08T12:00:01", "mon')  # killed while writing that it had ended
    assert past(tmp_path).unclear == {"a@example.com"}
    Journal(tmp_path).ended(one, "2024-07-08T13:00:00", "<x>", ["a@example.com"], ["a@example.com"], {})
    assert (past(tmp_path).unclear, past(tmp_path).delivered) == (
        frozenset(),
        {"a@example.com": "2024-07-08T13:00:00"},
    )


def test_another_edition_is_another_letter(tmp_path):
    Journal(tmp_path).begun(LetterId("2024-06", 1, "region/R01"), "x", "<x>", ["a@example.com"])
    assert LetterId("2024-06", 2, "region/R01") not in read_journal(tmp_path)


class _Keyring:
    """Stands for the library: passwords by user, or locked."""

    class errors:
        class KeyringError(Exception):
            pass

    def __init__(self, passwords=None):
        self.passwords = passwords

    def get_password(self, service, user):
        if self.passwords is None:
            raise self.errors.KeyringError("locked")
        return self.passwords.get((service, user))


@pytest.mark.parametrize(
    ("environment", "keyring", "expected"),
    [
        ({}, None, None),
        ({"YUEBAO_MAIL_USER": "u", "YUEBAO_MAIL_PASSWORD": "p"}, None, Login("u", "p")),
        ({"YUEBAO_MAIL_PASSWORD": "p"}, None, Login("office@example.com", "p")),
        ({"YUEBAO_MAIL_USER": "u"}, _Keyring({("yuebao", "u"): "k"}), Login("u", "k")),
        ({}, _Keyring({("yuebao", "office@example.com"): "k"}), Login("office@example.com", "k")),
        ({}, _Keyring({}), None),
        ({}, _Keyring(None), None),
    ],
)
def test_login_comes_from_the_environment_or_the_keyring(environment, keyring, expected):
    assert login_from(environment, report().settings.mail, WORDS, keyring) == expected


def test_a_user_without_a_password_is_said():
    with pytest.raises(SettingsError, match="YUEBAO_MAIL_PASSWORD"):
        login_from({"YUEBAO_MAIL_USER": "u"}, MailSettings(), WORDS, _Keyring(None))
