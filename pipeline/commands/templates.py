"""Managers' own templates of a month: their customers, all products, and their open complaints filled in."""

from pathlib import Path

import pandas as pd

from pipeline.base.calendar import Month
from pipeline.base.errors import YuebaoError
from pipeline.contract.master_data import managers_in_office
from pipeline.contract.settings import Settings
from pipeline.ledger.cases import case_of
from pipeline.ledger.decisions import STANDS
from pipeline.ledger.manifest import read_manifest
from pipeline.ledger.read import Ledger
from pipeline.templates.blank import write_manager_template
from pipeline.templates.plan import Manager
from schemas.decisions import APPROVED, REFUSED
from schemas.form import Form, case_forms, region_forms


def write_own_templates(
    home: Path, settings: Settings, month: Month, manager_id: str | None, folder: Path
) -> tuple[Path, ...]:
    """Writes the template of one manager, or of all in office that month; gives the files written.

    Raises:
        YuebaoError: when the month's master data have no such manager.
    """
    words = settings.words
    ledger = Ledger(home, read_manifest(home), settings.profile.forms)
    masters = ledger.masters(month)
    managers = managers_in_office(masters["managers"], month)
    chosen = managers if manager_id is None else managers[managers["manager_id"] == manager_id]
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
    return _as_decided(ledger, form, before[-1], cases[~case_of(form).is_closed(cases)])


def _as_decided(ledger: Ledger, form: Form, month: Month, cases: pd.DataFrame) -> pd.DataFrame:
    """The cases with what the head of their region decided on each, where the form has columns for it."""
    number, told = case_of(form).number, cases
    for deciding in region_forms(ledger.forms):
        if deciding.traits.decides is None or form.key not in deciding.traits.decides.of:
            continue
        decided = ledger.decisions(deciding, month)
        last = decided[decided[STANDS] & decided["decision"].isin([APPROVED, REFUSED])].set_index("reference")
        by_region = told[number].isin(last.index)
        for name in {"decision", "decided_on"} & set(told):
            said = told[number].map(last[name])
            told = told.assign(**{name: told[name].where(~by_region, said).astype(told[name].dtype)})
    return told
