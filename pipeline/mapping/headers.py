"""In which lines of a sheet the headings stand: where most columns of a form are known by theirs."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from pipeline.intake.export_rows import explains
from pipeline.intake.header_lines import Headings, headings_at, merged_areas
from pipeline.intake.not_data import has_content
from pipeline.intake.raw import Cell, RawSheet
from pipeline.intake.reading import shown
from pipeline.mapping.samples import MOST_ROWS
from pipeline.mapping.vocabulary import fitting
from schemas.form import Form

WITHIN, MOST_LINES = 30, 4
WIDEST = 400  # headings of a row that are looked at
Vocabulary = Mapping[str, Mapping[str, float]]


@dataclass(frozen=True)
class Header:
    """Headings on a sheet: the index of their first line, how many there are, and the rows below that are looked at."""

    sheet: RawSheet
    first: int
    lines: int
    headings: Headings
    below: Sequence[Sequence[Cell]]

    def cells(self, place: int) -> list[Cell]:
        """What stands below a heading."""
        return [row[place] for row in self.below]

    @property
    def texts(self) -> list[str]:
        """The headings, one a column; empty where there is none."""
        return ["" if cell is None else shown(cell).strip() for cell in self.headings.cells]


def best_header(sheet: RawSheet, form: Form, known: Vocabulary) -> Header | None:
    """The headings of a sheet by which most columns of a form are known, those that must be there first; of equal ones
    the fewest lines, the highest. None where fewer than two are."""
    required = {column.name for column in form.columns if column.required}
    best: tuple[float, Header] | None = None
    for first, lines, headings in _candidates(sheet):
        columns = _columns(headings, known)
        weight = sum(sure * (1.0 if name in required else 0.4) for name, sure in columns.items()) - 0.05 * lines
        if len(columns) > 1 and (best is None or weight > best[0] + 1e-9):
            best = (weight, _header(sheet, first, lines, headings))
    return None if best is None else best[1]


def _candidates(sheet: RawSheet) -> Iterator[tuple[int, int, Headings]]:
    areas = merged_areas(sheet)
    for lines in range(1, MOST_LINES + 1):
        for first in range(min(WITHIN, len(sheet.rows) - lines)):
            if any(map(has_content, sheet.rows[first])):
                yield first, lines, headings_at(sheet, first, lines, areas)


def _columns(headings: Headings, known: Vocabulary) -> dict[str, float]:
    """The columns that are known by a heading, with how sure; a heading is one column at most, and short."""
    found: dict[str, float] = {}
    for cell in headings.cells[:WIDEST]:
        if not isinstance(cell, str) or len(cell) > 60:
            continue
        fits = fitting(cell, known)
        name = max(fits, key=lambda one: fits[one], default="")
        if name and fits[name] >= 0.6:
            found[name] = max(found.get(name, 0.0), fits[name])
    return found


def _header(sheet: RawSheet, first: int, lines: int, headings: Headings) -> Header:
    below = [row for row in sheet.rows[first + lines :] if any(map(has_content, row))]
    while below and explains(below[0], range(len(below[0])), ()):
        below = below[1:]
    return Header(sheet, first, lines, headings, below[:MOST_ROWS])
