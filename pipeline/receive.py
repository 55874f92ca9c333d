"""From the inbox to the ledger: the steps by which files are taken in, each leaving a state to go on from.

Archive first, then read and check in sandboxed children, then one atomic commit, and only then does a file
leave the inbox. A run that dies anywhere is repeated by the next one with the same result.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from pipeline.calendar import Month
from pipeline.intake.inbox import Arrival, arrival_of, list_files
from pipeline.intake.kinds import LookTask, kinds_of
from pipeline.intake.raw import Refusal
from pipeline.intake.sandbox import Sandbox
from pipeline.intake.take_in import FileTask, Taken, refused_file, take_in
from pipeline.ledger.archive import archive_file, archived_path
from pipeline.ledger.commit import (
    add_masters,
    add_submissions,
    clear_staging,
    load_problems,
    staging_folder,
    store_problems,
    sweep,
)
from pipeline.ledger.manifest import Manifest, MasterPart, Receipt, Submission, write_manifest
from pipeline.ledger.read import master_versions
from pipeline.problem import Problem
from pipeline.settings import Settings
from schemas.form import FormKind, all_forms

Progress = Callable[[str, int, int], None]  # stage, how many are done, of how many


@dataclass(frozen=True)
class Received:
    """What a run took in: the committed manifest, and what the new files brought.

    `left` are files that could not even be read from the inbox (open elsewhere, no permission); they stay.
    """

    manifest: Manifest
    taken: tuple[Taken, ...]
    problems: tuple[Problem, ...]
    left: tuple[Path, ...]


def receive(home: Path, manifest: Manifest, settings: Settings, sandbox: Sandbox, progress: Progress) -> Received:
    """Takes in everything that is in the inbox, and anew what new master data concern."""
    clear_staging(home)
    arrivals, left = _arrivals(home)
    known = manifest.receipts_by_hash
    fresh = _distinct(one for one in arrivals if one.sha256 not in known)
    if not fresh:
        _empty_inbox(arrivals)
        return Received(manifest, (), (), left)
    receipts = _archive(home, fresh, manifest.run + 1)
    receipts = _with_kinds(home, receipts, settings, sandbox)
    work = _Work(home, settings, sandbox, progress)
    masters = work.take(receipts, "master", manifest)
    with_masters = _add_masters(home, manifest, masters)
    again = _concerned(manifest, masters)
    monthly = work.take([*receipts, *again], "monthly", with_masters)
    merged, problems, changed = _add_monthly(home, with_masters, receipts, [*masters, *monthly])
    pending = tuple(sorted({*manifest.pending, *changed}))
    committed = replace(merged, run=manifest.run + 1, pending=pending)
    write_manifest(home, committed)
    sweep(home, committed)
    clear_staging(home)
    _empty_inbox(arrivals)
    return Received(committed, (*masters, *monthly), tuple(problems), left)


@dataclass(frozen=True)
class _Work:
    home: Path
    settings: Settings
    sandbox: Sandbox
    progress: Progress

    def take(self, receipts: Sequence[Receipt], kind: FormKind, manifest: Manifest) -> list[Taken]:
        """Each file in a child; a child that dies costs its file."""
        chosen = [receipt for receipt in receipts if kind in receipt.kinds]
        tasks = [self._task(receipt, kind, manifest) for receipt in chosen]
        taken: list[Taken] = []
        for task, answer in zip(tasks, self.sandbox.map(take_in, tasks), strict=True):
            taken.append(refused_file(task, answer) if isinstance(answer, Refusal) else answer)
            self.progress("take_in", len(taken), len(tasks))
        return taken

    def _task(self, receipt: Receipt, kind: FormKind, manifest: Manifest) -> FileTask:
        modules = tuple(sorted({form.model.__module__ for form in all_forms().values()}))
        return FileTask(
            path=str(archived_path(self.home, receipt.sha256, receipt.name)),
            name=receipt.name,
            sha256=receipt.sha256,
            kind=kind,
            settings=self.settings,
            versions=master_versions(self.home, manifest),
            staging=str(staging_folder(self.home) / kind),
            form_modules=modules,
        )


def _arrivals(home: Path) -> tuple[list[Arrival], tuple[Path, ...]]:
    arrivals: list[Arrival] = []
    left: list[Path] = []
    for path in list_files(home):
        try:
            arrivals.append(arrival_of(path))
        except OSError:  # open elsewhere, or not ours to read: the next run may
            left.append(path)
    return arrivals, tuple(left)


def _distinct(arrivals: Iterable[Arrival]) -> list[Arrival]:
    """The same bytes twice are one submission: the one saved first."""
    firsts: dict[str, Arrival] = {}
    for arrival in sorted(arrivals, key=lambda one: (one.saved_at, one.name)):
        firsts.setdefault(arrival.sha256, arrival)
    return sorted(firsts.values(), key=lambda one: (one.saved_at, one.sha256))


def _archive(home: Path, fresh: Sequence[Arrival], run: int) -> list[Receipt]:
    receipts: list[Receipt] = []
    for arrival in fresh:
        receipt = Receipt(arrival.sha256, arrival.name, arrival.size, arrival.saved_at, run)
        archive_file(home, receipt, arrival.path.read_bytes())
        receipts.append(receipt)
    return receipts


def _with_kinds(home: Path, receipts: Sequence[Receipt], settings: Settings, sandbox: Sandbox) -> list[Receipt]:
    looks = [LookTask(str(archived_path(home, one.sha256, one.name)), one.name, settings) for one in receipts]
    kinds = sandbox.map(kinds_of, looks)
    return [
        replace(receipt, kinds=("monthly",) if isinstance(kind, Refusal) else kind)
        for receipt, kind in zip(receipts, kinds, strict=True)
    ]


def _add_masters(home: Path, manifest: Manifest, masters: Sequence[Taken]) -> Manifest:
    parts = [
        (MasterPart(part.form, str(part.month), taken.sha256, part.rows, part.left_out, ""), part.path)
        for taken in masters
        for part in taken.parts
        if part.state == "accepted"
    ]
    return add_masters(home, manifest, parts)


def _concerned(manifest: Manifest, masters: Sequence[Taken]) -> list[Receipt]:
    """Files taken in earlier whose months get other master data now: they are judged anew."""
    starts = [part.month for taken in masters for part in taken.parts if part.state == "accepted"]
    if not starts:
        return []
    first_known = min((Month.parse(one.valid_from) for one in manifest.masters), default=min(starts))
    start = Month(1900, 1) if min(starts) < first_known or not manifest.masters else min(starts)
    shas = {one.sha256 for one in manifest.submissions if Month.parse(one.month) >= start}
    refused = {one.sha256 for one in manifest.receipts if one.refused}
    return [one for one in manifest.receipts if one.sha256 in shas | refused and "monthly" in one.kinds]


def _add_monthly(
    home: Path, manifest: Manifest, receipts: Sequence[Receipt], taken: Sequence[Taken]
) -> tuple[Manifest, list[Problem], set[str]]:
    """The manifest with all submissions, every problem of the files, and the months that changed."""
    refusals = {one.sha256: one.refused for one in taken}
    known = manifest.receipts_by_hash
    again = [known[one.sha256] for one in taken if one.sha256 in known]
    slips = [replace(one, refused=refusals.get(one.sha256, "")) for one in (*receipts, *again)]
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
    merged, between_files, touched = add_submissions(home, manifest, slips, submissions, staged)
    by_file: dict[str, list[Problem]] = {}
    for one in taken:
        by_file.setdefault(one.sha256, []).extend(one.problems)
    for sha256, problem in between_files:
        by_file.setdefault(sha256, load_problems(home, sha256)).append(problem)
    for sha256, problems in sorted(by_file.items()):
        store_problems(home, sha256, problems)
    listed = [problem for problems in by_file.values() for problem in problems]
    return merged, listed, {month for month, _, _ in touched}


def _empty_inbox(arrivals: Iterable[Arrival]) -> None:
    """Files that are in the archive leave the inbox, unless they were changed meanwhile."""
    for arrival in arrivals:
        try:
            if arrival_of(arrival.path).sha256 == arrival.sha256:
                arrival.path.unlink()
        except OSError:  # open elsewhere; it is archived, and the next run knows it by its bytes
            continue
