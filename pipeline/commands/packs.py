"""What managers' own templates of a month come with: planned visits and other rows that subjects know of, cases and
actions that are open, what stood last time; and which forms the office's exports bring."""

import importlib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import pandas as pd

from pipeline.base.calendar import Month
from pipeline.contract.settings import Settings
from pipeline.contract.subjects import subjects_with
from pipeline.ledger.cases import case_of
from pipeline.ledger.decisions import STANDS
from pipeline.ledger.read import Ledger
from pipeline.month.open_actions import open_actions
from pipeline.templates.blank import forms_of
from pipeline.templates.known import Known, last_values
from pipeline.templates.parts import Issued, Pack
from schemas.decisions import APPROVED, REFUSED
from schemas.form import Carried, Form, region_forms


@dataclass(frozen=True)
class Packs:
    """The packs of all managers of a month."""

    ledger: Ledger
    settings: Settings
    month: Month

    def of(self, manager_id: str) -> Pack:
        """What one manager's template comes with."""
        issued = {form.key: _of(manager_id, rows, last) for form, rows, last in self._issued}
        return Pack(issued, self.from_exports)

    @cached_property
    def from_exports(self) -> tuple[str, ...]:
        """The monthly forms that the settings take from the office's own exports; one whose exports only stand beside
        what managers send, and do not say that they are complete, is still theirs to fill in."""
        mapped = {one.form for one in self.settings.exports}
        complete = {one.form for one in self.settings.exports if one.covers}
        told = (form for form in self._forms if form.key in (complete if form.fills_in else mapped))
        return tuple(form.key for form in told)

    @cached_property
    def _forms(self) -> tuple[Form, ...]:
        return forms_of("monthly", self.settings.profile)

    @cached_property
    def _known(self) -> Known:
        return Known(self.month, self.settings.profile, self.ledger.masters(self.month), self.ledger.rows)

    @cached_property
    def _issued(self) -> list[tuple[Form, pd.DataFrame, pd.DataFrame]]:
        """Everybody's rows of each form, in its columns and with manager_id, and what stood last time beside them."""
        asked = [form for form in self._forms if form.key not in self.from_exports]
        everybodys = [(form, _as_form(form, self._rows(form))) for form in asked]
        return [(form, rows, last_values(self._known, form, rows)) for form, rows in everybodys]

    def _rows(self, form: Form) -> pd.DataFrame:
        if form.key in subjects_with("pack"):
            rows: pd.DataFrame = importlib.import_module(f"pipeline.subjects.{form.key}.pack").rows_of(self._known)
            return rows
        if form.traits.case is not None:
            return self._open_cases(form)
        if form.traits.outlook:
            return self._told_last_time(form)
        return form.empty() if form.traits.carried is None else self._open_actions(form, form.traits.carried)

    def _before(self) -> Iterator[Month]:
        return (one for one in self.ledger.manifest.months() if one < self.month)

    def _open_cases(self, form: Form) -> pd.DataFrame:
        """Cases not closed by the end of the month before, as their newest row has them."""
        before = list(self._before())
        if not before:
            return form.empty()
        cases = self.ledger.cases(form, before[-1]).rows_by_case
        return self._as_decided(form, before[-1], cases[~case_of(form).is_closed(cases)])

    def _as_decided(self, form: Form, month: Month, cases: pd.DataFrame) -> pd.DataFrame:
        """The cases with what the head of their region decided on each, where the form has columns for it."""
        number, told = case_of(form).number, cases
        for deciding in region_forms(self.ledger.forms):
            if deciding.traits.decides is None or form.key not in deciding.traits.decides.of:
                continue
            decided = self.ledger.decisions(deciding, month)
            last = decided[decided[STANDS] & decided["decision"].isin([APPROVED, REFUSED])].set_index("reference")
            by_region = told[number].isin(last.index)
            if not by_region.any():
                continue
            for name in {"decision", "decided_on"} & set(told):
                said = told[number].map(last[name])
                told = told.assign(**{name: told[name].where(~by_region, said)}).astype({name: form.dtypes[name]})
        return told

    def _told_last_time(self, form: Form) -> pd.DataFrame:
        """What each row of the month before was about, to be told anew."""
        return _keys_alone(form, self._known.rows_of(form, self.month + -1))

    def _open_actions(self, form: Form, carried: Carried) -> pd.DataFrame:
        """What was planned and is not done."""
        held = [(month, self.ledger.rows(form, month)) for month in self._before()]
        return open_actions(self.month + -1, held, carried)


def _of(manager_id: str, rows: pd.DataFrame, last: pd.DataFrame) -> Issued:
    own = (rows["manager_id"] == manager_id).to_numpy()
    return Issued(rows[own].reset_index(drop=True), last[own].reset_index(drop=True))


def _keys_alone(form: Form, rows: pd.DataFrame) -> pd.DataFrame:
    """Rows with nothing but what they are about."""
    return rows[["manager_id", *form.same]]


def _as_form(form: Form, rows: pd.DataFrame) -> pd.DataFrame:
    types = {**form.dtypes, "manager_id": "str"}
    return rows.reindex(columns=list(types)).astype(types)
