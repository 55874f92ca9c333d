"""An office's own export, as the settings map it onto a form."""

import datetime as dt
from collections.abc import Mapping
from typing import Annotated, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

SHEET, FILE, TABLE = "{sheet}", "{file}", "{table}"  # stand for names, and a title, where a heading is named
REGION = "region_id"
Text = str | tuple[str, ...]


class Frozen(BaseModel):
    """A part of the settings: it does not change, and knows all its keys."""

    model_config = ConfigDict(frozen=True, extra="forbid")


def _as_text(value: object) -> object:
    """A bare number, day or truth of TOML as people write it, since cells are compared as they are shown."""
    if isinstance(value, bool):
        return str(value).upper()
    return str(value) if isinstance(value, int | float | dt.date) else value


Written = Annotated[str, BeforeValidator(_as_text)]


class Condition(Frozen):
    """Which cells of a column are wanted: none of `not`, nothing below `from` or above `to` (numbers or days)."""

    none_of: tuple[Written, ...] = Field(default=(), alias="not")
    least: Written = Field(default="", alias="from")
    most: Written = Field(default="", alias="to")


class Unpivot(Frozen):
    """Months that stand side by side as columns: those whose heading is like `pattern` ("{month}月", "{year}-{month}",
    "{month}月/金额") become rows, their cells those of the form's column `to`."""

    pattern: str
    to: str


class Export(Frozen):
    """An office's own export, mapped onto a form.

    `files` is a pattern for file names in the inbox, `sheet` one (or several) for names of sheets; `table` one for the
    title above a table, where a sheet holds several. `header_rows` says over how many lines the headings go (0: found);
    those of a column are joined with `/`. `skip_rows` says how many lines below them are no data; lines of units,
    numbers or explanations right below are found without.

    `columns` gives, for a form's column (and `manager_id` for monthly forms), the header in the export, or several
    headers whose values are joined with `-`. A header is the one written exactly so, else the only one that differs in
    blanks, case or in lacking brackets; where several columns have the same header, `数量#2` is the second of them,
    from the left. `{sheet}`, `{file}` and `{table}` stand for the name of the sheet, of the file, and the title above
    the table. `part` takes only the "code", or only the "name", of cells that hold both.
    `fixed` gives values that the export does not hold; `values` translates what stands in the export, a table a
    column; `times` multiplies numbers (10000 where the export has 万元). `unit_columns` names the header under which a
    column's unit stands row by row, and `units` what one of each is in the form's own. `multiply` makes a column of
    factors: headers, columns of the form, or a column of master data by their code (`products.price`).
    `fill_down` names columns whose value stands only in the first row of a group. `unpivot` takes months as columns.
    `where` keeps only rows whose cells have a value, one of several, or keep a `Condition`.

    `valid_from` (YYYY-MM, or "name": the month in the file's name) dates master data. `dates` is the order in which its
    days are written, where 6/5/2024 could be two: "mdy" or "dmy". `year` is that of months without one (a number, or
    "name" or "sheet": as that name tells). `total_day` says that each row is a month's total, and on which of its days
    it is dated.
    `manager_from` finds the manager where rows name none: of the customer, by the master data of the month, or of the
    region (mapped as `region_id`), where it has only one.
    `one_a_key` keeps the first row of each key (to draw master data from transactions); `repeats` says
    that several rows may share customer, product and day, as order lines do. `delimiter` (one sign) and
    `encoding` say how a text file is written, where that cannot be told from it.

    `replaces` says what a file takes the place of in each manager's month: the whole `month`; the `days` that occur in
    it; `rows` (it adds, and a row of the same key takes the place of the earlier one); or the `span` of days in its
    name, or in `span` as first and last day. Left out: `month` where `manager_id` is fixed and `valid_from` names the
    month, else `days`, or `rows` where the form has no day.

    `covers` = "all managers" says that the export is complete: a manager in office without a line in it had none in the
    month (known with zero, as a nil return). Without it, what such a manager did is not known.
    """

    files: str
    form: str
    sheet: Text = ""
    table: str = ""
    header_rows: int = Field(default=0, ge=0, le=4)
    skip_rows: int = Field(default=0, ge=0, le=20)
    columns: Mapping[str, Text]
    part: Mapping[str, Literal["code", "name"]] = {}
    fixed: Mapping[str, Written] = {}
    where: Mapping[str, Written | tuple[Written, ...] | Condition] = {}
    values: Mapping[str, Mapping[str, str]] = {}
    times: Mapping[str, float] = {}
    unit_columns: Mapping[str, str] = {}
    units: Mapping[str, float] = {}
    multiply: Mapping[str, tuple[str, ...]] = {}
    fill_down: tuple[str, ...] = ()
    unpivot: Unpivot | tuple[Unpivot, ...] = ()
    valid_from: str = ""
    dates: Literal["", "ymd", "mdy", "dmy"] = ""
    year: Written = ""
    total_day: Literal["", "first", "last"] = ""
    manager_from: Literal["", "customers", "region"] = ""
    one_a_key: bool = False
    repeats: bool = False
    replaces: Literal["month", "days", "rows", "span"] | None = None
    span: Literal["", "name"] | tuple[str, str] = ""
    covers: Literal["", "all managers"] = ""
    delimiter: Literal["", ",", ";", "|", "\t"] = ""
    encoding: Literal["", "utf-8", "gb18030", "gbk", "gb2312", "big5", "utf-16-le", "utf-16-be"] = ""

    @property
    def months_aside(self) -> tuple[Unpivot, ...]:
        """The columns that stand side by side, one a month."""
        return (self.unpivot,) if isinstance(self.unpivot, Unpivot) else self.unpivot

    @property
    def year_said(self) -> int | None:
        """The year of months without one, where the settings say it."""
        return int(self.year) if self.year.isdigit() else None

    @property
    def given(self) -> frozenset[str]:
        """The columns of the form that it gives by their names."""
        aside = {one.to for one in self.months_aside}
        return frozenset({*self.columns, *self.fixed, *self.multiply, *aside})

    def headers_of(self, name: str) -> tuple[str, ...]:
        """The headers of a column, one or several."""
        return several(self.columns.get(name, ()))


def several(texts: Text) -> tuple[str, ...]:
    """One text or several, as several."""
    return (texts,) if isinstance(texts, str) else texts
