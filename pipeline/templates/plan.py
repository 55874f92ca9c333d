"""What goes where in a template, decided from `schemas/` alone. Pure: no file, clock or Excel library."""

import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import pandas as pd

from pipeline.base.calendar import Month
from pipeline.contract import form_layout as layout
from pipeline.templates.cells import Value, cells_of, example_cell, number_format
from pipeline.templates.rules import InputRule, comment_of, input_rule, is_long, list_key
from pipeline.words import Words
from schemas.columns import Column
from schemas.form import Form
from schemas.profile import Profile

MONTH_HELP = tuple(f"month_{number}" for number in range(1, 9))
MASTER_HELP = tuple(f"master_{number}" for number in range(1, 6))
REGION_HELP = tuple(f"region_{number}" for number in range(1, 5))
HELP = {"month": MONTH_HELP, "master": MASTER_HELP, "region": REGION_HELP}  # by kind of template
NAMES = "names"  # key of the list of names that belongs to a list of codes
NARROWEST_LOOKUP = 18
CENTRED_FORMATS = ("yyyy-mm-dd", "hh:mm")
UNDATED = Month(2024, 1)


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
    among the sheet's columns, of the column with the code.
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

    @property
    def style(self) -> str:
        """The named style of its cells."""
        if self.lookup:
            return "shown"
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
class Contents:
    """What a template is filled with besides its forms: all of it may be absent.

    `lists` holds, by master form, the records that drop-downs offer and lookups show. `rows` holds, by form,
    typed rows to fill in. `spare_rows` is how many rows below them get lookups.
    """

    month: Month | None = None
    manager: Manager | None = None
    lists: Mapping[str, pd.DataFrame] = field(default_factory=dict)
    rows: Mapping[str, pd.DataFrame] = field(default_factory=dict)
    nil_forms: frozenset[str] = frozenset()
    example_rows: bool = True
    spare_rows: int = 200


@dataclass(frozen=True)
class _Desk:
    """What every part of one template is planned with; `pools` are the master data on offer, by list key."""

    words: Words
    profile: Profile
    contents: Contents
    pools: Mapping[str, ListColumn]


def plan_template(forms: Sequence[Form], words: Words, profile: Profile, contents: Contents) -> TemplatePlan:
    """What a workbook with these forms holds.

    With master forms alone its cover asks for the month from which they are valid, and for nobody's name.
    """
    pools = {pool.key: pool for pool in _pools(contents.lists, words, profile.forms)}
    desk = _Desk(words, profile, contents, pools)
    long_lists = [one for form in forms for one in _long_lists(form, desk)]
    return TemplatePlan(
        words,
        _plan_cover(forms, words, contents),
        tuple(_plan_sheet(form, desk) for form in forms),
        (*pools.values(), *long_lists),
        contents.month or UNDATED,
    )


def display_width(text: str) -> int:
    """How many digits wide a text is: wide characters, such as Chinese ones, take two."""
    return sum(2 if unicodedata.east_asian_width(letter) in "WF" else 1 for letter in text)


def _plan_cover(forms: Sequence[Form], words: Words, contents: Contents) -> CoverPlan:
    monthly = any(form.kind == "monthly" for form in forms)
    of_region = bool(forms) and all(form.traits.decides for form in forms)
    kind = "region" if of_region else "month" if monthly else "master"
    ticks = [(layout.sheet_name(form, words.language), form.key in contents.nil_forms) for form in forms]
    return CoverPlan(
        title=words(f"templates.cover.title_{kind}"),
        fields=_cover_fields(words, contents, kind),
        forms=tuple(ticks) if kind == "month" else (),
        tick_prompt=words("templates.cover.tick"),
        help_heading=words("templates.cover.instructions"),
        help_lines=tuple(words(f"templates.cover.{key}") for key in HELP[kind]),
    )


def _cover_fields(words: Words, contents: Contents, kind: str) -> tuple[CoverField, ...]:
    manager = contents.manager or Manager("", "")
    month = str(contents.month) if contents.month else ""
    fields = [(layout.VALID_FROM, month, words("templates.cover.valid_from"))]
    if kind == "region":
        fields = [
            (layout.REGION_ID, manager.id, words("templates.cover.region_id")),
            (layout.MONTH, month, words("templates.cover.region_month")),
        ]
    if kind == "month":
        fields = [
            (layout.MANAGER_ID, manager.id, words("templates.cover.manager_id")),
            (layout.MANAGER_NAME, manager.name, words("templates.cover.manager_name")),
            (layout.MONTH, month, words("templates.cover.month")),
        ]
    fields.append((layout.VERSION, layout.TEMPLATE_VERSION, ""))
    return tuple(CoverField(label.of(words.language), value, prompt) for label, value, prompt in fields)


def _pools(lists: Mapping[str, pd.DataFrame], words: Words, forms: Mapping[str, Form]) -> list[ListColumn]:
    """For each master form given: the list of its codes, and the list of the names that belong to them."""
    pools = []
    for key, records in lists.items():
        master = forms[key]
        for column, list_name in ((master.columns[0], key), (layout.name_column(master), _names_of(key))):
            if column is not None:
                values = tuple(records[column.name].fillna("").astype(str))
                pools.append(ListColumn(list_name, layout.heading(column, words.language), values))
    return pools


def _names_of(master: str) -> str:
    return f"{master}.{NAMES}"


def _long_lists(form: Form, desk: _Desk) -> list[ListColumn]:
    """The form's lists that Excel refuses inside an input rule, so that they have to stand on a sheet."""
    words = desk.words
    lists = []
    for column in form.columns:
        labels = tuple(words.pick(one.zh, one.en) for one in layout.choices_of(column, desk.profile))
        if is_long(labels):
            lists.append(ListColumn(list_key(form, column), layout.heading(column, words.language), labels))
    return lists


def _plan_sheet(form: Form, desk: _Desk) -> SheetPlan:
    words, contents = desk.words, desk.contents
    rows = contents.rows[form.key] if form.key in contents.rows else form.empty()
    columns: list[ColumnPlan] = []
    for column in form.columns:
        columns.append(_plan_column(form, column, rows[column.name], desk))
        if _names_of(column.refers_to) in desk.pools:
            columns.append(_plan_lookup(column, len(columns) - 1, columns[-1].values, desk))
    name = layout.sheet_name(form, words.language)
    help_text = words.pick(form.help_zh, form.help_en)
    return SheetPlan(
        name=name,
        title=words("templates.sheet.title", form=name, help=help_text) if help_text else name,
        hint=words("templates.sheet.hint"),
        columns=tuple(columns),
        rows=len(rows),
        ready_rows=len(rows) + contents.spare_rows,
        example_mark=layout.EXAMPLE_MARK.of(words.language) if contents.example_rows else "",
    )


def _plan_column(form: Form, column: Column, values: pd.Series, desk: _Desk) -> ColumnPlan:
    words, month = desk.words, desk.contents.month
    choices = layout.choices_of(column, desk.profile)
    heading = layout.heading(column, words.language)
    return ColumnPlan(
        heading=heading,
        width=max(column.width, display_width(heading) + 2),
        number_format=number_format(column),
        required=column.required,
        comment=comment_of(form, column, words, month, choices),
        rule=input_rule(form, column, words, month=month, choices=choices, pools=desk.pools),
        example=example_cell(column, choices, words.language) if desk.contents.example_rows else None,
        values=tuple(cells_of(column, values, choices, words.language)),
    )


def _plan_lookup(column: Column, looks_at: int, codes: Sequence[Value], desk: _Desk) -> ColumnPlan:
    """The column beside a code that shows its name.

    The names stand in its cells too, for readers that do not calculate.
    """
    pool, names = desk.pools[column.refers_to], desk.pools[_names_of(column.refers_to)]
    name_of = dict(zip(pool.values, names.values, strict=True))
    return ColumnPlan(
        heading=names.heading,
        width=max(NARROWEST_LOOKUP, display_width(names.heading) + 2),
        number_format="General",
        required=False,
        comment="",
        rule=None,
        example=None,
        values=tuple(name_of.get(str(code), "") for code in codes),
        lookup=column.refers_to,
        looks_at=looks_at,
    )
