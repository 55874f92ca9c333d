"""Taking a file out of the ledger: `yuebao withdraw`. It stays in the archive; what stood before it stands again."""

from dataclasses import dataclass, replace
from pathlib import Path

from pipeline.base.errors import MonthsUndone
from pipeline.commands.home_folder import look_at_home
from pipeline.contract.settings import Settings
from pipeline.ledger.archive import write_slip
from pipeline.ledger.choose import file_to_withdraw
from pipeline.ledger.lock import ledger_lock
from pipeline.ledger.manifest import Receipt, read_manifest
from pipeline.ledger.output import finish
from pipeline.month.outcome import MonthOutcome, undone_text
from pipeline.month.reporting import report_months
from pipeline.taking.receive import waiting_events
from pipeline.taking.received import Progress
from pipeline.taking.take_over import take_over
from pipeline.work.executors import file_readers, usable_cores, writing_executor


@dataclass(frozen=True)
class Withdrawn:
    """The file that was withdrawn, and the months that were written anew without it, oldest first."""

    receipt: Receipt
    months: tuple[MonthOutcome, ...]


def withdraw_file(
    home: Path, settings: Settings, named: str, progress: Progress, workers: int, run_on: str
) -> Withdrawn:
    """Withdraws a file and writes the months that it concerned.

    It is a run of its own, with a slip in the archive, so that `rebuild` does the same again.

    Args:
        home: the organisation's folder.
        settings: its settings.
        named: the file's name, or the first digits of its fingerprint.
        progress: told after each step.
        workers: how many processes; 0 for the cores this process may use.
        run_on: the day of the run (ISO).

    Raises:
        YuebaoError: when it is not clear which file is meant, it is master data, or files cannot be written.
        MonthsUndone: when the file is withdrawn and a month that it concerned could not be written.
        LedgerBusy: when another run holds the ledger.
    """
    words = settings.words
    look_at_home(home, words)
    count = workers or usable_cores()
    with ledger_lock(home, words):
        finish(home, words)
        manifest = read_manifest(home)
        receipt = file_to_withdraw(manifest, named, words)
        with writing_executor(count, words=words) as executor:
            if manifest.pending:
                manifest, _ = report_months(home, settings, manifest, executor, progress, None)
            waiting = waiting_events(home, manifest, settings)
            event = replace(receipt.event, run=manifest.run + 1, run_on=run_on, what="withdrawn")
            write_slip(home, event)
            with file_readers(home, settings, count, None) as readers:
                events = [one for one in waiting if one != event]
                manifest = take_over(home, manifest, [*events, event], settings, readers, progress).manifest
            _, months = report_months(home, settings, manifest, executor, progress, None)
    if months.undone:
        raise MonthsUndone(undone_text(months.undone, words))
    return Withdrawn(receipt, months.done)
