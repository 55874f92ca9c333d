"""The region workbook: the one that is mailed to the regional manager."""

from collections.abc import Sequence

from pipeline.figures.declare import Figure, Subject
from pipeline.report import Report
from pipeline.workbooks.blocks import Block, Chart, ChartRow, Note, Series, SheetPlan, Table, WorkbookPlan
from pipeline.workbooks.details import case_table, dimension_table, sum_table
from pipeline.workbooks.figure_tables import entity_table, figure_table, target_chart, target_table, trend_chart
from pipeline.workbooks.overview import INTERVAL, main_figures, overview_sheet
from pipeline.workbooks.sheets import (
    form_names,
    glossary_sheet,
    plan_sheet,
    plan_workbook,
    quality_sheet,
    trend_sheet,
)
from pipeline.workbooks.view import View

MOST_BARS = 12


def plan_region(report: Report) -> WorkbookPlan:
    """The workbook of one region and month, from that region's rows alone."""
    view = View(report)
    targets = manager_targets(view)
    title = view.word("title.region", entity=view.entity_name)
    sheets = [
        overview_sheet(view, targets, "manager", title),
        sales_sheet(view),
        mix_sheet(view),
        managers_sheet(view, targets),
        visits_sheet(view),
        complaints_sheet(view),
        cases_sheet(view),
        satisfaction_sheet(view),
        quality_sheet(view),
        glossary_sheet(view),
        trend_sheet(view),
    ]
    return plan_workbook(view, title, sheets, "overview")


def manager_targets(view: View) -> Table | None:
    """Each manager's volume against its target."""
    volume = view.figures.get("volume")
    if volume is None:
        return None
    title = view.word("table.targets", figure=view.label(volume))
    return target_table(view, "manager_targets", title, volume, "manager")


def sales_sheet(view: View) -> SheetPlan:
    """What was sold: all figures of sales, their course, by day and by customer group."""
    figures = view.of_subject("sales")
    blocks: list[Block | None] = [
        subject_table(view, "sales"),
        chart_row([trend_chart(view, [one]) for one in view.those_of(("volume", "amount"))]),
        sources(view, figures),
    ]
    return plan_sheet(view, "sales", blocks)


def mix_sheet(view: View) -> SheetPlan:
    """Categories, brands and products: volumes and shares."""
    tables = [sum_table(view, name) for name in ("sales_by_category", "sales_by_brand", "sales_by_product")]
    charts = [bar_chart(view, table, "volume") for table in tables[:2]]
    blocks = (chart_row(charts), *tables, sources(view, view.of_subject("sales")))
    return plan_sheet(view, "mix", blocks)


def managers_sheet(view: View, targets: Table | None) -> SheetPlan:
    """Managers side by side: targets, then the main figures."""
    volume = view.figures.get("volume")
    has_chart = targets is not None and targets.rows and volume is not None
    blocks: list[Block | None] = [
        targets,
        target_chart(view, targets, volume, "manager", beside=True) if has_chart else None,  # type: ignore[arg-type]
        entity_table(
            view, "manager_figures", view.word("table.managers"), main_figures(view), "manager", bars=("amount",)
        ),
        Note(view.word("note.counts")),
    ]
    return plan_sheet(view, "managers", blocks, freeze_columns=1)


def visits_sheet(view: View) -> SheetPlan:
    """Visits made and owed, to the manager."""
    charts = (trends(view, "visits"), trends(view, "coverage", "plan_completion"))
    return _subject_sheet(view, "visits", charts, ())


def complaints_sheet(view: View) -> SheetPlan:
    """Cases by category and product, and the list of cases."""
    charts = (trends(view, "complaints"), trends(view, "on_time_rate"))
    tables = [sum_table(view, name) for name in ("complaints_by_category", "complaints_by_product")]
    return _subject_sheet(view, "complaints", charts, tables)


def cases_sheet(view: View) -> SheetPlan:
    """The list of cases, on a sheet of its own: it is long, and filtered."""
    return plan_sheet(view, "cases", [case_table(view)])


def satisfaction_sheet(view: View) -> SheetPlan:
    """The index with its interval, and its dimensions."""
    dimensions = dimension_table(view)
    charts = (trends(view, *INTERVAL), bar_chart(view, dimensions, "score"))
    return _subject_sheet(view, "satisfaction", charts, (dimensions,))


def _subject_sheet(
    view: View, subject: Subject, charts: Sequence[Chart | None], details: Sequence[Table]
) -> SheetPlan:
    """A subject's figures, their charts, each manager's figures, further tables."""
    figures = view.of_subject(subject)
    title = view.word(f"table.{subject}_managers")
    blocks: tuple[Block | None, ...] = (
        subject_table(view, subject),
        sources(view, figures),
        chart_row(charts),
        entity_table(view, f"{subject}_managers", title, figures, "manager") if figures else None,
        *details,
    )
    return plan_sheet(view, subject, blocks)


def trends(view: View, *keys: str) -> Chart | None:
    """The course of those of the figures that this trade has, of one unit."""
    figures = view.those_of(keys)
    name = view.words.pick("、", ", ").join(view.label(one) for one in figures)
    return trend_chart(view, figures, view.label(figures[0]) if keys == INTERVAL else name) if figures else None


def chart_row(charts: Sequence[Chart | None]) -> ChartRow | None:
    """The charts that there are, side by side."""
    made = tuple(chart for chart in charts if chart is not None)
    return ChartRow(made) if made else None


def subject_table(view: View, subject: Subject) -> Table:
    """All figures of a subject, as they stand this month."""
    title = view.word(f"table.{subject}")
    return figure_table(view, f"{subject}_figures", title, view.of_subject(subject), view.word("empty.figures"))


def sources(view: View, figures: Sequence[Figure]) -> Note | None:
    """Which forms the sheet's figures come from."""
    forms = dict.fromkeys(form for figure in figures for form in figure.forms)
    return Note(view.word("note.sources", forms=form_names(view, forms))) if forms else None


def bar_chart(view: View, table: Table, key: str) -> Chart | None:
    """One column of a detail table as bars, in the table's order; none where it has too many rows to read."""
    headers = {column.key: column.header for column in table.columns}
    if not 0 < len(table.rows) <= MOST_BARS:
        return None
    unit = view.word("unit.条" if key == "volume" else "unit.分")
    return Chart(
        table.title,
        "bar",
        (table.name, table.columns[0].key),
        (Series(headers[key], table.name, key),),
        unit,
        view.word("alt.detail", title=table.title),
        least=0,
    )
