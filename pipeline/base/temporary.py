"""The one folder of a process in the system's temporary folder, and what killed processes left there.

Its owner holds a lock on a file in it as long as it lives: a folder whose lock is free is nobody's any more.
"""

import os
import re
import shutil
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from multiprocessing.util import Finalize
from pathlib import Path
from typing import IO

PREFIX = "yuebao-"
OWNER = "owner.lock"
_NAME = re.compile(rf"{PREFIX}[a-z0-9_]{{8}}")  # as Python makes it
AFTER_MULTIPROCESSING = -200  # it removes its own folder, which stands in ours, at -100
LONGEST_FOR_SOCKETS = 60  # of 107 characters, with what multiprocessing adds
UNLOCKED_SECONDS = 24 * 3600  # so old, a folder without a lock is not just being made
_held: dict[int, tuple[Path, IO[bytes]]] = {}


def own_folder() -> Path:
    """The folder of this process; made when first asked for, gone when the process ends."""
    held = _held.get(os.getpid())
    if held is None or not held[0].is_dir():
        sweep_left_behind()
        folder = Path(tempfile.mkdtemp(prefix=PREFIX))
        held = _held[os.getpid()] = (folder, _locked(folder))
        Finalize(None, _remove, args=(os.getpid(),), exitpriority=AFTER_MULTIPROCESSING)
    return held[0]


@contextmanager
def temporary_folder() -> Iterator[Path]:
    """A folder that is gone when the block ends."""
    with tempfile.TemporaryDirectory(dir=own_folder()) as folder:
        yield Path(folder)


@contextmanager
def temporary_things_in_own_folder() -> Iterator[None]:
    """What libraries make in the temporary folder during the block is made in ours, where that is not too deep for
    the name of a socket."""
    before, folder = tempfile.tempdir, str(own_folder())
    tempfile.tempdir = folder if len(folder) < LONGEST_FOR_SOCKETS else before
    try:
        yield
    finally:
        tempfile.tempdir = before


def sweep_left_behind() -> None:
    """Removes the folders of processes of ours that were killed; never one whose owner lives."""
    for folder in Path(tempfile.gettempdir()).glob(f"{PREFIX}*"):
        with suppress(OSError):
            if (
                _NAME.fullmatch(folder.name)
                and folder.is_dir()
                and not folder.is_symlink()
                and _is_ours(folder)
                and _is_nobodys(folder)
            ):
                shutil.rmtree(folder, ignore_errors=True)


def _is_ours(folder: Path) -> bool:
    if folder.is_symlink() or not folder.is_dir():
        return False
    return sys.platform == "win32" or folder.lstat().st_uid == os.getuid()


def _is_nobodys(folder: Path) -> bool:
    owner = folder / OWNER
    if sys.platform == "win32":
        return _is_free_on_windows(folder / f"{OWNER}.new")
    if not owner.exists():  # of an earlier version, or just being made
        return time.time() - folder.lstat().st_mtime > UNLOCKED_SECONDS
    with owner.open("rb") as file:
        return _lock(file)


def _is_free_on_windows(owner: Path) -> bool:
    try:
        owner.unlink()
    except OSError:
        return False
    return True


def _locked(folder: Path) -> IO[bytes]:
    """The owner's file, which has its name only when it is locked."""
    aside = folder / f"{OWNER}.new"
    file = aside.open("wb")
    _lock(file)
    if sys.platform == "win32":  # nothing that is open can be renamed or removed there
        return file
    os.replace(aside, folder / OWNER)
    return file


def _lock(file: IO[bytes]) -> bool:
    """Locks a file until it is closed; whether nobody else had."""
    if sys.platform == "win32":
        return False
    import fcntl

    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True


def _remove(process: int) -> None:
    folder, file = _held.pop(process)
    file.close()
    shutil.rmtree(folder, ignore_errors=True)
