"""Page one as a workbook's plan has it, and as it stands in the written file."""

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from pipeline.base.calendar import Month
from pipeline.workbooks.blocks import Evidence, EvidenceList, Headline, Shown, Table, WorkbookPlan
from pipeline.workbooks.write import sheet_of

NUMBER = re.compile(r"\d+(?:,\d{3})*(?:\.\d+)?")
# What is no number of the month: days, months, codes (but AUM431.34), how long something has held, and what is fixed in
# the text or in a figure's name.
NO_FIGURE = re.compile(
    r"(?<![A-Z])(?!AUM\d)[A-Z]+\d+|per 1,000 |\d{4}-\d\d(?:-\d\d)?|\d+月\d+日|\d+月|已?连续\d+个月(?:以上)?|"
    r"\d{4}-\d{2}起|近12个月|“[^”]*”"
)
SINGLE = "单户单件"
CONTRIBUTIONS = re.compile(r"why_\w+_(?:target|last_year|previous)")
PARTS_A_UNIT = 100_000_000  # ten-thousandths of a yuan, shown in ten thousands of yuan


@dataclass(frozen=True)
class PageRead:
    """Page one of a month: its message, its findings, its line of single cases; the numbers and tabs of the workbook's
    other sheets, and of each table of contributions what its parts and its total come to."""

    month: Month
    who: str
    message: str
    findings: tuple[Evidence, ...]
    singles: str
    numbers: frozenset[str]
    tabs: frozenset[str]
    differences: tuple[tuple[str, int, int], ...]

    @property
    def texts(self) -> list[str]:
        """All that is said in sentences."""
        told = (text for one in self.findings for text in (one.text, one.cause, one.advice))
        return [text for text in (self.message, *told, self.singles) if text]

    def numbers_from_nowhere(self, known: Collection[str]) -> list[str]:
        """The numbers of the sentences that are not among those of the other sheets."""
        said = [number for text in self.texts for number in NUMBER.findall(NO_FIGURE.sub("", text))]
        return [number for number in said if number not in known]


def page_read(month: Month, who: str, plan: WorkbookPlan, key: str = "overview") -> PageRead:
    """Page one as it is planned, on the sheet of a key."""
    own = sheet_of(plan, key)
    tables = [table for sheet in plan.sheets if sheet is not own for table in sheet.tables()]
    items = [item for block in own.blocks if isinstance(block, EvidenceList) for item in block.items]
    return PageRead(
        month,
        who,
        next(block.text for block in own.blocks if isinstance(block, Headline)),
        tuple(one for one in items if not one.text.startswith(SINGLE)),
        "".join(one.text for one in items if one.text.startswith(SINGLE)),
        frozenset(text for table in tables for value in shown_numbers(table) for text in roundings(value)),
        frozenset(sheet.name for sheet in plan.sheets),
        tuple((table.name, *parts_and_whole(table)) for table in tables if CONTRIBUTIONS.fullmatch(table.name)),
    )


def roundings(value: float) -> list[str]:
    """A number in the roundings in which sentences have it, halves up as spreadsheets show them."""
    number = Decimal(repr(round(abs(value), 9)))
    return [f"{number.quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP):,}" for decimals in (0, 1, 2, 4)]


def shown_numbers(table: Table) -> Iterator[float]:
    """Every number of a table, rates in per cent."""
    for row in (*table.rows, table.summary):
        for cell in row:
            value = cell.value if isinstance(cell, Shown) else cell
            if isinstance(value, int | float):
                yield float(value)


def parts_and_whole(table: Table) -> tuple[int, int]:
    """What the differences of a table of contributions come to, and the total below them, in whole parts of a unit."""
    changes = [row[table.position("change")] for row in (*table.rows, table.summary)]
    *parts, whole = (round(float(one.value) * PARTS_A_UNIT) for one in changes)  # type: ignore[union-attr, arg-type]
    return sum(parts), whole


def texts_in_file(book: Any) -> str:
    """All words of page one of a workbook that was read, without spaces."""
    cells = (cell for row in book["概览"].iter_rows(values_only=True) for cell in row)
    return "".join("".join(cell.split()) for cell in cells if isinstance(cell, str))


def numbers_in_file(book: Any) -> set[str]:
    """Every number of the other sheets of a workbook that was read, in roundings: 0.952 shown as 95.2 % is 95.2."""
    cells = [cell for sheet in book.worksheets[1:] for row in sheet.iter_rows() for cell in row]
    numbers = [cell for cell in cells if isinstance(cell.value, int | float)]
    return {text for one in numbers for text in roundings(one.value * (100 if "%" in one.number_format else 1))}
