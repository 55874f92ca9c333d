"""Which column of an office's export a heading of the mapping means: the one that is called exactly that, else the only
one that differs in blanks, case, width, or a unit in brackets that only one of the two has."""

import re
import unicodedata
from collections.abc import Callable, Sequence
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
    fit equally (`unclear`). `fitting` are those several, as they are written, `places` where they stand."""

    place: int | None
    why: Literal["", "missing", "twice", "unclear"] = ""
    fitting: tuple[str, ...] = ()
    places: tuple[int, ...] = ()


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


def _find(row: Sequence[Cell], text: str, nth: int = 0) -> Sought:
    for ways in (_as_seen, plain, closely):
        if fitting := _places(row, text, ways):
            return _chosen(row, fitting, nth, exactly=True)
    fitting = [place for place, cell in enumerate(row) if cell is not None and _fits(shown(cell), text)]
    return _chosen(row, fitting, nth, exactly=False) if fitting else Sought(None, "missing")


def _chosen(row: Sequence[Cell], fitting: Sequence[int], nth: int, *, exactly: bool) -> Sought:
    if nth:
        return Sought(fitting[nth - 1]) if nth <= len(fitting) else Sought(None, "missing")
    if len(fitting) == 1:
        return Sought(fitting[0])
    written = tuple(shown(row[place]) for place in fitting)
    return Sought(None, "twice" if exactly else "unclear", written, tuple(fitting))


def _places(row: Sequence[Cell], text: str, ways: Callable[[str], str]) -> list[int]:
    wanted = ways(text)
    return [place for place, cell in enumerate(row) if cell is not None and ways(shown(cell)) == wanted]


@lru_cache(maxsize=4096)
def _as_seen(text: str) -> str:
    return visible(text).strip()


@lru_cache(maxsize=4096)
def closely(text: str) -> str:
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
    close = closely(text)
    found = _BRACKETS.fullmatch(close)
    return (found["before"].rstrip("*"), found["inside"]) if found else (close, "")
