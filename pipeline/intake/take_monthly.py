"""A manager's own workbook: the cover says whose and which month's it is."""

from collections.abc import Mapping
from dataclasses import replace

import pandas as pd

from pipeline.contract.master_data import read_context
from pipeline.contract.problem import Problem, quoted
from pipeline.intake.account import accounts_of
from pipeline.intake.codes import codes_of
from pipeline.intake.judge import amounts, judge, kept_rows
from pipeline.intake.match import Cover, match_tables
from pipeline.intake.nearest import nearest_of
from pipeline.intake.owner import others_form
from pipeline.intake.raw import RawBook
from pipeline.intake.reading import Reading
from pipeline.intake.row_names import with_row_names
from pipeline.intake.settled import settle_table
from pipeline.intake.table import Table
from pipeline.intake.take_masters import without_rows
from pipeline.intake.taken import FileTask, Part, Taken, refuse, refuse_month
from pipeline.intake.text_forms import same_name
from schemas.form import Context, Form


def take_monthly(task: FileTask, book: RawBook, cover: Cover, forms: Mapping[str, Form]) -> Taken:
    """A manager's own workbook: the cover says whose and which month's."""
    if not cover.manager_id:
        return refuse(task, book, "no_manager", cover)
    month = cover.month
    if month is None:
        return refuse_month(task, book, cover)
    context = read_context(task.versions, month, task.settings.profile)
    if "managers" not in context.masters:
        return refuse(task, book, "no_masters", cover)
    regions = context.masters["managers"].set_index("manager_id")["region_id"]
    cover, meant = with_manager_meant(cover, context)
    if cover.manager_id not in regions.index:
        hint = nearest_of(codes_of(context.lookup("managers"))).hint(cover.manager_id)
        return refuse(task, book, "unknown_manager", cover, cover.manager_id, **dict(hint))
    matched = match_tables(book, forms, task.settings.time_zone, month)
    if not matched.tables:
        return refuse(task, book, "no_form", cover)
    other = others_form(cover, matched.tables, context.masters)
    if other is not None:
        return refuse(task, book, "others_form", cover, cover.manager_name, **other)
    lost = {problem.form for problem in matched.problems if problem.effect == "form left out"}
    parts: list[Part] = []
    accounts = without_rows(matched)
    problems = [*meant, *wrong_name(cover, context.masters), *_unclear_ticks(cover), *matched.problems]
    for table in matched.tables:
        key, region = table.form.key, str(regions[cover.manager_id])
        if key in lost:
            count = len(table.rows)
            parts.append(Part(key, month, cover.manager_id, region, "refused", count, count))
            accounts += accounts_of(table, ())
        elif table.rows:
            settled = settle_table(with_sender(table, cover.manager_id), context)
            part, frame, more = judge(task, settled, context, cover.manager_id, region, month)
            parts.append(part)
            accounts += accounts_of(table, kept_rows(table, frame), amounts(settled))
            problems += [*settled.remarks, *with_row_names(more, settled, context)]
        elif key in cover.nil_forms:
            parts.append(Part(key, month, cover.manager_id, region, "nil"))
        if table.rows and key in cover.nil_forms:
            problems.append(Problem("nil_but_filled", "note", form=key, sheet=table.sheet))
    placed = [
        replace(one, file=task.name, manager_id=cover.manager_id, month=str(cover.month)) for one in problems
    ]
    return Taken(task.sha256, task.name, tuple(parts), tuple(placed), accounts=tuple(accounts))


def with_manager_meant(cover: Cover, context: Context) -> tuple[Cover, list[Problem]]:
    """The cover with the manager's code that is certainly meant (m001; 101 where only 0101 fits), and the note."""
    reading = codes_of(context.lookup("managers")).meant(Reading(cover.manager_id))
    if not reading.rule:
        return cover, []
    note = Problem(
        reading.rule, "note", sheet=cover.sheet, found=quoted(cover.manager_id), details=reading.details
    )
    return replace(cover, manager_id=str(reading.value)), [note]


def wrong_name(cover: Cover, masters: Mapping[str, pd.DataFrame]) -> list[Problem]:
    """A note where the name on the cover is not the manager's."""
    known = masters["managers"].set_index("manager_id")["manager_name"].get(cover.manager_id, "")
    if not cover.manager_name or same_name(cover.manager_name, str(known)):
        return []
    return [Problem("manager_name", "note", sheet=cover.sheet, found=quoted(cover.manager_name),
                    details=(("name", str(known)),))]  # fmt: skip


def _unclear_ticks(cover: Cover) -> list[Problem]:
    return [
        Problem("nil_unclear", "note", form=form, sheet=cover.sheet, found=quoted(found))
        for form, found in cover.unclear_ticks
    ]


def with_sender(table: Table, manager_id: str) -> Table:
    """The table with a manager as the sender of each row."""
    return replace(table, cells={**table.cells, "manager_id": [manager_id] * len(table.rows)})
