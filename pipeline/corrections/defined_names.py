"""The defined names of a workbook: those that lead out of it, run macros or are of what stays behind go."""

import re
from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass

from pipeline.corrections.outside import reaches_out, text_of
from pipeline.corrections.package import attributes, elements, with_attribute


def clean_names(
    text: bytes, places: Collection[int], sheets: Collection[str], behind: Counter[str]
) -> tuple[bytes, frozenset[str]]:
    """The workbook part without names that reach out or are of sheets that stay behind, and what is gone."""
    gone = frozenset(f"{name}{mark}" for name in sheets for mark in ("!", "'!"))
    names = [_Name.of(one) for one in elements(text, "definedName")]
    lost: list[_Name] = []
    while more := [one for one in names if one not in lost and one.is_lost(places, gone)]:  # names may name names
        lost += more
        gone |= {one.name for one in more if one.place < 0 and one.name}
    for one in names:
        kept = b"" if one in lost else one.moved(one.place - sum(other < one.place for other in places))
        text = text.replace(one.element, kept, 1)
    told = [one for one in lost if one.place not in places]
    behind["macros"] += sum(one.runs for one in told)
    behind["links"] += sum(not one.runs for one in told)
    return re.sub(rb"<definedNames[^>]*>\s*</definedNames\s*>", b"", text), gone


@dataclass(frozen=True)
class _Name:
    """A defined name: its element, the place of the sheet that it is of (−1: all), whether it is of a macro."""

    element: bytes
    name: str
    place: int
    runs: bool
    formula: str

    @classmethod
    def of(cls, element: bytes) -> "_Name":
        head, _, rest = element.partition(b">")
        given = attributes(head + b">")
        name = given.get("name", "")
        runs = any(given.get(key) in ("1", "true") for key in ("function", "vbProcedure", "xlm"))
        formula = text_of(rest.rpartition(b"</")[0])
        return cls(element, name, int(given.get("localSheetId", "-1")), runs or "auto_" in name.lower(), formula)

    def is_lost(self, places: Collection[int], gone: Collection[str]) -> bool:
        return self.runs or self.place in places or reaches_out(self.formula, gone)

    def moved(self, place: int) -> bytes:
        head, mark, rest = self.element.partition(b">")
        return self.element if self.place < 0 else with_attribute(head + mark, "localSheetId", str(place)) + rest
