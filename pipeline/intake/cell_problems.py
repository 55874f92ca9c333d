"""Faults of cells as problems: one a cell, or one a column where the same is to be said of many."""

from collections import Counter
from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import replace

from pipeline.contract.problem import Problem, quoted
from pipeline.intake.settle import Fault
from pipeline.intake.table import SHEET_SPAN, Table
from schemas.columns import Column
from schemas.form import Effect

MOST_NOTES = 20  # notes of one kind in one column before the rest are told in one
MOST_CELLS = 1_000  # cells that one rule lists; the rest are counted
CELLS_NAMED = 3  # cells that a note on a whole column names
LEFT_OUT: Effect = "row left out"
TYPED_AS_TEXT = frozenset(("text_number", "text_day", "text_clock", "month_written"))
# What is said of words that were understood: not every one of them is a matter of blanks and width.
_TRUE_WORDS = {("flag", "tidied"): "flag_understood", ("choice", "tidied"): "choice_understood"}


def more_cells(table: Table, rule: str, count: int, details: tuple[tuple[str, str], ...] = ()) -> Problem:
    """That a rule is broken by so many more cells than are listed."""
    counted = (("rule", rule), ("count", str(count)), ("listed", str(MOST_CELLS)))
    known = {name for name, _ in counted}
    further = tuple(one for one in details if one[0] not in known)
    return Problem("more_cells", LEFT_OUT, form=table.form.key, sheet=table.sheet, details=(*counted, *further))


_SENDER_COLUMNS = (
    Column("manager_id", "客户经理编码", "Manager code", "id", refers_to="managers"),
    Column("region_id", "区域编码", "Region code", "id", refers_to="regions"),
)


def sender_column(table: Table) -> tuple[Column, ...]:
    """The columns of whose rows these are beside the form's own: the sender's code, or the region's, where the sheet
    has one."""
    return tuple(one for one in _SENDER_COLUMNS if one.name in table.cells and one.name not in table.form.dtypes)


def row_of(problem: Problem, table: Table, among: Container[int] | None = None) -> int:
    """The row of the table that a problem's cell stands in (of several one `among` those given), 0 where it has
    none."""
    digits = problem.cell.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ")
    letters = problem.cell.removesuffix(digits)
    return table.row_at(problem.sheet, int(digits), letters, among) if digits else 0


def cell_problems(table: Table, column: Column, faults: Iterable[Fault]) -> list[Problem]:
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
            problems.append(cell_problem(table, column, fault))
    return [*problems, *(_note(table, column, same) for same in understood.values())]


def cell_problem(table: Table, column: Column, fault: Fault) -> Problem:
    """What is told of a fault in one cell."""
    row = table.rows[fault.position]
    return Problem(
        rule=_TRUE_WORDS.get((column.kind, fault.rule), fault.rule),
        effect="note" if fault.kept else LEFT_OUT,
        form=table.form.key,
        sheet=table.sheet_of(row),
        cell=cell_at(table, column.name, row),
        column=column.name,
        found=quoted(fault.found),
        details=fault.details,
    )


def _note(table: Table, column: Column, same: Sequence[Fault]) -> Problem:
    """What was understood in one way in cells of a column: a note at the cell, or one on the column for them all."""
    first = cell_problem(table, column, same[0])
    if len(same) == 1:
        return first
    cells = ", ".join(cell_at(table, column.name, table.rows[fault.position]) for fault in same[:CELLS_NAMED])
    counted = (("rule", first.rule), ("count", str(len(same))), ("cells", cells))
    return replace(first, rule="column_note", cell="", details=(*counted, *first.details))


def cell_at(table: Table, column: str, row: int) -> str:
    """The address of a column's cell in a row."""
    return table.address(column, row) or f"A{row % SHEET_SPAN}"


def many_notes(table: Table, column: str, rule: str, count: int) -> Problem:
    """That a note holds for so many more cells of a column than are listed."""
    details = (("count", str(count)), ("rule", rule))
    return Problem("more_of_the_same", "note", form=table.form.key, sheet=table.sheet, column=column,
                   details=details)  # fmt: skip


def first_of_each_rule(
    table: Table, problems: Sequence[Problem], counts: Mapping[str, int]
) -> tuple[list[Problem], list[Problem]]:
    """Of problems that leave out rows the first MOST_CELLS of each rule, as a person goes through the sheet, and for
    each rule that has more (by `counts`) one problem without a cell that says how many."""
    listed: list[Problem] = []
    taken: Counter[str] = Counter()
    for problem in in_order(table, problems):
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


def most_listed(effect: Effect) -> int:
    """How many cells of one rule are listed before the rest are counted."""
    return MOST_NOTES if effect == "note" else MOST_CELLS


def in_order(table: Table, problems: Iterable[Problem]) -> list[Problem]:
    """Top to bottom, left to right, as a person goes through the sheet."""
    place = {name: number for number, name in enumerate(one.name for one in table.form.columns)}
    return sorted(problems, key=lambda one: (row_of(one, table), place.get(one.column, -1), one.rule))
