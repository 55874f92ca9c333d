"""The encoding of a text file, told by which reading of its bytes makes sense; where two do, none is taken.

Nearly any bytes of Big5 are also GB18030 and the other way round, and read so they are other signs: 客戶 becomes
め. What tells them apart is that people write frequent signs: those of the first level of GB 2312 or of Big5.
"""

import codecs
import re
from dataclasses import dataclass

MARKED = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
MARK = "\ufeff"
UNKNOWN = "\ufffd"
_FREQUENT_ENOUGH = 0.7  # of the Chinese signs of a text; read in the wrong encoding it is a third to a half
_FREQUENT_IF_ALONE = 0.3  # where the bytes are nothing in the other encoding
_CLEARLY_MORE = 0.15
_GOOD_A_BAD = (
    3  # valid signs of more than one byte for each byte that is none, for a text to be UTF-8 all the same
)
_SAMPLE = 200_000
_ACCENTED = re.compile(r"(?<=[A-Za-z])[\u00c0-\u024f]|[\u00c0-\u024f](?=[A-Za-z])")
_SIGNS = re.compile(r"[^\x00-\x7f\u3000-\u303f\uff00-\uffef]")


@dataclass(frozen=True)
class Decoded:
    """A text, and how many of its signs could not be read (they stand as U+FFFD)."""

    text: str
    unknown: int = 0


def decode(data: bytes, encoding: str = "") -> Decoded | None:
    """The text of a file; None where no encoding, or more than one, makes sense of it.

    Args:
        data: the whole file.
        encoding: the encoding, where it was said; otherwise it is found.
    """
    if encoding:
        text = data.decode(encoding, errors="replace").lstrip(MARK)
        return Decoded(text, text.count(UNKNOWN))
    for mark, name in MARKED:
        if data.startswith(mark):
            text = data.decode(name, errors="replace").lstrip(MARK)
            unknown = text.count(UNKNOWN)
            return Decoded(text, unknown) if unknown * _GOOD_A_BAD <= len(text) else None
    if wide := unmarked_wide(data):
        return Decoded(data.decode(wide))
    return _narrow(data)


def unmarked_wide(data: bytes) -> str:
    """UTF-16 without a mark: every second byte of the plain signs is zero; "" for other bytes."""
    if len(data) % 2 or b"\x00" not in data:
        return ""
    even, odd = data[::2].count(0), data[1::2].count(0)
    name = "utf-16-le" if odd > 9 * even else "utf-16-be" if even > 9 * odd else ""
    try:
        text = data.decode(name) if name else ""
    except UnicodeDecodeError:
        return ""
    return name if "\x00" not in text and any(sign in text for sign in "\n,\t;") else ""


def _narrow(data: bytes) -> Decoded | None:
    text = data.decode("utf-8", errors="replace")
    unknown = text.count(UNKNOWN)
    several = sum(1 for sign in text[:_SAMPLE] if sign > "\x7f" and sign != UNKNOWN)
    if not unknown and (not several or _makes_sense_as_utf8(text, data)):
        return Decoded(text)
    chinese = _chinese(data)
    if unknown and several >= _GOOD_A_BAD * text[:_SAMPLE].count(UNKNOWN) and chinese is None:
        return Decoded(text, unknown)
    return Decoded(chinese) if chinese is not None else (Decoded(text) if not unknown else None)


def _makes_sense_as_utf8(text: str, data: bytes) -> bool:
    """Whether it is not rather Chinese of two bytes a sign, a few of whose pairs are Greek or Arabic in UTF-8."""
    return any(sign >= "\u0800" for sign in text) or _is_latin(text) or _chinese(data) is None


def _is_latin(text: str) -> bool:
    """Whether the signs that are not plain are letters with accents inside of words, as in José: a pair of bytes in
    Chinese stands there by itself hardly ever."""
    several = sum(1 for sign in text if sign > "\x7f")
    return several == len(_ACCENTED.findall(text))


def _chinese(data: bytes) -> str | None:
    """The text in GB18030 or Big5, whichever has frequent signs; None where neither has, or both alike."""
    shares = {name: (_share_of_frequent(data, name), name) for name in ("gb18030", "cp950")}
    (better, name), (worse, _) = sorted(shares.values(), reverse=True)
    if better >= _FREQUENT_IF_ALONE and worse < 0:
        return data.decode(name)
    if better < _FREQUENT_ENOUGH or better - worse < _CLEARLY_MORE:
        gb18030 = shares["gb18030"][0]
        name = "gb18030" if gb18030 == better and gb18030 >= 1 - _CLEARLY_MORE / 3 else ""
    return data.decode(name) if name else None


def _share_of_frequent(data: bytes, encoding: str) -> float:
    """Which part of the Chinese signs are frequent ones; negative where the bytes are none of this encoding."""
    try:
        signs = _SIGNS.findall(data.decode(encoding)[:_SAMPLE])
    except UnicodeDecodeError:
        return -1.0
    return sum(_is_frequent(sign, encoding) for sign in signs) / len(signs) if signs else 1.0


def _is_frequent(sign: str, encoding: str) -> bool:
    """Whether a sign stands in the first level of its character set, or is punctuation or a unit."""
    try:
        lead = sign.encode("gb2312" if encoding == "gb18030" else "cp950")[0]
    except UnicodeEncodeError:
        return False
    return 0xB0 <= lead <= 0xD7 or lead == 0xA1 if encoding == "gb18030" else 0xA1 <= lead <= 0xC6
