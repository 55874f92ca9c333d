"""Months that stand side by side as columns (settings `unpivot`): which column is which month."""

import datetime as dt
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from pipeline.base.calendar import Month
from pipeline.contract.exports import Export, Unpivot
from pipeline.intake.header_lines import BETWEEN, Headings
from pipeline.intake.headings import closely
from pipeline.intake.raw import Cell

_CHINESE = ("一", "二", "三", "四", "五", "六", "七", "八", "九", "十", "十一", "十二")
_ENGLISH = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH = (
    r"(?P<month>1[0-2]|0?[1-9]|十[一二]?|[一二三四五六七八九]|(?:"
    + "|".join(_ENGLISH)
    + r")[a-z]*\.?)(?:份(?=$|/))?"
)
_YEAR = r"(?P<year>20\d{2})年?"
_IN_TEXT = re.compile(r"(?<!\d)(20\d{2})(?=(?:(?:0[1-9]|1[0-2])(?:\d{2})?)?(?!\d))")


@dataclass(frozen=True)
class MonthColumn:
    """A column of one month: where it stands, what it fills, and the year where its heading says one (0: it does
    not)."""

    place: int
    to: str
    month: int
    year: int


def has_months(headings: Headings, asked: Sequence[Unpivot]) -> bool:
    """Whether there is a column for each of the patterns."""
    return all(any(_month_of(headings, place, one) for place in range(len(headings.cells))) for one in asked)


def month_columns(headings: Headings, asked: Sequence[Unpivot]) -> list[MonthColumn]:
    """The columns that are months, by the first pattern that each is like."""
    found = (
        next((hit for one in asked if (hit := _month_of(headings, place, one))), None)
        for place in range(len(headings.cells))
    )
    return [one for one in found if one is not None]


def _month_of(headings: Headings, place: int, one: Unpivot) -> MonthColumn | None:
    cell = headings.cells[place]
    if isinstance(cell, dt.date):
        bare = re.sub(r"\{(?:month|year)\}|[-/年月.]", "", one.pattern)
        return MonthColumn(place, one.to, cell.month, cell.year) if not bare.strip() else None
    for text in _texts(headings, place, one.pattern.count(BETWEEN) + 1):
        if match := _compiled(one.pattern).fullmatch(text):
            parts = match.groupdict()
            return MonthColumn(place, one.to, _number(parts["month"]), int(parts.get("year") or 0))
    return None


def _texts(headings: Headings, place: int, count: int) -> list[str]:
    """A heading as it is written; of one over several lines also its last parts, as many as the pattern has."""
    cell = headings.cells[place]
    whole = [] if cell is None else [closely(_shown(cell))]
    return [*whole, *([closely(BETWEEN.join(headings.parts[place][-count:]))] if headings.parts else [])]


def _shown(cell: Cell) -> str:
    return str(int(cell)) if isinstance(cell, float) and cell.is_integer() else str(cell)


@lru_cache(maxsize=64)
def _compiled(pattern: str) -> re.Pattern[str]:
    parts = re.split(r"(\{month\}|\{year\})", pattern)
    ways = {"{month}": _MONTH, "{year}": _YEAR}
    return re.compile("".join(ways.get(part, re.escape(closely(part))) for part in parts), re.IGNORECASE)


def _number(text: str) -> int:
    if text.isdigit():
        return int(text)
    return (_CHINESE.index(text) if text in _CHINESE else _ENGLISH.index(text[:3].lower())) + 1


def years_in(text: str) -> set[int]:
    """The years that a text names: 2024年, 2024-06, 销售2024."""
    return {int(found) for found in _IN_TEXT.findall(text)}


def year_of(export: Export, name: str, sheet: str, above: Iterable[str]) -> int | None:
    """The year of months without one: as the settings say; else the only one in the sheet's name, the lines above the
    headings or the file's name, looked at in this order. None where none of them tells, or several."""
    if export.year_said is not None:
        return export.year_said
    places = {"name": [name], "sheet": [sheet]}.get(export.year, [sheet, " ".join(above), name])
    for text in places:
        years = years_in(text)
        if years:
            return years.pop() if len(years) == 1 else None
    return None


def month_at(column: MonthColumn, year: int | None) -> Month | None:
    """The month of a column; None where nothing tells its year."""
    own = column.year or year
    return None if own is None else Month(own, column.month)
