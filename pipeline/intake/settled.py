"""A table's cells settled to values of its form, column by column, and what was wrong in them."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import pandas as pd
from pandas.api.extensions import ExtensionArray

from pipeline.contract.problem import Problem
from pipeline.intake.cell_problems import TYPED_AS_TEXT, cell_problems, first_of_each_rule, row_of, sender_column
from pipeline.intake.codes import Codes, codes_of
from pipeline.intake.reading import Reading, understood
from pipeline.intake.settle import Fault, settle_cells
from pipeline.intake.table import Table
from schemas.columns import Column
from schemas.form import Context


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


def settle_table(table: Table, context: Context) -> Settled:
    """All cells of a table typed as its form says; `manager_id` too, where an export gives it."""
    settled: dict[str, ExtensionArray] = {}
    problems: list[Problem] = list(table.problems)
    counts: Counter[str] = Counter()
    unusable: dict[str, frozenset[int]] = {}
    for column in (*table.form.columns, *sender_column(table)):
        choices = column.choices or (context.profile.choices(column.list_name) if column.list_name else ())
        cells = table.cells.get(column.name, [None] * len(table.rows))
        manner = replace(table.manner, typeless=table.typeless)
        codes = _codes_of(column, context)
        settled[column.name], faults = settle_cells(cells, column, choices, manner, codes)
        told = [fault for fault in faults if not (table.typeless and fault.rule in TYPED_AS_TEXT)]
        problems.extend(cell_problems(table, column, told))
        counts.update(fault.rule for fault in told if not fault.kept)
        unusable[column.name] = frozenset(table.rows[fault.position] for fault in told if not fault.kept)
    counts.update(problem.rule for problem in table.problems)
    places = pd.Index(list(table.rows), dtype="int64", name="source_row")
    rows = pd.DataFrame(settled, index=places, copy=False)
    listed, more = first_of_each_rule(table, [one for one in problems if one.cell], counts)
    remarks = (*(one for one in problems if not one.cell), *more)
    bad_rows = frozenset().union(*unusable.values(), (row_of(one, table) for one in table.problems))
    return Settled(table, rows, tuple(listed), remarks, unusable, bad_rows)


def _codes_of(column: Column, context: Context) -> Codes | None:
    """The master data that a column's codes refer to, where they are known."""
    return codes_of(context.lookup(column.refers_to)) if column.refers_to in context.masters else None


def with_codes_meant(settled: Settled, context: Context) -> Settled:
    """The rows with the codes that are certainly meant, for an export whose master data depend on the row's month; the
    notes stand among the problems. A name that only one code has means that code."""
    rows = settled.rows
    notes: list[Problem] = []
    for column in (*settled.table.form.columns, *sender_column(settled.table)):
        codes = _codes_of(column, context)
        if codes is None:
            continue
        meant = {code: _meant(codes, code) for code in rows[column.name].dropna().unique()}
        changed = {code: reading for code, reading in meant.items() if reading.rule}
        if not changed:
            continue
        held = rows[column.name]
        places = held.index[held.isin(list(changed))]
        faults = [_fault_meant(settled.table, int(row), held[row], changed[held[row]]) for row in places]
        notes += cell_problems(settled.table, column, faults)
        values = held.map({code: str(reading.value) for code, reading in changed.items()})
        rows = rows.assign(**{column.name: values.astype(held.dtype).where(held.isin(list(changed)), held)})
    of_cells = [one for one in notes if one.cell]
    of_columns = [one for one in notes if not one.cell]
    return replace(
        settled,
        rows=rows,
        problems=(*settled.problems, *of_cells),
        remarks=(*settled.remarks, *of_columns),
    )


def _meant(codes: Codes, text: str) -> Reading:
    """The code that a text is, or that only one code is called by."""
    reading = codes.meant(Reading(text))
    if reading.rule or codes.has(text) or len(same := codes.named(text)) != 1:
        return reading
    return understood(same[0], "name_meant", code=same[0], name=codes.name(same[0]))


def _fault_meant(table: Table, row: int, code: str, reading: Reading) -> Fault:
    return Fault(table.position_of(row), reading.rule, code, reading.kept, reading.details)
