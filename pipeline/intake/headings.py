"""Which column of an office's export a heading of the mapping means: the one that is called exactly that, else the only
one that differs in blanks, case, width, or a unit in brackets that only one of the two has."""

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from pipeline.intake.raw import Cell
from pipeline.intake.reading import shown
from pipeline.intake.text_forms import plain, visible

_NTH = re.compile(r"(?P<text>.*\S)\s*[#＃]\s*(?P<nth>[1-9]\d{0,2})", re.ASCII | re.DOTALL)
_BRACKETS = re.compile(r"(?P<before>.*?)\((?P<inside>[^()]*)\)\*?$", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Sought:
    """Where a heading stands in a row (index); None with why not: it is `missing`, or several are equal (`twice`) or
    fit equally (`unclear`). `fitting` are those several, as they are written."""

    place: int | None
    why: Literal["", "missing", "twice", "unclear"] = ""
    fitting: tuple[str, ...] = ()


def find_heading(row: Sequence[Cell], text: str) -> Sought:
    """The place of a heading in the row of headings.

    Args:
        row: the cells of the row.
        text: the heading as the mapping names it; `数量#2` is the second of the columns called 数量, unless a heading
            is written just so.
    """
    found = _find(row, text)
    numbered = _NTH.fullmatch(text.strip())
    if found.why != "missing" or numbered is None:
        return found
    return _find(row, numbered["text"], int(numbered["nth"]))


def header_row(rows: Sequence[Sequence[Cell]], texts: Iterable[str]) -> int | None:
    """The first row that has all these headings, before others one in which each of them is clear."""
    wanted = list(texts)
    unclear: int | None = None
    for index, row in enumerate(rows):
        sought = list(_sought(row, wanted))
        if all(one.place is not None for one in sought):
            return index
        if unclear is None and not any(one.why == "missing" for one in sought):
            unclear = index
    return unclear


def _sought(row: Sequence[Cell], texts: Iterable[str]) -> Iterator[Sought]:
    """Each heading in a row, up to the first that is not there."""
    for text in texts:
        sought = find_heading(row, text)
        yield sought
        if sought.why == "missing":
            return


def places_of(row: Sequence[Cell], texts: Iterable[str]) -> Mapping[str, int]:
    """Where each of these headings stands in the row, as far as that is clear."""
    found = {text: find_heading(row, text).place for text in texts}
    return {text: place for text, place in found.items() if place is not None}


def _find(row: Sequence[Cell], text: str, nth: int = 0) -> Sought:
    for ways in (_as_seen, plain, _closely):
        if fitting := _places(row, text, ways):
            return _chosen(row, fitting, nth, exactly=True)
    fitting = [place for place, cell in enumerate(row) if cell is not None and _fits(shown(cell), text)]
    return _chosen(row, fitting, nth, exactly=False) if fitting else Sought(None, "missing")


def _chosen(row: Sequence[Cell], fitting: Sequence[int], nth: int, *, exactly: bool) -> Sought:
    if nth:
        return Sought(fitting[nth - 1]) if nth <= len(fitting) else Sought(None, "missing")
    if len(fitting) == 1:
        return Sought(fitting[0])
    return Sought(None, "twice" if exactly else "unclear", tuple(shown(row[place]) for place in fitting))


def _places(row: Sequence[Cell], text: str, ways: Callable[[str], str]) -> list[int]:
    wanted = ways(text)
    return [place for place, cell in enumerate(row) if cell is not None and ways(shown(cell)) == wanted]


@lru_cache(maxsize=4096)
def _as_seen(text: str) -> str:
    return visible(text).strip()


@lru_cache(maxsize=4096)
def _closely(text: str) -> str:
    """Without blanks, line breaks, width, case and the star of what is required."""
    return "".join(unicodedata.normalize("NFKC", plain(text)).split()).rstrip("*").casefold()


def _fits(heading: str, text: str) -> bool:
    """Whether both are the same but for brackets that one of them has, as 销量 and 销量(件). What counts in 吨 is not
    what counts in 件: 销量(吨) is no 销量(件)."""
    (one, unit), (other, other_unit) = _parted(heading), _parted(text)
    return bool(one) and one == other and not (unit and other_unit and unit != other_unit)


@lru_cache(maxsize=4096)
def _parted(text: str) -> tuple[str, str]:
    """A heading before its last brackets, and what stands in them."""
    close = _closely(text)
    found = _BRACKETS.fullmatch(close)
    return (found["before"].rstrip("*"), found["inside"]) if found else (close, "")
