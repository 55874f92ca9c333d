"""A form's table as found in a file: cells by column, with the place of each."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from pipeline.intake.raw import Cell
from pipeline.intake.reading import USUAL, Manner
from schemas.form import Form


@dataclass(frozen=True)
class Table:
    """The cells of one form on one sheet.

    `cells[name][i]` stands at sheet row `rows[i]` in the sheet column `letters[name]`. `cells` may hold
    `manager_id` beside the form's own columns (office exports). Columns that the sheet lacks are absent.
    `typeless` tells that the file knows only text (CSV), where a number or date as text is nothing odd; `manner` how
    days and months are written in it.
    """

    form: Form
    sheet: str
    rows: Sequence[int]
    cells: Mapping[str, Sequence[Cell]]
    letters: Mapping[str, str]
    typeless: bool = False
    manner: Manner = USUAL

    def address(self, column: str, row: int) -> str:
        """The cell of a column and sheet row, such as `F17`; empty where the sheet lacks the column."""
        return f"{self.letters[column]}{row}" if column in self.letters else ""


def column_letters(number: int) -> str:
    """`A` for 1, `AA` for 27."""
    letters = ""
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(65 + rest) + letters
    return letters
