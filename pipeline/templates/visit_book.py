"""A week's schedule of visits, which is the sign-in book at once: what goes where, decided from the form alone.

One sheet, a printed A4 page a day: the day, and of each customer in the order to go a line of what to know and do, and
below it a row of the form, its day, customer and kind filled in. The last columns are for signatures, and a hidden one
has the mark by which a row is known in which nothing was typed (see `pipeline.contract.prefilled`). Pure.
"""

import datetime as dt
import math
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

import pandas as pd

from pipeline.base.week import Week
from pipeline.contract import form_layout as layout
from pipeline.contract.prefilled import mark_of
from pipeline.contract.schedule import Planned
from pipeline.templates.cells import EXCEL_EPOCH, Value, cells_of, display_width, number_format
from pipeline.templates.parts import Manager
from pipeline.templates.rules import InputRule, input_rule
from pipeline.templates.text_lines import lines_of_text
from pipeline.words import Words
from schemas.columns import Column
from schemas.form import CUSTOMER, Form
from schemas.profile import Profile

SPARE_ROWS = 3  # at the foot of each page, for visits that were not planned
NUMBER_WIDTH, CODE_WIDTH, SIGNATURE_WIDTH = 4.0, 12.5, 9.0
MARK_WIDTH = 14.0  # hidden
NAME_WIDTH, WIDE_NAME_WIDTH = 13.0, 18.0  # in English names are longer
WIDTHS: Mapping[str, float] = {
    "flag": 5,
    "clock": 6.5,
    "day": 10,
    "choice": 6,
    "whole": 6.5,
    "money": 8,
    "number": 8,
}
DAY_WIDTH = 12  # of the page's days, also in the wider digits that stand in where the office's font is missing
NARROWEST_TEXT, WIDEST_TEXT = 8.0, 12.0  # of the columns for texts, of whose width in a form some is taken
HEAD_ROWS = 3  # title, whose and which week's, headings; on each page
TITLE_HEIGHT, LABELS_HEIGHT = 24.0, 16.0  # points
DAY_HEIGHT, LINE_HEIGHT, SMALL_LINE_HEIGHT = 20.0, 13.0, 10.5
SMALLER = 1.2  # how much more of the small print a line holds than of the other
LOWEST_ENTRY, HIGHEST_ENTRY = 18.0, 34.0  # a row to sign in; it is higher where there is room
LONG_MM, SHORT_MM = 297, 210  # the sides of A4
MARGIN_SIDE_MM, MARGIN_TOP_MM = 8, 9
SAFETY = 0.96  # of the page: printers differ a little
DIGIT_PIXELS = 8.6  # of the widest font that stands in for the workbook's own; with its own a digit is 7 wide
MM_AN_INCH, POINTS_AN_INCH, PIXELS_AN_INCH = 25.4, 72, 96
SMALLEST_SCALE = 10  # percent, Excel's least

WORD_DIGITS = 1.05  # of a bold word, by its letters
_WORD = re.compile(r"[A-Za-z]+")

Role = Literal["number", "code", "name", "day", "given", "entry", "mark"]


@dataclass(frozen=True)
class BookColumn:
    """A column of the book: what stands in it on every customer's row (`given`), or what is typed there; `name` is that
    of the form's column, where it is one."""

    heading: str
    width: float
    role: Role
    number_format: str = "@"
    given: Value = None
    rule: InputRule | None = None
    required: bool = False
    name: str = ""


@dataclass(frozen=True)
class BookVisit:
    """A customer on a page, and what is told of it."""

    customer_id: str
    customer_name: str
    told: str


@dataclass(frozen=True)
class BookPage:
    """A day: what stands at its head, what the manager has to do by then, and whom to visit, in order."""

    day: dt.date
    heading: str
    notes: tuple[str, ...]
    visits: tuple[BookVisit, ...]


@dataclass(frozen=True)
class BookPlan:
    """A manager's book of a week. `labels` say whose and which week's it is; each day is one printed page."""

    words: Words
    week: Week
    sheet: str
    title: str
    hint: str
    labels: tuple[tuple[str, str], ...]
    columns: tuple[BookColumn, ...]
    pages: tuple[BookPage, ...]
    form: Form

    @cached_property
    def printed_columns(self) -> tuple[BookColumn, ...]:
        """The columns that anybody sees; what is hidden stands behind them."""
        return tuple(one for one in self.columns if one.role != "mark")

    def cells_given(self, page: BookPage, visit: BookVisit, number: int) -> list[Value]:
        """What stands in a customer's row from the start, by column."""
        told: dict[Role, Value] = {
            "number": number,
            "code": visit.customer_id,
            "name": visit.customer_name,
            "day": serial_day(page.day),
        }
        cells = [told.get(one.role, one.given) for one in self.columns]
        stored = {one.name: cell for one, cell in zip(self.columns, cells, strict=True) if one.name}
        mark = mark_of(self.form, stored)
        return [mark if one.role == "mark" else cell for one, cell in zip(self.columns, cells, strict=True)]

    @cached_property
    def line_digits(self) -> float:
        """How many digits of small print a line across the page holds."""
        return sum(one.width for one in self.printed_columns) * 1.1

    def lines_of(self, text: str) -> int:
        """How many lines a text across the page takes."""
        if 2 * len(text) <= self.line_digits:
            return 1
        return max(1, math.ceil(display_width(text) / self.line_digits))

    def told_height(self, text: str) -> float:
        """The height in points of the line that tells of a customer."""
        return LINE_HEIGHT * self.lines_of(text)

    def _apart_from_entries(self, page: BookPage) -> float:
        """The height in points of a day's head, notes and what it tells of customers."""
        head = TITLE_HEIGHT + LABELS_HEIGHT + self.headings_height + DAY_HEIGHT
        return head + sum(self.told_height(one) for one in (*page.notes, *(visit.told for visit in page.visits)))

    @cached_property
    def headings_height(self) -> float:
        """The height of the row of headings, in which each can be read whole."""
        return LINE_HEIGHT * max(2, *(lines_of_text(one.heading, one.width) for one in self.printed_columns))

    def print_of(self, column: BookColumn, text: str) -> Literal["entry", "small", "shrunk"]:
        """How a text is printed in a row of the form: as others, in small print, or as small as it has to be."""
        height = self.printed.entry_height
        if lines_of_text(text, column.width) * LINE_HEIGHT <= height:
            return "entry"
        small = lines_of_text(text, column.width * SMALLER) * SMALL_LINE_HEIGHT <= height
        return "small" if small else "shrunk"

    @cached_property
    def _apart(self) -> tuple[float, ...]:
        return tuple(self._apart_from_entries(page) for page in self.pages)

    @cached_property
    def printed(self) -> "Printed":
        """How it is printed: across, unless a long day can be printed larger upright."""
        ways = [self._printed(is_across=True), self._printed(is_across=False)]
        return max(ways, key=lambda one: one.scale)

    def _printed(self, *, is_across: bool) -> "Printed":
        """The scale at which the widest row and the longest day fit one page, and rows of the form as high as the
        longest day leaves room for."""
        width, height = (LONG_MM, SHORT_MM) if is_across else (SHORT_MM, LONG_MM)
        pixels = sum(one.width * DIGIT_PIXELS + 5 for one in self.printed_columns)
        inches = SAFETY * (width - 2 * MARGIN_SIDE_MM) / MM_AN_INCH
        by_width = min(1.0, inches * PIXELS_AN_INCH / pixels)
        points = SAFETY * (height - 2 * MARGIN_TOP_MM) / MM_AN_INCH * POINTS_AN_INCH
        days = [
            (apart, len(page.visits) + SPARE_ROWS) for page, apart in zip(self.pages, self._apart, strict=True)
        ]
        room = min((points / by_width - apart) / rows for apart, rows in days)
        entry = min(max(LOWEST_ENTRY, math.floor(room)), HIGHEST_ENTRY)
        by_height = points / max(apart + rows * entry for apart, rows in days)
        scale = max(SMALLEST_SCALE, math.floor(100 * min(by_width, by_height)))
        return Printed(is_across, scale, entry)


@dataclass(frozen=True)
class Printed:
    """How a book is printed: across or upright, at which percentage, and how high its rows to sign in are (points)."""

    is_across: bool
    scale: int
    entry_height: float


def plan_visit_book(
    planned: Planned, profile: Profile, words: Words, week: Week, manager: Manager, pages: Sequence[BookPage]
) -> BookPlan:
    """A manager's book of a week; there is at least one page."""
    form = profile.forms[planned.form]
    labels = (
        (layout.MANAGER_ID.of(words.language), manager.id),
        (layout.MANAGER_NAME.of(words.language), manager.name),
        (layout.WEEK.of(words.language), str(week)),
    )
    return BookPlan(
        words,
        week,
        layout.sheet_name(form, words.language),
        words("schedule.book.title"),
        words("schedule.book.hint"),
        labels,
        tuple(_columns(form, planned, profile, words)),
        tuple(pages),
        form,
    )


def serial_day(day: dt.date) -> int:
    """A day as a number of Excel's."""
    return (pd.Timestamp(day) - EXCEL_EPOCH).days


def _columns(form: Form, planned: Planned, profile: Profile, words: Words) -> Iterator[BookColumn]:
    language = words.language
    yield BookColumn(layout.NUMBER_HEADING.of(language), NUMBER_WIDTH, "number", "0")
    last = [one for one in form.columns if one.name == planned.signed]
    for column in [*(one for one in form.columns if one.name != planned.signed), *last]:
        if column.name == planned.signed:
            yield BookColumn(layout.MANAGER_SIGNED.of(language), SIGNATURE_WIDTH, "entry")
        yield _column(form, column, planned, profile, words)
        if column.name == CUSTOMER and (name := layout.lookup_heading(column, language)):
            yield BookColumn(name, NAME_WIDTH if language == "zh" else WIDE_NAME_WIDTH, "name")
    yield BookColumn(layout.MARK_HEADING.of(language), MARK_WIDTH, "mark")


def _column(form: Form, column: Column, planned: Planned, profile: Profile, words: Words) -> BookColumn:
    choices = layout.choices_of(column, profile)
    given: Value = None
    if column.name in planned.given:
        given = cells_of(column, pd.Series([planned.given[column.name]], dtype="str"), choices, words.language)[0]
    heading = layout.heading(column, words.language).replace("(", "\n(").replace(" \n", "\n")
    longest = max((len(word) for word in _WORD.findall(heading)), default=0)
    return BookColumn(
        heading,
        max(_width(form, column, planned), longest * WORD_DIGITS, display_width(str(given or "")) + 1),
        _role(form, column, planned),
        number_format(column),
        given,
        None
        if column.name == CUSTOMER
        else input_rule(form, column, words, month=None, choices=choices, pools=()),
        column.required,
        column.name,
    )


def _role(form: Form, column: Column, planned: Planned) -> Role:
    if column.name == CUSTOMER:
        return "code"
    if column.name == form.month_column:
        return "day"
    return "given" if column.name in planned.given else "entry"


def _width(form: Form, column: Column, planned: Planned) -> float:
    if column.name == CUSTOMER:
        return CODE_WIDTH
    if column.name == form.month_column:
        return DAY_WIDTH
    if column.name == planned.signed:
        return SIGNATURE_WIDTH
    return WIDTHS.get(column.kind, min(max(column.width * 0.42, NARROWEST_TEXT), WIDEST_TEXT))
