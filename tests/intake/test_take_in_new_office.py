"""What a new office sends in its first months, one oddity a file; the right rows were worked out by hand.

The good form has ten sales of June; in each case one cell, or one column, is written in another way.
"""

import csv
import datetime as dt
import io
from collections.abc import Callable

import openpyxl
import pandas as pd
import pytest
from take_in_builder import Outcome, filled, sales_rows, take_file

from pipeline.contract.settings import settings_from

DAYS = [dt.date(2024, 6, 3 + number) for number in range(10)]
ODD = 4  # the row with the oddity: 7 June, sheet row 9
LETTERS = {"day": "B", "customer": "C", "product": "D", "ordered": "E", "sold": "F", "amount": "G", "stock": "H"}
FORM = filled(
    sales_rows(10, order_date=[pd.Timestamp(day) for day in DAYS], sold_qty=list(range(10, 20)))
)  # 145 cartons, 6,000 yuan each


def form(change: Callable[[openpyxl.Workbook], None]) -> bytes:
    book = openpyxl.load_workbook(io.BytesIO(FORM))
    change(book)
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def with_cell(column: str, value: object) -> bytes:
    def change(book: openpyxl.Workbook) -> None:
        book["销售"][f"{LETTERS[column]}9"].value = value

    return form(change)


def with_days(written: Callable[[dt.date], object]) -> bytes:
    def change(book: openpyxl.Workbook) -> None:
        for number, day in enumerate(DAYS):
            book["销售"][f"B{5 + number}"].value = written(day)

    return form(change)


def with_lines_below(*lines: dict[str, object]) -> bytes:
    def change(book: openpyxl.Workbook) -> None:
        for number, line in enumerate(lines):
            for column, value in line.items():
                book["销售"][f"{LETTERS[column]}{15 + number}"].value = value

    return form(change)


def days_of(outcome: Outcome) -> list[dt.date]:
    return [day.date() for day in outcome.rows("sales")["order_date"]]


def left_out(outcome: Outcome) -> int:
    return sum(account.left_out for account in outcome.taken.accounts)


@pytest.mark.parametrize(
    "written",
    [
        lambda day: f"{day:%Y%m%d}102231",
        lambda day: int(f"{day:%Y%m%d}102231"),
        lambda day: str((day - dt.date(1899, 12, 30)).days),
        lambda day: f"{(day - dt.date(1899, 12, 30)).days}.43",
        lambda day: f"'{day}",
        lambda day: f'="{day}"',
        lambda day: f"{day.year}–{day.month}–{day.day}",
        lambda day: f"{day - dt.timedelta(1)}T16:00:00Z",
        lambda day: f"{day.year}年{day.month}月{day.day}日 下午3点05分",
        lambda day: (day - dt.date(1899, 12, 30)).days - 43 / 86_400,
    ],
)
def test_days_of_systems_and_people_are_their_days(tmp_path, written):
    outcome = take_file(tmp_path, with_days(written))
    assert days_of(outcome) == DAYS
    assert left_out(outcome) == 0


@pytest.mark.parametrize(
    "value", ["6月7日", "6/7/2024", "24-6-7", -5, 60, "2204-06-07", "2024-06", dt.time(9), True]
)
def test_what_may_be_another_day_costs_its_row_only(tmp_path, value):
    outcome = take_file(tmp_path, with_cell("day", value))
    assert (len(days_of(outcome)), left_out(outcome)) == (9, 1)


@pytest.mark.parametrize("month", ["45444", 20240630, "2024–06", "'2024-06", "2024-05-31T16:00:00.000Z"])
def test_the_month_on_the_cover_is_june(tmp_path, month):
    def change(book: openpyxl.Workbook) -> None:
        book["封面"]["B5"].value = month

    outcome = take_file(tmp_path, form(change))
    assert [str(part.month) for part in outcome.taken.parts] == ["2024-06"]


@pytest.mark.parametrize(
    ("sold", "amount", "meant"),
    [
        ("'14", "'6000", (14, 6000)), ('="14"', '="6000"', (14, 6000)), ("14条", "RMB 6,000.00", (14, 6000)),
        ("(14条)", "(¥6,000.00)", (-14, -6000)), ("负14", "负6000元", (-14, -6000)), ("14-", "6,000.00-", (-14, -6000)),
        ("－14", "¥-6000", (-14, -6000)), ("１４", "0.6万元", (14, 6000)),
    ],
)  # fmt: skip
def test_numbers_as_they_are_typed(tmp_path, sold, amount, meant):
    def change(book: openpyxl.Workbook) -> None:
        book["销售"]["E9"], book["销售"]["F9"], book["销售"]["G9"] = None, sold, amount

    rows = take_file(tmp_path, form(change)).rows("sales")
    assert (int(rows["sold_qty"][ODD]), float(rows["amount"][ODD])) == meant


@pytest.mark.parametrize(
    "value", ["1.040,00", "1040,50", "$1040", "1040-1050", "约1040", "1040%", "1.04E+03", "负-5"]
)
def test_what_may_be_another_amount_costs_its_row_only(tmp_path, value):
    outcome = take_file(tmp_path, with_cell("amount", value))
    assert (len(outcome.rows("sales")), left_out(outcome)) == (9, 1)


@pytest.mark.parametrize(
    "lines",
    [
        [{"day": "合计", "sold": 145, "amount": 60_000}],
        [{"sold": 145, "amount": 60_000, "ordered": 600, "stock": 200}],
        [{"day": dt.date(2024, 6, 30), "customer": "合计", "sold": 145, "amount": 60_000}],
        [{"product": "本月合计", "sold": 145}, {"product": "本年累计", "sold": 900, "amount": 372_000}],
        [{"day": "制表人：李明", "amount": "审核：王五"}, {"customer": "备注：含赠品"}, {"day": "共10行"}],
    ],
)
def test_totals_and_signatures_are_no_data(tmp_path, lines):
    outcome = take_file(tmp_path, with_lines_below(*lines))
    assert (len(outcome.rows("sales")), left_out(outcome)) == (10, 0)
    (account,) = [one for one in outcome.taken.accounts if one.form == "sales"]
    assert account.rows == 11 + len(lines)  # with the example


def test_a_sale_as_large_as_the_rest_together_is_a_sale(tmp_path):
    line = {"day": dt.date(2024, 6, 20), "customer": "030102", "product": "P002", "sold": 145, "amount": 60_000}
    assert len(take_file(tmp_path, with_lines_below(line)).rows("sales")) == 11


HEADINGS = ["业务员", "订单日期", "客户编号", "商品编号", "数量", "金额", "备注"]
MAPPED = dict(
    zip(["manager_id", "order_date", "customer_id", "product_id", "sold_qty", "amount"], HEADINGS, strict=False)
)


def text(
    written: Callable[[int], list[object]] = lambda number: [],
    *,
    before: str = "",
    after: str = "",
    **dialect: str,
) -> bytes:
    buffer = io.StringIO()
    buffer.write(before)
    writer = csv.writer(buffer, delimiter=dialect.get("delimiter", ","))
    writer.writerow(HEADINGS)
    for number, day in enumerate(DAYS):
        usual = ["M001", str(day), "030101", "P002", number + 10, 6000, "甲;乙;丙;丁;戊;己;庚"]
        writer.writerow(written(number) or usual)
    buffer.write(after)
    return buffer.getvalue().encode(dialect.get("encoding", "utf-8-sig"))


def exported(folder, data: bytes, **changes: object) -> Outcome:
    mapping = {"files": "*.csv", "form": "sales", "repeats": True, "columns": MAPPED, **changes}
    return take_file(folder, data, "订单.csv", settings=settings_from({"exports": [mapping]}))


@pytest.mark.parametrize(
    "data",
    [
        text(), text(delimiter="\t"), text(delimiter=";"), text(encoding="gb18030"), text(encoding="utf-16-be"),
        b"\xef\xbb\xbf" * 2 + text(), text(before="sep=,\r\n", encoding="utf-8"),
        text(before="某公司订单\r\n导出时间：2024-07-02 10:00\r\n\r\n"),
        text(after="合计,2024-06-30,,,145,60000,\r\n"), text(after=",,,,145,60000,\r\n共10条记录\r\n"),
        text(lambda n: [f'="{cell}"' for cell in ["M001", DAYS[n], "030101", "P002", n + 10, 6000, ""]]),
        text(lambda n: ["[M001]李明", f"{DAYS[n]:%Y%m%d}102231", "030101\t", "'P002", f"{n + 10}条", "0.6万", ""]),
        text(after=",".join(HEADINGS) + "\r\n"),
    ],
)  # fmt: skip
def test_an_export_in_every_dress_gives_its_ten_rows(tmp_path, data):
    outcome = exported(tmp_path, data)
    assert days_of(outcome) == DAYS
    assert int(outcome.rows("sales")["sold_qty"].sum()) == 145
    assert left_out(outcome) == 0


@pytest.mark.parametrize(
    ("row", "kept"),
    [
        (["M999", "2024-06-07", "030101", "P002", 14, 6000, ""], 9),
        (["", "2024-06-07", "030101", "P002", 14, 6000, ""], 9),
        (["M001", "待定", "030101", "P002", 14, 6000, ""], 9),
        (["M001", "2024-06-07", "030101", "P002", 14], 9),
        (["M001", "2024-06-07", "030101", "P002", 1, "040", "00", "x"], 9),
    ],
)
def test_a_row_of_nobody_or_of_no_day_is_told_and_the_others_stay(tmp_path, row, kept):
    outcome = exported(tmp_path, text(lambda number: row if number == ODD else []))
    assert (len(outcome.rows("sales")), left_out(outcome)) == (kept, 1)
    assert [one.effect for one in outcome.told if one.effect != "note"] != []
