"""What came in is not passed on: a copy without macros, links, queries, objects, hidden sheets of others.

The XML is changed piece by piece, as everywhere here; whether nothing was missed is then looked at by a parser
(`pipeline.corrections.gate`), and a workbook that does not stand that is not sent back.
"""

import re
from collections import Counter
from collections.abc import Callable, Collection, Mapping

from pipeline.contract.form_layout import OWN_SHEET
from pipeline.corrections.defined_names import clean_names
from pipeline.corrections.gate import check_harmless
from pipeline.corrections.kept_parts import BOOK, kept_of, types_of, without_links
from pipeline.corrections.outside import reaches_out, text_of
from pipeline.corrections.package import (
    NotMarkable,
    Package,
    attributes,
    elements,
    filtered,
    without_attribute,
)

_BOOK_ELEMENTS = (
    "externalReferences", "pivotCaches", "functionGroups", "fileSharing", "smartTagPr", "smartTagTypes",
    "webPublishing", "webPublishObjects", "customWorkbookViews", "mc:AlternateContent", "extLst",
)  # fmt: skip
_SHEET_ELEMENTS = (
    "oleObjects", "controls", "legacyDrawingHF", "picture", "webPublishItems", "customProperties",
    "customSheetViews", "smartTags", "mc:AlternateContent",
)  # fmt: skip
_FORMULA = re.compile(rb"<f(?=[\s/>])([^>]*?)(?:/>|>(.*?)</f\s*>)", re.DOTALL)
_CELL_METADATA = re.compile(rb'(<c(?=\s)[^>]*?)\s(?:cm|vm)="[^"]*"')
_ANY_ID = re.compile(rb"\s\w+:id\s*=")
_LED_ELSEWHERE = re.compile(
    rb"""\s(?:\w+:(?:relid|id|pict|href|althref)|relid|src|href)\s*=\s*(?:"[^"]*"|'[^']*')""", re.IGNORECASE
)
_INNER_FORMULA = re.compile(rb"<(?:\w+:)?(f|formula[12]?)(?=[\s>])[^>]*>(.*?)</", re.DOTALL)


def make_harmless(package: Package, ours: Collection[str]) -> tuple[Package, Counter[str]]:
    """The package as it goes back, and how much of what stays behind.

    Args:
        package: as it was sent; it is left alone.
        ours: names of sheets that may be hidden, as they were made here or are spoken of.

    Raises:
        NotMarkable: it is written in a way that does not let us be sure.
    """
    kept, kinds, behind = kept_of(package)
    kinds = dict(kinds)
    book = kept.related("", BOOK)
    own = _own_sheets(kept, kinds)
    gone = _clean_book(kept, book, {*ours, *own}, kinds, behind)
    for part, kind in list(kinds.items()):
        if kind == "drawing" and _reaches_out_in_drawing(kept, part, kinds, gone):
            _drop(kept, part, kinds)
            behind["drawings"] += 1
    for part, kind in kinds.items():
        if kind == "worksheet":
            kept.parts[part] = _clean_sheet(kept, part, gone, behind)
        elif kind in ("vmlDrawing", "table"):
            kept.parts[part] = _CLEANERS[kind](kept.text(part), gone)
    kept.parts["[Content_Types].xml"] = types_of(kinds)
    check_harmless(kept, kinds, gone)
    return kept, behind


def _own_sheets(package: Package, kinds: dict[str, str]) -> set[str]:
    """The sheets that were made here, as the file says in properties of ours; it keeps no others."""
    part = next((name for name, kind in kinds.items() if kind == "custom-properties"), "")
    if not part:
        return set()
    text = package.text(part)
    found = set()
    for one in list(elements(text, "property")):
        if attributes(one[: one.index(b">") + 1]).get("name", "").startswith(OWN_SHEET):
            found.add(text_of(re.sub(rb"<[^>]*>", b"", one)).strip())
        else:
            text = text.replace(one, b"", 1)
    package.parts[part] = text
    return found


def _clean_book(
    package: Package, book: str, ours: Collection[str], kinds: dict[str, str], behind: Counter[str]
) -> frozenset[str]:
    """Cleans the workbook part; gives the names of sheets and ranges that stay behind."""
    if b"<!" in package.text(book):
        raise NotMarkable("comment")
    text = _without(package.text(book), _BOOK_ELEMENTS)
    targets = {one.id: one.target for one in package.relations(book)}
    gone: list[tuple[int, str]] = []
    for place, tag in enumerate(list(elements(text, "sheet"))):
        given = attributes(tag)
        relation = next((value for name, value in given.items() if name.endswith(":id")), "")
        hidden = given.get("state", "visible") != "visible" and given.get("name") not in ours
        if relation in targets and not hidden:
            continue
        gone.append((place, given.get("name", "")))
        behind["sheets"] += relation in targets
        text = text.replace(tag, b"", 1)
        if relation in targets:
            _drop(package, targets[relation], kinds)
    sheets = frozenset(name for _, name in gone if name)
    text, names = clean_names(text, [place for place, _ in gone], sheets, behind)
    package.parts[book] = text
    return names


def _drop(package: Package, part: str, kinds: dict[str, str]) -> None:
    """Takes a part out, with the parts that it alone leads to, and every relation that leads to it."""
    led_to = [one.target for one in package.relations(part)]
    package.parts.pop(part, None)
    package.parts.pop(_relations_of(part), None)
    kinds.pop(part, None)
    for other in ["", *kinds]:
        ids = frozenset(one.id for one in package.relations(other) if one.target == part)
        if ids:
            without_links(package, other, ids)
    still = {one.target for other in ["", *kinds] for one in package.relations(other)}
    for one in led_to:
        if one in kinds and one not in still:
            _drop(package, one, kinds)


def _relations_of(part: str) -> str:
    folder, _, name = part.rpartition("/")
    return f"{folder}/_rels/{name}.rels" if folder else f"_rels/{name}.rels"


def _reaches_out_in_drawing(package: Package, part: str, kinds: Mapping[str, str], gone: Collection[str]) -> bool:
    """Whether a drawing or a chart of it has parts that stay behind, or figures of elsewhere."""
    package.parts[part] = re.sub(rb'\smacro="[^"]*"', b' macro=""', package.text(part))
    for one in (part, *(each.target for each in package.relations(part) if kinds.get(each.target) == "chart")):
        text = package.text(one)
        known = {each.id for each in package.relations(one)}
        if set(re.findall(r'\sr:\w+\s*=\s*"([^"]+)"', text.decode("utf-8", "replace"))) - known:
            return True
        if any(reaches_out(text_of(found[2]), gone) for found in _INNER_FORMULA.finditer(text)):
            return True
        if re.search(rb'textlink="[^"]*[\[|]', text):
            return True
    return False


def _clean_sheet(package: Package, part: str, gone: Collection[str], behind: Counter[str]) -> bytes:
    text = package.text(part)
    if b"<!" in text or b"<sheetData" not in text:
        raise NotMarkable("sheet")
    text = _CELL_METADATA.sub(rb"\1", _CELL_METADATA.sub(rb"\1", text))
    text = _as_values(text, gone, behind)
    text = _without(text, _SHEET_ELEMENTS)
    known = {one.id for one in package.relations(part)}
    for name in ("drawing", "legacyDrawing", "tablePart"):
        text = filtered(text, name, lambda one: _relation_of(one) in known)
    text = filtered(text, "hyperlink", lambda one: not _ANY_ID.search(one))
    text = re.sub(rb"<(hyperlinks|tableParts)(?:\s[^>]*)?>\s*</\1\s*>", b"", text)
    text = re.sub(rb"<pageSetup(?=\s)[^>]*>", lambda found: re.sub(rb'\s\w+:id="[^"]*"', b"", found[0]), text)

    def stays(one: bytes) -> bool:
        return not _ANY_ID.search(one) and not _formulas_reach_out(one, gone)

    for name in ("dataValidation", "conditionalFormatting", "ext"):
        text = filtered(text, name, stays)
    text = re.sub(rb"<(dataValidations|extLst)(?:\s[^>]*)?>\s*</\1\s*>", b"", text)
    return re.sub(
        rb"<(?:dataValidations|tableParts)(?=\s)[^>]*>", lambda one: without_attribute(one[0], "count"), text
    )


def _as_values(text: bytes, gone: Collection[str], behind: Counter[str]) -> bytes:
    """The sheet with formulas that reach out replaced by what they last showed."""
    shared = set()
    for found in _FORMULA.finditer(text):
        if found[2] and reaches_out(text_of(found[2]), gone):
            shared.add(attributes(b"<f" + found[1] + b">").get("si", "") or None)

    def kept(found: re.Match[bytes]) -> bytes:
        out = bool(found[2]) and reaches_out(text_of(found[2]), gone)
        number = attributes(b"<f" + found[1] + b">").get("si")
        if not out and (number is None or number not in shared):
            return found[0]
        behind["formulas"] += 1
        return b""

    return _FORMULA.sub(kept, text) if shared else text


def _formulas_reach_out(element: bytes, gone: Collection[str]) -> bool:
    return any(reaches_out(text_of(found[2]), gone) for found in _INNER_FORMULA.finditer(element))


def _clean_shapes(text: bytes, gone: Collection[str]) -> bytes:
    """Of the shapes of a sheet only its comments."""
    text = filtered(text, "v:shape", lambda one: re.search(rb"ObjectType\s*=\s*[\"']Note", one) is not None)
    text = re.sub(rb"<x:Fmla\w+(?:\s[^>]*)?>.*?</x:Fmla\w+\s*>", b"", text, flags=re.DOTALL)
    return _LED_ELSEWHERE.sub(b"", text)


def _clean_table(text: bytes, gone: Collection[str]) -> bytes:
    """A table that asks no query."""
    text = re.sub(rb'\s(?:tableType|connectionId|queryTableFieldId)="[^"]*"', b"", text)
    for name in ("calculatedColumnFormula", "totalsRowFormula"):
        text = filtered(text, name, lambda one: not reaches_out(text_of(re.sub(rb"<[^>]*>", b"", one)), gone))
    return _without(text, ("xmlColumnPr", "extLst"))


_CLEANERS: Mapping[str, Callable[[bytes, Collection[str]], bytes]] = {
    "vmlDrawing": _clean_shapes,
    "table": _clean_table,
}


def _relation_of(element: bytes) -> str:
    given = attributes(element[: element.index(b">") + 1])
    return next((value for name, value in given.items() if name.endswith(":id")), "")


def _without(text: bytes, names: Collection[str]) -> bytes:
    for name in names:
        text = filtered(text, name, lambda one: False)
    return text
