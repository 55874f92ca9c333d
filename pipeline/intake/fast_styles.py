"""Which cell styles the fast reader takes for days or lengths of time otherwise than we do.

It is asked, not imitated: a workbook of one row with a cell in each style and the file's own styles part is read
once (a millisecond; the styles of one template are met again and again).
"""

import datetime as dt
import io
import zipfile
from functools import lru_cache

from python_calamine import load_workbook

MOST_STYLES = 16_000  # as many as a row has columns
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"
_NOON = "45448.5"  # of a day in June 2024


@lru_cache(maxsize=16)
def fast_kinds(styles_part: bytes, count: int) -> tuple[str, ...] | None:
    """How the fast reader takes a number in each of the first `count` styles: "number", "day" or "duration".

    None where it cannot read the styles at all.
    """
    if not 0 < count <= MOST_STYLES:
        return None
    cells = "".join(f'<c s="{style}"><v>{_NOON}</v></c>' for style in range(count))
    try:
        sheet = load_workbook(io.BytesIO(_probe(styles_part, cells))).get_sheet_by_index(0)
        [row] = sheet.to_python()
    except Exception:  # whatever it finds wrong with the styles, the careful way decides
        return None
    return tuple(map(_kind, row)) if len(row) == count else None


def _kind(cell: object) -> str:
    if isinstance(cell, dt.timedelta):
        return "duration"
    return "day" if isinstance(cell, dt.date | dt.time) else "number"


def _probe(styles_part: bytes, cells: str) -> bytes:
    relation = f'<Relationship Id="r{{}}" Type="{_RELATIONS}/{{}}" Target="{{}}"/>'
    parts = {
        "_rels/.rels": relation.format(1, "officeDocument", "xl/workbook.xml"),
        "xl/_rels/workbook.xml.rels": relation.format(1, "worksheet", "worksheets/sheet1.xml")
        + relation.format(2, "styles", "styles.xml"),
    }
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_STORED) as archive:
        for name, content in parts.items():
            archive.writestr(name, f'<Relationships xmlns="{_PACKAGE}">{content}</Relationships>')
        archive.writestr(
            "xl/workbook.xml",
            f'<workbook xmlns="{_MAIN}" xmlns:r="{_RELATIONS}"><sheets><sheet name="S" sheetId="1" r:id="r1"/></sheets>'
            "</workbook>",
        )
        archive.writestr("xl/styles.xml", styles_part)
        archive.writestr(
            "xl/worksheets/sheet1.xml",
            f'<worksheet xmlns="{_MAIN}"><sheetData><row>{cells}</row></sheetData></worksheet>',
        )
    return target.getvalue()
