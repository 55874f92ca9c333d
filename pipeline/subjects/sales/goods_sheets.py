"""The sheets of what was sold: categories and brands, products."""

from pipeline.subjects.sales.brand_tables import brand_in_category_table
from pipeline.subjects.trade_standard.tables import brand_activity_table
from pipeline.workbooks.blocks import SheetPlan
from pipeline.workbooks.details import sums_of
from pipeline.workbooks.parts import bar_chart, chart_row, list_sheet, sources
from pipeline.workbooks.sheet_list import Place, sheet
from pipeline.workbooks.sheets import plan_sheet
from pipeline.workbooks.view import View


def volume_unit(view: View) -> str:
    """The unit in which the trade sells."""
    figure = view.figures.get("volume")
    return figure.unit if figure else "件"


@sheet("mix", subjects=("sales",))
def _mix(place: Place) -> SheetPlan:
    return mix_sheet(place.view, locked=place.locked)


def mix_sheet(view: View, *, locked: bool = False) -> SheetPlan:
    """Categories and brands: volumes and shares."""
    tables = sums_of(view, "sales_by_category", "sales_by_brand")
    charts = [bar_chart(view, table, "volume", volume_unit(view)) for table in tables]
    brands = (brand_in_category_table(view), brand_activity_table(view))
    blocks = (chart_row(charts), *tables, *brands, sources(view, view.of_subject("sales")))
    return plan_sheet(view, "mix", blocks, locked=locked)


@sheet("products")
def _products(place: Place) -> SheetPlan:
    return products_sheet(place.view, locked=place.locked)


def products_sheet(view: View, *, locked: bool = False) -> SheetPlan:
    """Every product: volume and share, the greatest first."""
    return list_sheet(view, "products", sums_of(view, "sales_by_product"), locked=locked)
