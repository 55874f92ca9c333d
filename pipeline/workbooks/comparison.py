"""Sheets that put managers or regions side by side, for the region's and the headquarters' workbook."""

from collections.abc import Sequence

from pipeline.base.calendar import Month
from pipeline.base.frames import records
from pipeline.contract.figure import Level, Subject
from pipeline.workbooks.behind_findings import tables_behind
from pipeline.workbooks.blocks import Block, Chart, Note, SheetPlan, Table
from pipeline.workbooks.details import action_table
from pipeline.workbooks.figure_tables import (
    MOST_ENTITIES,
    entity_table,
    target_chart,
    target_table,
)
from pipeline.workbooks.findings import finding_records, findings_list
from pipeline.workbooks.forecast import forecast_parts_table, forecast_table, track_table
from pipeline.workbooks.forecast_course import forecast_course
from pipeline.workbooks.overview import main_figures, target_figure
from pipeline.workbooks.parts import (
    chart_row,
    list_sheet,
    said,
    sources,
    subject_table,
)
from pipeline.workbooks.sheets import plan_sheet
from pipeline.workbooks.view import View, text

LEVEL_SHEETS: dict[Level, str] = {"manager": "managers", "region": "regions"}
TARGET_SHEETS: dict[Level, str] = {"manager": "targets", "region": "region_targets"}


def main_targets(view: View, level: Level) -> Table | None:
    """Each manager's or region's main figure (volume) against its target."""
    volume = target_figure(view)
    if volume is None:
        return None
    title = view.word("table.targets", figure=view.label(volume), level=view.level_word(level))
    return target_table(view, f"{level}_targets", title, volume, level)


def compared_sheet(view: View, targets: Table | None, level: Level) -> SheetPlan:
    """Managers or regions side by side: targets, then the main figures."""
    volume = target_figure(view)
    blocks: list[Block | None] = [targets] if targets and len(targets.rows) <= MOST_ENTITIES else []
    if blocks and targets and targets.rows and volume:
        blocks.append(target_chart(view, targets, volume, level, beside=True))
    title = view.word("table.compared", level=view.level_word(level))
    blocks.append(entity_table(view, f"{level}_figures", title, main_figures(view), level, bars=("amount",)))
    blocks += [Note(view.word("note.counts")), *moves_told(view)]
    return plan_sheet(view, LEVEL_SHEETS[level], blocks, freeze_columns=1)


def moves_told(view: View) -> tuple[Note, ...]:
    """Of a region's longer period why its managers' rows do not add up to it: who belonged to another region, and
    when."""
    if view.report.level != "region":
        return ()
    beside = view.words.pick("、", ", ")
    return tuple(
        Note(
            view.word(
                f"note.moved_{one['way']}",
                name=one["manager_name"],
                region=one["other_region"],
                months=beside.join(
                    view.month_name(Month.parse(month)) for month in text(one["months"]).split(",")
                ),
            )
        )
        for one in records(view.detail("period_moves"))
    )


def targets_sheet(view: View, targets: Table | None, level: Level) -> SheetPlan | None:
    """Targets of so many managers or regions that they need a sheet of their own; None where they stand among the
    others."""
    if targets is None or len(targets.rows) <= MOST_ENTITIES:
        return None
    return list_sheet(view, TARGET_SHEETS[level], [targets])


def subject_sheet(
    view: View, subject: Subject, level: Level, charts: Sequence[Chart | None], details: Sequence[Table | None]
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


def forecast_sheets(view: View) -> tuple[SheetPlan, SheetPlan]:
    """Next month, with its intervals and what the forecasts so far were worth; then every part of it."""
    chart, course = forecast_course(view) or (None, None)
    blocks = [said(view, "forecast"), chart, forecast_table(view), track_table(view), course]
    return plan_sheet(view, "forecast", blocks), list_sheet(view, "forecast_parts", [forecast_parts_table(view)])


def problems_sheet(view: View) -> SheetPlan:
    """What was found this month, and what the managers have in hand about it."""
    below = tables_behind(view, finding_records(view))
    blocks = [findings_list(view), action_table(view), *below]
    return plan_sheet(view, "problems", blocks)
