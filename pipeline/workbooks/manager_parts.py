"""What stands in the manager workbook 《客户月度销售情况分析报告》: its parts, and cells for the manager's own words.

The sheets named after the forms 问题与对策 and 次月预测 carry those forms' columns: the filled workbook is read
from the inbox like a template, by the code, name and month on its cover. So nothing may stand below an entry
table, and no other sheet may have the headings of a form.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from pipeline.base.frames import records
from pipeline.contract.form_layout import COVER_SHEET, MANAGER_ID, MANAGER_NAME, MONTH
from pipeline.workbooks.blocks import Block, Cell, Column, EntryField, Heading, Note, SheetPlan, Table
from pipeline.workbooks.details import choice_words
from pipeline.workbooks.entry import entry_table
from pipeline.workbooks.findings import findings_list
from pipeline.workbooks.followed import followed_table
from pipeline.workbooks.forecast import forecast_table, track_table
from pipeline.workbooks.parts import (
    said,
)
from pipeline.workbooks.sheets import (
    plan_sheet,
)
from pipeline.workbooks.view import View, text
from schemas.columns import Column as FormColumn
from schemas.form import Form, carried_forms, outlook_forms

BLANK_ACTIONS = 5
OPINION_LINES = 6  # room to write by hand
_SIGNED = ("office", "reporter", "reviewer", "day")
MOST_FINDINGS = 6  # the part prints on one page; and the entry table must begin within the first 40 rows


def cover_sheet(view: View, title: str) -> SheetPlan:
    """Whose report this is, in the words by which a filled report is recognised, and how to fill it in."""
    language = view.words.language
    facts = (
        (MANAGER_ID.of(language), view.report.entity_id),
        (MANAGER_NAME.of(language), view.entity_name),
        (MONTH.of(language), str(view.report.month)),
        (view.word("column.edition"), str(view.report.edition)),
    )
    columns = (
        Column("fact", view.word("column.fact"), units=22),
        Column("value", view.word("column.fact_value"), units=40),
    )
    blocks = [Table("cover_facts", "", columns, facts)]
    notes = [Note(view.word(f"note.fill_{step}")) for step in (1, 2, 3)]
    return plan_sheet(
        view, "cover", [*blocks, *signed(view), *notes], title=title, name=COVER_SHEET.of(language), locked=True
    )


def signed(view: View, opinion_lines: int = OPINION_LINES) -> tuple[Block, ...]:
    """Where the printed report is signed: who made, reports and reviews it, the day, the regional manager's opinion."""
    known = {"office": view.organisation, "reporter": view.entity_name}
    lines = [EntryField(name, view.word(f"sign.{name}"), known.get(name)) for name in _SIGNED]
    opinion = EntryField("opinion", view.word("sign.opinion"), lines=opinion_lines)
    return (Heading(view.word("sign.heading")), *lines, opinion)


def problems_part(view: View) -> SheetPlan:
    """(二) Problems, causes, countermeasures: the numbered findings, and beneath them the manager's own words.

    The findings stay out of the entry table: what comes back in it is what the manager wrote, nothing else.
    """
    blocks: list[Block | None] = [findings_list(view, MOST_FINDINGS, numbered=True), followed_table(view)]
    name = None
    for form in carried_forms(view.forms)[:1]:  # nothing may stand below an entry table
        name = view.words.pick(form.zh, form.en)
        carried = [_carried_over(view, form, one) for one in records(view.detail("open_actions"))]
        entries = entry_table(view, form.key, view.word("table.actions"), carried, BLANK_ACTIONS)
        blocks += [Note(view.word("note.actions")), entries]
    return plan_sheet(view, "part_problems", blocks, name=name, locked=True)


def _carried_over(view: View, form: Form, one: Mapping[str, Any]) -> tuple[Cell, ...]:
    """What the manager has not done yet, as last reported, in the columns of the form."""
    return tuple(_entered(view, form, column, one.get(column.name)) for column in form.columns)


def _entered(view: View, form: Form, column: FormColumn, value: Any) -> Cell:
    said = text(value)
    if said in ("", "NaT"):
        return None
    if column.kind == "day":
        day: Cell = value.date()
        return day
    words = choice_words(view, form.key, column.name)
    return words.get(said) if words else said


def forecast_part(view: View) -> SheetPlan:
    """(四) Next month: the model's forecast, its record, and beneath them the manager's own outlook."""
    lists: Sequence[object] = view.report.settings.profile.lists.get("categories", ())
    blocks: list[Block | None] = [said(view, "forecast"), forecast_table(view), track_table(view)]
    name = None
    for form in outlook_forms(view.forms)[:1]:  # nothing may stand below an entry table
        name = view.words.pick(form.zh, form.en)
        entries = entry_table(view, form.key, view.word("table.outlook"), (), len(lists) + 3)
        blocks += [Note(view.word("note.outlook")), entries]
    return plan_sheet(view, "part_forecast", blocks, name=name, locked=True)
