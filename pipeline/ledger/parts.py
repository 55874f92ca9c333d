"""The rows that stand: one Parquet file a form, month and region, made anew as a whole when anything in it changes."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from pipeline.base.home import LEDGER
from pipeline.contract.problem import Problem
from pipeline.ledger.compose import Composed, Layer, compose
from pipeline.ledger.decide import Key, by_track
from pipeline.ledger.manifest import NOT_COUNTED, Manifest, Submission
from pipeline.ledger.plan import Plan, Recipe
from pipeline.ledger.questions import Held
from pipeline.ledger.store import file_name, part_name, store_table
from schemas.form import Form

REWRITTEN_AT_ONCE = 2  # Arrow works outside of Python's lock; more would take more memory
_ROW_ORDER = ["manager_id", "source_hash", "source_sheet", "source_row"]


@dataclass(frozen=True)
class Written:
    """The files of all parts, all submissions with what is kept of each, and what was found when rows met."""

    parts: dict[str, str]
    submissions: list[Submission]
    said: list[tuple[str, Problem]]


@dataclass(frozen=True)
class _Part:
    """A region's file of a form and month that is made anew.

    `held` is the file that it was; the managers `replaced` lose their rows there, and get those of the staged
    `files`, each with the managers whose rows count, and the `tables` that were put together.
    """

    name: str
    held: str | None
    replaced: frozenset[str]
    files: Mapping[str, frozenset[str]]
    tables: tuple[pa.Table, ...]


def write_parts(
    home: Path, manifest: Manifest, plan: Plan, made: Sequence[Recipe], forms: Mapping[str, Form]
) -> Written:
    """Stores each region's file of a form and month in which a touched key stood, or stands now."""
    changed = [one for one in made if one.layers or one.chain != plan.before[one.key]]
    composed = {one.key: _composed(home, manifest, plan, one, forms) for one in changed if not _is_simple(one)}
    parts = _parts(manifest, plan, changed, composed)
    with ThreadPoolExecutor(REWRITTEN_AT_ONCE) as threads:
        paths = list(threads.map(partial(_rewrite, home), parts))
    rewritten = {part.name: path for part, path in zip(parts, paths, strict=True)}
    stored = {name: path for name, path in manifest.parts.items() if name not in rewritten}
    stored |= {name: path for name, path in rewritten.items() if path is not None}
    by_key = {one.key: one for one in made}
    anew = {one.key for one in changed}
    kept = [
        _with_kept(one, by_key.get(one.key), composed.get(one.key), forms, anew=one.key in anew)
        for one in plan.submissions
    ]
    return Written(stored, kept, _said(plan, changed, composed))


def held_after(home: Path, manifest: Manifest, plan: Plan, recipe: Recipe, forms: Mapping[str, Form]) -> Held:
    """What would stand of a key for which a file has come."""
    if _is_simple(recipe):
        one = recipe.chain[0]
        return Held(one.accepted_rows, one.amount_yuan - one.amount_left_out_yuan)
    tables = _composed(home, manifest, plan, recipe, forms).tables
    return Held(
        sum(table.num_rows for table in tables), sum(_amount(table, forms.get(recipe.key[1])) for table in tables)
    )


def _is_simple(recipe: Recipe) -> bool:
    """Whether all the staged rows of one file stand, and nothing else."""
    staged = len(recipe.layers) == 1 and not recipe.base
    return staged and not recipe.chain[0].refused_days and _is_at_hand(recipe)


def _is_at_hand(recipe: Recipe) -> bool:
    one, path = recipe.layers[0]
    return path is not None or not one.accepted_rows


def _composed(home: Path, manifest: Manifest, plan: Plan, recipe: Recipe, forms: Mapping[str, Form]) -> Composed:
    """Managers' forms over one another, and over one another what stands beside them."""
    form = forms.get(recipe.key[1])
    told = [
        _track(home, manifest, plan, (base, layers), form)
        for base, layers in zip(by_track(recipe.base), _layers_by_track(recipe), strict=True)
        if base or layers
    ]
    tables = tuple(table for one in told for table in one.tables)
    return Composed(tables, {name: rows for one in told for name, rows in one.refused.items()})


_Layers = list[tuple[Submission, str | None]]


def _layers_by_track(recipe: Recipe) -> tuple[_Layers, _Layers]:
    return [one for one in recipe.layers if not one[0].beside], [one for one in recipe.layers if one[0].beside]


def _track(
    home: Path, manifest: Manifest, plan: Plan, lying: tuple[Sequence[Submission], _Layers], form: Form | None
) -> Composed:
    """Files of one key that may replace each other: those that stay as they lie, and the layers over them."""
    below, above = lying
    layers = []
    for one, path in above:
        receipt = plan.receipts[one.sha256]
        rows = _rows(home, manifest, plan, one, path) if one.accepted_rows else None
        layers.append(Layer(one, (receipt.run, receipt.saved_at), rows))
    base = _held(home, manifest, below) if below else None
    if form is None:  # of a form that is not in use any more
        return compose(base, layers, "", ())
    case = form.traits.case
    return compose(base, layers, form.month_column or "", form.same, () if case is None else case.filled_later)


def _rows(home: Path, manifest: Manifest, plan: Plan, one: Submission, path: str | None) -> pa.Table | None:
    """All accepted rows of a submission: as staged, or as they are held."""
    if path is not None:
        return _of_managers(read_table(Path(path)), [one.manager_id])
    return _held(home, manifest, [before for before in plan.before[one.key] if before.sha256 == one.sha256])


def _held(home: Path, manifest: Manifest, chain: Sequence[Submission]) -> pa.Table | None:
    """The rows of submissions of one key that stand in the ledger; None where they have none."""
    names = sorted({part_name(one.form, one.month, one.region_id) for one in chain} & set(manifest.parts))
    if not names:
        return None
    tables = [
        _of_managers(read_table(home / LEDGER / manifest.parts[name]), [chain[0].manager_id]) for name in names
    ]
    together = pa.concat_tables(tables, promote_options="permissive")
    files = pa.array(sorted({one.sha256 for one in chain}), type=together["source_hash"].type)
    return together.filter(pc.is_in(together["source_hash"], value_set=files))


def _parts(
    manifest: Manifest, plan: Plan, changed: Sequence[Recipe], composed: Mapping[Key, Composed]
) -> list[_Part]:
    """The parts in which a key stood before, or stands after."""
    replaced: dict[str, set[str]] = {}
    files: dict[str, dict[str, set[str]]] = {}
    tables: dict[str, list[pa.Table]] = {}
    for recipe in changed:
        form, manager = recipe.key[1], recipe.key[2]
        places = [part_name(form, one.month, one.region_id) for one in (*plan.before[recipe.key], *recipe.chain)]
        for name in places:
            replaced.setdefault(name, set()).add(manager)
        if recipe.key in composed:
            tables.setdefault(places[-1], []).extend(composed[recipe.key].tables)
        elif recipe.layers and recipe.layers[0][1] is not None:
            files.setdefault(places[-1], {}).setdefault(recipe.layers[0][1], set()).add(manager)
    return [
        _Part(
            name,
            manifest.parts.get(name),
            frozenset(managers),
            {path: frozenset(of) for path, of in files.get(name, {}).items()},
            tuple(tables.get(name, ())),
        )
        for name, managers in sorted(replaced.items())
    ]


def _with_kept(
    one: Submission, recipe: Recipe | None, composed: Composed | None, forms: Mapping[str, Form], *, anew: bool
) -> Submission:
    """A submission of a touched key with how many of its rows stand now: none of what does not stand, and of the
    others as many as before, unless the key was put together anew."""
    if recipe is None:
        return one
    if one not in recipe.chain:
        return _keeping(one, 0, 0.0)
    if not anew:
        return one
    if composed is None:
        return replace(one, kept=None, kept_amount_yuan=None)
    own = [_of_file(table, one.sha256) for table in composed.tables]
    return _keeping(
        one, sum(table.num_rows for table in own), sum(_amount(table, forms.get(one.form)) for table in own)
    )


def _keeping(one: Submission, rows: int, amount_yuan: float) -> Submission:
    if rows == one.accepted_rows:
        return replace(one, kept=None, kept_amount_yuan=None)
    return replace(one, kept=rows, kept_amount_yuan=round(amount_yuan, 4))


def _of_file(table: pa.Table, sha256: str) -> pa.Table:
    return table.filter(pc.equal(table["source_hash"], pa.scalar(sha256, type=table["source_hash"].type)))


def _amount(table: pa.Table, form: Form | None) -> float:
    """The amount of rows in yuan; 0 where the form has none, or is not in use any more."""
    money = form.traits.money if form else ""
    return round(float(pc.sum(table[money]).as_py() or 0), 4) if money in table.column_names else 0.0


def _said(plan: Plan, changed: Sequence[Recipe], composed: Mapping[Key, Composed]) -> list[tuple[str, Problem]]:
    """What is told of rows that two files, saved in the same second, bring in different words."""
    return [
        (one.sha256, _refused_rows(one, plan.receipts[one.sha256].name, composed[recipe.key].refused[one.sha256]))
        for recipe in changed
        if recipe.key in composed
        for one in recipe.chain
        if one.sha256 in composed[recipe.key].refused
    ]


def _refused_rows(one: Submission, name: str, rows: int) -> Problem:
    return Problem(
        "rival_rows_refused",
        "row left out",
        file=name,
        manager_id=one.manager_id,
        month=one.month,
        form=one.form,
        details=(("rows", str(rows)),),
    )


def with_rows_counted(home: Path, manifest: Manifest, forms: Mapping[str, Form]) -> Manifest:
    """A manifest that was read from an older format, with how many rows of each submission the ledger holds."""
    if all(one.kept != NOT_COUNTED for one in manifest.submissions):
        return manifest
    held: dict[tuple[str, str, str], tuple[int, float]] = {}
    for name, path in manifest.parts.items():
        table = read_table(home / LEDGER / path)
        form = forms.get(name.partition("/")[0])
        for sha256 in pc.unique(table["source_hash"]).to_pylist():
            own = _of_file(table, sha256)
            for manager in pc.unique(own["manager_id"]).to_pylist():
                rows = _of_managers(own, [manager])
                held[name, manager, sha256] = (rows.num_rows, _amount(rows, form))
    return replace(manifest, submissions=tuple(_counted(one, held) for one in manifest.submissions))


def _counted(one: Submission, held: Mapping[tuple[str, str, str], tuple[int, float]]) -> Submission:
    name = part_name(one.form, one.month, one.region_id)
    return _keeping(one, *held.get((name, one.manager_id, one.sha256), (0, 0.0)))


def _rewrite(home: Path, part: _Part) -> str | None:
    """Stores the rows of a part; None where there are none."""
    table = _merged(home / LEDGER / part.held if part.held else None, part.replaced, part.files, part.tables)
    return None if table is None else store_table(home, file_name(part.name), table)


def _merged(
    held: Path | None, replaced: Collection[str], files: Mapping[str, Collection[str]], more: Iterable[pa.Table]
) -> pa.Table | None:
    """What a part held without the managers that are replaced, the staged rows of the managers wanted, and more rows;
    None where there are none. It stays in Arrow's own form from file to file: nothing is done with the values."""
    tables = [*more, *(_of_managers(read_table(Path(file)), managers) for file, managers in sorted(files.items()))]
    if held is not None:
        tables.append(_of_managers(read_table(held), replaced, others=True))
    tables = [table for table in tables if table.num_rows]
    if not tables:
        return None
    together = pa.concat_tables(tables, promote_options="permissive")  # a form may have got columns since
    return together.sort_by([(name, "ascending") for name in _ROW_ORDER])


def read_table(path: Path) -> pa.Table:
    """A part of the ledger, whole."""
    with pq.ParquetFile(path) as file:
        return file.read(use_threads=False)


def _of_managers(table: pa.Table, managers: Collection[str], *, others: bool = False) -> pa.Table:
    """The rows of these managers, or of all `others`."""
    column = table["manager_id"]
    here = pc.is_in(column, value_set=pa.array(sorted(managers), type=column.type))
    return table.filter(pc.invert(here) if others else here)
