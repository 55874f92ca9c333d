"""The leaves of the graph: what is read from the ledger and from the settings, and what it depends on.

What is large depends on the names of its files, which tell their content; what is small on itself.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import PurePath
from typing import Any

import pandas as pd

from pipeline.base.calendar import Month
from pipeline.base.month_rows import SOURCE_COLUMNS
from pipeline.contract.master_data import versions_valid_in
from pipeline.contract.settings import Settings
from pipeline.figures.known import MonthKnown
from pipeline.ledger.board import rows_that_stand
from pipeline.ledger.decisions import with_when_sent
from pipeline.ledger.issued_plans import issued_stamps, issued_visits
from pipeline.ledger.leaves import LEAVING
from pipeline.ledger.read import Ledger
from pipeline.month.shape import Shape
from pipeline.month.track import JUDGED_LEVELS
from pipeline.work.code import texts_fingerprint
from pipeline.work.step import Step
from schemas.form import region_forms
from schemas.profile import Profile


@dataclass(frozen=True)
class Batches(Iterable[pd.DataFrame]):
    """Master data of a month, some thousands of rows at a time, as often as they are asked for."""

    ledger: Ledger
    form: str
    month: Month
    without: tuple[str, ...] = ()

    def __iter__(self) -> Iterator[pd.DataFrame]:
        return self.ledger.master_batches(self.form, self.month, self.without)


@dataclass(frozen=True)
class Sources:
    """Reads one committed ledger."""

    ledger: Ledger
    settings: Settings
    shape: Shape

    def steps(self) -> list[Step]:
        """A step for each thing that is read."""
        settings, shape, ledger = self.settings, self.shape, self.ledger
        return [
            Step("profile", lambda: settings.profile, reads=lambda: [settings.profile.told_up_to("")]),
            Step("profile_in", self._profile_in, reads=lambda month: [settings.profile.told_up_to(str(month))]),
            Step("words", lambda: settings.words, reads=self._texts),
            Step("organisation_name", self._organisation, reads=lambda: [self._organisation()]),
            Step("forms", lambda: ledger.monthly_forms, reads=self._forms_content),
            Step("regions", shape.regions, reads=lambda month: _content(shape.regions(month))),
            Step("in_office", shape.in_office, reads=lambda month: _content(shape.in_office(month))),
            Step("known", shape.known, reads=lambda month: _known_content(shape.known(month))),
            Step("exempt", shape.exempt, reads=lambda month: sorted(shape.exempt(month))),
            Step("sent", ledger.sent, reads=lambda month: sorted(ledger.sent(month))),
            Step("senders", self._senders, reads=lambda month: sorted(self._senders(month))),
            Step("master", self._master, reads=self._master_file),
            Step("customers", self._customers, reads=lambda month, *columns: self._master_file("customers", month)),
            Step(
                "customer_batches", partial(Batches, ledger, "customers"), reads=partial(self._master_file, "customers")
            ),
            Step("master_batches", partial(Batches, ledger, without=SOURCE_COLUMNS), reads=self._master_file),
            Step("standing", self._standing, reads=lambda month: [self._standing(month).to_csv()]),
            Step("rows", self._rows, reads=self._part),
            Step("lines", self._lines, reads=self._part),
            Step("traced_rows", self._rows, reads=self._part),
            Step("form_rows", self._form_rows, reads=self._parts),
            Step("case_rows", self._form_rows, keeps="process", reads=self._parts),
            Step("decided_rows", self._decided_rows, keeps="process", reads=self._decided_parts),
            Step("issued", self._issued, reads=self.issued_files),
            Step("plans", self._plans, reads=lambda month: issued_stamps(ledger.home, month)),
        ]  # fmt: skip

    def _standing(self, month: Month) -> pd.DataFrame:
        """What counts in a month; what heads of regions decided changes no figure."""
        standing = rows_that_stand(month, self.ledger.manifest)
        decided = standing["form"].isin([one.key for one in region_forms(self.ledger.forms)])
        return standing[~decided].reset_index(drop=True)

    def _profile_in(self, month: Month) -> Profile:
        return self.settings.profile.as_of(str(month))

    def _plans(self, month: Month) -> pd.DataFrame:
        """The visits of the plans that were issued, as their standing editions have them."""
        return issued_visits(self.ledger.home, month)

    def _texts(self) -> list[str]:
        return [self.settings.language, self.settings.profile.key, texts_fingerprint()]

    def _organisation(self) -> str:
        return self.settings.organisation or self.settings.words("run.organisation")

    def _senders(self, month: Month) -> frozenset[str]:
        """The managers of whom is known in a month what is forecast."""
        wanted = self.settings.profile.forecast_form
        return frozenset(manager for manager, form in self.ledger.sent(month) if form == wanted)

    def _master(self, form: str, month: Month) -> pd.DataFrame:
        return self.ledger.masters(month)[form]

    def _customers(self, month: Month, *columns: str) -> pd.DataFrame:
        return self.ledger.customers(month, *columns)

    def _master_file(self, form: str, month: Month) -> Sequence[str]:
        version = versions_valid_in(self.ledger.versions, month).get(form)
        leaves = self.ledger.leaves_told_later(form, month).to_csv() if form in LEAVING else ""
        return ["" if version is None else PurePath(version.path).name, leaves]

    def _rows(self, form: str, month: Month, region: str) -> pd.DataFrame:
        return self.ledger.rows(self.ledger.forms[form], month, region)

    def _lines(self, form: str, month: Month, region: str) -> pd.DataFrame:
        """Without where they stand, as nothing but a trace tells it."""
        return self.ledger.rows(self.ledger.forms[form], month, region, with_sources=False)

    def _forms_content(self) -> list[Any]:
        """What forms are in use, with which columns."""
        return [(one.key, *one.dtypes.items()) for one in self.ledger.monthly_forms]

    def _part(self, form: str, month: Month, region: str) -> Sequence[str]:
        return [PurePath(self.ledger.parts[form, month][region]).name]

    def _form_rows(self, form: str, month: Month) -> pd.DataFrame:
        return self.ledger.rows(self.ledger.forms[form], month)

    def _parts(self, form: str, month: Month) -> Sequence[str]:
        return sorted(PurePath(path).name for path in self.ledger.parts.get((form, month), {}).values())

    def _decided_rows(self, form: str, month: Month) -> pd.DataFrame:
        """What heads of regions decided by a month's workbooks, and when each file came."""
        return with_when_sent(self._form_rows(form, month), self.ledger.manifest.receipts_by_hash)

    def _decided_parts(self, form: str, month: Month) -> Sequence[str]:
        receipts = self.ledger.manifest.receipts_by_hash
        files = [one.sha256 for one in self.ledger.submissions(month) if one.form == form]
        came = [f"{one} {receipts[one].run} {receipts[one].saved_at}" for one in sorted(set(files))]
        return [*self._parts(form, month), *came]

    def issued_files(self, made_in: Month) -> Sequence[str]:
        """The files of a month's forecast as its editions gave it."""
        edition = self.ledger.manifest.edition_of(made_in)
        return edition.issued if edition else ()

    def _issued(self, made_in: Month) -> Sequence[pd.DataFrame]:
        """The forecasts of a month as its editions gave them, of those who are judged."""
        return [self.ledger.read(path, level=JUDGED_LEVELS) for path in self.issued_files(made_in)]


def _content(series: pd.Series) -> list[Any]:
    return [*series.index, *series]


def _known_content(known: MonthKnown) -> list[Any]:
    missing = [
        [(form, sorted(who)) for form, who in sorted(one.items())]
        for one in (known.missing, *known.missing_before)
    ]
    return [sorted(known.in_office), sorted(known.exempt), *missing]
