"""An organisation of two regions, written through the real templates: R01 has an address, R02 has none."""

import datetime as dt
import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pandas as pd
from click.testing import CliRunner, Result

from pipeline.base.calendar import Month
from pipeline.base.moments import timestamp_of
from pipeline.cli import main
from pipeline.contract.trade import load_profile
from pipeline.templates.plan import Manager
from pipeline.templates.write import write_template
from pipeline.words import load_words
from schemas.form import all_forms

JUNE = Month(2024, 6)
MONTHLY = ("sales", "visits", "complaints", "satisfaction")
MASTERS: Mapping[str, Sequence[Mapping[str, Any]]] = {
    "regions": (
        {"region_id": "R01", "region_name": "城东区", "regional_manager": "王建国", "email": "wang@example.com"},
        {"region_id": "R02", "region_name": "西山区", "regional_manager": "赵敏"},
    ),
    "managers": (
        {"manager_id": "M001", "manager_name": "李明", "region_id": "R01", "email": "liming@example.com"},
        {"manager_id": "M002", "manager_name": "王芳", "region_id": "R02", "email": "wangfang@example.com"},
    ),
    "customers": tuple(
        {"customer_id": f"33010200{n}", "customer_name": f"店{n}", "manager_id": f"M00{n}", "status": "active",
         "grade": "1", "joined_on": pd.Timestamp(2020, 1, 1)}
        for n in (1, 2)
    ),
    "products": (
        {"product_id": "P1", "product_name": "烟1", "category": "class1", "brand": "牌", "wholesale_price": 100.0},
    ),
}  # fmt: skip


def set_up(home: Path, mail: str) -> None:
    """Settings, master data, and sales of 10 cartons a manager."""
    (home / "inbox").mkdir(parents=True)
    settings(home, mail)
    masters = {key: _frame(key, rows) for key, rows in MASTERS.items()}
    forms = [form for form in all_forms().values() if form.kind == "master"]
    _write(home / "inbox" / "masters.xlsx", forms, rows=masters)
    send_sales(home, "M001", 10)
    send_sales(home, "M002", 10)


def settings(home: Path, mail: str) -> None:
    (home / "yuebao.toml").write_text(f'organisation = "示例公司"\n[mail]\n{mail}\n', encoding="utf-8")


def send_sales(
    home: Path, manager: str, cartons: int, day: int = 3, *, customer: str = "", name: str = ""
) -> None:
    """A manager's workbook of June, saved on a day of July."""
    sale = {
        "order_date": pd.Timestamp(2024, 6, 5), "customer_id": customer or f"33010200{manager[-1]}", "product_id": "P1",
        "ordered_qty": cartons, "sold_qty": cartons, "amount": cartons * 100.0,
    }  # fmt: skip
    path = home / "inbox" / (name or f"{manager}.xlsx")
    forms = [all_forms()[key] for key in MONTHLY]
    who = Manager(manager, "")
    _write(path, forms, manager=who, rows={"sales": _frame("sales", [sale])}, nil_forms=MONTHLY[1:], day=day)


def yuebao(home: Path, *args: str, lang: str = "en") -> Result:
    command, *more = args
    call = [command, "--home", str(home), "--lang", lang, *more]
    return CliRunner().invoke(main, call, catch_exceptions=False)


def report(home: Path, *args: str) -> str:
    """Runs the month, in Chinese; gives what was said."""
    done = yuebao(home, "monthly", "--workers", "1", "--quiet", *args, lang="zh")
    assert done.exit_code == 0, done.output
    return done.stdout


def _frame(form: str, rows: Sequence[Mapping[str, Any]]) -> pd.DataFrame:
    declared = all_forms()[form]
    columns = {column.name: [row.get(column.name) for row in rows] for column in declared.columns}
    return pd.DataFrame(columns).astype(declared.dtypes)


def _write(path: Path, forms: Sequence[Any], *, day: int = 1, **content: Any) -> None:
    options = {"example_rows": False, "spare_rows": 2, "month": JUNE, **content}
    write_template(path, forms, load_words("zh"), load_profile("tobacco"), **options)
    saved = timestamp_of(dt.datetime(2024, 7, day, 9))
    os.utime(path, (saved, saved))
