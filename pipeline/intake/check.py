"""Rows against the rules of their form: which are accepted, which are left out, and why."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

from pipeline.contract.problem import Problem
from pipeline.intake.broken_rules import Broken, broken_problem, broken_rules, rows_without
from pipeline.intake.cell_problems import (
    LEFT_OUT,
    MOST_CELLS,
    MOST_NOTES,
    first_of_each_rule,
    in_order,
    many_notes,
    most_listed,
    row_of,
)
from pipeline.intake.repeated_rows import Group, repeat_problem, repeated_rows
from pipeline.intake.settled import Settled
from pipeline.intake.settled import settle_table as settle_table
from pipeline.intake.table import Table
from schemas.form import Context


@dataclass(frozen=True)
class Checked:
    """The good rows of a table, those left out, and what is wrong (place known, file not yet)."""

    accepted: pd.DataFrame
    left_out: pd.DataFrame
    problems: tuple[Problem, ...]


def check_rows(settled: Settled, context: Context, *, repeats: bool = False) -> Checked:
    """The rows that keep every rule, and what is wrong with the others.

    Args:
        settled: the rows of one form and one month, whole or in part.
        context: that month's master data and profile.
        repeats: whether several rows may share the form's key, as order lines of an export do.
    """
    table, rows = settled.table, settled.rows
    here = set(rows.index)
    own = [one for one in dict.fromkeys(settled.problems) if row_of(one, table, here) in here]
    broken = broken_rules(settled, context)
    bad = {row for row in settled.bad_rows if row in here}
    bad.update(row for one in broken if one.effect == LEFT_OUT for row in one.rows)
    good = rows_without(rows, bad)
    twice = {} if repeats else repeated_rows(table, good)
    accepted = rows_without(good, set(twice))
    left_out = rows.iloc[:0] if len(accepted) == len(rows) else rows[~rows.index.isin(accepted.index)]
    told, more = _told(table, rows, broken)
    repeated, more_repeated = _told_twice(table, good, twice)
    return Checked(accepted, left_out, (*in_order(table, [*own, *told, *repeated]), *more, *more_repeated))


def _told(table: Table, rows: pd.DataFrame, broken: Sequence[Broken]) -> tuple[list[Problem], list[Problem]]:
    """The problems of broken rules: their first cells, and how many more there are."""
    problems = [
        broken_problem(table, rows, row, one) for one in broken for row in one.rows[: most_listed(one.effect)]
    ]
    left_out = [one for one in problems if one.effect == LEFT_OUT]
    counts = Counter({one.rule: 0 for one in left_out})
    for one in broken:
        if one.effect == LEFT_OUT:
            counts[one.rule] += len(one.rows)
    listed, more = first_of_each_rule(table, left_out, counts)
    notes = [one for one in problems if one.effect != LEFT_OUT]
    more += [
        many_notes(table, one.column, one.rule, len(one.rows) - MOST_NOTES)
        for one in broken
        if one.effect == "note" and len(one.rows) > MOST_NOTES
    ]
    return [*listed, *notes], more


def _told_twice(
    table: Table, rows: pd.DataFrame, twice: Mapping[int, "Group"]
) -> tuple[list[Problem], list[Problem]]:
    chosen = sorted(twice)
    counts = Counter("equal_row" if twice[row].equal else "same_key" for row in chosen)
    taken: Counter[str] = Counter()
    problems: list[Problem] = []
    for row in chosen:
        rule = "equal_row" if twice[row].equal else "same_key"
        taken[rule] += 1
        if taken[rule] <= MOST_CELLS:
            problems.append(repeat_problem(table, rows, row, twice[row]))
    return first_of_each_rule(table, problems, counts)
