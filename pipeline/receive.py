"""From the inbox to the ledger: the steps by which files are taken in, each leaving a state to go on from.

Archive first, then read and check in sandboxed children, then one atomic commit, and only then does a file
leave the inbox. A run that dies anywhere is repeated by the next one with the same result.
"""

import errno
import os
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from pipeline.base.moments import timestamp_of
from pipeline.calendar import Month
from pipeline.errors import SettingsError, YuebaoError
from pipeline.executors import Readers
from pipeline.figures.catalogue import target_names
from pipeline.garbage import give_back
from pipeline.intake.inbox import Arrival, Left, arrival_of, settled_files
from pipeline.intake.kinds import LookTask, kinds_of
from pipeline.intake.mappings import check_mappings
from pipeline.intake.passing import MACHINE, NO_SPACE, is_passing, with_second_try
from pipeline.intake.raw import Refusal
from pipeline.intake.take_in import FileTask, Part, Taken, refused_file, take_in
from pipeline.ledger.archive import (
    CannotRead,
    ChangedMeanwhile,
    archive_file,
    archived_path,
    discard,
    put_back,
    slips,
    write_slip,
)
from pipeline.ledger.commit import (
    add_masters,
    add_submissions,
    clear_staging,
    load_problems,
    staging_folder,
    store_problems,
    sweep,
)
from pipeline.ledger.decide import Key, files_that_stand
from pipeline.ledger.events import ARRIVED, with_events
from pipeline.ledger.leaves import months_with_other_leaves
from pipeline.ledger.manifest import (
    Event,
    Happening,
    Manifest,
    MasterPart,
    Receipt,
    Submission,
    write_manifest,
)
from pipeline.ledger.parts import with_rows_counted
from pipeline.ledger.questions import ASKED_RULES
from pipeline.ledger.read import master_versions
from pipeline.ledger.rivals import RIVAL_RULES, settle_masters
from pipeline.masters import MasterVersion
from pipeline.problem import Problem
from pipeline.settings import Settings
from pipeline.taking.refused import months_told, told_by_file, told_of
from pipeline.words import load_words
from schemas.form import FormKind, all_forms

# What a file shows to be wrong in the settings.
SETTINGS_RULES = ("settings_where", "settings_heading_twice", "settings_heading_unclear")
BETWEEN_RULES = (*RIVAL_RULES, *ASKED_RULES)  # what is said of a file because of what others brought
UNSEEN = ("unseen",)  # the kind of a file into which the machine could not look
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


def receive(
    home: Path,
    manifest: Manifest,
    settings: Settings,
    readers: Readers,
    progress: Progress,
    run_on: str = "",
    accept: Sequence[str] = (),
) -> Received:
    """Takes in everything that is in the inbox, and anew what new master data concern.

    Args:
        home: the organisation's folder.
        manifest: what the ledger holds.
        settings: its settings.
        readers: who opens files.
        progress: told after each step.
        run_on: the day of the run (ISO); months after it are asked about. Empty: no month is.
        accept: fingerprints of files that wait for an answer and are to count.

    Raises:
        YuebaoError: when the archive holds files of which the ledger does not know how they came.
        SettingsError: when a file shows that a mapping of the settings cannot be used; nothing is taken in.
    """
    clear_staging(home)
    waiting = waiting_events(home, manifest, settings)
    arrivals, left = settled_files(home, settings.folders.inbox, settings.time_zone)
    check_mappings([one.name for one in arrivals], settings.exports, settings.language)
    fresh = _distinct(_to_take(arrivals, manifest, waiting))
    answers = [_answer(manifest, sha256, run_on) for sha256 in accept]
    archived, changing = _archive(home, manifest, fresh, run_on)
    for event in answers:
        write_slip(home, event)
    left += changing
    postponed: list[Left] = []

    def postpone(receipt: Receipt) -> None:
        postponed.append(Left(_back_in_inbox(home, settings, receipt, arrivals), "machine"))
        discard(home, receipt.event)

    received = Received(manifest)
    if waiting or archived or answers:
        try:
            events = [*waiting, *archived, *answers]
            new = {one.sha256 for one in archived}
            received = take_over(home, manifest, events, settings, readers, progress, new, postpone)
        except SettingsError:
            for event in (*archived, *answers):
                discard(home, event)
            raise
    left += postponed
    gone = {one.path for one in (*changing, *postponed)}
    settled = [one for one in arrivals if one.path not in gone]
    _empty_inbox(settled)
    first = {one.path for one in fresh}
    known = tuple(one.name for one in settled if one.path not in first)
    return replace(received, left=tuple(left), known=known)


def _to_take(arrivals: Iterable[Arrival], manifest: Manifest, waiting: Iterable[Event]) -> Iterator[Arrival]:
    """The files that bring anything: new ones, and those of which not all stands that they brought. A file that waits
    for an answer answers it when it was saved anew."""
    under_way = {one.sha256 for one in waiting if one.what in ARRIVED}
    stands, receipts = files_that_stand(manifest), manifest.receipts_by_hash
    asked = {one.sha256 for one in manifest.submissions if one.state == "held"}
    for one in arrivals:
        saved_anew = one.sha256 in asked and one.saved_at > receipts[one.sha256].saved_at
        if one.sha256 not in under_way and (one.sha256 not in stands or saved_anew):
            yield one


def _answer(manifest: Manifest, sha256: str, run_on: str) -> Event:
    receipt = manifest.receipts_by_hash[sha256]
    return replace(receipt.event, run=manifest.run + 1, run_on=run_on, what="accepted")


def _back_in_inbox(home: Path, settings: Settings, receipt: Receipt, arrivals: Sequence[Arrival]) -> Path:
    """Where in the inbox a file stands that is to be read another time; it is put there where it is gone."""
    standing = [one.path for one in arrivals if one.sha256 == receipt.sha256]
    if standing:
        return standing[0]
    folder = home / settings.folders.inbox
    path = folder / receipt.name
    path = folder / f"{receipt.sha256[:8]}_{receipt.name}" if path.exists() else path
    put_back(home, receipt, path, timestamp_of(receipt.saved_at, settings.time_zone))
    return path


def take_over(
    home: Path,
    manifest: Manifest,
    events: Sequence[Event],
    settings: Settings,
    readers: Readers,
    progress: Progress,
    new: Collection[str] = (),
    postpone: Callable[[Receipt], object] | None = None,
) -> Received:
    """Takes what happened in one run into the ledger: the next run of what `manifest` holds.

    Files that arrived are taken in; with them those that new master data concern, and those that stand again and whose
    rows the ledger does not hold. Of the `new` ones, by fingerprint, none may show that the settings are wrong.

    Files over which the machine failed are not entered: `postpone` hears of each, before anything is committed.

    Raises:
        YuebaoError: when no child can start, which is no fault of the files: nothing is taken in.
        SettingsError: when a file shows that a mapping of the settings cannot be used.
        OSError: when the machine fails over a file that cannot be postponed, or its disk is full.
    """
    if isinstance(next(iter(readers.map(len, [()]))), Refusal):
        raise YuebaoError(load_words(settings.language)("run.no_reader", log=readers.log))
    work = _Work(home, settings, readers, progress)
    manifest = with_rows_counted(home, manifest)
    told_before = told_by_file(home, told_of(home, manifest))
    arrived = work.with_kinds(_arrived(events))
    masters = work.take_masters([one for one in arrived if one.kinds != UNSEEN], manifest)
    with_masters = _add_masters(home, with_events(manifest, arrived, events), _told(masters))
    coming = {one.sha256 for one in arrived}
    again = [one for one in _concerned(manifest, _told(masters)) if one.sha256 not in coming]
    versions = master_versions(home, with_masters)
    monthly = work.take([*arrived, *again], "monthly", versions)
    _stop_for_settings([one for one in (*masters, *monthly) if one.sha256 in new], settings)
    failed = {one.sha256 for one in (*masters, *monthly) if one.refused == MACHINE}
    failed |= {one.sha256 for one in arrived if one.kinds == UNSEEN}
    if failed:
        in_part = {one.sha256 for one in _told(masters) if one.parts}  # half of such a file stands already
        arrived = _without_failed(arrived, failed, None if failed & in_part else postpone)
        events = [one for one in events if one.sha256 not in failed]
        masters, monthly = _told(masters), _told(monthly)
        with_masters = _add_masters(home, with_events(manifest, arrived, events), masters)
    while isinstance(added := _add_monthly(home, manifest, with_masters, [*masters, *monthly]), frozenset):
        stand_again = [one for one in with_masters.receipts if one.sha256 in added]
        monthly += _whole(work.take(stand_again, "monthly", versions))
    merged, changed = added
    told = told_of(home, merged)
    moved = {month for _, month, _ in told_before ^ told_by_file(home, told)}
    also = moved | months_told(home, told, arrived)
    also |= months_with_other_leaves(master_versions(home, manifest), versions, merged.months())
    changed |= {str(month) for month in also} & {str(month) for month in merged.months()}
    pending = tuple(sorted({*manifest.pending, *changed}))
    committed = replace(merged, run=manifest.run + 1, pending=pending)
    write_manifest(home, committed)
    sweep(home, committed)
    clear_staging(home)
    give_back()
    return Received(committed, tuple(_as_told(one) for one in (*masters, *monthly)))


def _stop_for_settings(taken: Iterable[Taken], settings: Settings) -> None:
    """A file that shows that a mapping cannot be used is not to blame: nothing is taken in until that is put right."""
    for one in taken:
        for problem in one.problems:
            if problem.rule in SETTINGS_RULES:
                sentence = load_words(settings.language)(
                    f"settings.files.{problem.rule}", file=one.name, **dict(problem.details)
                )
                raise SettingsError(sentence)


def _arrived(events: Iterable[Event]) -> list[Receipt]:
    """The receipts of files that arrived, in the order in which they were saved."""
    arrived = [
        Receipt(
            one.sha256, one.name, one.size, one.saved_at, one.run, run_on=one.run_on, again=one.what == "again"
        )
        for one in events
        if one.what in ARRIVED
    ]
    return sorted(arrived, key=lambda one: (one.saved_at, one.sha256))


def _whole(taken: Sequence[Taken]) -> Sequence[Taken]:
    """The same, unless the machine failed over one: it was taken in before and cannot be postponed."""
    for one in taken:
        if one.refused == MACHINE:
            raise OSError(errno.EIO, os.strerror(errno.EIO), one.name)
    return taken


def _told(taken: Sequence[Taken]) -> list[Taken]:
    """Without the files over which the machine failed."""
    return [one for one in taken if one.refused != MACHINE]


def _without_failed(
    receipts: Sequence[Receipt], failed: set[str], postpone: Callable[[Receipt], object] | None
) -> list[Receipt]:
    """The receipts without those of files over which the machine failed, which are postponed."""
    new = {one.sha256: one for one in receipts}
    for sha256 in sorted(failed):
        if postpone is None or sha256 not in new:  # it was taken in before, and would be judged by old master data
            raise OSError(errno.EIO, os.strerror(errno.EIO), new[sha256].name if sha256 in new else sha256)
        postpone(new[sha256])
    return [one for one in receipts if one.sha256 not in failed]


def _as_told(taken: Taken) -> Taken:
    """Of a file's problems, which the ledger has now, those that are told at the end of the run."""
    grave = tuple(problem for problem in taken.problems if problem.effect == "form left out")
    return taken if taken.refused else replace(taken, problems=grave)


def waiting_events(home: Path, manifest: Manifest, settings: Settings) -> list[Event]:
    """What a run kept in the archive before it died: it is in no ledger yet, and perhaps in no inbox any more.

    Raises:
        YuebaoError: when the archive holds files of which the ledger does not know how they came.
    """
    waiting = list(slips(home, manifest.receipts_by_hash, manifest.run))
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
        self.progress("look", 0, len(looks))
        found = with_second_try(self.readers, kinds_of, looks, partial(self.progress, "look"))
        return [replace(one, kinds=_kinds(kinds)) for one, kinds in zip(receipts, found, strict=True)]

    def take(self, receipts: Sequence[Receipt], kind: FormKind, versions: Sequence[MasterVersion]) -> list[Taken]:
        """Each file in a child; a child that dies costs its file."""
        chosen = [receipt for receipt in receipts if kind in receipt.kinds]
        tasks = [self._task(receipt, kind, tuple(versions)) for receipt in chosen]
        stage = "take_masters" if kind == "master" else "take_in"
        if tasks:
            self.progress(stage, 0, len(tasks))
        answers = with_second_try(self.readers, take_in, tasks, partial(self.progress, stage))
        return [_taken(task, answer) for task, answer in zip(tasks, answers, strict=True)]

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
            target_names=target_names(self.settings.profile) if kind == "master" else (),
        )


def _kinds(found: tuple[str, ...] | Refusal) -> tuple[str, ...]:
    """What a file brings; a file that cannot be looked into is for taking in to judge."""
    if is_passing(found):
        return UNSEEN
    return ("monthly",) if isinstance(found, Refusal) else found


def _taken(task: FileTask, answer: Taken | Refusal) -> Taken:
    if not isinstance(answer, Refusal):
        return answer if _is_of(task, answer) else refused_file(task, Refusal("reader_crashed"))
    if is_passing(answer):
        return Taken(task.sha256, task.name, (), (), MACHINE)
    if answer.rule == NO_SPACE:  # the disk's fault, not the file's: the run stops, and the file is tried again
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


def _archive(
    home: Path, manifest: Manifest, fresh: Sequence[Arrival], run_on: str
) -> tuple[list[Event], list[Left]]:
    events: list[Event] = []
    left: list[Left] = []
    known = manifest.receipts_by_hash
    for one in fresh:
        what: Happening = "again" if one.sha256 in known else "received"
        event = Event(one.sha256, one.name, one.size, one.saved_at, manifest.run + 1, run_on, what)
        try:
            archive_file(home, event, one.path)
        except ChangedMeanwhile:
            left.append(Left(one.path, "changing"))
        except CannotRead:
            left.append(Left(one.path, "unreadable"))
        else:
            events.append(event)
    return events, left


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
    home: Path, before: Manifest, manifest: Manifest, taken: Sequence[Taken]
) -> tuple[Manifest, set[str]] | frozenset[str]:
    """The manifest with all submissions and the problems of the files, and the months that changed; or the files that
    have to be taken in anew first.

    Args:
        home: the organisation's folder.
        before: what the ledger holds.
        manifest: the same with what happened in this run, and its master data.
        taken: all files that were taken in.
    """
    refusals = {one.sha256: one.refused for one in taken}
    receipts = {
        sha256: replace(one, refused=refusals.get(sha256, one.refused))
        for sha256, one in manifest.receipts_by_hash.items()
    }
    monthly = [(one, part) for one in taken for part in one.parts if part.manager_id]
    staged = {
        (one.sha256, (str(part.month), part.form, part.manager_id)): part.path
        for one, part in monthly
        if part.path
    }
    new = [_submission(one.sha256, part) for one, part in monthly]
    gone = frozenset(one.sha256 for one in taken)
    added = add_submissions(home, before, receipts, new, staged, _first_month(manifest), gone)
    if isinstance(added, frozenset):
        return added
    by_file = _problems_by_file(home, added.manifest, taken, added.said, added.touched)
    problems = {sha256: store_problems(home, sha256, listed) for sha256, listed in sorted(by_file.items())}
    merged = replace(
        added.manifest,
        masters=manifest.masters,
        events=manifest.events,
        problems={**before.problems, **problems},
    )
    return merged, {month for month, _, _ in added.touched}


def _submission(sha256: str, part: Part) -> Submission:
    return Submission(
        str(part.month), part.manager_id, part.form, part.state, sha256, part.region_id,
        part.rows, part.left_out, part.amount_yuan, part.amount_left_out_yuan,
        replaces=part.replaces, days=part.days,
    )  # fmt: skip


def _first_month(manifest: Manifest) -> str:
    """The month from which on managers are known; empty where none are."""
    return min((one.valid_from for one in manifest.masters if one.form == "managers"), default="")


def _problems_by_file(
    home: Path,
    manifest: Manifest,
    taken: Sequence[Taken],
    between_files: Sequence[tuple[str, Problem]],
    touched: frozenset[Key],
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


def _is_between(problem: Problem, touched: frozenset[Key]) -> bool:
    return problem.rule in BETWEEN_RULES and (problem.month, problem.form, problem.manager_id) in touched


def _empty_inbox(arrivals: Iterable[Arrival]) -> None:
    """Files that are in the archive leave the inbox, unless they were changed meanwhile."""
    for arrival in arrivals:
        try:
            if arrival_of(arrival.path).sha256 == arrival.sha256:
                arrival.path.unlink()
        except OSError:  # open elsewhere; it is archived, and the next run knows it by its bytes
            continue
