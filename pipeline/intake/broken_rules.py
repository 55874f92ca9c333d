"""The rules of a form that rows break, as pandera finds them, and the problems that tell of them."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import pandas as pd
import pandera.pandas as pa

from pipeline.contract.problem import Problem, quoted
from pipeline.intake.cell_problems import LEFT_OUT, cell_at, most_listed
from pipeline.intake.nearest import Details, hints_for
from pipeline.intake.reading import shown
from pipeline.intake.settled import Settled
from pipeline.intake.table import Table
from schemas.form import Context, Effect, Form


@dataclass(frozen=True)
class Broken:
    """A rule that some cells of a column break; `hints` are further details of single rows."""

    rule: str
    column: str
    effect: Effect
    rows: Sequence[int]
    details: Details = ()
    hints: Mapping[int, Details] = field(default_factory=dict)


def broken_rules(settled: Settled, context: Context) -> list[Broken]:
    """The rules that cells break: what pandera finds in the columns, then the rules over more than one cell. A cell
    that is no value at all is not told of again."""
    table, rows = settled.table, settled.rows
    if rows.empty:
        return []
    broken = list(_column_cases(settled))
    for rule, index in table.form.broken_rules(rows, context):
        unusable = settled.unusable.get(rule.column, frozenset())
        wrong = pd.Index([int(one) for one in index if one not in unusable])
        hints = hints_for(rule, rows, wrong[: most_listed(rule.effect)], context)
        broken.append(Broken(rule.key, rule.column, rule.effect, list(wrong), hints=hints))
    return [one for one in broken if one.rows]


def _column_cases(settled: Settled) -> Iterator[Broken]:
    """The rules of single columns that some cells break, those aside that are no value."""
    form, rows = settled.table.form, settled.rows
    filling = _rows_that_fill_in(form, rows)
    for name, column in form.doubtful_columns(rows).columns.items():
        aside = {*settled.unusable.get(name, ()), *(() if column.nullable else filling)}
        cells = rows_without(rows[[name]], aside)
        try:
            pa.DataFrameSchema({name: column}).validate(cells.copy(deep=False), lazy=True, inplace=True)
        except pa.errors.SchemaErrors as errors:
            cases = errors.failure_cases.drop_duplicates(["column", "check", "index"])
            for check, index in cases.groupby("check", sort=False)["index"]:
                yield Broken(
                    _rule_of_check(str(check)), name, LEFT_OUT, sorted(map(int, index)), _limits(form, name)
                )


def _rows_that_fill_in(form: Form, rows: pd.DataFrame) -> Sequence[int]:
    """Rows that only fill in later steps of a case that another row has told: what that one must give, they need not.
    Whether there is such a case is seen where the months meet."""
    case = form.traits.case
    return [] if case is None else [int(row) for row in rows.index[case.only_fills_in(rows)]]


def broken_problem(table: Table, rows: pd.DataFrame, row: int, broken: Broken) -> Problem:
    """What is told of a row that breaks a rule of its form."""
    value: Any = rows.at[row, broken.column]
    return Problem(
        rule=broken.rule,
        effect=broken.effect,
        form=table.form.key,
        sheet=table.sheet_of(row),
        cell=cell_at(table, broken.column, row),
        column=broken.column,
        found="" if pd.isna(value) else quoted(as_typed(table, broken.column, value)),
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


def as_typed(table: Table, column: str, value: Any) -> object:
    """A settled value as it is quoted: as the sheet shows it, which need not be how it is held."""
    kinds = {one.name: one.kind for one in table.form.columns}
    if isinstance(value, pd.Timestamp):
        return value.date()
    if kinds.get(column) == "clock":
        return f"{int(value) // 60:02d}:{int(value) % 60:02d}"
    return shown(value) if isinstance(value, float) else value


def rows_without(rows: pd.DataFrame, left_out: set[int]) -> pd.DataFrame:
    """The rows without those left out, by their numbers."""
    return rows[~rows.index.isin(left_out)] if left_out else rows
