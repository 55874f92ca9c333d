"""A small organisation whose files go through the real reader into the ledger, in this process; nothing is reported.

Managers M001 and M002 in region R01, M003 in R02, each with customers C001a and C001b (and so on); P1 costs 100 yuan.
"""

import datetime as dt
import os
import shutil
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import groupby
from pathlib import Path
from typing import Any

import pandas as pd

from pipeline.base.calendar import Month
from pipeline.base.home import LEDGER
from pipeline.contract.problem import Problem
from pipeline.contract.settings import load_settings
from pipeline.contract.trade import load_profile
from pipeline.ledger.archive import slips, write_slip
from pipeline.ledger.board import submissions_board
from pipeline.ledger.choose import file_to_accept, file_to_withdraw
from pipeline.ledger.commit import load_problems
from pipeline.ledger.manifest import Manifest, read_manifest
from pipeline.ledger.read import Ledger
from pipeline.ledger.still_open import StillOpen
from pipeline.taking.receive import receive
from pipeline.taking.received import Received, unheard
from pipeline.taking.take_over import take_over
from pipeline.templates.plan import Manager
from pipeline.templates.write import write_template
from pipeline.words import load_words
from schemas.form import all_forms

WORDS = load_words("zh")
MAY, JUNE = Month(2024, 5), Month(2024, 6)
NAMES = {"M001": "李明", "M002": "王芳", "M003": "赵强"}
REGIONS = {"M001": "R01", "M002": "R01", "M003": "R02"}
FORMS = ("sales", "visits")
HEADINGS = ["经理", "日期", "客户", "品规", "数量", "金额"]
ORDERS = """
[[exports]]
files = "订单*.csv"
form = "sales"
{replaces}
[exports.columns]
manager_id = "经理"
order_date = "日期"
customer_id = "客户"
product_id = "品规"
sold_qty = "数量"
amount = "金额"
"""
Order = tuple[str, str, str, int]  # manager, day (06-03), customer, cartons of P1


def _leave(day: str | None) -> dict[str, Any]:
    """What the master data say of a customer that left on a day."""
    return {"left_on": pd.Timestamp(day), "status": "left"} if day else {}


def sale(customer: str, cartons: int, day: int = 3, month: Month = JUNE) -> dict[str, Any]:
    """One row of a manager's sales form: P1 at 100 yuan."""
    return {
        "order_date": pd.Timestamp(month.year, month.month, day),
        "customer_id": customer,
        "product_id": "P1",
        "ordered_qty": cartons,
        "sold_qty": cartons,
        "amount": cartons * 100.0,
    }


class InThisProcess:
    """Readers without children."""

    log: Path | None = None

    def map(self, function: Callable[[Any], Any], tasks: Iterable[Any]) -> Iterator[Any]:
        return map(function, tasks)


class LedgerHome:
    """An organisation's folder, its inbox and its ledger."""

    def __init__(self, home: Path) -> None:
        self.home, self.inbox = home, home / "inbox"
        self.inbox.mkdir(parents=True, exist_ok=True)
        self.received: Received | None = None

    @property
    def manifest(self) -> Manifest:
        return read_manifest(self.home)

    def settings(self, replaces: str = "", text: str = "") -> None:
        (self.home / "yuebao.toml").write_text(text or ORDERS.format(replaces=replaces), encoding="utf-8")

    def masters(
        self,
        month: Month = MAY,
        name: str = "主数据.xlsx",
        *,
        without: Sequence[str] = (),
        left: Mapping[str, str] | None = None,
        saved: str = "2024-05-01T08:00",
    ) -> Path:
        """Master data from a month on; `without` these customers, others `left` on a day."""
        customers = [
            {"customer_id": f"C{one[1:]}{letter}", "customer_name": "店", "manager_id": one, "status": "active",
             "grade": "1", "joined_on": pd.Timestamp(2020, 1, 1)} | _leave((left or {}).get(f"C{one[1:]}{letter}"))
            for one in REGIONS
            for letter in "ab"
            if f"C{one[1:]}{letter}" not in without
        ]  # fmt: skip
        rows: dict[str, list[dict[str, Any]]] = {
            "regions": [{"region_id": one, "region_name": one} for one in ("R01", "R02")],
            "managers": [
                {"manager_id": one, "manager_name": NAMES[one], "region_id": region}
                for one, region in REGIONS.items()
            ],
            "customers": customers,
            "products": [
                {
                    "product_id": "P1",
                    "product_name": "烟",
                    "category": "class1",
                    "brand": "牌",
                    "wholesale_price": 100.0,
                }
            ],
        }
        return self._write(name, saved, list(rows), month=month, rows=rows)

    def sends(
        self,
        manager: str,
        *sales: Mapping[str, Any],
        name: str,
        saved: str = "2024-07-03T09:00",
        month: Month = JUNE,
        nil: Sequence[str] = ("visits",),
        called: str = "",
    ) -> bytes:
        """A manager's workbook with these rows of sales, `called` by another name on its cover; gives its bytes."""
        who = Manager(manager, called or NAMES[manager])
        path = self._write(
            name, saved, FORMS, month=month, manager=who, rows={"sales": list(sales)}, nil_forms=nil
        )
        return path.read_bytes()

    def orders(self, name: str, *rows: Order, saved: str = "2024-07-02T09:00") -> bytes:
        """An export of the office's: one row an order."""
        lines = [HEADINGS]
        lines += [[who, f"2024-{day}", customer, "P1", str(n), str(n * 100)] for who, day, customer, n in rows]
        return self.drops(name, ("\n".join(map(",".join, lines)) + "\n").encode("utf-8-sig"), saved)

    def drops(self, name: str, data: bytes, saved: str) -> bytes:
        (self.inbox / name).write_bytes(data)
        stamp = dt.datetime.fromisoformat(saved).timestamp()
        os.utime(self.inbox / name, (stamp, stamp))
        return data

    def _write(self, name: str, saved: str, forms: Sequence[str], rows: Mapping[str, Any], **content: Any) -> Path:
        frames = {key: self._frame(key, given) for key, given in rows.items() if given}
        path = self.inbox / name
        declared = [all_forms()[key] for key in forms]
        write_template(
            path,
            declared,
            WORDS,
            load_profile("tobacco"),
            example_rows=False,
            spare_rows=1,
            rows=frames,
            **content,
        )
        self.drops(name, path.read_bytes(), saved)
        return path

    @staticmethod
    def _frame(form: str, rows: Sequence[Mapping[str, Any]]) -> pd.DataFrame:
        columns = {column.name: [row.get(column.name) for row in rows] for column in all_forms()[form].columns}
        return pd.DataFrame(columns).astype(all_forms()[form].dtypes)

    def run(self, *accept: str, run_on: str = "2024-07-10") -> Received:
        """Takes in the inbox; `accept` names files that wait for an answer."""
        answers = [file_to_accept(self.manifest, one, WORDS).sha256 for one in accept]
        self.received = receive(
            self.home, self.manifest, load_settings(self.home), InThisProcess(), unheard, run_on, answers
        )
        return self.received

    def withdraw(self, named: str) -> None:
        manifest = self.manifest
        receipt = file_to_withdraw(manifest, named, WORDS)
        event = receipt.event.__class__(
            receipt.sha256,
            receipt.name,
            receipt.size,
            receipt.saved_at,
            manifest.run + 1,
            "2024-07-11",
            "withdrawn",
        )
        write_slip(self.home, event)
        take_over(self.home, manifest, [event], load_settings(self.home), InThisProcess(), unheard)

    def replayed(self, folder: Path) -> Manifest:
        """The ledger made anew from the archive alone, run by run."""
        shutil.copytree(self.home / "archive", folder / "archive")
        manifest = Manifest()
        for _, events in groupby(list(slips(folder)), key=lambda one: one.run):
            given = load_settings(self.home)
            manifest = take_over(folder, manifest, list(events), given, InThisProcess(), unheard).manifest
        return manifest

    def cartons(self, manager: str = "M001", month: str = "2024-06") -> int:
        """Cartons sold that stand in the ledger."""
        rows = Ledger(self.home, self.manifest, all_forms()).rows(all_forms()["sales"], Month.parse(month))
        return int(rows[rows["manager_id"] == manager]["sold_qty"].sum())

    def days(self, manager: str = "M001") -> dict[int, int]:
        """Cartons sold in June, by day."""
        rows = Ledger(self.home, self.manifest, all_forms()).rows(all_forms()["sales"], JUNE)
        own = rows[rows["manager_id"] == manager]
        return {int(day): int(n) for day, n in own.groupby(own["order_date"].dt.day)["sold_qty"].sum().items()}

    def board(self, manager: str = "M001", form: str = "sales", month: Month = JUNE) -> dict[str, Any]:
        """A row of the submissions board."""
        masters = Ledger(self.home, self.manifest, all_forms()).masters(month)
        board = submissions_board(month, self.manifest, masters["managers"], load_profile("tobacco"))
        found = board[(board["manager_id"] == manager) & (board["form"] == form)]
        return {str(name): value for name, value in found.iloc[0].items()}

    def state(self, manager: str = "M001", form: str = "sales") -> str:
        return str(self.board(manager, form)["state"])

    def problems_of(self, name: str) -> list[Problem]:
        """All problems of the files of a name."""
        files = [one for one in self.manifest.receipts if one.name == name]
        return [problem for one in files for problem in load_problems(self.home, one.sha256)]

    def told(self, rule: str = "") -> list[tuple[str, str]]:
        """File and rule of the problems that are still to be told, or the files of those of one rule."""
        is_open = StillOpen(self.manifest)
        found: list[Problem] = [
            one
            for receipt in self.manifest.receipts
            for one in load_problems(self.home, receipt.sha256)
            if is_open(receipt.sha256, one)
        ]
        return sorted((one.file, one.rule) for one in found if rule in ("", one.rule))

    def part_files(self) -> dict[str, bytes]:
        return {name: (self.home / LEDGER / path).read_bytes() for name, path in self.manifest.parts.items()}
