"""A trial of the reader: valid workbooks with seeded faults in their bytes and in their XML.

`python tests/intake/fuzz_reader.py 3000 [SEED]` runs it by hand and prints what came of it.
"""

import io
import random
import struct
import sys
import zipfile
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import xlsxwriter
from bytes_builders import binary_record, record, xls, xlsb, zipped
from measured_sandbox import MeasuredSandbox

from pipeline.intake.raw import RawBook
from pipeline.intake.read import read_file

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
    """What came of a trial: how many files, by rule of refusal; the longest time, the most memory of a child."""

    accepted: int = 0
    refused: Counter[str] = field(default_factory=Counter)
    longest_seconds: float = 0.0
    peak_bytes: int = 0

    def __str__(self) -> str:
        rules = ", ".join(f"{rule} {count}" for rule, count in self.refused.most_common())
        tried = self.accepted + self.refused.total()
        return (
            f"{tried} files: {self.accepted} accepted, {self.refused.total()} refused ({rules}); "
            f"longest {self.longest_seconds:.2f} s; most memory of a child {self.peak_bytes / MIB:.0f} MiB"
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


def valid_old_workbook(rows: int = 60) -> bytes:
    """An .xls workbook of numbers and errors, with a hidden row."""
    cells = record(0x0208, struct.pack("<HHHHHHI", 3, 0, 5, 255, 0, 0, 0x20))
    for row in range(rows):
        cells += record(0x0203, struct.pack("<HHHd", row, 0, 0, row * 1.5))
        cells += record(0x0205, struct.pack("<HHHBB", row, 1, 0, 0x2A, 1))
    return xls(cells, cells, book=record(0x00E0, struct.pack("<HH16x", 0, 0)))


def valid_binary_workbook(rows: int = 60) -> bytes:
    """An .xlsb workbook of numbers and errors."""
    cells = b""
    for row in range(rows):
        cells += binary_record(0, struct.pack("<IIH", row, 0, 300) + bytes(7))
        cells += binary_record(5, struct.pack("<IId", 0, 0, row * 1.5))
        cells += binary_record(3, struct.pack("<IIB", 1, 0, 0x2A))
    return xlsb(cells)


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
    parts = {name: source.read(name) for name in source.namelist()}
    return zipped({**parts, chosen: faulty_xml(parts[chosen], chance)})


def change_records(data: bytes, chance: random.Random) -> bytes:
    """The binary workbook with bytes changed in one part, in an archive that is sound."""
    source = zipfile.ZipFile(io.BytesIO(data))
    chosen = chance.choice([name for name in source.namelist() if name.endswith(".bin")])
    parts = {name: source.read(name) for name in source.namelist()}
    return zipped({**parts, chosen: change_bytes(parts[chosen], chance)})


def faulty_xml(content: bytes, chance: random.Random) -> bytes:
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
    old, binary = valid_old_workbook(), valid_binary_workbook()
    ways: tuple[tuple[str, bytes, Callable[[bytes, random.Random], bytes]], ...] = (
        ("xlsx", valid, change_bytes),
        ("xlsx", valid, change_xml),
        ("xlsx", valid, change_xml),
        ("xlsx", valid, change_xml),
        ("xls", old, change_bytes),
        ("xlsb", binary, change_records),
    )
    for number in range(count):
        chance = random.Random(f"{seed}-{number}")
        ending, source, change = chance.choice(ways)
        yield f"mutant-{seed}-{number}.{ending}", change(source, chance)


def run_trial(count: int, seed: int = 1, memory_bytes: int = 1024 * MIB, seconds: float = 10.0) -> Outcome:
    """Reads `count` mutants in a sandbox and counts what came of them."""
    outcome = Outcome()
    with MeasuredSandbox(
        workers=1, modules=("pipeline.intake.read",), memory_bytes=memory_bytes, seconds=seconds
    ) as sandbox:
        for answer in sandbox.map(read_file, mutants(count, seed)):
            if isinstance(answer, RawBook):
                outcome.accepted += 1
            else:
                outcome.refused[answer.rule] += 1
    outcome.longest_seconds, outcome.peak_bytes = sandbox.longest_seconds, sandbox.peak_bytes
    return outcome


if __name__ == "__main__":
    print(run_trial(int(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 1))
