"""The demo's workbooks hold what its truth says, but for the slips, each of which stands where it is said to."""

import csv
import datetime as dt
import functools
from collections import defaultdict
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from decimal import Decimal
from pathlib import Path
from zoneinfo import ZoneInfo

import openpyxl
import pytest
from openpyxl.worksheet.worksheet import Worksheet

from pipeline.base.calendar import Month, deadline
from pipeline.base.errors import SettingsError
from pipeline.demo.make import make_demo
from pipeline.demo.people import history, make_organisation
from pipeline.subjects.sales.demo_targets import make_targets
from pipeline.trades.tobacco.demo import TRADE

APRIL, JUNE = Month(2024, 4), Month(2024, 6)
SEED = 7
pytestmark = pytest.mark.slow  # demos are written and read
make_small = functools.partial(make_demo, managers=9, customers=6, months=3, end=JUNE, seed=SEED)


@pytest.fixture(scope="module")
def clean(made_once) -> Path:
    return made_once("demo_without_slips", functools.partial(make_small, faults=False))


@pytest.fixture(scope="module")
def faulty(made_once) -> Path:
    return made_once("demo_with_slips", make_small)


def read_truth(home: Path, name: str) -> list[dict[str, str]]:
    with (home / "truth" / f"{name}.csv").open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


@functools.cache
def read_book(path: Path) -> openpyxl.Workbook:
    """A workbook, read once for all that look into it."""
    return openpyxl.load_workbook(path, data_only=True)


def data_rows(sheet: Worksheet) -> Iterator[dict[str, object]]:
    """The filled rows of a form's sheet, by heading."""
    headings = [str(cell.value) for cell in sheet[3]]
    for row in sheet.iter_rows(min_row=5, values_only=True):
        if isinstance(row[0], int):
            yield dict(zip(headings, row, strict=False))


def inbox(home: Path) -> list[Path]:
    return sorted((home / "inbox").glob("月报_*.xlsx"))


def test_amounts_in_the_workbooks_add_up_to_the_truth(clean: Path) -> None:
    in_books: dict[tuple[str, str], Decimal] = defaultdict(Decimal)
    for path in inbox(clean):
        _, month, manager, _ = path.stem.split("_")
        for line in data_rows(read_book(path)["销售"]):
            in_books[month, manager] += Decimal(str(line["金额(元)"]))
    in_truth: dict[tuple[str, str], Decimal] = defaultdict(Decimal)
    for row in read_truth(clean, "sales"):
        in_truth[row["month"], row["manager_id"]] += Decimal(row["amount"])
    assert len(in_truth) == 3 * 9
    assert in_books == in_truth


@pytest.mark.parametrize(
    ("form", "sheet"),
    [("visits", "客户访问记录"), ("complaints", "商品及服务质量信息反馈单"), ("satisfaction", "客户满意度测评")],
)
def test_the_workbooks_hold_as_many_rows_as_the_truth(clean: Path, form: str, sheet: str) -> None:
    books = (read_book(path) for path in inbox(clean))
    count = sum(1 for book in books for _ in data_rows(book[sheet]))
    assert count == len(read_truth(clean, form)) > 0


def test_every_slip_stands_in_the_cell_named(faulty: Path) -> None:
    typed = [row for row in read_truth(faulty, "faults") if row["found"]]
    assert {row["kind"] for row in typed} == {
        "text in a number", "date of the wrong month", "unknown customer", "full-width digits",
        "date as text", "thousands separator",
    }  # fmt: skip
    for row in typed:
        value = openpyxl.load_workbook(faulty / "inbox" / row["file"])[row["sheet"]][row["cell"]].value
        shown = str(value.date()) if isinstance(value, dt.datetime) else value
        assert shown == row["found"], row


def test_rows_left_out_are_missing_from_the_truth_and_noted_ones_are_not(clean: Path, faulty: Path) -> None:
    for form in ("sales", "visits"):
        good, kept = read_truth(clean, form), read_truth(faulty, form)
        faults = [row for row in read_truth(faulty, "faults") if row["form"] == form]
        wrong = [row for row in faults if row["effect"] == "row left out" and row["kind"] != "equal row"]
        missing = [row for row in good if row["manager_id"] == "M008" and row["month"] == "2024-06"]
        assert missing
        assert len(good) - len(kept) == len(wrong) + len(missing)


def test_an_equal_row_stands_twice_in_the_workbook_and_once_in_the_truth(faulty: Path) -> None:
    equal = next(row for row in read_truth(faulty, "faults") if row["kind"] == "equal row")
    sheet = openpyxl.load_workbook(faulty / "inbox" / equal["file"], data_only=True)[equal["sheet"]]
    rows = [tuple(row.values())[1:] for row in data_rows(sheet)]
    assert rows.count(rows[-1]) == 2
    assert equal["cell"] == f"B{4 + len(rows)}"
    in_truth = [
        row
        for row in read_truth(faulty, "sales")
        if (row["month"], row["manager_id"]) == (equal["month"], equal["manager_id"])
    ]
    assert len(in_truth) == len(rows) - 1


def test_files_arrive_by_the_deadline_but_for_the_late_ones(faulty: Path) -> None:
    late = {row["file"] for row in read_truth(faulty, "faults") if row["effect"] == "late"}
    assert len(late) == 2
    for path in inbox(faulty):
        month = Month.parse(path.stem.split("_")[1])
        arrived = dt.datetime.fromtimestamp(path.stat().st_mtime, ZoneInfo("Asia/Shanghai")).date()
        assert (arrived > deadline(month)) == (path.name in late), path.name


def test_the_missing_file_is_missing(faulty: Path) -> None:
    missing = [row for row in read_truth(faulty, "faults") if row["kind"] == "missing file"]
    assert [(row["month"], row["manager_id"]) for row in missing] == [("2024-06", "M008")]
    assert not list((faulty / "inbox").glob("月报_2024-06_M008_*"))
    assert len(inbox(faulty)) == 3 * 9 - 1


def test_forms_without_rows_are_ticked_on_the_cover_unless_forgotten(faulty: Path) -> None:
    forgotten = [row for row in read_truth(faulty, "faults") if row["kind"] == "empty form"]
    assert [row["manager_id"] for row in forgotten] == ["M007"]
    ticked = 0
    for path in inbox(faulty):
        book = openpyxl.load_workbook(path, data_only=True)
        cover = {row[0].value: row[1].value for row in book["封面"].iter_rows()}
        for name in book.sheetnames[1:-1]:
            is_empty = not any(data_rows(book[name]))
            is_forgotten = path.name == forgotten[0]["file"] and name == forgotten[0]["sheet"]
            assert (cover[name] == "√") == (is_empty and not is_forgotten)
            ticked += cover[name] == "√"
    assert ticked > 0


def test_master_data_come_at_first_in_full_and_then_when_they_change(clean: Path) -> None:
    first, *later = sorted((clean / "inbox").glob("主数据_*.xlsx"))
    assert first.stem == "主数据_2024-04"
    book = openpyxl.load_workbook(first)
    assert book.sheetnames == ["封面", "区域", "客户经理", "客户档案", "品规", "指标任务"]
    assert sum(1 for _ in data_rows(book["客户档案"])) == 9 * 6
    for path in later:
        assert openpyxl.load_workbook(path).sheetnames == ["封面", "客户档案"]


@pytest.mark.parametrize("managers, regions", [(2, 1), (6, 2), (30, 10), (100, 10), (255, 25), (1000, 100)])
def test_a_larger_organisation_has_more_regions_each_by_a_name_of_its_own(managers: int, regions: int) -> None:
    one = make_organisation(TRADE, "zh", SEED, history(JUNE, 1), managers, 1)
    assert len(one.regions) == one.regions["region_name"].nunique() == regions
    assert one.regions["region_id"].is_monotonic_increasing
    assert set(one.managers["region_id"]) == set(one.regions["region_id"])
    assert one.managers.groupby("region_id").size().max() <= 11


def test_targets_of_regions_and_the_organisation_are_sums_of_the_managers() -> None:
    targets = make_targets(make_organisation(TRADE, "zh", SEED, history(JUNE, 2), 6, 10))
    sums = targets.groupby(["month", "metric", "level"])["target"].sum().unstack()
    assert (sums["manager"] == sums["region"]).all()
    assert (sums["manager"] == sums["organisation"]).all()


def test_the_same_seed_gives_the_same_bytes_in_one_process_or_two(tmp_path: Path) -> None:
    make = functools.partial(make_demo, managers=3, customers=4, months=1, end=JUNE, seed=SEED)
    make(tmp_path / "one")
    with ProcessPoolExecutor(2) as executor:
        make(tmp_path / "two", executor=executor)
    files = [path.relative_to(tmp_path / "one") for path in (tmp_path / "one").rglob("*.*")]
    assert len(files) == 4 + 8  # workbooks; rows of seven forms and the slips
    for name in files:
        assert (tmp_path / "one" / name).read_bytes() == (tmp_path / "two" / name).read_bytes(), name


def test_another_seed_gives_another_organisation(clean: Path, tmp_path: Path) -> None:
    make_demo(tmp_path, managers=9, customers=6, months=1, end=JUNE, seed=SEED + 1)
    other = {row["amount"] for row in read_truth(tmp_path, "sales")}
    here = {row["amount"] for row in read_truth(clean, "sales") if row["month"] == "2024-06"}
    assert here != other


def test_a_trade_without_a_demo_is_named(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="没有“farm”方案的示例单位；可选：agency, bank, cable, power, tobacco"):
        make_demo(tmp_path, profile="farm")


def test_the_demo_speaks_english_too(tmp_path: Path) -> None:
    make_demo(tmp_path, managers=1, customers=3, months=1, end=JUNE, language="en")
    names = sorted(path.name for path in (tmp_path / "inbox").iterdir())
    assert names[0] == "master-data_2024-06.xlsx"
    book = openpyxl.load_workbook(tmp_path / "inbox" / names[1], data_only=True)
    named = [
        "Cover",
        "Sales",
        "Visits",
        "Complaints",
        "Satisfaction",
        "Promotion receipts",
        "Leads",
        "Training",
        "Lists",
    ]
    assert book.sheetnames == named
    texts = [str(value) for sheet in book for row in sheet.iter_rows(values_only=True) for value in row if value]
    assert not any("\u4e00" <= letter <= "\u9fff" for text in texts for letter in text)


def test_a_home_whose_settings_name_another_trade_is_not_filled(tmp_path: Path) -> None:
    (tmp_path / "yuebao.toml").write_text('[profile]\nname = "cable"\n', encoding="utf-8")
    with pytest.raises(SettingsError, match="cable"):
        make_small(tmp_path)
    assert not list((tmp_path / "inbox").glob("*"))
