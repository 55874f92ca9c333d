"""Master data drawn from transactions (settings `one_a_key`): the first row of each key, and what differs in others."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from pipeline.contract.problem import Problem, quoted
from pipeline.intake.raw import Cell
from pipeline.intake.reading import shown
from pipeline.intake.table import Table
from pipeline.intake.text_forms import plain

MOST_NAMED = 5  # keys that a note names


def one_a_key(table: Table) -> tuple[Table, tuple[Problem, ...]]:
    """The first row of each key, and a note for each column in which further rows of a key say something else."""
    names = [name for name in table.form.same if name in table.cells]
    firsts: dict[tuple[Cell, ...], int] = {}
    differing: dict[str, dict[tuple[Cell, ...], int]] = {}
    for position, key in enumerate(zip(*(table.cells[name] for name in names), strict=True)):
        first = firsts.setdefault(key, position)
        if first != position:
            for name in _differing(table.cells, first, position):
                differing.setdefault(name, {}).setdefault(key, position)
    kept = list(firsts.values())
    cells = {name: [column[position] for position in kept] for name, column in table.cells.items()}
    rows = [table.rows[position] for position in kept]
    again = dict.fromkeys(set(table.rows) - set(rows), "same_key")
    notes = tuple(_note(table, name, found, firsts) for name, found in differing.items())
    return replace(table, rows=rows, cells=cells, not_data={**table.not_data, **again}), notes


def _differing(cells: Mapping[str, Sequence[Cell]], first: int, other: int) -> list[str]:
    """The columns in which two rows hold something, and something else."""
    return [
        name
        for name, column in cells.items()
        if column[first] != column[other]
        and column[other] is not None
        and plain(_text(column[first])) != plain(_text(column[other]))
    ]


def _note(
    table: Table, name: str, found: Mapping[tuple[Cell, ...], int], firsts: Mapping[tuple[Cell, ...], int]
) -> Problem:
    column = table.cells[name]
    examples = (
        f"{'-'.join(map(_text, key))}：{_text(column[firsts[key]])} / {_text(column[position])}"
        for key, position in list(found.items())[:MOST_NAMED]
    )
    details = (("count", str(len(found))), ("examples", quoted("；".join(examples))))
    return Problem("key_differs", "note", form=table.form.key, sheet=table.sheet, column=name, details=details)


def _text(cell: Cell) -> str:
    return "" if cell is None else shown(cell)
