"""Raw cells become accepted rows and problems: types are settled cell by cell, then pandera judges the rest."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

import pandas as pd
import pandera.pandas as pa
from pandas.api.extensions import ExtensionArray

from pipeline.intake.codes import Codes, codes_of
from pipeline.intake.nearest import hints_for
from pipeline.intake.reading import Reading, shown
from pipeline.intake.settle import Fault, settle_cells
from pipeline.intake.table import Table
from pipeline.problem import Problem, quoted
from schemas.columns import Column
from schemas.form import Context, Effect, Form

MOST_NOTES = 20  # notes of one kind in one column before the rest are told in one
LEFT_OUT: Effect = "row left out"
TYPED_AS_TEXT = frozenset(("text_number", "text_day", "text_clock", "month_written"))


@dataclass(frozen=True)
class Settled:
    """One table with its types settled: `rows` is one row per sheet row, its index the sheet row.

    `problems` are those of cells; `remarks` concern a whole column.
    """

    table: Table
    rows: pd.DataFrame
    problems: tuple[Problem, ...]
    remarks: tuple[Problem, ...] = ()


@dataclass(frozen=True)
class Checked:
    """The good rows of a table, how many were left out, and every problem (place known, file not yet)."""

    accepted: pd.DataFrame
    left_out: pd.DataFrame
    problems: tuple[Problem, ...]


def settle_table(table: Table, context: Context) -> Settled:
    """All cells of a table typed as its form says; `manager_id` too, where an export gives it."""
    settled: dict[str, ExtensionArray] = {}
    problems: list[Problem] = []
    for column in (*table.form.columns, *_sender_column(table)):
        choices = column.choices or (context.profile.choices(column.list_name) if column.list_name else ())
        cells = table.cells.get(column.name, [None] * len(table.rows))
        manner = replace(table.manner, typeless=table.typeless)
        codes = _codes_of(column, context)
        settled[column.name], faults = settle_cells(cells, column, choices, manner, codes)
        told = [fault for fault in faults if not (table.typeless and fault.rule in TYPED_AS_TEXT)]
        problems.extend(_cell_problems(table, column.name, told))
    places = pd.Index(list(table.rows), dtype="int64", name="source_row")
    rows = pd.DataFrame(settled, index=places, copy=False)
    remarks = tuple(problem for problem in problems if not problem.cell)
    return Settled(table, rows, tuple(problem for problem in problems if problem.cell), remarks)


def _codes_of(column: Column, context: Context) -> Codes | None:
    """The master data that a column's codes refer to, where they are known."""
    return codes_of(context.lookup(column.refers_to)) if column.refers_to in context.masters else None


def with_codes_meant(settled: Settled, context: Context) -> Settled:
    """The rows with the codes that are certainly meant, for an export whose master data depend on the row's month; the
    notes stand among the problems."""
    rows, notes = settled.rows, []
    for column in (*settled.table.form.columns, *_sender_column(settled.table)):
        codes = _codes_of(column, context)
        if codes is None:
            continue
        meant = {code: codes.meant(Reading(code)) for code in rows[column.name].dropna().unique()}
        changed = {code: reading for code, reading in meant.items() if reading.rule}
        if not changed:
            continue
        held = rows[column.name]
        for row, code in held[held.isin(list(changed))].items():
            reading = changed[code]
            fault = Fault(0, reading.rule, str(code), reading.kept, reading.details)
            notes.append(_problem(settled.table, column.name, int(str(row)), fault))
        values = held.replace({code: str(reading.value) for code, reading in changed.items()})
        rows = rows.assign(**{column.name: values.astype(held.dtype)})
    return replace(settled, rows=rows, problems=(*settled.problems, *notes))


def check_rows(settled: Settled, context: Context, *, repeats: bool = False) -> Checked:
    """The rows that keep every rule, and what is wrong with the others.

    Args:
        settled: the rows of one form and one month, whole or in part.
        context: that month's master data and profile.
        repeats: whether several rows may share the form's key, as order lines of an export do.
    """
    table, rows = settled.table, settled.rows
    here = set(rows.index)
    own = [problem for problem in settled.problems if row_of(problem) in here]
    faulty = {(row_of(problem), problem.column) for problem in own if problem.effect == LEFT_OUT}
    broken, more = _few_notes(table, _broken_rules(table, rows, context))
    own += [problem for problem in broken if (row_of(problem), problem.column) not in faulty]
    bad = {row_of(problem) for problem in own if problem.effect == LEFT_OUT}
    good = _without(rows, bad)
    twice = [] if repeats else _repeated_rows(table, good)
    accepted = _without(good, {row_of(problem) for problem in twice})
    left_out = rows.iloc[:0] if len(accepted) == len(rows) else rows[~rows.index.isin(accepted.index)]
    return Checked(accepted, left_out, (*_in_order(table, [*own, *twice]), *more))


def _without(rows: pd.DataFrame, left_out: set[int]) -> pd.DataFrame:
    return rows[~rows.index.isin(left_out)] if left_out else rows


def _sender_column(table: Table) -> tuple[Column, ...]:
    if "manager_id" in table.cells and "manager_id" not in table.form.dtypes:
        return (Column("manager_id", "客户经理编码", "Manager code", "id", refers_to="managers"),)
    return ()


def row_of(problem: Problem) -> int:
    """The sheet row that a problem's cell stands in, 0 where it has none."""
    return int(problem.cell.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ") or 0)


def _cell_problems(table: Table, column: str, faults: Iterable[Fault]) -> list[Problem]:
    """Faults as problems; of notes of the same kind only the first few each get one of their own."""
    problems: list[Problem] = []
    notes: dict[str, int] = {}
    for fault in faults:
        if fault.kept:
            notes[fault.rule] = notes.get(fault.rule, 0) + 1
            if notes[fault.rule] > MOST_NOTES:
                continue
        problems.append(_problem(table, column, table.rows[fault.position], fault))
    for rule, count in notes.items():
        if count > MOST_NOTES:
            problems.append(_many_notes(table, column, rule, count - MOST_NOTES))
    return problems


def _problem(table: Table, column: str, row: int, fault: Fault) -> Problem:
    return Problem(
        rule=fault.rule,
        effect="note" if fault.kept else LEFT_OUT,
        form=table.form.key,
        sheet=table.sheet,
        cell=table.address(column, row) or f"A{row}",
        column=column,
        found=quoted(fault.found),
        details=fault.details,
    )


def _few_notes(table: Table, problems: list[Problem]) -> tuple[list[Problem], list[Problem]]:
    """Of the notes of one rule the first few, and for the rest one that counts them."""
    told: list[Problem] = []
    counts: dict[tuple[str, str], int] = {}
    for problem in problems:
        key = (problem.column, problem.rule)
        if problem.effect == "note":
            counts[key] = counts.get(key, 0) + 1
        if counts.get(key, 0) <= MOST_NOTES:
            told.append(problem)
    more = [(key, count - MOST_NOTES) for key, count in counts.items() if count > MOST_NOTES]
    return told, [_many_notes(table, column, rule, count) for (column, rule), count in more]


def _many_notes(table: Table, column: str, rule: str, count: int) -> Problem:
    details = (("count", str(count)), ("rule", rule))
    return Problem("more_of_the_same", "note", form=table.form.key, sheet=table.sheet, column=column,
                   details=details)  # fmt: skip


def _broken_rules(table: Table, rows: pd.DataFrame, context: Context) -> list[Problem]:
    """One problem a cell and rule: what pandera finds in the columns, then the rules over more than one cell."""
    if rows.empty:
        return []
    problems = [
        _broken(table, rows, row, column, _rule_of_check(check), LEFT_OUT, _limits(table.form, column))
        for column, check, row in _column_cases(table.form, rows)
    ]
    for rule, broken in table.form.broken_rules(rows, context):
        hints = hints_for(rule, rows, broken, context)
        problems += [
            _broken(table, rows, int(row), rule.column, rule.key, rule.effect, hints.get(int(row), ()))
            for row in broken
        ]
    return problems


def _column_cases(form: Form, rows: pd.DataFrame) -> list[tuple[str, str, int]]:
    """Column, check and row of every cell that breaks a rule of its column."""
    schema = form.doubtful_columns(rows)
    try:
        if schema.columns:
            schema.validate(rows.copy(deep=False), lazy=True, inplace=True)
    except pa.errors.SchemaErrors as errors:
        cases = errors.failure_cases.drop_duplicates(["column", "check", "index"])
        triples = zip(cases["column"], cases["check"], cases["index"], strict=True)
        return [(str(column), str(check), int(row)) for column, check, row in triples]
    return []


def _broken(
    table: Table,
    rows: pd.DataFrame,
    row: int,
    column: str,
    rule: str,
    effect: Effect,
    details: tuple[tuple[str, str], ...] = (),
) -> Problem:
    value: Any = rows.at[row, column]
    return Problem(
        rule=rule,
        effect=effect,
        form=table.form.key,
        sheet=table.sheet,
        cell=table.address(column, row) or f"A{row}",
        column=column,
        found="" if pd.isna(value) else quoted(_as_typed(table, column, row, value)),
        details=details,
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


def _as_typed(table: Table, column: str, row: int, value: Any) -> object:
    """A settled value as it is quoted: as the sheet shows it, which need not be how it is held."""
    kinds = {one.name: one.kind for one in table.form.columns}
    if isinstance(value, pd.Timestamp):
        return value.date()
    if kinds.get(column) == "clock":
        return f"{int(value) // 60:02d}:{int(value) % 60:02d}"
    return shown(value) if isinstance(value, float) else value


def _repeated_rows(table: Table, rows: pd.DataFrame) -> list[Problem]:
    """Equal rows: the first counts. Rows that share the key but differ: none counts, as nobody can know."""
    same = [name for name in table.form.same if name in rows]
    key = [*same, *(["manager_id"] if "manager_id" in rows and "manager_id" not in same else [])]
    if not same:
        return []
    shared = rows.duplicated(key, keep=False).to_numpy()
    if not shared.any():
        return []
    sharing = rows[shared]
    problems: list[Problem] = []
    for _, group in sharing.groupby(key, sort=False, dropna=False):
        first = int(group.index[0])
        equal = len(group.drop_duplicates()) == 1
        left_out = group.index[1:] if equal else group.index
        problems += [_repeat(table, same[0], int(row), first, group, equal) for row in left_out]
    return problems


def _repeat(table: Table, column: str, row: int, first: int, group: pd.DataFrame, equal: bool) -> Problem:
    others = ", ".join(str(other) for other in group.index if other != row)
    return Problem(
        rule="equal_row" if equal else "same_key",
        effect=LEFT_OUT,
        form=table.form.key,
        sheet=table.sheet,
        cell=table.address(column, row) or f"A{row}",
        column=column,
        found=quoted(_as_typed(table, column, row, group.at[row, column])),
        details=(("rows", str(first) if equal else others),),
    )


def _in_order(table: Table, problems: list[Problem]) -> list[Problem]:
    """Top to bottom, left to right, as a person goes through the sheet."""
    place = {name: number for number, name in enumerate(one.name for one in table.form.columns)}
    return sorted(problems, key=lambda one: (row_of(one), place.get(one.column, -1), one.rule))
