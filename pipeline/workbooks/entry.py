"""Tables in which people type: the columns of a form, so that the filled workbook is read like a template."""

from collections.abc import Sequence

from pipeline.workbooks.blocks import Cell, Column, Table
from pipeline.workbooks.details import choice_words
from pipeline.workbooks.view import View
from schemas.columns import NUMBERS
from schemas.columns import Column as FormColumn

_STYLES = {"day": "day", "whole": "number0", "number": "number2", "money": "number2", "id": "text"}
_LEAST_UNITS, _MOST_UNITS = 10, 25


def entry_table(view: View, form: str, title: str, rows: Sequence[Sequence[Cell]], blank_rows: int) -> Table:
    """The form's columns, filled as far as is known, with empty rows for more. Nothing may stand below it."""
    columns = tuple(_entry_column(view, form, column) for column in view.forms[form].columns)
    empty_row: tuple[Cell, ...] = (None,) * len(columns)
    filled = tuple(tuple(row) for row in rows)
    return Table(f"entry_{form}", title, columns, (*filled, *(empty_row,) * blank_rows))


def _entry_column(view: View, form: str, column: FormColumn) -> Column:
    label, unit = view.words.pick(column.zh, column.en), view.words.pick(column.unit, column.unit_en)
    header = view.word("header_with_unit", name=label, unit=unit) if unit else label
    is_text = column.kind == "text"
    return Column(
        column.name,
        header,
        _STYLES.get(column.kind, "note" if is_text else "text"),
        wrap=is_text,
        units=min(max(column.width, _LEAST_UNITS), _MOST_UNITS),
        entry=True,
        choices=tuple(choice_words(view, form, column.name).values()),
        prompt=_prompt(view, column, unit),
    )


def _prompt(view: View, column: FormColumn, unit: str) -> str:
    """What is to be typed, as it stands beside the cell that is chosen."""
    kind = "number" if column.kind in NUMBERS else column.kind
    known = f"prompt.{kind}"
    said = view.word(known, unit=unit) if view.words.has(f"workbooks.{known}") else view.word("prompt.text")
    needed = view.word("prompt.required" if column.required else "prompt.optional")
    help_text = view.words.pick(column.help_zh, column.help_en)
    return view.words.pick("", " ").join(part for part in (needed, said, help_text) if part)
