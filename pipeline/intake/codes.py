"""Codes as people type them, against the master data that they refer to: what certainly means one of them is read.

A code that no reading makes certain stays as it is; `nearest` then tells which one it may be.
"""

import re
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace
from functools import cached_property
from weakref import WeakKeyDictionary

import pandas as pd

from pipeline.intake.reading import Reading, understood
from pipeline.intake.text_forms import alike, same_name
from schemas.lookup import Lookup

_CODE = r"[0-9A-Za-z][0-9A-Za-z_-]*"
_BETWEEN = r"[\s:;|/_,、-]*"
_CODE_FIRST = re.compile(rf"[\[(【〔<]?\s*({_CODE}?)\s*[\])】〕>]?{_BETWEEN}([^0-9A-Za-z\s:;|/_,、-].*)", re.ASCII)
_CODE_LAST = re.compile(rf"(.*?[^0-9A-Za-z_-]){_BETWEEN}[\[(【〔<]?\s*({_CODE})\s*[\])】〕>]?", re.ASCII)
_BRACKETED = re.compile(rf"[\[(【〔<]\s*({_CODE})\s*[\])】〕>]", re.ASCII)
MOST_ALIKE = 500  # codes with the same first digits that are looked through


class Codes:
    """The codes of one master form: their names, whose they are, and how they may be mistyped."""

    def __init__(self, lookup: Lookup) -> None:
        self.lookup = lookup

    def has(self, code: object) -> bool:
        """Whether a code is in the master data."""
        return self.lookup.has(code)

    def meant(self, reading: Reading) -> Reading:
        """A reading whose code is in the master data, where it certainly means one of them; else as it is."""
        text = reading.value
        if reading.rule == "id_scientific" and self.has(written := dict(reading.details)["text"]):
            return Reading(written)
        if reading.rule in ("id_scientific", "id_digits_lost"):
            return replace(reading, details=self._only_one_rounded(reading.details))
        if not isinstance(text, str) or self.has(text):
            return reading
        for code, rule in self._meanings(text):
            return understood(code, rule, code=code, name=self.name(code))
        return reading

    def named(self, text: str) -> list[str]:
        """The codes whose name a text is, blanks, width and case left aside."""
        return self.by_name.get(alike(text), [])

    def name(self, code: str) -> str:
        """What the master data call a code; empty where they do not."""
        return self.names.get(code, "")

    def _meanings(self, text: str) -> Iterator[tuple[str, str]]:
        """Codes that a text certainly means, and how it was understood."""
        if (code := self._only(self._by_form.get(alike(text)))) is not None:
            yield code, "code_case"
        if text.endswith(".0") and self.has(text[:-2]):
            yield text[:-2], "id_was_number"
        if (code := self._only(self.without_zeros(text.removesuffix(".0")))) is not None:
            yield code, "zero_restored"
        if (found := _BRACKETED.fullmatch(text)) and self.has(found[1]):
            yield found[1], "code_with_name"
        for code, name in code_and_name(text):
            if self.has(code) and same_name(name, self.name(code)):
                yield code, "code_with_name"

    def without_zeros(self, text: str) -> list[str]:
        """The codes that are this one with zeros lost in front."""
        if not (text.isascii() and text.isdigit()):
            return []
        return [code for code in self._by_digits.get(text.lstrip("0"), []) if len(code) > len(text)]

    @staticmethod
    def _only(codes: list[str] | None) -> str | None:
        return codes[0] if codes is not None and len(codes) == 1 else None

    def _only_one_rounded(self, details: tuple[tuple[str, str], ...]) -> tuple[tuple[str, str], ...]:
        """The details with the one code that a program would write so (3.0101E+11), where there is only one."""
        found = self.rounded_to(dict(details).get("text", ""))
        if len(found) != 1:
            return details
        return (*details, ("cause", "rounded"), ("code", found[0]), ("name", self.name(found[0])))

    def rounded_to(self, text: str) -> list[str]:
        """The codes that are the number in a text such as 3.0101E+11; no more than two."""
        mantissa, _, power = text.upper().partition("E")
        digits = mantissa.replace(".", "")
        if not digits.isdigit() or not power.lstrip("+").isdigit():
            return []
        kept, length = len(digits.rstrip("0")) or 1, int(power) + 1
        start = digits[: max(1, kept - 1)]
        alike_so_far = [code for code in self._starting(start) if len(code.lstrip("0")) == length]
        return [code for code in alike_so_far if _rounded(code, len(digits)) == digits][:2]

    def _starting(self, digits: str) -> list[str]:
        """Codes of digits that begin so, zeros in front left aside; none where there are too many."""
        ordered = self._in_order
        first = bisect_left(ordered, (digits,))
        last = bisect_left(ordered, (digits + "~",))
        return [code for _, code in ordered[first:last]] if last - first <= MOST_ALIKE else []

    @cached_property
    def codes(self) -> list[str]:
        """The valid codes."""
        return [str(code) for code in self.lookup.rows.iloc[:, 0]]

    @cached_property
    def names(self) -> dict[str, str]:
        """The name of each code, where the master data have names."""
        column = self.lookup.name_column
        if column is None:
            return {}
        return dict(zip(self.codes, self.lookup.rows[column].fillna("").astype(str), strict=True))

    @cached_property
    def by_name(self) -> dict[str, list[str]]:
        """The codes of each name, reduced as `alike` does."""
        found: defaultdict[str, list[str]] = defaultdict(list)
        for code, name in self.names.items():
            if name:
                found[alike(name)].append(code)
        return dict(found)

    @cached_property
    def by_owner(self) -> dict[str, list[str]]:
        """The codes of each manager, where the master data tell whose they are."""
        rows = self.lookup.rows
        if "manager_id" not in rows or rows.columns[0] == "manager_id":
            return {}
        found: defaultdict[str, list[str]] = defaultdict(list)
        for code, owner in zip(self.codes, rows["manager_id"], strict=True):
            if not pd.isna(owner):
                found[str(owner)].append(code)
        return dict(found)

    @cached_property
    def _by_form(self) -> dict[str, list[str]]:
        found: defaultdict[str, list[str]] = defaultdict(list)
        for code in self.codes:
            found[alike(code)].append(code)
        return dict(found)

    @cached_property
    def _by_digits(self) -> dict[str, list[str]]:
        found: defaultdict[str, list[str]] = defaultdict(list)
        for code in self.codes:
            if code.isascii() and code.isdigit():
                found[code.lstrip("0")].append(code)
        return dict(found)

    @cached_property
    def _in_order(self) -> list[tuple[str, ...]]:
        return sorted((code.lstrip("0"), code) for code in self.codes if code.isascii() and code.isdigit())


def _rounded(code: str, digits: int) -> str:
    """The first digits of a code as a program rounds it to so many."""
    return f"{int(code):.{digits - 1}E}".partition("E")[0].replace(".", "")


def code_and_name(text: str) -> Iterator[tuple[str, str]]:
    """How a text may be split into a code and a name: [030101]便民店, 030101 便民店, 便民店(030101)."""
    if (found := _CODE_FIRST.fullmatch(text)) and found[1]:
        yield found[1], found[2].strip("()[]【】 ")
    if found := _CODE_LAST.fullmatch(text):
        yield found[2], found[1].rstrip("([【〔<:;|/_,、- ")


_made: WeakKeyDictionary[Lookup, Codes] = WeakKeyDictionary()


def codes_of(lookup: Lookup) -> Codes:
    """The codes of one master form, made once for each of its lookups."""
    if lookup not in _made:
        _made[lookup] = Codes(lookup)
    return _made[lookup]
