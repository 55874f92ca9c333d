"""From the inbox to the ledger: the steps by which files are taken in, each leaving a state to go on from.

Archive first, then read and check in sandboxed children, then one atomic commit, and only then does a file
leave the inbox. A run that dies anywhere is repeated by the next one with the same result.
"""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from pipeline.base.errors import SettingsError, YuebaoError
from pipeline.base.moments import timestamp_of
from pipeline.contract.mappings import check_mappings
from pipeline.contract.settings import Settings
from pipeline.intake.inbox import Arrival, Left, settled_files
from pipeline.ledger.archive import (
    CannotRead,
    ChangedMeanwhile,
    archive_file,
    discard,
    put_back,
    slips,
    write_slip,
)
from pipeline.ledger.commit import clear_staging
from pipeline.ledger.decide import files_that_stand
from pipeline.ledger.events import ARRIVED
from pipeline.ledger.manifest import Event, Happening, Manifest, Receipt
from pipeline.taking.leaving import empty_inbox, finish_leaving, note_leaving
from pipeline.taking.received import Progress, Received
from pipeline.taking.received import unheard as unheard
from pipeline.taking.take_over import take_over
from pipeline.taking.unpacking import OutOf, leave_no_empty_folder, unpack_arrivals
from pipeline.work.executors import Readers


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
        home, manifest, settings: the organisation's folder, what its ledger holds, its settings.
        readers, progress: who opens files; told after each step.
        run_on: the day of the run (ISO); months after it are asked about. Empty: no month is.
        accept: fingerprints of files that wait for an answer and are to count.

    Raises:
        YuebaoError: the archive holds files of which the ledger does not know how they came.
        SettingsError: a file shows that a mapping of the settings cannot be used; nothing is taken in.
    """
    clear_staging(home)
    waiting = waiting_events(home, manifest, settings)
    arrivals, left, out_of = _arrivals(home, manifest, settings, readers)
    fresh = _distinct(_to_take(arrivals, manifest, waiting))
    archived, changing = _archive(home, manifest, fresh, run_on)
    answers = _answered(home, manifest, accept, run_on)
    postponed: list[Left] = []

    def postpone(receipt: Receipt) -> None:
        postponed.append(Left(_back_in_inbox(home, settings, receipt, arrivals), "machine"))
        discard(home, receipt.event)

    received = Received(manifest)
    if waiting or archived or answers:
        note_leaving(home, manifest.run + 1, arrivals)
        with _undone_by_settings(home, [*archived, *answers]):
            events, new = [*waiting, *archived, *answers], {one.sha256 for one in archived}
            received = take_over(home, manifest, events, settings, readers, progress, new, postpone)
    staying = {one.path for one in (*changing, *postponed)}
    leaving = [one for one in arrivals if one.path not in staying]
    stuck = [Left(one.path, "taken") for one in empty_inbox(home, manifest.run + 1, leaving)]
    leave_no_empty_folder(home / settings.folders.inbox, out_of)
    known = tuple(one.name for one in leaving if one not in fresh)
    return replace(received, left=(*left, *changing, *postponed, *stuck), known=known, out_of=tuple(out_of))


def _arrivals(
    home: Path, manifest: Manifest, settings: Settings, readers: Readers
) -> tuple[list[Arrival], list[Left], list[OutOf]]:
    """The files in the inbox, each of which is mapped in one way at most; those that stay there; and what was unpacked
    for others to be there."""
    settled, left = settled_files(home, settings.folders.inbox, settings.time_zone)
    out_of, postponed = unpack_arrivals(home, settings, readers, settled)
    if out_of or postponed:
        again, left = settled_files(home, settings.folders.inbox, settings.time_zone)
        waiting = {one.path for one in postponed}
        settled, left = [one for one in again if one.path not in waiting], [*left, *postponed]
    arrivals, stuck = finish_leaving(home, manifest, settled)
    check_mappings([one.name for one in arrivals], settings.exports, settings.language)
    return arrivals, [*left, *(Left(one.path, "taken") for one in stuck)], out_of


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


def _answered(home: Path, manifest: Manifest, accept: Sequence[str], run_on: str) -> list[Event]:
    """The answers that count from this run on, noted in the archive."""
    receipts = manifest.receipts_by_hash
    answers = [
        replace(receipts[sha256].event, run=manifest.run + 1, run_on=run_on, what="accepted") for sha256 in accept
    ]
    for event in answers:
        write_slip(home, event)
    return answers


@contextmanager
def _undone_by_settings(home: Path, events: Sequence[Event]) -> Iterator[None]:
    """Where the settings turn out to be wrong, nothing of this run stays in the archive."""
    try:
        yield
    except SettingsError:
        for event in events:
            discard(home, event)
        raise


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


def waiting_events(home: Path, manifest: Manifest, settings: Settings) -> list[Event]:
    """What a run kept in the archive before it died: it is in no ledger yet, and perhaps in no inbox any more.

    Raises:
        YuebaoError: when the archive holds files of which the ledger does not know how they came.
    """
    waiting = list(slips(home, manifest.receipts_by_hash, manifest.run))
    if any(one.run != manifest.run + 1 for one in waiting):
        raise YuebaoError(settings.words("run.ledger_behind", home=home))
    return waiting


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
