"""What people changed or added in a folder that is written anew: it is theirs, and never thrown away.

A file that is not byte for byte what was written is kept aside; one that was added stays where it is, in the folder
that takes the old one's place.
"""

import hashlib
import os
import stat
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

from pipeline.base.files import sync_folder

# What Excel, WPS, Windows and macOS leave in any folder that somebody opened.
_TRACES = ("thumbs.db", "desktop.ini", ".ds_store")
_TRACES_OF_EDITING = ("~$", ".~", "._")


def keep_own_copies(old: Path, new: Path | None, aside: Path, written: Mapping[str, str]) -> None:
    """Moves what is somebody's own out of an old folder; what is left in it is of no more use.

    Can be done again after it was killed.

    Args:
        old: the folder that goes.
        new: the folder that takes its place; None where nothing does.
        aside: where changed files are kept, under the same names as far as these are free.
        written: the fingerprints of the files that were written into the old folder, by their names in it.

    Raises:
        OSError: when something cannot be looked at or moved; it stays where it is.
    """
    for path in sorted(_files(old)):
        name = path.relative_to(old).as_posix()
        found, successor = _fingerprint(path), new / name if new else None
        is_there = successor is not None and (successor.exists() or successor.is_symlink())
        if found == written.get(name) or (successor and is_there and found == _fingerprint(successor)):
            continue
        stays = successor if name not in written and not is_there else None
        target = stays or _free(aside / name, found)
        if target is not None:
            _make_as_closed(target.parent, path.parent)
            os.replace(path, target)
            sync_folder(target.parent)


def _make_as_closed(folder: Path, model: Path) -> None:
    """A folder that is as closed to others as the one from which something is moved there."""
    if not folder.exists():
        folder.mkdir(parents=True)
        if sys.platform != "win32":
            folder.chmod(stat.S_IMODE(folder.stat().st_mode) & stat.S_IMODE(model.stat().st_mode))


def _files(folder: Path) -> Iterator[Path]:
    for path in folder.rglob("*"):
        is_trace = path.name.casefold() in _TRACES or path.name.startswith(_TRACES_OF_EDITING)
        if not is_trace and (path.is_symlink() or not path.is_dir()):
            yield path


def _free(path: Path, fingerprint: str) -> Path | None:
    """A name that is free; None where the same is kept already."""
    target, number = path, 1
    while target.exists() or target.is_symlink():
        if _fingerprint(target) == fingerprint:
            return None
        number += 1
        target = path.with_stem(f"{path.stem} ({number})")
    return target


def _fingerprint(path: Path) -> str:
    """Of a file's bytes; what is no plain file (a link, say) is like no other."""
    if path.is_symlink() or not path.is_file():
        return f"no file: {path}"
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
