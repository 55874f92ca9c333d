"""Raw cells become accepted rows and problems: types are settled cell by cell, then pandera judges the rest."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import pandas as pd
import pandera.pandas as pa
from pandas.api.extensions import ExtensionArray

from pipeline.intake.codes import Codes, codes_of
from pipeline.intake.nearest import Details, hints_for
from pipeline.intake.reading import Reading, shown
from pipeline.intake.settle import Fault, settle_cells
from pipeline.intake.table import SHEET_SPAN, Table
from pipeline.problem import Problem, quoted
from schemas.columns import Column
from schemas.form import Context, Effect, Form

MOST_NOTES = 20  # notes of one kind in one column before the rest are told in one
MOST_CELLS = 1_000  # cells that one rule lists; the rest are counted
CELLS_NAMED = 3  # cells that a note on a whole column names
OTHERS_NAMED = 10  # rows that are named as equal to one
LEFT_OUT: Effect = "row left out"
TYPED_AS_TEXT = frozenset(("text_number", "text_day", "text_clock", "month_written"))
# What is said of words that were understood: not every one of them is a matter of blanks and width.
_TRUE_WORDS = {("flag", "tidied"): "flag_understood", ("choice", "tidied"): "choice_understood"}


@dataclass(frozen=True)
class Settled:
    """One table with its types settled: `rows` is one row per sheet row, its index the row's number in the table.

    `problems` are those of cells and rows, the first MOST_CELLS of each rule; `remarks` concern a whole column, or
    count the rest. `unusable` has, for each column, all rows whose cell there is no value, and `bad_rows` all rows
    that are left out for one of these or as rows.
    """

    table: Table
    rows: pd.DataFrame
    problems: tuple[Problem, ...]
    remarks: tuple[Problem, ...] = ()
    unusable: Mapping[str, frozenset[int]] = field(default_factory=dict)
    bad_rows: frozenset[int] = frozenset()


@dataclass(frozen=True)
class Checked:
    """The good rows of a table, those left out, and what is wrong (place known, file not yet)."""

    accepted: pd.DataFrame
    left_out: pd.DataFrame
    problems: tuple[Problem, ...]


@dataclass(frozen=True)
class _Broken:
    """A rule that some cells of a column break; `hints` are further details of single rows."""

    rule: str
    column: str
    effect: Effect
    rows: Sequence[int]
    details: Details = ()
    hints: Mapping[int, Details] = field(default_factory=dict)


def settle_table(table: Table, context: Context) -> Settled:
    """All cells of a table typed as its form says; `manager_id` too, where an export gives it."""
    settled: dict[str, ExtensionArray] = {}
    problems: list[Problem] = list(table.problems)
    counts: Counter[str] = Counter()
    unusable: dict[str, frozenset[int]] = {}
    for column in (*table.form.columns, *_sender_column(table)):
        choices = column.choices or (context.profile.choices(column.list_name) if column.list_name else ())
        cells = table.cells.get(column.name, [None] * len(table.rows))
        manner = replace(table.manner, typeless=table.typeless)
        codes = _codes_of(column, context)
        settled[column.name], faults = settle_cells(cells, column, choices, manner, codes)
        told = [fault for fault in faults if not (table.typeless and fault.rule in TYPED_AS_TEXT)]
        problems.extend(_cell_problems(table, column, told))
        counts.update(fault.rule for fault in told if not fault.kept)
        unusable[column.name] = frozenset(table.rows[fault.position] for fault in told if not fault.kept)
    counts.update(problem.rule for problem in table.problems)
    places = pd.Index(list(table.rows), dtype="int64", name="source_row")
    rows = pd.DataFrame(settled, index=places, copy=False)
    listed, more = _first_of_each_rule(table, [one for one in problems if one.cell], counts)
    remarks = (*(one for one in problems if not one.cell), *more)
    bad_rows = frozenset().union(*unusable.values(), (row_of(one, table) for one in table.problems))
    return Settled(table, rows, tuple(listed), remarks, unusable, bad_rows)


def _codes_of(column: Column, context: Context) -> Codes | None:
    """The master data that a column's codes refer to, where they are known."""
    return codes_of(context.lookup(column.refers_to)) if column.refers_to in context.masters else None


def with_codes_meant(settled: Settled, context: Context) -> Settled:
    """The rows with the codes that are certainly meant, for an export whose master data depend on the row's month; the
    notes stand among the problems."""
    rows = settled.rows
    notes: list[Problem] = []
    for column in (*settled.table.form.columns, *_sender_column(settled.table)):
        codes = _codes_of(column, context)
        if codes is None:
            continue
        meant = {code: codes.meant(Reading(code)) for code in rows[column.name].dropna().unique()}
        changed = {code: reading for code, reading in meant.items() if reading.rule}
        if not changed:
            continue
        held = rows[column.name]
        places = held.index[held.isin(list(changed))]
        faults = [_fault_meant(settled.table, int(row), held[row], changed[held[row]]) for row in places]
        notes += _cell_problems(settled.table, column, faults)
        values = held.replace({code: str(reading.value) for code, reading in changed.items()})
        rows = rows.assign(**{column.name: values.astype(held.dtype)})
    of_cells = [one for one in notes if one.cell]
    of_columns = [one for one in notes if not one.cell]
    return replace(
        settled,
        rows=rows,
        problems=(*settled.problems, *of_cells),
        remarks=(*settled.remarks, *of_columns),
    )


def _fault_meant(table: Table, row: int, code: str, reading: Reading) -> Fault:
    return Fault(table.position_of(row), reading.rule, code, reading.kept, reading.details)


def check_rows(settled: Settled, context: Context, *, repeats: bool = False) -> Checked:
    """The rows that keep every rule, and what is wrong with the others.

    Args:
        settled: the rows of one form and one month, whole or in part.
        context: that month's master data and profile.
        repeats: whether several rows may share the form's key, as order lines of an export do.
    """
    table, rows = settled.table, settled.rows
    here = set(rows.index)
    own = [problem for problem in settled.problems if row_of(problem, table) in here]
    broken = _broken_rules(settled, context)
    bad = {row for row in settled.bad_rows if row in here}
    bad.update(row for one in broken if one.effect == LEFT_OUT for row in one.rows)
    good = _without(rows, bad)
    twice = {} if repeats else _repeated_rows(table, good)
    accepted = _without(good, set(twice))
    left_out = rows.iloc[:0] if len(accepted) == len(rows) else rows[~rows.index.isin(accepted.index)]
    told, more = _told(table, rows, broken)
    repeated, more_repeated = _told_twice(table, good, twice)
    return Checked(accepted, left_out, (*_in_order(table, [*own, *told, *repeated]), *more, *more_repeated))


def _told(table: Table, rows: pd.DataFrame, broken: Sequence[_Broken]) -> tuple[list[Problem], list[Problem]]:
    """The problems of broken rules: their first cells, and how many more there are."""
    problems = [_broken(table, rows, row, one) for one in broken for row in one.rows[: _most_listed(one.effect)]]
    left_out = [one for one in problems if one.effect == LEFT_OUT]
    counts = Counter({one.rule: 0 for one in left_out})
    for one in broken:
        if one.effect == LEFT_OUT:
            counts[one.rule] += len(one.rows)
    listed, more = _first_of_each_rule(table, left_out, counts)
    notes = [one for one in problems if one.effect != LEFT_OUT]
    more += [
        _many_notes(table, one.column, one.rule, len(one.rows) - MOST_NOTES)
        for one in broken
        if one.effect == "note" and len(one.rows) > MOST_NOTES
    ]
    return [*listed, *notes], more


def _most_listed(effect: Effect) -> int:
    return MOST_NOTES if effect == "note" else MOST_CELLS


def _told_twice(
    table: Table, rows: pd.DataFrame, twice: Mapping[int, "_Group"]
) -> tuple[list[Problem], list[Problem]]:
    chosen = sorted(twice)
    counts = Counter("equal_row" if twice[row].equal else "same_key" for row in chosen)
    taken: Counter[str] = Counter()
    problems: list[Problem] = []
    for row in chosen:
        rule = "equal_row" if twice[row].equal else "same_key"
        taken[rule] += 1
        if taken[rule] <= MOST_CELLS:
            problems.append(_repeat(table, rows, row, twice[row]))
    return _first_of_each_rule(table, problems, counts)


def _first_of_each_rule(
    table: Table, problems: Sequence[Problem], counts: Mapping[str, int]
) -> tuple[list[Problem], list[Problem]]:
    """Of problems that leave out rows the first MOST_CELLS of each rule, as a person goes through the sheet, and for
    each rule that has more (by `counts`) one problem without a cell that says how many."""
    listed: list[Problem] = []
    taken: Counter[str] = Counter()
    for problem in _in_order(table, problems):
        if problem.effect == LEFT_OUT:
            taken[problem.rule] += 1
            if taken[problem.rule] > MOST_CELLS:
                continue
        listed.append(problem)
    details = {problem.rule: problem.details for problem in reversed(problems)}
    more = [
        more_cells(table, rule, count - MOST_CELLS, details.get(rule, ()))
        for rule, count in counts.items()
        if count > MOST_CELLS
    ]
    return listed, more


def more_cells(table: Table, rule: str, count: int, details: tuple[tuple[str, str], ...] = ()) -> Problem:
    """That a rule is broken by so many more cells than are listed."""
    counted = (("rule", rule), ("count", str(count)), ("listed", str(MOST_CELLS)))
    known = {name for name, _ in counted}
    further = tuple(one for one in details if one[0] not in known)
    return Problem("more_cells", LEFT_OUT, form=table.form.key, sheet=table.sheet, details=(*counted, *further))


def _without(rows: pd.DataFrame, left_out: set[int]) -> pd.DataFrame:
    return rows[~rows.index.isin(left_out)] if left_out else rows


def _sender_column(table: Table) -> tuple[Column, ...]:
    if "manager_id" in table.cells and "manager_id" not in table.form.dtypes:
        return (Column("manager_id", "客户经理编码", "Manager code", "id", refers_to="managers"),)
    return ()


def row_of(problem: Problem, table: Table) -> int:
    """The row of the table that a problem's cell stands in, 0 where it has none."""
    sheet_row = int(problem.cell.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ") or 0)
    return table.row_at(problem.sheet, sheet_row) if sheet_row else 0


def _cell_problems(table: Table, column: Column, faults: Iterable[Fault]) -> list[Problem]:
    """Faults as problems: of cells that are no value the first, and one note on all that were understood alike."""
    problems: list[Problem] = []
    taken: Counter[str] = Counter()
    understood: dict[str, list[Fault]] = {}
    for fault in faults:
        if fault.kept:
            understood.setdefault(fault.rule, []).append(fault)
            continue
        taken[fault.rule] += 1
        if taken[fault.rule] <= MOST_CELLS:
            problems.append(_problem(table, column, fault))
    return [*problems, *(_note(table, column, same) for same in understood.values())]


def _problem(table: Table, column: Column, fault: Fault) -> Problem:
    row = table.rows[fault.position]
    return Problem(
        rule=_TRUE_WORDS.get((column.kind, fault.rule), fault.rule),
        effect="note" if fault.kept else LEFT_OUT,
        form=table.form.key,
        sheet=table.sheet_of(row),
        cell=_cell(table, column.name, row),
        column=column.name,
        found=quoted(fault.found),
        details=fault.details,
    )


def _note(table: Table, column: Column, same: Sequence[Fault]) -> Problem:
    """What was understood in one way in cells of a column: a note at the cell, or one on the column for them all."""
    first = _problem(table, column, same[0])
    if len(same) == 1:
        return first
    cells = ", ".join(_cell(table, column.name, table.rows[fault.position]) for fault in same[:CELLS_NAMED])
    counted = (("rule", first.rule), ("count", str(len(same))), ("cells", cells))
    return replace(first, rule="column_note", cell="", details=(*counted, *first.details))


def _cell(table: Table, column: str, row: int) -> str:
    return table.address(column, row) or f"A{row % SHEET_SPAN}"


def _many_notes(table: Table, column: str, rule: str, count: int) -> Problem:
    details = (("count", str(count)), ("rule", rule))
    return Problem("more_of_the_same", "note", form=table.form.key, sheet=table.sheet, column=column,
                   details=details)  # fmt: skip


def _broken_rules(settled: Settled, context: Context) -> list[_Broken]:
    """The rules that cells break: what pandera finds in the columns, then the rules over more than one cell. A cell
    that is no value at all is not told of again."""
    table, rows = settled.table, settled.rows
    if rows.empty:
        return []
    broken = list(_column_cases(settled))
    for rule, index in table.form.broken_rules(rows, context):
        unusable = settled.unusable.get(rule.column, frozenset())
        wrong = pd.Index([int(one) for one in index if one not in unusable])
        hints = hints_for(rule, rows, wrong[: _most_listed(rule.effect)], context)
        broken.append(_Broken(rule.key, rule.column, rule.effect, list(wrong), hints=hints))
    return [one for one in broken if one.rows]


def _column_cases(settled: Settled) -> Iterator[_Broken]:
    """The rules of single columns that some cells break, those aside that are no value."""
    form, rows = settled.table.form, settled.rows
    for name, column in form.doubtful_columns(rows).columns.items():
        cells = _without(rows[[name]], set(settled.unusable.get(name, ())))
        try:
            pa.DataFrameSchema({name: column}).validate(cells.copy(deep=False), lazy=True, inplace=True)
        except pa.errors.SchemaErrors as errors:
            cases = errors.failure_cases.drop_duplicates(["column", "check", "index"])
            for check, index in cases.groupby("check", sort=False)["index"]:
                yield _Broken(
                    _rule_of_check(str(check)), name, LEFT_OUT, sorted(map(int, index)), _limits(form, name)
                )


def _broken(table: Table, rows: pd.DataFrame, row: int, broken: _Broken) -> Problem:
    value: Any = rows.at[row, broken.column]
    return Problem(
        rule=broken.rule,
        effect=broken.effect,
        form=table.form.key,
        sheet=table.sheet_of(row),
        cell=_cell(table, broken.column, row),
        column=broken.column,
        found="" if pd.isna(value) else quoted(_as_typed(table, broken.column, value)),
        details=(*broken.details, *broken.hints.get(row, ())),
    )


def _rule_of_check(check: str) -> str:
    """Pandera's name of a check as ours: `greater_than_or_equal_to(0)` is `limits`."""
    if check == "not_nullable":
        return "required"
    if check.startswith("str_length"):
        return "too_long"
    if check.startswith(("greater_than", "less_than")):
        return "limits"
    return "type"


def _limits(form: Form, column: str) -> tuple[tuple[str, str], ...]:
    info = form.column(column)
    least = "" if info.least is None else f"{info.least:g}"
    most = "" if info.most is None else f"{info.most:g}"
    span = f"≥ {least}" if not most else (f"≤ {most}" if not least else f"{least}–{most}")
    return (("span", span),)


def _as_typed(table: Table, column: str, value: Any) -> object:
    """A settled value as it is quoted: as the sheet shows it, which need not be how it is held."""
    kinds = {one.name: one.kind for one in table.form.columns}
    if isinstance(value, pd.Timestamp):
        return value.date()
    if kinds.get(column) == "clock":
        return f"{int(value) // 60:02d}:{int(value) % 60:02d}"
    return shown(value) if isinstance(value, float) else value


@dataclass(frozen=True)
class _Group:
    """Rows that share the form's key: `equal` in everything, of which the first counts, or not, and then none."""

    rows: Sequence[int]
    equal: bool


def _repeated_rows(table: Table, rows: pd.DataFrame) -> dict[int, _Group]:
    """Equal rows: the first counts. Rows that share the key but differ: none counts, as nobody can know."""
    same = [name for name in table.form.same if name in rows]
    key = [*same, *(["manager_id"] if "manager_id" in rows and "manager_id" not in same else [])]
    if not same:
        return {}
    shared = rows.duplicated(key, keep=False).to_numpy()
    if not shared.any():
        return {}
    found: dict[int, _Group] = {}
    for _, group in rows[shared].groupby(key, sort=False, dropna=False):
        equal = len(group.drop_duplicates()) == 1
        members = _Group([int(row) for row in group.index], equal)
        found.update(dict.fromkeys(members.rows[1:] if equal else members.rows, members))
    return found


def _repeat(table: Table, rows: pd.DataFrame, row: int, group: _Group) -> Problem:
    column = next(name for name in table.form.same if name in rows)
    others = group.rows[:1] if group.equal else [other for other in group.rows[: OTHERS_NAMED + 1] if other != row]
    named = ", ".join(table.row_text(other, row) for other in others[:OTHERS_NAMED])
    cut = " …" if not group.equal and len(group.rows) > OTHERS_NAMED + 1 else ""
    return Problem(
        rule="equal_row" if group.equal else "same_key",
        effect=LEFT_OUT,
        form=table.form.key,
        sheet=table.sheet_of(row),
        cell=_cell(table, column, row),
        column=column,
        found=quoted(_as_typed(table, column, rows.at[row, column])),
        details=(("rows", named + cut),),
    )


def _in_order(table: Table, problems: Iterable[Problem]) -> list[Problem]:
    """Top to bottom, left to right, as a person goes through the sheet."""
    place = {name: number for number, name in enumerate(one.name for one in table.form.columns)}
    return sorted(problems, key=lambda one: (row_of(one, table), place.get(one.column, -1), one.rule))
