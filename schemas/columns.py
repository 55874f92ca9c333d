"""How a form's columns are declared: type, rules and words on one line.

`column` returns a pandera field that carries a `Column` in its metadata. From that one place follow the
blank template, the reader's header matching, the checks, the stored type and the data dictionary.
"""

from dataclasses import dataclass
from typing import Any, Literal

import pandera.pandas as pa

Kind = Literal["text", "id", "whole", "number", "money", "day", "clock", "month", "flag", "choice"]
NUMBERS: tuple[Kind, ...] = ("whole", "number", "money")  # the kinds that hold numbers


@dataclass(frozen=True)
class Choice:
    """One entry of a list: the stored key and what people read and type."""

    key: str
    zh: str
    en: str


@dataclass(frozen=True)
class Reference:
    """What a column's codes refer to, in words: the master form, and the column of it that names what a code means.

    There is no `name` where the master form has no such column.
    """

    form_zh: str
    form_en: str
    name: "Column | None" = None


@dataclass(frozen=True)
class Usual:
    """What an empty cell of a row means that is ticked as usual. Exactly one of these:

    `value`: a stored value as text ("true", "0"). `filled`: yes where the column of that name is filled, else no.
    `unchanged`: what stood here last time. `time`: the row's tick may be a span of time, of which this is the "start"
    or the "end"; a plain tick tells no time.

    `unless` names a column: where that is filled, nothing is usual here, and the cell must be.
    """

    value: str = ""
    filled: str = ""
    unchanged: bool = False
    time: Literal["", "start", "end"] = ""
    unless: str = ""


@dataclass(frozen=True)
class Column:
    """One column of a form, apart from its name.

    `choices` is a fixed list, `list_name` one of the profile's lists. `refers_to` names the master form whose
    first column holds the values allowed, and `reference` what that is called, where the form is in use; one that is
    not there leaves the row out, or is but noted where the row is about something else (`only_noted`).
    `also` is what others call the column, the surest first, parted by 、. `of_levels` says that it names a level of
    entities: a trade's own stand in its list too. `in_month` marks the date that places a row in the reporting month.
    `if_named` is said of a column that a trade has only where its `own_forms` names it.
    `usual` is what a row stands for, in this column, that is ticked as usual (see `Usual`). `last` says that a sheet
    filled in beforehand shows what stood here last time beside it, and that "unchanged" says so again.
    """

    name: str
    zh: str
    en: str
    kind: Kind
    required: bool = True
    unit: str = ""
    unit_en: str = ""
    choices: tuple[Choice, ...] = ()
    list_name: str = ""
    of_levels: bool = False
    refers_to: str = ""
    reference: Reference | None = None
    only_noted: bool = False
    least: float | None = None
    most: float | None = None
    decimals: int = 0
    in_month: bool = False
    if_named: bool = False
    also: str = ""
    width: int = 12
    example: str = ""
    example_en: str = ""
    help_zh: str = ""
    help_en: str = ""
    usual: "Usual | None" = None
    last: bool = False

    @property
    def synonyms(self) -> tuple[str, ...]:
        """What others call it, the surest first; its own names are not among them."""
        return tuple(word for word in self.also.split("、") if word)


# The types in which accepted rows are held and stored. Clock times are minutes after midnight.
DTYPES: dict[Kind, str] = {
    "text": "str",
    "id": "str",
    "whole": "Int64",
    "number": "float64",
    "money": "float64",
    "day": "datetime64[ns]",
    "clock": "Int64",
    "month": "str",
    "flag": "boolean",
    "choice": "str",
}
LONGEST_TEXT = 32_767  # what one Excel cell can hold


def column(kind: Kind, zh: str, en: str, *, required: bool = True, **words: Any) -> Any:
    """A pandera field that knows its column.

    Args:
        kind: how a cell is read and shown.
        zh, en: the column's header in each language.
        required: whether a row without a value is left out.
        words: the remaining fields of `Column`, but for `name`.
    """
    info = Column("", zh, en, kind, required, **words)
    checks: dict[str, Any] = {}
    if info.least is not None:
        checks["ge"] = info.least
    if info.most is not None:
        checks["le"] = info.most
    if kind in ("text", "id"):
        checks["str_length"] = {"max_value": LONGEST_TEXT if kind == "text" else 64}
    return pa.Field(nullable=not required, metadata={"column": info}, **checks)
