"""A region's sheet of what is to be decided, come back filled in: as it was written, moved to a file of its own, or as
a template.

The code of the region and the month stand on the sheet itself (in a template: on the cover), so that a file may be
called anything. Of a workbook made here nothing but that sheet is read.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial

import pandas as pd

from pipeline.base.calendar import Month
from pipeline.contract import form_layout as layout
from pipeline.contract.master_data import read_context
from pipeline.contract.problem import Problem, quoted
from pipeline.intake.account import Account, accounts_of
from pipeline.intake.codes import codes_of
from pipeline.intake.judge import judge, kept_rows
from pipeline.intake.match import Matched, is_blank, match_tables, month_beside, unread_account, values_beside
from pipeline.intake.nearest import nearest_of
from pipeline.intake.raw import Cell, RawBook
from pipeline.intake.reading import Reading, shown
from pipeline.intake.references import Known, references_of
from pipeline.intake.settled import Settled, settle_table
from pipeline.intake.table import Table
from pipeline.intake.taken import FileTask, Part, Taken
from pipeline.intake.text_forms import plain, unguarded
from schemas.decisions import REFERENCES
from schemas.form import Context, Decides, Form, region_forms

UNDECIDED = "undecided"


@dataclass(frozen=True)
class RegionCover:
    """Whose decisions a file holds, as far as it can be used: the code of the region as written, the month, and why the
    month cannot be used and what stands there."""

    region_id: str
    month: Month | None
    sheet: str
    month_rule: str = ""
    month_found: str = ""


def read_region_cover(book: RawBook, forms: Mapping[str, Form], time_zone: str) -> RegionCover | None:
    """The region and month of a file of decisions; None where it is none.

    They are looked for on the cover and on the sheets that hold the table.
    """
    for form in region_forms(forms):
        tables = {one.sheet for one in match_tables(book, {form.key: form}).tables}
        for sheet in book.sheets:
            if sheet.name not in tables and sheet.name not in layout.COVER_SHEET.both:
                continue
            values = values_beside(sheet, (layout.REGION_ID, layout.MONTH))
            if set(values) == {layout.REGION_ID, layout.MONTH} and tables:
                region = unguarded(_text(values[layout.REGION_ID]))
                month, rule = month_beside(values[layout.MONTH], book, time_zone)
                return RegionCover(region, month, sheet.name, rule, _text(values[layout.MONTH]))
    return None


def _text(cell: Cell) -> str:
    return "" if cell is None else plain(shown(cell))


def take_decisions(task: FileTask, book: RawBook, cover: RegionCover, forms: Mapping[str, Form]) -> Taken:
    """What the head of a region decided; rows without an entry are no decision, and none at all is said in words."""
    (form,) = region_forms(forms)[:1]
    own, others = _of_sheet(book, cover)
    matched = match_tables(own, {form.key: form}, task.settings.time_zone)
    tables, accounts = _with_entries(matched, form)
    accounts += [*matched.unread, *others]
    if cover.month is None:
        return _refused(task, cover, accounts, cover.month_rule or "no_month", cover.month_found)
    context = read_context(task.versions, cover.month, task.settings.profile)
    if "regions" not in context.masters:
        return _refused(task, cover, accounts, "no_masters")
    region = str(codes_of(context.lookup("regions")).meant(Reading(cover.region_id)).value or "")
    if not context.lookup("regions").has(region):
        hint = nearest_of(codes_of(context.lookup("regions"))).hint(cover.region_id)
        return _refused(task, cover, accounts, "unknown_region", cover.region_id, **dict(hint))
    cover = replace(cover, region_id=region)
    if not any(table.rows for table in tables):
        return _refused(task, cover, accounts, "no_decision")
    if task.cases is None:
        return Taken(task.sha256, task.name, (), (), waits=True)
    told = [one for one in matched.problems if one.form == form.key and one.rule not in _OF_OUR_SHEET]
    taken = [_judged(task, table, context, cover) for table in tables if table.rows]
    return Taken(
        task.sha256,
        task.name,
        tuple(part for part, _, _ in taken),
        tuple(_placed(task, cover, one) for one in (*told, *(each for _, more, _ in taken for each in more))),
        accounts=(*(one for _, _, own in taken for one in own), *_of_others(accounts, tables)),
    )


def _of_sheet(book: RawBook, cover: RegionCover) -> tuple[RawBook, list[Account]]:
    """The sheets that are read, all of a template, else the one that says whose it is; and the others' account."""
    if cover.sheet in layout.COVER_SHEET.both:
        return book, []
    chosen = tuple(one for one in book.sheets if one.name == cover.sheet)
    others = [unread_account(one, data=False) for one in book.sheets if one.name != cover.sheet]
    return replace(book, sheets=chosen), others


_OF_OUR_SHEET = ("unknown_heading", "not_data")  # what the sheet shows beside the entries is no entry


def _judged(
    task: FileTask, table: Table, context: Context, cover: RegionCover
) -> tuple[Part, list[Problem], list[Account]]:
    assert cover.month is not None
    region, month = cover.region_id, cover.month
    with_region = replace(table, cells={**table.cells, "region_id": [region] * len(table.rows)})
    context_of = partial(read_context, task.versions, profile=context.profile)
    references = references_of(Known(task.cases or (), month, context, context_of), table)
    known = replace(
        context,
        masters={**context.masters, REFERENCES: references},
        lookups={},
        sent_on=_day(task.saved_at),
    )
    settled = _with_references_meant(with_region, known)
    part, frame, problems = judge(task, settled, known, region, region, month)
    kept = accounts_of(table, kept_rows(table, frame))
    return replace(part, replaces="nothing"), [*settled.remarks, *problems], kept


def _with_references_meant(table: Table, known: Context) -> Settled:
    """The table settled, with the references that are certainly meant (t1 for T1)."""
    decides = table.form.traits.decides
    columns = (
        replace(one, refers_to=REFERENCES) if decides and one.name == decides.reference else one
        for one in table.form.columns
    )
    looked_up = replace(table, form=replace(table.form, columns=tuple(columns)))
    return replace(settle_table(looked_up, known), table=table)


def _with_entries(matched: Matched, form: Form) -> tuple[list[Table], list[Account]]:
    """The tables with those of their rows in which anything is entered, and the account of the others' rows."""
    decides = form.traits.decides
    assert decides is not None
    tables = [_entered(table, decides) for table in matched.tables]
    accounts = [one for table in tables for one in accounts_of(replace(table, rows=[]), ())]
    return tables, accounts


def _entered(table: Table, decides: Decides) -> Table:
    columns = [table.cells[name] for name in decides.entries if name in table.cells]
    places = [place for place, _ in enumerate(table.rows) if any(not is_blank(cells[place]) for cells in columns)]
    kept = {table.rows[place] for place in places}
    aside = {row: UNDECIDED for row in table.rows if row not in kept}
    return replace(
        table,
        rows=[table.rows[place] for place in places],
        cells={name: [cells[place] for place in places] for name, cells in table.cells.items()},
        not_data={**table.not_data, **aside},
    )


def _of_others(accounts: Sequence[Account], tables: Sequence[Table]) -> list[Account]:
    """The accounts of sheets of which no row is read."""
    read = {table.sheet for table in tables if table.rows}
    return [one for one in accounts if one.sheet not in read]


def _refused(
    task: FileTask, cover: RegionCover, accounts: Sequence[Account], rule: str, found: str = "", **details: str
) -> Taken:
    """A file of which nothing can be taken in; that nothing is decided yet is no fault."""
    said = {"month": str(cover.month or ""), "region": cover.region_id, **details}
    problem = Problem(
        rule, "form left out", sheet=cover.sheet, found=quoted(found) if found else "",
        details=tuple((name, value) for name, value in said.items() if value),
    )  # fmt: skip
    return Taken(task.sha256, task.name, (), (_placed(task, cover, problem),), rule, tuple(accounts))


def _placed(task: FileTask, cover: RegionCover, problem: Problem) -> Problem:
    return replace(problem, file=task.name, manager_id=cover.region_id, month=str(cover.month or ""))


def _day(saved_at: str) -> pd.Timestamp | None:
    return pd.Timestamp(saved_at[:10]) if saved_at else None
