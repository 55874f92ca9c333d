"""Files that hold files: a zip of reports, a saved mail with its attachments. Unpacked in the sandbox, each file is
then taken in as if it had been dropped by itself.

What is inside may be made to harm: sizes are those found while unpacking, names become names of ours, folders and links
are not followed, and what is hidden three deep is not looked for.
"""

import datetime as dt
import stat
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from email import message_from_bytes, policy
from pathlib import Path, PurePosixPath
from zoneinfo import ZoneInfo

from pipeline.base.safe_names import safe_name
from pipeline.contract.refusal import Refusal
from pipeline.intake.archive import LARGEST_FILE, Refused, check_file_size, open_archive
from pipeline.intake.container_names import is_inline_picture, is_passed_over, name_of, sent_at, time_of
from pipeline.intake.formats import is_saved_mail, tell_format

ENDINGS = (".zip", ".eml")
MOST_FILES = 2_000
LARGEST_UNPACKED = 1 << 30  # bytes of all files together
DEEPEST = 2  # a zip in a mail, or in a zip, is looked into; one in that is not
_OLDEST = dt.datetime(2000, 1, 1)


@dataclass(frozen=True)
class UnpackTask:
    """A file to unpack: where it stands, what it is called, when it was saved, and the folder to unpack it into."""

    path: str
    name: str
    saved: float
    folder: str
    time_zone: str


@dataclass(frozen=True)
class Unpacked:
    """The files that were in one, by their paths below the folder, and when each was saved; none where the file is
    to be taken as it is. `left` counts what is no file to be read."""

    files: tuple[tuple[str, float], ...] = ()
    left: int = 0


def unpack(task: UnpackTask) -> Unpacked:
    """Unpacks a file; see the module. A file that is none of these, or cannot be unpacked whole, gives nothing: taking
    it in says why."""
    data = Path(task.path).read_bytes()
    found = _Found(Path(task.folder), task.saved, ZoneInfo(task.time_zone))
    try:
        check_file_size(len(data))
        found.look_into(data, task.name, PurePosixPath(), task.saved, 0)
    except (Refused, zipfile.BadZipFile, ValueError, NotImplementedError, OverflowError, RecursionError):
        return Unpacked()
    return Unpacked(tuple(found.files), found.left)


class _Found:
    """What was unpacked so far, and where to."""

    def __init__(self, folder: Path, saved: float, zone: ZoneInfo) -> None:
        self.files: list[tuple[str, float]] = []
        self.left = self._size = 0
        self._folder, self._saved, self._zone = folder, saved, zone

    def look_into(self, data: bytes, name: str, below: PurePosixPath, saved: float, depth: int) -> None:
        """Keeps a file, or what is in it where it holds files."""
        if depth < DEEPEST and is_zip_of_files(data, name):
            self._look_into_zip(data, below / safe_name(name) if depth else below, depth)
        elif depth < DEEPEST and is_saved_mail(data):
            self._look_into_mail(data, below / safe_name(name) if depth else below, depth)
        elif depth:
            self._keep(data, name, below, saved)

    def _look_into_zip(self, data: bytes, below: PurePosixPath, depth: int) -> None:
        archive = open_archive(data)
        for entry in sorted(archive.entries.values(), key=lambda one: one.filename):
            if entry.is_dir() or stat.S_ISLNK(entry.external_attr >> 16):
                continue
            path = PurePosixPath(name_of(entry).replace("\\", "/"))
            folders = [safe_name(part) for part in path.parts[:-1] if part.strip("/. ")]
            if is_passed_over(path):
                continue
            inside = b"".join(_up_to(archive.chunks(entry)))
            self.look_into(inside, path.name, below.joinpath(*folders), self._when(time_of(entry)), depth + 1)

    def _look_into_mail(self, data: bytes, below: PurePosixPath, depth: int) -> None:
        message = message_from_bytes(data, policy=policy.default)
        sent = self._when(sent_at(message))
        for part in message.walk():
            name = part.get_filename()
            if not name or part.is_multipart():
                continue
            inside = part.get_payload(decode=True)
            path = PurePosixPath(str(name).replace("\\", "/"))
            if isinstance(inside, bytes) and inside and not is_inline_picture(part):
                self.look_into(inside, path.name, below, sent, depth + 1)

    def _when(self, moment: dt.datetime | None) -> float:
        """When a file was saved, as what it came in says; never after that was saved itself."""
        if moment is None or moment.replace(tzinfo=None) < _OLDEST:
            return self._saved
        stamp = (moment if moment.tzinfo else moment.replace(tzinfo=self._zone)).timestamp()
        return min(stamp, self._saved)

    def _keep(self, data: bytes, name: str, below: PurePosixPath, saved: float) -> None:
        self._size += len(data)
        if len(self.files) >= MOST_FILES or self._size > LARGEST_UNPACKED:
            raise Refused("too_large", found=f"{self._size:,}", limit=f"{LARGEST_UNPACKED:,}")
        path = self._free(below, safe_name(name))
        target = self._folder.joinpath(*path.parts)
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(data)
        self.files.append((path.as_posix(), saved))

    def _free(self, below: PurePosixPath, name: str) -> PurePosixPath:
        """A path that no file has yet, whatever the system makes of capitals: of two equal names the second has a 2."""
        taken = {path.casefold() for path, _ in self.files}
        stem, ending = PurePosixPath(name).stem, PurePosixPath(name).suffix
        paths = (below / (name if n == 1 else f"{stem}({n}){ending}") for n in range(1, MOST_FILES + 2))
        return next(path for path in paths if path.as_posix().casefold() not in taken)


def is_zip_of_files(data: bytes, name: str) -> bool:
    """Whether a file is a zip that is no workbook and no other program's document."""
    if not data.startswith(b"PK"):
        return False
    found = tell_format(data, name)
    return isinstance(found, Refusal) and found.rule == "archive"


def _up_to(chunks: Iterator[bytes]) -> Iterator[bytes]:
    """The pieces of a file, as long as it is not larger than any that is read."""
    size = 0
    for chunk in chunks:
        size += len(chunk)
        if size > LARGEST_FILE:
            raise Refused("too_large", found=f"{size:,}", limit=f"{LARGEST_FILE:,}")
        yield chunk
