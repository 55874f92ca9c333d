"""Where the table of an export stands on a sheet: below which title, its lines of headings, and where it ends."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase

from pipeline.contract.exports import Export
from pipeline.intake.header_lines import Headings, headings_at, merged_areas
from pipeline.intake.headings import Sought
from pipeline.intake.match import HEADER_WITHIN
from pipeline.intake.not_data import has_content, plain
from pipeline.intake.raw import Cell, RawSheet
from pipeline.intake.titles import (
    BELOW_TITLE,
    is_title,
    leads_to_headings,
    same_title,
    title_above,
    title_in,
    title_rows,
)
from pipeline.intake.unpivot import has_months

MOST_LINES = 4


@dataclass(frozen=True)
class Headed:
    """A table on a sheet, by index of its rows: its headings go from `first` to `last`, its rows from there to `end`
    (not included); `title` stands above it."""

    sheet: RawSheet
    first: int
    last: int
    end: int
    headings: Headings
    title: str = ""

    @property
    def above(self) -> Sequence[Sequence[Cell]]:
        """All rows down to the last line of its headings."""
        return self.sheet.rows[: self.last + 1]


def headed(sheet: RawSheet, wanted: Sequence[str], export: Export) -> list[Headed]:
    """The tables of a sheet that have all the headings of a mapping: the first one, or those below the title that the
    mapping names. Headings stand in one line where there is one that has them all, else in two to four."""
    if not export.table:
        found = _headed(sheet, 0, HEADER_WITHIN, wanted, export)
        return [] if found is None else [found]
    asked = plain(export.table)
    titles = [index for index in title_rows(sheet) if fnmatchcase(plain(title_in(sheet.rows[index])), asked)]
    tables = (_headed(sheet, index + 1, BELOW_TITLE, wanted, export) for index in titles)
    by_header = {one.first: one for one in tables if one is not None}  # of several lines of a title one is enough
    return list(by_header.values())


def _headed(sheet: RawSheet, start: int, rows: int, wanted: Sequence[str], export: Export) -> Headed | None:
    """The first table whose header begins in so many rows from `start` on, before others one whose headings are all
    clear."""
    areas = merged_areas(sheet)
    for lines in (export.header_rows,) if export.header_rows else range(1, MOST_LINES + 1):
        found = _header(sheet, range(start, start + rows), lines, areas, wanted, export)
        if found is not None:
            first, headings = found
            end = _end(sheet, first, first + lines - 1, headings)
            return Headed(sheet, first, first + lines - 1, end, headings, title_above(sheet, first))
    return None


def _header(
    sheet: RawSheet,
    within: range,
    lines: int,
    areas: Sequence[tuple[int, int, int, int]],
    wanted: Sequence[str],
    export: Export,
) -> tuple[int, Headings] | None:
    unclear: tuple[int, Headings] | None = None
    for index in within:
        if index + lines > len(sheet.rows):
            break
        headings = headings_at(sheet, index, lines, areas)
        sought = list(_up_to_missing(headings, wanted))
        if (sought and sought[-1].why == "missing") or not has_months(headings, export.months_aside):
            continue
        if all(one.place is not None for one in sought):
            return index, headings
        unclear = unclear or (index, headings)
    return unclear


def _up_to_missing(headings: Headings, texts: Sequence[str]) -> Iterator[Sought]:
    """Each heading that is wanted, up to the first that is not there."""
    for text in texts:
        sought = headings.find(text)
        yield sought
        if sought.why == "missing":
            return


def _end(sheet: RawSheet, first: int, last: int, headings: Headings) -> int:
    """Where the table ends: before the title of another one, which an empty row parts from it, or with the sheet."""
    own = title_above(sheet, first)
    for index in range(last + 2, len(sheet.rows)):
        if any(map(has_content, sheet.rows[index - 1])) or not is_title(sheet.rows[index]):
            continue
        if leads_to_headings(sheet, index) and not (own and same_title(own, title_in(sheet.rows[index]))):
            return index
    return len(sheet.rows)


def other_tables(table: Headed, wanted: Sequence[str]) -> list[str]:
    """The titles of further tables on the sheet, below this one, that have the same headings."""
    sheet, found = table.sheet, []
    if table.end == len(sheet.rows):
        return []
    for index in title_rows(sheet):
        if index < table.end:
            continue
        within = range(index + 1, min(index + BELOW_TITLE, len(sheet.rows)))
        heads = (headings_at(sheet, one, 1) for one in within)
        if any(all(head.find(text).why != "missing" for text in wanted) for head in heads):
            found.append(title_in(sheet.rows[index]))
    return list(dict.fromkeys(found))


def lacking(sheet: RawSheet, wanted: Mapping[str, str], lines: int) -> list[list[str]]:
    """For each row in which a header may stand, the headings that it lacks."""
    areas = merged_areas(sheet)
    rows = range(min(HEADER_WITHIN, len(sheet.rows) - max(lines, 1) + 1))
    heads = (headings_at(sheet, index, max(lines, 1), areas) for index in rows)
    return [[text for text in wanted if head.find(text).why == "missing"] for head in heads]
