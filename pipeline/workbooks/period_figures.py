"""The figures of a quarter, a half-year or a year: subject by subject beside the periods compared with, and month by
month."""

from collections.abc import Mapping, Sequence

from pipeline.base.calendar import Month
from pipeline.base.frames import records
from pipeline.contract.figure import Figure, Level
from pipeline.workbooks.blocks import Block, Cell, Column, Note, SheetPlan, Shown, Spark, Table
from pipeline.workbooks.figure_tables import TREND_TABLE, is_unlike
from pipeline.workbooks.gaps import gaps_text, month_marked
from pipeline.workbooks.overview import is_compared_twice, target_figure
from pipeline.workbooks.sheets import plan_sheet
from pipeline.workbooks.view import ORGANISATION, View, number

_VALUES = ("value", "previous", "last_year", "comparable")
_PREVIOUS = ("previous", "change", "comparable", "previous_comparable")  # not told of a year: it is last year
_LIKE = ("comparable", "previous_comparable", "comparable_last_year", "last_year_comparable")
_MOST_BY_MONTH = 40  # entities month by month: of more the tidy data tell


def by_subject(view: View) -> Mapping[str, tuple[Figure, ...]]:
    """The figures of which anything is known, by subject, in their order."""
    found: dict[str, list[Figure]] = {}
    for figure in view.report.figures:
        if any(view.raw(figure, name) is not None for name in _VALUES):
            found.setdefault(figure.subject, []).append(figure)
    return {subject: tuple(figures) for subject, figures in found.items()}


def subject_word(view: View, subject: str) -> str:
    """The heading under which a subject's figures stand."""
    for key in (f"sheet.{subject}", f"table.{subject}"):
        if view.words.has(f"workbooks.{key}"):
            return view.word(key)
    return view.word("sheet.own_figures")


def figures_sheet(view: View, *, locked: bool = False) -> SheetPlan | None:
    """Every figure: the period, the one before, a year ago, target; one table, whose header every page repeats."""
    known = by_subject(view)
    shown = [figure for figures in known.values() for figure in figures]
    if not shown:
        return None
    columns = _columns(view, shown)
    rows = tuple(
        (subject_word(view, subject), *(_cell(view, figure, one.key) for one in columns[1:]))
        for subject, figures in known.items()
        for figure in figures
    )
    table = Table("period_figures", "", tuple(columns), rows, tuple(figure.key for figure in shown))
    few = view.word("note.thin", count=view.report.settings.profile.least_count)
    notes = [view.word("note.unlike")] if is_unlike(view, shown) else []
    notes += [few] if any(view.is_thin(one) for one in shown) else []
    blocks: list[Block] = [table, *(Note(one) for one in (*notes, view.word("note.joins")))]
    return plan_sheet(view, "period_figures", blocks, freeze_columns=2, locked=locked)


def _columns(view: View, figures: Sequence[Figure]) -> list[Column]:
    """What is told of the figures; targets, and what is compared where that is not the totals, only where it is."""
    names = ["value", "previous", "change", "last_year", "yoy"]
    names += _LIKE if is_unlike(view, figures) else ()
    targets = [(view.raw(one, "target"), view.raw(one, "target_comparable")) for one in figures]
    if any(target is not None or like is not None for target, like in targets):
        names.append("target")
        names += ["target_comparable"] if any(target != like for target, like in targets) else []
        names.append("completion")
    names += ["whole"] if view.report.level != "organisation" else []
    if not is_compared_twice(view):
        names = [one for one in names if one not in _PREVIOUS]
    styles = {"change": "change_percent", "yoy": "change_percent", "completion": "percent1"}
    return [
        Column("subject", view.word("column.subject")),
        Column("figure", view.word("column.figure")),
        Column("unit", view.word("column.unit")),
        *(Column(one, view.word(f"column.{one}"), styles.get(one, "number2"), bar=one == "completion")
          for one in names),
        Column("trend", view.word("column.trend"), "spark"),
    ]  # fmt: skip


def _cell(view: View, figure: Figure, name: str) -> Cell:
    if name in ("figure", "unit"):
        return view.to_glossary(figure) if name == "figure" else view.unit(figure)
    if name in ("change", "yoy"):
        return view.change(figure, name)
    if name == "completion":
        return view.raw(figure, name)
    if name == "whole":
        return view.value(figure, "value", *ORGANISATION)
    return Spark(TREND_TABLE, figure.key) if name == "trend" else view.value(figure, name)


def months_sheet(view: View, *, locked: bool = False) -> SheetPlan | None:
    """Every figure with a column a month."""
    known = by_subject(view)
    if not known:
        return None
    columns = (
        Column("subject", view.word("column.subject")),
        Column("figure", view.word("column.figure")),
        Column("unit", view.word("column.unit")),
        *_month_columns(view),
        Column("value", view.word("column.value"), "number2"),
    )
    rows = tuple(
        (subject_word(view, subject), *_months_row(view, figure))
        for subject, figures in known.items()
        for figure in figures
    )
    blocks: list[Block] = [Table("period_months", "", columns, rows), Note(view.word("note.joins"))]
    blocks += [Note(gaps)] if (gaps := gaps_text(view)) else []
    return plan_sheet(view, "period_months", blocks, freeze_columns=2, locked=locked)


def entities_sheet(view: View, level: Level) -> SheetPlan | None:
    """Each manager or region with a column a month, by the main figure."""
    table = _entities_by_month(view, level)
    return None if table is None else plan_sheet(view, "period_entities", [table], freeze_columns=1)


def span_months(view: View) -> tuple[Month, ...]:
    """The months of the report's period."""
    return view.report.period.months


def _month_columns(view: View) -> list[Column]:
    return [Column(str(one), month_marked(view, one, shifts=(0,)), "number2") for one in span_months(view)]


def _months_row(view: View, figure: Figure) -> tuple[Cell, ...]:
    values = view.course(figure, months=span_months(view))
    style = view.style(figure)
    return (view.label(figure), view.unit(figure), *(Shown(one, style) for one in values), view.value(figure))


def _entities_by_month(view: View, level: Level) -> Table | None:
    figure, entities = target_figure(view), view.entities(level)
    if figure is None or not 1 < len(entities) <= _MOST_BY_MONTH:
        return None
    frame = view.report.history
    own = frame[(frame["level"] == level) & (frame["figure"] == figure.key)]
    values = {(str(one["entity_id"]), str(one["month"])): number(one["value"]) for one in records(own)}
    columns = (
        Column("entity", view.level_word(level, heading=True)),
        Column("unit", view.word("column.unit")),
        *_month_columns(view),
        Column("value", view.word("column.value"), "number2"),
    )
    style = view.style(figure)

    def row(entity: str) -> tuple[Cell, ...]:
        each = (view.scaled(figure, values.get((entity, str(one)))) for one in span_months(view))
        shown = (Shown(one, style) for one in each)
        return (view.name(level, entity), view.unit(figure), *shown, view.value(figure, "value", level, entity))

    rows = tuple(row(entity) for entity in entities)
    title = view.word("table.by_month", level=view.level_word(level), figure=view.label(figure))
    return Table("period_entities", title, columns, rows, tuple(entities))
