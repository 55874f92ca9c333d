"""The ledger and all outputs made anew from the archive alone: `yuebao rebuild`.

The runs are gone through again one after another, as the slips in the archive tell them: the same files, in the
same order, with the same editions in between.
"""

from itertools import groupby
from pathlib import Path

from pipeline.errors import YuebaoError
from pipeline.executors import reading_sandbox, usable_cores, writing_executor
from pipeline.ledger.archive import altered_originals, slips
from pipeline.ledger.aside import drop_old_ledger, restore_ledger, set_ledger_aside
from pipeline.ledger.lock import ledger_lock
from pipeline.ledger.manifest import Event, Manifest
from pipeline.receive import Progress, take_over
from pipeline.reporting import MonthOutcome, report_months
from pipeline.run import look_at_home
from pipeline.settings import Settings
from pipeline.words import load_words

NAMES_TOLD = 10


def rebuild(home: Path, settings: Settings, progress: Progress, workers: int = 0) -> tuple[MonthOutcome, ...]:
    """Makes the ledger anew and writes every month; gives the months, oldest first.

    A rebuild that fails, or is killed, leaves the ledger as it was.

    Raises:
        YuebaoError: when there is no archive, an original is not as it was received, or files cannot be written.
        LedgerBusy: when another run holds the ledger.
    """
    words = load_words(settings.language)
    look_at_home(home, words)
    with ledger_lock(home, words):
        restore_ledger(home)
        events = list(slips(home))
        if not events:
            raise YuebaoError(words("run.nothing_archived", home=home))
        altered = altered_originals(home, events)
        if altered:
            raise YuebaoError(
                words("run.rebuild.altered", count=len(altered), names="、".join(altered[:NAMES_TOLD]))
            )
        set_ledger_aside(home)
        try:
            months = _replay(home, settings, progress, workers or usable_cores(), events)
        except BaseException:
            restore_ledger(home)
            raise
        drop_old_ledger(home)
    return months


def _replay(
    home: Path, settings: Settings, progress: Progress, workers: int, events: list[Event]
) -> tuple[MonthOutcome, ...]:
    manifest = Manifest()
    written: dict[str, MonthOutcome] = {}
    words = load_words(settings.language)
    with writing_executor(workers, words=words) as executor, reading_sandbox(home, settings, workers) as sandbox:
        for _, of_run in groupby(events, key=lambda one: one.run):
            manifest = take_over(home, manifest, list(of_run), settings, sandbox, progress).manifest
            manifest, months = report_months(home, settings, manifest, executor, progress, None)
            written.update({str(one.month): one for one in months})
    return tuple(written[month] for month in sorted(written))
