"""CSV as it leaves Excel, WPS and other programs: its encoding, its delimiter, its cells."""

import csv
import io
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from pipeline.base.csv_cells import unguarded
from pipeline.contract.refusal import Refusal
from pipeline.intake.encodings import decode
from pipeline.intake.raw import Cell, RawBook, RawSheet, Remark

DELIMITERS = (",", "\t", ";", "|")
TABLE_SHARE = 0.6  # of the lines that must have the commonest number of cells
LONGEST_CELL = 32_767  # what one cell of Excel can hold
_SAMPLE_ROWS = 1_000  # looked at to find the delimiter


@dataclass(frozen=True)
class Dialect:
    """What was said of text files: their delimiter and encoding, each "" where it is to be found."""

    delimiter: str = ""
    encoding: str = ""


FOUND = Dialect()


def read_delimited(data: bytes, dialect: Dialect = FOUND) -> RawBook | Refusal:
    """The one sheet of a CSV file, every cell text (None where nothing stands between two delimiters)."""
    decoded = decode(data, dialect.encoding)
    if decoded is None:
        return Refusal("unknown_encoding")
    rows, remarks = _split(decoded.text, dialect.delimiter or guess_delimiter(decoded.text))
    if decoded.unknown:
        remarks = (*remarks, Remark("bad_bytes", details=(("count", str(decoded.unknown)),)))
    return RawBook("csv", (_as_sheet(rows),), remarks)


def guess_delimiter(text: str) -> str:
    """The delimiter by which the rows come out alike: of those that split them, the one whose rows most often have the
    same number of cells, then the one with most cells (a comma if none splits anything)."""
    return max(DELIMITERS, key=lambda delimiter: _alike(text, delimiter))


def is_table(text: str) -> bool:
    """Whether a text (or its beginning) is one of rows that come out alike, by some delimiter."""
    lines = text.splitlines()[:_SAMPLE_ROWS]
    whole = "\n".join(lines[:-1] if len(lines) > 2 else lines)  # the last one may be cut
    share, width = _alike(whole, guess_delimiter(whole))
    return width > 1 and share > TABLE_SHARE and sum(map(bool, lines)) > 1


def _alike(text: str, delimiter: str) -> tuple[float, int]:
    """Which part of the first rows has the commonest number of cells, and that number."""
    try:
        widths = _widths(text, delimiter, csv.QUOTE_MINIMAL)
    except csv.Error:
        widths = _widths(text, delimiter, csv.QUOTE_NONE)
    counts = Counter(width for width in widths if width > 1)
    if not counts:
        return 0.0, 0
    width, count = max(counts.items(), key=lambda found: (found[1], found[0]))
    return count / len(widths), width


def _widths(text: str, delimiter: str, quoting: int) -> list[int]:
    return [len(row) for row in islice(_reader(text, delimiter, quoting), _SAMPLE_ROWS) if any(row)]


def _split(text: str, delimiter: str) -> tuple[list[list[Cell]], tuple[Remark, ...]]:
    """Rows of the text; where a quote is never closed, the text is split again with quotes as they stand."""
    try:
        return _rows(text, delimiter, csv.QUOTE_MINIMAL), ()
    except csv.Error:
        remark = Remark("unclosed_quote")
        return _rows(text, delimiter, csv.QUOTE_NONE), (remark,)


def _rows(text: str, delimiter: str, quoting: int) -> list[list[Cell]]:
    return [[unguarded(cell) or None for cell in row] for row in _reader(text, delimiter, quoting)]


def _reader(text: str, delimiter: str, quoting: int) -> Iterator[list[str]]:
    strict = quoting == csv.QUOTE_MINIMAL
    csv.field_size_limit(LONGEST_CELL if strict else len(text) + 1)
    lines = io.StringIO(text, newline="")
    return csv.reader(lines, delimiter=delimiter, quoting=quoting, strict=strict)  # type: ignore[arg-type]


def _as_sheet(rows: list[list[Cell]]) -> RawSheet:
    filled = [i for i, row in enumerate(rows) if any(cell is not None for cell in row)]
    first, last = (filled[0], filled[-1] + 1) if filled else (0, 0)
    kept = rows[first:last]
    width = max((len(row) for row in kept), default=0)
    padded = [row + [None] * (width - len(row)) for row in kept]
    return RawSheet("csv", padded, first_row=first + 1, widths=tuple(map(len, kept)))
