"""Checking files without taking them in: `yuebao check`."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from pipeline.base.files import readable_name
from pipeline.base.temporary import temporary_folder
from pipeline.contract.master_data import MasterVersion
from pipeline.contract.problem import Problem
from pipeline.contract.refusal import Refusal
from pipeline.contract.settings import Settings
from pipeline.figures.catalogue import target_names
from pipeline.intake.account import Account
from pipeline.intake.inbox import forms_below
from pipeline.intake.kinds import LookTask, kinds_of
from pipeline.intake.take_in import take_in
from pipeline.intake.taken import FileTask, Taken, refused_file
from pipeline.ledger.manifest import read_manifest
from pipeline.ledger.read import master_versions
from pipeline.taking.read_files import cases_brought, cases_held
from pipeline.taking.unpacking import unpacked_below
from pipeline.work.executors import Readers, looking_sandbox
from pipeline.work.passing import raise_machine_fault, with_second_try
from schemas.form import FormKind


@dataclass(frozen=True)
class CheckedFile:
    """A file, what is wrong in it, and what would become of its rows."""

    path: Path
    problems: tuple[Problem, ...]
    accounts: tuple[Account, ...] = ()


def check_files(home: Path, settings: Settings, paths: Sequence[Path]) -> list[CheckedFile]:
    """Reads and checks files against the ledger's master data, or against that of the files themselves.

    Nothing is stored: what is read goes into a temporary folder.

    Args:
        home: the organisation's folder.
        settings: what holds there.
        paths: the files; of a folder, all that may be forms.
    """
    given = [file for path in paths for file in (forms_below(path) if path.is_dir() else [path])]
    with (
        temporary_folder() as staging,
        temporary_folder() as unpacked,
        looking_sandbox(settings) as sandbox,
    ):
        manifest = read_manifest(home)
        versions = list(master_versions(home, manifest))
        cases = cases_held(home, manifest, settings)
        told = dict(unpacked_below(given, sandbox, unpacked, settings.time_zone))
        where = {actual: shown for shown, actual in told.items()}
        files = list(where)
        looks = [LookTask(str(path), readable_name(path.name), settings) for path in files]
        kinds = with_second_try(sandbox, kinds_of, looks)
        for path, has in zip(files, kinds, strict=True):
            raise_machine_fault(has, path)
        found: dict[Path, list[Problem]] = {path: [] for path in files}
        accounts: dict[Path, list[Account]] = {path: [] for path in files}
        for kind in ("master", "monthly"):
            chosen = [path for path, has in zip(files, kinds, strict=True) if _brings(has, kind)]
            tasks = [_task(path, kind, settings, tuple(versions), str(staging)) for path in chosen]
            answers = with_second_try(sandbox, take_in, tasks)
            for path, answer in zip(chosen, answers, strict=True):
                raise_machine_fault(answer, path)
            answers = _decided_last(sandbox, tasks, answers, cases, settings)
            for path, task, answer in zip(chosen, tasks, answers, strict=True):
                raise_machine_fault(answer, path)
                taken = refused_file(task, answer) if isinstance(answer, Refusal) else answer
                found[path] += [replace(problem, file=readable_name(path.name)) for problem in taken.problems]
                accounts[path] += taken.accounts
                versions += _masters_of(taken)
        return [
            CheckedFile(where[path], tuple(problems), tuple(accounts[path])) for path, problems in found.items()
        ]


def _decided_last(
    sandbox: Readers,
    tasks: Sequence[FileTask],
    answers: Sequence[Taken | Refusal],
    cases: tuple[str, ...],
    settings: Settings,
) -> list[Taken | Refusal]:
    """The same, with what heads of regions decided read after the cases that the other files bring."""
    brought = cases_brought([one for one in answers if isinstance(one, Taken)], settings)
    waiting = [
        replace(task, cases=(*cases, *brought))
        for task, answer in zip(tasks, answers, strict=True)
        if isinstance(answer, Taken) and answer.waits
    ]
    read = iter(with_second_try(sandbox, take_in, waiting))
    return [next(read) if isinstance(one, Taken) and one.waits else one for one in answers]


def _brings(kinds: object, kind: str) -> bool:
    return kind == "monthly" if isinstance(kinds, Refusal) else kind in kinds  # type: ignore[operator]


def _masters_of(taken: Taken) -> list[MasterVersion]:
    parts = [part for part in taken.parts if not part.manager_id and part.path]
    return [MasterVersion(part.form, part.month, part.path) for part in parts]


def _task(
    path: Path, kind: FormKind, settings: Settings, versions: tuple[MasterVersion, ...], staging: str
) -> FileTask:
    sha256 = hashlib.sha256(path.read_bytes()).hexdigest()
    modules = tuple(sorted({form.model.__module__ for form in settings.profile.forms.values()}))
    names = target_names(settings.profile) if kind == "master" else ()
    return FileTask(str(path), readable_name(path.name), sha256, kind, settings, versions, staging, modules, names)
