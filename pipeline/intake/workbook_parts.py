"""The parts of an xlsx workbook beside its sheets: what sheets there are, styles, shared texts.

Element names are matched without their namespace, so that Strict OOXML and prefixed files read the same.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from posixpath import dirname, join, normpath
from xml.parsers import expat

from openpyxl.styles.numbers import BUILTIN_FORMATS, is_date_format, is_timedelta_format

from pipeline.form_layout import OWN_SHEET
from pipeline.intake.archive import Archive, Refused, without_declarations

# Formats that Chinese Excel uses by number alone (yyyy年m月d日 and its kin); openpyxl does not know them.
CHINESE_DATE_FORMATS = frozenset({*range(27, 37), *range(50, 59)})
_PADDED_FORMAT = re.compile(r"0{2,30}")
_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")


@dataclass(frozen=True)
class SheetEntry:
    """One sheet as the workbook lists it: `part` is where in the archive it stands."""

    name: str
    part: str
    visible: bool
    is_grid: bool


@dataclass(frozen=True)
class Styles:
    """By cell style: which show a date, which a length of time, and how many digits `000000` shows."""

    dates: frozenset[int] = frozenset()
    durations: frozenset[int] = frozenset()
    padded: Mapping[int, int] = field(default_factory=dict)


@dataclass(frozen=True)
class WorkbookParts:
    """What the workbook part says: sheets in order, the date system, where styles and texts are."""

    sheets: tuple[SheetEntry, ...]
    dates_1904: bool
    styles_part: str
    texts_part: str


Attributes = dict[str, str]


def parse_xml(
    chunks: Iterable[bytes],
    start: Callable[[str, Attributes], None],
    end: Callable[[str], None] | None = None,
    text: Callable[[str], None] | None = None,
) -> None:
    """Calls back for each element and text, names without namespace.

    Raises:
        Refused: not well-formed, or entities are declared.
    """
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.buffer_text = True
    parser.StartDoctypeDeclHandler = _refuse_declaration
    parser.StartElementHandler = lambda name, given: start(_local(name), {_local(k): v for k, v in given.items()})
    if end is not None:
        parser.EndElementHandler = lambda name: end(_local(name))
    if text is not None:
        parser.CharacterDataHandler = text
    try:
        for chunk in chunks:
            parser.Parse(chunk, False)
        parser.Parse(b"", True)
    except (expat.ExpatError, LookupError, ValueError):
        raise Refused("damaged") from None


def _refuse_declaration(*_: object) -> None:
    raise Refused("made_to_harm", what="XML")


def _local(name: str) -> str:
    return name.rpartition(" ")[2]


def read_parts(archive: Archive) -> WorkbookParts:
    """Follows the package's relations to the workbook, its sheets, styles and texts.

    Raises:
        Refused: there is no workbook part, a sheet it names is missing, or it has no sheet.
    """
    book = workbook_part(archive)
    relations = relations_of(archive, book)
    listed: list[Attributes] = []
    properties: Attributes = {}

    def start(name: str, given: Attributes) -> None:
        if name == "sheet":
            listed.append(given)
        elif name == "workbookPr":
            properties.update(given)

    parse_xml([archive.part(book)], start)
    sheets = tuple(_sheet_entry(archive, given, relations) for given in listed)
    if not sheets:
        raise Refused("no_sheets")
    return WorkbookParts(
        sheets=sheets,
        dates_1904=properties.get("date1904", "0") in ("1", "true"),
        styles_part=_part_of("styles", relations),
        texts_part=_part_of("sharedStrings", relations),
    )


def workbook_part(archive: Archive) -> str:
    """Where in the package the workbook part stands.

    Raises:
        Refused: there is none.
    """
    book = _part_of("officeDocument", relations_of(archive, ""))
    if not archive.has(book):
        raise Refused("damaged")
    return book


def read_own_sheets(archive: Archive) -> frozenset[str]:
    """The sheets that stood in the workbook when it was made here (`OWN_SHEET`); none where it was made elsewhere.

    A part that cannot be read is no reason to refuse the file: nothing but a note depends on it.
    """
    part = _part_of("custom-properties", relations_of(archive, ""))
    found: list[tuple[str, list[str]]] = []

    def start(name: str, given: Attributes) -> None:
        if name == "property":
            found.append((given.get("name", ""), []))

    def text(piece: str) -> None:
        if found:
            found[-1][1].append(piece)

    try:
        if archive.has(part):
            parse_xml([archive.part(part)], start, text=text)
    except Refused:
        return frozenset()
    return frozenset("".join(pieces).strip() for name, pieces in found if name.startswith(OWN_SHEET))


def _sheet_entry(archive: Archive, given: Attributes, relations: Mapping[str, tuple[str, str]]) -> SheetEntry:
    kind, part = relations.get(given.get("id", ""), ("", ""))
    if not archive.has(part):
        raise Refused("damaged")
    visible = given.get("state", "visible") == "visible"
    return SheetEntry(given.get("name", ""), part, visible, kind == "worksheet")


def _part_of(wanted: str, relations: Mapping[str, tuple[str, str]]) -> str:
    return next((part for kind, part in relations.values() if kind == wanted), "")


def relations_of(archive: Archive, part: str) -> dict[str, tuple[str, str]]:
    """The parts that `part` refers to ("" for the package): by their id, kind and place."""
    folder, name = dirname(part), part.rpartition("/")[2]
    found: dict[str, tuple[str, str]] = {}

    def start(element: str, given: Attributes) -> None:
        if element == "Relationship" and given.get("TargetMode") != "External":
            kind = given.get("Type", "").rpartition("/")[2]
            target = given.get("Target", "")
            place = target.lstrip("/") if target.startswith("/") else normpath(join(folder, target))
            found[given.get("Id", "")] = (kind, place)

    relations_part = archive.part(join(folder, "_rels", f"{name}.rels"))
    if relations_part:
        parse_xml([relations_part], start)
    return found


def read_styles(archive: Archive, part: str) -> Styles:
    """Which cell styles turn a number into a date or a length of time, or pad it with zeros."""
    codes: dict[int, str] = dict(BUILTIN_FORMATS)
    cells: list[int] = []
    inside_cells = False

    def start(name: str, given: Attributes) -> None:
        nonlocal inside_cells
        if name == "numFmt":
            codes[_whole(given.get("numFmtId"))] = given.get("formatCode", "")
        elif name == "cellXfs":
            inside_cells = True
        elif name == "xf" and inside_cells:
            cells.append(_whole(given.get("numFmtId")))

    def end(name: str) -> None:
        nonlocal inside_cells
        inside_cells = inside_cells and name != "cellXfs"

    content = archive.part(part)
    if content:
        parse_xml([content], start, end)
    return _styles(cells, codes)


def _styles(cells: list[int], codes: Mapping[int, str]) -> Styles:
    formats = [(style, number, codes.get(number, "")) for style, number in enumerate(cells)]
    durations = frozenset(style for style, _, code in formats if code and is_timedelta_format(code))
    dates = frozenset(
        style
        for style, number, code in formats
        if (code and is_date_format(code)) or (number in CHINESE_DATE_FORMATS and not code)
    )
    padded = {style: len(code) for style, _, code in formats if _PADDED_FORMAT.fullmatch(code)}
    return Styles(dates - durations, durations, padded)


def _whole(text: str | None) -> int:
    return int(text) if text is not None and text.isascii() and text.isdigit() else 0


def read_texts(archive: Archive, part: str) -> list[str]:
    """The texts that cells refer to by number; phonetic hints (rPh) are not part of them."""
    if not archive.has(part):
        return []
    found: list[str] = []
    pieces: list[str] = []
    inside: list[str] = []

    def start(name: str, _: Attributes) -> None:
        inside.append(name)
        if name == "si":
            pieces.clear()

    def end(name: str) -> None:
        inside.pop()
        if name == "si":
            found.append(unescape("".join(pieces)))

    def text(piece: str) -> None:
        if inside[-1] == "t" and "rPh" not in inside:
            pieces.append(piece)

    parse_xml(checked_chunks(archive, part), start, end, text)
    return found


def checked_chunks(archive: Archive, part: str) -> Iterator[bytes]:
    """One XML part in pieces; refused where it declares entities."""
    return without_declarations(archive.chunks(archive.entry(part)))


def unescape(text: str) -> str:
    """A text with Excel's escapes for control characters resolved: `_x000D_` is a carriage return."""
    if "_x" not in text:
        return text
    return _ESCAPED.sub(lambda found: _character(int(found[1], 16), found[0]), text)


def _character(code: int, written: str) -> str:
    return written if 0xD800 <= code <= 0xDFFF else chr(code)
