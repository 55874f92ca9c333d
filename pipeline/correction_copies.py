"""The correction copies of a month: for each file with problems, the sender's own workbook back."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePath

from pipeline.calendar import Month
from pipeline.corrections.make import CopyTask, copy_for
from pipeline.executors import Readers
from pipeline.intake.passing import raise_machine_fault, with_second_try
from pipeline.intake.raw import Refusal
from pipeline.ledger.archive import archived_path
from pipeline.ledger.manifest import Manifest, Receipt
from pipeline.output import safe_file_name
from pipeline.problem import Problem
from pipeline.settings import Settings
from pipeline.taking.refused import files_told, told_of

CORRECTIONS = "corrections"


@dataclass(frozen=True)
class _Wanted:
    """A file that goes back: its receipt, and what of its problems concerns the month."""

    receipt: Receipt
    problems: tuple[Problem, ...]


def write_corrections(
    home: Path, month: Month, manifest: Manifest, settings: Settings, readers: Readers, folder: Path
) -> int:
    """Writes the month's correction copies into `folder`/corrections and tells how many.

    A file that later ones replaced in full needs no correction any more. In which month problems without one are told,
    see `ledger.told`.
    """
    wanted = list(_files_to_correct(home, month, manifest))
    if not wanted:
        return 0
    target = folder / CORRECTIONS
    target.mkdir()
    taken: set[str] = set()
    tasks = [_task(home, one, settings) for one in wanted]
    for one, answer in zip(wanted, with_second_try(readers, copy_for, tasks), strict=True):
        raise_machine_fault(
            answer, target
        )  # the month is made another time, rather than with a lesser copy for good
        name, data = copy_for(_list_only(one, settings)) if isinstance(answer, Refusal) else answer
        free = _free_name(name, one.receipt, taken)
        taken.add(free.casefold())
        (target / free).write_bytes(data)
    return len(wanted)


def _files_to_correct(home: Path, month: Month, manifest: Manifest) -> Iterator[_Wanted]:
    for receipt, own in files_told(home, told_of(home, manifest), month):
        yield _Wanted(receipt, tuple(own))


def _task(home: Path, one: _Wanted, settings: Settings) -> CopyTask:
    path = archived_path(home, one.receipt.sha256, one.receipt.name)
    return CopyTask(str(path), one.receipt.name, one.problems, settings.language)


def _list_only(one: _Wanted, settings: Settings) -> CopyTask:
    """The task without the original, where opening that was the end of a child."""
    return CopyTask("", one.receipt.name, one.problems, settings.language)


def _free_name(name: str, receipt: Receipt, taken: set[str]) -> str:
    """A file name that Windows takes and that no other copy has."""
    ending = PurePath(name).suffix
    stem = safe_file_name(name.removesuffix(ending))
    free = f"{stem}{ending}"
    return f"{stem}_{receipt.sha256[:8]}{ending}" if free.casefold() in taken else free
