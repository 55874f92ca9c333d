"""The parts of a workbook that go back to its sender: those that are needed to show it, and nothing else.

What goes is written down; what is not written down stays behind, whatever it may be. The lists of relations and
types are made anew, so that nothing in them is of others.
"""

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from posixpath import dirname, join, normpath, relpath
from xml.etree import ElementTree

from pipeline.corrections.package import (
    COMMENTS_TYPE,
    DECLARATION,
    PACKAGE_RELATIONS,
    RELATIONS,
    SHEET_TYPE,
    STRICT_RELATIONS,
    TYPES_PART,
    VML_TYPE,
    NotMarkable,
    Package,
    relations_part,
    xml_text,
)

_SPREADSHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_DRAWING = "application/vnd.openxmlformats-officedocument"
_CHART_STYLES = "http://schemas.microsoft.com/office/2011/relationships"
BOOK = "officeDocument"
# By the kind of a part, the kinds of parts that it may lead to.
_LEADS_TO: Mapping[str, frozenset[str]] = {
    "": frozenset({BOOK, "core-properties", "custom-properties"}),
    BOOK: frozenset({"worksheet", "styles", "theme", "sharedStrings"}),
    "worksheet": frozenset({"comments", "vmlDrawing", "drawing", "table"}),
    "drawing": frozenset({"image", "chart"}),
    "chart": frozenset({"chartStyle", "chartColorStyle"}),
}
_TYPES: Mapping[str, str] = {
    BOOK: f"{_SPREADSHEET}.sheet.main+xml",  # whatever it was, it has no macros now
    "worksheet": SHEET_TYPE,
    "styles": f"{_SPREADSHEET}.styles+xml",
    "sharedStrings": f"{_SPREADSHEET}.sharedStrings+xml",
    "theme": f"{_DRAWING}.theme+xml",
    "comments": COMMENTS_TYPE,
    "table": f"{_SPREADSHEET}.table+xml",
    "drawing": f"{_DRAWING}.drawing+xml",
    "chart": f"{_DRAWING}.drawingml.chart+xml",
    "chartStyle": "application/vnd.ms-office.chartstyle+xml",
    "chartColorStyle": "application/vnd.ms-office.chartcolorstyle+xml",
    "core-properties": "application/vnd.openxmlformats-package.core-properties+xml",
    "custom-properties": f"{_DRAWING}.custom-properties+xml",
}
_IMAGES = {"png": "image/png", "jpg": "image/jpeg", "jpeg": "image/jpeg", "gif": "image/gif", "bmp": "image/bmp"}
_ENDINGS = {"rels": "application/vnd.openxmlformats-package.relationships+xml", "xml": "application/xml",
            "vml": VML_TYPE, **_IMAGES}  # fmt: skip
_PLAIN_NAME = re.compile(r"(?!.*\.\.)[\w ().,+-]+(/[\w ().,+-]+)*")
# What a person understands of what stays behind, by words of its relation and name; the empty word is not told.
_KINDS: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("macros", re.compile(r"(?i)vba|macro|dialogsheet|toolbar")),
    ("templates", re.compile(r"(?i)template")),
    ("links", re.compile(r"(?i)external|hyperlink")),
    ("queries", re.compile(r"(?i)connection|query|pivot|slicer|timeline|xmlmaps|/model/|feature|webextension")),
    ("objects", re.compile(r"(?i)embed|ole|activex|control|ctrlprop|package")),
    ("custom", re.compile(r"(?i)customxml|customproperty")),
    ("printers", re.compile(r"(?i)printersettings")),
    ("", re.compile(r"(?i)calcchain|docprops|metadata|thumbnail|person|threadedcomment|namedsheetview")),
)


@dataclass(frozen=True)
class Link:
    """A relation of a part: its id, its kind, and where it leads; `outside` where that is no part of the package."""

    id: str
    kind: str
    target: str
    outside: bool


def kept_of(package: Package) -> tuple[Package, Mapping[str, str], Counter[str]]:
    """What goes back of a package, the kinds of its parts by name, and what stays behind, counted by word.

    Raises:
        NotMarkable: the package is laid out in a way that is not understood here.
    """
    kinds: dict[str, str] = {}
    behind: Counter[str] = Counter()
    named: dict[str, str] = {}  # parts that something leads to, and how
    kept = Package({TYPES_PART: b""}, package.strict)
    waiting = [("", "")]
    while waiting:
        part, kind = waiting.pop(0)
        going: list[Link] = []
        for link in links_of(package, part):
            named.setdefault(link.target, link.kind)
            if link.outside:
                behind[_word(link.kind, "external")] += 1
            elif _goes(package, kind, link):
                going.append(link)
                if kinds.get(link.target, link.kind) != link.kind:  # one part as two things
                    raise NotMarkable(link.target)
                if link.target not in kinds:
                    kinds[link.target] = link.kind
                    kept.parts[link.target] = package.parts[link.target]
                    waiting.append((link.target, link.kind))
        if going:
            kept.parts[relations_part(part)] = _relations(part, going, package.strict)
    for name in package.parts:
        if name not in kinds and name != TYPES_PART and not name.endswith(".rels"):
            behind[_word(named.get(name, ""), name)] += 1
    kept.parts[TYPES_PART] = types_of(kinds)
    del behind[""]
    return kept, kinds, behind


def links_of(package: Package, part: str) -> Iterator[Link]:
    """The relations of a part, read by a parser."""
    content = package.parts.get(relations_part(part))
    if content is None:
        return
    if b"<!" in content:
        raise NotMarkable("rels")
    try:
        lines = list(ElementTree.fromstring(content))
    except ElementTree.ParseError as error:
        raise NotMarkable("rels") from error
    ids = [line.get("Id", "") for line in lines]
    if len(set(ids)) != len(ids) or not all(re.fullmatch(r"[\w.:-]+", one) for one in ids):
        raise NotMarkable("rels")
    for line in lines:
        target, outside = line.get("Target", ""), line.get("TargetMode", "Internal") != "Internal"
        place = target.lstrip("/") if target.startswith("/") else normpath(join(dirname(part), target))
        yield Link(
            line.get("Id", ""), line.get("Type", "").rpartition("/")[2], target if outside else place, outside
        )


def types_of(kinds: Mapping[str, str]) -> bytes:
    """The list of the types of parts."""
    defaults = "".join(f'<Default Extension="{end}" ContentType="{one}"/>' for end, one in _ENDINGS.items())
    own = "".join(
        f'<Override PartName="/{xml_text(name)}" ContentType="{_TYPES[kind]}"/>'
        for name, kind in kinds.items()
        if kind in _TYPES
    )
    namespace = "http://schemas.openxmlformats.org/package/2006/content-types"
    return DECLARATION + f'<Types xmlns="{namespace}">{defaults}{own}</Types>'.encode()


def without_links(package: Package, part: str, ids: frozenset[str]) -> None:
    """Takes relations out of a part's list."""
    links = [one for one in links_of(package, part) if one.id not in ids]
    package.parts[relations_part(part)] = _relations(part, links, package.strict)


def _goes(package: Package, kind: str, link: Link) -> bool:
    if link.kind not in _LEADS_TO.get(kind, ()) or link.target not in package.parts:
        return False
    if not _PLAIN_NAME.fullmatch(link.target):
        raise NotMarkable(link.target)
    return link.kind != "image" or link.target.rpartition(".")[2].lower() in _IMAGES


def _relations(part: str, links: list[Link], strict: bool) -> bytes:
    lines = "".join(
        f'<Relationship Id="{one.id}" Type="{_relation_type(one.kind, strict)}" '
        f'Target="{xml_text(relpath(one.target, dirname(part) or "."))}"/>'
        for one in links
    )
    return DECLARATION + f'<Relationships xmlns="{PACKAGE_RELATIONS}">{lines}</Relationships>'.encode()


def _relation_type(kind: str, strict: bool) -> str:
    if kind == "core-properties":
        return f"{PACKAGE_RELATIONS}/metadata/{kind}"
    if kind.startswith("chart") and kind != "chart":
        return f"{_CHART_STYLES}/{kind}"
    return f"{STRICT_RELATIONS if strict else RELATIONS}/{kind}"


def _word(kind: str, name: str) -> str:
    for word, pattern in _KINDS:
        if pattern.search(f"{kind} {name}"):
            return word
    return "other"
