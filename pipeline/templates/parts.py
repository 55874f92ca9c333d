"""What a planned template consists of, and what it is filled with. Values only: nothing is decided or written here."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

import pandas as pd

from pipeline.base.calendar import Month
from pipeline.templates.cells import Value
from pipeline.templates.rules import InputRule
from pipeline.words import Words
from schemas.profile import Profile

CENTRED_FORMATS = ("yyyy-mm-dd", "hh:mm")


@dataclass(frozen=True)
class Manager:
    """Whose template it is."""

    id: str
    name: str


@dataclass(frozen=True)
class ListColumn:
    """One column of the sheet of lists: a drop-down's values, or the names that belong to them."""

    key: str
    heading: str
    values: tuple[str, ...]


@dataclass(frozen=True)
class CoverField:
    """A label on the cover, the value beside it, and the prompt shown when it is filled in."""

    label: str
    value: str
    prompt: str


@dataclass(frozen=True)
class CoverPlan:
    """The cover: fields, forms with whether their nil tick is set (none for master data), instructions."""

    title: str
    fields: tuple[CoverField, ...]
    forms: tuple[tuple[str, bool], ...]
    tick_prompt: str
    help_heading: str
    help_lines: tuple[str, ...]


@dataclass(frozen=True)
class ColumnPlan:
    """One column of a form's sheet.

    `lookup` names the list column of codes whose names are shown here; then `looks_at` is the position,
    among the sheet's columns, of the column with the code. `given` says that its values stand there for the person to
    leave or change; `helps` that it is no column of the form, but helps to fill in rows that stand there already: the
    tick, what stood beside it last time, or the hidden mark of each row.
    """

    heading: str
    width: int
    number_format: str
    required: bool
    comment: str
    rule: InputRule | None
    example: Value
    values: tuple[Value, ...]
    lookup: str = ""
    looks_at: int = 0
    given: bool = False
    helps: Literal["", "tick", "last", "mark"] = ""

    @property
    def style(self) -> str:
        """The named style of its cells."""
        if self.helps == "tick":
            return "tick"
        if self.lookup or self.helps:
            return "named" if self.lookup and self.given else "shown"
        return "centred" if self.number_format in CENTRED_FORMATS else "input"


@dataclass(frozen=True)
class SheetPlan:
    """One form's sheet; `rows` are filled in, `ready_rows` have their lookups prepared."""

    name: str
    title: str
    hint: str
    columns: tuple[ColumnPlan, ...]
    rows: int
    ready_rows: int
    example_mark: str


@dataclass(frozen=True)
class TemplatePlan:
    """A whole template. `dated` is the month that stands in the file's properties."""

    words: Words
    cover: CoverPlan
    sheets: tuple[SheetPlan, ...]
    lists: tuple[ListColumn, ...]
    dated: Month


@dataclass(frozen=True)
class Issued:
    """Rows of a form that stand in it when it is handed out, in its columns; `last`, row by row, holds what stood last
    time in the columns of which that is shown."""

    rows: pd.DataFrame
    last: pd.DataFrame


@dataclass(frozen=True)
class Pack:
    """What a manager's template of a month comes with: rows by form, and the forms (by key) that need not be filled in,
    as an export of the office's brings them."""

    issued: Mapping[str, Issued]
    from_exports: tuple[str, ...] = ()


@dataclass(frozen=True)
class Contents:
    """What a template is filled with besides its forms: all of it may be absent.

    `lists` holds, by master form, the records that drop-downs offer and lookups show. `rows` holds, by form,
    typed rows to fill in. `spare_rows` is how many rows below them get lookups. `pack` is what a manager's own template
    of a month comes with.
    """

    month: Month | None = None
    manager: Manager | None = None
    lists: Mapping[str, pd.DataFrame] = field(default_factory=dict)
    rows: Mapping[str, pd.DataFrame] = field(default_factory=dict)
    nil_forms: frozenset[str] = frozenset()
    example_rows: bool = True
    spare_rows: int = 200
    pack: Pack | None = None


@dataclass(frozen=True)
class Desk:
    """What every part of one template is planned with; `pools` are the master data on offer, by list key."""

    words: Words
    profile: Profile
    contents: Contents
    pools: Mapping[str, ListColumn]
