"""What is asked of taking in a file, and what comes of it: parts of forms, problems, the account of its rows."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from pipeline.base.calendar import Month
from pipeline.contract.master_data import MasterVersion
from pipeline.contract.problem import Problem, quoted
from pipeline.contract.refusal import Refusal
from pipeline.contract.settings import Settings
from pipeline.intake.account import Account, accounts_of
from pipeline.intake.match import Cover, match_tables, unread_account
from pipeline.intake.rate_targets import TargetName
from pipeline.intake.raw import RawBook
from schemas.form import FormKind

State = Literal["accepted", "nil", "refused"]


@dataclass(frozen=True)
class FileTask:
    """One file to take in, for its master data or for its monthly forms.

    `path` is where its bytes stand, `name` what its sender called it. Accepted rows are written below
    `staging`. `form_modules` are the modules that declare forms: a child knows only what it imports. `target_names`
    are the figures that may have targets. `saved_at` is when the file was saved. `cases` are the Parquet files of the
    rows on which heads of regions may decide; None as long as others of the same run may bring some.
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
    saved_at: str = ""
    cases: tuple[str, ...] | None = None


@dataclass(frozen=True)
class Part:
    """What one file brought of one form for one manager and month (`manager_id` empty: master data).

    `rows` counts the rows found, `left_out` those not accepted; the amounts are theirs, where the form has one.
    `path` is the Parquet file of the accepted rows, empty where there are none. `replaces` and `days` (ISO) tell what
    it takes the place of, see `intake.coverage`, and `beside` whether it and managers' forms replace each other;
    `week` is that of a sign-in book.
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
    replaces: Literal["month", "days", "rows", "nothing"] = "month"
    days: tuple[str, ...] = ()
    week: str = ""
    beside: Literal["", "cases", "steps"] = ""


@dataclass(frozen=True)
class Taken:
    """What came of one file. `refused` is the key of the reason where nothing of the file was accepted; `accounts` say
    of each of its sheets what became of the rows. One that `waits` has to be read after those that bring cases."""

    sha256: str
    name: str
    parts: tuple[Part, ...]
    problems: tuple[Problem, ...]
    refused: str = ""
    accounts: tuple[Account, ...] = ()
    waits: bool = False


def refused_file(task: FileTask, refusal: Refusal) -> Taken:
    """A file that could not be read: no part, one problem that says why and what to do."""
    problem = Problem(f"unreadable_{refusal.rule}", "form left out", file=task.name, details=refusal.details)
    return Taken(task.sha256, task.name, (), (problem,), refusal.rule)


def refuse(
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
    in_use = task.settings.profile.forms
    matched = match_tables(book, {key: form for key, form in in_use.items() if form.kind == task.kind})
    found = [account for table in matched.tables for account in accounts_of(table, ())]
    return (*found, *(unread_account(sheet, data=True) for sheet in book.sheets if not found))


def refuse_month(task: FileTask, book: RawBook, cover: Cover) -> Taken:
    """No month, or one that cannot be used: what stands there, and what to type."""
    return refuse(task, book, cover.month_rule or "no_month", cover, cover.month_found, year=cover.month_found[:4])


def some_of(
    task: FileTask,
    parts: Iterable[Part] = (),
    problems: Iterable[Problem] = (),
    accounts: Iterable[Account] = (),
) -> Taken:
    """What came of a part of a file."""
    return Taken(task.sha256, task.name, tuple(parts), tuple(problems), accounts=tuple(accounts))


def together(task: FileTask, taken: Sequence[Taken]) -> Taken:
    """What came of several parts of a file."""
    return some_of(
        task,
        (part for one in taken for part in one.parts),
        (problem for one in taken for problem in one.problems),
        (account for one in taken for account in one.accounts),
    )
