"""E-mail addresses as people typed them, and names that go into a header. Pure."""

import re
import unicodedata
from dataclasses import dataclass

# What mail servers everywhere take: plain ASCII, a domain with a dot, at most 254 characters.
_ADDRESS = re.compile(
    r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*"
    r"@(?:[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?\.)+[A-Za-z][A-Za-z0-9-]*[A-Za-z0-9]"
)
_LONGEST = 254
_BETWEEN = re.compile(r"[;,；，、]")
_NAMED = re.compile(r"(?P<name>[^<>]*)<(?P<address>[^<>]*)>")


@dataclass(frozen=True)
class Address:
    """A mailbox: a name, empty where there is none, and an address that has been checked."""

    name: str
    email: str


def read_addresses(text: str) -> tuple[str, ...]:
    """The addresses in a cell, several set apart by commas or semicolons; none where one of them is malformed.

    Full-width letters, as a Chinese keyboard types them, are taken for what they mean.
    """
    parts = [unicodedata.normalize("NFKC", part).strip(" ") for part in _BETWEEN.split(text)]
    given = [part for part in parts if part]
    return tuple(dict.fromkeys(given)) if all(is_address(part) for part in given) else ()


def is_address(text: str) -> bool:
    """Whether a text is one mail address."""
    return len(text) <= _LONGEST and _ADDRESS.fullmatch(text) is not None


def read_sender(text: str) -> Address | None:
    """A sender as the settings give it: `office@example.com` or `Office <office@example.com>`."""
    named = _NAMED.fullmatch(text.strip())
    name, email = (named["name"], named["address"]) if named else ("", text)
    return Address(one_line(name).strip('"'), email.strip()) if is_address(email.strip()) else None


def one_line(text: str) -> str:
    """A text without line breaks and control characters, fit for a header."""
    plain = "".join(" " if unicodedata.category(one) in ("Cc", "Zl", "Zp", "Cf", "Cs") else one for one in text)
    return " ".join(plain.split())
