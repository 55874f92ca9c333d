"""Rows that stand twice in a form."""

from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from pipeline.contract.problem import Problem, quoted
from pipeline.intake.broken_rules import as_typed
from pipeline.intake.cell_problems import LEFT_OUT, cell_at
from pipeline.intake.table import Table

OTHERS_NAMED = 10  # rows that are named as equal to one


@dataclass(frozen=True)
class Group:
    """Rows that share the form's key: `equal` in everything, of which the first counts, or not, and then none."""

    rows: Sequence[int]
    equal: bool


def repeated_rows(table: Table, rows: pd.DataFrame) -> dict[int, Group]:
    """Equal rows: the first counts. Rows that share the key but differ: none counts, as nobody can know."""
    same = [name for name in table.form.same if name in rows]
    key = [*same, *(["manager_id"] if "manager_id" in rows and "manager_id" not in same else [])]
    if not same:
        return {}
    shared = rows.duplicated(key, keep=False).to_numpy()
    if not shared.any():
        return {}
    found: dict[int, Group] = {}
    for _, group in rows[shared].groupby(key, sort=False, dropna=False):
        equal = len(group.drop_duplicates()) == 1
        members = Group([int(row) for row in group.index], equal)
        found.update(dict.fromkeys(members.rows[1:] if equal else members.rows, members))
    return found


def repeat_problem(table: Table, rows: pd.DataFrame, row: int, group: Group) -> Problem:
    """What is told of a row that stands elsewhere too."""
    column = next(name for name in table.form.same if name in rows)
    others = group.rows[:1] if group.equal else [other for other in group.rows[: OTHERS_NAMED + 1] if other != row]
    named = ", ".join(table.row_text(other, row) for other in others[:OTHERS_NAMED])
    cut = " …" if not group.equal and len(group.rows) > OTHERS_NAMED + 1 else ""
    return Problem(
        rule="equal_row" if group.equal else "same_key",
        effect=LEFT_OUT,
        form=table.form.key,
        sheet=table.sheet_of(row),
        cell=cell_at(table, column, row),
        column=column,
        found=quoted(as_typed(table, column, rows.at[row, column])),
        details=(("rows", named + cut),),
    )
