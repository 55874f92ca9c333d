"""Taking over what intake staged: new Parquet files beside the old ones, then one manifest that names them."""

import hashlib
import json
import shutil
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from pipeline.base.files import write_atomically
from pipeline.base.home import LEDGER
from pipeline.base.safe_names import safe_name
from pipeline.contract.problem import Problem, problem_from_json, problem_to_json
from pipeline.ledger.decide import Key
from pipeline.ledger.manifest import Manifest, MasterPart, Receipt, Submission
from pipeline.ledger.parts import held_after, write_parts
from pipeline.ledger.plan import Plan, Recipe, Staged, plan_run, questions_of, recipes, to_ask, with_questions
from pipeline.ledger.questions import held_of, shrinks
from pipeline.ledger.store import part_name as part_name
from pipeline.ledger.store import store_bytes
from pipeline.ledger.store import store_frame as store_frame
from pipeline.ledger.store import store_frames as store_frames

STAGING = "staging"


def staging_folder(home: Path) -> Path:
    """Where rows wait for the commit."""
    return home / LEDGER / STAGING


def clear_staging(home: Path) -> None:
    """What a run that died left behind."""
    shutil.rmtree(staging_folder(home), ignore_errors=True)


def add_masters(home: Path, manifest: Manifest, parts: Iterable[tuple[MasterPart, str]]) -> Manifest:
    """The manifest with new versions of master data; `parts` come with the staged file of their rows."""
    held = {(one.form, one.valid_from): one for one in manifest.masters}
    for part, staged in parts:
        name = f"masters/{safe_name(part.form)}/{part.valid_from}"
        stored = store_bytes(home, name, Path(staged).read_bytes())
        held[part.form, part.valid_from] = replace(part, path=stored)
    return replace(manifest, masters=tuple(held[key] for key in sorted(held)))


@dataclass(frozen=True)
class Added:
    """What files brought: the new manifest (not yet written), problems between files with the fingerprint of the
    file that each concerns, and the keys whose rows or files may have changed."""

    manifest: Manifest
    said: tuple[tuple[str, Problem], ...]
    touched: frozenset[Key]


def add_submissions(
    home: Path,
    manifest: Manifest,
    receipts: Mapping[str, Receipt],
    new: Sequence[Submission],
    staged: Staged,
    first_month: str = "",
    taken: Collection[str] = (),
) -> Added | frozenset[str]:
    """The manifest with what new files brought (or files taken in anew), the rows of each region rewritten.

    Args:
        home: the organisation's folder.
        manifest: what the ledger holds.
        receipts: of all files, by fingerprint, as they are now.
        new: the submissions taken in; they replace all earlier ones of the same file.
        staged: where intake left the rows of each.
        first_month: the month from which on there are master data; empty where there are none.
        taken: fingerprints of the files that were taken in, also of those that brought nothing.

    Returns:
        What was added; or fingerprints of earlier files that stand again and have to be taken in anew first, as
        their rows are neither staged nor held.
    """
    plan = plan_run(manifest, receipts, new, first_month, taken)
    made, missing = recipes(plan, staged)
    if missing:
        return missing
    asked = _asked(home, manifest, plan, made)
    if asked:
        return add_submissions(home, manifest, receipts, with_questions(new, asked), staged, first_month, taken)
    written = write_parts(home, manifest, plan, made)
    submissions = tuple(sorted(written.submissions, key=lambda one: (*one.key, one.sha256)))
    ordered = tuple(sorted(receipts.values(), key=lambda one: (one.run, one.saved_at, one.sha256)))
    said = [(one.sha256, problem) for one, problem in (*plan.said, *questions_of(plan)) if one.key in plan.touched]
    changed = replace(manifest, receipts=ordered, submissions=submissions, parts=written.parts)
    return Added(changed, (*said, *written.said), plan.touched)


def _asked(home: Path, manifest: Manifest, plan: Plan, made: Sequence[Recipe]) -> set[tuple[str, Key]]:
    """The new submissions that would take away more than half of what stands."""
    asked: set[tuple[str, Key]] = set()
    for recipe in made:
        new = to_ask(plan, manifest, recipe.key)
        before = held_of(plan.before[recipe.key])
        if new and before.rows and shrinks(before, held_after(home, manifest, plan, recipe)):
            asked |= {(one.sha256, one.key) for one in new}
    return asked


def store_problems(home: Path, sha256: str, problems: Sequence[Problem]) -> str:
    """Keeps what was wrong in a file, for reports and correction copies; gives the list's fingerprint."""
    path = problems_path(home, sha256)
    path.parent.mkdir(parents=True, exist_ok=True)
    data = json.dumps([problem_to_json(one) for one in problems], ensure_ascii=False).encode("utf-8")
    write_atomically(path, data)
    return hashlib.sha256(data).hexdigest()


def load_problems(home: Path, sha256: str) -> list[Problem]:
    """What was wrong in a file; nothing where none was kept."""
    path = problems_path(home, sha256)
    if not path.exists():
        return []
    return [problem_from_json(one) for one in json.loads(path.read_text(encoding="utf-8"))]


def problems_path(home: Path, sha256: str) -> Path:
    """Where the problems of a file are kept."""
    return home / LEDGER / "problems" / sha256[:2] / f"{sha256}.json"


def sweep(home: Path, manifest: Manifest) -> None:
    """Removes Parquet files that the committed manifest does not name, half-written ones too."""
    named = manifest.files
    folder = home / LEDGER
    for path in [*folder.rglob("*.parquet"), *folder.rglob(".*.parquet.new")]:
        if path.relative_to(folder).as_posix() not in named:
            path.unlink(missing_ok=True)
