"""The demo's figures, worked out again from the workbooks in its inbox by other means: openpyxl and plain sums."""

import csv
import shutil
from collections import defaultdict
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest
from without_workbooks import without_workbooks

from pipeline.base.calendar import Month
from pipeline.commands.monthly import Asked, run_monthly
from pipeline.contract.settings import load_settings
from pipeline.demo.make import make_demo

pytestmark = pytest.mark.slow  # a whole demo, a year and a month of it
END = "2024-06"
SENT = ("2023-06", *(f"2024-{month:02d}" for month in range(1, 7)))
FIRST_DATA_ROW = 5


@pytest.fixture(scope="module")
def home(made_once) -> Path:
    """A demo that was run, of half a year and of June of the year before; what was in its inbox lies in `dropped`."""
    return made_once("half_a_year_and_a_year_before", _reported)


def _reported(home: Path) -> None:
    make_demo(home, managers=3, customers=14, months=13, end=Month.parse(END), seed=5)
    for path in (home / "inbox").glob("月报_*.xlsx"):
        if path.stem.split("_")[1] not in SENT:
            path.unlink()
    shutil.copytree(home / "inbox", home / "dropped", copy_function=shutil.copy2)
    with without_workbooks():
        run_monthly(home, load_settings(home), Asked(workers=1))


@pytest.fixture(scope="module")
def inbox_rows(home) -> dict[str, list[dict]]:
    """Rows by sheet as they stand in the managers' workbooks, left-out ones (as the truth says) not among them."""
    return read_inbox(home)


@pytest.fixture(scope="module")
def region_of(home, inbox_rows) -> dict[str, str]:
    book = openpyxl.load_workbook(min((home / "dropped").glob("*主数据*")), read_only=True, data_only=True)
    rows = list(book["客户经理"].iter_rows(min_row=FIRST_DATA_ROW, values_only=True))
    return {row[1]: row[3] for row in rows if row[1]}


@pytest.fixture(scope="module")
def metrics(home) -> dict[tuple[str, str, str, str], dict[str, str]]:
    """All metrics by month, level, entity and figure, after the months were run."""
    found = {}
    for path in (home / "output").glob("*/data/metrics.csv"):
        with path.open(encoding="utf-8-sig", newline="") as file:
            for row in csv.DictReader(file):
                found[row["month"], row["level"], row["entity_id"], row["figure"]] = row
    return found


def read_inbox(home: Path) -> dict[str, list[dict]]:
    with (home / "truth" / "faults.csv").open(encoding="utf-8-sig", newline="") as file:
        faults = {
            (f["file"], f["sheet"], f["cell"]) for f in csv.DictReader(file) if f["effect"] == "row left out"
        }
    left_out = {(name, sheet, int("".join(c for c in cell if c.isdigit()))) for name, sheet, cell in faults}
    rows: dict[str, list[dict]] = defaultdict(list)
    for path in sorted((home / "dropped").glob("月报_*.xlsx")):
        month, manager = path.stem.split("_")[1:3]
        book = openpyxl.load_workbook(path, read_only=True, data_only=True)
        for sheet in ("销售", "客户访问记录", "商品及服务质量信息反馈单"):
            header, *lines = book[sheet].iter_rows(min_row=3, values_only=True)
            names = [str(cell).split("(")[0].split("（")[0] for cell in header]
            for number, line in enumerate(lines, 4):
                row = dict(zip(names, line, strict=True))
                is_empty = all(cell is None for name, cell in row.items() if name != "序号")
                if row["序号"] == "示例" or is_empty or (path.name, sheet, number) in left_out:
                    continue
                rows[sheet].append({**row, "month": month, "manager": manager})
    return rows


def totals(rows, region_of, measure) -> dict[tuple[str, str, str], Decimal]:
    """A measure of rows summed by month, level and entity."""
    sums: dict[tuple[str, str, str], Decimal] = defaultdict(Decimal)
    for row in rows:
        for level, entity in entities(row["manager"], region_of):
            sums[row["month"], level, entity] += measure(row)
    return sums


def entities(manager, region_of):
    return (("organisation", "ALL"), ("region", region_of[manager]), ("manager", manager))


def number(value) -> Decimal:
    """A cell as the sender meant it; the demo's understood slips are full-width digits and thousands separators."""
    if isinstance(value, str):
        value = "".join(chr(ord(c) - 0xFEE0) if 0xFF10 <= ord(c) <= 0xFF19 else c for c in value).replace(",", "")
    return Decimal(str(value))


def compare(metrics, figure, expected):
    shown = {key[:3]: Decimal(row["value"]) for key, row in metrics.items() if key[3] == figure and row["value"]}
    assert {key: value for key, value in shown.items() if value} == {k: v for k, v in expected.items() if v}
    assert expected


def test_every_month_that_was_sent_is_reported(metrics, inbox_rows):
    assert {key[0] for key in metrics} == {row["month"] for row in inbox_rows["销售"]} == set(SENT)


def test_volume_is_the_sum_of_the_cartons_sold(metrics, inbox_rows, region_of):
    compare(metrics, "volume", totals(inbox_rows["销售"], region_of, lambda row: number(row["销量"])))


def test_amount_is_the_sum_of_the_amounts_to_the_cent(metrics, inbox_rows, region_of):
    expected = totals(inbox_rows["销售"], region_of, lambda row: round(number(row["金额"]), 2))
    compare(metrics, "amount", expected)


def test_amount_per_case_divides_the_sums(metrics, inbox_rows, region_of):
    volume = totals(inbox_rows["销售"], region_of, lambda row: number(row["销量"]))
    amount = totals(inbox_rows["销售"], region_of, lambda row: round(number(row["金额"]), 2))
    for key in volume:
        shown = Decimal(metrics[*key, "amount_per_case"]["value"])
        assert abs(shown - amount[key] / (volume[key] / 250)) < Decimal("0.000001")


def test_ordering_customers_are_those_with_net_volume(metrics, inbox_rows, region_of):
    net: dict[tuple, Decimal] = defaultdict(Decimal)
    for row in inbox_rows["销售"]:
        net[row["month"], row["manager"], row["客户编码"]] += number(row["销量"])
    buyers = [{"month": month, "manager": manager} for (month, manager, _), volume in net.items() if volume > 0]
    compare(metrics, "ordering_customers", totals(buyers, region_of, lambda row: Decimal(1)))


def test_visits_are_the_rows_of_the_visit_form(metrics, inbox_rows, region_of):
    compare(metrics, "visits", totals(inbox_rows["客户访问记录"], region_of, lambda row: Decimal(1)))


def test_complaints_are_counted_in_the_month_they_were_received(metrics, inbox_rows, region_of):
    cases = [row for row in inbox_rows["商品及服务质量信息反馈单"] if f"{row['受理日期']:%Y-%m}" == row["month"]]
    compare(metrics, "complaints", totals(cases, region_of, lambda row: Decimal(1)))


def test_year_to_date_and_comparisons_are_sums_of_months(metrics, inbox_rows, region_of):
    volume = totals(inbox_rows["销售"], region_of, lambda row: number(row["销量"]))
    for level, entity in {key[1:] for key in volume if key[0] == END}:
        row = metrics[END, level, entity, "volume"]
        months = [f"2024-{month:02d}" for month in range(1, 7)]
        assert Decimal(row["ytd"]) == sum(volume[month, level, entity] for month in months)
        assert Decimal(row["previous"]) == volume["2024-05", level, entity]
        assert Decimal(row["last_year"]) == volume["2023-06", level, entity]
        growth = (volume[END, level, entity] / volume["2024-05", level, entity] - 1) * 100
        assert abs(Decimal(row["change"]) - growth) < Decimal("0.000001")
