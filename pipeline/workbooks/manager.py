"""The manager workbook 《客户月度销售情况分析报告》: four parts, details, and cells for the manager's own words.

The sheets named after the forms 问题与对策 and 次月预测 carry those forms' columns: the filled workbook is read
from the inbox like a template, by the code, name and month on its cover. So nothing may stand below an entry
table, and no other sheet may have the headings of a form.
"""

from collections.abc import Sequence

from pipeline.base.frames import records
from pipeline.contract.form_layout import COVER_SHEET, MANAGER_ID, MANAGER_NAME, MONTH
from pipeline.contract.report import Report
from pipeline.workbooks.blocks import Block, Cell, Column, Note, SheetPlan, Table, WorkbookPlan
from pipeline.workbooks.comparison import FIGURE_TABLES, base_sheet, customers_sheet, visit_lists
from pipeline.workbooks.details import case_table, choice_words, dimension_table, sum_table
from pipeline.workbooks.entry import entry_table
from pipeline.workbooks.figure_tables import festival_table, trend_chart
from pipeline.workbooks.findings import findings_list
from pipeline.workbooks.forecast import customer_forecast_table, forecast_table, track_table
from pipeline.workbooks.forecast_course import forecast_course
from pipeline.workbooks.glossary import glossary_sheet
from pipeline.workbooks.lists import list_table
from pipeline.workbooks.overview import tiles_sheet
from pipeline.workbooks.parts import (
    bar_chart,
    chart_row,
    mix_sheet,
    products_sheet,
    said,
    sources,
    subject_table,
    trends,
)
from pipeline.workbooks.scorecard import own_scorecard_sheet
from pipeline.workbooks.sheets import (
    editions_sheet,
    plan_sheet,
    plan_workbook,
    quality_sheet,
    trend_sheet,
)
from pipeline.workbooks.view import View, text
from schemas.form import all_forms

BLANK_ACTIONS = 8
MOST_FINDINGS = 8  # the header of the entry table beneath them must stand within the first 40 rows


def plan_manager(report: Report) -> WorkbookPlan:
    """The monthly report of one manager, from that manager's rows alone."""
    view = View(report)
    title = view.word("title.manager", entity=view.entity_name)
    chart, course = forecast_course(view) or (None, None)
    sheets: list[SheetPlan | None] = [
        editions_sheet(view, locked=True),
        cover_sheet(view, title),
        sales_part(view),
        problems_part(view),
        opinions_part(view),
        forecast_part(view),
        own_scorecard_sheet(view),
        plan_sheet(view, "forecast_customers", [chart, customer_forecast_table(view), course], locked=True),
        sales_details(view),
        mix_sheet(view, locked=True),
        products_sheet(view, locked=True),
        base_sheet(view, locked=True),
        customers_sheet(view, locked=True),
        visits_details(view),
        *visit_lists(view, locked=True),
        plan_sheet(view, "cases", [case_table(view)], locked=True),
        quality_sheet(view, locked=True),
        glossary_sheet(view, locked=True),
        trend_sheet(view, locked=True),
    ]
    return plan_workbook(view, title, [sheet for sheet in sheets if sheet], "cover")


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
    shares = bar_chart(view, sum_table(view, "sales_by_category"), "volume")
    brands = bar_chart(view, sum_table(view, "sales_by_brand"), "volume")
    drawn = [*charts, *(one for one in (shares, brands) if one)]
    return tiles_sheet(view, "part_sales", said(view, "sales"), drawn, locked=True)


def problems_part(view: View) -> SheetPlan:
    """(二) Problems, causes, countermeasures: the numbered findings, and beneath them the manager's own words.

    The findings stay out of the entry table: what comes back in it is what the manager wrote, nothing else.
    """
    form = all_forms()["actions"]
    blocks: list[Block | None] = [
        findings_list(view, FIGURE_TABLES, MOST_FINDINGS, numbered=True),
        Note(view.word("note.actions")),
        entry_table(view, "actions", view.word("table.actions"), _carried_over(view), BLANK_ACTIONS),
    ]
    name = view.words.pick(form.zh, form.en)
    return plan_sheet(view, "part_problems", blocks, name=name, locked=True)


def _carried_over(view: View) -> list[tuple[Cell, ...]]:
    """The manager's own actions that are not done, as last reported."""
    words = choice_words(view, "actions", "status")
    rows: list[tuple[Cell, ...]] = []
    for one in records(view.detail("open_actions")):
        due = None if text(one["due_on"]) in ("", "NaT") else one["due_on"].date()
        plain = [text(one[name]) or None for name in ("topic", "problem", "cause", "countermeasure", "owner")]
        rows.append((*plain, due, words.get(text(one["status"]), None), None))
    return rows


def opinions_part(view: View) -> SheetPlan:
    """(三) What customers say of goods and service: cases and survey."""
    dimensions = dimension_table(view)
    categories = sum_table(view, "complaints_by_category")
    blocks: list[Block | None] = [
        said(view, "opinions"),
        subject_table(view, "complaints"),
        categories,
        subject_table(view, "satisfaction"),
        dimensions,
        chart_row([bar_chart(view, categories, "received"), bar_chart(view, dimensions, "score")]),
        sum_table(view, "complaints_by_product"),
        sources(view, view.of_subject("complaints", "satisfaction")),
    ]
    return plan_sheet(view, "part_opinions", blocks, locked=True)


def forecast_part(view: View) -> SheetPlan:
    """(四) Next month: the model's forecast, its record, and beneath them the manager's own outlook."""
    form = all_forms()["outlook"]
    lists: Sequence[object] = view.report.settings.profile.lists.get("categories", ())
    blocks: list[Block | None] = [
        said(view, "forecast"),
        forecast_table(view),
        track_table(view),
        Note(view.word("note.outlook")),
        entry_table(view, "outlook", view.word("table.outlook"), (), len(lists) + 3),
    ]
    name = view.words.pick(form.zh, form.en)
    return plan_sheet(view, "part_forecast", blocks, name=name, locked=True)


def sales_details(view: View) -> SheetPlan:
    """The sheet of all figures of sales."""
    figures = view.of_subject("sales")
    growth = (list_table(view, name) for name in ("growth_effects", "growth_by_customers"))
    blocks = [subject_table(view, "sales"), sources(view, figures), festival_table(view), *growth]
    return plan_sheet(view, "sales", blocks, locked=True)


def visits_details(view: View) -> SheetPlan:
    """The sheet of all figures of visits."""
    charts = (trends(view, "visits"), trends(view, "coverage", "plan_completion"))
    blocks = [subject_table(view, "visits"), sources(view, view.of_subject("visits")), chart_row(charts)]
    return plan_sheet(view, "visits", blocks, locked=True)
