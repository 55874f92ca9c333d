"""Reading the ledger: the accepted rows and master data of a month."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

import pandas as pd

from pipeline.calendar import Month
from pipeline.ledger.cases import Cases, cases_as_of
from pipeline.ledger.decide import COUNTS
from pipeline.ledger.manifest import LEDGER, Manifest
from pipeline.masters import MasterVersion, read_masters
from pipeline.month_rows import SENDER_COLUMNS, SOURCE_COLUMNS, MonthRows
from schemas.form import Form


def master_versions(home: Path, manifest: Manifest) -> tuple[MasterVersion, ...]:
    """All versions of master data, with the full path of each."""
    return tuple(
        MasterVersion(one.form, Month.parse(one.valid_from), str(home / LEDGER / one.path))
        for one in manifest.masters
    )


@dataclass
class Ledger:
    """A committed ledger, opened for reading."""

    home: Path
    manifest: Manifest
    forms: dict[str, Form]
    _cases: dict[Month, Cases] = field(default_factory=dict, init=False)
    _masters: dict[Month, dict[str, pd.DataFrame]] = field(default_factory=dict, init=False)

    @cached_property
    def versions(self) -> tuple[MasterVersion, ...]:
        return master_versions(self.home, self.manifest)

    def masters(self, month: Month) -> dict[str, pd.DataFrame]:
        """A frame for every master form, as valid in the month; empty where nobody sent any."""
        if month not in self._masters:
            held = read_masters(self.versions, month)
            wanted = [form for form in self.forms.values() if form.kind == "master"]
            self._masters[month] = {form.key: held.get(form.key, form.empty()) for form in wanted}
        return self._masters[month]

    def read(self, stored: str) -> pd.DataFrame:
        """A frame that the manifest names."""
        return pd.read_parquet(self.home / LEDGER / stored)

    def rows(self, form: Form, month: Month) -> pd.DataFrame:
        """The accepted rows of one form and month, of all regions, as they were sent."""
        prefix = f"{form.key}/{month}/"
        files = sorted(path for name, path in self.manifest.parts.items() if name.startswith(prefix))
        frames = [pd.read_parquet(self.home / LEDGER / file) for file in files]
        return pd.concat(frames, ignore_index=True) if frames else _no_rows(form)

    def cases(self, month: Month) -> Cases:
        """Complaint cases as they stood at the month's end."""
        if month not in self._cases:
            by_month = [(one, self.rows(self.forms["complaints"], one)) for one in self._complaint_months]
            self._cases.update({one: cases_as_of(one, by_month) for one in self.manifest.months()})
        return self._cases.get(month, Cases(_no_rows(self.forms["complaints"]), ()))

    @cached_property
    def _complaint_months(self) -> Sequence[Month]:
        held = {name.split("/")[1] for name in self.manifest.parts if name.startswith("complaints/")}
        return [Month.parse(month) for month in sorted(held)]

    def month_rows(self, month: Month, leave_out: Collection[str] = ()) -> MonthRows:
        """Everything that figures of a month are counted from, but for the forms left out."""
        monthly = [form for form in self.forms.values() if form.kind == "monthly" and form.key not in leave_out]
        rows = {form.key: self.rows(form, month) for form in monthly}
        cases = self.cases(month).rows_by_case
        rows["complaints"] = cases if len(cases) else _no_rows(self.forms["complaints"])
        return MonthRows(month, rows, self.masters(month), self.sent(month))

    def sent(self, month: Month) -> frozenset[tuple[str, str]]:
        """Who handed in which form, nil returns included, as (manager_id, form)."""
        standing = (one for one in self.manifest.submissions if one.month == str(month) and one.state in COUNTS)
        return frozenset((one.manager_id, one.form) for one in standing)


def _no_rows(form: Form) -> pd.DataFrame:
    texts = {name: pd.Series(dtype="str") for name in (*SENDER_COLUMNS, *SOURCE_COLUMNS[:-1])}
    return form.empty().assign(**texts, source_row=pd.Series(dtype="int64"))
