"""Headings that go over several lines: one text a column, from merged cells and groups above, joined by /."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from pipeline.intake.headings import Sought, find_heading
from pipeline.intake.raw import Cell, RawSheet
from pipeline.intake.reading import shown
from pipeline.intake.text_forms import visible

BETWEEN = "/"
_RANGE = re.compile(r"([A-Z]{1,3})(\d+):([A-Z]{1,3})(\d+)")
Area = tuple[int, int, int, int]  # first row, first column, last row, last column, counted from 1


@dataclass(frozen=True)
class Headings:
    """The headings of a table, one a column: `cells` as a mapping names them, and the `parts` that they are made of."""

    cells: Sequence[Cell]
    parts: Sequence[tuple[str, ...]] = field(default=())

    def find(self, text: str) -> Sought:
        """Where the column stands that a mapping calls so: by its whole heading, else by the last parts of it, as many
        as the text has."""
        found = find_heading(self.cells, text)
        if found.why != "missing" or not self.parts:
            return found
        return find_heading(self.tails(text.count(BETWEEN) + 1), text)

    def tails(self, count: int) -> list[Cell]:
        """The last parts of each heading; None for a column without any."""
        return [BETWEEN.join(parts[-count:]) or None for parts in self.parts]

    def places(self, texts: Iterable[str]) -> dict[str, int]:
        """Where each of these stands, as far as that is clear."""
        found = {text: self.find(text).place for text in texts}
        return {text: place for text, place in found.items() if place is not None}

    @cached_property
    def written(self) -> tuple[str, ...]:
        """The headings that there are, from the left."""
        return tuple(shown(cell) for cell in self.cells if cell is not None and shown(cell).strip())


def headings_at(sheet: RawSheet, first: int, lines: int, areas: Sequence[Area] = ()) -> Headings:
    """The headings in a row of a sheet (index), or in several lines from there on; `areas` are its merged cells."""
    if lines == 1:
        return Headings(sheet.rows[first])
    texts = [[_text(cell) for cell in row] for row in sheet.rows[first : first + lines]]
    merged = list(_within(sheet, areas, first, lines))
    for line in range(lines):
        _spread(texts, line, [area for area in merged if area[0] == line], lines)
    parts = tuple(_distinct(line[place] for line in texts) for place in range(len(texts[0])))
    return Headings([BETWEEN.join(one) or None for one in parts], parts)


def merged_areas(sheet: RawSheet) -> list[Area]:
    """The merged cells of a sheet."""
    return [area for text in sheet.merged if (area := _area(text)) is not None]


def _area(text: str) -> Area | None:
    found = _RANGE.fullmatch(text.replace("$", ""))
    return None if found is None else (int(found[2]), _number(found[1]), int(found[4]), _number(found[3]))


def _number(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number


def _within(sheet: RawSheet, areas: Sequence[Area], first: int, lines: int) -> Iterator[Area]:
    """The merged cells that begin in these lines, by index: line and column from 0."""
    for top, left, bottom, right in areas:
        line = top - sheet.first_row - first
        if 0 <= line < lines:
            shift = sheet.first_column
            yield line, left - shift, min(bottom - sheet.first_row - first, lines - 1), right - shift


def _spread(texts: list[list[str]], line: int, merged: Sequence[Area], lines: int) -> None:
    """Gives the columns below a group its name: those of the merged cell; in a line without any, those right of it
    that have a heading of their own below."""
    for _, left, _, right in merged:
        for place in range(max(left, 0), min(right + 1, len(texts[line]))):
            texts[line][place] = texts[line][max(left, 0)]
    if merged or line == lines - 1:
        return
    group = ""
    for place, text in enumerate(texts[line]):
        group = text or group
        below = any(texts[other][place] for other in range(line + 1, lines))
        if not text and below and group:
            texts[line][place] = group
        elif text and not below:
            group = ""  # a heading of its own, over all lines


def _distinct(texts: Iterable[str]) -> tuple[str, ...]:
    """The parts of a heading from above, without empty ones and without the same again."""
    parts: list[str] = []
    for text in texts:
        if text and (not parts or parts[-1] != text):
            parts.append(text)
    return tuple(parts)


def _text(cell: Cell) -> str:
    return "" if cell is None else "".join(visible(shown(cell)).split())
