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
from pipeline.workbooks.figure_tables import figure_table, trend_chart
from pipeline.workbooks.sheets import form_names, plan_sheet
from pipeline.workbooks.view import View

MOST_BARS = 12


def said(view: View, part: str) -> SentenceBlock | None:
    """The sentences of one part of the report, where it has any."""
    sentences = view.report.sentences.get(part, ())
    if not sentences:
        return None
    return SentenceBlock(view.word(f"said.{part}"), tuple(Sentence(one) for one in sentences))


def list_sheet(view: View, key: str, tables: Sequence[Table], *, locked: bool = False) -> SheetPlan:
    """One list on a sheet of its own: it may be long, and its header is then repeated on every printed page."""
    return plan_sheet(view, key, tables, locked=locked)


def trends(view: View, *keys: str) -> Chart | None:
    """The course of those of the figures that this trade has, of one unit."""
    figures = view.those_of(keys)
    name = view.words.pick("、", ", ").join(view.label(one) for one in figures)
    return trend_chart(view, figures, name) if figures else None


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


def bar_chart(view: View, table: Table | None, key: str, unit: str, most: float | None = None) -> Chart | None:
    """One column of a detail table as bars, in the table's order; none where it has too many rows to read.

    Args:
        unit: of the bars, as figures name theirs.
        most: what a bar can reach, where that is known.
    """
    if table is None:
        return None
    headers = {column.key: column.header for column in table.columns}
    if not 0 < len(table.rows) <= MOST_BARS:
        return None
    return Chart(
        table.title,
        "bar",
        (table.name, table.columns[0].key),
        (Series(headers[key], table.name, key),),
        view.word(f"unit.{unit}"),
        view.word("alt.detail", title=table.title),
        least=0,
        most=most,
    )
