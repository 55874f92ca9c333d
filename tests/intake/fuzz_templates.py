"""A trial of the whole intake: filled-in templates with seeded faults in their cells, their XML and their bytes.

The files are dropped into an inbox and taken in as a run does it. Whatever is wrong with them, each must end in the
archive, with a receipt in the ledger that says what it brought or why it was refused.
`python tests/intake/fuzz_templates.py 3000 [SEED]` runs it by hand and prints what came of it.
"""

import hashlib
import io
import os
import random
import re
import sys
import tempfile
import zipfile
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from xml.sax.saxutils import escape

import pandas as pd
from bytes_builders import zipped
from fuzz_reader import change_bytes, faulty_xml
from measured_sandbox import MeasuredSandbox
from take_in_builder import JUNE, LI, MASTERS, SETTINGS, master_frame, sales_rows

from pipeline.base.calendar import Month
from pipeline.ledger.archive import archived_path, slips
from pipeline.ledger.commit import load_problems
from pipeline.ledger.manifest import Manifest, Receipt
from pipeline.taking.receive import receive
from pipeline.taking.received import unheard
from pipeline.templates.write import write_template
from pipeline.words import load_words
from pipeline.work.starting import READING
from schemas.form import Form, all_forms

MIB = 1 << 20
FORMS = ("sales", "visits", "complaints", "satisfaction")
FIRST_SAVED = 1_719_800_000  # a moment early in July 2024; each further file is saved a second later
BATCH = 500  # files a run
CELL = re.compile(r'<c r="([A-Z]+)(\d+)"( s="\d+")?[^>]*?(?:/>|>.*?</c>)')
TEXTS = (
    "", " ", "x" * 32_767, "=1+1", '=HYPERLINK("http://example.com")', "１２", "1,234", "1.234,5", "12abc", "－３",
    "1e400", "NaN", "None", "NULL", "N/A", "是", "否", "√", "2024-02-30", "2024年6月31日", "6/5/2024", "24:00",
    "25:61", "P999", "030101 ", "０３０１０１", "\u202e030101", "\ufeff030101", "😀", "_x0000_", "a\nb", "'030101",
    "#SPILL!", "true", "本月无", "M999",
)  # fmt: skip
NUMBERS = (
    "0", "-0", "-1", "0.1", "1e308", "-1e308", "1e-320", "2958466", "45444.99999", "99999999999999999999", "60",
    "9007199254740993", "1e999", "NaN", "",
)  # fmt: skip
ERRORS = ("#REF!", "#N/A", "#DIV/0!", "#SPILL!", "#GETTING_DATA")
PLACES = ("A1", "B4", "B5", "C6", "ZZ9", "XFD1048576", "B99999", "XFE1", "B0")


@dataclass
class Intake:
    """What came of a trial. `lost` are files that are not in the archive, or of which the ledger says nothing."""

    files: int = 0
    accepted: int = 0
    refused: Counter[str] = field(default_factory=Counter)
    lost: list[str] = field(default_factory=list)
    longest_seconds: float = 0.0
    peak_bytes: int = 0

    def __str__(self) -> str:
        rules = ", ".join(f"{rule} {count}" for rule, count in self.refused.most_common())
        return (
            f"{self.files} files: {self.accepted} accepted, {self.refused.total()} refused ({rules}); "
            f"longest {self.longest_seconds:.2f} s; most memory of a child {self.peak_bytes / MIB:.0f} MiB; "
            f"lost {len(self.lost)}"
        )


@cache
def valid_template() -> bytes:
    """A manager's workbook of four forms for June, filled in; nothing in it is wrong but what examples say."""
    rows = {"sales": sales_rows(12), **{form: example_rows(all_forms()[form], 6) for form in FORMS[1:]}}
    return _workbook([all_forms()[form] for form in FORMS], month=JUNE, manager=LI, rows=rows)


def example_rows(form: Form, count: int) -> pd.DataFrame:
    """Rows as the template's example has them, with codes that are known, one a day."""
    known = {"customer_id": "030101", "product_id": "P002", "complaint_no": "TS{:03d}"}
    cells = {
        column.name: [
            f"2024-06-{day + 1:02d}"
            if column.kind == "day"
            else known.get(column.name, column.example).format(day)
            for day in range(count)
        ]
        for column in form.columns
    }
    return pd.DataFrame(cells, dtype="object")


def master_workbook() -> bytes:
    forms = [form for form in all_forms().values() if form.key in MASTERS]
    return _workbook(forms, month=Month(2024, 1), rows={form.key: master_frame(form.key) for form in forms})


def _workbook(forms: Sequence[Form], **content: object) -> bytes:
    target = io.BytesIO()
    write_template(
        target, forms, load_words("zh"), SETTINGS.profile, example_rows=False, spare_rows=2, **content,  # type: ignore[arg-type]
    )  # fmt: skip
    return target.getvalue()


def change_cells(data: bytes, chance: random.Random) -> bytes:
    """The workbook with one to twelve cells of one sheet put wrong, in XML and an archive that are sound."""
    parts = _parts(data)
    name = chance.choice(_sheets(parts))
    text = parts[name].decode("utf-8")
    for _ in range(chance.randint(1, 12)):
        text = _with_one_cell_wrong(text, chance)
    return zipped({**parts, name: text.encode("utf-8")})


def _with_one_cell_wrong(text: str, chance: random.Random) -> str:
    cells = list(CELL.finditer(text))
    found = chance.choice(cells)
    how = chance.randrange(6)
    if how == 0:  # the content of another cell
        other = chance.choice(cells)
        inner = other[0].replace(f'r="{other[1]}{other[2]}"', f'r="{found[1]}{found[2]}"')
        return text[: found.start()] + inner + text[found.end() :]
    if how == 1:  # another place
        moved = found[0].replace(f'r="{found[1]}{found[2]}"', f'r="{chance.choice(PLACES)}"')
        return text[: found.start()] + moved + text[found.end() :]
    return text[: found.start()] + _wrong_cell(found, how, chance) + text[found.end() :]


def _wrong_cell(found: re.Match[str], how: int, chance: random.Random) -> str:
    head = f'<c r="{found[1]}{found[2]}"{found[3] or ""}'
    if how == 2:
        return f'{head} t="inlineStr"><is><t xml:space="preserve">{escape(chance.choice(TEXTS))}</t></is></c>'
    if how == 3:
        return f"{head}><v>{chance.choice(NUMBERS)}</v></c>"
    if how == 4:
        return f'{head} t="{chance.choice("eb")}"><v>{chance.choice((*ERRORS, "1", "2"))}</v></c>'
    formula = escape(chance.choice(("NOW()", "1/0", "SUM(B:B)", "[1]Sheet1!A1")))
    return f'{head} t="str"><f>{formula}</f><v>{escape(chance.choice(TEXTS))}</v></c>'


def change_template_xml(data: bytes, chance: random.Random) -> bytes:
    """The workbook with one to three faults in the XML of any one part, in an archive that is sound."""
    parts = _parts(data)
    name = chance.choice(sorted(one for one in parts if one.endswith((".xml", ".rels"))))
    return zipped({**parts, name: faulty_xml(parts[name], chance)})


def _parts(data: bytes) -> dict[str, bytes]:
    source = zipfile.ZipFile(io.BytesIO(data))
    return {name: source.read(name) for name in source.namelist()}


def _sheets(parts: dict[str, bytes]) -> list[str]:
    return sorted(name for name in parts if name.startswith("xl/worksheets/sheet"))


WAYS: Sequence[tuple[str, Callable[[bytes, random.Random], bytes]]] = (
    ("cells", change_cells),
    ("cells", change_cells),
    ("xml", change_template_xml),
    ("bytes", change_bytes),
)


def faulty_template(number: int, seed: int) -> tuple[str, bytes]:
    """(name, bytes) of one faulty file; the same for the same number and seed."""
    chance = random.Random(f"{seed}-{number}")
    kind, change = WAYS[number % len(WAYS)]
    return f"{seed}-{number}-{kind}.xlsx", change(valid_template(), chance)


def run_intake(count: int, seed: int = 1, memory_bytes: int = 1024 * MIB, seconds: float = 20.0) -> Intake:
    """Takes in `count` faulty templates, after the master data, and looks for each."""
    outcome = Intake()
    with tempfile.TemporaryDirectory(prefix="yuebao-fuzz-") as name:
        home = Path(name)
        (home / "ledger").mkdir()
        with MeasuredSandbox(2, memory_bytes, seconds, READING, home / "reader.log") as sandbox:
            manifest = _take_in(home, Manifest(), [("主数据.xlsx", master_workbook())], sandbox)
            assert len(manifest.masters) == len(MASTERS)
            for first in range(0, count, BATCH):
                numbers = range(first, min(first + BATCH, count))
                files = [faulty_template(number, seed) for number in numbers]
                manifest = _take_in(home, manifest, files, sandbox, first)
                _count(home, manifest, files, outcome)
        outcome.longest_seconds, outcome.peak_bytes = sandbox.longest_seconds, sandbox.peak_bytes
    return outcome


def _take_in(
    home: Path, manifest: Manifest, files: Sequence[tuple[str, bytes]], sandbox: MeasuredSandbox, first: int = 0
) -> Manifest:
    inbox = home / "inbox"
    inbox.mkdir(exist_ok=True)
    for number, (name, data) in enumerate(files, first):
        (inbox / name).write_bytes(data)
        os.utime(inbox / name, (FIRST_SAVED + number, FIRST_SAVED + number))
    return receive(home, manifest, SETTINGS, sandbox, unheard).manifest


def _count(home: Path, manifest: Manifest, files: Sequence[tuple[str, bytes]], outcome: Intake) -> None:
    """Enters what came of these files, which the ledger knows by their bytes."""
    receipts = manifest.receipts_by_hash
    known = {one.sha256 for one in slips(home)}
    for name, data in files:
        outcome.files += 1
        receipt = receipts.get(hashlib.sha256(data).hexdigest())
        waiting = (home / "inbox" / name).exists()
        if receipt is None or waiting or receipt.sha256 not in known or not _is_told(home, manifest, receipt):
            outcome.lost.append(name)
        elif receipt.refused:
            outcome.refused[receipt.refused] += 1
        else:
            outcome.accepted += 1


def _is_told(home: Path, manifest: Manifest, receipt: Receipt) -> bool:
    """The original is in the archive, and the ledger says what the file brought or what was wrong with it."""
    brought = any(one.sha256 == receipt.sha256 for one in manifest.submissions)
    return archived_path(home, receipt.sha256, receipt.name).exists() and (
        brought or bool(receipt.refused and load_problems(home, receipt.sha256))
    )


def main() -> None:
    outcome = run_intake(int(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 1)
    print(outcome)
    sys.exit(1 if outcome.lost or outcome.refused["reader_timeout"] else 0)


if __name__ == "__main__":
    main()
