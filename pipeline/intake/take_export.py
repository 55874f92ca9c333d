"""An office's export: its rows by month and manager, each judged as if that manager had sent them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import pandas as pd

from pipeline.base.calendar import Month
from pipeline.base.month_rows import BESIDE
from pipeline.contract.exports import Export
from pipeline.contract.master_data import context_of, read_context
from pipeline.contract.problem import Problem
from pipeline.intake.account import accounts_of
from pipeline.intake.cell_problems import row_of
from pipeline.intake.check import Checked, check_rows
from pipeline.intake.coverage import (
    coverage_of,
    covers_month,
    how_it_replaces,
    managers_without_lines,
    month_of_rows,
    span_of,
    stands_beside,
)
from pipeline.intake.export import match_export, valid_from
from pipeline.intake.judge import amounts, part_of, sourced, stage_rows
from pipeline.intake.placing import WhoseRows, with_factors, with_managers, with_total_day
from pipeline.intake.raw import RawBook
from pipeline.intake.row_names import with_row_names
from pipeline.intake.settled import Settled, settle_table, with_codes_meant
from pipeline.intake.table import Table
from pipeline.intake.take_masters import master_parts
from pipeline.intake.taken import FileTask, Part, Taken, some_of, together
from pipeline.intake.unplaced import undated_rows, unplaced_rows, within_span
from schemas.form import Form


def take_exports(task: FileTask, book: RawBook, exports: list[Export], forms: Mapping[str, Form]) -> Taken:
    """An office's export: each mapping that names one of these forms makes a table."""
    taken: list[Taken] = []
    master_tables: dict[Month, list[Table]] = {}
    for export in exports:
        matched = match_export(book, export, forms[export.form], task.name, task.settings.time_zone)
        told = [replace(problem, file=task.name) for problem in matched.problems]
        month = valid_from(export, task.name)
        if matched.table is None:
            taken.append(some_of(task, problems=told, accounts=matched.unread))
            continue
        if task.kind == "monthly":
            taken.append(_export_parts(task, matched.table, export))
        elif month is None:
            told.append(Problem("export_month", "form left out", file=task.name, form=export.form))
            taken.append(some_of(task, accounts=accounts_of(matched.table, ())))
        else:
            master_tables.setdefault(month, []).append(matched.table)
        taken.append(some_of(task, problems=told, accounts=matched.unread))
    taken += [
        master_parts(task, tables, month, (), by_name=True) for month, tables in sorted(master_tables.items())
    ]
    return together(task, taken)


def _export_parts(task: FileTask, table: Table, export: Export) -> Taken:
    """The rows of an export by month and manager, each judged as if that manager had sent it."""
    settled = with_total_day(settle_table(table, context_of(Month(2000, 1), {}, task.settings.profile)), export)
    if table.form.month_column is None and valid_from(export, task.name) is None:
        problem = Problem("export_month", "form left out", file=task.name, form=export.form)
        return some_of(task, problems=[problem], accounts=accounts_of(table, ()))
    months = month_of_rows(export, table.form, task.name, settled.rows)
    undated, amounts_by_row = settled.rows[months.isna()], amounts(settled)
    worked_out: list[pd.Series] = []
    parts: list[Part] = []
    kept: list[int] = []
    problems = [replace(problem, file=task.name) for problem in settled.remarks]
    if how_it_replaces(export, table.form) == "span":
        span = span_of(export, task.name)
        if span is None:
            problem = Problem("export_span", "form left out", file=task.name, form=export.form)
            return some_of(task, problems=[problem], accounts=accounts_of(table, ()))
        settled, outside = within_span(task, settled, span)
        months = months[settled.rows.index]
        problems += outside
    problems += undated_rows(task, settled, undated)
    for month, rows in settled.rows.groupby(months, sort=True):
        of_month = _export_month(task, replace(settled, rows=rows), export, Month.parse(str(month)), undated)
        parts += of_month.parts
        problems += of_month.problems
        kept += of_month.kept
        worked_out += [] if of_month.amounts is None else [of_month.amounts]
    if amounts_by_row is not None and worked_out:
        told = pd.concat(worked_out)
        amounts_by_row = pd.concat([told, amounts_by_row.drop(told.index)])
    return some_of(task, parts, problems, accounts_of(table, kept, amounts_by_row))


@dataclass(frozen=True)
class _OfMonth:
    """What came of the rows of one month: parts, problems, the rows that were accepted, and the yuan of each row."""

    parts: Sequence[Part] = ()
    problems: Sequence[Problem] = ()
    kept: Sequence[int] = ()
    amounts: pd.Series | None = None


def _export_month(
    task: FileTask, settled: Settled, export: Export, month: Month, undated: pd.DataFrame
) -> _OfMonth:
    """All managers' rows of one month: checked together, accepted or refused manager by manager. `undated` are rows of
    the file that may be this month's or another's."""
    context = read_context(task.versions, month, task.settings.profile)
    if "managers" not in context.masters:
        return _OfMonth(problems=unplaced_rows(task, settled, settled.rows, WhoseRows(rule="no_masters"), month))
    before = len(settled.remarks)
    settled = with_factors(with_codes_meant(settled, context), export, context)
    settled, whose = with_managers(settled, export, context, month)
    regions = context.masters["managers"].set_index("manager_id")["region_id"]
    known = settled.rows["manager_id"].isin(regions.index)
    problems = [replace(one, file=task.name, month=str(month)) for one in settled.remarks[before:]]
    problems += unplaced_rows(task, settled, settled.rows[~known], whose, month)
    placed = replace(settled, rows=settled.rows[known])
    checked = check_rows(placed, context, repeats=export.repeats)
    named = with_row_names(checked.problems, settled, context)
    problems += [replace(one, file=task.name, month=str(month)) for one in _of_senders(named, placed)]
    parts: list[Part] = []
    frames: list[pd.DataFrame] = []
    kept: list[int] = []
    for manager in sorted(set(placed.rows["manager_id"])):
        own = Checked(
            checked.accepted[checked.accepted["manager_id"] == manager],
            checked.left_out[checked.left_out["manager_id"] == manager],
            (),
        )
        part, more = part_of(task, settled.table, own, str(manager), str(regions[manager]), month)
        covers = coverage_of(export, settled.table.form, task.name, month, own.accepted)
        beside = stands_beside(settled.table.form, own.accepted)
        parts.append(replace(part, replaces=covers.replaces, days=covers.days, beside=beside))
        problems += [replace(one, file=task.name, manager_id=str(manager), month=str(month)) for one in more]
        if part.state == "accepted" and len(own.accepted):
            kept += [int(row) for row in own.accepted.index]
            rows = sourced(task, settled.table, own.accepted, str(manager), str(regions[manager]))
            frames.append(rows.assign(**{BESIDE: "yes"}) if beside else rows)
    path = stage_rows(task, pd.concat(frames, ignore_index=True)) if frames else ""
    staged = [replace(part, path=path if part.state == "accepted" else "") for part in parts]
    if frames and covers_month(export, task.name, month):
        nil, doubts = _without_lines(task, settled, export, month, undated, context.masters["managers"])
        staged += [replace(part, region_id=str(regions[part.manager_id])) for part in nil]
        problems += doubts
    return _OfMonth(staged, problems, kept, amounts(settled))


def _of_senders(problems: Sequence[Problem], placed: Settled) -> list[Problem]:
    """The problems, each with the manager whose row it is."""
    senders, table = placed.rows["manager_id"], placed.table
    rows = [row_of(one, table, senders.index) for one in problems]
    return [replace(one, manager_id=str(senders.get(row, ""))) for one, row in zip(problems, rows, strict=True)]


def _without_lines(
    task: FileTask,
    settled: Settled,
    export: Export,
    month: Month,
    undated: pd.DataFrame,
    managers: pd.DataFrame,
) -> tuple[list[Part], list[Problem]]:
    """Nil returns of the managers without a line in a complete export; none where a line could be anybody's.

    They take the place of what the file's lines take the place of; where that is told by the days that occur, of
    nothing.
    """
    form = settled.table.form
    named = pd.concat([settled.rows["manager_id"], undated["manager_id"]])
    unclear = named[~named.isin(managers["manager_id"])]
    without = managers_without_lines(managers, month, set(named.dropna()))
    if without and len(unclear):
        told = Problem(
            "covers_in_doubt", "note", file=task.name, month=str(month), form=form.key,
            sheet=settled.table.sheet, details=(("rows", str(len(unclear))),),
        )  # fmt: skip
        return [], [told]
    none = settled.rows.iloc[:0]
    covers, beside = coverage_of(export, form, task.name, month, none), stands_beside(form, none)
    return [
        Part(form.key, month, manager, "", "nil", replaces=covers.replaces, days=covers.days, beside=beside)
        for manager in without
    ], []
