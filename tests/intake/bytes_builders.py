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

_EPOCH = (1980, 1, 1, 0, 0, 0)


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
    """A zip archive of these entries, the same bytes whenever it is made."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in entries.items():
            archive.writestr(zipfile.ZipInfo(name, _EPOCH), content, zipfile.ZIP_DEFLATED)
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


def record(kind: int, content: bytes = b"") -> bytes:
    """One record of an .xls workbook."""
    return struct.pack("<HH", kind, len(content)) + content


def xls(*sheets: bytes, book: bytes = b"") -> bytes:
    """An Excel 97 workbook: each sheet given as its records, `book` the records of the whole."""
    names = [f"S{number}".encode() for number in range(1, len(sheets) + 1)]
    begin = record(0x0809, struct.pack("<HHHHII", 0x0600, 0x0005, 0, 0, 0, 0)) + book
    length = len(begin) + sum(4 + 8 + len(name) for name in names) + 4
    listed, bodies = b"", b""
    for name, cells in zip(names, sheets, strict=True):
        start = length + len(bodies)
        listed += record(0x0085, struct.pack("<IBBBB", start, 0, 0, len(name), 0) + name)
        bodies += record(0x0809, struct.pack("<HHHHII", 0x0600, 0x0010, 0, 0, 0, 0)) + cells + record(0x000A)
    return compound_file("Workbook", begin + listed + record(0x000A) + bodies)


def compound_file(name: str, content: bytes) -> bytes:
    """A compound file with one stream: a table sector, a directory sector, then the stream."""
    padded = content + bytes(max(4096, -(-len(content) // 512) * 512) - len(content))
    count = len(padded) // 512
    chain = [0xFFFF_FFFD, 0xFFFF_FFFE, *range(3, 2 + count), 0xFFFF_FFFE]
    header = struct.pack(
        "<8s16xHHHHH6xIIIIIIIII",
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
        0x3E, 3, 0xFFFE, 9, 6, 0, 1, 1, 0, 4096, 0xFFFF_FFFE, 0, 0xFFFF_FFFE, 0,
    )  # fmt: skip
    header += struct.pack("<I", 0) + b"\xff" * (108 * 4)
    table = struct.pack(f"<{len(chain)}I", *chain) + b"\xff" * (512 - 4 * len(chain))
    directory = _directory_entry("Root Entry", 5, 1, 0xFFFF_FFFE, 0)
    directory += _directory_entry(name, 2, 0xFFFF_FFFF, 2, len(padded)) + bytes(256)
    return header + table + directory + padded


def _directory_entry(name: str, kind: int, child: int, start: int, size: int) -> bytes:
    text = (name + "\0").encode("utf-16-le")
    numbers = struct.pack("<III", 0xFFFF_FFFF, 0xFFFF_FFFF, child)
    return (
        text.ljust(64, b"\0")
        + struct.pack("<HBB", len(text), kind, 1)
        + numbers
        + bytes(36)
        + struct.pack("<IQ", start, size)
    )


def binary_record(kind: int, content: bytes = b"") -> bytes:
    """One record of an .xlsb part; kinds from 128 take two bytes."""
    head = bytes([kind]) if kind < 128 else bytes([kind & 0x7F | 0x80, kind >> 7])
    return head + bytes([len(content)]) + content


def xlsb(sheet: bytes, styles: bytes = b"", properties: bytes = b"") -> bytes:
    """A binary workbook with one sheet, given as the records of its rows and cells; `styles` those of its styles."""
    relation, name = "rId1".encode("utf-16-le"), "销售".encode("utf-16-le")
    listed = struct.pack("<III", 0, 1, 4) + relation + struct.pack("<I", 2) + name
    book = binary_record(131) + properties + binary_record(143) + binary_record(156, listed)
    dimension = binary_record(148, struct.pack("<IIII", 0, 99, 0, 9))
    rows = binary_record(145) + sheet + binary_record(146)
    return zipped(
        {
            "[Content_Types].xml": f'<Types xmlns="{PACKAGE}/content-types"/>',
            "_rels/.rels": _relations_part({"rId1": (RELATIONS, "officeDocument", "xl/workbook.bin")}),
            "xl/workbook.bin": book + binary_record(144) + binary_record(132),
            "xl/_rels/workbook.bin.rels": _relations_part(
                {
                    "rId1": (RELATIONS, "worksheet", "worksheets/sheet1.bin"),
                    **({"rId2": (RELATIONS, "styles", "styles.bin")} if styles else {}),
                }
            ),
            **({"xl/styles.bin": styles} if styles else {}),
            "xl/worksheets/sheet1.bin": binary_record(129) + dimension + rows + binary_record(130),
        }
    )
