"""A month in packs, and the sales in the office's export: every figure is that of the same month in plain forms."""

import os
import shutil
from pathlib import Path
from typing import Any

import openpyxl
import pandas as pd
import pytest
from demo_packs import DemoLedger, demo_ledger
from pack_hand import filled
from small_home import call
from without_workbooks import without_workbooks

from pipeline.base.calendar import Month
from pipeline.base.csv_cells import read_csv
from pipeline.demo.make import make_demo

MANAGERS, CUSTOMERS, MONTHS = 2, 12, 4
JUNE = Month(2024, 6)
SENT = pd.Timestamp("2024-07-03T09:00").timestamp()  # in time: forms of June are due on the 5th of July
SALES = {
    "order_date": "订单日期", "customer_id": "客户", "product_id": "品规", "ordered_qty": "订", "sold_qty": "销",
    "amount": "金额", "closing_stock": "库存", "manager_id": "客户经理",
}  # fmt: skip
EXPORT = f"""
[[exports]]
files = "系统销售_*.csv"
form = "sales"
covers = "all managers"
replaces = "month"
columns = {{ {", ".join(f'{name} = "{heading}"' for name, heading in SALES.items())} }}
"""
LATE, BESIDE = "M002", ("actions", "outlook", "enrolments")  # who in the demo's story does not tell, and what
HOMES = ("plain", "packs")
TIDY = ("metrics", "scorecard", "forecast", "findings")


def run(home: Path, *args: str) -> None:
    result = call(*args, "--home", str(home))
    assert result.exit_code == 0, result.output


def monthly(home: Path) -> None:
    with without_workbooks():
        run(home, "monthly", "--workers", "1", "--quiet")


def dropped(path: Path) -> None:
    os.utime(path, (SENT, SENT))


def make_homes(folder: Path) -> None:
    """`plain`: June in plain forms. `packs`: June in packs filled in by hand, and the sales as the office exports them.
    Both have the months before in plain forms, reported."""
    plain = folder / "plain"
    size: dict[str, Any] = {"managers": MANAGERS, "customers": CUSTOMERS, "months": MONTHS, "end": JUNE}
    make_demo(plain, faults=False, story=True, **size)
    june = folder / "june"
    june.mkdir()
    for path in [*(plain / "inbox").glob("月报_2024-06_*"), *(plain / "later").iterdir()]:
        shutil.move(path, june / path.name)
    (plain / "yuebao.toml").write_text(EXPORT, encoding="utf-8")
    monthly(plain)
    shutil.copytree(plain, folder / "packs")
    for path in june.iterdir():
        shutil.copy2(path, plain / "inbox" / path.name)
        dropped(plain / "inbox" / path.name)
    monthly(plain)
    fill_packs(folder / "packs")
    monthly(folder / "packs")


def ledger() -> DemoLedger:
    return demo_ledger("tobacco", JUNE, MANAGERS, CUSTOMERS, MONTHS)


def fill_packs(home: Path) -> None:
    run(home, "templates", "--month", str(JUNE), "--to", str(home / "packs"))
    truth = dict(ledger().truth)
    sales = truth.pop("sales")
    target = home / "inbox" / "系统销售_2024-06.csv"
    sales.rename(columns=SALES)[list(SALES.values())].to_csv(target, index=False, encoding="utf-8-sig")
    dropped(target)
    for pack in sorted((home / "packs").glob("*.xlsx")):
        manager = pack.stem.split("_")[2]
        own = {
            form: rows[rows["manager_id"] == manager].drop(columns="manager_id") for form, rows in truth.items()
        }
        sent = {form: rows for form, rows in own.items() if form not in BESIDE or (len(rows) and manager != LATE)}
        filled(pack, home / "inbox" / pack.name, ledger().profile, sent)
        dropped(home / "inbox" / pack.name)


@pytest.fixture(scope="module")
def homes(made_once) -> Path:
    return made_once("packs and plain forms", make_homes)


def tidy(homes: Path, home: str, name: str) -> pd.DataFrame:
    return read_csv(homes / home / "output" / str(JUNE) / "data" / f"{name}.csv")


@pytest.mark.slow
@pytest.mark.parametrize("name", TIDY)
def test_a_month_in_packs_has_every_figure_of_the_month_in_plain_forms(homes, name):
    plain, packs = tidy(homes, "plain", name), tidy(homes, "packs", name)
    assert len(plain) > 20 or name == "findings"
    assert len(packs) == len(plain)
    files = [column for column in plain if column in ("file", "sheet", "row", "evidence", "where")]
    pd.testing.assert_frame_equal(plain.drop(columns=files), packs.drop(columns=files))


@pytest.mark.slow
def test_nothing_of_a_pack_is_left_out_or_asked_about(homes):
    plain, packs = (tidy(homes, home, "problems")[["manager_id", "form", "rule", "effect"]] for home in HOMES)
    pd.testing.assert_frame_equal(plain, packs)  # one note: of a customer of too low a grade
    assert packs["rule"].tolist() == ["promotion_grade"]


@pytest.mark.slow
def test_the_board_of_submissions_is_the_same(homes):
    told = ["manager_id", "form", "state", "rows", "left_out"]
    plain, packs = (tidy(homes, home, "submissions")[told] for home in HOMES)
    pd.testing.assert_frame_equal(plain, packs)


@pytest.mark.slow
def test_a_figure_of_a_ticked_row_can_be_traced_to_it_and_says_what_the_tick_stood_for(homes):
    shown = call("trace", "display_rate", "M001", str(JUNE), "--json", "--home", str(homes / "packs"))
    assert shown.exit_code == 0
    assert '"as_usual": "' in shown.output
    assert "display_ok" in shown.output


@pytest.mark.slow
def test_of_a_pack_and_a_plain_form_of_one_month_the_newer_counts(june):
    plain = {"visit_date": pd.Timestamp(2024, 6, 4), "customer_id": "C001a", "visit_kind": "planned", "note": "新"}
    flags = dict.fromkeys(
        ("informed", "stock_checked", "display_ok", "price_ok", "lawful", "customer_signed"), True
    )
    run(june.home, "templates", "--month", str(JUNE), "--manager", "M001", "--to", str(june.home / "packs"))
    (pack,) = (june.home / "packs").glob("*.xlsx")
    book = openpyxl.load_workbook(pack)
    sheet = book["客户访问记录"]
    heads = {cell.value: cell.column for cell in sheet[3]}
    for row, (day, customer) in enumerate(((4, "C001a"), (6, "C001b")), start=5):
        for heading, value in (("如常", f"{day}日"), ("客户编码", customer), ("访问类型", "计划")):
            sheet.cell(row, heads[heading]).value = value
    book.save(june.inbox / pack.name)
    os.utime(june.inbox / pack.name, (SENT + 60, SENT + 60))
    assert june.run(books=False).exit_code == 0
    assert june.value("visits") == 2
    june.sends("M001", (3, "C001a", 10), rows={"visits": [{**plain, **flags}]}, nil=(), saved="2024-07-03T09:30")
    assert june.run(books=False).exit_code == 0
    assert june.value("visits") == 1
