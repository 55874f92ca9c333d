"""Names of files and folders that every system takes, Windows with its reserved words too.

Windows and macOS take `r01` for `R01`: what is named by an id that is not all capitals says so in a few digits more.
"""

import hashlib
import re

LONGEST = 80  # characters of a name; Windows counts the whole path
LONGEST_BYTES = 200  # of a name on Linux, which allows 255 with what is added
UNSEEN = "\x00-\x1f\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ud800-\udfff"
_UNSAFE = re.compile(f'[<>:"/\\\\|?*{UNSEEN}]')
_UNSAFE_ID = re.compile(f'[<>:"/\\\\|?*{UNSEEN}%. ]')
# Devices in every folder of Windows, whatever ending follows; ¹²³ are digits to it.
_RESERVED = re.compile(r"(?i)(con|prn|aux|nul|conin\$|conout\$|clock\$|(com|lpt)[0-9¹²³])\s*(\.|$)")


def safe_name(text: str, identity: str = "", ending: str = "") -> str:
    """`text` as the name of a file or folder.

    Args:
        text: what it is to be called.
        identity: the id in it by which it differs from others in the same folder, empty where nothing does.
        ending: as `.xlsx`; it is not cut.
    """
    mark = _mark(identity)
    cut = _cut(_UNSAFE.sub("_", text).strip(" ."), mark) or "_"
    name = f"{cut}~{mark}" if mark else cut
    return f"_{name}{ending}" if _RESERVED.match(name) else name + ending


def safe_id(text: str) -> str:
    """An id as a part of a name; different ids stay different, also where capitals and small letters are one."""
    safe = _UNSAFE_ID.sub(lambda match: f"%{ord(match[0]):02X}", text) or "%"
    if _RESERVED.match(safe):
        safe = f"%{ord(safe[0]):02X}{safe[1:]}"
    return safe if _is_all_capitals(text) else f"{safe}%~{_digest(text)}"


def _mark(identity: str) -> str:
    """What tells ids apart that their names alone would not."""
    plain = _is_all_capitals(identity) and not _UNSAFE.search(identity) and identity == identity.strip(" .")
    return "" if plain and len(identity) <= LONGEST // 2 else _digest(identity)


def _is_all_capitals(text: str) -> bool:
    return text.casefold().upper() == text


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:6]


def _cut(name: str, mark: str) -> str:
    most = LONGEST - len(mark)
    while len(name) > most or len(name.encode()) > LONGEST_BYTES:
        name = name[:-1]
    return name.strip(" .")
