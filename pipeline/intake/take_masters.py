"""Master data of a file: form by form in their order, each judged by what came before it."""

from collections.abc import Iterable, Mapping
from dataclasses import replace

from pipeline.base.calendar import Month
from pipeline.contract.master_data import context_of, read_masters
from pipeline.contract.problem import Problem
from pipeline.intake.account import Account, accounts_of
from pipeline.intake.judge import amounts, judge, kept_rows
from pipeline.intake.match import Cover, Matched, match_tables
from pipeline.intake.rate_targets import FORM as TARGETS
from pipeline.intake.rate_targets import settle_targets
from pipeline.intake.raw import RawBook
from pipeline.intake.settled import settle_table, with_codes_meant
from pipeline.intake.table import Table
from pipeline.intake.taken import FileTask, Part, Taken, refuse, refuse_month
from schemas.form import Form


def take_master(task: FileTask, book: RawBook, cover: Cover, forms: Mapping[str, Form]) -> Taken:
    """A workbook of master data: the cover says from which month on it holds."""
    if cover.valid_from is None:
        return refuse_month(task, book, cover)
    matched = match_tables(book, forms, task.settings.time_zone)
    if not matched.tables:
        return refuse(task, book, "no_form", cover)
    tables = [table for table in matched.tables if table.rows]
    taken = master_parts(task, tables, cover.valid_from, matched.problems)
    return replace(taken, accounts=(*taken.accounts, *without_rows(matched)))


def without_rows(matched: Matched) -> list[Account]:
    """The accounts of tables that hold no data, and of sheets of which none is read."""
    empty = [account for table in matched.tables if not table.rows for account in accounts_of(table, ())]
    return [*empty, *matched.unread]


def master_parts(
    task: FileTask, tables: list[Table], month: Month, problems: Iterable[Problem], *, by_name: bool = False
) -> Taken:
    """Master forms in their order: what an earlier one brings is known to the later ones. `by_name`: codes of other
    forms may be written as names (in an office's exports)."""
    masters = dict(read_masters(task.versions, month))
    found = list(problems)
    lost = {problem.form for problem in found if problem.effect == "form left out"}
    parts: list[Part] = []
    accounts: list[Account] = []
    order = list(task.settings.profile.forms)
    for table in sorted(tables, key=lambda table: order.index(table.form.key)):
        if table.form.key in lost:
            parts.append(Part(table.form.key, month, "", "", "refused", len(table.rows), len(table.rows)))
            accounts += accounts_of(table, ())
            continue
        context = context_of(month, masters, task.settings.profile)
        targets = table.form.key == TARGETS
        settled = settle_targets(table, context, task.target_names) if targets else settle_table(table, context)
        settled = with_codes_meant(settled, context) if by_name else settled
        part, frame, more = judge(task, settled, context, "", "", month)
        kept = kept_rows(table, frame)
        parts.append(part)
        accounts += accounts_of(table, kept, amounts(settled))
        found += [*settled.remarks, *more]
        if part.state == "accepted":
            masters[table.form.key] = frame
    placed = [replace(problem, file=task.name, month=str(month)) for problem in found]
    return Taken(task.sha256, task.name, tuple(parts), tuple(placed), accounts=tuple(accounts))
