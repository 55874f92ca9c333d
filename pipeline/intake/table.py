"""A form's table as found in a file: cells by column, with the place of each."""

from bisect import bisect_left
from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import chain

from pipeline.contract.problem import Problem
from pipeline.intake.raw import Cell
from pipeline.intake.reading import USUAL, Manner
from schemas.form import Form

# Rows of a table's further sheets are numbered on from a multiple of this, which no sheet of Excel and no text reaches.
SHEET_SPAN = 1 << 32
REASONS = (
    "blank", "example", "total", "subtotal", "signature", "remark", "heading", "unasked", "same_key", "unread",
    "shown", "not_visited", "undecided", "prefilled",
)  # fmt: skip
SAID = frozenset(
    ("total", "subtotal", "signature", "remark", "heading")
)  # the sender is told which rows these are


@dataclass(frozen=True)
class Table:
    """The cells of one form on one sheet, or on several of an office's export.

    `cells[name][i]` stands at the row `rows[i]`, in the sheet column `letters[name]`. `cells` may hold
    `manager_id` beside the form's own columns (office exports). Columns that the sheet lacks are absent.
    A row of the first sheet is numbered as the sheet numbers it, one of the n-th further sheet from n × SHEET_SPAN on;
    `further` has the name and the letters of each of those. `not_data` gives, for each row that is read and is no
    data, one of REASONS. `problems` are those of rows as such, found before any cell is looked at. `as_usual` names the
    columns of a row whose cells a tick stands for (`intake.as_usual`).
    `typeless` tells that the file knows only text (CSV), where a number or date as text is nothing odd; `manner` how
    days and months are written in it.
    """

    form: Form
    sheet: str
    rows: Sequence[int]
    cells: Mapping[str, Sequence[Cell]]
    letters: Mapping[str, str]
    typeless: bool = False
    not_data: Mapping[int, str] = field(default_factory=dict)
    further: tuple[tuple[str, Mapping[str, str]], ...] = ()
    problems: tuple[Problem, ...] = ()
    manner: Manner = USUAL
    as_usual: Mapping[int, tuple[str, ...]] = field(default_factory=dict)

    @property
    def sheets(self) -> tuple[str, ...]:
        """The names of its sheets, in order."""
        return (self.sheet, *(name for name, _ in self.further))

    def position_of(self, row: int) -> int:
        """Where among the rows a row stands, counted from 0."""
        return bisect_left(self.rows, row)

    def address(self, column: str, row: int) -> str:
        """The cell of a column and row, such as `F17`; empty where the sheet lacks the column."""
        number, sheet_row = divmod(row, SHEET_SPAN)
        letters = self._letters_of(number)
        return f"{letters[column]}{sheet_row}" if column in letters else ""

    def sheet_of(self, row: int) -> str:
        """The name of the sheet that a row stands on."""
        return self.sheets[row // SHEET_SPAN]

    def row_at(self, sheet: str, sheet_row: int, letters: str = "", among: Container[int] | None = None) -> int:
        """The number of a sheet's row among the rows of the table; that of the first sheet for a name it has not.

        Several parts of a table may stand on one sheet, even in one row (months side by side): then it is the row of
        the part that has a column of these `letters`, and of several such the first row `among` those given.
        """
        names = self.sheets
        if names.count(sheet) < 2:
            return sheet_row + SHEET_SPAN * (names.index(sheet) if sheet in names else 0)
        parts = [number for number, name in enumerate(names) if name == sheet]
        having = [number for number in parts if letters in self._letters_of(number).values()] or parts
        rows = [sheet_row + SHEET_SPAN * number for number in having]
        known = self._numbers if among is None else among
        return next((row for row in rows if row in known), rows[0])

    def _letters_of(self, number: int) -> Mapping[str, str]:
        return self.further[number - 1][1] if number else self.letters

    @cached_property
    def _numbers(self) -> frozenset[int]:
        return frozenset(self.rows)

    def row_text(self, row: int, beside: int) -> str:
        """How a row is named in what is said of another: with its sheet, where that is another one."""
        number = str(row % SHEET_SPAN)
        return number if self.sheet_of(row) == self.sheet_of(beside) else f"{self.sheet_of(row)}!{number}"


def joined(tables: Sequence[Table]) -> Table:
    """Tables of one form on several sheets as one; there is at least one."""
    first = tables[0]
    if len(tables) == 1:
        return first
    names = list(dict.fromkeys(chain.from_iterable(table.cells for table in tables)))
    return replace(
        first,
        rows=[row + SHEET_SPAN * number for number, table in enumerate(tables) for row in table.rows],
        cells={name: list(chain.from_iterable(_column(table, name) for table in tables)) for name in names},
        not_data={
            row + SHEET_SPAN * number: why
            for number, table in enumerate(tables)
            for row, why in table.not_data.items()
        },
        further=tuple((table.sheet, table.letters) for table in tables[1:]),
        problems=tuple(chain.from_iterable(table.problems for table in tables)),
    )


def _column(table: Table, name: str) -> Sequence[Cell]:
    return table.cells.get(name) or [None] * len(table.rows)


def column_letters(number: int) -> str:
    """`A` for 1, `AA` for 27."""
    letters = ""
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(65 + rest) + letters
    return letters
