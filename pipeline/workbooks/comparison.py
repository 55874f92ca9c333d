"""Sheets that put managers or regions side by side, for the region's and the headquarters' workbook."""

from collections.abc import Sequence
from dataclasses import replace

from pipeline.contract.figure import Level, Subject
from pipeline.workbooks.blocks import Block, Chart, Note, SheetPlan, Table
from pipeline.workbooks.complaint_tables import department_table, repeated_table
from pipeline.workbooks.details import action_table, case_table, dimension_table, sum_table
from pipeline.workbooks.figure_tables import (
    MOST_ENTITIES,
    entity_table,
    festival_table,
    target_chart,
    target_table,
    trend_chart,
)
from pipeline.workbooks.findings import finding_records, findings_list
from pipeline.workbooks.forecast import forecast_parts_table, forecast_table, track_table
from pipeline.workbooks.forecast_course import forecast_course
from pipeline.workbooks.lists import list_table
from pipeline.workbooks.overview import main_figures
from pipeline.workbooks.parts import (
    INTERVAL,
    bar_chart,
    chart_row,
    list_sheet,
    said,
    sources,
    subject_table,
    trends,
)
from pipeline.workbooks.sales_below import sales_below_tables
from pipeline.workbooks.sheets import plan_sheet
from pipeline.workbooks.view import View

# In which table a finding's figure stands, by the subject of the figure; in every kind of workbook.
FIGURE_TABLES = {
    "sales": "sales_figures",
    "visits": "visits_figures",
    "complaints": "complaints_figures",
    "satisfaction": "satisfaction_figures",
    "base": "base_figures",
    "customers": "customers_figures",
}
LEVEL_SHEETS: dict[Level, str] = {"manager": "managers", "region": "regions"}
TARGET_SHEETS: dict[Level, str] = {"manager": "targets", "region": "region_targets"}


def volume_targets(view: View, level: Level) -> Table | None:
    """Each manager's or region's volume against its target."""
    volume = view.figures.get("volume")
    if volume is None:
        return None
    title = view.word("table.targets", figure=view.label(volume), level=view.level_word(level))
    return target_table(view, f"{level}_targets", title, volume, level)


def sales_sheet(view: View) -> SheetPlan:
    """What was sold: all figures of sales, and the course of the main ones."""
    blocks: list[Block | None] = [
        said(view, "sales"),
        subject_table(view, "sales"),
        sources(view, view.of_subject("sales")),
        chart_row([trend_chart(view, [one]) for one in view.those_of(("volume", "amount"))]),
        festival_table(view),
        *(list_table(view, name) for name in ("growth_effects", "growth_by_customers")),
    ]
    return plan_sheet(view, "sales", blocks)


def compared_sheet(view: View, targets: Table | None, level: Level) -> SheetPlan:
    """Managers or regions side by side: targets, then the main figures."""
    volume = view.figures.get("volume")
    blocks: list[Block | None] = [targets] if targets and len(targets.rows) <= MOST_ENTITIES else []
    if blocks and targets and targets.rows and volume:
        blocks.append(target_chart(view, targets, volume, level, beside=True))
    title = view.word("table.compared", level=view.level_word(level))
    blocks.append(entity_table(view, f"{level}_figures", title, main_figures(view), level, bars=("amount",)))
    blocks.append(Note(view.word("note.counts")))
    return plan_sheet(view, LEVEL_SHEETS[level], blocks, freeze_columns=1)


def targets_sheet(view: View, targets: Table | None, level: Level) -> SheetPlan | None:
    """Targets of so many managers or regions that they need a sheet of their own; None where they stand among the
    others."""
    if targets is None or len(targets.rows) <= MOST_ENTITIES:
        return None
    return list_sheet(view, TARGET_SHEETS[level], targets)


def subject_sheets(view: View, level: Level) -> tuple[SheetPlan, SheetPlan, SheetPlan]:
    """Visits, complaints and satisfaction, each down to the managers or regions."""
    categories, products = (sum_table(view, f"complaints_by_{key}") for key in ("category", "product"))
    departments = [department_table(view)] if view.report.level == "organisation" else []
    dimensions = dimension_table(view)
    return (
        _subject_sheet(
            view,
            "visits",
            level,
            (trends(view, "visits"), trends(view, "coverage", "plan_completion")),
            (),
        ),
        _subject_sheet(
            view,
            "complaints",
            level,
            (trends(view, "complaints"), trends(view, "on_time_rate")),
            (categories, products, *departments, repeated_table(view)),
        ),
        _subject_sheet(
            view,
            "satisfaction",
            level,
            (trends(view, *INTERVAL), bar_chart(view, dimensions, "score")),
            (dimensions, *(list_table(view, name) for name in ("satisfaction_change", "satisfaction_trend"))),
        ),
    )


def _subject_sheet(
    view: View, subject: Subject, level: Level, charts: Sequence[Chart | None], details: Sequence[Table]
) -> SheetPlan:
    """A subject's figures, their charts, each manager's or region's figures, further tables."""
    figures = view.of_subject(subject)
    title = view.word("table.by_level", level=view.level_word(level), name=view.word(f"sheet.{subject}"))
    blocks: tuple[Block | None, ...] = (
        subject_table(view, subject),
        sources(view, figures),
        chart_row(charts),
        entity_table(view, f"{subject}_{level}s", title, figures, level) if figures else None,
        *details,
    )
    return plan_sheet(view, subject, blocks)


def base_sheet(view: View, *, locked: bool = False) -> SheetPlan:
    """How many customers there are, how the amount is spread over them, and stocks out of order."""
    subjects: tuple[Subject, ...] = ("base", "customers")
    blocks = [subject_table(view, subject) for subject in subjects if view.of_subject(subject)]
    lost = [name for name in ("customers_moved", "losses") if len(view.detail(name))]
    blocks += [list_table(view, name) for name in (*lost, "pareto", "stock_health")]
    return plan_sheet(view, "base", blocks, locked=locked)


def customers_sheet(view: View, *, locked: bool = False) -> SheetPlan:
    """Customers that move: those who came from other entities or went to them, then one by one whose orders do."""
    has_moves = len(view.detail("customers_moved")) > 0
    moved = [replace(list_table(view, "customers_moved"), name="moved_in_and_out")] if has_moves else []
    return plan_sheet(view, "customers", [*moved, list_table(view, "customers_by_movement")], locked=locked)


def evaluation_sheets(view: View) -> tuple[SheetPlan, SheetPlan]:
    """Whom the evaluation recommends, and whom it proposes to put a grade down."""
    return (
        list_sheet(view, "evaluation", list_table(view, "promotion_list")),
        list_sheet(view, "downgrades", list_table(view, "downgrade_proposals")),
    )


def visit_lists(view: View, *, locked: bool = False) -> tuple[SheetPlan, SheetPlan]:
    """What visits found amiss, and planned visits that were not made (too many for headquarters to list)."""
    return (
        list_sheet(view, "offences", list_table(view, "visit_offences"), locked=locked),
        list_sheet(view, "missed", list_table(view, "missed_visits"), locked=locked),
    )


def cases_sheet(view: View) -> SheetPlan:
    """The list of cases."""
    return list_sheet(view, "cases", case_table(view))


def forecast_sheets(view: View) -> tuple[SheetPlan, SheetPlan]:
    """Next month, with its intervals and what the forecasts so far were worth; then every part of it."""
    chart, course = forecast_course(view) or (None, None)
    blocks = [said(view, "forecast"), chart, forecast_table(view), track_table(view), course]
    return plan_sheet(view, "forecast", blocks), list_sheet(view, "forecast_parts", forecast_parts_table(view))


def problems_sheet(view: View) -> SheetPlan:
    """What was found this month, and what the managers have in hand about it."""
    below = sales_below_tables(view, finding_records(view))
    blocks = [said(view, "problems"), findings_list(view, FIGURE_TABLES), *below, action_table(view)]
    return plan_sheet(view, "problems", blocks)
