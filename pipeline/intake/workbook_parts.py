"""The parts of an xlsx workbook beside its sheets: what sheets there are, styles, shared texts.

Element names are matched without their namespace, so that Strict OOXML and prefixed files read the same.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from posixpath import dirname, join, normpath
from xml.parsers import expat

from pipeline.contract.form_layout import OWN_SHEET
from pipeline.intake.archive import Archive, Refused, without_declarations
from pipeline.intake.fast_styles import fast_kinds
from pipeline.intake.number_formats import BUILTINS, DigitFormat, digit_format, is_day, is_duration

MAIN_NAMESPACES = (
    "http://schemas.openxmlformats.org/spreadsheetml/2006/main",
    "http://purl.oclc.org/ooxml/spreadsheetml/main",
)
COMPATIBILITY = "http://schemas.openxmlformats.org/markup-compatibility/2006"
_ESCAPED = re.compile(r"(?:_x[Dd][89ABab][0-9A-Fa-f]{2}__x[Dd][C-Fc-f][0-9A-Fa-f]{2}_)|_x([0-9A-Fa-f]{4})_")


@dataclass(frozen=True)
class SheetEntry:
    """One sheet as the workbook lists it: `part` is where in the archive it stands."""

    name: str
    part: str
    visible: bool
    is_grid: bool


@dataclass(frozen=True)
class Styles:
    """By cell style: which show a date, which a length of time, which a whole number with more than its digits.

    `doubtful` are those that the fast reader takes otherwise.
    """

    dates: frozenset[int] = frozenset()
    durations: frozenset[int] = frozenset()
    digits: Mapping[int, DigitFormat] = field(default_factory=dict)
    doubtful: frozenset[int] = frozenset()


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
    walk = _Compatible(start, end, text)
    parser.StartNamespaceDeclHandler = walk.declared
    parser.StartElementHandler = walk.start
    parser.EndElementHandler = walk.end
    if text is not None:
        parser.CharacterDataHandler = walk.text
    try:
        for chunk in chunks:
            parser.Parse(chunk, False)
        parser.Parse(b"", True)
    except (expat.ExpatError, LookupError, ValueError):
        raise Refused("damaged") from None


class _Compatible:
    """Names elements of the root's namespace without it, others with it, and passes over what is not for us.

    Of an `AlternateContent` a program reads the first `Choice` whose namespaces it knows, else the `Fallback`
    (ECMA-376 part 3); we know none but the sheet's own.
    """

    def __init__(
        self,
        start: Callable[[str, Attributes], None],
        end: Callable[[str], None] | None,
        text: Callable[[str], None] | None,
    ) -> None:
        self._start, self._end, self._text = start, end, text
        self._root: str | None = None
        self._known: set[str] = set()
        self._chosen: list[bool] = []
        self._passed_over = 0

    def declared(self, prefix: str | None, namespace: str | None) -> None:
        (self._known.add if namespace in MAIN_NAMESPACES else self._known.discard)(prefix or "")

    def start(self, full: str, given: Attributes) -> None:
        namespace, _, name = full.rpartition(" ")
        if self._root is None:
            self._root = namespace
        if self._passed_over:
            self._passed_over += 1
        elif namespace == COMPATIBILITY:
            self._start_compatible(name, given)
        else:
            known = {(key.rpartition(" ")[2] if " " in key else key): value for key, value in given.items()}
            self._start(name if namespace == self._root else full, known)

    def _start_compatible(self, name: str, given: Attributes) -> None:
        if name == "AlternateContent":
            self._chosen.append(False)
        elif self._chosen:
            wanted = given.get("Requires", "").split()
            taken = not self._chosen[-1] and (name == "Fallback" or self._known.issuperset(wanted))
            self._chosen[-1] |= taken
            self._passed_over = 0 if taken else 1

    def end(self, full: str) -> None:
        namespace, _, name = full.rpartition(" ")
        if self._passed_over:
            self._passed_over -= 1
        elif namespace == COMPATIBILITY:
            if name == "AlternateContent" and self._chosen:
                self._chosen.pop()
        elif self._end is not None:
            self._end(name if namespace == self._root else full)

    def text(self, piece: str) -> None:
        if self._text is not None and not self._passed_over:
            self._text(piece)


def _refuse_declaration(*_: object) -> None:
    raise Refused("made_to_harm", what="XML")


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
    """Which cell styles turn a number into a date or a length of time, or show more than its digits."""
    content = archive.part(part)
    if not content:
        return Styles()
    codes: dict[int, str] = dict(BUILTINS)
    cells: list[int] = []
    inside: list[str] = []

    def start(name: str, given: Attributes) -> None:
        if name == "numFmt" and inside[-1:] == ["numFmts"]:  # not those of a dxf, which only a condition applies
            codes[_whole(given.get("numFmtId"))] = given.get("formatCode", "")
        elif name == "xf" and inside[-1:] == ["cellXfs"]:
            cells.append(_whole(given.get("numFmtId")))
        inside.append(name)

    parse_xml([content], start, lambda _: inside.__delitem__(-1))
    styles = styles_of(cells, codes)
    return replace(styles, doubtful=_doubtful(styles, fast_kinds(content, len(cells)), len(cells)))


def styles_of(formats: list[int], codes: Mapping[int, str]) -> Styles:
    """What cell styles show, given the number of each one's format, and the formats' codes by number."""
    given = [(style, number, codes.get(number, "")) for style, number in enumerate(formats)]
    durations = frozenset(style for style, _, code in given if is_duration(code))
    dates = frozenset(style for style, number, code in given if is_day(number, code))
    digits = {style: digit_format(code) for style, _, code in given if style not in dates | durations}
    return Styles(dates, durations, {style: found for style, found in digits.items() if found is not None})


def _doubtful(styles: Styles, fast: tuple[str, ...] | None, count: int) -> frozenset[int]:
    if fast is None:
        return frozenset(range(count))
    ours = {**dict.fromkeys(styles.dates, "day"), **dict.fromkeys(styles.durations, "duration")}
    return frozenset(style for style, kind in enumerate(fast) if kind != ours.get(style, "number"))


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
        if inside[-1] == "t" and inside[-2] in ("si", "r"):  # not in rPh, which is phonetic
            pieces.append(piece)

    parse_xml(checked_chunks(archive, part), start, end, text)
    return found


def has_odd_texts(archive: Archive, part: str) -> bool:
    """Whether the texts are written in ways that the fast reader may take otherwise than `read_texts`."""
    content = archive.part(part)
    head = content.lstrip(b"\xef\xbb\xbf \r\n\t")
    return bool(
        content
        and (
            content.count(b"<?") > head.startswith(b"<?xml")
            or not declares_utf8(content)
            or ODD_ESCAPE.search(content)
            or (b"&#" in content and _REFERENCE_AT_AN_END.search(content))
            or _has_blank_at_an_end(content)
            or content.count(b"<") != sum(map(content.count, _USUAL_IN_TEXTS))
        )
    )


ODD_ESCAPE = re.compile(rb"_x[Dd][89A-Fa-f]")
_REFERENCE_AT_AN_END = re.compile(rb"<t[^>]*>&#|&#\w+;</t>|&#(?:95|[xX]5[fF]);")
_BLANK_BEHIND = re.compile(rb"<t>[^<]*[ \t\r\n]</t>")
_USUAL_IN_TEXTS = (
    b"<?", b"<sst", b"</sst", b"<si>", b"<si/>", b"</si>", b"<t>", b"<t/>", b"<t ", b"</t>", b"<r>", b"</r>",
    b"<rPr>", b"<rPr/>", b"</rPr>", b"<rPh ", b"</rPh>", b"<phoneticPr ", b"<sz ", b"<color ", b"<rFont ", b"<family ",
    b"<charset ", b"<scheme ", b"<b/>", b"<i/>", b"<u/>", b"<u ", b"<vertAlign ", b"<strike/>",
)  # fmt: skip


def _has_blank_at_an_end(content: bytes) -> bool:
    """Whether a blank stands first or last in a `<t>` that does not say that blanks count: readers differ."""
    blanks = (b" ", b"\t", b"\r", b"\n")
    return any(b"<t>" + blank in content for blank in blanks) or (
        any(blank + b"</t>" in content for blank in blanks) and _BLANK_BEHIND.search(content) is not None
    )


def declares_utf8(head: bytes) -> bool:
    """Whether XML that begins so is in UTF-8, as far as it says."""
    declaration = re.match(rb"(?:\xef\xbb\xbf)?\s*<\?xml[^>]*>", head)
    if declaration is None:
        return head.lstrip(b"\xef\xbb\xbf \r\n\t")[:1] == b"<" and b"\x00" not in head[:8]
    encoding = re.search(rb"""encoding\s*=\s*["']([^"']*)""", declaration[0])
    return encoding is None or encoding[1].lower() in (b"utf-8", b"utf8", b"us-ascii")


def checked_chunks(archive: Archive, part: str) -> Iterator[bytes]:
    """One XML part in pieces; refused where it declares entities."""
    return without_declarations(archive.chunks(archive.entry(part)))


def unescape(text: str) -> str:
    """A text with Excel's escapes resolved: `_x000D_` is a carriage return, `_x005F_` an underscore.

    Two escapes of a pair of surrogates are one sign; one surrogate alone stays as it is written.
    """
    return _ESCAPED.sub(_character, text) if "_x" in text else text


def _character(found: re.Match[str]) -> str:
    if found[1] is None:
        high, low = int(found[0][2:6], 16), int(found[0][9:13], 16)
        return chr(0x10000 + ((high - 0xD800) << 10) + (low - 0xDC00))
    code = int(found[1], 16)
    return found[0] if 0xD800 <= code <= 0xDFFF else chr(code)
