"""Draws one placed block after the other on a worksheet. Knows the writer's methods, not its library."""

import datetime as dt
import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from pipeline.words import Language
from pipeline.workbooks.blocks import (
    Cell,
    ChartRow,
    Column,
    EntryField,
    EvidenceList,
    Heading,
    Headline,
    Link,
    Note,
    SentenceBlock,
    Shown,
    Spark,
    Table,
    Tile,
    Tiles,
    Tone,
)
from pipeline.workbooks.blocks import Chart as ChartBlock
from pipeline.workbooks.charts import make_chart
from pipeline.workbooks.layout import (
    CHART_GAP,
    LABEL_PIXELS,
    MOST_CHART,
    TILE_COLUMNS,
    TILE_ROW_PIXELS,
    TILES_ACROSS,
    Placed,
    SheetLayout,
    evidence_text,
    header_row,
)
from pipeline.workbooks.places import TablePlace, a1, link_target, range_text
from pipeline.workbooks.styles import (
    COLOURS,
    FONTS,
    LOOKS,
    TABLE_STYLE,
    TEXT_STYLES,
    TONES,
    Kind,
    number_format,
    stored,
)
from pipeline.workbooks.widths import lines

DASH = "—"
LONGEST_TITLE, LONGEST_PROMPT = 32, 255  # Excel's limits for the texts of an input rule
EARLIEST_DAY = dt.date(2000, 1, 1)
_NOT_IN_XML = re.compile("[\ud800-\udfff\ufffe\uffff]")


def clean(text: str) -> str:
    """Text without the few signs that no XML file can hold."""
    return text if text.isascii() else _NOT_IN_XML.sub("\ufffd", text)


class Formats:
    """The formats of one workbook, each made once."""

    def __init__(self, workbook: Any, language: Language) -> None:
        self._workbook = workbook
        self._language = language
        self._made: dict[tuple[object, ...], Any] = {}

    def __call__(self, kind: Kind, style: str = "", tone: Tone = "plain", **more: object) -> Any:
        key = (kind, style, tone, *more.items())
        if key not in self._made:
            self._made[key] = self._workbook.add_format(self._properties(kind, style, tone, more))
        return self._made[key]

    def _properties(self, kind: Kind, style: str, tone: Tone, more: Mapping[str, object]) -> dict[str, object]:
        properties = {**FONTS[self._language], **LOOKS[kind], **TONES[tone], **more}
        if style:
            properties["num_format"] = number_format(style, self._language)
            if kind in ("cell", "summary", "entry") and style not in TEXT_STYLES:
                properties["align"] = "right"
            elif kind in ("cell", "summary", "entry"):
                properties |= {"align": "left", "indent": 1}
        return properties


ONE_LINE = 0.9  # a text this much of its room wide, by our measure, is on one line in every likeness of the font
CHART_INSET = 3  # a chart that begins on the very edge of a page leaves its border on the page before


@dataclass(frozen=True)
class Pen:
    """What drawing on one sheet needs: the sheet, its layout, formats, and where everything else stands."""

    workbook: Any
    sheet: Any
    layout: SheetLayout
    formats: Formats
    tables: Mapping[str, TablePlace]
    sheet_names: Mapping[str, str]
    language: Language

    @cached_property
    def last_column(self) -> int:
        """The last column of the sheet's grid, counted from 0."""
        return len(self.layout.columns) - 1

    def draw(self, placed: Placed) -> None:
        """Draws a block where it was placed."""
        block = placed.block
        match block:
            case Headline():
                self._across(placed.row, 0, self.last_column, block.text, self.formats("headline"))
            case Heading():
                self._across(placed.row, 0, self.last_column, block.text, self.formats("heading"))
            case Note():
                self._said(placed.row, self.layout.columns_of_at_least(MOST_CHART), block.text, "note")
            case Tiles():
                for number, tile in enumerate(block.tiles):
                    self._tile(tile, placed.row, number)
            case Table():
                self._table(block, placed)
            case ChartBlock():
                self._chart(block, placed.row, placed.left, placed.width or self.layout.width)
            case ChartRow():
                self._chart_row(block, placed)
            case SentenceBlock():
                self._sentences(block, placed.row)
            case EvidenceList():
                self._evidence(block, placed.row)
            case EntryField():
                self._entry_field(block, placed.row)

    # ---- text

    def title(self, title: str, subtitle: str, back: Link | None) -> None:
        """The sheet's title and, under it, whose month this is; at the right a link back."""
        self.sheet.write_string(0, 0, clean(title), self.formats("title"))
        self.sheet.write_string(1, 0, clean(subtitle), self.formats("subtitle"))
        if back:
            self._link(0, self.layout.link_column(), back, self.formats("link", border=0))

    def _across(self, row: int, first: int, last: int, text: str, look: Any) -> None:
        """One text over several cells."""
        if last > first:
            self.sheet.merge_range(row, first, row, last, "", look)
        self.sheet.write_string(row, first, clean(text), look)

    def _said(self, row: int, last: int, text: str, kind: Kind, **looks: Any) -> None:
        """A text from the left edge to a column: where one line holds it, it runs over the empty cells beside it;
        only what must be wrapped has its cells merged, as each of them is written."""
        width = sum(self.layout.columns[: last + 1])
        size = float(str(LOOKS[kind]["font_size"]))
        if lines(text, round(ONE_LINE * width), size) == 1:
            self.sheet.write_string(row, 0, clean(text), self.formats(kind, **looks, text_wrap=False))
        else:
            self._across(row, 0, last, text, self.formats(kind, **looks))

    def _link(self, row: int, column: int, link: Link, look: Any) -> None:
        target = link_target(link, self.tables, self.sheet_names)
        self.sheet.write_url(row, column, target, look, string=clean(link.text))

    def _sentences(self, block: SentenceBlock, row: int) -> None:
        self._across(row, 0, self.last_column, block.title, self.formats("heading", font_size=11))
        last = self.layout.link_column()
        for step, one in enumerate(block.sentences, start=1):
            self._said(row + step, last - 1, f"· {one.text}", "sentence", tone=one.tone)
            if one.link:
                self._link(row + step, last, one.link, self.formats("link", border=0))

    def _evidence(self, block: EvidenceList, row: int) -> None:
        self._across(row, 0, self.last_column, block.title, self.formats("heading", font_size=11))
        last = self.layout.link_column()
        for item in block.items:
            row += 1
            said = f"{item.severity}  {item.text}"
            self._said(row, last - 1, said, "sentence", tone=item.tone, bold=True)
            if item.link:
                self._link(row, last, item.link, self.formats("link", border=0))
            more = evidence_text(block, item)
            if more:
                row += 1
                self._said(row, last - 1, more, "note")

    # ---- tiles

    def _tile(self, tile: Tile, top: int, number: int) -> None:
        row = top + number // TILES_ACROSS * len(TILE_ROW_PIXELS)
        left = number % TILES_ACROSS * len(TILE_COLUMNS)
        right = left + len(TILE_COLUMNS) - 2
        label = self.formats("tile_label")
        text = tile.label.text if isinstance(tile.label, Link) else tile.label
        self._across(row, left, right, text, label)
        if isinstance(tile.label, Link):
            self._link(row, left, tile.label, label)
        value = self.formats("tile_value", tile.value.style, tile.value.tone)
        self.sheet.merge_range(row + 1, left, row + 1, right - 1, "", value)
        self._value(row + 1, left, tile.value.value, value, tile.value.style)
        self.sheet.write_string(row + 1, right, tile.rank, self.formats("tile_small", valign="vcenter"))
        for line in range(2, 5):
            for step in range(4):
                self.sheet.write_blank(row + line, left + step, None, self.formats("tile_small"))
        for step, (name, change) in enumerate(tile.changes[:4]):
            line, place = row + 2 + step // 2, left + 2 * (step % 2)
            self.sheet.write_string(line, place, name, self.formats("tile_small"))
            look = self.formats("tile_change", change.style, change.tone)
            self._value(line, place + 1, change.value, look, change.style)
        bars = ((tile.target_label, tile.completion), (tile.year_label, tile.year))
        for step, (name, share) in enumerate(bars):
            if share is not None:
                self._target_bar(name, share, row + 4, left + 2 * step)

    def _target_bar(self, name: str, share: float, row: int, left: int) -> None:
        look = self.formats("tile_bar", "percent1")
        self.sheet.write_string(row, left, name, self.formats("tile_small"))
        self.sheet.write_number(row, left + 1, stored(share, "percent1"), look)
        self.sheet.conditional_format(row, left + 1, row, left + 1, _data_bar(1))

    # ---- tables

    def _table(self, table: Table, placed: Placed) -> None:
        if table.title:
            self.sheet.write_string(placed.row, 0, clean(table.title), self.formats("caption"))
        top = header_row(placed)
        if not table.rows:
            self.sheet.write_string(top, 0, clean(table.empty), self.formats("note", text_wrap=False))
            return
        last = top + len(table.rows)
        self._real_table(table, top, last)
        looks = [self._column_looks(column) for column in table.columns]
        for step, cells in enumerate(table.rows, start=1):
            for place, cell in enumerate(cells):
                self._cell(top + step, place, cell, looks[place])
        self._sparks(table, top + 1)
        self._conditions(table, top + 1, last)
        row = last + 1
        if table.summary:
            for place, cell in enumerate(table.summary):
                self._cell(row, place, cell, self._column_looks(table.columns[place], "summary"))
            row += 1
        for text in (table.legend, table.note):
            if text:
                self._said(row, self.layout.columns_of_at_least(MOST_CHART), text, "note")
                row += 1

    def _real_table(self, table: Table, top: int, last: int) -> None:
        header = self.formats("header")
        self.sheet.add_table(
            top,
            0,
            last,
            len(table.columns) - 1,
            {
                "name": table.name,
                "style": TABLE_STYLE,
                "columns": [{"header": one.header, "header_format": header} for one in table.columns],
            },
        )

    def _column_looks(self, column: Column, kind: Kind = "cell") -> "_Looks":
        return _Looks(self.formats, "entry" if column.entry else kind, column)

    def _cell(self, row: int, place: int, cell: Cell, looks: "_Looks") -> None:
        if isinstance(cell, Shown):
            self._value(row, place, cell.value, looks.of(cell), cell.style or looks.column.style, looks.blank)
        elif isinstance(cell, Link):
            self._link(row, place, cell, looks.link)
        elif isinstance(cell, Spark):
            self.sheet.write_blank(row, place, None, looks.plain)
        else:
            blank = looks.column.blank or looks.column.entry
            self._value(row, place, cell, looks.plain, looks.column.style, blank)

    def _value(self, row: int, column: int, value: Cell, look: Any, style: str, blank: bool = False) -> None:
        """Writes a value by its type. What is text stays text, whatever it looks like."""
        if isinstance(value, float):
            self.sheet.write_number(row, column, stored(value, style), look)
        elif value is None:
            if blank:
                self.sheet.write_blank(row, column, None, look)
            else:
                self.sheet.write_string(row, column, DASH, look)
        elif isinstance(value, str):
            self.sheet.write_string(row, column, clean(value), look)
        elif isinstance(value, dt.date):
            self.sheet.write_datetime(row, column, value, look)
        else:
            self.sheet.write_number(row, column, stored(value, style), look)  # type: ignore[arg-type]

    def _sparks(self, table: Table, first: int) -> None:
        """The small lines of each column, as one group: every line has its own scale, as in groups of one."""
        for place, column in enumerate(table.columns):
            if column.style == "spark":
                cells = [(first + step, row[place]) for step, row in enumerate(table.rows)]
                self._spark_group(place, [(row, cell) for row, cell in cells if isinstance(cell, Spark)])

    def _spark_group(self, place: int, sparks: list[tuple[int, Spark]]) -> None:
        if not sparks:
            return
        self.sheet.add_sparkline(
            sparks[0][0],
            place,
            {
                "location": [a1(row, place) for row, _ in sparks],
                "range": [range_text(self.tables[one.table].row_values(one.row)) for _, one in sparks],
                "series_color": COLOURS["blue"],
                "last_point": True,
                "last_color": COLOURS["red"],
                "weight": 1.25,
            },
        )

    def _conditions(self, table: Table, first: int, last: int) -> None:
        flag = self.formats("cell", bg_color=COLOURS["flag"], bold=True, border=0)
        for place, column in enumerate(table.columns):
            if column.bar:
                self.sheet.conditional_format(first, place, last, place, _data_bar(None))
            if column.flag_below is not None:
                least = stored(column.flag_below, column.style)
                rule = {"type": "cell", "criteria": "<", "value": least, "format": flag}
                self.sheet.conditional_format(first, place, last, place, rule)
            if column.choices or column.prompt:
                self.sheet.data_validation(first, place, last, place, _input_rule(column))

    # ---- charts and entry

    def _chart(self, chart: ChartBlock, row: int, left: int, width: int) -> None:
        made = make_chart(self.workbook, chart, self.tables, self.language)
        size = min(width, MOST_CHART)
        made.set_size({"width": size, "height": chart.height - CHART_INSET})
        options = {"x_offset": left, "y_offset": CHART_INSET, "object_position": 2, "description": chart.alt}
        self.sheet.insert_chart(row, 0, made, options)

    def _chart_row(self, block: ChartRow, placed: Placed) -> None:
        count = len(block.charts)
        width = math.floor((self.layout.width - CHART_GAP * (count - 1)) / count)
        for number, chart in enumerate(block.charts):
            self._chart(chart, placed.row, number * (width + CHART_GAP), width)

    def _entry_field(self, block: EntryField, row: int) -> None:
        first = self.layout.columns_of_at_least(LABEL_PIXELS)
        self._across(row, 0, first - 1, block.label, self.formats("label"))
        look = self.formats("entry", block.style)
        last = self.layout.link_column()
        if last > first:
            self.sheet.merge_range(row, first, row, last, "", look)
        self._value(row, first, block.value, look, block.style, blank=True)
        if block.choices:
            self.sheet.data_validation(row, first, row, first, {"validate": "list", "source": list(block.choices)})


class _Looks:
    """The formats of one table column, by tone and style."""

    def __init__(self, formats: Formats, kind: Kind, column: Column) -> None:
        self._formats = formats
        self._kind = kind
        self._more: dict[str, Any] = {"text_wrap": True} if column.wrap else {}
        self.column = column
        self.blank = column.blank
        self.plain = formats(kind, column.style, **self._more)
        self.link = formats("link", **self._more)
        self._made: dict[tuple[str, Tone], Any] = {}

    def of(self, cell: Shown) -> Any:
        key = (cell.style, cell.tone)
        if key not in self._made:
            style = cell.style or self.column.style
            self._made[key] = self._formats(self._kind, style, cell.tone, **self._more)
        return self._made[key]


def _input_rule(column: Column) -> dict[str, object]:
    """What Excel takes in a cell that is open for typing, and what it says beside it."""
    title, prompt = column.header.replace("\n", "")[:LONGEST_TITLE], column.prompt[:LONGEST_PROMPT]
    told = {"input_title": title, "input_message": prompt, "error_title": title, "error_message": prompt}
    if column.choices:
        return {"validate": "list", "source": list(column.choices), **(told if prompt else {})}
    if column.style == "day":
        return {"validate": "date", "criteria": ">=", "value": EARLIEST_DAY, **told}
    if column.style in ("number0", "number2"):
        return {"validate": "decimal", "criteria": ">=", "value": 0, **told}
    return {"validate": "any", **told}


def _data_bar(most: float | None) -> dict[str, object]:
    bar: dict[str, object] = {
        "type": "data_bar",
        "bar_color": COLOURS["bar"],
        "bar_solid": True,
        "data_bar_2010": True,
        "min_type": "num",
        "min_value": 0,
    }
    return bar | ({"max_type": "num", "max_value": most} if most is not None else {})
