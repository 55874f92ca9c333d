"""A letter as a message in a file: an `.eml` that mail programs open as an unsent draft. Pure.

The same letter and files give the same bytes: boundaries are fixed, the date is the first day after the month, and the
Message-ID comes from the content. Every part is base64 in ASCII, so no server has to change anything on the way.
"""

import base64
import datetime as dt
import hashlib
from collections.abc import Mapping
from email.utils import format_datetime

from pipeline.base.period import AnyPeriod
from pipeline.outbox.addresses import Address
from pipeline.outbox.headers import address_header, file_headers, text_header
from pipeline.outbox.letters import Letter

_LINE = "\r\n"
# No line of base64 holds an underscore, so these never occur inside a part.
_MIXED = "=_yuebao_mixed"
_ALTERNATIVE = "=_yuebao_alternative"
_WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_CHINA = dt.timezone(dt.timedelta(hours=8))
_NO_DOMAIN = "yuebao.invalid"  # RFC 2606: never anybody's
_UNSENT = b"X-Unsent: 1"
_DATE = b"Date: "


def draft_bytes(letter: Letter, files: Mapping[str, bytes]) -> bytes:
    """The letter as an unsent message.

    Args:
        letter: the letter.
        files: the content of each of its attachments, by `Workbook.file`.
    """
    content = _multipart("mixed", _MIXED, [_words_part(letter), *_file_parts(letter, files)])
    heads = _heads(letter)
    message_id = _message_id(letter, _LINE.join([*heads, content]))
    return _LINE.join([*heads, f"Message-ID: {message_id}", "X-Unsent: 1", "MIME-Version: 1.0", content]).encode(
        "ascii"
    )


def message_id_of(draft: bytes) -> str:
    """The Message-ID of a draft, empty where it has none."""
    found = [line for line in _head_lines(draft) if line.lower().startswith(b"message-id:")]
    return found[0].split(b":", 1)[1].strip().decode("ascii", "replace") if found else ""


def as_sent(draft: bytes, now: dt.datetime) -> bytes:
    """A draft as it goes out: no longer unsent, with the time of sending."""
    head, separator, body = draft.partition(b"\r\n\r\n")
    date = _DATE + format_datetime(now).encode("ascii")
    lines = [date if line.startswith(_DATE) else line for line in head.split(b"\r\n") if line != _UNSENT]
    return b"\r\n".join(lines) + separator + body


def _head_lines(draft: bytes) -> list[bytes]:
    return draft.partition(b"\r\n\r\n")[0].split(b"\r\n")


def _heads(letter: Letter) -> list[str]:
    heads = [address_header("From", [letter.sender])] if letter.sender else []
    heads.append(address_header("To", letter.to))
    if letter.cc:
        heads.append(address_header("Cc", letter.cc))
    return [*heads, text_header("Subject", letter.subject), f"Date: {_date(letter.month)}"]


def _date(period: AnyPeriod) -> str:
    day = (period.last + 1).first_day
    return format_datetime(dt.datetime(day.year, day.month, day.day, tzinfo=_CHINA))


def _message_id(letter: Letter, content: str) -> str:
    digest = hashlib.sha256(content.encode("ascii")).hexdigest()[:32]
    return f"<{letter.month}.{letter.edition}.{digest}@{_domain(letter.sender)}>"


def _domain(sender: Address | None) -> str:
    return sender.email.rpartition("@")[2] if sender else _NO_DOMAIN


def _words_part(letter: Letter) -> str:
    texts = [_text_part("plain", letter.text), _text_part("html", letter.html)]
    return _multipart("alternative", _ALTERNATIVE, texts)


def _text_part(kind: str, text: str) -> str:
    lines = _LINE.join(text.splitlines()) + _LINE
    return _part([f"Content-Type: text/{kind}; charset=utf-8"], lines.encode("utf-8"))


def _file_parts(letter: Letter, files: Mapping[str, bytes]) -> list[str]:
    return [_part(list(file_headers(_WORKBOOK, one.name)), files[one.file]) for one in letter.attachments]


def _part(heads: list[str], content: bytes) -> str:
    encoded = base64.encodebytes(content).decode("ascii").replace("\n", _LINE)
    return _LINE.join([*heads, "Content-Transfer-Encoding: base64", "", encoded])


def _multipart(kind: str, boundary: str, parts: list[str]) -> str:
    lines = [f'Content-Type: multipart/{kind};{_LINE} boundary="{boundary}"', ""]
    for part in parts:
        lines += [f"--{boundary}", part]
    return _LINE.join([*lines, f"--{boundary}--", ""])
