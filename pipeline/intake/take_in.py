"""One file of the inbox: from its bytes to accepted rows on disk, one part per form, manager and month.

This runs in a sandboxed child: a plain function of picklable arguments, without clock, ledger or user.
"""

import importlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

import pandas as pd
import pyarrow as pa
from pandas.api.extensions import ExtensionArray

from pipeline.calendar import Month
from pipeline.intake.account import Account, accounts_of
from pipeline.intake.check import (
    MOST_CELLS,
    Checked,
    Settled,
    check_rows,
    more_cells,
    row_of,
    settle_table,
    with_codes_meant,
)
from pipeline.intake.codes import codes_of
from pipeline.intake.coverage import (
    Days,
    coverage_of,
    covers_month,
    how_it_replaces,
    managers_without_lines,
    span_of,
)
from pipeline.intake.delimited import Dialect
from pipeline.intake.export import exports_for, match_export, valid_from
from pipeline.intake.match import Cover, Matched, match_tables, read_cover, unread_account
from pipeline.intake.nearest import MOST_HINTS, Details, nearest_of
from pipeline.intake.owner import others_form
from pipeline.intake.rate_targets import FORM as TARGETS
from pipeline.intake.rate_targets import TargetName, settle_targets
from pipeline.intake.raw import RawBook, Refusal
from pipeline.intake.read import read_book
from pipeline.intake.reading import Reading
from pipeline.intake.stage import write_rows
from pipeline.intake.table import SHEET_SPAN, Table
from pipeline.intake.text_forms import same_name
from pipeline.masters import MasterVersion, context_of, read_context, read_masters
from pipeline.problem import Problem, quoted
from pipeline.settings import Export, Settings
from schemas.form import Context, Form, FormKind, all_forms

State = Literal["accepted", "nil", "refused"]
LEAST_BAD_ROWS = 5  # a form is left out for its share of bad rows only where there are so many, or no good one


@dataclass(frozen=True)
class FileTask:
    """One file to take in, for its master data or for its monthly forms.

    `path` is where its bytes stand, `name` what its sender called it. Accepted rows are written below
    `staging`. `form_modules` are the modules that declare forms: a child knows only what it imports. `target_names`
    are the figures that may have targets.
    """

    path: str
    name: str
    sha256: str
    kind: FormKind
    settings: Settings
    versions: tuple[MasterVersion, ...]
    staging: str
    form_modules: tuple[str, ...]
    target_names: tuple[TargetName, ...] = ()


@dataclass(frozen=True)
class Part:
    """What one file brought of one form for one manager and month (`manager_id` empty: master data).

    `rows` counts the rows found, `left_out` those not accepted; the amounts are theirs, where the form has one.
    `path` is the Parquet file of the accepted rows, empty where there are none. `replaces` and `days` (ISO) tell what
    it takes the place of, see `intake.coverage`.
    """

    form: str
    month: Month
    manager_id: str
    region_id: str
    state: State
    rows: int = 0
    left_out: int = 0
    amount_yuan: float = 0.0
    amount_left_out_yuan: float = 0.0
    path: str = ""
    replaces: Literal["month", "days", "rows"] = "month"
    days: tuple[str, ...] = ()


@dataclass(frozen=True)
class Taken:
    """What came of one file. `refused` is the key of the reason where nothing of the file was accepted; `accounts` say
    of each of its sheets what became of the rows."""

    sha256: str
    name: str
    parts: tuple[Part, ...]
    problems: tuple[Problem, ...]
    refused: str = ""
    accounts: tuple[Account, ...] = ()


def take_in(task: FileTask) -> Taken:
    """Reads, checks and stages one file."""
    for module in task.form_modules:
        importlib.import_module(module)
    book = read_book(Path(task.path).read_bytes(), task.name, _dialect(task))
    if isinstance(book, Refusal):
        return refused_file(task, book)
    forms = {key: form for key, form in all_forms().items() if form.kind == task.kind}
    mapped = exports_for(task.name, task.settings.exports)
    cover: Cover | None = None
    if mapped:
        taken = _take_exports(task, book, [export for export in mapped if export.form in forms], forms)
    elif (cover := read_cover(book, all_forms(), task.settings.time_zone)) is None:
        return _refuse(task, book, "no_cover")
    elif task.kind == "master":
        taken = _take_master(task, book, cover, forms)
    else:
        taken = _take_monthly(task, book, cover, forms)
    told = _told_whole(task, cover, replace(taken, problems=(*_remarks(task, book, cover), *taken.problems)))
    return replace(told, refused=_refused_whole(told))


def _told_whole(task: FileTask, cover: Cover | None, taken: Taken) -> Taken:
    """The file with one problem of its own, where nothing of it can be used and no form is said to be left out."""
    grave = any(problem.effect == "form left out" for problem in taken.problems)
    rows = any(account.left_out for account in taken.accounts)
    if grave or taken.parts or task.kind == "master" or (taken.problems and not rows):
        return taken
    rule = "nothing_taken" if rows else "nothing_in_it"
    problem = Problem(rule, "form left out", file=task.name)
    if cover is not None:
        problem = replace(problem, manager_id=cover.manager_id, month=str(cover.month or ""))
    return replace(taken, problems=(problem, *taken.problems))


def _refused_whole(taken: Taken) -> str:
    """The first reason why forms were left out, where nothing of the file was accepted or declared nil."""
    if taken.refused or any(part.state != "refused" for part in taken.parts):
        return taken.refused
    return next((problem.rule for problem in taken.problems if problem.effect == "form left out"), "")


def refused_file(task: FileTask, refusal: Refusal) -> Taken:
    """A file that could not be read: no part, one problem that says why and what to do."""
    problem = Problem(f"unreadable_{refusal.rule}", "form left out", file=task.name, details=refusal.details)
    return Taken(task.sha256, task.name, (), (problem,), refusal.rule)


def _refuse(
    task: FileTask, book: RawBook, rule: str, cover: Cover | None = None, found: str = "", **details: str
) -> Taken:
    """A file of which nothing can be taken in: its rows are all left out."""
    problem = Problem(
        rule,
        "form left out",
        file=task.name,
        sheet=cover.sheet if cover else "",
        manager_id=cover.manager_id if cover else "",
        month=str(cover.month or "") if cover else "",
        found=quoted(found),
        details=tuple(details.items()),
    )
    return Taken(task.sha256, task.name, (), (problem,), rule, _accounts_of_refused(book, task))


def _accounts_of_refused(book: RawBook, task: FileTask) -> tuple[Account, ...]:
    matched = match_tables(book, {key: form for key, form in all_forms().items() if form.kind == task.kind})
    found = [account for table in matched.tables for account in accounts_of(table, ())]
    return (*found, *(unread_account(sheet, data=True) for sheet in book.sheets if not found))


def _refuse_month(task: FileTask, book: RawBook, cover: Cover) -> Taken:
    """No month, or one that cannot be used: what stands there, and what to type."""
    return _refuse(
        task, book, cover.month_rule or "no_month", cover, cover.month_found, year=cover.month_found[:4]
    )


def _remarks(task: FileTask, book: RawBook, cover: Cover | None) -> Iterator[Problem]:
    month = (cover.month or cover.valid_from) if cover else None
    if month is not None and cover is not None and cover.month_rule:
        yield Problem(cover.month_rule, "note", file=task.name, sheet=cover.sheet, manager_id=cover.manager_id,
                      month=str(month), found=quoted(cover.month_found), details=(("month", str(month)),))  # fmt: skip
    for remark in book.remarks:
        yield Problem(f"remark_{remark.rule}", "note", file=task.name, sheet=remark.sheet, cell=remark.cell,
                      manager_id=cover.manager_id if cover else "", month=str(month or ""),
                      found=quoted(remark.found), details=remark.details)  # fmt: skip


def _take_master(task: FileTask, book: RawBook, cover: Cover, forms: Mapping[str, Form]) -> Taken:
    if cover.valid_from is None:
        return _refuse_month(task, book, cover)
    matched = match_tables(book, forms, task.settings.time_zone)
    if not matched.tables:
        return _refuse(task, book, "no_form", cover)
    tables = [table for table in matched.tables if table.rows]
    taken = _master_parts(task, tables, cover.valid_from, matched.problems)
    return replace(taken, accounts=(*taken.accounts, *_without_rows(matched)))


def _without_rows(matched: Matched) -> list[Account]:
    """The accounts of tables that hold no data, and of sheets of which none is read."""
    empty = [account for table in matched.tables if not table.rows for account in accounts_of(table, ())]
    return [*empty, *matched.unread]


def _master_parts(task: FileTask, tables: list[Table], month: Month, problems: Iterable[Problem]) -> Taken:
    """Master forms in their order: what an earlier one brings is known to the later ones."""
    masters = dict(read_masters(task.versions, month))
    found = list(problems)
    lost = {problem.form for problem in found if problem.effect == "form left out"}
    parts: list[Part] = []
    accounts: list[Account] = []
    order = list(all_forms())
    for table in sorted(tables, key=lambda table: order.index(table.form.key)):
        if table.form.key in lost:
            parts.append(Part(table.form.key, month, "", "", "refused", len(table.rows), len(table.rows)))
            accounts += accounts_of(table, ())
            continue
        context = context_of(month, masters, task.settings.profile)
        targets = table.form.key == TARGETS
        settled = settle_targets(table, context, task.target_names) if targets else settle_table(table, context)
        part, frame, more = _judge(task, settled, context, "", "", month)
        kept = _kept_rows(table, frame)
        parts.append(part)
        accounts += accounts_of(table, kept, _amounts(settled))
        found += [*settled.remarks, *more]
        if part.state == "accepted":
            masters[table.form.key] = frame
    placed = [replace(problem, file=task.name, month=str(month)) for problem in found]
    return Taken(task.sha256, task.name, tuple(parts), tuple(placed), accounts=tuple(accounts))


def _take_monthly(task: FileTask, book: RawBook, cover: Cover, forms: Mapping[str, Form]) -> Taken:
    """A manager's own workbook: the cover says whose and which month's."""
    if not cover.manager_id:
        return _refuse(task, book, "no_manager", cover)
    month = cover.month
    if month is None:
        return _refuse_month(task, book, cover)
    context = read_context(task.versions, month, task.settings.profile)
    if "managers" not in context.masters:
        return _refuse(task, book, "no_masters", cover)
    regions = context.masters["managers"].set_index("manager_id")["region_id"]
    cover, meant = _with_manager_meant(cover, context)
    if cover.manager_id not in regions.index:
        hint = nearest_of(codes_of(context.lookup("managers"))).hint(cover.manager_id)
        return _refuse(task, book, "unknown_manager", cover, cover.manager_id, **dict(hint))
    matched = match_tables(book, forms, task.settings.time_zone)
    if not matched.tables:
        return _refuse(task, book, "no_form", cover)
    other = others_form(cover, matched.tables, context.masters)
    if other is not None:
        return _refuse(task, book, "others_form", cover, cover.manager_name, **other)
    lost = {problem.form for problem in matched.problems if problem.effect == "form left out"}
    parts: list[Part] = []
    accounts = _without_rows(matched)
    problems = [*meant, *_wrong_name(cover, context.masters), *_unclear_ticks(cover), *matched.problems]
    for table in matched.tables:
        key, region = table.form.key, str(regions[cover.manager_id])
        if key in lost:
            count = len(table.rows)
            parts.append(Part(key, month, cover.manager_id, region, "refused", count, count))
            accounts += accounts_of(table, ())
        elif table.rows:
            settled = settle_table(_with_sender(table, cover.manager_id), context)
            part, frame, more = _judge(task, settled, context, cover.manager_id, region, month)
            parts.append(part)
            accounts += accounts_of(table, _kept_rows(table, frame), _amounts(settled))
            problems += [*settled.remarks, *more]
        elif key in cover.nil_forms:
            parts.append(Part(key, month, cover.manager_id, region, "nil"))
        if table.rows and key in cover.nil_forms:
            problems.append(Problem("nil_but_filled", "note", form=key, sheet=table.sheet))
    placed = [
        replace(one, file=task.name, manager_id=cover.manager_id, month=str(cover.month)) for one in problems
    ]
    return Taken(task.sha256, task.name, tuple(parts), tuple(placed), accounts=tuple(accounts))


def _with_manager_meant(cover: Cover, context: Context) -> tuple[Cover, list[Problem]]:
    """The cover with the manager's code that is certainly meant (m001; 101 where only 0101 fits), and the note."""
    reading = codes_of(context.lookup("managers")).meant(Reading(cover.manager_id))
    if not reading.rule:
        return cover, []
    note = Problem(
        reading.rule, "note", sheet=cover.sheet, found=quoted(cover.manager_id), details=reading.details
    )
    return replace(cover, manager_id=str(reading.value)), [note]


def _wrong_name(cover: Cover, masters: Mapping[str, pd.DataFrame]) -> list[Problem]:
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


def _with_sender(table: Table, manager_id: str) -> Table:
    return replace(table, cells={**table.cells, "manager_id": [manager_id] * len(table.rows)})


def _judge(
    task: FileTask, settled: Settled, context: Context, manager_id: str, region_id: str, month: Month
) -> tuple[Part, pd.DataFrame, list[Problem]]:
    """One form of one manager and month: accepted with its good rows, or refused with too many bad ones."""
    checked = check_rows(settled, context)
    part, more = _part(task, settled.table, checked, manager_id, region_id, month)
    if part.state == "refused":
        return part, checked.accepted.iloc[:0], [*more, *checked.problems]
    frame = _sourced(task, settled.table, checked.accepted, manager_id, region_id)
    return replace(part, path=_stage(task, frame)), frame, list(checked.problems)


def _part(
    task: FileTask, table: Table, checked: Checked, manager_id: str, region_id: str, month: Month
) -> tuple[Part, list[Problem]]:
    """What the checked rows amount to; refused, with the reason, where too many are bad."""
    rows, bad = len(checked.accepted) + len(checked.left_out), len(checked.left_out)
    amount, amount_bad = _amount(checked.accepted), _amount(checked.left_out)
    part = Part(
        table.form.key, month, manager_id, region_id, "accepted", rows, bad, amount + amount_bad, amount_bad
    )
    some_good = bad < rows and (bad < LEAST_BAD_ROWS or bad <= task.settings.intake.bad_share * rows)
    if some_good or not rows:
        return part, []
    share = (("bad", str(bad)), ("rows", str(rows)), ("share", f"{task.settings.intake.bad_share:.0%}"))
    problem = Problem("too_many_bad_rows", "form left out", form=table.form.key, sheet=table.sheet, details=share)
    return replace(part, state="refused", left_out=rows, amount_left_out_yuan=part.amount_yuan), [problem]


def _kept_rows(table: Table, accepted: pd.DataFrame) -> list[int]:
    """The rows of accepted ones, numbered as their table numbers them."""
    if accepted.empty or not table.further:
        return [int(row) for row in accepted["source_row"]] if len(accepted) else []
    pairs = zip(accepted["source_sheet"], accepted["source_row"], strict=True)
    return [table.row_at(str(sheet), int(row)) for sheet, row in pairs]


def _amounts(settled: Settled) -> pd.Series | None:
    return settled.rows.get("amount")


def _amount(rows: pd.DataFrame) -> float:
    return round(float(rows["amount"].sum()), 4) if "amount" in rows else 0.0


def _sourced(task: FileTask, table: Table, rows: pd.DataFrame, manager_id: str, region_id: str) -> pd.DataFrame:
    """Accepted rows with who they count for and where they stand."""
    form, count = table.form, len(rows)
    sender = {} if form.kind == "master" else {"manager_id": manager_id, "region_id": region_id}
    source = {"source_file": task.name, "source_hash": task.sha256}
    columns = {column.name: rows[column.name].array for column in form.columns}
    texts = {name: _repeated(text, count) for name, text in (sender | source).items()}
    places = rows.index.to_numpy(dtype="int64")
    sheets = _repeated(table.sheet, count)
    if table.further:
        sheets = pd.array([table.sheet_of(int(row)) for row in rows.index], dtype="str")
    placed = {"source_sheet": sheets, "source_row": places % SHEET_SPAN}
    return pd.DataFrame({**columns, **texts, **placed}, copy=False)


def _repeated(text: str, count: int) -> ExtensionArray:
    texts: ExtensionArray = pd.array(pa.repeat(pa.scalar(text, pa.large_string()), count), dtype="str")
    return texts


def _stage(task: FileTask, frame: pd.DataFrame) -> str:
    """Writes accepted rows aside; the ledger takes them over when it commits."""
    folder = Path(task.staging) / task.sha256
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{len(list(folder.iterdir()))}.parquet"
    write_rows(frame, path)
    return str(path)


def _dialect(task: FileTask) -> Dialect:
    """What the first mapping of a file that says anything of it says of its delimiter and encoding."""
    mapped = exports_for(task.name, task.settings.exports)
    said = (Dialect(export.delimiter, export.encoding) for export in mapped if export.delimiter or export.encoding)
    return next(said, Dialect())


def _take_exports(task: FileTask, book: RawBook, exports: list[Export], forms: Mapping[str, Form]) -> Taken:
    """An office's export: each mapping that names one of these forms makes a table."""
    taken: list[Taken] = []
    master_tables: dict[Month, list[Table]] = {}
    for export in exports:
        matched = match_export(book, export, forms[export.form], task.settings.time_zone)
        told = [replace(problem, file=task.name) for problem in matched.problems]
        month = valid_from(export, task.name)
        if matched.table is None:
            taken.append(_some(task, problems=told, accounts=matched.unread))
            continue
        if task.kind == "monthly":
            taken.append(_export_parts(task, matched.table, export))
        elif month is None:
            told.append(Problem("export_month", "form left out", file=task.name, form=export.form))
            taken.append(_some(task, accounts=accounts_of(matched.table, ())))
        else:
            master_tables.setdefault(month, []).append(matched.table)
        taken.append(_some(task, problems=told, accounts=matched.unread))
    taken += [_master_parts(task, tables, month, ()) for month, tables in sorted(master_tables.items())]
    return _together(task, taken)


def _some(
    task: FileTask,
    parts: Iterable[Part] = (),
    problems: Iterable[Problem] = (),
    accounts: Iterable[Account] = (),
) -> Taken:
    """What came of a part of a file."""
    return Taken(task.sha256, task.name, tuple(parts), tuple(problems), accounts=tuple(accounts))


def _together(task: FileTask, taken: Sequence[Taken]) -> Taken:
    """What came of several parts of a file."""
    return _some(
        task,
        (part for one in taken for part in one.parts),
        (problem for one in taken for problem in one.problems),
        (account for one in taken for account in one.accounts),
    )


def _export_parts(task: FileTask, table: Table, export: Export) -> Taken:
    """The rows of an export by month and manager, each judged as if that manager had sent it."""
    settled = settle_table(table, context_of(Month(2000, 1), {}, task.settings.profile))
    amounts = _amounts(settled)
    day = table.form.month_column
    fixed = valid_from(export, task.name)
    if day is None and fixed is None:
        problem = Problem("export_month", "form left out", file=task.name, form=export.form)
        return _some(task, problems=[problem], accounts=accounts_of(table, ()))
    months = settled.rows[day].dt.strftime("%Y-%m") if day else pd.Series(str(fixed), index=settled.rows.index)
    undated = settled.rows[months.isna()]
    parts: list[Part] = []
    kept: list[int] = []
    problems = [replace(problem, file=task.name) for problem in settled.remarks]
    if how_it_replaces(export, table.form) == "span":
        span = span_of(export, task.name)
        if span is None:
            problem = Problem("export_span", "form left out", file=task.name, form=export.form)
            return _some(task, problems=[problem], accounts=accounts_of(table, ()))
        settled, outside = _within(task, settled, span)
        months = months[settled.rows.index]
        problems += outside
    problems += _undated(task, settled, undated)
    for month, rows in settled.rows.groupby(months, sort=True):
        more_parts, more, accepted = _export_month(
            task, replace(settled, rows=rows), export, Month.parse(str(month)), undated
        )
        parts += more_parts
        problems += more
        kept += accepted
    return _some(task, parts, problems, accounts_of(table, kept, amounts))


def _export_month(
    task: FileTask, settled: Settled, export: Export, month: Month, undated: pd.DataFrame
) -> tuple[list[Part], list[Problem], list[int]]:
    """All managers' rows of one month: checked together, accepted or refused manager by manager; the rows that are
    accepted. `undated` are rows of the file that may be this month's or another's."""
    context = read_context(task.versions, month, task.settings.profile)
    if "managers" not in context.masters:
        return [], _unplaced(task, settled, settled.rows, "no_masters", month), []
    meant = with_codes_meant(settled, context)
    regions = context.masters["managers"].set_index("manager_id")["region_id"]
    known = meant.rows["manager_id"].isin(regions.index)
    problems = [replace(one, file=task.name, month=str(month)) for one in meant.remarks[len(settled.remarks) :]]
    settled = meant
    problems += _unplaced(task, settled, settled.rows[~known], "unknown_manager", month, context)
    placed = replace(settled, rows=settled.rows[known])
    checked = check_rows(placed, context, repeats=export.repeats)
    senders = placed.rows["manager_id"]
    problems += [
        replace(one, file=task.name, month=str(month), manager_id=str(senders.get(row_of(one, settled.table), "")))
        for one in checked.problems
    ]
    parts: list[Part] = []
    frames: list[pd.DataFrame] = []
    kept: list[int] = []
    for manager in sorted(set(placed.rows["manager_id"])):
        own = Checked(
            checked.accepted[checked.accepted["manager_id"] == manager],
            checked.left_out[checked.left_out["manager_id"] == manager],
            (),
        )
        part, more = _part(task, settled.table, own, str(manager), str(regions[manager]), month)
        covers = coverage_of(export, settled.table.form, task.name, month, own.accepted)
        parts.append(replace(part, replaces=covers.replaces, days=covers.days))
        problems += [replace(one, file=task.name, manager_id=str(manager), month=str(month)) for one in more]
        if part.state == "accepted" and len(own.accepted):
            kept += [int(row) for row in own.accepted.index]
            frames.append(_sourced(task, settled.table, own.accepted, str(manager), str(regions[manager])))
    path = _stage(task, pd.concat(frames, ignore_index=True)) if frames else ""
    staged = [replace(part, path=path if part.state == "accepted" else "") for part in parts]
    if frames and covers_month(export, task.name, month):
        nil, doubts = _without_lines(task, settled, export, month, undated, context.masters["managers"])
        staged += [replace(part, region_id=str(regions[part.manager_id])) for part in nil]
        problems += doubts
    return staged, problems, kept


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
    covers = coverage_of(export, form, task.name, month, settled.rows.iloc[:0])
    return [
        Part(form.key, month, manager, "", "nil", replaces=covers.replaces, days=covers.days)
        for manager in without
    ], []


def _undated(task: FileTask, settled: Settled, rows: pd.DataFrame) -> list[Problem]:
    """Rows without a usable date: what is wrong in the date's cell, one problem a row, of the manager named there."""
    table, day = settled.table, settled.table.form.month_column or ""
    left_out = [one for one in settled.problems if one.effect == "row left out"]
    faults = {row_of(one, table): one for one in left_out if one.column in ("", day)}
    managers = rows["manager_id"].fillna("") if "manager_id" in rows else pd.Series("", index=rows.index)
    found: list[Problem] = []
    for row, manager in zip(rows.index[:MOST_CELLS], managers, strict=False):
        problem = faults.get(int(row)) or Problem(
            "required", "row left out", form=table.form.key, sheet=table.sheet_of(row),
            cell=_cell_of(table, day, int(row)), column=day,
        )  # fmt: skip
        found.append(replace(problem, file=task.name, manager_id=str(manager)))
    rest = len(rows) - len(found)
    return [*found, replace(more_cells(table, "required", rest), file=task.name)] if rest else found


def _within(task: FileTask, settled: Settled, span: Days) -> tuple[Settled, list[Problem]]:
    """The rows of the days that the export covers, and one problem for each other row."""
    table, day = settled.table, settled.table.form.month_column or ""
    dates = settled.rows[day]
    outside = settled.rows[(dates < pd.Timestamp(span[0])) | (dates > pd.Timestamp(span[1]))]
    found = [
        Problem("outside_span", "row left out", file=task.name, form=table.form.key, sheet=table.sheet_of(row),
                cell=_cell_of(table, day, row), column=day, found=f"{dates[row]:%Y-%m-%d}",
                details=(("first", str(span[0])), ("last", str(span[1]))))
        for row in outside.index[:MOST_CELLS]
    ]  # fmt: skip
    rest = len(outside) - len(found)
    more = [replace(more_cells(table, "outside_span", rest), file=task.name)] if rest else []
    return replace(settled, rows=settled.rows.drop(outside.index)), [*found, *more]


def _unplaced(
    task: FileTask,
    settled: Settled,
    rows: pd.DataFrame,
    rule: str,
    month: Month,
    context: Context | None = None,
) -> list[Problem]:
    """Rows that belong to no manager: one problem a row, so that each can be found."""
    table = settled.table
    managers = rows["manager_id"].fillna("")
    hints: dict[str, Details] = {}
    if context is not None:
        nearest = nearest_of(codes_of(context.lookup("managers")))
        hints = {text: nearest.hint(text) for text in rows["manager_id"].dropna().unique()[:MOST_HINTS]}
    found = [
        Problem(rule, "row left out", file=task.name, month=str(month), form=table.form.key,
                sheet=table.sheet_of(row), cell=_cell_of(table, "manager_id", row), column="manager_id",
                found=quoted(manager), details=hints.get(manager, ()))
        for row, manager in zip(rows.index[:MOST_CELLS], managers, strict=False)
    ]  # fmt: skip
    rest = len(rows) - len(found)
    more = [replace(more_cells(table, rule, rest), file=task.name, month=str(month))] if rest else []
    return [*found, *more]


def _cell_of(table: Table, column: str, row: int) -> str:
    return table.address(column, row) or f"A{row % SHEET_SPAN}"
