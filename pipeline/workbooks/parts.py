"""Parts that several kinds of workbook have in common: subjects, charts of their figures, sentences."""

from collections.abc import Sequence

from pipeline.contract.figure import Figure, Subject
from pipeline.workbooks.blocks import (
    Chart,
    ChartRow,
    Note,
    Sentence,
    SentenceBlock,
    Series,
    SheetPlan,
    Table,
)
from pipeline.workbooks.brand_tables import brand_activity_table, brand_in_category_table
from pipeline.workbooks.details import sums_of
from pipeline.workbooks.figure_tables import figure_table, trend_chart
from pipeline.workbooks.sheets import form_names, plan_sheet
from pipeline.workbooks.view import View

INTERVAL = ("satisfaction", "satisfaction_low95", "satisfaction_high95")
MOST_BARS = 12
_UNITS = {"volume": "条", "received": "件", "score": "分"}
_MOST = {"score": 10.0}  # what a dimension can reach


def said(view: View, part: str) -> SentenceBlock | None:
    """The sentences of one part of the report, where it has any."""
    sentences = view.report.sentences.get(part, ())
    if not sentences:
        return None
    return SentenceBlock(view.word(f"said.{part}"), tuple(Sentence(one) for one in sentences))


def mix_sheet(view: View, *, locked: bool = False) -> SheetPlan:
    """Categories and brands: volumes and shares."""
    tables = sums_of(view, "sales_by_category", "sales_by_brand")
    charts = [bar_chart(view, table, "volume") for table in tables]
    brands = (brand_in_category_table(view), brand_activity_table(view))
    blocks = (chart_row(charts), *tables, *brands, sources(view, view.of_subject("sales")))
    return plan_sheet(view, "mix", blocks, locked=locked)


def list_sheet(view: View, key: str, tables: Sequence[Table], *, locked: bool = False) -> SheetPlan:
    """One list on a sheet of its own: it may be long, and its header is then repeated on every printed page."""
    return plan_sheet(view, key, tables, locked=locked)


def products_sheet(view: View, *, locked: bool = False) -> SheetPlan:
    """Every product: volume and share, the greatest first."""
    return list_sheet(view, "products", sums_of(view, "sales_by_product"), locked=locked)


def trends(view: View, *keys: str) -> Chart | None:
    """The course of those of the figures that this trade has, of one unit."""
    figures = view.those_of(keys)
    name = view.words.pick("、", ", ").join(view.label(one) for one in figures)
    return trend_chart(view, figures, view.label(figures[0]) if keys == INTERVAL else name) if figures else None


def chart_row(charts: Sequence[Chart | None]) -> ChartRow | None:
    """The charts that there are, side by side."""
    made = tuple(chart for chart in charts if chart is not None)
    return ChartRow(made) if made else None


def subject_table(view: View, subject: Subject) -> Table | None:
    """All figures of a subject, as they stand this month; None where the trade has no such subject."""
    if not view.of_subject(subject):
        return None
    title = view.word(f"table.{subject}")
    return figure_table(view, f"{subject}_figures", title, view.of_subject(subject), view.word("empty.figures"))


def sources(view: View, figures: Sequence[Figure]) -> Note | None:
    """Which forms the sheet's figures come from."""
    forms = dict.fromkeys(form for figure in figures for form in figure.forms)
    return Note(view.word("note.sources", forms=form_names(view, forms))) if forms else None


def bar_chart(view: View, table: Table | None, key: str) -> Chart | None:
    """One column of a detail table as bars, in the table's order; none where it has too many rows to read."""
    if table is None:
        return None
    headers = {column.key: column.header for column in table.columns}
    if not 0 < len(table.rows) <= MOST_BARS:
        return None
    unit = view.word(f"unit.{_UNITS[key]}")
    return Chart(
        table.title,
        "bar",
        (table.name, table.columns[0].key),
        (Series(headers[key], table.name, key),),
        unit,
        view.word("alt.detail", title=table.title),
        least=0,
        most=_MOST.get(key),
    )
