"""Sheets that every kind of workbook has: their frame, contents, data quality, glossary, trend data."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from pipeline.figures.declare import Figure
from pipeline.workbooks.blocks import (
    Block,
    Cell,
    Column,
    Link,
    Note,
    SheetPlan,
    Table,
    WorkbookPlan,
    sheet_name,
)
from pipeline.workbooks.figure_tables import trend_table
from pipeline.workbooks.view import GLOSSARY_TABLE, View, number, text
from schemas.form import all_forms

CONTENTS = "contents"


def plan_sheet(view: View, key: str, blocks: Sequence[Block | None], **options: object) -> SheetPlan:
    """A sheet with the frame that all sheets share; blocks that are None are left out."""
    name = view.word(f"sheet.{key}")
    return SheetPlan(
        key,
        sheet_name(name),
        str(options.pop("title", name)),
        view.word(
            "subtitle",
            organisation=view.organisation,
            entity=view.entity_name,
            month=view.month_text,
            edition=view.edition_text,
        ),
        tuple(block for block in blocks if block is not None),
        view.word(f"about.{key}"),
        back=None if key == CONTENTS else Link(view.word("back"), sheet=CONTENTS),
        **options,  # type: ignore[arg-type]
    )


def plan_workbook(view: View, title: str, sheets: Sequence[SheetPlan], opens_on: str) -> WorkbookPlan:
    """The workbook of these sheets, with its contents after the first."""
    with_contents = (sheets[0], contents_sheet(view, sheets), *sheets[1:])
    created = (view.report.month + 1).first_day.isoformat()
    footer = view.word(
        "footer",
        organisation=view.organisation,
        entity=view.entity_name,
        month=view.month_text,
        edition=view.edition_text,
        created=created,
    )
    return WorkbookPlan(
        title,
        view.organisation,
        view.report.month,
        view.words.language,
        with_contents,
        footer,
        opens_on,
        view.word("page"),
    )


def contents_sheet(view: View, sheets: Sequence[SheetPlan]) -> SheetPlan:
    """Every sheet with what is in it, as links."""
    columns = (
        Column("sheet", view.word("column.sheet"), units=24),
        Column("about", view.word("column.about"), "note", units=80),
    )
    rows = tuple((Link(sheet.name, sheet=sheet.key), sheet.about) for sheet in sheets)
    return plan_sheet(view, CONTENTS, [Table("contents_sheets", "", columns, rows)])


def trend_sheet(view: View) -> SheetPlan:
    """The data behind charts and sparklines, in sight of everyone."""
    return plan_sheet(view, "trend", [trend_table(view), Note(view.word("note.trend"))], freeze_columns=1)


def glossary_sheet(view: View) -> SheetPlan:
    """What each figure means, from its declaration, with this month's counts behind it."""
    columns = (
        Column("figure", view.word("column.figure"), wrap=True, units=20),
        Column("unit", view.word("column.unit")),
        Column("definition", view.word("column.definition"), "note", wrap=True, units=58),
        Column("numerator", view.word("column.numerator"), "number2"),
        Column("denominator", view.word("column.denominator"), "number2"),
        Column("direction", view.word("column.direction")),
        Column("forms", view.word("column.forms"), "note", wrap=True, units=20),
        Column("source", view.word("column.source"), "note", wrap=True, units=16),
    )
    figures = view.report.figures
    rows = tuple(_glossary_row(view, figure) for figure in figures)
    table = Table(
        GLOSSARY_TABLE, "", columns, rows, tuple(one.key for one in figures), empty=view.word("empty.figures")
    )
    return plan_sheet(view, "glossary", [table, Note(view.word("note.counts"))])


def _glossary_row(view: View, figure: Figure) -> tuple[Cell, ...]:
    return (
        view.label(figure),
        view.word(f"unit.{figure.unit}"),
        view.words.pick(figure.definition_zh, figure.definition_en),
        view.raw(figure, "numerator"),
        view.raw(figure, "denominator"),
        view.word(f"direction.{figure.better}"),
        form_names(view, figure.forms),
        figure.source,
    )


def form_names(view: View, keys: Iterable[str]) -> str:
    """The names of forms, in the reader's language."""
    forms = all_forms()
    names = [view.words.pick(forms[key].zh, forms[key].en) if key in forms else key for key in keys]
    return view.words.pick("、", ", ").join(names)


def quality_sheet(view: View) -> SheetPlan:
    """Who sent, late, nil, missing; which rows were left out or are to be checked."""
    return plan_sheet(view, "quality", [submissions_table(view), problems_table(view)])


def submissions_table(view: View) -> Table:
    """One row a manager and form: state, when, which file, rows taken and left out."""
    names = ("manager", "form", "state", "received", "file", "rows", "left_out", "left_out_share", "edition")
    styles = {"rows": "number0", "left_out": "number0", "left_out_share": "percent1", "edition": "number0"}
    columns = tuple(Column(name, view.word(f"column.{name}"), styles.get(name, "text")) for name in names)
    rows = tuple(_submission_row(view, one) for one in view.report.submissions.to_dict("records"))
    return Table(
        "quality_submissions",
        view.word("table.submissions"),
        columns,
        rows,
        empty=view.word("empty.submissions"),
    )


def _submission_row(view: View, one: Mapping[Any, Any]) -> tuple[Cell, ...]:
    taken, left = number(one["rows"]), number(one["left_out"])
    sent = (taken or 0) + (left or 0)
    return (
        view.name("manager", text(one["manager_id"])),
        form_names(view, [text(one["form"])]) or None,
        _known_word(view, "state", text(one["state"])),
        text(one["received_at"])[:16].replace("T", " ") or None,
        text(one["file"]) or None,
        taken,
        left,
        100 * left / sent if left is not None and sent else None,
        number(one["edition"]),
    )


def problems_table(view: View) -> Table:
    """One row a problem: where it stands, what was found, what was expected, what happened."""
    names = ("manager", "file", "in_sheet", "cell", "header", "found", "expected", "effect")
    wrapped = {"found": 22.0, "expected": 34.0, "file": 26.0}
    columns = tuple(
        Column(name, view.word(f"column.{name}"), "note", wrap=name in wrapped, units=wrapped.get(name, 0))
        for name in names
    )
    rows = tuple(_problem_row(view, one) for one in view.report.problems.to_dict("records"))
    return Table("quality_problems", view.word("table.problems"), columns, rows, empty=view.word("empty.problems"))


def _problem_row(view: View, one: Mapping[Any, Any]) -> tuple[Cell, ...]:
    manager = text(one["manager_id"])
    plain = tuple(text(one[name]) or None for name in ("file", "sheet", "cell", "column", "found", "expected"))
    effect = _known_word(view, "effect", text(one["effect"]).replace(" ", "_"))
    return (view.name("manager", manager) or None, *plain, effect)


def _known_word(view: View, section: str, key: str) -> str:
    """A state's or effect's word; what has none is shown as it is."""
    known = f"workbooks.{section}.{key}"
    return view.words(known) if view.words.has(known) else key
