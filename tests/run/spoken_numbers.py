"""The numbers in a workbook's sentences, and whether each of them stands in a cell of the same workbook."""

import re
import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path

import openpyxl

# What looks like a number and is none: days, months, codes, files looked up, places in a list, probabilities.
NOT_NUMBERS = re.compile(
    r"[（(][^（()）]*第\d+行[^（()）]*[）)]|\d{4}-\d\d-\d\d|\d{4}年(\d+月)?|\d+月(\d+日)?|\(\w*\d{3,}\w*\)|（\w*\d{6,}\w*）"
    r"|[A-Z]+\d+\w*|\b\d{6,}\b|^· \d+\. |(?:80|95)%（95%）|80%|95%区间|第\d+"
)
NUMBER = re.compile(r"(\d[\d,]*(?:\.\d+)?)(%|万元|个百分点)?")
LONGEST_LABEL = 30  # characters: what is longer is a sentence without its dot


@dataclass(frozen=True)
class Spoken:
    """A number in a sentence: as it is written, its unit ("", "%", "万元"), and the sentence."""

    text: str
    unit: str
    sentence: str

    @property
    def value(self) -> Decimal:
        return Decimal(self.text.replace(",", ""))


def spoken_numbers(sentence: str) -> Iterator[Spoken]:
    """The numbers that a sentence tells."""
    told = NOT_NUMBERS.sub("　", sentence)
    for found in NUMBER.finditer(told):
        yield Spoken(found.group(1), found.group(2) or "", sentence)


def is_sentence(value: object) -> bool:
    """A sentence of the report: of the lists of sentences, or the evidence and cause of a finding."""
    return isinstance(value, str) and value.startswith(("· ", "依据："))


def _short(text: str) -> set[str]:
    """The numbers of a cell of text that is not itself a sentence (a tile, a change with its arrow)."""
    return {one.text + one.unit for one in spoken_numbers(text)} if len(text) <= LONGEST_LABEL else set()


class Shown:
    """The numbers in a workbook's cells, each with the workbook's sentences left out."""

    def __init__(self, path: Path) -> None:
        with warnings.catch_warnings(action="ignore"):  # sparklines, which openpyxl does not know
            book = openpyxl.load_workbook(path, data_only=True)
        self.sentences: list[str] = []
        self.numbers: set[Decimal] = set()
        self.texts: set[str] = set()
        for sheet in book.worksheets:
            for row in sheet.iter_rows(values_only=True):
                for value in row:
                    self._add(value)
        book.close()

    def _add(self, value: object) -> None:
        if is_sentence(value):
            self.sentences.append(str(value))
        elif isinstance(value, str):
            self.texts |= _short(value)
        elif isinstance(value, int | float) and not isinstance(value, bool):
            self.numbers.add(Decimal(repr(value)))

    def has(self, spoken: Spoken) -> bool:
        """Whether a cell shows the number: in its own unit, or money in yuan, a share as a fraction of one."""
        places = Decimal(1).scaleb(min(int(spoken.value.as_tuple().exponent), 0))
        one, hundredth = Decimal(1), Decimal("0.01")
        scales = {"万元": (one, Decimal(10000)), "%": (one, hundredth), "个百分点": (one, hundredth)}
        wanted = {spoken.value}
        return (
            any(
                abs(number / scale).quantize(places, ROUND_HALF_UP) in wanted
                for number in self.numbers
                for scale in scales.get(spoken.unit, (one,))
            )
            or spoken.text + spoken.unit in self.texts
        )

    def unfounded(self) -> list[tuple[str, str]]:
        """The numbers of sentences that stand in no cell: the number, the sentence."""
        return [
            (one.text + one.unit, one.sentence)
            for sentence in self.sentences
            for one in spoken_numbers(sentence)
            if not self.has(one)
        ]
