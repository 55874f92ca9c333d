"""The building blocks of a workbook, as plain values: what goes where, before anything is written.

A plan that cannot be written is refused when it is made: a number that is no number, two columns or tables of
one name, a sheet name that Excel does not take, a link or chart that leads nowhere.
"""

import datetime as dt
import math
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Literal, NamedTuple

from pipeline.base.calendar import Month
from pipeline.words import Language

Tone = Literal["plain", "green", "red", "muted"]
LONGEST_SHEET_NAME = 31
LONGEST_TEXT = 32_767
_FORBIDDEN_IN_SHEET_NAME = re.compile(r"[\[\]:*?/\\]")
_TABLE_NAME = re.compile(r"[a-z]+(_[a-z0-9]+)+")  # with an underscore it cannot look like a cell, as T1 does


class PlanError(ValueError):
    """A plan that says something a workbook cannot hold: our own mistake, never the user's."""


class DeadEnd(PlanError):
    """A link or a chart that leads to a table or sheet which is not in the workbook."""


class Shown(NamedTuple):
    """A value with a way of showing it (a name in `styles.NUMBER_FORMATS`) and a tone of its own."""

    value: float | str | None
    style: str = ""
    tone: Tone = "plain"


class Link(NamedTuple):
    """Text that leads to a row of a table (its `row_keys`), or to a sheet where no table is named."""

    text: str
    table: str = ""
    row: str = ""
    sheet: str = ""


class Spark(NamedTuple):
    """A small line drawn in the cell from a row of a table (see `Table.first_value`)."""

    table: str
    row: str


Cell = str | int | float | dt.date | Shown | Link | Spark | None


@dataclass(frozen=True)
class Column:
    """A column of a table.

    `style` is a name in `styles.NUMBER_FORMATS`. `bar` draws data bars. `flag_below` shades numbers under it
    (the table's legend says so). `wrap` breaks long text over lines. `blank` leaves missing values empty
    instead of a dash, as charts need. `units` fixes the width; 0 measures it. `entry` opens the column's cells
    for typing where the sheet is locked; `choices` are then offered, and `prompt` is shown beside the cell.
    """

    key: str
    header: str
    style: str = "text"
    bar: bool = False
    flag_below: float | None = None
    wrap: bool = False
    blank: bool = False
    units: float = 0
    entry: bool = False
    choices: tuple[str, ...] = ()
    prompt: str = ""


@dataclass(frozen=True)
class Table:
    """A real Excel table: `rows` hold a cell per column, None where nothing is known.

    `name` is stable over months. `row_keys`, where given, name the rows for links. `summary` is a row under the
    table, outside its filter. `empty` is what stands there when there are no rows. Where charts are drawn from
    rows, `first_value` is the first column of their values.
    """

    name: str
    title: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]
    row_keys: tuple[str, ...] = ()
    summary: tuple[Cell, ...] = ()
    note: str = ""
    legend: str = ""
    empty: str = ""
    first_value: int = 1

    def __post_init__(self) -> None:
        _refuse(not _TABLE_NAME.fullmatch(self.name), f"table name: {self.name!r}")
        _refuse(not self.columns, f"{self.name}: no columns")
        _refuse_twice([column.key for column in self.columns], f"{self.name}: column")
        _refuse_twice([column.header.lower() for column in self.columns], f"{self.name}: header")
        _refuse_twice(list(self.row_keys), f"{self.name}: row key")
        _refuse(bool(self.row_keys) and len(self.row_keys) != len(self.rows), f"{self.name}: row keys")
        _refuse(not self.rows and not self.empty, f"{self.name}: no rows, and no words for it")
        for row in (*self.rows, *((self.summary,) if self.summary else ())):
            _refuse(len(row) != len(self.columns), f"{self.name}: a row of {len(row)} cells")
            for cell in row:
                check_cell(cell, self.name)

    def position(self, column: str) -> int:
        """Where a column stands; raises KeyError when there is none of that key."""
        return {one.key: place for place, one in enumerate(self.columns)}[column]


Look = Literal[
    "main", "last_year", "second", "third", "band", "target", "hidden", "better", "worse", "total", "forecast",
    "bound", "issued", "spread",
    "goal",
]  # fmt: skip


@dataclass(frozen=True)
class Series:
    """One line or row of bars of a chart: a column of a table, or a row of it where the chart goes across.

    `labels` writes each value at its bar.
    """

    name: str
    table: str
    values: str
    look: Look = "main"
    kind: Literal["", "line"] = ""
    labels: bool = False


@dataclass(frozen=True)
class Chart:
    """A native chart over columns of tables; `unit` stands in its title.

    `names` are the table and column that name the points. A chart that goes `across` is drawn from rows of
    tables: their headers name the points. `beside` puts it to the right of the table before it, where there
    is room. `stacked` puts its series on each other. `least` and `most` are the ends of the axis of values, where
    they are not left to the program, `step` how far its lines are apart. `width_share` is what part of the page's
    width it takes. `label_decimals` are those of the values written at bars.
    """

    title: str
    kind: Literal["line", "column", "bar", "area"]
    names: tuple[str, str]
    series: tuple[Series, ...]
    unit: str
    alt: str
    height: int = 230
    number_format: str = "#,##0"
    beside: bool = False
    least: float | None = None
    most: float | None = None
    across: bool = False
    stacked: bool = False
    width_share: float = 0.5
    label_decimals: int = 2
    step: float | None = None

    def __post_init__(self) -> None:
        _refuse(not self.series, f"chart without series: {self.title}")
        _refuse(not self.alt, f"chart without words for those who cannot see it: {self.title}")


@dataclass(frozen=True)
class ChartRow:
    """Charts side by side over the width of the sheet."""

    charts: tuple[Chart, ...]


@dataclass(frozen=True)
class Tile:
    """One main figure: value, up to four changes or sums with their labels, two a line, completion of its target in
    percent, and of the year's; its rank, or on how many it rests."""

    label: Link | str
    value: Shown
    unit: str
    changes: tuple[tuple[str, Shown], ...]
    completion: float | None = None
    target_label: str = ""
    rank: str = ""
    year: float | None = None
    year_label: str = ""

    def __post_init__(self) -> None:
        for cell in (self.value, self.completion, *(shown for _, shown in self.changes)):
            check_cell(cell, "tile")


@dataclass(frozen=True)
class Tiles:
    """Figures side by side, large."""

    tiles: tuple[Tile, ...]


@dataclass(frozen=True)
class Headline:
    """The message of a page, in one sentence, large."""

    text: str


@dataclass(frozen=True)
class Heading:
    """A section's title; `new_page` breaks the page before it in print."""

    text: str
    new_page: bool = False


@dataclass(frozen=True)
class Note:
    """A line of small text."""

    text: str


@dataclass(frozen=True)
class Sentence:
    """One sentence for people, with a link to the rows that show it where there are such."""

    text: str
    link: Link | None = None
    tone: Tone = "plain"


@dataclass(frozen=True)
class SentenceBlock:
    """Sentences under a title."""

    title: str
    sentences: tuple[Sentence, ...]


@dataclass(frozen=True)
class EntryField:
    """A labelled cell in which a person types; `lines` is its height."""

    key: str
    label: str
    value: str | float | dt.date | None = None
    lines: int = 1
    style: str = "text"
    choices: tuple[str, ...] = ()
    hint: str = ""


@dataclass(frozen=True)
class Evidence:
    """One finding: how grave, what, the numbers that show it, cause, advice, and where to look."""

    severity: str
    text: str
    evidence: str = ""
    cause: str = ""
    advice: str = ""
    link: Link | None = None
    tone: Tone = "plain"


@dataclass(frozen=True)
class EvidenceList:
    """Findings under a title, each with evidence, cause and advice."""

    title: str
    items: tuple[Evidence, ...]
    labels: tuple[str, str, str]  # the words for evidence, cause, advice


Block = (
    Headline | Heading | Note | Tiles | Table | Chart | ChartRow | SentenceBlock | EntryField | EvidenceList
)  # fmt: skip


@dataclass(frozen=True)
class SheetPlan:
    """One sheet. `tiles` sheets have a grid made for tiles and print on one page; `holds` are the keys of sheets that
    have joined it: links to them lead here. A sheet `on_screen` prints its first page; where more stands on it than is
    printed, its subtitle says so in the words `more_on_screen`. Of one with `blocks_printed`, no more than these first
    ones are printed."""

    key: str
    name: str
    title: str
    subtitle: str
    blocks: tuple[Block, ...]
    about: str = ""
    grid: Literal["table", "tiles"] = "table"
    freeze_columns: int = 0
    locked: bool = False
    back: Link | None = None
    holds: tuple[str, ...] = ()
    on_screen: bool = False
    blocks_printed: int = 0
    more_on_screen: str = ""

    def __post_init__(self) -> None:
        name = self.name
        _refuse(not 1 <= len(name) <= LONGEST_SHEET_NAME, f"sheet name length: {name!r}")
        _refuse(bool(_FORBIDDEN_IN_SHEET_NAME.search(name)), f"sheet name: {name!r}")
        _refuse(name.startswith("'") or name.endswith("'"), f"sheet name: {name!r}")

    def tables(self) -> tuple[Table, ...]:
        """The tables of the sheet, in order."""
        return tuple(block for block in self.blocks if isinstance(block, Table))

    def charts(self) -> Iterator[Chart]:
        """The charts of the sheet, in order."""
        for block in self.blocks:
            if isinstance(block, Chart):
                yield block
            elif isinstance(block, ChartRow):
                yield from block.charts


@dataclass(frozen=True)
class WorkbookPlan:
    """A whole workbook; `footer` stands at the foot of every printed page."""

    title: str
    organisation: str
    month: Month
    language: Language
    sheets: tuple[SheetPlan, ...]
    footer: str
    opens_on: str = ""
    page_words: str = "&P / &N"
    properties: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        _refuse(not self.sheets, "no sheets")
        _refuse_twice([sheet.name.lower() for sheet in self.sheets], "sheet")
        _refuse_twice([table.name for sheet in self.sheets for table in sheet.tables()], "table")
        _refuse(bool(self.opens_on) and self.opens_on not in self._keys(), f"opens on {self.opens_on!r}")
        tables = self.tables()
        for sheet in self.sheets:
            for chart in sheet.charts():
                _check_chart(chart, tables)
            for link in links_of(sheet):
                self._check_link(link, tables)

    def _keys(self) -> set[str]:
        return set(sheet_keys(self.sheets))

    def tables(self) -> dict[str, Table]:
        """The tables of all sheets, by name."""
        return {table.name: table for sheet in self.sheets for table in sheet.tables()}

    def _check_link(self, link: Link, tables: dict[str, Table]) -> None:
        known = link.table in tables if link.table else link.sheet in self._keys()
        if not known:
            raise DeadEnd(f"link to nowhere: {link}")
        _refuse(bool(link.row) and link.row not in tables[link.table].row_keys, f"link to no row: {link}")


def sheet_keys(sheets: Iterable[SheetPlan]) -> dict[str, SheetPlan]:
    """The sheet under each key to which links may lead: its own, and those of the sheets that have joined it."""
    return {key: sheet for sheet in sheets for key in (sheet.key, *sheet.holds)}


def links_of(sheet: SheetPlan) -> Iterator[Link]:
    """Every link that stands on a sheet."""
    if sheet.back:
        yield sheet.back
    for block in sheet.blocks:
        if isinstance(block, Table):
            yield from (cell for row in block.rows for cell in row if isinstance(cell, Link))
        elif isinstance(block, Tiles):
            yield from (tile.label for tile in block.tiles if isinstance(tile.label, Link))
        elif isinstance(block, SentenceBlock):
            yield from (one.link for one in block.sentences if one.link)
        elif isinstance(block, EvidenceList):
            yield from (one.link for one in block.items if one.link)


def check_cell(cell: Cell, where: str) -> None:
    """Raises PlanError for a number that is no number, or a text longer than a cell can hold."""
    value = cell.value if isinstance(cell, Shown) else cell
    if isinstance(value, float):
        if not math.isfinite(value):
            raise PlanError(f"{where}: {value} is not a number; use None")
    elif isinstance(value, str) and len(value) > LONGEST_TEXT:
        raise PlanError(f"{where}: a text of {len(value)} characters")


def sheet_name(text: str) -> str:
    """A sheet name made from any text: what Excel forbids replaced, cut to 31 characters."""
    clean = _FORBIDDEN_IN_SHEET_NAME.sub("_", text).strip("' ")
    return clean[:LONGEST_SHEET_NAME].rstrip("' ") or "_"


def _check_chart(chart: Chart, tables: dict[str, Table]) -> None:
    where = [(series.table, series.values) for series in chart.series]
    for table, key in where if chart.across else [chart.names, *where]:
        if table not in tables:
            raise DeadEnd(f"chart {chart.title}: no {table}.{key}")
        known = key in _keys_of(tables[table], chart.across)
        _refuse(not known, f"chart {chart.title}: no {table}.{key}")


def _keys_of(table: Table, across: bool) -> set[str]:
    return set(table.row_keys) if across else {column.key for column in table.columns}


def _refuse(wrong: bool, why: str) -> None:
    if wrong:
        raise PlanError(why)


def _refuse_twice(names: list[str], what: str) -> None:
    if len(set(names)) < len(names):
        twice = sorted({name for name in names if names.count(name) > 1})
        raise PlanError(f"{what} twice: {', '.join(twice)}")
