"""Who may look into a home: by default nobody but whose process made it (folders 0700, files 0600).

Windows keeps its own lists of who may do what, which a folder takes over from the one above it; nothing is done there.
"""

import os
import stat
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

OWNER_ONLY = 0o077
PAPERS = "pay"  # below a month's folder: what is for headquarters alone, and goes into no letter
CLOSED_FOLDER, CLOSED_FILE = 0o700, 0o600
_OTHERS_WRITE = stat.S_IWGRP | stat.S_IWOTH


@contextmanager
def private_files(private: bool = True) -> Iterator[None]:
    """What this process and the children that it starts in the block make is for the owner alone."""
    if not private or sys.platform == "win32":
        yield
        return
    before = os.umask(OWNER_ONLY)
    try:
        yield
    finally:
        os.umask(before)


def current_umask() -> int:
    """The permissions that what this process makes does not have."""
    mask = os.umask(OWNER_ONLY)
    os.umask(mask)
    return mask


def make_private(folder: Path) -> None:
    """Closes a folder of ours to others, as an earlier version or a copy left it open; nothing where there is none.

    A folder into which others may write was opened to them by somebody: it stays as it is.
    """
    if sys.platform == "win32":
        return
    with suppress(OSError):  # another's folder: whoever owns it decides
        held = folder.lstat()
        if stat.S_ISDIR(held.st_mode) and held.st_uid == os.getuid() and not held.st_mode & _OTHERS_WRITE:
            folder.chmod(stat.S_IMODE(held.st_mode) & ~OWNER_ONLY)
