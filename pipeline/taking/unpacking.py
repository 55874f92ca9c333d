"""Zips of reports and saved mails in the inbox: their files take their place there, each as if dropped by itself; what
they came in is kept in the archive.

A run that dies in between unpacks the same again: the files have the same names and bytes.
"""

import os
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from pipeline.base.files import open_plain, write_atomically
from pipeline.base.home import UNPACKED
from pipeline.base.safe_names import safe_name
from pipeline.base.temporary import temporary_folder
from pipeline.contract.refusal import Refusal
from pipeline.contract.settings import Settings
from pipeline.intake.containers import ENDINGS, Unpacked, UnpackTask, unpack
from pipeline.intake.inbox import Arrival, Left
from pipeline.ledger.archive import archive_folder
from pipeline.work.passing import Reads, is_passing, raise_machine_fault, with_second_try

FOLDER = ".files"  # behind the name of what was unpacked, the folder in the inbox where its files stand


@dataclass(frozen=True)
class OutOf:
    """A file that was unpacked: its name, and how many files were in it."""

    name: str
    files: int


def unpack_arrivals(
    home: Path, settings: Settings, readers: Reads, arrivals: Sequence[Arrival]
) -> tuple[list[OutOf], list[Left]]:
    """Unpacks what holds files; what cannot be unpacked stays, for taking in to say why.

    Returns:
        What was unpacked, and the files over which the machine failed, which wait for the next run.

    Raises:
        OSError: the disk is full, or the inbox may not be written to.
    """
    holding = [one for one in arrivals if holds_files(one.path)]
    if not holding:
        return [], []
    out_of: list[OutOf] = []
    left: list[Left] = []
    with temporary_folder() as folder:
        tasks = [_task(one.path, one.name, folder / str(n), settings.time_zone) for n, one in enumerate(holding)]
        answers = with_second_try(readers, unpack, tasks)
        for one, task, answer in zip(holding, tasks, answers, strict=True):
            if is_passing(answer):
                left.append(Left(one.path, "machine"))
                continue
            raise_machine_fault(answer, one.path)
            if not isinstance(answer, Refusal) and answer.files:
                _put_in_inbox(one.path, Path(task.folder), answer)
                _keep(home, one)
                out_of.append(OutOf(one.name, len(answer.files)))
    return out_of, left


def unpacked_below(paths: Iterable[Path], readers: Reads, folder: Path, time_zone: str) -> list[tuple[Path, Path]]:
    """Files to check, each with the path by which it is told: what holds files is unpacked into a folder.

    Raises:
        OSError: when the machine fails.
    """
    files = list(paths)
    holding = [path for path in files if holds_files(path)]
    tasks = [_task(path, path.name, folder / str(n), time_zone) for n, path in enumerate(holding)]
    found: dict[Path, list[tuple[Path, Path]]] = {}
    for path, task, answer in zip(holding, tasks, with_second_try(readers, unpack, tasks), strict=True):
        raise_machine_fault(answer, path)
        if not isinstance(answer, Refusal) and answer.files:
            found[path] = [(path / name, Path(task.folder) / name) for name, _ in answer.files]
    return [pair for path in files for pair in found.get(path, [(path, path)])]


def holds_files(path: Path) -> bool:
    """Whether a file may be one that holds files, by its name."""
    return path.suffix.lower() in ENDINGS


def leave_no_empty_folder(inbox: Path, out_of: Iterable[OutOf]) -> None:
    """Takes away the folders in the inbox of which all files have left."""
    for place in sorted(inbox.rglob(f"*{FOLDER}"), reverse=True) if any(True for _ in out_of) else ():
        for folder, _, _ in os.walk(place, topdown=False):
            with suppress(OSError):
                Path(folder).rmdir()


def _task(path: Path, name: str, folder: Path, time_zone: str) -> UnpackTask:
    folder.mkdir()
    return UnpackTask(str(path), name, path.stat().st_mtime, str(folder), time_zone)


def _put_in_inbox(path: Path, unpacked: Path, answer: Unpacked) -> None:
    folder = path.with_name(safe_name(path.name) + FOLDER)
    for name, saved in answer.files:
        target = folder / name
        target.parent.mkdir(parents=True, exist_ok=True)
        write_atomically(target, (unpacked / name).read_bytes())
        os.utime(target, (saved, saved))


def _keep(home: Path, one: Arrival) -> None:
    """What was unpacked leaves the inbox for the archive, under its fingerprint."""
    target = archive_folder(home) / UNPACKED / f"{one.sha256}{one.path.suffix.lower()}"
    target.parent.mkdir(parents=True, exist_ok=True)
    with open_plain(one.path) as file:
        write_atomically(target, file.read())
    one.path.unlink()
