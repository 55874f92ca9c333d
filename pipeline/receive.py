"""From the inbox to the ledger: the steps by which files are taken in, each leaving a state to go on from.

Archive first, then read and check in sandboxed children, then one atomic commit, and only then does a file
leave the inbox. A run that dies anywhere is repeated by the next one with the same result.
"""

import errno
import os
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from pipeline.calendar import Month
from pipeline.errors import YuebaoError
from pipeline.executors import Readers
from pipeline.garbage import give_back
from pipeline.intake.inbox import Arrival, Left, arrival_of, settled_files
from pipeline.intake.kinds import LookTask, kinds_of
from pipeline.intake.raw import Refusal
from pipeline.intake.take_in import FileTask, Part, Taken, refused_file, take_in
from pipeline.ledger.archive import ChangedMeanwhile, archive_file, archived_path, slips
from pipeline.ledger.commit import (
    add_masters,
    add_submissions,
    clear_staging,
    load_problems,
    staging_folder,
    store_problems,
    sweep,
)
from pipeline.ledger.decide import RIVAL_RULES, Key, settle_masters
from pipeline.ledger.manifest import Manifest, MasterPart, Receipt, Submission, write_manifest
from pipeline.ledger.read import master_versions
from pipeline.masters import MasterVersion
from pipeline.problem import Problem
from pipeline.settings import Settings
from pipeline.words import load_words
from schemas.form import FormKind, all_forms

Progress = Callable[[str, int, int], None]  # stage, how many are done, of how many


def unheard(stage: str, done: int, of: int) -> None:
    """The progress that nobody wants to know of."""


@dataclass(frozen=True)
class Received:
    """What a run took in: the committed manifest, and what the new files brought.

    `left` are files that stay in the inbox for the next run; `known` are names of files whose bytes had
    come before.
    """

    manifest: Manifest
    taken: tuple[Taken, ...] = ()
    left: tuple[Left, ...] = ()
    known: tuple[str, ...] = ()


def receive(home: Path, manifest: Manifest, settings: Settings, readers: Readers, progress: Progress) -> Received:
    """Takes in everything that is in the inbox, and anew what new master data concern.

    Raises:
        YuebaoError: when the archive holds files of which the ledger does not know how they came.
    """
    clear_staging(home)
    waiting = _waiting(home, manifest, settings)
    arrivals, left = settled_files(home)
    seen = {*manifest.receipts_by_hash, *(one.sha256 for one in waiting)}
    fresh = _distinct(one for one in arrivals if one.sha256 not in seen)
    archived, changing = _archive(home, fresh, manifest.run + 1)
    left += changing
    receipts = sorted([*waiting, *archived], key=lambda one: (one.saved_at, one.sha256))
    gone = {one.path for one in changing}
    settled = [one for one in arrivals if one.path not in gone]
    received = Received(manifest)
    if receipts:
        received = take_over(home, manifest, receipts, settings, readers, progress)
    _empty_inbox(settled)
    first = {one.path for one in fresh}
    known = tuple(one.name for one in settled if one.path not in first)
    return replace(received, left=tuple(left), known=known)


def take_over(
    home: Path,
    manifest: Manifest,
    receipts: Sequence[Receipt],
    settings: Settings,
    readers: Readers,
    progress: Progress,
) -> Received:
    """Takes archived files of one run into the ledger: the next run of what `manifest` holds.

    Raises:
        YuebaoError: when no child can start, which is no fault of the files: nothing is taken in.
    """
    if isinstance(next(iter(readers.map(len, [()]))), Refusal):
        raise YuebaoError(load_words(settings.language)("run.no_reader", log=readers.log))
    work = _Work(home, settings, readers, progress)
    receipts = work.with_kinds(receipts)
    masters = work.take_masters(receipts, manifest)
    with_masters = _add_masters(home, manifest, masters)
    again = _concerned(manifest, masters)
    monthly = work.take([*receipts, *again], "monthly", master_versions(home, with_masters))
    merged, changed = _add_monthly(home, with_masters, receipts, [*masters, *monthly])
    pending = tuple(sorted({*manifest.pending, *changed}))
    committed = replace(merged, run=manifest.run + 1, pending=pending)
    write_manifest(home, committed)
    sweep(home, committed)
    clear_staging(home)
    give_back()
    return Received(committed, tuple(_as_told(one) for one in (*masters, *monthly)))


def _as_told(taken: Taken) -> Taken:
    """Of a file's problems, which the ledger has now, those that are told at the end of the run."""
    return taken if taken.refused else replace(taken, problems=())


def _waiting(home: Path, manifest: Manifest, settings: Settings) -> list[Receipt]:
    """Files that a run archived before it died: they are in no ledger yet, and perhaps in no inbox any more."""
    waiting = list(slips(home, manifest.receipts_by_hash))
    if any(one.run != manifest.run + 1 for one in waiting):
        raise YuebaoError(load_words(settings.language)("run.ledger_behind", home=home))
    return waiting


@dataclass(frozen=True)
class _Work:
    home: Path
    settings: Settings
    readers: Readers
    progress: Progress

    def with_kinds(self, receipts: Sequence[Receipt]) -> list[Receipt]:
        """The receipts, each with what its file brings; a file that cannot be looked into is for taking in to judge."""
        looks = [
            LookTask(str(archived_path(self.home, one.sha256, one.name)), one.name, self.settings)
            for one in receipts
        ]
        found: list[Receipt] = []
        self.progress("look", 0, len(looks))
        for receipt, kinds in zip(receipts, self.readers.map(kinds_of, looks), strict=True):
            found.append(replace(receipt, kinds=("monthly",) if isinstance(kinds, Refusal) else kinds))
            self.progress("look", len(found), len(looks))
        return found

    def take(self, receipts: Sequence[Receipt], kind: FormKind, versions: Sequence[MasterVersion]) -> list[Taken]:
        """Each file in a child; a child that dies costs its file."""
        chosen = [receipt for receipt in receipts if kind in receipt.kinds]
        tasks = [self._task(receipt, kind, tuple(versions)) for receipt in chosen]
        taken: list[Taken] = []
        stage = "take_masters" if kind == "master" else "take_in"
        if tasks:
            self.progress(stage, 0, len(tasks))
        for task, answer in zip(tasks, self.readers.map(take_in, tasks), strict=True):
            taken.append(_taken(task, answer))
            self.progress(stage, len(taken), len(tasks))
        return taken

    def take_masters(self, receipts: Sequence[Receipt], manifest: Manifest) -> list[Taken]:
        """Master data; files that refer to each other's rows are judged until nothing more can be accepted."""
        held = master_versions(self.home, manifest)
        taken = _without_rivals(self.take(receipts, "master", held), receipts)
        while len(taken) > 1 and _left_out(taken):
            anew = _without_rivals(self.take(receipts, "master", _with_staged(held, taken)), receipts)
            if _left_out(anew) >= _left_out(taken):
                break
            taken = anew
        return taken

    def _task(self, receipt: Receipt, kind: FormKind, versions: tuple[MasterVersion, ...]) -> FileTask:
        modules = tuple(sorted({form.model.__module__ for form in all_forms().values()}))
        return FileTask(
            path=str(archived_path(self.home, receipt.sha256, receipt.name)),
            name=receipt.name,
            sha256=receipt.sha256,
            kind=kind,
            settings=self.settings,
            versions=versions,
            staging=str(staging_folder(self.home) / kind),
            form_modules=modules,
        )


def _taken(task: FileTask, answer: Taken | Refusal) -> Taken:
    if not isinstance(answer, Refusal):
        return answer if _is_of(task, answer) else refused_file(task, Refusal("reader_crashed"))
    if answer.rule == "no_space":  # the disk's fault, not the file's: the run stops, and the file is tried again
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), task.staging)
    return refused_file(task, answer)


def _is_of(task: FileTask, taken: Taken) -> bool:
    """Whether a child speaks of its file alone: one that a file took over could name any file of the machine."""
    staging = Path(task.staging).resolve()
    paths = [Path(part.path).resolve() for part in taken.parts if part.path]
    return taken.sha256 == task.sha256 and all(path.is_relative_to(staging) for path in paths)


def _without_rivals(masters: Sequence[Taken], receipts: Sequence[Receipt]) -> list[Taken]:
    """What counts where several files of the run brought the same master form from the same month on."""
    parts = [_master_part(taken, part) for taken in masters for part in taken.parts if part.state == "accepted"]
    lost = settle_masters(parts, {one.sha256: one for one in receipts})
    gone = {(one.sha256, one.form, one.valid_from) for one, _ in lost}
    said = {one.sha256: [problem for other, problem in lost if other.sha256 == one.sha256] for one, _ in lost}
    return [_without(taken, gone, said[taken.sha256]) if taken.sha256 in said else taken for taken in masters]


def _without(taken: Taken, gone: set[tuple[str, str, str]], said: Sequence[Problem]) -> Taken:
    """A file without the parts that do not count, and with what is said of them; refused where none is left."""
    parts = tuple(
        replace(part, state="refused", left_out=part.rows, path="")
        if (taken.sha256, part.form, str(part.month)) in gone
        else part
        for part in taken.parts
    )
    refused = "" if any(part.state == "accepted" for part in parts) else said[0].rule
    return replace(taken, parts=parts, problems=(*taken.problems, *said), refused=refused)


def _master_part(taken: Taken, part: Part) -> MasterPart:
    """What a file brought of master data, not stored yet."""
    return MasterPart(part.form, str(part.month), taken.sha256, part.rows, part.left_out, "")


def _left_out(masters: Iterable[Taken]) -> int:
    return sum(part.left_out for taken in masters for part in taken.parts)


def _with_staged(held: Sequence[MasterVersion], masters: Iterable[Taken]) -> list[MasterVersion]:
    """The versions that hold once what was accepted of these files is taken over."""
    versions = {(one.form, one.valid_from): one for one in held}
    for taken in masters:
        for part in taken.parts:
            if part.state == "accepted":
                versions[part.form, part.month] = MasterVersion(part.form, part.month, part.path)
    return list(versions.values())


def _distinct(arrivals: Iterable[Arrival]) -> list[Arrival]:
    """The same bytes twice are one submission: the one saved first."""
    firsts: dict[str, Arrival] = {}
    for arrival in sorted(arrivals, key=lambda one: (one.saved_at, one.name)):
        firsts.setdefault(arrival.sha256, arrival)
    return sorted(firsts.values(), key=lambda one: (one.saved_at, one.sha256))


def _archive(home: Path, fresh: Sequence[Arrival], run: int) -> tuple[list[Receipt], list[Left]]:
    receipts: list[Receipt] = []
    left: list[Left] = []
    for arrival in fresh:
        receipt = Receipt(arrival.sha256, arrival.name, arrival.size, arrival.saved_at, run)
        try:
            archive_file(home, receipt, arrival.path)
        except ChangedMeanwhile:
            left.append(Left(arrival.path, "changing"))
        else:
            receipts.append(receipt)
    return receipts, left


def _add_masters(home: Path, manifest: Manifest, masters: Sequence[Taken]) -> Manifest:
    parts = [
        (_master_part(taken, part), part.path)
        for taken in masters
        for part in taken.parts
        if part.state == "accepted"
    ]
    return add_masters(home, manifest, parts)


def _concerned(manifest: Manifest, masters: Sequence[Taken]) -> list[Receipt]:
    """Files taken in earlier whose months get other master data now: they are judged anew."""
    brought = [(part.form, part.month) for taken in masters for part in taken.parts if part.state == "accepted"]
    if not brought:
        return []
    start = min(_valid_from(manifest, form, month) for form, month in brought)
    shas = {one.sha256 for one in manifest.submissions if Month.parse(one.month) >= start}
    refused = {one.sha256 for one in manifest.receipts if one.refused}
    return [one for one in manifest.receipts if one.sha256 in shas | refused and "monthly" in one.kinds]


def _valid_from(manifest: Manifest, form: str, month: Month) -> Month:
    """The first month that new master data of a form concern: all, where nothing older is known."""
    older = any(one.form == form and Month.parse(one.valid_from) < month for one in manifest.masters)
    return month if older else Month(1900, 1)


def _add_monthly(
    home: Path, manifest: Manifest, receipts: Sequence[Receipt], taken: Sequence[Taken]
) -> tuple[Manifest, set[str]]:
    """The manifest with all submissions and the problems of the files, and the months that changed."""
    refusals = {one.sha256: one.refused for one in taken}
    known = manifest.receipts_by_hash
    again = [known[one.sha256] for one in taken if one.sha256 in known]
    named = [replace(one, refused=refusals.get(one.sha256, "")) for one in (*receipts, *again)]
    monthly = [(one, part) for one in taken for part in one.parts if part.manager_id]
    submissions = [
        Submission(
            str(part.month), part.manager_id, part.form, part.state, one.sha256, part.region_id,
            part.rows, part.left_out, part.amount_yuan, part.amount_left_out_yuan,
        )
        for one, part in monthly
    ]  # fmt: skip
    staged = {
        (one.sha256, (str(part.month), part.form, part.manager_id)): part.path
        for one, part in monthly
        if part.path
    }
    merged, between_files, touched = add_submissions(home, manifest, named, submissions, staged)
    by_file = _problems_by_file(home, merged, taken, between_files, touched)
    problems = {sha256: store_problems(home, sha256, listed) for sha256, listed in sorted(by_file.items())}
    return replace(merged, problems={**manifest.problems, **problems}), {month for month, _, _ in touched}


def _problems_by_file(
    home: Path,
    manifest: Manifest,
    taken: Sequence[Taken],
    between_files: Sequence[tuple[str, Problem]],
    touched: set[Key],
) -> dict[str, list[Problem]]:
    """The problems of every file taken in, and of those that others of the same run stand against now."""
    by_file: dict[str, list[Problem]] = {}
    for one in taken:
        by_file.setdefault(one.sha256, []).extend(one.problems)
    concerned = {one.sha256 for one in manifest.submissions if one.key in touched}
    for sha256 in concerned - set(by_file):
        by_file[sha256] = [one for one in load_problems(home, sha256) if not _is_between(one, touched)]
    for sha256, problem in between_files:
        by_file[sha256].append(problem)
    return by_file


def _is_between(problem: Problem, touched: set[Key]) -> bool:
    return problem.rule in RIVAL_RULES and (problem.month, problem.form, problem.manager_id) in touched


def _empty_inbox(arrivals: Iterable[Arrival]) -> None:
    """Files that are in the archive leave the inbox, unless they were changed meanwhile."""
    for arrival in arrivals:
        try:
            if arrival_of(arrival.path).sha256 == arrival.sha256:
                arrival.path.unlink()
        except OSError:  # open elsewhere; it is archived, and the next run knows it by its bytes
            continue
