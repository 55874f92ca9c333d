"""A small organisation for the tests of taking in: master data on disk, filled templates, and what came of them."""

import atexit
import hashlib
import io
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pandas as pd

from pipeline.base.calendar import Month
from pipeline.contract.master_data import MasterVersion
from pipeline.contract.problem import Problem
from pipeline.contract.settings import Settings, settings_from
from pipeline.intake.take_in import take_in
from pipeline.intake.taken import FileTask, Part, Taken
from pipeline.templates.plan import Manager
from pipeline.templates.write import write_template
from pipeline.words import load_words
from schemas.form import FormKind, all_forms

JUNE = Month(2024, 6)
LI = Manager("M001", "李明")
SETTINGS = settings_from({})
DEFAULT_MODULES = tuple(sorted({form.model.__module__ for form in all_forms().values()}))

MASTERS: Mapping[str, list[dict[str, object]]] = {
    "regions": [{"region_id": "R01", "region_name": "城东区"}],
    "managers": [
        {"manager_id": "M001", "manager_name": "李明", "region_id": "R01"},
        {"manager_id": "M002", "manager_name": "王芳", "region_id": "R01"},
    ],
    "customers": [
        {"customer_id": "030101", "customer_name": "便民烟酒店", "manager_id": "M001", "status": "active"},
        {"customer_id": "030102", "customer_name": "好又多", "manager_id": "M001", "status": "active"},
        {"customer_id": "030201", "customer_name": "王芳的客户", "manager_id": "M002", "status": "active"},
        {"customer_id": "030103", "customer_name": "停业的店", "manager_id": "M001", "status": "paused"},
        {"customer_id": "030104", "customer_name": "六月十日退网", "manager_id": "M001", "status": "left",
         "left_on": pd.Timestamp(2024, 6, 10)},
        {"customer_id": "330102197001011234", "customer_name": "十八位编码", "manager_id": "M001",
         "status": "active"},
    ],
    "products": [
        {"product_id": "P001", "product_name": "利群", "wholesale_price": 120.0},
        {"product_id": "P002", "product_name": "雄狮"},
    ],
}  # fmt: skip


def master_frame(form: str) -> pd.DataFrame:
    types = all_forms()[form].dtypes
    rows = pd.DataFrame(MASTERS[form])
    return pd.DataFrame(
        {name: rows.get(name, pd.Series([None] * len(rows))).astype(dtype) for name, dtype in types.items()}
    )


def master_versions(folder: Path, forms: Iterable[str] = tuple(MASTERS)) -> tuple[MasterVersion, ...]:
    """The master data on disk, valid from January 2024."""
    folder.mkdir(parents=True, exist_ok=True)
    versions = []
    for form in forms:
        path = folder / f"{form}.parquet"
        master_frame(form).to_parquet(path)
        versions.append(MasterVersion(form, Month(2024, 1), str(path)))
    return tuple(versions)


_SHARED = tempfile.TemporaryDirectory(prefix="yuebao-tests-")
atexit.register(_SHARED.cleanup)


@cache
def _shared_masters() -> tuple[MasterVersion, ...]:
    return master_versions(Path(_SHARED.name))


def sales_rows(count: int = 1, **columns: Sequence[object]) -> pd.DataFrame:
    """That many good sales lines of June, one a day; `columns` give other cells, texts as typed."""
    given: dict[str, Sequence[object]] = {
        "order_date": [pd.Timestamp(2024, 6, 1 + day) for day in range(count)],
        "customer_id": ["030101"] * count,
        "product_id": ["P002"] * count,
        "ordered_qty": [60] * count,
        "sold_qty": [50] * count,
        "amount": [6000.0] * count,
        "closing_stock": [20] * count,
        **columns,
    }
    return pd.DataFrame({name: pd.Series(list(cells), dtype="object") for name, cells in given.items()})


def filled(rows: pd.DataFrame | None = None, form: str = "sales", **contents: object) -> bytes:
    """A manager's template of one form, filled in; rows begin in sheet row 5, columns in B."""
    target = io.BytesIO()
    words = {"month": JUNE, "manager": LI, "spare_rows": 0, **contents}
    write_template(
        target,
        [all_forms()[form]],
        load_words("zh"),
        SETTINGS.profile,
        rows={} if rows is None else {form: rows},
        **words,  # type: ignore[arg-type]
    )
    return target.getvalue()


@dataclass(frozen=True)
class Outcome:
    """What came of one file."""

    taken: Taken

    @property
    def problems(self) -> list[tuple[str, str, str]]:
        """Each problem as (cell, rule, effect)."""
        return [(one.cell, one.rule, one.effect) for one in self.taken.problems]

    @property
    def told(self) -> list[Problem]:
        return list(self.taken.problems)

    def part(self, form: str) -> Part:
        found = [part for part in self.taken.parts if part.form == form]
        assert len(found) == 1
        return found[0]

    def rows(self, form: str) -> pd.DataFrame:
        return pd.concat(
            [pd.read_parquet(part.path) for part in self.taken.parts if part.form == form and part.path],
            ignore_index=True,
        )


def take_file(
    folder: Path,
    data: bytes,
    name: str = "a.xlsx",
    *,
    kind: FormKind = "monthly",
    settings: Settings = SETTINGS,
    versions: tuple[MasterVersion, ...] | None = None,
    modules: tuple[str, ...] = DEFAULT_MODULES,
) -> Outcome:
    """Takes one file in, in this process."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "original"
    path.write_bytes(data)
    known = _shared_masters() if versions is None else versions
    digest = hashlib.sha256(data).hexdigest()
    return Outcome(take_in(FileTask(str(path), name, digest, kind, settings, known, str(folder), modules)))
