"""Cases of rows that went wrong, kept beside the project; each must give what is said of it. Skipped where absent."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest
from click.testing import Result
from small_home import call
from without_workbooks import without_workbooks

CASES = Path(__file__).parents[3] / "shared" / "cases"
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not CASES.is_dir(), reason="the cases are not beside the project"),
]
MadeOnce = Callable[[str, Callable[[Path], object]], Path]  # see conftest


def monthly(home: Path) -> Result:
    with without_workbooks():
        result = call("monthly", "--home", str(home), "--workers", "1", "--quiet")
    assert result.exit_code == 0
    return result


@pytest.fixture(scope="module")
def demo(three_months: Path) -> Path:
    """A demo home with its months taken in."""
    return three_months


@pytest.fixture(scope="module")
def before_june(made_once: MadeOnce) -> Path:
    """The same before anybody sent June: an export replaces the days that occur in it, so June is what it brings."""
    return made_once("before_june", _report_until_june)


def _report_until_june(home: Path) -> None:
    size = ["--managers", "3", "--customers", "10", "--months", "3", "--seed", "5"]
    assert call("demo", "--home", str(home), *size).exit_code == 0
    for form in (home / "inbox").glob("月报_2024-06_*"):
        form.unlink()
    monthly(home)


@pytest.fixture(scope="module")
def office(made_once: MadeOnce) -> Path:
    """The small office's home: master data first, then its good forms."""
    return made_once("office_of_cases", _report_office)


def _report_office(home: Path) -> None:
    (home / "inbox").mkdir(parents=True)
    for pattern in ("_master_*", "_good_*"):
        for file in sorted((CASES / "office").glob(pattern)):
            shutil.copy(file, home / "inbox")
        monthly(home)


def taken(home: Path, case: str, tmp_path: Path) -> tuple[Path, str]:
    """A copy of the home after the case was taken in, and what the run said."""
    copy = tmp_path / "home"
    shutil.copytree(home, copy)
    if (CASES / "yuebao.toml").exists() and not case.startswith("office/"):
        shutil.copy(CASES / "yuebao.toml", copy)
    shutil.copy(CASES / case, copy / "inbox")
    return copy, monthly(copy).output


def table(home: Path, name: str, month: str) -> pd.DataFrame:
    path = home / "output" / month / "data" / f"{name}.csv"
    return pd.read_csv(path, dtype=str, keep_default_na=False, encoding="utf-8-sig")


def sales(home: Path, month: str, *managers: str) -> tuple[int, int, float, float]:
    """Rows found and left out, cartons and yuan of some managers together."""
    board = table(home, "submissions", month)
    board = board[board["manager_id"].isin(managers) & (board["form"] == "sales")]
    metrics = table(home, "metrics", month)
    own = metrics[metrics["entity_id"].isin(managers)]
    volume, amount = (own.loc[own["figure"] == name, "value"].astype(float).sum() for name in ("volume", "amount"))
    return board["rows"].astype(int).sum(), board["left_out"].astype(int).sum(), volume, round(amount, 2)


def left_out_of(home: Path, month: str, file: str) -> list[str]:
    problems = table(home, "problems", month)
    own = problems[problems["file"].str.startswith(file) & (problems["effect"] == "row left out")]
    return sorted(own["cell"])


@pytest.mark.parametrize("case", ["total_row_below_sales.xlsx", "excel_subtotals_by_customer.xlsx"])
def test_totals_in_a_form_are_no_data(demo, tmp_path, case):
    home, said = taken(demo, case, tmp_path)
    assert sales(home, "2024-06", "M001") == (119, 0, 924, 135_881.25)
    assert "涉及金额 0.00 元" in said and "不是数据" in said
    assert left_out_of(home, "2024-06", case) == ["C11"]  # a visit of a customer whom nobody knows


def test_a_dated_total_of_an_export_is_no_data(before_june, tmp_path):
    home, said = taken(before_june, "export_total_row_dated.xlsx", tmp_path)
    assert sales(home, "2024-06", "M001", "M002", "M003") == (24, 0, 516, 78_185.00)
    assert "本次共 24 行，全部采用" in said and "另有 1 行" in said


def test_all_sheets_of_an_export_are_read(before_june, tmp_path):
    home, said = taken(before_june, "export_one_sheet_a_manager.xlsx", tmp_path)
    assert sales(home, "2024-06", "M001", "M002", "M003") == (24, 0, 516, 78_185.00)
    assert "本次共 24 行，全部采用" in said


def test_rows_of_nobody_are_told(before_june, tmp_path):
    home, said = taken(before_june, "orders_with_9_unplaced_rows_of_24.csv", tmp_path)
    assert "本次共 24 行，未采用 9 行" in said
    assert sales(home, "2024-06", "M001", "M002", "M003")[:2] == (15, 0)
    expected = ["A2", "A3", "A4", "A5", "A6", "A7", "B10", "B8", "B9"]
    assert left_out_of(home, "2024-06", "orders_with_9") == expected


def test_a_decimal_comma_in_a_csv_is_told(demo, tmp_path):
    home = tmp_path / "home"
    shutil.copytree(demo, home)
    columns = {
        "manager_id": "EmployeeKey", "order_date": "OrderDate", "customer_id": "Customer", "product_id": "Product",
        "sold_qty": "Quantity", "amount": "SalesAmount",
    }  # fmt: skip
    mapped = "\n".join(f'{name} = "{text}"' for name, text in columns.items())
    (home / "yuebao.toml").write_text(
        f'[[exports]]\nfiles = "*.csv"\nform = "sales"\nrepeats = true\n\n[exports.columns]\n{mapped}\n',
        encoding="utf-8",
    )
    shutil.copy(CASES / "reading" / "sales_csv_decimal_comma_unquoted_silent.csv", home / "inbox")
    assert "sales_csv_decimal_comma_unquoted_silent.csv" in monthly(home).output
    told = pd.concat([table(home, "problems", month) for month in ("2024-04", "2024-05", "2024-06")])
    told = told[told["file"].str.startswith("sales_csv")]
    assert any("7 格，比标题的 6 格多" in text for text in told["expected"])


def test_a_first_month_whose_only_file_is_refused_is_told(tmp_path):
    home = tmp_path / "first"
    size = ["--managers", "3", "--customers", "10", "--months", "1", "--seed", "5", "--end", "2024-06"]
    assert call("demo", "--home", str(home), *size).exit_code == 0
    for form in (home / "inbox").glob("月报*"):
        form.unlink()
    name = "first_file_of_the_month_refused_whole_is_never_mentioned"
    shutil.copy(CASES / f"{name}.xlsx", home / "inbox")
    assert f"{name}.xlsx" in monthly(home).output
    problems = table(home, "problems", "2024-06")
    assert ("", "form left out") in set(zip(problems["cell"], problems["effect"], strict=True))
    assert (home / "output" / "2024-06" / "corrections" / f"{name}_待更正.xlsx").exists()
    assert f"{name}.xlsx" in call("status", "--home", str(home), "--month", "2024-06").output


def test_one_bad_complaint_of_two_costs_its_row_only(office, tmp_path):
    home, _ = taken(office, "office/complaints_2rows_1bad_whole_form_refused.xlsx", tmp_path)
    board = table(home, "submissions", "2025-02")
    (row,) = board[(board["manager_id"] == "0101") & (board["form"] == "complaints")].to_dict("records")
    assert (row["rows"], row["left_out"]) == ("2", "1") and row["state"] != "refused"


def test_an_offices_total_row_leaves_nothing_out(office, tmp_path):
    home, said = taken(office, "office/total_row_counts_as_100pct_of_amount_left_out.xlsx", tmp_path)
    assert sales(home, "2025-02", "0101")[1:] == (0, 1_647, 194_468.70)
    assert "未采用" not in said.split("不是数据")[0].splitlines()[-2]
