"""CSV as it leaves Excel, WPS and other programs: its encoding, its delimiter, its cells."""

import csv
import io

from pipeline.intake.raw import Cell, RawBook, RawSheet, Refusal, Remark

DELIMITERS = (",", "\t", ";", "|")
LONGEST_CELL = 32_767  # what one cell of Excel can hold


def read_delimited(data: bytes) -> RawBook | Refusal:
    """The one sheet of a CSV file, every cell text (None where nothing stands between two delimiters)."""
    text = decode_text(data)
    if text is None:
        return Refusal("unknown_encoding")
    rows, remarks = _split(text, guess_delimiter(text))
    return RawBook("csv", (_as_sheet(rows),), remarks)


def decode_text(data: bytes) -> str | None:
    """The text of UTF-8 (with or without a mark), UTF-16 (with a mark) or GB18030 bytes; None for others."""
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        encodings: tuple[str, ...] = ("utf-16",)
    else:
        encodings = ("utf-8-sig", "gb18030")
    for encoding in encodings:
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    return None


def guess_delimiter(text: str) -> str:
    """The delimiter that stands most often, outside quotes, in the first lines (a comma if none does)."""
    head = text[:20_000]
    outside = "".join(head.split('"')[::2])
    return max(DELIMITERS, key=outside.count)


def _split(text: str, delimiter: str) -> tuple[list[list[Cell]], tuple[Remark, ...]]:
    """Rows of the text; where a quote is never closed, the text is split again with quotes as they stand."""
    try:
        return _rows(text, delimiter, csv.QUOTE_MINIMAL), ()
    except csv.Error:
        remark = Remark("unclosed_quote")
        return _rows(text, delimiter, csv.QUOTE_NONE), (remark,)


def _rows(text: str, delimiter: str, quoting: int) -> list[list[Cell]]:
    csv.field_size_limit(LONGEST_CELL if quoting == csv.QUOTE_MINIMAL else len(text) + 1)
    strict = quoting == csv.QUOTE_MINIMAL
    lines = io.StringIO(text, newline="")
    reader = csv.reader(lines, delimiter=delimiter, quoting=quoting, strict=strict)  # type: ignore[arg-type]
    return [[cell or None for cell in row] for row in reader]


def _as_sheet(rows: list[list[Cell]]) -> RawSheet:
    filled = [i for i, row in enumerate(rows) if any(cell is not None for cell in row)]
    first, last = (filled[0], filled[-1] + 1) if filled else (0, 0)
    kept = rows[first:last]
    width = max((len(row) for row in kept), default=0)
    padded = [row + [None] * (width - len(row)) for row in kept]
    return RawSheet("csv", padded, first_row=first + 1, widths=tuple(map(len, kept)))
