"""The sheets of sales: figures, customers that move; those of goods stand beside."""

from dataclasses import replace

from pipeline.subjects.sales.below_tables import sales_below_tables
from pipeline.subjects.sales.brand_tables import brand_in_category_table
from pipeline.subjects.sales.goods_sheets import volume_unit
from pipeline.subjects.visits.special_words import special_visits_told
from pipeline.workbooks.blocks import Block, SheetPlan
from pipeline.workbooks.details import sums_of
from pipeline.workbooks.figure_tables import festival_table, trend_chart
from pipeline.workbooks.lists import list_table, lists_of
from pipeline.workbooks.overview import first_part
from pipeline.workbooks.parts import bar_chart, chart_row, said, sources, subject_table
from pipeline.workbooks.sheet_list import Place, sheet
from pipeline.workbooks.sheets import plan_sheet
from pipeline.workbooks.view import View

RULE_TABLES = {"brand_behind": brand_in_category_table}
BEHIND_FINDINGS = sales_below_tables


@sheet("sales", subjects=("sales",))
def _sales(place: Place) -> SheetPlan:
    return sales_details(place.view) if place.locked else sales_sheet(place.view)


def sales_sheet(view: View) -> SheetPlan:
    """What was sold: all figures of sales, and the course of the main ones."""
    blocks: list[Block | None] = [
        said(view, "sales"),
        chart_row([trend_chart(view, [one]) for one in view.those_of(("volume", "amount"))]),
        subject_table(view, "sales"),
        sources(view, view.of_subject("sales")),
        festival_table(view),
        *lists_of(view, "growth_effects", "growth_by_customers"),
    ]
    return plan_sheet(view, "sales", blocks)


def sales_details(view: View) -> SheetPlan:
    """The sheet of all figures of sales."""
    figures = view.of_subject("sales")
    growth = lists_of(view, "growth_effects", "growth_by_customers")
    blocks = [
        said(view, "sales"),
        subject_table(view, "sales"),
        sources(view, figures),
        festival_table(view),
        *growth,
    ]
    return plan_sheet(view, "sales", blocks, locked=True)


@sheet("growth")
def _growth(place: Place) -> SheetPlan | None:
    """Why the amount changed, in parts that add up, by goods and by customers; None where nothing is compared."""
    view = place.view
    if view.detail("growth_effects").empty:
        return None
    tables = lists_of(view, "growth_effects", "growth_by_customers")
    return plan_sheet(view, "growth", tables, locked=place.locked) if tables else None


@sheet("part_sales")
def _part_sales(place: Place) -> SheetPlan:
    return sales_part(place.view)


def sales_part(view: View) -> SheetPlan:
    """(一) Overall sales of the month, on one page: what page one says, and what was sold of each group."""
    bars = [
        bar_chart(view, one, "volume", volume_unit(view))
        for one in sums_of(view, "sales_by_category", "sales_by_brand")
    ]
    charts = [trend_chart(view, [one]) for one in view.those_of(("volume", "amount"))]
    special = special_visits_told(view)
    return first_part(view, "part_sales", [*(one for one in bars if one), *charts], [special] if special else [])


@sheet("customers")
def _customers(place: Place) -> SheetPlan:
    return customers_sheet(place.view, locked=place.locked)


def customers_sheet(view: View, *, locked: bool = False) -> SheetPlan:
    """Customers that move: those who came from other entities or went to them, then one by one whose orders do."""
    has_moves = len(view.detail("customers_moved")) > 0
    moved = [replace(list_table(view, "customers_moved"), name="moved_in_and_out")] if has_moves else []
    return plan_sheet(view, "customers", [*moved, *lists_of(view, "customers_by_movement")], locked=locked)
