"""The packs of a demo's month, from the demo's own rows: without an inbox, and without a run."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from types import SimpleNamespace

import pandas as pd

from pipeline.base.calendar import Month
from pipeline.contract.no_rows import form_without_rows
from pipeline.contract.trade import load_profile
from pipeline.demo.people import history, make_organisation, masters_in
from pipeline.demo.sample import Sample, forms_of_demo, masters_of, rows_of
from pipeline.demo.trade import Beside, trade_named
from pipeline.ledger.cases import Cases, cases_as_of
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

    def masters(self, month: Month) -> dict[str, pd.DataFrame]:
        return {**masters_in(self.sample.organisation, month), **masters_of(self.sample, month)}

    def rows(self, form: Form, month: Month) -> pd.DataFrame:
        held = self._rows.get(month, {}).get(form.key)
        return form_without_rows(form) if held is None else held.assign(source_file="", region_id="")

    def cases(self, form: Form, month: Month) -> Cases:
        held = [
            (when, self.rows(form, when)) for when in sorted(self._rows) if form.key in forms_of_demo(self.profile)
        ]
        cases = cases_as_of(form, month, held)
        return cases if len(cases.rows_by_case) else Cases(form_without_rows(form), ())


def demo_ledger(
    trade: str, last: Month = JUNE, managers: int = 0, customers: int = 0, months: int = 25
) -> DemoLedger:
    """The demo of a trade as it is made without being asked for anything else."""
    of = trade_named(trade)
    size = managers or of.managers, customers or of.customers
    organisation = make_organisation(of, "zh", SEED, history(last, months), *size)
    return DemoLedger(Sample(organisation, load_profile(trade), 3.0), last)
