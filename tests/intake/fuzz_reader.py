"""A trial of the reader: valid workbooks with seeded faults in their bytes and in their XML.

`python tests/intake/fuzz_reader.py 3000 [SEED]` runs it by hand and prints what came of it.
"""

import io
import random
import sys
import time
import zipfile
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import xlsxwriter

from pipeline.intake.raw import RawBook
from pipeline.intake.sandbox import Sandbox

MIB = 1 << 20
XML_PARTS = (
    "xl/worksheets/sheet1.xml",
    "xl/sharedStrings.xml",
    "xl/workbook.xml",
    "xl/styles.xml",
    "xl/_rels/workbook.xml.rels",
    "[Content_Types].xml",
)
NASTY = (
    b"<", b">", b"&", b'"', b"\x00", b"\xff", b"-1", b"4294967296", b"99999999999999999999", b"1e999", b"NaN",
    b"<!--", b"]]>", b"<![CDATA[", b"&#0;", b"&x;", b"XFE1", b"A1048577", b"A0", b"t=\"s\"", b"t=\"e\"",
    b"<row>" * 50, b"</sheetData>", b"<c/>", b'r="ZZZZ9"', b"\xd8\x00", b"<f/>", b'<?xml version="1.0"?>',
)  # fmt: skip


@dataclass
class Outcome:
    """What came of a trial: how many files, by rule of refusal; and the longest time."""

    accepted: int = 0
    refused: Counter[str] = field(default_factory=Counter)
    longest_seconds: float = 0.0

    def __str__(self) -> str:
        rules = ", ".join(f"{rule} {count}" for rule, count in self.refused.most_common())
        tried = self.accepted + self.refused.total()
        return (
            f"{tried} files: {self.accepted} accepted, {self.refused.total()} refused ({rules}); "
            f"longest {self.longest_seconds:.2f} s"
        )


def valid_workbook(rows: int = 60) -> bytes:
    """A workbook with texts, numbers, dates, formulas, an error, merged and hidden rows, two sheets."""
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, {"in_memory": True}) as book:
        day = book.add_format({"num_format": "yyyy-mm-dd"})
        sheet = book.add_worksheet("销售")
        sheet.merge_range("A1:D1", "销售 2024年6月", day)
        sheet.write_row(1, 0, ["订货日期", "客户编码", "销量", "金额"])
        for row in range(2, rows):
            sheet.write_number(row, 0, 45_444 + row % 28, day)
            sheet.write_string(row, 1, f"{row % 7:012d}")
            sheet.write_number(row, 2, row * 1.5)
            sheet.write_formula(row, 3, f"=C{row + 1}*120", None, row * 180)
        sheet.write_formula(rows, 3, "=1/0", None, "#DIV/0!")
        sheet.set_row(5, None, None, {"hidden": True})
        book.add_worksheet("封面").write_row(0, 0, ["客户经理", "M001", True])
    return buffer.getvalue()


def change_bytes(data: bytes, chance: random.Random) -> bytes:
    """The file with up to 20 bytes changed, a piece taken out, put in twice, or cut off."""
    changed = bytearray(data)
    kind = chance.randrange(4)
    first, last = sorted(chance.randrange(len(changed)) for _ in range(2))
    if kind == 0:
        for _ in range(chance.randint(1, 20)):
            changed[chance.randrange(len(changed))] = chance.randrange(256)
    elif kind == 1:
        del changed[first : min(last, first + 200)]
    elif kind == 2:
        changed[first:first] = changed[first:last]
    else:
        del changed[last:]
    return bytes(changed)


def change_xml(data: bytes, chance: random.Random) -> bytes:
    """The workbook with one to three faults in the XML of one part, in an archive that is sound."""
    source = zipfile.ZipFile(io.BytesIO(data))
    chosen = chance.choice(XML_PARTS)
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as target:
        for name in source.namelist():
            content = source.read(name)
            target.writestr(name, _with_faults(content, chance) if name == chosen else content)
    return buffer.getvalue()


def _with_faults(content: bytes, chance: random.Random) -> bytes:
    changed = content
    for _ in range(chance.randint(1, 3)):
        at = chance.randrange(len(changed) + 1)
        length = chance.choice((0, 0, 1, 5, 40))
        numbers = [i for i in range(len(changed)) if changed[i : i + 1].isdigit()]
        if chance.random() < 0.4 and numbers:  # a number replaced hits places, counts, styles, references
            at, length = chance.choice(numbers), 1
        changed = changed[:at] + chance.choice(NASTY) + changed[at + length :]
    return changed


def mutants(count: int, seed: int) -> Iterator[tuple[str, bytes]]:
    """(name, bytes) of `count` files made from a valid one; the same for the same seed."""
    valid = valid_workbook()
    ways: tuple[Callable[[bytes, random.Random], bytes], ...] = (change_bytes, change_xml, change_xml)
    for number in range(count):
        chance = random.Random(f"{seed}-{number}")
        yield f"mutant-{seed}-{number}.xlsx", chance.choice(ways)(valid, chance)


def run_trial(count: int, seed: int = 1, memory_bytes: int = 1024 * MIB, seconds: float = 10.0) -> Outcome:
    """Reads `count` mutants in a sandbox and counts what came of them."""
    outcome = Outcome()
    with Sandbox(workers=1, memory_bytes=memory_bytes, seconds=seconds) as sandbox:
        answers = sandbox.read_many(mutants(count, seed))
        started = time.monotonic()
        for answer in answers:
            outcome.longest_seconds = max(outcome.longest_seconds, time.monotonic() - started)
            if isinstance(answer, RawBook):
                outcome.accepted += 1
            else:
                outcome.refused[answer.rule] += 1
            started = time.monotonic()
    return outcome


if __name__ == "__main__":
    print(run_trial(int(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 1))
