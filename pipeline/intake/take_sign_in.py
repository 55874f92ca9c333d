"""A week's sign-in book: the visits that were filled in, each in its own month.

The book says whose and which week's it is. Of its rows only those in which something was typed are visits: what stood
there from the start (day, customer, kind) says nothing of whether anybody went, and is known by its mark as in a form
that was filled in beforehand. It takes the place of its days, in both
months where the week spans two; so a newer copy of the same week replaces an older one.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

import pandas as pd

from pipeline.base.calendar import Month
from pipeline.base.week import Week
from pipeline.contract import form_layout as layout
from pipeline.contract.master_data import read_context
from pipeline.contract.problem import Problem, quoted
from pipeline.contract.schedule import planned_of
from pipeline.intake.account import accounts_of, note_of_rows
from pipeline.intake.codes import codes_of
from pipeline.intake.judge import judge, kept_rows
from pipeline.intake.match import Cover, Matched, match_tables
from pipeline.intake.nearest import nearest_of
from pipeline.intake.owner import others_form
from pipeline.intake.raw import RawBook, RawSheet
from pipeline.intake.row_names import with_row_names
from pipeline.intake.settled import Settled, settle_table
from pipeline.intake.table import Table
from pipeline.intake.take_masters import without_rows
from pipeline.intake.take_monthly import with_manager_meant, with_sender, wrong_name
from pipeline.intake.taken import FileTask, Part, Taken, refuse
from pipeline.intake.unplaced import within_span
from schemas.form import Context, Form

_OF_BOOK = {"prefilled": "not_visited"}  # what is no data in a book, by what it is in other forms


def take_sign_in_book(task: FileTask, book: RawBook, cover: Cover, forms: Mapping[str, Form]) -> Taken:
    """A sign-in book; of a trade that plans no visits it is nothing that could be taken in."""
    planned, week = planned_of(task.settings.profile), cover.week
    if planned is None or planned.form not in forms or week is None:
        return refuse(task, book, "no_form", cover)
    contexts = {month: read_context(task.versions, month, task.settings.profile) for month in week.months}
    context = next((one for one in reversed(contexts.values()) if "managers" in one.masters), None)
    if context is None:
        return refuse(task, book, "no_masters", cover)
    cover, meant = with_manager_meant(cover, context)
    if cover.manager_id not in set(context.masters["managers"]["manager_id"]):
        hint = nearest_of(codes_of(context.lookup("managers"))).hint(cover.manager_id)
        return refuse(task, book, "unknown_manager", cover, cover.manager_id, **dict(hint))
    form = forms[planned.form]
    matched = _as_book(match_tables(book, {form.key: form}, task.settings.time_zone), book)
    if not matched.tables:
        return refuse(task, book, "no_form", cover)
    other = others_form(cover, matched.tables, context.masters)
    if other is not None:
        return refuse(task, book, "others_form", cover, cover.manager_name, **other)
    notes = [*meant, *wrong_name(cover, context.masters), *matched.problems]
    of_book = _Book(task, cover.manager_id, week, contexts, context)
    taken = of_book.taken(matched)
    told = [_placed(one, task, cover.manager_id, week) for one in (*notes, *taken.problems)]
    return replace(taken, problems=tuple(told), accounts=(*without_rows(matched), *taken.accounts))


def _placed(problem: Problem, task: FileTask, manager_id: str, week: Week) -> Problem:
    month = problem.month or str(week.months[0])
    return replace(problem, file=task.name, manager_id=manager_id, month=month)


@dataclass(frozen=True)
class _Book:
    """Whose and which week's a book is; `contexts` by month, and the one by which its codes are read."""

    task: FileTask
    manager_id: str
    week: Week
    contexts: Mapping[Month, Context]
    context: Context

    def taken(self, matched: Matched) -> Taken:
        """The parts of each month, and what is wrong in its rows."""
        table = matched.tables[0]
        if any(one.effect == "form left out" for one in matched.problems):
            month, count = self.week.months[0], len(table.rows)
            part = Part(
                table.form.key, month, self.manager_id, self._region(self.context), "refused", count, count
            )
            parts = (self._of_week(part),)
            return Taken(self.task.sha256, self.task.name, parts, (), accounts=tuple(accounts_of(table, ())))
        if not table.rows:
            blank = Problem(
                "sign_in_blank",
                "note",
                form=table.form.key,
                sheet=table.sheet,
                details=(("week", str(self.week)),),
            )
            return Taken(self.task.sha256, self.task.name, (), (blank,))
        settled = settle_table(with_sender(table, self.manager_id), self.context)
        span = (self.week.monday, self.week.sunday)
        inside, outside = within_span(self.task, settled, span, "outside_week")
        found: list[Part] = []
        kept: list[int] = []
        problems: list[Problem] = [*settled.remarks, *outside]
        for month, rows in self._by_month(inside):
            part, frame, more = self._judged(replace(inside, rows=rows), month)
            found.append(part)
            kept += kept_rows(table, frame)
            problems += more
        accounts = tuple(accounts_of(table, kept))
        return Taken(self.task.sha256, self.task.name, tuple(found), tuple(problems), accounts=accounts)

    def _by_month(self, settled: Settled) -> Iterable[tuple[Month, pd.DataFrame]]:
        """The rows of each month of which there are any; those without a usable day count with the first of them."""
        days = settled.rows[settled.table.form.month_column or ""]
        months = [month for month in self.week.months if days.dt.strftime("%Y-%m").eq(str(month)).any()]
        for number, month in enumerate(months or self.week.months[:1]):
            here = days.dt.strftime("%Y-%m").eq(str(month)) | (days.isna() if number == 0 else False)
            yield month, settled.rows[here]

    def _judged(self, settled: Settled, month: Month) -> tuple[Part, pd.DataFrame, list[Problem]]:
        context = self.contexts[month]
        if "managers" not in context.masters:
            context = self.context
        part, frame, more = judge(self.task, settled, context, self.manager_id, self._region(context), month)
        told = [replace(one, month=str(month)) for one in with_row_names(more, settled, context)]
        return self._of_week(part), frame, told

    def _region(self, context: Context) -> str:
        managers = context.masters["managers"].drop_duplicates("manager_id").set_index("manager_id")
        return str(managers["region_id"].get(self.manager_id, ""))

    def _of_week(self, part: Part) -> Part:
        """The part as one that takes the place of the week's days in its month."""
        days = tuple(str(day) for day in self.week.days_in(part.month))
        return replace(part, replaces="days", days=days, week=str(self.week))


def _as_book(matched: Matched, book: RawBook) -> Matched:
    """The tables, and what was found without what belongs to any book."""
    sheets = {sheet.name: sheet for sheet in book.sheets}
    tables = tuple(_with_rows_said(one, sheets[one.sheet]) for one in matched.tables)
    own = {quoted(text) for text in layout.MANAGER_SIGNED.both}
    told = [one for one in matched.problems if one.rule != "not_data"]
    told = [one for one in told if not (one.rule == "unknown_heading" and one.found in own)]
    return replace(
        matched, tables=tables, problems=(*told, *(note for one in tables for note in note_of_rows(one)))
    )


def _with_rows_said(table: Table, sheet: RawSheet) -> Table:
    """A table of which it is said that lines for people are such, and that rows in which nothing was typed are
    customers whom nobody visited."""
    shown = {
        sheet.first_row + index
        for index, row in enumerate(sheet.rows)
        if row and isinstance(row[0], str) and row[0].startswith(layout.SHOWN_MARK)
    }
    aside = {row: "shown" if row in shown else _OF_BOOK.get(why, why) for row, why in table.not_data.items()}
    return replace(table, not_data=aside)
