"""The list of problems as the first sheet of the sender's own workbook, each line linked to its cell."""

import math
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from pipeline.base.text_widths import units
from pipeline.contract.form_layout import PROBLEMS_SHEET
from pipeline.corrections.notes import Line, Notes, line_texts
from pipeline.corrections.package import (
    DECLARATION,
    RELATIONS,
    SHEET_TYPE,
    STRICT_RELATIONS,
    NotMarkable,
    Package,
    attributes,
    elements,
    with_attribute,
    without_attribute,
    xml_text,
)
from pipeline.corrections.styles import RED, YELLOW, Styles
from pipeline.words import Words

WIDTHS = (6, 15, 9, 26, 15, 20, 44, 24, 16)
TITLE_HEIGHT, LINE_HEIGHT, TALLEST = 24, 15, 405  # points; no row may be higher than 409
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_STRICT_MAIN = "http://purl.oclc.org/ooxml/spreadsheetml/main"
_FONT = '<sz val="10"/><name val="微软雅黑"/><family val="2"/>'


@dataclass(frozen=True)
class _ListStyles:
    title: int
    text: int
    heading: int
    link: int
    grave: int
    note: int


def add_list(package: Package, book: str, notes: Notes, styles: Styles, words: Words) -> None:
    """Puts the list before all other sheets; a list of an earlier round goes.

    Raises:
        NotMarkable: the workbook part is written in an unusual way.
    """
    text = _without_list(package, book)
    names = {attributes(tag).get("name", "") for tag in elements(text, "sheet")}
    content = _sheet_xml(package, notes, _list_styles(styles), words, names)
    part = package.add("xl/worksheets/sheet", "xml", content, SHEET_TYPE)
    relation = package.relate(book, "worksheet", part)
    package.parts[book] = _with_first_sheet(text, PROBLEMS_SHEET.of(words.language), relation, package.strict)


def head_rows(notes: Notes) -> int:
    """The row of the headings: below the head's lines and a blank one."""
    return len(notes.head) + 2


def height_of(texts: Sequence[str]) -> int:
    """The height in points of a line of the list, whose cells wrap, but for the rule, a link: programs that open it do
    not work it out."""
    wrapped = (
        sum(max(1, math.ceil(units(part) / width)) for part in text.split("\n"))
        for text, width in zip(texts[:-1], WIDTHS[1:-1], strict=True)
    )
    return min(TALLEST, LINE_HEIGHT * max(wrapped))


def footer(notes: Notes, words: Words) -> str:
    """What stands below each printed page of the list: what it is a list of, and the page."""
    return f"&L{notes.head[0].replace('&', '&&')}&R{words('templates.sheet.page')}"


def sheet_parts(package: Package, book: str) -> dict[str, str]:
    """By sheet name, the part where the sheet stands; sheets that are charts are left out."""
    targets = {one.id: one.target for one in package.relations(book) if one.kind == "worksheet"}
    parts: dict[str, str] = {}
    for tag in elements(package.text(book), "sheet"):
        target = targets.get(_relation_id(tag), "")
        if target in package.parts:
            parts[attributes(tag).get("name", "")] = target
    return parts


def _relation_id(tag: bytes) -> str:
    given = attributes(tag)
    return next((value for name, value in given.items() if name.endswith(":id")), "")


def _without_list(package: Package, book: str) -> bytes:
    """The workbook part without the list of an earlier round, whose part goes too."""
    text = package.text(book)
    tags = list(elements(text, "sheet"))
    old = [i for i, tag in enumerate(tags) if attributes(tag).get("name") in PROBLEMS_SHEET.both]
    if not old or len(tags) == len(old):
        return text
    index, tag = old[0], tags[old[0]]
    part = next((one.target for one in package.relations(book) if one.id == _relation_id(tag)), "")
    package.unrelate(book, _relation_id(tag))
    package.remove(part)
    text = text.replace(tag, b"", 1)

    def moved(found: bytes) -> bytes:
        place = _place(found)
        return b"" if place == index else _with_place(found, place - (place > index))

    return _each_defined_name(text, moved)


def _with_first_sheet(text: bytes, name: str, relation: str, strict: bool) -> bytes:
    tags = list(elements(text, "sheet"))
    if not tags:
        raise NotMarkable("sheet")
    ids = [int(attributes(tag).get("sheetId", "0")) for tag in tags]
    relations = STRICT_RELATIONS if strict else RELATIONS
    sheet = f'<sheet xmlns:r="{relations}" name="{name}" sheetId="{max(ids) + 1}" r:id="{relation}"/>'
    at = text.index(tags[0])
    text = text[:at] + sheet.encode() + text[at:]
    text = _each_defined_name(text, lambda found: _with_place(found, _place(found) + 1))

    def first_shown(found: re.Match[bytes]) -> bytes:
        return without_attribute(without_attribute(found[0], "activeTab"), "firstSheet")

    return re.sub(rb"<workbookView(?=[\s/])[^>]*>", first_shown, text)


def _place(defined: bytes) -> int:
    return int(attributes(defined[: defined.index(b">") + 1]).get("localSheetId", "-1"))


def _with_place(defined: bytes, place: int) -> bytes:
    """A defined name of one sheet for the sheet's new place among all; others as they are."""
    head = defined[: defined.index(b">") + 1]
    if b"localSheetId" not in head:
        return defined
    return with_attribute(head, "localSheetId", str(place)) + defined[len(head) :]


def _each_defined_name(text: bytes, change: Callable[[bytes], bytes]) -> bytes:
    found = next(elements(text, "definedNames"), b"")
    names = b"".join(map(change, elements(found[1:], "definedName")))
    return text.replace(found, b"<definedNames>" + names + b"</definedNames>" if names else b"", 1)


def _list_styles(styles: Styles) -> _ListStyles:
    blue = '<u/><sz val="10"/><color rgb="FF0563C1"/><name val="微软雅黑"/><family val="2"/>'
    return _ListStyles(
        title=styles.add(font='<b/><sz val="14"/><name val="微软雅黑"/><family val="2"/>'),
        text=styles.add(font=_FONT, wrap=True),
        heading=styles.add(font="<b/>" + _FONT, fill="FFDDEBF7"),
        link=styles.add(font=blue),
        grave=styles.add(font=_FONT, fill=RED, wrap=True),
        note=styles.add(font=_FONT, fill=YELLOW, wrap=True),
    )


def _sheet_xml(package: Package, notes: Notes, styles: _ListStyles, words: Words, names: set[str]) -> bytes:
    main = _STRICT_MAIN if package.strict else _MAIN
    number = words("corrections.list.number")
    rows = [_row(1, [(1, notes.head[0], styles.title)], TITLE_HEIGHT)]
    rows += [_row(row, [(1, line, 0)]) for row, line in enumerate(notes.head[1:], 2)]
    headings = enumerate((number, *notes.headings), 1)
    head = head_rows(notes)
    rows.append(_row(head, [(column, text, styles.heading) for column, text in headings]))
    links = []
    for position, line in enumerate(notes.lines, 1):
        row = head + position
        rows.append(_line_row(row, position, line, styles, words))
        if line.sheet in names:
            links.append(_link(f"C{row}", line))
        links.append(_reason(f"I{row}", line, words))
    columns = "".join(
        f'<col min="{i}" max="{i}" width="{width}" customWidth="1"/>' for i, width in enumerate(WIDTHS, 1)
    )
    last = head + len(notes.lines)
    return (
        DECLARATION
        + (
            f'<worksheet xmlns="{main}"><sheetPr><tabColor rgb="{RED}"/><pageSetUpPr fitToPage="1"/></sheetPr>'
            f'<dimension ref="A1:I{last}"/><sheetViews><sheetView tabSelected="1" workbookViewId="0">'
            f'<pane ySplit="{head}" topLeftCell="A{head + 1}" activePane="bottomLeft" state="frozen"/>'
            f'<selection pane="bottomLeft"/></sheetView></sheetViews><sheetFormatPr defaultRowHeight="15"/>'
            f"<cols>{columns}</cols><sheetData>{''.join(rows)}</sheetData>"
            + (f"<hyperlinks>{''.join(links)}</hyperlinks>" if links else "")
            + '<pageMargins left="0.4" right="0.4" top="0.6" bottom="0.6" header="0.3" footer="0.3"/>'
            '<pageSetup paperSize="9" fitToHeight="0" orientation="landscape"/>'
            f"<headerFooter><oddFooter>{xml_text(footer(notes, words))}</oddFooter></headerFooter></worksheet>"
        ).encode()
    )


def _line_row(row: int, position: int, line: Line, styles: _ListStyles, words: Words) -> str:
    mark = styles.grave if line.grave else styles.note
    styled = (
        styles.text, styles.link, styles.text, styles.text, mark, styles.text, styles.text, styles.link,
    )  # fmt: skip
    texts = line_texts(line, words)
    cells = zip(range(2, 10), texts, styled, strict=True)
    return _row(row, [(1, position, styles.text), *cells], height_of(texts))


def _row(row: int, cells: Sequence[tuple[int, str | int, int]], height: int = LINE_HEIGHT) -> str:
    tall = "" if height == LINE_HEIGHT else f' ht="{height}" customHeight="1"'
    return f'<row r="{row}"{tall}>' + "".join(_cell(row, *cell) for cell in cells) + "</row>"


def _cell(row: int, column: int, text: str | int, style: int) -> str:
    place = f"{chr(64 + column)}{row}"
    if isinstance(text, int):
        return f'<c r="{place}" s="{style}"><v>{text}</v></c>'
    return f'<c r="{place}" s="{style}" t="inlineStr"><is><t xml:space="preserve">{xml_text(text)}</t></is></c>'


def _reason(place: str, line: Line, words: Words) -> str:
    """A link on the rule's name that goes nowhere else: who points at it reads why the rule is there."""
    target = f"'{PROBLEMS_SHEET.of(words.language)}'!{place}"
    return f'<hyperlink ref="{place}" location="{xml_text(target)}" tooltip="{xml_text(line.why)}"/>'


def _link(place: str, line: Line) -> str:
    target = "'" + line.sheet.replace("'", "''") + "'!" + (line.cell or "A1")
    return f'<hyperlink ref="{place}" location="{xml_text(target)}" display="{xml_text(line.cell)}"/>'
