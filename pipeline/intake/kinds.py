"""What a file brings, master data or monthly forms: a cheap look that comes before it is taken in.

Master data have to be in the ledger before the forms that refer to them are checked.
"""

import io
import re
import zipfile
import zlib
from dataclasses import dataclass
from pathlib import Path
from xml.sax.saxutils import unescape

from pipeline.contract.settings import Settings
from pipeline.intake.export import exports_for
from pipeline.intake.heading_keys import heading_key
from pipeline.intake.match import form_words
from schemas.form import FormKind

MOST_BYTES = 1 << 20  # of the list of sheets; more is not looked at
_SHEET_NAME = re.compile(rb'<(?:\w+:)?sheet\s[^>]*?name="([^"]{0,255})"')


@dataclass(frozen=True)
class LookTask:
    """One file to look at."""

    path: str
    name: str
    settings: Settings


def kinds_of(task: LookTask) -> tuple[FormKind, ...]:
    """The kinds of forms that a file may bring; ("monthly",) where nothing tells."""
    forms = task.settings.profile.forms
    mapped = exports_for(task.name, task.settings.exports)
    if mapped:
        kinds = {forms[export.form].kind for export in mapped}
        return tuple(kind for kind in ("master", "monthly") if kind in kinds)
    names = {heading_key(name) for name in _sheet_names(Path(task.path).read_bytes())}
    masters = {word for form in forms.values() if form.kind == "master" for word in form_words(form)}
    monthly = {word for form in forms.values() if form.kind == "monthly" for word in form_words(form)}
    return ("master",) if names & masters and not names & monthly else ("monthly",)


def _sheet_names(data: bytes) -> list[str]:
    """The sheets that an .xlsx lists, none where it is something else or damaged: reading will tell."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive, archive.open("xl/workbook.xml") as part:
            xml = part.read(MOST_BYTES)
    except (
        zipfile.BadZipFile,
        KeyError,
        OSError,
        RuntimeError,
        NotImplementedError,
        zlib.error,
        EOFError,
        ValueError,
    ):
        return []
    return [unescape(name.decode("utf-8", "replace")) for name in _SHEET_NAME.findall(xml)]
