"""Files read by children: what each brings, and what comes of one over which its child died."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from pipeline.base.home import LEDGER
from pipeline.contract.master_data import MasterVersion
from pipeline.contract.refusal import Refusal
from pipeline.contract.settings import Settings
from pipeline.figures.catalogue import target_names
from pipeline.intake.kinds import LookTask, kinds_of
from pipeline.intake.take_in import take_in
from pipeline.intake.taken import FileTask, Taken, refused_file
from pipeline.ledger.archive import archived_path
from pipeline.ledger.commit import staging_folder
from pipeline.ledger.manifest import Manifest, Receipt
from pipeline.ledger.read import master_versions
from pipeline.taking.new_masters import rows_left_out, with_older_told, with_staged, without_rivals
from pipeline.taking.received import Progress
from pipeline.work.executors import Readers
from pipeline.work.passing import MACHINE, is_passing, raise_machine_fault, with_second_try
from schemas.form import FormKind, region_forms

UNSEEN = ("unseen",)  # the kind of a file into which the machine could not look


@dataclass(frozen=True)
class FileWork:
    """The files of one run, read in children that have limits. `cases` are the Parquet files of what the
    ledger holds for heads of regions to decide on."""

    home: Path
    settings: Settings
    readers: Readers
    progress: Progress
    cases: tuple[str, ...] = ()

    def with_kinds(self, receipts: Sequence[Receipt]) -> list[Receipt]:
        """The receipts, each with what its file brings; a file that cannot be looked into is for taking in to judge."""
        looks = [
            LookTask(str(archived_path(self.home, one.sha256, one.name)), one.name, self.settings)
            for one in receipts
        ]
        self.progress("look", 0, len(looks))
        found = with_second_try(self.readers, kinds_of, looks, partial(self.progress, "look"))
        return [
            replace(one, kinds=_kinds(task, kinds))
            for one, task, kinds in zip(receipts, looks, found, strict=True)
        ]

    def take(self, receipts: Sequence[Receipt], kind: FormKind, versions: Sequence[MasterVersion]) -> list[Taken]:
        """Each file in a child; a child that dies costs its file."""
        chosen = [receipt for receipt in receipts if kind in receipt.kinds]
        tasks = [self._task(receipt, kind, tuple(versions)) for receipt in chosen]
        stage = "take_masters" if kind == "master" else "take_in"
        if tasks:
            self.progress(stage, 0, len(tasks))
        answers = with_second_try(self.readers, take_in, tasks, partial(self.progress, stage))
        taken = [_taken(task, answer) for task, answer in zip(tasks, answers, strict=True)]
        return self._with_decisions(tasks, taken)

    def _with_decisions(self, tasks: Sequence[FileTask], taken: Sequence[Taken]) -> list[Taken]:
        """The same, with those that wait for others read now: what was decided, on cases that these bring too."""
        waiting = [task for task, one in zip(tasks, taken, strict=True) if one.waits]
        if not waiting:
            return list(taken)
        cases = (*self.cases, *cases_brought(taken, self.settings))
        again = [replace(task, cases=cases) for task in waiting]
        answers = with_second_try(self.readers, take_in, again)
        read = {task.sha256: _taken(task, answer) for task, answer in zip(again, answers, strict=True)}
        return [read.get(one.sha256, one) if one.waits else one for one in taken]

    def take_masters(self, receipts: Sequence[Receipt], manifest: Manifest) -> list[Taken]:
        """Master data; files that refer to each other's rows are judged until nothing more can be accepted."""
        held = master_versions(self.home, manifest)
        taken = without_rivals(self.take(receipts, "master", held), receipts)
        while len(taken) > 1 and rows_left_out(taken):
            anew = without_rivals(self.take(receipts, "master", with_staged(held, taken)), receipts)
            if rows_left_out(anew) >= rows_left_out(taken):
                break
            taken = anew
        return with_older_told(taken, receipts, manifest)

    def _task(self, receipt: Receipt, kind: FormKind, versions: tuple[MasterVersion, ...]) -> FileTask:
        modules = tuple(sorted({form.model.__module__ for form in self.settings.profile.forms.values()}))
        return FileTask(
            path=str(archived_path(self.home, receipt.sha256, receipt.name)),
            name=receipt.name,
            sha256=receipt.sha256,
            kind=kind,
            settings=self.settings,
            versions=versions,
            staging=str(staging_folder(self.home) / kind),
            form_modules=modules,
            target_names=target_names(self.settings.profile) if kind == "master" else (),
            saved_at=receipt.saved_at,
        )


def cases_held(home: Path, manifest: Manifest, settings: Settings) -> tuple[str, ...]:
    """The Parquet files of what heads of regions may decide on (cases, and rows that propose something), oldest month
    first."""
    forms = _decided_forms(settings)
    named = ((name.split("/"), path) for name, path in manifest.parts.items())
    held = sorted((month, region, path) for (form, month, region), path in named if form in forms)
    return tuple(str(home / LEDGER / path) for _, _, path in held)


def cases_brought(taken: Sequence[Taken], settings: Settings) -> tuple[str, ...]:
    """The same of files that are taken in now."""
    forms = _decided_forms(settings)
    parts = [part for one in taken for part in one.parts if part.path and part.form in forms]
    return tuple(dict.fromkeys(part.path for part in sorted(parts, key=lambda one: (str(one.month), one.path))))


def _decided_forms(settings: Settings) -> frozenset[str]:
    deciding = [one.traits.decides for one in region_forms(settings.profile.forms)]
    return frozenset(form for one in deciding if one for form in (*one.of, *one.proposed_by))


def _kinds(task: LookTask, found: tuple[str, ...] | Refusal) -> tuple[str, ...]:
    """What a file brings; a file that cannot be looked into is for taking in to judge."""
    if is_passing(found):
        return UNSEEN
    raise_machine_fault(found, Path(task.path))  # a full disk: no file is judged by it
    return ("monthly",) if isinstance(found, Refusal) else found


def _taken(task: FileTask, answer: Taken | Refusal) -> Taken:
    if not isinstance(answer, Refusal):
        return answer if _is_of(task, answer) else refused_file(task, Refusal("reader_crashed"))
    if is_passing(answer):
        return Taken(task.sha256, task.name, (), (), MACHINE)
    raise_machine_fault(answer, Path(task.staging))
    return refused_file(task, answer)


def _is_of(task: FileTask, taken: Taken) -> bool:
    """Whether a child speaks of its file alone: one that a file took over could name any file of the machine."""
    staging = Path(task.staging).resolve()
    paths = [Path(part.path).resolve() for part in taken.parts if part.path]
    return taken.sha256 == task.sha256 and all(path.is_relative_to(staging) for path in paths)
