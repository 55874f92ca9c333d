"""Managers' own templates of a month: their customers, all products, and their open complaints filled in."""

from pathlib import Path

import pandas as pd

from pipeline.base.calendar import Month
from pipeline.base.errors import YuebaoError
from pipeline.contract.master_data import managers_in_office, owing_forms
from pipeline.contract.settings import Settings
from pipeline.ledger.cases import case_of
from pipeline.ledger.manifest import read_manifest
from pipeline.ledger.read import Ledger
from pipeline.templates.blank import write_manager_template
from pipeline.templates.plan import Manager
from schemas.form import Form, case_forms


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
    chosen = owing_forms(managers, settings.profile.roles_without_forms) if manager_id is None else asked
    if chosen.empty:
        raise YuebaoError(words("run.templates.unknown_manager", month=month, manager=manager_id or ""))
    open_cases = {form.key: _open_cases(ledger, form, month) for form in case_forms(ledger.forms)}
    folder.mkdir(parents=True, exist_ok=True)
    return tuple(
        write_manager_template(
            folder,
            words,
            settings.profile,
            month,
            Manager(str(one["manager_id"]), str(one["manager_name"])),
            masters,
            {key: rows[rows["manager_id"] == one["manager_id"]] for key, rows in open_cases.items()},
        )
        for one in chosen.to_dict("records")
    )


def _open_cases(ledger: Ledger, form: Form, month: Month) -> pd.DataFrame:
    """Cases not closed by the end of the month before, as their newest row has them."""
    before = [one for one in ledger.manifest.months() if one < month]
    if not before:
        return ledger.cases(form, month).rows_by_case.iloc[:0]
    cases = ledger.cases(form, before[-1]).rows_by_case
    return cases[~case_of(form).is_closed(cases)]
