"""Managers' own templates of a month: their customers, all products, and the rows that they come with."""

from pathlib import Path

from pipeline.base.calendar import Month
from pipeline.base.errors import YuebaoError
from pipeline.commands.packs import Packs
from pipeline.contract.master_data import managers_in_office, owing_forms
from pipeline.contract.settings import Settings
from pipeline.ledger.manifest import read_manifest
from pipeline.ledger.read import Ledger
from pipeline.templates.blank import write_manager_template
from pipeline.templates.plan import Manager


def write_own_templates(
    home: Path, settings: Settings, month: Month, manager_id: str | None, folder: Path
) -> tuple[Path, ...]:
    """Writes the template of one manager, or of all in office that month who owe forms; gives the files written.

    Raises:
        YuebaoError: when the month's master data have no such manager.
    """
    words = settings.words
    ledger = Ledger(home, read_manifest(home), settings.profile.forms)
    masters = ledger.masters(month)
    managers = managers_in_office(masters["managers"], month)
    asked = managers[managers["manager_id"] == manager_id]
    chosen = owing_forms(managers, ledger.owing_nothing(month, settings.profile)) if manager_id is None else asked
    if chosen.empty:
        raise YuebaoError(words("run.templates.unknown_manager", month=month, manager=manager_id or ""))
    packs = Packs(ledger, settings, month)
    folder.mkdir(parents=True, exist_ok=True)
    return tuple(
        write_manager_template(
            folder,
            words,
            settings.profile,
            month,
            Manager(str(one["manager_id"]), str(one["manager_name"])),
            masters,
            packs.of(str(one["manager_id"])),
        )
        for one in chosen.to_dict("records")
    )
