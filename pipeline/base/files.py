"""Files that are whole or not there, whenever the machine stops; and names that every screen can show."""

import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from io import BufferedReader
from pathlib import Path

_PLAIN = getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
_HIDDEN = {code: f"\\x{code:02x}" for code in (*range(32), *range(127, 160))}


class NotPlain(OSError):
    """What is opened is no file of its own: a link, a pipe, a device."""


def write_atomically(path: Path, data: bytes) -> None:
    """The file holds either what it held or all of `data`, whenever the machine stops or its disk is full."""
    aside = path.with_name(f".{path.name}.new")
    try:
        with aside.open("wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        os.replace(aside, path)
    except OSError:
        with suppress(OSError):
            aside.unlink(missing_ok=True)
        raise
    sync_folder(path.parent)


def sync_folder(folder: Path) -> None:
    """Waits until the names in a folder are on the disk, where the system offers that (Windows does not)."""
    if os.name == "nt":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def sync_tree(folder: Path) -> None:
    """Waits until all files below a folder, and their names, are on the disk."""
    for place, _, names in os.walk(folder):
        for name in names:
            _sync_file(Path(place) / name)
        sync_folder(Path(place))


def _sync_file(path: Path) -> None:
    with path.open("rb+") as file:  # Windows syncs only what may be written to
        os.fsync(file.fileno())


@contextmanager
def open_plain(path: Path) -> Iterator[BufferedReader]:
    """A file opened for reading, never through a link, never a pipe that makes wait.

    Raises:
        NotPlain: when it is no file of its own.
        OSError: when it cannot be opened.
    """
    if path.is_symlink():  # also where the system cannot refuse links while opening
        raise NotPlain(str(path))
    handle = os.open(path, os.O_RDONLY | _PLAIN)
    with os.fdopen(handle, "rb") as file:
        if not stat.S_ISREG(os.fstat(handle).st_mode):
            raise NotPlain(str(path))
        yield file


def readable_name(name: str) -> str:
    """A file's name as text that can be shown and stored.

    Old Chinese systems write names in GBK, which Linux hands on as they are: they are read so where they can be; other
    bytes that are no text, and control characters, are shown as escapes.
    """
    raw = os.fsencode(name)
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError:
        text = _decoded(raw)
    return text.translate(_HIDDEN)


def _decoded(raw: bytes) -> str:
    try:
        return raw.decode("gb18030")
    except UnicodeDecodeError:
        return raw.decode("utf-8", "backslashreplace")
