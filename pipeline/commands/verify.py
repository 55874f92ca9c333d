"""Whether archive, ledger and outputs are what was written: `yuebao verify`."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from pipeline.base.errors import YuebaoError
from pipeline.base.home import LEDGER, OUTPUT, UNPACKED
from pipeline.ledger.archive import archive_folder, archived_path, read_slip, slip_path
from pipeline.ledger.commit import problems_path
from pipeline.ledger.issued_plans import checked_plans
from pipeline.ledger.lock import ledger_lock
from pipeline.ledger.manifest import MANIFEST, Event, Manifest, manifest_is_whole, read_manifest
from pipeline.ledger.output import (
    NO_EDITION,
    RUN_RECORD,
    finish,
    period_folder,
    period_folders,
    read_run_record,
    sha256_of,
    written_edition,
)
from pipeline.ledger.stale_periods import stale_periods
from pipeline.words import Words

Looked = tuple[Path, bool]  # a file that should be there, and whether it is what it should be


@dataclass(frozen=True)
class Fault:
    """A file that is not there, is not what was written, is of an older edition than the ledger's (or, of a longer
    period, rests on months of which there is a newer one), or that nobody knows; `path` below the home."""

    kind: Literal["missing", "altered", "stale", "stale_period", "unknown"]
    path: str


@dataclass(frozen=True)
class Verified:
    """How many files were looked at, and what is wrong, in the order of archive, ledger, outputs."""

    files: int
    faults: tuple[Fault, ...]


def verify_home(home: Path, words: Words) -> Verified:
    """Checks every file that the ledger names, and every output, against its fingerprint.

    Raises:
        LedgerBusy: while a run is at work.
    """
    with ledger_lock(home, words):
        finish(home, words)
        try:
            manifest = read_manifest(home)
        except YuebaoError:
            return Verified(1, (Fault("altered", f"{LEDGER}/{MANIFEST}"),))
        looked = list(_looked_at(home, manifest))
        faults = [_fault(home, path) for path, is_right in looked if not is_right]
        named = {path for path, _ in looked}
        faults += [Fault("stale", _below(home, path)) for path in _stale(home, manifest)]
        faults += [Fault("stale_period", _below(home, path)) for path in _stale_periods(home, manifest)]
        faults += [Fault("unknown", _below(home, path)) for path in _strangers(home, named)]
        faults += [Fault("unknown", _below(home, path)) for path in _unknown_months(home, manifest)]
        return Verified(len(looked), tuple(faults))


def _fault(home: Path, path: Path) -> Fault:
    return Fault("altered" if path.exists() else "missing", _below(home, path))


def _below(home: Path, path: Path) -> str:
    return path.relative_to(home).as_posix()


def _looked_at(home: Path, manifest: Manifest) -> Iterator[Looked]:
    for receipt in manifest.receipts:
        original = archived_path(home, receipt.sha256, receipt.name)
        yield original, sha256_of(original) == receipt.sha256
    for event in (*(one.event for one in manifest.receipts), *manifest.events):
        slip = slip_path(home, event)
        yield slip, _slip_is_right(slip, event)
    if manifest.receipts:
        yield home / LEDGER / MANIFEST, manifest_is_whole(home)
    for sha256, listed in sorted(manifest.problems.items()):
        path = problems_path(home, sha256)
        yield path, sha256_of(path) == listed
    for name in sorted(manifest.files):
        path = home / LEDGER / name
        yield path, sha256_of(path)[:12] == name.rsplit(".", 2)[1]
    yield from checked_plans(home)
    for month in sorted(manifest.editions):
        yield from _outputs(home / OUTPUT / month)
    for _, folder in period_folders(home):
        if folder.name not in manifest.editions and _has_no_edition(folder):
            yield from _outputs(folder)


def _slip_is_right(path: Path, event: Event) -> bool:
    try:
        return read_slip(path) == event
    except (OSError, YuebaoError):
        return False


def _outputs(folder: Path) -> Iterator[Looked]:
    record = read_run_record(folder)
    yield folder / RUN_RECORD, record is not None
    for name, sha256 in sorted((record or {}).get("outputs", {}).items()):
        yield folder / name, sha256_of(folder / name) == sha256


def _stale(home: Path, manifest: Manifest) -> Iterator[Path]:
    """Periods' folders that are whole, but do not hold the ledger's newest edition."""
    for month, edition in sorted(manifest.editions.items()):
        folder = home / OUTPUT / month
        is_newest = written_edition(folder)[:2] == (edition.number, edition.digest)
        if read_run_record(folder) is not None and (month in manifest.pending or not is_newest):
            yield folder


def _stale_periods(home: Path, manifest: Manifest) -> Iterator[Path]:
    """Longer periods' folders that rest on months of which the ledger has other editions by now."""
    return (period_folder(home, period) for period in stale_periods(home, manifest))


def _unknown_months(home: Path, manifest: Manifest) -> Iterator[Path]:
    """Periods' folders that say that they are an edition, of which the ledger has none."""
    for _, path in period_folders(home):
        if path.name not in manifest.editions and read_run_record(path) and not _has_no_edition(path):
            yield path


def _has_no_edition(folder: Path) -> bool:
    """Whether it is the folder of a month of which all files were refused: it has lists and copies only."""
    return (read_run_record(folder) or {}).get("edition") == NO_EDITION


def _strangers(home: Path, named: Iterable[Path]) -> list[Path]:
    """Files in the archive and Parquet files in the ledger that nothing names."""
    unpacked = archive_folder(home) / UNPACKED
    found = [path for path in archive_folder(home).rglob("*") if path.is_file() and path.parent != unpacked]
    found += (home / LEDGER).rglob("*.parquet")
    return sorted(set(found) - set(named))
