"""The packs of a demo's month, from the demo's own rows: without an inbox, and without a run."""

import io
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from types import SimpleNamespace

import openpyxl
import pandas as pd
from openpyxl.workbook import Workbook

from pipeline.base.calendar import Month
from pipeline.commands.packs import Packs
from pipeline.contract.exports import Export
from pipeline.contract.no_rows import form_without_rows
from pipeline.contract.settings import Settings, settings_from
from pipeline.contract.trade import load_profile, words_of
from pipeline.demo.people import history, make_organisation, masters_in
from pipeline.demo.sample import Sample, forms_of_demo, masters_of, rows_of
from pipeline.demo.trade import Beside, trade_named
from pipeline.ledger.cases import Cases, cases_as_of
from pipeline.ledger.decisions import decisions_as_of
from pipeline.templates.blank import forms_of
from pipeline.templates.plan import Manager
from pipeline.templates.write import write_template
from schemas.form import Form
from schemas.profile import Profile

SEED, JUNE = 20240601, Month(2024, 6)


@dataclass
class DemoLedger:
    """What a ledger would hold of a demo's months before the last, as far as packs ask for it."""

    sample: Sample
    last: Month

    @property
    def profile(self) -> Profile:
        return self.sample.profile

    @property
    def forms(self) -> Mapping[str, Form]:
        return self.profile.forms

    @property
    def manifest(self) -> SimpleNamespace:
        return SimpleNamespace(months=lambda: list(self._rows))

    @cached_property
    def _rows(self) -> dict[Month, dict[str, pd.DataFrame]]:
        return {self.last + -back: self._rows_of(self.last + -back) for back in (4, 3, 2, 1)}

    @cached_property
    def truth(self) -> dict[str, pd.DataFrame]:
        """Everybody's rows of the last month by form."""
        return self._rows_of(self.last)

    def _rows_of(self, month: Month) -> dict[str, pd.DataFrame]:
        """The rows of a month, with those that the demo's whole story sends beside them."""
        rows, organisation = rows_of(self.sample, month), self.sample.organisation
        told: dict[str, list[pd.DataFrame]] = {}
        for place, one in enumerate(organisation.managers.itertuples()):
            own = {form: held[held["manager_id"] == one.manager_id] for form, held in rows.items()}
            about = (month, self.last - month, one.manager_id, one.manager_name, place, own)
            beside = organisation.trade.beside
            sent = beside(Beside(*about, self.masters(month), self.forms, "zh")) if beside else {}
            for form, held in sent.items():
                told.setdefault(form, []).append(held.assign(manager_id=one.manager_id))
        return rows | {form: pd.concat(some, ignore_index=True) for form, some in told.items()}

    @cached_property
    def _masters(self) -> dict[Month, dict[str, pd.DataFrame]]:
        return {}

    def masters(self, month: Month) -> dict[str, pd.DataFrame]:
        if month not in self._masters:
            own = masters_of(self.sample, month)
            self._masters[month] = {**masters_in(self.sample.organisation, month), **own}
        return self._masters[month]

    def decisions(self, form: Form, month: Month) -> pd.DataFrame:
        """Nobody decided anything by a workbook."""
        return decisions_as_of(form, [], month)

    def rows(self, form: Form, month: Month) -> pd.DataFrame:
        held = self._rows.get(month, {}).get(form.key)
        return form_without_rows(form) if held is None else held.assign(source_file="", region_id="")

    def cases(self, form: Form, month: Month) -> Cases:
        held = [
            (when, self.rows(form, when)) for when in sorted(self._rows) if form.key in forms_of_demo(self.profile)
        ]
        cases = cases_as_of(form, month, held)
        return cases if len(cases.rows_by_case) else Cases(form_without_rows(form), ())


@cache
def demo_ledger(
    trade: str, last: Month = JUNE, managers: int = 0, customers: int = 0, months: int = 25
) -> DemoLedger:
    """The demo of a trade as it is made without being asked for anything else."""
    of = trade_named(trade)
    size = managers or of.managers, customers or of.customers
    organisation = make_organisation(of, "zh", SEED, history(last, months), *size)
    return DemoLedger(Sample(organisation, load_profile(trade), 3.0), last)


_made: dict[tuple[int, int], tuple[DemoLedger, Settings, Packs]] = {}


@cache
def settings(trade: str, exports: tuple[str, ...] = ()) -> Settings:
    """A trade's settings, with mappings of the office's exports for some forms."""
    mapped = tuple(Export(files="*.csv", form=form, columns={}) for form in exports)
    return settings_from({"profile": {"name": trade}}).model_copy(update={"exports": mapped})


def packs_of(ledger: DemoLedger, chosen: Settings) -> Packs:
    """All packs of the demo's last month."""
    key = (id(ledger), id(chosen.exports))
    if key not in _made:
        _made[key] = (ledger, chosen, Packs(ledger, chosen, ledger.last))  # type: ignore[arg-type]
    return _made[key][2]


def pack_of(ledger: DemoLedger, chosen: Settings, manager: str) -> Workbook:
    """The pack of the demo's last month as it is handed out to a manager."""
    masters = ledger.masters(ledger.last)
    customers, profile = masters["customers"], ledger.profile
    buffer = io.BytesIO()
    write_template(
        buffer,
        forms_of("monthly", profile),
        words_of("zh", profile),
        profile,
        month=ledger.last,
        manager=Manager(manager, "李明"),
        customers=customers[customers["manager_id"] == manager],
        products=masters.get("products"),
        pack=packs_of(ledger, chosen).of(manager),
        spare_rows=5,
    )
    return openpyxl.load_workbook(buffer)
