"""A small organisation made by hand, whose workbooks are written through the real templates.

Two regions, three managers (M001 and M002 in R01, M003 in R02), each with two customers; three products at
100 yuan. Everything that is sent is said in the tests themselves.
"""

import datetime as dt
import os
from collections.abc import Mapping, Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd
from click.testing import CliRunner, Result
from without_workbooks import without_workbooks

from pipeline.base.calendar import Month
from pipeline.base.csv_cells import read_csv
from pipeline.base.moments import timestamp_of
from pipeline.cli import main
from pipeline.contract.trade import load_profile
from pipeline.templates.plan import Manager
from pipeline.templates.write import write_template
from pipeline.words import load_words
from schemas.form import all_forms

JUNE = Month(2024, 6)
REGION_OF = {"M001": "R01", "M002": "R01", "M003": "R02"}
NAMES = {"M001": "李明", "M002": "王芳", "M003": "赵强", "M004": "钱多"}
ON_TIME = "2024-07-03T09:00"  # forms of June are due on Friday the 5th of July
FORMS = ("sales", "visits", "complaints", "satisfaction")
Sale = tuple[int, str, int]  # day, customer, cartons (of P1, at 100 yuan)


def frame(form: str, rows: Sequence[Mapping[str, Any]]) -> pd.DataFrame:
    declared = all_forms()[form]
    columns = {column.name: [row.get(column.name) for row in rows] for column in declared.columns}
    return pd.DataFrame(columns).astype(declared.dtypes)


def customers_of(managers: Sequence[str]) -> list[dict[str, Any]]:
    """C001a and C001b of M001, and so on."""
    return [
        {
            "customer_id": f"C{manager[1:]}{letter}",
            "customer_name": f"店{manager[1:]}{letter}",
            "manager_id": manager,
            "status": "active",
            "grade": "1",
            "joined_on": pd.Timestamp(2020, 1, 1),
        }
        for manager in managers
        for letter in "ab"
    ]


@dataclass
class SmallHome:
    """One organisation's folder, with its inbox."""

    home: Path

    @property
    def inbox(self) -> Path:
        return self.home / "inbox"

    def masters(
        self,
        name: str = "主数据.xlsx",
        *,
        month: Month = JUNE,
        regions: Mapping[str, str] = REGION_OF,
        left: Mapping[str, dt.date] | None = None,
        saved: str = "2024-06-01T08:00",
        price: float = 100.0,
    ) -> Path:
        gone = left or {}
        rows = {
            "regions": [{"region_id": one, "region_name": f"区域{one}"} for one in sorted(set(regions.values()))],
            "managers": [
                {
                    "manager_id": one,
                    "manager_name": NAMES[one],
                    "region_id": region,
                    "left_on": pd.Timestamp(gone[one]) if one in gone else None,
                }
                for one, region in regions.items()
            ],
            "customers": customers_of(list(regions)),
            "products": [
                {
                    "product_id": f"P{n}",
                    "product_name": f"烟{n}",
                    "category": "class1",
                    "brand": "牌",
                    "wholesale_price": price,
                }
                for n in (1, 2, 3)
            ],
        }
        forms = [form for form in load_profile("tobacco").forms.values() if form.kind == "master"]
        return self._write(
            name, forms, saved, month=month, rows={key: frame(key, one) for key, one in rows.items()}
        )

    def sends(
        self,
        manager: str,
        *sales: Sale,
        name: str = "",
        saved: str = ON_TIME,
        month: Month = JUNE,
        nil: Sequence[str] = FORMS[1:],
        rows: Mapping[str, Sequence[Mapping[str, Any]]] | None = None,
    ) -> Path:
        """A manager's workbook: sales of P1 as given, other forms nil unless rows are given."""
        given = {key: frame(key, list(one)) for key, one in (rows or {}).items()}
        if sales:
            given["sales"] = frame("sales", [sale_row(month, *one) for one in sales])
        forms = [all_forms()[key] for key in dict.fromkeys((*FORMS, *given))]
        who = Manager(manager, NAMES.get(manager, ""))
        return self._write(
            name or f"{manager}.xlsx", forms, saved, month=month, manager=who, rows=given, nil_forms=nil
        )

    def _write(self, name: str, forms: Sequence[Any], saved: str, **content: Any) -> Path:
        self.inbox.mkdir(parents=True, exist_ok=True)
        path = self.inbox / name
        profile = load_profile("tobacco")
        write_template(path, forms, load_words("zh"), profile, example_rows=False, spare_rows=2, **content)
        return save_at(path, saved)

    def junk(self, name: str, data: bytes, saved: str = ON_TIME) -> Path:
        self.inbox.mkdir(parents=True, exist_ok=True)
        (self.inbox / name).write_bytes(data)
        return save_at(self.inbox / name, saved)

    def run(self, *args: str, books: bool = True) -> Result:
        """`yuebao monthly`; without `books` it writes no workbooks: for rules about figures, lists and files."""
        with nullcontext() if books else without_workbooks():
            return call("monthly", "--home", str(self.home), "--workers", "1", "--quiet", *args)

    def does(self, command: str, *args: str) -> Result:
        """Another command than `monthly`."""
        return call(command, "--home", str(self.home), "--workers", "1", *args)

    def csv(self, name: str, month: Month = JUNE) -> pd.DataFrame:
        path = self.home / "output" / str(month) / "data" / f"{name}.csv"
        return read_csv(path)

    def value(self, figure: str, entity: str = "ALL", month: Month = JUNE) -> float | None:
        """The value in `metrics.csv`; None where the figure has none."""
        metrics = self.csv("metrics", month)
        found = metrics[(metrics["figure"] == figure) & (metrics["entity_id"] == entity)]["value"]
        return float(found.iloc[0]) if len(found) and found.iloc[0] else None

    def state(self, manager: str, form: str = "sales", month: Month = JUNE) -> str:
        board = self.csv("submissions", month)
        found = board[(board["manager_id"] == manager) & (board["form"] == form)]["state"]
        return str(found.iloc[0])

    def waiting(self) -> list[str]:
        return sorted(path.name for path in self.inbox.iterdir())


def report_june(folder: Path) -> None:
    """A home of which June is reported, with ten cartons that M001 sold to C001a; nobody else has sent anything."""
    home = SmallHome(folder)
    home.masters()
    home.sends("M001", (3, "C001a", 10))
    assert home.run().exit_code == 0


def report_four_days(folder: Path) -> None:
    """A home of which June is reported: ten cartons of M001 on each of four days, in one file."""
    home = SmallHome(folder)
    home.masters()
    home.sends("M001", *((day, "C001a", 10) for day in (3, 4, 5, 6)), name="一.xlsx")
    assert home.run().exit_code == 0


def sale_row(month: Month, day: int, customer: str, cartons: int) -> dict[str, Any]:
    return {
        "order_date": pd.Timestamp(month.year, month.month, day),
        "customer_id": customer,
        "product_id": "P1",
        "ordered_qty": max(cartons, 0),
        "sold_qty": cartons,
        "amount": cartons * 100.0,
    }


def save_at(path: Path, moment: str) -> Path:
    stamp = timestamp_of(moment)
    os.utime(path, (stamp, stamp))
    return path


def call(*args: str) -> Result:
    return CliRunner().invoke(main, args, catch_exceptions=False)


def kept_bytes(home: Path) -> dict[str, bytes]:
    """All that a run leaves in ledger, archive and output, without times and what can be worked out again."""
    return {
        path.relative_to(home).as_posix(): path.read_bytes()
        for folder in ("ledger", "archive", "output")
        for path in sorted((home / folder).rglob("*"))
        if path.is_file()
        and path.name not in ("run.json", "reader.log", "fault.log")
        and "derived" not in path.parts
    }
