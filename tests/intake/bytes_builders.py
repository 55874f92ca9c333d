"""Small helpers that make the bytes of files, good and bad, for the tests of reading."""

import io
import struct
import zipfile
from collections.abc import Mapping

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
STRICT = "http://purl.oclc.org/ooxml/spreadsheetml/main"
RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
STRICT_RELATIONS = "http://purl.oclc.org/ooxml/officeDocument/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
DECLARATION = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'


def worksheet(rows: str, after: str = "", namespace: str = MAIN, dimension: str = "") -> str:
    """The XML of a sheet whose `sheetData` is `rows`."""
    stated = f'<dimension ref="{dimension}"/>' if dimension else ""
    return f'{DECLARATION}<worksheet xmlns="{namespace}">{stated}<sheetData>{rows}</sheetData>{after}</worksheet>'


def xlsx(
    sheet: str | bytes,
    *,
    styles: str = "",
    texts: str = "",
    book: str = "",
    sheets: str = '<sheet name="销售" sheetId="1" r:id="rId1"/>',
    strict: bool = False,
    more: Mapping[str, str | bytes] | None = None,
) -> bytes:
    """A workbook with one sheet part, written by hand so that each fault can be put in.

    `styles` are the inner elements of the styles part, `texts` the `<si>` elements, `book` what stands before
    the list of `sheets`, `more` further (or other) entries by name.
    """
    namespace, relations = (STRICT, STRICT_RELATIONS) if strict else (MAIN, RELATIONS)
    parts: dict[str, str | bytes] = {
        "[Content_Types].xml": f'<Types xmlns="{PACKAGE}/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Default Extension="xml" ContentType="application/xml"/></Types>',
        "_rels/.rels": _relations_part({"rId1": (relations, "officeDocument", "xl/workbook.xml")}),
        "xl/_rels/workbook.xml.rels": _relations_part(
            {
                "rId1": (relations, "worksheet", "worksheets/sheet1.xml"),
                "rId2": (relations, "styles", "styles.xml"),
                "rId3": (relations, "sharedStrings", "sharedStrings.xml"),
            }
        ),
        "xl/workbook.xml": f'{DECLARATION}<workbook xmlns="{namespace}" xmlns:r="{relations}">'
        f"{book}<sheets>{sheets}</sheets></workbook>",
        "xl/styles.xml": f'{DECLARATION}<styleSheet xmlns="{namespace}">{styles}</styleSheet>',
        "xl/sharedStrings.xml": f'{DECLARATION}<sst xmlns="{namespace}">{texts}</sst>',
        "xl/worksheets/sheet1.xml": sheet,
    }
    return zipped({**parts, **(more or {})})


def _relations_part(targets: Mapping[str, tuple[str, str, str]]) -> str:
    lines = (
        f'<Relationship Id="{key}" Type="{base}/{kind}" Target="{target}"/>'
        for key, (base, kind, target) in targets.items()
    )
    return f'<Relationships xmlns="{PACKAGE}/relationships">{"".join(lines)}</Relationships>'


def zipped(entries: Mapping[str, str | bytes]) -> bytes:
    """A zip archive of these entries."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in entries.items():
            archive.writestr(name, content)
    return buffer.getvalue()


def with_stated_size(data: bytes, name: str, size: int) -> bytes:
    """An archive whose directory and local header state another unpacked size for one entry."""
    changed = bytearray(data)
    entry = zipfile.ZipFile(io.BytesIO(data)).getinfo(name)
    changed[entry.header_offset + 22 : entry.header_offset + 26] = struct.pack("<I", size)
    directory = data.index(b"PK\x01\x02")
    while data[directory + 46 : directory + 46 + len(name)] != name.encode():
        directory = data.index(b"PK\x01\x02", directory + 4)
    changed[directory + 24 : directory + 28] = struct.pack("<I", size)
    return bytes(changed)


def cell_styles(*format_numbers: int, codes: Mapping[int, str] | None = None) -> str:
    """The inside of a styles part: one cell style for each number format, in order."""
    own = "".join(f'<numFmt numFmtId="{i}" formatCode="{code}"/>' for i, code in (codes or {}).items())
    cells = "".join(f'<xf numFmtId="{number}"/>' for number in format_numbers)
    return f"<numFmts>{own}</numFmts><cellXfs>{cells}</cellXfs>"
