"""Reading the ledger: the accepted rows and master data of a month."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property, partial
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from pipeline.base.calendar import Month
from pipeline.base.frames import OnDemand
from pipeline.base.home import LEDGER
from pipeline.base.month_rows import SENDER_COLUMNS
from pipeline.contract.master_data import OWN, MasterVersion, owing_nothing, versions_valid_in
from pipeline.contract.no_rows import form_without_rows
from pipeline.ledger.cases import Cases, cases_as_of
from pipeline.ledger.commit import part_name
from pipeline.ledger.decisions import decisions_as_of, with_when_sent
from pipeline.ledger.leaves import leaves_told_later, needed_columns, with_leaves
from pipeline.ledger.manifest import COUNTS, Manifest, Submission
from schemas.form import Form
from schemas.in_use import no_rows, unused_masters, with_unknown
from schemas.profile import Profile


def master_versions(home: Path, manifest: Manifest) -> tuple[MasterVersion, ...]:
    """All versions of master data, with the full path of each."""
    return tuple(
        MasterVersion(one.form, Month.parse(one.valid_from), str(home / LEDGER / one.path))
        for one in manifest.masters
    )


def _read_held(path: Path, columns: Sequence[str] | None) -> pd.DataFrame:
    """A stored frame, or those of the columns asked for that it holds."""
    if columns is None:
        return pd.read_parquet(path)
    held = set(pq.read_schema(path).names)
    return pd.read_parquet(path, columns=[name for name in columns if name in held])


def with_later_columns(rows: pd.DataFrame, form: Form) -> pd.DataFrame:
    """Rows with the columns that their form got after they were taken in: nobody told them."""
    later = [name for name in form.dtypes if name not in rows]
    return with_unknown(rows, form.empty()[later]) if later else rows


BATCH_ROWS = 20_000
KEPT_MONTHS = 6  # of master data: a month's own, and those of the months that it looks back on


@dataclass
class Ledger:
    """A committed ledger, opened for reading."""

    home: Path
    manifest: Manifest
    forms: Mapping[str, Form]
    _cases: dict[tuple[str, Month], pd.DataFrame] = field(default_factory=dict, init=False)
    _masters: dict[Month, Mapping[str, pd.DataFrame]] = field(default_factory=dict, init=False)
    _leaves: dict[tuple[str, Month], pd.Series] = field(default_factory=dict, init=False)

    @cached_property
    def versions(self) -> tuple[MasterVersion, ...]:
        """The versions of the master data, oldest first."""
        return master_versions(self.home, self.manifest)

    def masters(self, month: Month) -> Mapping[str, pd.DataFrame]:
        """A frame for every master form, as valid in the month; empty where nobody sent any, or it is not in use.

        A form is read when it is first asked for, and kept; of customers, who are many, better take `customers`.
        """
        if month not in self._masters:
            while len(self._masters) >= KEPT_MONTHS:
                self._masters.pop(next(iter(self._masters)))
            wanted = [form for form in self.forms.values() if form.kind == "master"]
            held = {form.key: partial(self.master, form.key, month) for form in wanted}
            unused = {key: partial(no_rows, key) for key in unused_masters(self.forms)}
            self._masters[month] = OnDemand({**held, **unused})
        return self._masters[month]

    def master(self, form: str, month: Month, columns: Sequence[str] | None = None) -> pd.DataFrame:
        """A form of master data as valid in the month, or some of its columns, with the leaves up to the month's end
        that later master data tell; not kept."""
        version = versions_valid_in(self.versions, month).get(form)
        if version is None:
            empty = self.forms[form].empty() if form in self.forms else no_rows(form)
            return empty if columns is None else empty[list(columns)]
        rows = pd.read_parquet(version.path, columns=needed_columns(form, columns))
        told = with_leaves(form, rows, self.leaves_told_later(form, month))
        return told if columns is None else told[list(columns)]

    def leaves_told_later(self, form: str, month: Month) -> pd.Series:
        """The leaving days up to a month's end that only later master data tell, by code."""
        if (form, month) not in self._leaves:
            self._leaves[form, month] = leaves_told_later(self.versions, form, month)
        return self._leaves[form, month]

    def customers(self, month: Month, *columns: str) -> pd.DataFrame:
        """These columns of the month's customers; not kept."""
        return self.master("customers", month, columns)

    def owing_nothing(self, month: Month, profile: Profile) -> frozenset[str]:
        """The managers who owe no forms in a month."""
        customers = partial(self.customers, month, *OWN)
        return owing_nothing(month, self.masters(month)["managers"], customers, profile)

    def read(self, stored: str, **only: Sequence[str]) -> pd.DataFrame:
        """A frame that the manifest names; of it only rows that have one of the values given for a column."""
        path = self.home / LEDGER / stored
        types = pq.read_schema(path)
        if any(
            pa.types.is_null(types.field(column).type) for column in only
        ):  # a frame that was stored without rows
            return pd.read_parquet(path).iloc[:0]
        filters = [(column, "in", list(values)) for column, values in only.items()]
        return pd.read_parquet(path, filters=filters or None)

    def master_batches(self, form: str, month: Month, without: Collection[str] = ()) -> Iterator[pd.DataFrame]:
        """`master` some thousands of rows at a time, without some columns."""
        version = versions_valid_in(self.versions, month).get(form)
        if version is None:
            yield self.master(form, month).drop(columns=list(without), errors="ignore")
            return
        with pq.ParquetFile(version.path) as file:
            columns = [name for name in file.schema_arrow.names if name not in without]
            leaves = self.leaves_told_later(form, month)
            for batch in file.iter_batches(BATCH_ROWS, columns=columns):
                yield with_leaves(form, batch.to_pandas(), leaves)

    @cached_property
    def parts(self) -> Mapping[tuple[str, Month], Mapping[str, str]]:
        """The file of each region's accepted rows, by form and month."""
        found: dict[tuple[str, Month], dict[str, str]] = {}
        for one in self.manifest.submissions:
            path = self.manifest.parts.get(part_name(one.form, one.month, one.region_id))
            if path is not None:
                found.setdefault((one.form, Month.parse(one.month)), {})[one.region_id] = path
        return found

    def part_regions(self, month: Month) -> tuple[str, ...]:
        """The regions that have accepted rows of any form in a month."""
        return tuple(
            sorted({region for (_, when), paths in self.parts.items() if when == month for region in paths})
        )

    def part_files(self, month: Month, region: str) -> tuple[tuple[str, str], ...]:
        """The forms of a month of which a region has rows, each with the file that holds them."""
        held = ((form, paths) for (form, when), paths in self.parts.items() if when == month)
        return tuple(sorted((form, paths[region]) for form, paths in held if region in paths))

    def rows(
        self, form: Form, month: Month, region: str | None = None, *, with_sources: bool = True
    ) -> pd.DataFrame:
        """The accepted rows of one form and month, as they were sent: of one region, or of all.

        Without their sources (SOURCE_COLUMNS) rows take half the memory.
        """
        paths = self.parts.get((form.key, month), {})
        files = sorted(path for where, path in paths.items() if region in (None, where))
        columns = None if with_sources else [*form.dtypes, *SENDER_COLUMNS]
        frames = [with_later_columns(_read_held(self.home / LEDGER / file, columns), form) for file in files]
        if not frames:
            return form_without_rows(form, with_sources=with_sources)
        return pd.concat(frames, ignore_index=True)

    def columns(
        self, form: Form, month: Month, names: Sequence[str], regions: Collection[str] | None = None
    ) -> pd.DataFrame:
        """Some columns of the accepted rows of one form and month (its own, or manager_id), of some regions or all."""
        types = {**form.dtypes, "manager_id": "str"}
        paths = self.parts.get((form.key, month), {})
        files = sorted(path for where, path in paths.items() if regions is None or where in regions)
        frames = [_read_held(self.home / LEDGER / file, names) for file in files]
        whole = [
            frame.reindex(columns=list(names)).astype({name: types[name] for name in names}) for frame in frames
        ]
        none = pd.DataFrame({name: pd.Series(dtype=types[name]) for name in names})
        return pd.concat(whole, ignore_index=True) if whole else none

    def cases(self, form: Form, month: Month) -> Cases:
        """The cases of a form as they stood at the month's end."""
        months = sorted(when for key, when in self.parts if key == form.key and when <= month)
        cases = cases_as_of(form, month, [(one, self._case_rows(form, one)) for one in months])
        return cases if len(cases.rows_by_case) else Cases(form_without_rows(form), cases.problems)

    def decisions(self, form: Form, month: Month) -> pd.DataFrame:
        """What heads of regions decided by workbooks up to a month: see `ledger.decisions`."""
        receipts = self.manifest.receipts_by_hash
        months = sorted(when for key, when in self.parts if key == form.key and when <= month)
        held = [(one, with_when_sent(self.rows(form, one), receipts)) for one in months]
        return decisions_as_of(form, held, month)

    def _case_rows(self, form: Form, month: Month) -> pd.DataFrame:
        if (form.key, month) not in self._cases:
            self._cases[form.key, month] = self.rows(form, month)
        return self._cases[form.key, month]

    @property
    def monthly_forms(self) -> tuple[Form, ...]:
        """The forms that managers send every month."""
        return tuple(form for form in self.forms.values() if form.kind == "monthly")

    def sent(self, month: Month) -> frozenset[tuple[str, str]]:
        """Who handed in which form, nil returns included, as (manager_id, form); steps that others filled in say
        nothing of what a manager had."""
        standing = (one for one in self.submissions(month) if one.state in COUNTS and one.beside != "steps")
        return frozenset((one.manager_id, one.form) for one in standing)

    def submissions(self, month: Month) -> Sequence[Submission]:
        """What files brought for a month."""
        return self._by_month.get(str(month), ())

    @cached_property
    def _by_month(self) -> Mapping[str, Sequence[Submission]]:
        found: dict[str, list[Submission]] = {}
        for one in self.manifest.submissions:
            found.setdefault(one.month, []).append(one)
        return found
