"""How texts that are not plain ASCII stand in a header: RFC 2047 words, RFC 2231 parameters. Pure.

Written by hand rather than by `email.message`, whose folding changes between releases of Python: the bytes of a draft
must not.
"""

import base64
import re
from collections.abc import Iterator, Sequence
from urllib.parse import quote

from pipeline.outbox.addresses import Address, one_line

BREAK = "\r\n "
_LINE = 76  # RFC 2047: no line with an encoded word is longer
_AROUND = len("=?utf-8?B??=")
_PLAIN = re.compile(r"[\x20-\x7e]*")
_ATOMS = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~ -]*")
_SAFE_NAME = re.compile(r"[A-Za-z0-9._-]+")
_SEGMENT = 55  # of a parameter in one line


def text_header(name: str, text: str) -> str:
    """A header of free text, such as the subject."""
    value = one_line(text)
    if _PLAIN.fullmatch(value) and "=?" not in value and len(name) + 2 + len(value) <= _LINE:
        return f"{name}: {value}"
    return f"{name}: {BREAK.join(_encoded_words(value, len(name) + 2))}"


def address_header(name: str, addresses: Sequence[Address]) -> str:
    """A header of mailboxes, one a line."""
    return f"{name}: {f',{BREAK}'.join(_mailbox(one, len(name) + 2) for one in addresses)}"


def file_headers(media_type: str, file_name: str) -> tuple[str, str]:
    """Content-Type and Content-Disposition of an attachment.

    The disposition names the file as RFC 2231 wants it. The type repeats the name in RFC 2047 words, which older
    programs read instead: it is how Thunderbird writes attachments.
    """
    name = one_line(file_name)
    if _SAFE_NAME.fullmatch(name) and len(name) <= _SEGMENT:
        return (
            f'Content-Type: {media_type};{BREAK}name="{name}"',
            f'Content-Disposition: attachment;{BREAK}filename="{name}"',
        )
    words = BREAK.join(_encoded_words(name, len(' name=""')))
    return (
        f'Content-Type: {media_type};{BREAK}name="{words}"',
        f"Content-Disposition: attachment;{BREAK}{f';{BREAK}'.join(_segments('filename', name))}",
    )


def _mailbox(address: Address, used: int) -> str:
    name = one_line(address.name)
    if not name:
        return address.email
    if _PLAIN.fullmatch(name) and "=?" not in name and len(name) <= _LINE - used - 2:
        escaped = name.replace("\\", "\\\\").replace('"', '\\"')
        shown = name if _ATOMS.fullmatch(name) else f'"{escaped}"'
        return f"{shown}{BREAK}<{address.email}>"
    return f"{BREAK.join(_encoded_words(name, used))}{BREAK}<{address.email}>"


def _encoded_words(text: str, used: int) -> list[str]:
    """A text as encoded words, none of which splits a character; `used` is taken up in the line before it."""
    most = (_LINE - used - _AROUND) // 4 * 3
    return [f"=?utf-8?B?{base64.b64encode(part).decode('ascii')}?=" for part in _pieces(text, most)]


def _pieces(text: str, most: int) -> Iterator[bytes]:
    piece = b""
    for character in text:
        encoded = character.encode("utf-8")
        if len(piece) + len(encoded) > most:
            yield piece
            piece = b""
        piece += encoded
    yield piece


def _segments(name: str, text: str) -> list[str]:
    """An RFC 2231 parameter, in numbered segments where one line would be too long."""
    parts: list[str] = [""]
    for character in text:
        encoded = quote(character, safe="")
        if len(parts[-1]) + len(encoded) > _SEGMENT:
            parts.append("")
        parts[-1] += encoded
    if len(parts) == 1:
        return [f"{name}*=UTF-8''{parts[0]}"]
    charset = ["UTF-8''", *[""] * (len(parts) - 1)]
    return [f"{name}*{place}*={charset[place]}{part}" for place, part in enumerate(parts)]
