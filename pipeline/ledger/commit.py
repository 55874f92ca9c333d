"""Taking over what intake staged: new Parquet files beside the old ones, then one manifest that names them."""

import hashlib
import io
import json
import shutil
from collections.abc import Collection, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from pipeline.base.safe_names import safe_id, safe_name
from pipeline.ledger.decide import Key, group_by_key, settle_rivals, winner_of
from pipeline.ledger.manifest import LEDGER, Manifest, MasterPart, Receipt, Submission, write_atomically
from pipeline.problem import Problem, problem_from_json, problem_to_json

STAGING = "staging"
REWRITTEN_AT_ONCE = 2  # Arrow works outside of Python's lock; more would take more memory
_ROW_ORDER = ["manager_id", "source_hash", "source_sheet", "source_row"]
Staged = Mapping[tuple[str, Key], str]  # (fingerprint, key) → Parquet file of the accepted rows


def staging_folder(home: Path) -> Path:
    return home / LEDGER / STAGING


def clear_staging(home: Path) -> None:
    """What a run that died left behind."""
    shutil.rmtree(staging_folder(home), ignore_errors=True)


def add_masters(home: Path, manifest: Manifest, parts: Iterable[tuple[MasterPart, str]]) -> Manifest:
    """The manifest with new versions of master data; `parts` come with the staged file of their rows."""
    held = {(one.form, one.valid_from): one for one in manifest.masters}
    for part, staged in parts:
        name = f"masters/{safe_name(part.form)}/{part.valid_from}"
        stored = _store_bytes(home, name, Path(staged).read_bytes())
        held[part.form, part.valid_from] = replace(part, path=stored)
    return replace(manifest, masters=tuple(held[key] for key in sorted(held)))


def add_submissions(
    home: Path, manifest: Manifest, receipts: Sequence[Receipt], new: Sequence[Submission], staged: Staged
) -> tuple[Manifest, list[tuple[str, Problem]], set[Key]]:
    """The manifest with what new files brought (or files taken in anew), the rows of each region rewritten.

    Args:
        receipts: of the new files; those taken in anew have theirs already.
        new: their submissions; they replace all earlier ones of the same file.
        staged: where intake left the rows of each.

    Returns:
        The new manifest (not yet written), problems between files with the fingerprint of the file that each
        concerns, and the keys whose rows may have changed.
    """
    renewed = {one.sha256 for one in new} | {one.sha256 for one in receipts}
    kept = [one for one in manifest.submissions if one.sha256 not in renewed]
    gone = [one for one in manifest.submissions if one.sha256 in renewed]
    all_receipts = {**manifest.receipts_by_hash, **{one.sha256: one for one in receipts}}
    settled, problems = settle_rivals([*kept, *new], all_receipts)
    touched = {one.key for one in (*new, *gone)}
    parts = _rewrite_parts(home, manifest, settled, all_receipts, touched, staged)
    submissions = tuple(sorted(settled, key=lambda one: (*one.key, one.sha256)))
    ordered = tuple(sorted(all_receipts.values(), key=lambda one: (one.run, one.saved_at, one.sha256)))
    changed = replace(manifest, receipts=ordered, submissions=submissions, parts=parts)
    return changed, [(one.sha256, problem) for one, problem in problems if one.key in touched], touched


@dataclass(frozen=True)
class _Part:
    """A region's file of a form and month that is made anew.

    `held` is the file that it was; the managers `replaced` lose their rows there, and get those of the staged
    `files`, each with the managers whose rows count.
    """

    name: str
    held: str | None
    replaced: frozenset[str]
    files: Mapping[str, frozenset[str]]


def _rewrite_parts(
    home: Path,
    manifest: Manifest,
    submissions: Sequence[Submission],
    receipts: Mapping[str, Receipt],
    touched: set[Key],
    staged: Staged,
) -> dict[str, str]:
    """Each region's file of a form and month in which a touched key stood, or stands now, made anew."""
    groups = group_by_key(submissions)
    winners = {key: winner_of(groups.get(key, ()), receipts) for key in touched}
    before = {(one.key, one.region_id) for one in manifest.submissions if one.key in touched}
    after = {(key, one.region_id) for key, one in winners.items() if one is not None}
    keys_by_part: dict[str, set[Key]] = {}
    for key, region in before | after:
        keys_by_part.setdefault(part_name(key[1], key[0], region), set()).add(key)
    parts = [
        _Part(name, manifest.parts.get(name), frozenset(key[2] for key in keys), _files(name, keys, winners, staged))
        for name, keys in sorted(keys_by_part.items())
    ]
    with ThreadPoolExecutor(REWRITTEN_AT_ONCE) as threads:
        made = list(threads.map(partial(_rewrite, home), parts))
    rewritten = {part.name: path for part, path in zip(parts, made, strict=True)}
    kept = {name: path for name, path in manifest.parts.items() if name not in rewritten}
    return kept | {name: path for name, path in rewritten.items() if path is not None}


def _files(
    name: str, keys: Iterable[Key], winners: Mapping[Key, Submission | None], staged: Staged
) -> dict[str, frozenset[str]]:
    """The staged files of which rows count in a part, each with the managers whose rows do."""
    files: dict[str, frozenset[str]] = {}
    for one in (winners[key] for key in sorted(keys)):
        if one and part_name(one.form, one.month, one.region_id) == name and (one.sha256, one.key) in staged:
            file = staged[one.sha256, one.key]
            files[file] = files.get(file, frozenset()) | {one.manager_id}
    return files


def _rewrite(home: Path, part: _Part) -> str | None:
    """Stores the rows of a part; None where there are none."""
    table = _merged(home / LEDGER / part.held if part.held else None, part.replaced, part.files)
    return None if table is None else _store_table(home, part.name, table)


def part_name(form: str, month: str, region_id: str) -> str:
    return f"{safe_name(form)}/{month}/{safe_id(region_id)}"


def _merged(
    held: Path | None, replaced: Collection[str], files: Mapping[str, Collection[str]]
) -> pa.Table | None:
    """What a part held without the managers that are replaced, and the staged rows of the managers wanted; None
    where there are no rows. It stays in Arrow's own form from file to file: nothing is done with the values."""
    tables = [_of_managers(_read(Path(file)), managers) for file, managers in sorted(files.items())]
    if held is not None:
        tables.append(_of_managers(_read(held), replaced, others=True))
    tables = [table for table in tables if table.num_rows]
    if not tables:
        return None
    together = pa.concat_tables(tables, promote_options="permissive")  # a form may have got columns since
    return together.sort_by([(name, "ascending") for name in _ROW_ORDER])


def _read(path: Path) -> pa.Table:
    with pq.ParquetFile(path) as file:
        return file.read(use_threads=False)


def _of_managers(table: pa.Table, managers: Collection[str], *, others: bool = False) -> pa.Table:
    """The rows of these managers, or of all `others`."""
    column = table["manager_id"]
    here = pc.is_in(column, value_set=pa.array(sorted(managers), type=column.type))
    return table.filter(pc.invert(here) if others else here)


def store_frame(home: Path, name: str, frame: pd.DataFrame) -> str:
    """Writes a frame below the ledger's folder, under a name that tells its content; gives that name."""
    return _store_table(home, name, pa.Table.from_pandas(frame, preserve_index=False))


def store_frames(home: Path, name: str, frames: Iterable[pd.DataFrame]) -> str:
    """`store_frame` of frames below each other, of which only one at a time is held; there is at least one."""
    tables = (pa.Table.from_pandas(frame, preserve_index=False) for frame in frames)
    first = next(tables)
    buffer = io.BytesIO()
    with pq.ParquetWriter(buffer, first.schema, compression="zstd") as writer:
        writer.write_table(first)
        for table in tables:
            writer.write_table(table.cast(first.schema))
    return _store_bytes(home, name, buffer.getvalue())


def _store_table(home: Path, name: str, table: pa.Table) -> str:
    buffer = io.BytesIO()
    pq.write_table(table, buffer, compression="zstd")
    return _store_bytes(home, name, buffer.getvalue())


def _store_bytes(home: Path, name: str, data: bytes) -> str:
    """Writes a file that never changes again, under a name that tells its content."""
    stored = f"{name}.{hashlib.sha256(data).hexdigest()[:12]}.parquet"
    path = home / LEDGER / stored
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        write_atomically(path, data)
    return stored


def store_problems(home: Path, sha256: str, problems: Sequence[Problem]) -> str:
    """Keeps what was wrong in a file, for reports and correction copies; gives the list's fingerprint."""
    path = problems_path(home, sha256)
    path.parent.mkdir(parents=True, exist_ok=True)
    data = json.dumps([problem_to_json(one) for one in problems], ensure_ascii=False).encode("utf-8")
    write_atomically(path, data)
    return hashlib.sha256(data).hexdigest()


def load_problems(home: Path, sha256: str) -> list[Problem]:
    path = problems_path(home, sha256)
    if not path.exists():
        return []
    return [problem_from_json(one) for one in json.loads(path.read_text(encoding="utf-8"))]


def problems_path(home: Path, sha256: str) -> Path:
    return home / LEDGER / "problems" / sha256[:2] / f"{sha256}.json"


def sweep(home: Path, manifest: Manifest) -> None:
    """Removes Parquet files that the committed manifest does not name, half-written ones too."""
    named = manifest.files
    folder = home / LEDGER
    for path in [*folder.rglob("*.parquet"), *folder.rglob(".*.parquet.new")]:
        if path.relative_to(folder).as_posix() not in named:
            path.unlink(missing_ok=True)
