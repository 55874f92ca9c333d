"""The ledger and all outputs made anew from the archive alone: `yuebao rebuild`.

The runs are gone through again one after another, as the slips in the archive tell them: the same files, in the
same order, with the same editions in between. Quarters, half-years and years that were told are made again after that,
as editions of what the old ledger (or their folder) says they were.
"""

from collections.abc import Mapping, Sequence
from itertools import groupby
from pathlib import Path

from pipeline.base.errors import MonthsUndone, YuebaoError
from pipeline.base.home import LEDGER, OUTPUT
from pipeline.base.period import Period
from pipeline.commands.home_folder import look_at_home
from pipeline.contract.settings import Settings
from pipeline.intake.inbox import settled_files
from pipeline.ledger.archive import altered_originals, slips
from pipeline.ledger.aside import move_in, new_workshop
from pipeline.ledger.lock import ledger_lock
from pipeline.ledger.manifest import Event, Manifest, manifest_is_whole, read_manifest
from pipeline.ledger.output import cannot_replace, finish
from pipeline.ledger.read import Ledger
from pipeline.month.opening import open_months
from pipeline.month.outcome import MonthOutcome, undone_text
from pipeline.month.period_writer import Carried, PeriodWriter, told_periods
from pipeline.month.reporting import report_months
from pipeline.taking.leaving import carry_note, finish_leaving
from pipeline.taking.received import Progress
from pipeline.taking.take_over import take_over
from pipeline.words import Words
from pipeline.work.executors import reading_sandbox, usable_cores, writing_executor

NAMES_TOLD = 10


def rebuild(home: Path, settings: Settings, progress: Progress, workers: int = 0) -> tuple[MonthOutcome, ...]:
    """Makes the ledger anew and writes every month; gives the months, oldest first.

    All is made in a workshop beside, and takes the place of the old as a whole: a rebuild that fails, or is killed,
    leaves everything as it was.

    Raises:
        YuebaoError: when there is no archive, an original is not as it was received, or files cannot be written.
        LedgerBusy: when another run holds the ledger.
    """
    words = settings.words
    look_at_home(home, words)
    with ledger_lock(home, words):
        finish(home, words)
        _finish_inbox(home, settings)
        events = list(slips(home))
        if not events:
            raise YuebaoError(words("run.nothing_archived", home=home))
        altered = altered_originals(home, events)
        if altered:
            raise YuebaoError(
                words("run.rebuild.altered", count=len(altered), names="、".join(altered[:NAMES_TOLD]))
            )
        told = told_periods(home, settings)
        shop = new_workshop(home)
        try:
            months, periods = _replay(shop, settings, progress, workers or usable_cores(), events, told)
            carry_note(home, shop)
            _move_in(home, [*(str(one.month) for one in months), *map(str, periods)], words)
        finally:
            finish(home, words)
    return months


def _finish_inbox(home: Path, settings: Settings) -> None:
    """What a run that died had committed leaves the inbox: a new ledger would not know of it."""
    if manifest_is_whole(home):
        settled, _ = settled_files(home, settings.folders.inbox, settings.time_zone)
        finish_leaving(home, read_manifest(home), settled)


def _move_in(home: Path, months: Sequence[str], words: Words) -> None:
    names = [LEDGER, *(f"{OUTPUT}/{month}" for month in months)]
    try:
        move_in(home, names)
    except OSError as error:
        raise cannot_replace(error, home / OUTPUT, words) from error


def _replay(
    shop: Path,
    settings: Settings,
    progress: Progress,
    workers: int,
    events: list[Event],
    told: Mapping[Period, Carried | None],
) -> tuple[tuple[MonthOutcome, ...], tuple[Period, ...]]:
    """Takes everything in anew, run by run. A month that cannot be written stops it: it would lose its editions, and
    letters of the next one would count as sent."""
    manifest = Manifest()
    written: dict[str, MonthOutcome] = {}
    words = settings.words
    with writing_executor(workers, words=words) as executor, reading_sandbox(shop, settings, workers) as sandbox:
        for _, of_run in groupby(events, key=lambda one: one.run):
            manifest = take_over(shop, manifest, list(of_run), settings, sandbox, progress).manifest
            manifest, months = report_months(shop, settings, manifest, executor, progress, None)
            if months.undone:
                raise MonthsUndone(words("run.rebuild.undone", reason=undone_text(months.undone, words)))
            written.update({str(one.month): one for one in months.done})
        periods = [one for one in told if set(one.months) & set(manifest.months())]
        for period in periods:
            ledger = Ledger(shop, read_manifest(shop), settings.profile.forms)
            PeriodWriter(open_months(ledger, settings, executor), executor, progress).write(period, told[period])
    return tuple(written[month] for month in sorted(written)), tuple(periods)
