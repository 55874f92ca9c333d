"""One run at a time: a lock of the operating system, which goes with the process that holds it, however it ends.

Nothing is taken over, so nothing can be taken over twice. In the locked file stands who holds it, since when, for
people, and for a network drive whose locks other computers do not see. Written by hand, as it is two calls of the
system: the libraries for it (filelock, portalocker) keep no such note, and leave the file behind.
"""

import errno
import getpass
import hashlib
import json
import os
import platform
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path
from typing import Any

from pipeline.base.errors import LedgerBusy
from pipeline.words import Words

LOCK = ".yuebao.lock"
BELIEVED_SECONDS = (
    24 * 3600.0
)  # another computer's note in a lock that is free: its run died, or the drive has no locks
_FAR = 1 << 30  # where Windows locks a byte: what is locked there cannot be read by others
_HELD = (errno.EACCES, errno.EAGAIN, errno.EDEADLK)
_NO_LOCKS = (errno.ENOLCK, errno.ENOSYS, errno.ENOTSUP, errno.EOPNOTSUPP)


@contextmanager
def ledger_lock(home: Path, words: Words) -> Iterator[None]:
    """Holds the ledger, the archive and the outputs of a home while the block runs.

    Raises:
        LedgerBusy: when another run holds them.
        OSError: when the home cannot be written to.
    """
    path = home / LOCK
    handle = _hold(path)
    if handle is None:
        raise _busy(path, words)
    try:
        if _is_elsewhere(_holder(path), path):
            raise _busy(path, words)
        _write_note(path)
        try:
            yield
        finally:
            _clear(path)
    finally:
        os.close(handle)


def _hold(path: Path) -> int | None:
    """A handle that holds the lock; None where somebody else does."""
    while True:
        handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o666)
        try:
            if not _lock(handle):
                os.close(handle)
                return None
        except OSError as error:
            os.close(handle)
            if error.errno in _NO_LOCKS and path != _stand_in(path):
                return _hold(_stand_in(path))
            raise
        if _is_at(handle, path):
            return handle
        os.close(handle)  # whoever held it has removed the file meanwhile


def _lock(handle: int) -> bool:
    """Takes the system's lock of a file; whether it was free."""
    try:
        if os.name == "nt":  # pragma: no cover
            import msvcrt

            os.lseek(handle, _FAR, os.SEEK_SET)
            msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)  # type: ignore[attr-defined]
        else:
            import fcntl

            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        if error.errno in _HELD:
            return False
        raise
    return True


def _stand_in(path: Path) -> Path:
    """What is locked for a home on a drive that has no locks: it keeps this computer's runs apart, the note others'."""
    place = hashlib.sha256(os.fsencode(path.absolute())).hexdigest()[:24]
    return path if path.name != LOCK else Path(tempfile.gettempdir()) / f"yuebao-{place}.lock"


def _is_at(handle: int, path: Path) -> bool:
    """Whether the file that is held is the one that others will open."""
    with suppress(FileNotFoundError):
        return os.path.samestat(os.fstat(handle), path.stat())
    return False


def _write_note(path: Path) -> None:
    """Who holds the lock; a file that cannot be written to is locked all the same."""
    since = datetime.now().astimezone().isoformat(timespec="seconds")
    me = {"computer": platform.node(), "pid": os.getpid(), "user": _user(), "since": since}
    with suppress(OSError):
        path.write_text(json.dumps(me, ensure_ascii=False), encoding="utf-8")


def _user() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError, ImportError):  # a number without a name, as in a container
        return ""


def _clear(path: Path) -> None:
    """Takes the note away while the lock is still held. Windows removes no file that is open: there it is empty."""
    with suppress(OSError):
        if os.name == "nt":  # pragma: no cover
            path.write_text("")
        else:
            path.unlink()


def _busy(path: Path, words: Words) -> LedgerBusy:
    holder = _holder(path)
    told = {name: holder.get(name) or "?" for name in ("computer", "pid", "user", "since")}
    if _is_elsewhere(holder, path):
        return LedgerBusy(words("run.busy_elsewhere", file=path, **told))
    return LedgerBusy(words("run.busy", **told))


def _holder(path: Path) -> Mapping[str, Any]:
    try:
        stored = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return stored if isinstance(stored, dict) else {}


def _is_elsewhere(holder: Mapping[str, Any], path: Path) -> bool:
    """Whether a run on another computer may be at work: nobody can look into that, so its note is believed for a
    day."""
    if holder.get("computer", platform.node()) == platform.node():
        return False
    with suppress(OSError):
        return time.time() - path.stat().st_mtime < BELIEVED_SECONDS
    return False
