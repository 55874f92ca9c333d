"""One file of the inbox: from its bytes to accepted rows on disk, one part per form, manager and month.

This runs in a sandboxed child: a plain function of picklable arguments, without clock, ledger or user.
"""

import importlib
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from pipeline.contract.problem import Problem, quoted
from pipeline.contract.refusal import Refusal
from pipeline.intake.delimited import Dialect
from pipeline.intake.export import exports_for
from pipeline.intake.match import Cover, read_cover
from pipeline.intake.raw import RawBook
from pipeline.intake.read import read_book
from pipeline.intake.take_decisions import read_region_cover, take_decisions
from pipeline.intake.take_export import take_exports
from pipeline.intake.take_masters import take_master
from pipeline.intake.take_monthly import take_monthly
from pipeline.intake.take_sign_in import take_sign_in_book
from pipeline.intake.taken import FileTask, Taken, refuse, refused_file
from pipeline.intake.taken import Part as Part
from schemas.form import manager_forms


def take_in(task: FileTask) -> Taken:
    """Reads, checks and stages one file."""
    for module in task.form_modules:
        importlib.import_module(module)
    book = read_book(Path(task.path).read_bytes(), task.name, _dialect(task))
    if isinstance(book, Refusal):
        return refused_file(task, book)
    in_use = task.settings.profile.forms
    forms = {key: form for key, form in in_use.items() if form.kind == task.kind}
    mapped = exports_for(task.name, task.settings.exports)
    cover: Cover | None = None
    if mapped:
        taken = take_exports(task, book, [export for export in mapped if export.form in forms], forms)
    elif (region := read_region_cover(book, in_use, task.settings.time_zone)) is not None:
        taken = take_decisions(task, book, region, forms)
        if taken.waits:
            return taken
    elif (cover := read_cover(book, in_use, task.settings.time_zone)) is None:
        return refuse(task, book, "no_cover")
    elif cover.week is not None and task.kind == "monthly":
        taken = take_sign_in_book(task, book, cover, forms)
    elif task.kind == "master":
        taken = take_master(task, book, cover, forms)
    else:
        taken = take_monthly(task, book, cover, {one.key: one for one in manager_forms(forms)})
    told = _told_whole(task, cover, replace(taken, problems=(*_remarks(task, book, cover), *taken.problems)))
    return replace(told, refused=_refused_whole(told))


def _told_whole(task: FileTask, cover: Cover | None, taken: Taken) -> Taken:
    """The file with one problem of its own, where nothing of it can be used and no form is said to be left out."""
    grave = taken.refused or any(problem.effect == "form left out" for problem in taken.problems)
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


def _remarks(task: FileTask, book: RawBook, cover: Cover | None) -> Iterator[Problem]:
    month = (cover.month or cover.valid_from) if cover else None
    if month is not None and cover is not None and cover.month_rule:
        yield Problem(cover.month_rule, "note", file=task.name, sheet=cover.sheet, manager_id=cover.manager_id,
                      month=str(month), found=quoted(cover.month_found), details=(("month", str(month)),))  # fmt: skip
    for remark in book.remarks:
        yield Problem(f"remark_{remark.rule}", "note", file=task.name, sheet=remark.sheet, cell=remark.cell,
                      manager_id=cover.manager_id if cover else "", month=str(month or ""),
                      found=quoted(remark.found), details=remark.details)  # fmt: skip


def _dialect(task: FileTask) -> Dialect:
    """What the first mapping of a file that says anything of it says of its delimiter and encoding."""
    mapped = exports_for(task.name, task.settings.exports)
    said = (Dialect(export.delimiter, export.encoding) for export in mapped if export.delimiter or export.encoding)
    return next(said, Dialect())
