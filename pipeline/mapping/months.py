"""Months that stand side by side, and years and months in columns of their own."""

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from pipeline.intake.header_lines import Headings
from pipeline.intake.headings import closely
from pipeline.mapping.headers import Header, Vocabulary
from pipeline.mapping.samples import is_number, share
from pipeline.mapping.vocabulary import fitting, heading_key
from schemas.columns import NUMBERS
from schemas.form import Form

FEWEST = 2  # months side by side
_MONTH = re.compile(r"(?:(20\d{2})\s*[年\-./])?\s*(1[0-2]|0?[1-9])(月份?|(?=$|/))")
_YEARS, _MONTHS = frozenset(("年", "年份", "年度", "year")), frozenset(("月", "月份", "月度", "month"))
_DAYS = frozenset(("日", "号", "天", "dayofmonth"))


@dataclass(frozen=True)
class MonthsAside:
    """Headings that are months: for each pattern the column of the form that their cells fill, and whether the heading
    says so."""

    patterns: tuple[tuple[str, str], ...]
    sure: bool
    has_year: bool


def months_aside(header: Header, form: Form, known: Vocabulary) -> MonthsAside | None:
    """The months of a table that stand side by side; None where there are not several."""
    by_pattern: dict[str, list[int]] = defaultdict(list)
    for place, text in enumerate(header.texts):
        pattern = _pattern(text)
        if pattern and share(header.cells(place), is_number) > 0.6:
            by_pattern[pattern].append(place)
    several = [pattern for pattern, places in by_pattern.items() if len(places) >= FEWEST]
    if not several or form.month_column is None:
        return None
    numbers = [one.name for one in form.columns if one.kind in NUMBERS and one.required]
    pairs: list[tuple[str, str]] = []
    sure = True
    for pattern in several:
        named = _named(pattern, known, numbers)
        free = [one for one in numbers if one not in {to for _, to in pairs}]
        sure = sure and bool(named)
        if to := named or (free[0] if free else ""):
            pairs.append((pattern, to))
    return MonthsAside(tuple(pairs), sure, all("{year}" in pattern for pattern, _ in pairs)) if pairs else None


def _pattern(text: str) -> str:
    close = closely(text)
    found = _MONTH.search(close)
    if found is None or (not found[1] and not found[3]):
        return ""
    year = close[found.start(1) : found.start(2)].replace(found[1], "{year}") if found[1] else ""
    return f"{close[: found.start()]}{year}{{month}}{found[3]}{close[found.end() :]}"


def _named(pattern: str, known: Vocabulary, numbers: Sequence[str]) -> str:
    """The column of numbers that the rest of a heading names: 金额 of {month}月/金额."""
    rest = re.sub(r"\{year\}年?|\{month\}(?:月份?)?|[/\-.]", "", pattern)
    fits: Mapping[str, float] = fitting(rest, known) if rest else {}
    named = [name for name in sorted(fits, key=lambda one: -fits[one]) if name in numbers]
    return named[0] if named else ""


def day_in_columns(headings: Headings) -> tuple[str, ...]:
    """The headings of year and month (and day) where each has a column of its own; none otherwise."""
    texts = [text for text in headings.written if text]
    found = [
        next((text for text in texts if heading_key(text) in words), "") for words in (_YEARS, _MONTHS, _DAYS)
    ]
    return tuple(text for text in found if text) if found[0] and found[1] else ()
