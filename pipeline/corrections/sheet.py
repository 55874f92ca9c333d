"""The XML of one sheet: marked cells get another style, all else stays byte for byte."""

import re
from collections.abc import Callable, Mapping

from pipeline.corrections.notes import place_of
from pipeline.corrections.package import NotMarkable, attributes, with_attribute, without_attribute

_ROW = re.compile(rb'<row(?=\s)[^>]*?\sr="(\d+)"[^>]*>')
_CELL = re.compile(rb"<c(?=[\s/>])[^>]*>")
_STYLE = re.compile(rb'(<c(?=\s)[^>]*?\s)s="(\d+)"')
_AFTER_COMMENTS = re.compile(
    rb"<(?:legacyDrawingHF|picture|oleObjects|controls|webPublishItems|tableParts)(?=[\s/>])"
)
Restyle = Callable[[int], int]


def restyled(text: bytes, cells: Mapping[tuple[int, int], Restyle]) -> bytes:
    """The sheet with the style of some cells changed; cells that are not there are put in, empty.

    Args:
        text: the sheet's XML.
        cells: by (row, column), what makes the new style of the old one.

    Raises:
        NotMarkable: rows or cells do not state their place.
    """
    if b"<!--" in text or b"<![CDATA[" in text:
        raise NotMarkable("comment")
    head, data, tail = _split(text)
    base = _column_styles(head)
    by_row: dict[int, dict[int, Restyle]] = {}
    for (row, column), restyle in cells.items():
        by_row.setdefault(row, {})[column] = restyle
    starts = [(int(found[1]), found.start()) for found in _ROW.finditer(data)]
    if len(starts) != data.count(b"<row"):
        raise NotMarkable("row")
    pieces: list[bytes] = []
    done = 0
    ends = [start for _, start in starts[1:]] + [len(data)]
    for (row, start), end in zip(starts, ends, strict=True):
        missing = sorted(number for number in by_row if number < row)
        if missing or row in by_row:
            pieces.append(data[done:start])
            pieces += [_new_row(number, by_row.pop(number), base) for number in missing]
            old = data[start:end]
            pieces.append(_changed_row(old, row, by_row.pop(row), base) if row in by_row else old)
            done = end
        if not by_row:
            break
    pieces.append(data[done:])
    pieces += [_new_row(number, by_row[number], base) for number in sorted(by_row)]
    return head + b"".join(pieces) + tail


def with_other_styles(text: bytes, styles: Mapping[int, int]) -> bytes:
    """The sheet with some cell styles replaced by others wherever cells have them."""
    if not styles:
        return text

    def swapped(found: re.Match[bytes]) -> bytes:
        return b'%ss="%d"' % (found[1], styles.get(int(found[2]), int(found[2])))

    return _STYLE.sub(swapped, text)


def with_comments_drawing(text: bytes, relation_id: str, relations: str) -> bytes:
    """The sheet with its comments' shapes referred to, at the place that the format prescribes."""
    head, data, tail = _split(text)
    found = _AFTER_COMMENTS.search(tail)
    at = found.start() if found else tail.rfind(b"</worksheet>")
    extension = tail.rfind(b"<extLst")
    if extension >= 0 and re.search(rb"</extLst>\s*</worksheet>", tail):
        at = min(at, extension)
    if at < 0:
        raise NotMarkable("worksheet")
    element = f'<legacyDrawing xmlns:r="{relations}" r:id="{relation_id}"/>'.encode()
    return head + data + tail[:at] + element + tail[at:]


def drawing_of_comments(text: bytes) -> str:
    """The relation's id of the sheet's comment shapes, empty where it has none."""
    found = re.search(rb"<legacyDrawing(?=\s)[^>]*>", _split(text)[2])
    given = attributes(found[0]) if found else {}
    return next((value for name, value in given.items() if name.rpartition(":")[2] == "id"), "")


def unselected(text: bytes) -> bytes:
    """The sheet no longer chosen: of two chosen sheets what is typed into one goes into both."""
    at = text.find(b"<sheetData")
    head = re.sub(rb"<sheetView(?=\s)[^>]*>", lambda found: without_attribute(found[0], "tabSelected"), text[:at])
    return head + text[at:]


def _split(text: bytes) -> tuple[bytes, bytes, bytes]:
    """What stands before the rows, the rows, and what follows."""
    start = re.search(rb"<sheetData(?=[\s/>])[^>]*>", text)
    if start is None:
        raise NotMarkable("sheetData")
    if start[0].endswith(b"/>"):
        return text[: start.end() - 2] + b">", b"", b"</sheetData>" + text[start.end() :]
    end = text.rfind(b"</sheetData>")
    if end < 0:
        raise NotMarkable("sheetData")
    return text[: start.end()], text[start.end() : end], text[end:]


def _column_styles(head: bytes) -> dict[int, int]:
    """By column, the style of cells that are not written."""
    styles: dict[int, int] = {}
    for tag in re.findall(rb"<col(?=\s)[^>]*>", head):
        given = attributes(tag)
        first, last = int(given.get("min", "0")), int(given.get("max", "0"))
        if "style" in given and last - first <= 16_384:
            styles.update(dict.fromkeys(range(first, last + 1), int(given["style"])))
    return styles


def _new_row(row: int, cells: Mapping[int, Restyle], base: Mapping[int, int]) -> bytes:
    made = b"".join(_new_cell(row, column, cells[column](base.get(column, 0))) for column in sorted(cells))
    return b'<row r="%d">%s</row>' % (row, made)


def _new_cell(row: int, column: int, style: int) -> bytes:
    return b'<c r="%s%d" s="%d"/>' % (_letters(column).encode(), row, style)


def _changed_row(text: bytes, row: int, cells: Mapping[int, Restyle], base: Mapping[int, int]) -> bytes:
    tag = text[: text.index(b">") + 1]
    given = attributes(tag)
    own = int(given["s"]) if given.get("customFormat") in ("1", "true") and "s" in given else None
    if tag.endswith(b"/>"):
        text = tag[:-2] + b"></row>" + text[len(tag) :]
        tag = tag[:-2] + b">"
    wanted = dict(cells)
    pieces: list[bytes] = []
    done = len(tag)
    close = text.index(b"</row>")
    for found in _CELL.finditer(text, len(tag), close):
        place = place_of(attributes(found[0]).get("r", ""))
        if place[0] != row:
            raise NotMarkable("c")
        before = [column for column in sorted(wanted) if column < place[1]]
        pieces.append(text[done : found.start()])
        pieces += [_new_cell(row, one, wanted.pop(one)(_base(own, base, one))) for one in before]
        old = int(attributes(found[0]).get("s", "0"))
        restyle = wanted.pop(place[1], None)
        pieces.append(with_attribute(found[0], "s", str(restyle(old))) if restyle else found[0])
        done = found.end()
    pieces.append(text[done:close])
    pieces += [_new_cell(row, one, wanted[one](_base(own, base, one))) for one in sorted(wanted)]
    return without_attribute(tag, "spans") + b"".join(pieces) + text[close:]


def _base(own: int | None, base: Mapping[int, int], column: int) -> int:
    return base.get(column, 0) if own is None else own


def _letters(column: int) -> str:
    letters = ""
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters
