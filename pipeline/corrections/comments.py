"""The comments of one sheet: their texts, and the shapes in which Excel shows them."""

import re
from collections.abc import Iterable, Sequence

from pipeline.corrections.notes import Mark, place_of
from pipeline.corrections.package import (
    COMMENTS_TYPE,
    DECLARATION,
    RELATIONS,
    STRICT_RELATIONS,
    VML_TYPE,
    NotMarkable,
    Package,
    attributes,
    elements,
    inserted_before,
    xml_text,
)
from pipeline.corrections.sheet import drawing_of_comments, with_comments_drawing

AUTHOR = "月报 Yuebao"  # by whom marks of an earlier round are known again
_BEGIN = "——月报——"  # begins what is added to a comment that a person wrote
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_STRICT_MAIN = "http://purl.oclc.org/ooxml/spreadsheetml/main"
_SHAPES_OF_A_BLOCK = 1023  # shape numbers go in blocks of 1,024
_VML = (
    '<xml xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office" '
    'xmlns:x="urn:schemas-microsoft-com:office:excel"></xml>'
)
_SHAPE_TYPE = (
    '<v:shapetype id="_x0000_t202" coordsize="21600,21600" o:spt="202" path="m,l,21600r21600,l21600,xe">'
    '<v:stroke joinstyle="miter"/><v:path gradientshapeok="t" o:connecttype="rect"/></v:shapetype>'
)
_SHAPE = (
    '<v:shape id="_x0000_s{number}" type="#_x0000_t202" style="position:absolute;margin-left:80pt;margin-top:2pt;'
    'width:220pt;height:{height}pt;z-index:{order};visibility:hidden" fillcolor="#ffffe1" o:insetmode="auto">'
    '<v:fill color2="#ffffe1"/><v:shadow on="t" color="black" obscured="t"/><v:path o:connecttype="none"/>'
    '<v:textbox style="mso-direction-alt:auto"><div style="text-align:left"></div></v:textbox>'
    '<x:ClientData ObjectType="Note"><x:MoveWithCells/><x:SizeWithCells/>'
    "<x:Anchor>{left}, 15, {top}, 2, {right}, 15, {bottom}, 4</x:Anchor><x:AutoFill>False</x:AutoFill>"
    "<x:Row>{row}</x:Row><x:Column>{column}</x:Column></x:ClientData></v:shape>"
)


def add_comments(package: Package, sheet: str, marks: Sequence[Mark]) -> None:
    """Puts the marks' comments on a sheet, given by its part, beside those that are there.

    Raises:
        NotMarkable: the comments that are there are written in an unusual way.
    """
    told = [mark for mark in marks if mark.comment]
    if not told:
        return
    part = package.related(sheet, "comments") or _new_comments(package, sheet)
    text, author = _with_author(package.text(part))
    there = {attributes(_tag(one)).get("ref", ""): one for one in elements(text, "comment")}
    fresh: list[Mark] = []
    for mark in told:
        own = next((ref for ref in there if place_of(ref) == (mark.row, mark.column)), None)
        if own is None:
            fresh.append(mark)
        else:
            text = text.replace(there[own], inserted_before(there[own], b"</text>", _run(_added(mark))), 1)
    lines = "".join(_comment(mark, author) for mark in fresh)
    package.parts[part] = inserted_before(text, b"</commentList>", lines.encode())
    _add_shapes(package, sheet, fresh)


def remove_comments(package: Package, sheet: str) -> None:
    """Takes away what an earlier correction copy said in comments."""
    part = package.related(sheet, "comments")
    if not part or AUTHOR.encode() not in package.parts.get(part, b"") + _BEGIN.encode():
        return
    text = package.text(part)
    for run in elements(text, "r"):
        if _BEGIN.encode() in run:
            text = text.replace(run, b"", 1)
    authors = list(elements(text, "author"))
    ours = {str(number) for number, one in enumerate(authors) if AUTHOR.encode() in one}
    gone = [one for one in elements(text, "comment") if attributes(_tag(one)).get("authorId") in ours]
    for one in gone:
        text = text.replace(one, b"", 1)
    package.parts[part] = text
    _remove_shapes(package, sheet, {place_of(attributes(_tag(one)).get("ref", "")) for one in gone})


def _new_comments(package: Package, sheet: str) -> str:
    main = _STRICT_MAIN if package.strict else _MAIN
    empty = f'<comments xmlns="{main}"><authors></authors><commentList></commentList></comments>'
    part = package.add("xl/comments", "xml", DECLARATION + empty.encode(), COMMENTS_TYPE)
    package.relate(sheet, "comments", part)
    return part


def _with_author(text: bytes) -> tuple[bytes, int]:
    """The comments' part with our author in it, and the author's number."""
    text = re.sub(rb"<authors\s*/>", b"<authors></authors>", text)
    text = re.sub(rb"<commentList\s*/>", b"<commentList></commentList>", text)
    authors = list(elements(text, "author"))
    known = [number for number, one in enumerate(authors) if AUTHOR.encode() in one]
    if known:
        return text, known[0]
    return inserted_before(text, b"</authors>", f"<author>{AUTHOR}</author>".encode()), len(authors)


def _comment(mark: Mark, author: int) -> str:
    run = _run(mark.comment).decode()
    return f'<comment ref="{_address(mark)}" authorId="{author}"><text>{run}</text></comment>'


def _added(mark: Mark) -> str:
    return f"\n{_BEGIN}\n{mark.comment}"


def _run(text: str) -> bytes:
    style = '<rPr><sz val="9"/><color indexed="81"/><rFont val="宋体"/><family val="2"/></rPr>'
    return f'<r>{style}<t xml:space="preserve">{xml_text(text)}</t></r>'.encode()


def _address(mark: Mark) -> str:
    letters, column = "", mark.column
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return f"{letters}{mark.row}"


def _tag(element: bytes) -> bytes:
    return element[: element.index(b">") + 1]


def _add_shapes(package: Package, sheet: str, marks: Sequence[Mark]) -> None:
    relation = drawing_of_comments(package.text(sheet))
    targets = {one.id: one.target for one in package.relations(sheet)}
    if relation and relation not in targets:
        raise NotMarkable("legacyDrawing")
    part = targets[relation] if relation else _new_drawing(package, sheet)
    text = package.parts.get(part, b"")
    first = _free_block(package)
    blocks = range(first, first + 1 + len(marks) // _SHAPES_OF_A_BLOCK)
    addition = "" if b'id="_x0000_t202"' in text else _SHAPE_TYPE
    for number, mark in enumerate(marks):
        block, rest = divmod(number, _SHAPES_OF_A_BLOCK)
        addition += _shape(mark, blocks[block] * 1024 + 1 + rest, number + 1)
    package.parts[part] = inserted_before(_with_blocks(text, blocks), b"</xml>", addition.encode())


def _new_drawing(package: Package, sheet: str) -> str:
    part = package.add("xl/drawings/vmlDrawing", "vml", _VML.encode())
    package.declare_ending("vml", VML_TYPE)
    relation = package.relate(sheet, "vmlDrawing", part)
    relations = STRICT_RELATIONS if package.strict else RELATIONS
    package.parts[sheet] = with_comments_drawing(package.text(sheet), relation, relations)
    return part


def _free_block(package: Package) -> int:
    """The first block of shape numbers that no drawing of the workbook uses."""
    used = [0]
    for name, text in package.parts.items():
        if name.endswith(".vml"):
            used += [int(number) // 1024 for number in re.findall(rb"_x0000_s(\d{1,9})\b", text)]
            for data in re.findall(rb'<o:idmap[^>]*\sdata="([\d, ]*)"', text):
                used += [int(number) for number in data.replace(b" ", b"").split(b",") if number]
    return max(used) + 1


def _with_blocks(text: bytes, blocks: Iterable[int]) -> bytes:
    """The drawing with further blocks of shape numbers declared as its own."""
    more = ",".join(map(str, blocks))
    if re.search(rb'<o:idmap[^>]*\sdata="', text):
        return re.sub(
            rb'(<o:idmap[^>]*\sdata=")([^"]*)', lambda found: found[0] + b"," + more.encode(), text, count=1
        )
    layout = f'<o:shapelayout v:ext="edit"><o:idmap v:ext="edit" data="{more}"/></o:shapelayout>'
    return re.sub(rb"(<xml\b[^>]*>)", lambda found: found[0] + layout.encode(), text, count=1)


def _shape(mark: Mark, number: int, order: int) -> str:
    lines = sum(1 + len(line) // 18 for line in mark.comment.split("\n"))
    height = min(15 * lines + 15, 300)
    row, column = mark.row - 1, mark.column - 1
    return _SHAPE.format(
        number=number,
        order=order,
        height=height,
        row=row,
        column=column,
        left=column + 1,
        right=column + 4,
        top=max(row - 1, 0),
        bottom=max(row - 1, 0) + height // 15,
    )


def _remove_shapes(package: Package, sheet: str, places: set[tuple[int, int]]) -> None:
    targets = {one.id: one.target for one in package.relations(sheet)}
    part = targets.get(drawing_of_comments(package.text(sheet)), "")
    text = package.parts.get(part, b"")
    for shape in list(elements(text, "v:shape")):
        row, column = (re.search(rb"<x:%s>\s*(\d+)" % word, shape) for word in (b"Row", b"Column"))
        if row and column and (int(row[1]) + 1, int(column[1]) + 1) in places:
            text = text.replace(shape, b"", 1)
    if part:
        package.parts[part] = text
