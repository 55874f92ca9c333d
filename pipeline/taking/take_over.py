"""What happened in one run into the ledger: files read, judged, and committed in one step."""

import errno
import os
from collections.abc import Callable, Collection, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path

from pipeline.base.calendar import Month
from pipeline.base.errors import SettingsError, YuebaoError
from pipeline.base.garbage import give_back
from pipeline.contract.master_data import MasterVersion
from pipeline.contract.refusal import Refusal
from pipeline.contract.settings import Settings
from pipeline.intake.taken import Taken
from pipeline.ledger.commit import clear_staging, sweep
from pipeline.ledger.events import ARRIVED, with_events
from pipeline.ledger.leaves import months_with_other_leaves
from pipeline.ledger.manifest import Event, Manifest, Receipt, write_manifest
from pipeline.ledger.parts import with_rows_counted
from pipeline.ledger.read import master_versions
from pipeline.taking.lists_in_short import ListsInShort
from pipeline.taking.new_masters import add_new_masters, files_concerned
from pipeline.taking.new_submissions import add_monthly
from pipeline.taking.read_files import UNSEEN, FileWork, cases_held
from pipeline.taking.received import Progress, Received
from pipeline.taking.refused import months_told, told_by_file, told_of
from pipeline.work.executors import Readers
from pipeline.work.passing import MACHINE

# What a file shows to be wrong in the settings.
SETTINGS_RULES = (
    "settings_where",
    "settings_heading_twice",
    "settings_heading_unclear",
    "settings_heading_unit",
    "settings_tables",
    "settings_unit_column",
    "settings_month_twice",
)


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
    _try_readers(readers, settings)
    manifest = with_rows_counted(home, manifest, settings.profile.forms)
    work = FileWork(home, settings, readers, progress, cases_held(home, manifest, settings))
    brought = _read(work, manifest, events)
    _stop_for_settings([one for one in brought.taken if one.sha256 in new], settings)
    if brought.failed:
        if postpone is not None and brought.failed_whole(events):
            return _nothing_taken(manifest, brought, postpone)
        brought = _postponed(home, manifest, events, brought, postpone)
    merged, changed = _added(work, manifest, brought)
    also = _months_told_otherwise(home, manifest, merged, brought.arrived)
    also |= months_with_other_leaves(master_versions(home, manifest), brought.versions, merged.months())
    changed |= {str(month) for month in also} & {str(month) for month in merged.months()}
    pending = tuple(sorted({*manifest.pending, *changed}))
    committed = replace(merged, run=manifest.run + 1, pending=pending)
    _commit(home, committed)
    return Received(committed, tuple(_as_told(one) for one in brought.taken))


@dataclass
class _Brought:
    """What the files of a run brought, read by children; `manifest` has their master data, in these `versions`, but
    nothing of their forms yet."""

    arrived: list[Receipt]
    masters: list[Taken]
    monthly: list[Taken]
    manifest: Manifest
    versions: Sequence[MasterVersion]

    @property
    def taken(self) -> list[Taken]:
        return [*self.masters, *self.monthly]

    @property
    def failed(self) -> set[str]:
        """The fingerprints of the files over which the machine failed."""
        unseen = {one.sha256 for one in self.arrived if one.kinds == UNSEEN}
        return unseen | {one.sha256 for one in self.taken if one.refused == MACHINE}

    def failed_whole(self, events: Sequence[Event]) -> bool:
        """Whether nothing happened but that files arrived over each of which the machine failed."""
        return {one.sha256 for one in events} == {one.sha256 for one in self.arrived} == self.failed


def _read(work: FileWork, manifest: Manifest, events: Sequence[Event]) -> _Brought:
    """What arrived, master data first; forms that other master data concern are read again."""
    arrived = work.with_kinds(_arrived(events))
    masters = work.take_masters([one for one in arrived if one.kinds != UNSEEN], manifest)
    with_masters = add_new_masters(work.home, with_events(manifest, arrived, events), _told(masters))
    coming = {one.sha256 for one in arrived}
    again = [one for one in files_concerned(manifest, _told(masters)) if one.sha256 not in coming]
    versions = master_versions(work.home, with_masters)
    return _Brought(arrived, masters, work.take([*arrived, *again], "monthly", versions), with_masters, versions)


def _nothing_taken(manifest: Manifest, brought: _Brought, postpone: Callable[[Receipt], object]) -> Received:
    """The machine failed over every file: all wait for the next run, and this one has not been."""
    for receipt in brought.arrived:
        postpone(receipt)
    return Received(manifest)


def _postponed(
    home: Path,
    manifest: Manifest,
    events: Sequence[Event],
    brought: _Brought,
    postpone: Callable[[Receipt], object] | None,
) -> _Brought:
    """The same without the files over which the machine failed."""
    failed, masters = brought.failed, _told(brought.masters)
    in_part = {one.sha256 for one in masters if one.parts}  # half of such a file stands already
    arrived = _without_failed(brought.arrived, failed, None if failed & in_part else postpone)
    kept = [one for one in events if one.sha256 not in failed]
    with_masters = add_new_masters(home, with_events(manifest, arrived, kept), masters)
    return _Brought(arrived, masters, _told(brought.monthly), with_masters, brought.versions)


def _added(work: FileWork, manifest: Manifest, brought: _Brought) -> tuple[Manifest, set[str]]:
    """The manifest with all that was brought, and the months that it changes; forms that stand again and whose rows
    the ledger does not hold are read again, and brought too."""
    while isinstance(
        added := add_monthly(work.home, manifest, brought.manifest, brought.taken, work.settings.profile.forms),
        frozenset,
    ):
        stand_again = [one for one in brought.manifest.receipts if one.sha256 in added]
        brought.monthly += _whole(work.take(stand_again, "monthly", brought.versions))
    return added


def _months_told_otherwise(
    home: Path, before: Manifest, after: Manifest, arrived: Sequence[Receipt]
) -> set[Month]:
    """The months whose reports tell something else of files, or tell of a file that arrived."""
    told_before, told = told_of(home, before), told_of(home, after)
    moved = {month for _, month, _ in told_by_file(told_before) ^ told_by_file(told)}
    return moved | months_told(told, arrived)


def _commit(home: Path, manifest: Manifest) -> None:
    write_manifest(home, manifest)
    with suppress(OSError):  # it is for speed only
        ListsInShort(home, manifest).keep()
    sweep(home, manifest)
    clear_staging(home)
    give_back()


def _try_readers(readers: Readers, settings: Settings) -> None:
    answer = next(iter(readers.map(len, [()])))
    if isinstance(answer, Refusal):
        told = "run.readers_busy" if answer.rule == MACHINE else "run.no_reader"
        raise YuebaoError(settings.words(told, log=readers.log))


def _stop_for_settings(taken: Iterable[Taken], settings: Settings) -> None:
    """A file that shows that a mapping cannot be used is not to blame: nothing is taken in until that is put right."""
    for one in taken:
        for problem in one.problems:
            if problem.rule in SETTINGS_RULES:
                sentence = settings.words(f"settings.files.{problem.rule}", file=one.name, **dict(problem.details))
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
