"""What goes where in a template, decided from `schemas/` alone. Pure: no file, clock or Excel library."""

from collections.abc import Mapping, Sequence

import pandas as pd

from pipeline.base.calendar import Month
from pipeline.contract import form_layout as layout
from pipeline.templates.cells import Value, cells_of, display_width, example_cell, number_format
from pipeline.templates.cover import plan_cover
from pipeline.templates.issued import hint_of, with_helps
from pipeline.templates.parts import ColumnPlan as ColumnPlan
from pipeline.templates.parts import Contents as Contents
from pipeline.templates.parts import CoverPlan as CoverPlan
from pipeline.templates.parts import Desk
from pipeline.templates.parts import ListColumn as ListColumn
from pipeline.templates.parts import Manager as Manager
from pipeline.templates.parts import Pack as Pack
from pipeline.templates.parts import SheetPlan as SheetPlan
from pipeline.templates.parts import TemplatePlan as TemplatePlan
from pipeline.templates.rules import comment_of, input_rule, is_long, list_key
from pipeline.words import Words
from schemas.columns import Column
from schemas.form import Form
from schemas.profile import Profile

NAMES = "names"  # key of the list of names that belongs to a list of codes
NARROWEST_LOOKUP = 18
UNDATED = Month(2024, 1)


def plan_template(forms: Sequence[Form], words: Words, profile: Profile, contents: Contents) -> TemplatePlan:
    """What a workbook with these forms holds.

    With master forms alone its cover asks for the month from which they are valid, and for nobody's name.
    """
    forms = _asked(forms, contents)
    pools = {pool.key: pool for pool in _pools(contents.lists, words, profile.forms)}
    desk = Desk(words, profile, contents, pools)
    long_lists = [one for form in forms for one in _long_lists(form, desk)]
    return TemplatePlan(
        words,
        plan_cover(forms, words, profile, contents),
        tuple(_plan_sheet(form, desk) for form in forms),
        (*pools.values(), *long_lists),
        contents.month or UNDATED,
    )


def _asked(forms: Sequence[Form], contents: Contents) -> list[Form]:
    """The forms without those that an export brings."""
    brought = contents.pack.from_exports if contents.pack else ()
    return [form for form in forms if form.key not in brought]


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


def _long_lists(form: Form, desk: Desk) -> list[ListColumn]:
    """The form's lists that Excel refuses inside an input rule, so that they have to stand on a sheet."""
    words = desk.words
    lists = []
    for column in form.columns:
        labels = tuple(words.pick(one.zh, one.en) for one in layout.choices_of(column, desk.profile))
        if is_long(labels):
            lists.append(ListColumn(list_key(form, column), layout.heading(column, words.language), labels))
    return lists


def _plan_sheet(form: Form, desk: Desk) -> SheetPlan:
    words, contents = desk.words, desk.contents
    issued = None if contents.pack is None else contents.pack.issued.get(form.key)
    rows = contents.rows[form.key] if form.key in contents.rows else form.empty()
    columns, count = _plan_columns(form, rows, desk), len(rows)
    if issued is not None:
        columns, count = with_helps(form, issued, _plan_columns(form, issued.rows, desk), desk), len(issued.rows)
    name = layout.sheet_name(form, words.language)
    help_text = words.pick(form.help_zh, form.help_en)
    return SheetPlan(
        name=name,
        title=words("templates.sheet.title", form=name, help=help_text) if help_text else name,
        hint=words("templates.sheet.hint") if issued is None else hint_of(form, count, desk),
        columns=tuple(columns),
        rows=count,
        ready_rows=count + contents.spare_rows,
        example_mark=layout.EXAMPLE_MARK.of(words.language) if contents.example_rows else "",
    )


def _plan_columns(form: Form, rows: pd.DataFrame, desk: Desk) -> list[ColumnPlan]:
    """The form's columns, each code with the name of what it stands for beside it."""
    columns: list[ColumnPlan] = []
    for column in form.columns:
        columns.append(_plan_column(form, column, rows[column.name], desk))
        if _names_of(column.refers_to) in desk.pools:
            columns.append(_plan_lookup(column, len(columns) - 1, columns[-1].values, desk))
    return columns


def _plan_column(form: Form, column: Column, values: pd.Series, desk: Desk) -> ColumnPlan:
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


def _plan_lookup(column: Column, looks_at: int, codes: Sequence[Value], desk: Desk) -> ColumnPlan:
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
