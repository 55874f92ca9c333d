"""The month, as a list of stages: take in what is in the inbox, report the months concerned."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from pipeline.base.calendar import Month
from pipeline.base.errors import YuebaoError
from pipeline.base.home import INBOX, LEDGER
from pipeline.base.period import Period
from pipeline.base.temporary import sweep_left_behind
from pipeline.commands.home_folder import look_at_home
from pipeline.contract.problem import Problem
from pipeline.contract.settings import Settings
from pipeline.figures.catalogue import all_figures
from pipeline.figures.scorecard import check_indicators
from pipeline.figures.simple import check_own_figures
from pipeline.intake.table import SAID
from pipeline.ledger.choose import file_to_accept
from pipeline.ledger.commit import load_problems, sweep
from pipeline.ledger.decide import waiting
from pipeline.ledger.lock import ledger_lock
from pipeline.ledger.manifest import Manifest, read_manifest
from pipeline.ledger.output import finish
from pipeline.ledger.questions import ASKED_RULES, SHRINKING_RULES
from pipeline.ledger.stale_periods import stale_periods
from pipeline.ledger.told import RefusedFile
from pipeline.month.outcome import MonthFault, MonthOutcome, MonthsDone
from pipeline.month.reporting import report_months
from pipeline.taking.receive import receive
from pipeline.taking.received import Progress, Received, unheard
from pipeline.taking.refused import told_of
from pipeline.taking.refused_months import write_refused_months
from pipeline.words import Words
from pipeline.work.executors import file_readers, usable_cores, writing_executor
from pipeline.work.store import Store, forget_derived
from pipeline.workbooks.all_sheets import check_sheets


@dataclass(frozen=True)
class LeftOut:
    """Rows that files of this run brought and that were not accepted, and what amount they carry.

    `not_data` counts totals, signatures, remarks and the like beside them; `of_masters` the rows of master data that
    were not accepted.
    """

    rows: int
    of_rows: int
    amount_yuan: float
    of_amount_yuan: float
    not_data: int = 0
    of_masters: int = 0


@dataclass(frozen=True)
class Outcome:
    """What a run did, for whoever started it: `months` were written in this run, oldest first.

    `unknown` is the month that was asked for, where nothing of it is in the ledger; `undone` are months that could not
    be written; `inbox` is where files are dropped in. `questions` are to be answered before what they are about counts.
    `refused` are all files that stay refused, of this run and of earlier ones; `refused_months` those of which there
    is nothing else. `stale` are longer periods whose months have changed since they were told.
    """

    received: Received
    months: tuple[MonthOutcome, ...]
    newest: Month | None
    left_out: LeftOut
    unknown: Month | None = None
    questions: tuple[Problem, ...] = ()
    undone: tuple[MonthFault, ...] = ()
    inbox: Path | None = None
    refused: tuple[RefusedFile, ...] = ()
    refused_months: tuple[Month, ...] = ()
    stale: tuple[Period, ...] = ()


@dataclass(frozen=True)
class Asked:
    """What a run is asked for.

    Args:
        month: a month to write whatever has changed; None for the newest that has submissions.
        workers: how many processes; 0 for the cores this process may use.
        fresh: use nothing that earlier runs worked out, and write the month even if it stands already.
        scheduler: the address of a Dask scheduler whose workers share the work; they must see the home too.
        run_on: the day of the run (ISO); forms of later months are asked about. Empty: none are.
        accept: files that wait for an answer and are to count, by name or the first digits of their fingerprint.
    """

    month: Month | None = None
    workers: int = 0
    fresh: bool = False
    scheduler: str = ""
    run_on: str = ""
    accept: Sequence[str] = ()


def run_monthly(home: Path, settings: Settings, asked: Asked, progress: Progress = unheard) -> Outcome:
    """Takes in the inbox and writes the workbooks of every month concerned.

    What an earlier run took in and could not report is reported first, so that editions do not depend on
    whether a run came to its end.

    Raises:
        YuebaoError: when a folder is missing, or files cannot be written.
        LedgerBusy: when another run holds the ledger.
        SettingsError: when the scorecard judges what is no figure.
    """
    words = settings.words
    check_indicators(settings.profile, all_figures(settings.profile))
    check_own_figures(settings.profile.figures, settings.profile)
    check_sheets(settings.profile)
    look_at_home(home, words)
    home = home.resolve() if asked.scheduler else home
    inbox = _inbox_of(home, settings, words)
    with ledger_lock(home, words):
        finish(home, words)
        manifest = _tidied(home, fresh=asked.fresh)
        received, done = _taken_in_and_reported(home, settings, asked, manifest, progress)
        manifest = received.manifest
        refused_months = write_refused_months(home, settings, manifest)
        refused = told_of(home, manifest).refused
        stale = tuple(stale_periods(home, manifest))
    known = manifest.months()
    return Outcome(
        received,
        done.done,
        known[-1] if known else None,
        _left_out(received, settings),
        unknown=None if asked.month in known else asked.month,
        questions=_questions(home, manifest),
        undone=done.undone,
        inbox=inbox,
        refused=tuple(refused),
        refused_months=refused_months,
        stale=stale,
    )


def _inbox_of(home: Path, settings: Settings, words: Words) -> Path:
    """Where files are dropped; it is made only for a home that is new."""
    inbox = home / settings.folders.inbox
    if not inbox.is_dir() and ((home / LEDGER).is_dir() or settings.folders.inbox != INBOX):
        raise YuebaoError(words("run.no_inbox", inbox=inbox))
    return inbox


def _tidied(home: Path, *, fresh: bool) -> Manifest:
    """The ledger without what a run that died between its commit and its end left behind."""
    manifest = read_manifest(home)
    sweep(home, manifest)
    Store(home).tidy()
    sweep_left_behind()
    if fresh:
        forget_derived(home)
    return manifest


def _taken_in_and_reported(
    home: Path, settings: Settings, asked: Asked, manifest: Manifest, progress: Progress
) -> tuple[Received, MonthsDone]:
    """What was taken in, with the ledger as it is after all, and the months written, oldest first."""
    count, words = asked.workers or usable_cores(), settings.words
    with writing_executor(count, asked.scheduler, words) as executor:
        before = MonthsDone()
        if manifest.pending:
            manifest, before = report_months(home, settings, manifest, executor, progress, None)
        with file_readers(home, settings, count, executor if asked.scheduler else None) as readers:
            answered = [file_to_accept(manifest, one, words).sha256 for one in asked.accept]
            received = receive(home, manifest, settings, readers, progress, asked.run_on, answered)
        wanted = asked.month if asked.month in received.manifest.months() else None
        manifest, done = report_months(
            home, settings, received.manifest, executor, progress, wanted, anew=asked.fresh
        )
    months = {one.month: one for one in (*before.done, *done.done)}
    written = MonthsDone(tuple(months[one] for one in sorted(months)), done.undone)
    return replace(received, manifest=manifest), written


def _questions(home: Path, manifest: Manifest) -> tuple[Problem, ...]:
    """What is asked about files that wait for an answer; of a manager's month as a whole it is asked once."""
    asked = {(one.sha256, one.key): None for one in waiting(manifest)}
    found: dict[tuple[str, ...], Problem] = {}
    for sha256 in dict.fromkeys(sha256 for sha256, _ in asked):
        for one in load_problems(home, sha256):
            if one.rule in ASKED_RULES and (sha256, (one.month, one.form, one.manager_id)) in asked:
                form = one.form if one.rule in SHRINKING_RULES else ""
                found.setdefault((sha256, one.rule, one.month, one.manager_id, form), one)
    return tuple(found.values())


def _left_out(received: Received, settings: Settings) -> LeftOut:
    masters = {key for key, form in settings.profile.forms.items() if form.kind == "master"}
    accounts = [account for taken in received.taken for account in taken.accounts]
    monthly = [one for one in accounts if one.form not in masters]
    return LeftOut(
        sum(one.left_out for one in monthly),
        sum(one.data_rows for one in monthly),
        sum(one.amount_left_out_yuan for one in monthly),
        sum(one.amount_yuan for one in monthly),
        sum(count for one in monthly for reason, count in one.not_data if reason in SAID),
        sum(one.left_out for one in accounts if one.form in masters),
    )
