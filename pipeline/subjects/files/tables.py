"""What changed in customers' files, field by field as people read it."""

from pipeline.workbooks.blocks import Cell, Column, Table
from pipeline.workbooks.details import choice_words, detail_table, form_column, header
from pipeline.workbooks.view import View, text

CHANGES = "file_changes"
FORM = "customers"


def changes_table(view: View) -> Table | None:
    """What differs from the month before, with both values; None where nothing does."""
    frame = view.detail(CHANGES)
    if frame.empty:
        return None
    columns = [
        Column("manager_id", view.level_word("manager", heading=True)),
        *(Column(name, header(view, FORM, name)) for name in ("customer_id", "customer_name")),
        *(Column(name, view.word(f"detail.{CHANGES}.{name}")) for name in ("field", "change")),
    ]
    told = {name: list(map(text, frame[name].tolist())) for name in frame.columns}
    pairs = zip(told["field"], told["value_before"], told["value_after"], strict=True)
    cells: list[list[Cell]] = [
        [view.name("manager", one) or None for one in told["manager_id"]],
        [one or None for one in told["customer_id"]],
        [one or None for one in told["customer_name"]],
        [_field(view, one) for one in told["field"]],
        [_change(view, *one) for one in pairs],
    ]
    return detail_table(view, CHANGES, columns, cells)


def _field(view: View, name: str) -> str:
    column = form_column(view, FORM, name)
    return (
        view.level_word("manager", heading=True) if name == "manager_id" else view.words.pick(column.zh, column.en)
    )


def _change(view: View, field: str, before: str, after: str) -> str:
    """Both values, each in the words of its field's list; a manager by name."""
    said = [_value(view, field, one) or view.word(f"detail.{CHANGES}.empty") for one in (before, after)]
    return view.word(f"detail.{CHANGES}.values", before=said[0], after=said[1])


def _value(view: View, field: str, said: str) -> str:
    """A value in the words of its field's list; a manager by name."""
    if field == "manager_id":
        return view.name("manager", said) or said
    return choice_words(view, FORM, field).get(said, said)
