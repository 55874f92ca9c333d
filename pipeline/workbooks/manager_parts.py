"""What stands in the manager workbook 《客户月度销售情况分析报告》: its parts, and cells for the manager's own words.

The sheets named after the forms 问题与对策 and 次月预测 carry those forms' columns: the filled workbook is read
from the inbox like a template, by the code, name and month on its cover. So nothing may stand below an entry
table, and no other sheet may have the headings of a form.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from pipeline.base.frames import records
from pipeline.contract.form_layout import COVER_SHEET, MANAGER_ID, MANAGER_NAME, MONTH
from pipeline.workbooks.blocks import Block, Cell, Column, Note, SheetPlan, Table
from pipeline.workbooks.comparison import FIGURE_TABLES
from pipeline.workbooks.details import choice_words, dimension_table, sums_of
from pipeline.workbooks.entry import entry_table
from pipeline.workbooks.figure_tables import festival_table, trend_chart
from pipeline.workbooks.findings import findings_list
from pipeline.workbooks.forecast import forecast_table, track_table
from pipeline.workbooks.lists import lists_of
from pipeline.workbooks.overview import tiles_sheet
from pipeline.workbooks.parts import (
    bar_chart,
    chart_row,
    said,
    sources,
    subject_table,
    trends,
)
from pipeline.workbooks.sheets import (
    plan_sheet,
)
from pipeline.workbooks.view import View, text
from schemas.columns import Column as FormColumn
from schemas.form import Form, carried_forms, outlook_forms

BLANK_ACTIONS = 8
MOST_FINDINGS = 8  # the header of the entry table beneath them must stand within the first 40 rows


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
    return plan_sheet(view, "cover", [*blocks, *notes], title=title, name=COVER_SHEET.of(language), locked=True)


def sales_part(view: View) -> SheetPlan:
    """(一) Overall sales of the month, on one page."""
    charts = [trend_chart(view, [one]) for one in view.those_of(("volume", "amount"))]
    bars = [bar_chart(view, one, "volume") for one in sums_of(view, "sales_by_category", "sales_by_brand")]
    drawn = [*charts, *(one for one in bars if one)]
    return tiles_sheet(view, "part_sales", said(view, "sales"), drawn, locked=True)


def problems_part(view: View) -> SheetPlan:
    """(二) Problems, causes, countermeasures: the numbered findings, and beneath them the manager's own words.

    The findings stay out of the entry table: what comes back in it is what the manager wrote, nothing else.
    """
    blocks: list[Block | None] = [findings_list(view, FIGURE_TABLES, MOST_FINDINGS, numbered=True)]
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


def opinions_part(view: View) -> SheetPlan:
    """(三) What customers say of goods and service: cases and survey."""
    dimensions = dimension_table(view)
    categories = next(iter(sums_of(view, "complaints_by_category")), None)
    blocks: list[Block | None] = [
        said(view, "opinions"),
        subject_table(view, "complaints"),
        categories,
        subject_table(view, "satisfaction"),
        dimensions,
        chart_row([bar_chart(view, categories, "received"), bar_chart(view, dimensions, "score")]),
        *sums_of(view, "complaints_by_product"),
        sources(view, view.of_subject("complaints", "satisfaction")),
    ]
    return plan_sheet(view, "part_opinions", blocks, locked=True)


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


def sales_details(view: View) -> SheetPlan:
    """The sheet of all figures of sales."""
    figures = view.of_subject("sales")
    growth = lists_of(view, "growth_effects", "growth_by_customers")
    blocks = [subject_table(view, "sales"), sources(view, figures), festival_table(view), *growth]
    return plan_sheet(view, "sales", blocks, locked=True)


def visits_details(view: View) -> SheetPlan:
    """The sheet of all figures of visits."""
    charts = (trends(view, "visits"), trends(view, "coverage", "plan_completion"))
    blocks = [subject_table(view, "visits"), sources(view, view.of_subject("visits")), chart_row(charts)]
    return plan_sheet(view, "visits", blocks, locked=True)
