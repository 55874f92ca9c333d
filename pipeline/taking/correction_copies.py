"""The correction copies of a month: for each file with problems, the sender's own workbook back."""

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path, PurePath

from pipeline.base.calendar import Month, deadline, working_days_after
from pipeline.base.safe_names import safe_name
from pipeline.contract.problem import Problem, without_secrets
from pipeline.contract.refusal import Refusal
from pipeline.contract.settings import Settings
from pipeline.corrections.make import CopyTask, copy_for
from pipeline.corrections.notes import Answer
from pipeline.ledger.archive import archived_path
from pipeline.ledger.in_short import OF_NOBODY
from pipeline.ledger.manifest import Manifest, Receipt
from pipeline.taking.refused import files_told, told_of
from pipeline.work.executors import Readers
from pipeline.work.passing import raise_machine_fault, with_second_try
from schemas.form import Form

CORRECTIONS = "corrections"
WORKING_DAYS_TO_CORRECT = 2
NOTHING_TO_CORRECT = ("no_decision",)  # what is said of a file in which nothing is wrong


@dataclass(frozen=True)
class CorrectionCopy:
    """A copy as written: its path below the month's folder, its size, whose file alone it is (empty: an office's, or
    of somebody who is not known), the fingerprint of that file, and until when it is expected corrected."""

    file: str
    bytes: int
    manager_id: str
    of: str
    until: dt.date | None = None


@dataclass(frozen=True)
class _Wanted:
    """A file that goes back: its receipt, what of its problems concerns the month, and whose alone it is; `private`
    where a form for headquarters alone is in it."""

    receipt: Receipt
    problems: tuple[Problem, ...]
    manager_id: str
    private: bool = False


def write_corrections(
    home: Path, month: Month, manifest: Manifest, settings: Settings, readers: Readers, folder: Path
) -> list[CorrectionCopy]:
    """Writes the month's correction copies into `folder`/corrections.

    A file that later ones replaced in full needs no correction any more. In which month problems without one are told,
    see `ledger.told`. Of a file with a private form in it nothing but the list of problems is written, and it goes to
    nobody.
    """
    wanted = list(_files_to_correct(home, month, manifest, settings.profile.forms))
    if not wanted:
        return []
    target = folder / CORRECTIONS
    target.mkdir()
    taken: set[str] = set()
    written: list[CorrectionCopy] = []
    tasks = [(_list_only if one.private else _task)(home, one, settings) for one in wanted]
    for one, answer in zip(wanted, with_second_try(readers, copy_for, tasks), strict=True):
        raise_machine_fault(answer, target)  # better another time than a lesser copy for good
        name, data = copy_for(_list_only(home, one, settings)) if isinstance(answer, Refusal) else answer
        free = _free_name(name, one.receipt, taken)
        taken.add(free.casefold())
        (target / free).write_bytes(data)
        copy = CorrectionCopy(f"{CORRECTIONS}/{free}", len(data), one.manager_id, one.receipt.sha256, _until(one))
        written.append(copy)
    return written


def _files_to_correct(
    home: Path, month: Month, manifest: Manifest, forms: Mapping[str, Form]
) -> Iterator[_Wanted]:
    secret = {one.key for one in forms.values() if one.traits.private}
    with_secrets = {one.sha256 for one in manifest.masters if one.form in secret}
    senders: dict[str, set[str]] = {}
    for submission in manifest.submissions:
        senders.setdefault(submission.sha256, set()).add(submission.manager_id)
    for receipt, own in files_told(home, told_of(home, manifest), month):
        if all(one.rule in NOTHING_TO_CORRECT for one in own):
            continue
        managers = (senders.get(receipt.sha256, set()) | {one.manager_id for one in own}) - {""}
        others = any(one.rule in OF_NOBODY for one in own)  # rows of somebody else are in it
        private = receipt.sha256 in with_secrets or any(one.form in secret for one in own)
        whose = managers.pop() if len(managers) == 1 and not others and not private else ""
        told = without_secrets(own, forms) if private else own
        yield _Wanted(receipt, tuple(told), whose, private)


def _task(home: Path, one: _Wanted, settings: Settings) -> CopyTask:
    path = archived_path(home, one.receipt.sha256, one.receipt.name)
    answer = Answer(_until(one), settings.contact or settings.mail.sender)
    return CopyTask(str(path), one.receipt.name, one.problems, settings.language, settings.profile, answer)


def _list_only(home: Path, one: _Wanted, settings: Settings) -> CopyTask:
    """The task without the original, where opening that was the end of a child."""
    return replace(_task(home, one, settings), path="")


def _until(one: _Wanted) -> dt.date | None:
    """The day on which the corrected file is expected: the month's deadline, if there are at least as many working days
    until then as it takes, else so many after the file came; None where it is not known when that was, or where all of
    it is taken in."""
    if not one.receipt.run_on or all(problem.effect == "note" for problem in one.problems):
        return None
    soonest = working_days_after(dt.date.fromisoformat(one.receipt.run_on), WORKING_DAYS_TO_CORRECT)
    due = (deadline(Month.parse(problem.month)) for problem in one.problems if problem.month)
    return max([soonest, *due])


def _free_name(name: str, receipt: Receipt, taken: set[str]) -> str:
    """A file name that Windows takes and that no other copy has."""
    ending = PurePath(name).suffix
    stem = safe_name(name.removesuffix(ending))
    free = f"{stem}{ending}"
    return f"{stem}_{receipt.sha256[:8]}{ending}" if free.casefold() in taken else free
