"""The parts of an xlsx package, changed one by one: what is not touched stays as it was sent.

Parts are patched as bytes, never parsed and written anew, as that would lose what a library does not know.
XML that is not written the way Excel, WPS and all common programs write it raises `NotMarkable`.
"""

import io
import re
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from html import unescape
from posixpath import dirname, join, normpath, relpath

RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
STRICT_RELATIONS = "http://purl.oclc.org/ooxml/officeDocument/relationships"
PACKAGE_RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
SHEET_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"
COMMENTS_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.comments+xml"
VML_TYPE = "application/vnd.openxmlformats-officedocument.vmlDrawing"
DECLARATION = b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
TYPES_PART = "[Content_Types].xml"
_EPOCH = (1980, 1, 1, 0, 0, 0)  # the time of every entry, so that the same input gives the same bytes
_RELATION = re.compile(rb"<Relationship\s[^>]*>")
_ATTRIBUTE = re.compile(rb"""([\w:.-]+)\s*=\s*(?:"([^"]*)"|'([^']*)')""")
_NOT_IN_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_LOOKS_ESCAPED = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")


class NotMarkable(Exception):
    """The package is written in a way that is not patched here; the sender gets a list instead."""


@dataclass(frozen=True)
class Relation:
    """A line of a part's relations: its id, the last word of its type, and the part it leads to."""

    id: str
    kind: str
    target: str


@dataclass
class Package:
    """The parts of one workbook by name, in the order of the archive."""

    parts: dict[str, bytes]
    strict: bool = field(default=False)

    def text(self, name: str) -> bytes:
        """A part that is to be patched.

        Raises:
            NotMarkable: there is none, or it is not plain UTF-8 XML.
        """
        content = self.parts.get(name, b"")
        head = content[:200]
        if not content or b"\x00" in head or (b"encoding=" in head and b"utf-8" not in head.lower()):
            raise NotMarkable(name)
        return content

    def relations(self, part: str) -> list[Relation]:
        """What a part ("" for the package) leads to inside the package."""
        name = relations_part(part)
        found = []
        for line in _RELATION.findall(self.parts.get(name, b"")):
            given = attributes(line)
            if given.get("TargetMode") != "External":
                target = given.get("Target", "")
                place = target.lstrip("/") if target.startswith("/") else normpath(join(dirname(part), target))
                found.append(Relation(given.get("Id", ""), given.get("Type", "").rpartition("/")[2], place))
        return found

    def related(self, part: str, kind: str) -> str:
        """The part of that kind to which `part` leads, empty where there is none."""
        return next((one.target for one in self.relations(part) if one.kind == kind), "")

    def relate(self, part: str, kind: str, target: str) -> str:
        """Adds a relation and returns its id."""
        name = relations_part(part)
        taken = set(re.findall(rb'\bId\s*=\s*["\']([^"\']*)', self.parts.get(name, b"")))
        number = next(n for n in range(1, len(taken) + 2) if b"rIdYb%d" % n not in taken)
        base = STRICT_RELATIONS if self.strict else RELATIONS
        line = f'<Relationship Id="rIdYb{number}" Type="{base}/{kind}" Target="{relpath(target, dirname(part))}"/>'
        old = self.parts.get(name) or DECLARATION + (
            f'<Relationships xmlns="{PACKAGE_RELATIONS}"></Relationships>'.encode()
        )
        self.parts[name] = inserted_before(old, b"</Relationships>", line.encode())
        return f"rIdYb{number}"

    def unrelate(self, part: str, relation_id: str) -> None:
        """Takes a relation out."""
        name = relations_part(part)
        self.parts[name] = _RELATION.sub(
            lambda found: b"" if attributes(found[0]).get("Id") == relation_id else found[0], self.parts[name]
        )

    def add(self, stem: str, ending: str, content: bytes, content_type: str = "") -> str:
        """Adds a part under the next free name, such as `xl/comments3.xml`."""
        taken = {name.lower() for name in self.parts}
        number = next(n for n in range(1, len(taken) + 2) if f"{stem}{n}.{ending}".lower() not in taken)
        name = f"{stem}{number}.{ending}"
        self.parts[name] = content
        if content_type:
            line = f'<Override PartName="/{name}" ContentType="{content_type}"/>'
            self.parts[TYPES_PART] = inserted_before(self.text(TYPES_PART), b"</Types>", line.encode())
        return name

    def remove(self, name: str) -> None:
        """Takes out a part, its relations and its line among the content types."""
        self.parts.pop(name, None)
        self.parts.pop(relations_part(name), None)
        line = re.compile(rb'<Override\s[^>]*PartName="/' + re.escape(name.encode()) + rb'"[^>]*/>')
        self.parts[TYPES_PART] = line.sub(b"", self.text(TYPES_PART))

    def declare_ending(self, ending: str, content_type: str) -> None:
        """Says of what type parts with that ending are, where nothing says so yet."""
        types = self.text(TYPES_PART)
        if f'Extension="{ending}"'.encode().lower() not in types.lower():
            line = f'<Default Extension="{ending}" ContentType="{content_type}"/>'.encode()
            self.parts[TYPES_PART] = re.sub(rb"(<Types\b[^>]*>)", lambda found: found[0] + line, types, count=1)

    def to_bytes(self) -> bytes:
        """The package as a file; the same parts give the same bytes on every system."""
        buffer = io.BytesIO()
        with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED, compresslevel=4) as archive:
            for name, content in self.parts.items():
                entry = zipfile.ZipInfo(name, _EPOCH)
                entry.compress_type = zipfile.ZIP_DEFLATED
                entry.create_system = 0  # the same bytes on every system
                archive.writestr(entry, content)
        return buffer.getvalue()


def open_package(data: bytes) -> Package:
    """The parts of a package.

    Raises:
        NotMarkable: the bytes are no zip archive, or a damaged one.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            entries = [entry for entry in archive.infolist() if not entry.is_dir()]
            package = Package({entry.filename: archive.read(entry) for entry in entries})
    except (zipfile.BadZipFile, OSError, RuntimeError, NotImplementedError, EOFError, ValueError) as error:
        raise NotMarkable("zip") from error
    package.text(TYPES_PART)
    package.strict = STRICT_RELATIONS.encode() in package.parts.get("_rels/.rels", b"")
    return package


def attributes(tag: bytes) -> dict[str, str]:
    """The attributes of a start tag."""
    return {
        name.decode(): unescape((double or single).decode("utf-8", "replace"))
        for name, double, single in _ATTRIBUTE.findall(tag)
    }


def with_attribute(tag: bytes, name: str, value: str) -> bytes:
    """A start tag with one attribute set."""
    pattern = re.compile(rb"(\s)" + name.encode() + rb"""\s*=\s*(?:"[^"]*"|'[^']*')""")
    given = f'{name}="{value}"'.encode()
    if pattern.search(tag):
        return pattern.sub(lambda found: found[1] + given, tag, count=1)
    end = len(tag) - (2 if tag.endswith(b"/>") else 1)
    return tag[:end].rstrip() + b" " + given + tag[end:]


def without_attribute(tag: bytes, name: str) -> bytes:
    """An opening tag without one of its attributes, however that is quoted."""
    return re.sub(rb"\s" + name.encode() + rb"""\s*=\s*(?:"[^"]*"|'[^']*')""", b"", tag, count=1)


def inserted_before(text: bytes, mark: bytes, addition: bytes) -> bytes:
    """`text` with something put in before the last `mark`.

    Raises:
        NotMarkable: the mark is not there.
    """
    at = text.rfind(mark)
    if at < 0:
        raise NotMarkable(mark.decode())
    return text[:at] + addition + text[at:]


def xml_text(text: str) -> str:
    """A text as it stands in the XML of a workbook: markup and what XML cannot hold are escaped."""
    escaped = _LOOKS_ESCAPED.sub("_x005F_", text)
    escaped = _NOT_IN_XML.sub(lambda found: f"_x{ord(found[0]):04X}_", escaped)
    return escaped.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace('"', "&quot;")


def elements(text: bytes, name: str) -> Iterator[bytes]:
    """The elements of that name that stand in `text`, none inside another of the same name."""
    return (found[0] for found in _element(name).finditer(text))


def filtered(text: bytes, name: str, stays: Callable[[bytes], bool]) -> bytes:
    """`text` with those elements of a name alone that stay."""
    return _element(name).sub(lambda found: found[0] if stays(found[0]) else b"", text)


def _element(name: str) -> re.Pattern[bytes]:
    word = name.encode()
    return re.compile(rb"<" + word + rb"(?=[\s/>])(?:[^>]*[^>/])?(?:/>|>.*?</" + word + rb"\s*>)", re.DOTALL)


def relations_part(part: str) -> str:
    """Where the relations of a part ("" for the package) stand."""
    return join(dirname(part), "_rels", f"{part.rpartition('/')[2]}.rels")
