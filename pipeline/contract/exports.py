"""An office's own export, as the settings map it onto a form."""

from collections.abc import Mapping
from typing import Literal

from pydantic import BaseModel, ConfigDict


class Frozen(BaseModel):
    """A part of the settings: it does not change, and knows all its keys."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Export(Frozen):
    """An office's own export, mapped onto a form.

    `files` is a pattern for file names in the inbox. `columns` gives, for a form's column (and `manager_id`
    for monthly forms), the header in the export, or several headers whose values are joined with `-`. A header is the
    one written exactly so, else the only one that differs in blanks, case or in lacking brackets; where several columns
    have the same header, `数量#2` is the second of them, from the left.
    `fixed` gives values that the export does not hold; `where` keeps only rows whose cells have these values;
    `values` translates what stands in the export, a table a column; `times` multiplies numbers (10000 where
    the export has 万元). `valid_from` (YYYY-MM, or "name": the month in the file's name) dates master data.
    `dates` is the order in which its days are written, where 6/5/2024 could be two: "mdy" or "dmy".
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
    sheet: str = ""
    columns: Mapping[str, str | tuple[str, ...]]
    fixed: Mapping[str, str] = {}
    where: Mapping[str, str] = {}
    values: Mapping[str, Mapping[str, str]] = {}
    times: Mapping[str, float] = {}
    valid_from: str = ""
    dates: Literal["", "ymd", "mdy", "dmy"] = ""
    one_a_key: bool = False
    repeats: bool = False
    replaces: Literal["month", "days", "rows", "span"] | None = None
    span: Literal["", "name"] | tuple[str, str] = ""
    covers: Literal["", "all managers"] = ""
    delimiter: Literal["", ",", ";", "|", "\t"] = ""
    encoding: Literal["", "utf-8", "gb18030", "gbk", "gb2312", "big5", "utf-16-le", "utf-16-be"] = ""
