"""Small inputs that once went wrong (shared/cases): what each must give of days, months, codes and numbers."""

import shutil
from pathlib import Path

import pandas as pd
import pytest
from click.testing import CliRunner
from without_workbooks import without_workbooks

from pipeline.cli import main

CASES = Path(__file__).parents[3] / "shared" / "cases"
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not CASES.exists(), reason="the shared cases are not here"),
]


OTHER_FAULTS = [("C11", "known_customer_id")]  # the demo plants it; it is not what the case is about
MAPPING = """
[[exports]]
files = "sales_x_*.xlsx"
form = "sales"
repeats = true
[exports.columns]
manager_id = "EmployeeKey"
order_date = "OrderDate"
customer_id = "Customer"
product_id = "Product"
sold_qty = "Quantity"
amount = "SalesAmount"
"""


def run(*words: str) -> str:
    with without_workbooks():
        outcome = CliRunner().invoke(main, list(words))
    assert outcome.exception is None or isinstance(outcome.exception, SystemExit), outcome.output
    return outcome.output


@pytest.fixture(scope="module")
def demo(tmp_path_factory, three_months) -> Path:
    """A demo home whose months are taken in."""
    return shutil.copytree(three_months, tmp_path_factory.mktemp("demo") / "H", copy_function=shutil.copy2)


@pytest.fixture(scope="module")
def office(tmp_path_factory) -> Path:
    """The made-up office, with its master data and two good forms."""
    home = tmp_path_factory.mktemp("office") / "H"
    (home / "inbox").mkdir(parents=True)
    for file in sorted((CASES / "office").glob("_*")):
        shutil.copy(file, home / "inbox")
    run("monthly", "--home", str(home), "--workers", "1", "--quiet")
    return home


def checked(home: Path, tmp_path: Path, *names: str) -> pd.DataFrame:
    """What `yuebao check` finds in a case, against a home's master data."""
    import io

    if any(name.startswith("export_") for name in names):
        shutil.copy(CASES / "yuebao.toml", home / "yuebao.toml")
    text = run("check", "--json", "--home", str(home), *(str(CASES / name) for name in names))
    (home / "yuebao.toml").unlink(missing_ok=True)
    columns = ["month", "cell", "column", "found", "expected", "effect", "rule"]
    frame = pd.read_json(io.StringIO(text), dtype=str)
    return frame if len(frame) else pd.DataFrame(columns=columns)


def left_out(problems: pd.DataFrame) -> list[tuple[str, str]]:
    graver = problems[problems["effect"] != "note"]
    return list(zip(graver["cell"].astype(str), graver["rule"], strict=True))


def test_a_cover_month_of_2024_point_1_is_asked_about(demo, tmp_path):
    problems = checked(demo, tmp_path, "cover_month_2024.10_typed_as_number_2024.1.xlsx")
    assert list(problems["rule"]) == ["month_two"]
    assert "1 月还是 10 月" in problems["expected"][0]


@pytest.mark.parametrize(
    ("name", "note"),
    [
        ("dates_43_seconds_off_minus.xlsx", "day_before_midnight"),
        ("dates_with_builtin_format_58.xlsx", ""),
        ("invisible_characters_in_customer_codes.xlsx", "invisible_removed"),
        ("invisible_character_in_headings.xlsx", ""),
        ("manager_code_in_lower_case.xlsx", "code_case"),
        ("placeholders_for_empty_cells_sales_stock.xlsx", "nothing_typed"),
        ("amounts_with_currency_signs.xlsx", "number_unit"),
        ("export_order_time_with_seconds.csv", "time_dropped"),
        ("export_codes_guarded_against_excel.csv", "id_guarded"),
        ("export_codes_lost_leading_zero.csv", "zero_restored"),
        ("export_amounts_as_1.2万.csv", "number_ten_thousands"),
        ("export_year_and_month_columns.csv", "month_as_day"),
        ("office/leading_zero_lost_whole_form_refused.xlsx", "zero_restored"),
        ("office/sheetjs_iso_dates_refused.xlsx", ""),
        ("office/target_95pct_typed_in_excel_is_0.95.xlsx", "rate_was_share"),
        ("office/cover_month_is_serial_45689_crashes_every_later_run.xlsx", ""),
    ],
)
def test_a_disguise_is_read_and_nothing_left_out(demo, office, tmp_path, name: str, note: str):
    problems = checked(office if name.startswith("office/") else demo, tmp_path, name)
    assert [one for one in left_out(problems) if one not in OTHER_FAULTS] == []
    if note:
        assert note in set(problems["rule"])


def test_a_score_of_8_fen_is_8_as_2_ge_are_2(office, tmp_path):
    problems = checked(office, tmp_path, "office/score_8fen_refused_but_2ge_accepted.xlsx")
    read = problems[problems["rule"] == "number_unit"]
    assert list(zip(read["found"], read["effect"], strict=True)) == [("2个", "note"), ("8分", "note")]


@pytest.mark.parametrize("name", ["sales_x_1904_unformatted_day", "sales_x_iso_date_with_Z"])
def test_a_day_in_an_export_is_3_june_2024(demo, tmp_path, name: str):
    (demo / "yuebao.toml").write_text(MAPPING, encoding="utf-8")
    problems = checked(demo, tmp_path, f"reading/{name}.xlsx")
    (demo / "yuebao.toml").unlink(missing_ok=True)
    assert left_out(problems) == []
    assert set(problems["month"].dropna()) <= {"2024-06", ""}


def test_a_serial_on_the_cover_is_february_2025_and_later_runs_go_on(office, tmp_path):
    home = tmp_path / "H"
    shutil.copytree(office, home)
    shutil.copy(CASES / "office" / "cover_month_is_serial_45689_crashes_every_later_run.xlsx", home / "inbox")
    run("monthly", "--home", str(home), "--workers", "1", "--quiet")
    run("monthly", "--home", str(home), "--workers", "1", "--quiet")
    board = pd.read_csv(home / "output" / "2025-02" / "data" / "submissions.csv", dtype=str)
    sent = board[board["file"].fillna("").str.startswith("cover_month_is_serial_45689")]
    assert set(sent["month"]) == {"2025-02"} and set(sent["manager_id"]) == {"0101"}
    assert not (home / "output" / "4568-09").exists()


@pytest.mark.parametrize("name", ["placeholders_for_empty_cells_sales_stock", "dates_43_seconds_off_minus"])
def test_all_119_rows_are_taken_in(demo, tmp_path, name: str):
    home = tmp_path / "H"
    shutil.copytree(demo, home)
    shutil.copy(CASES / f"{name}.xlsx", home / "inbox")
    run("monthly", "--home", str(home), "--workers", "1", "--quiet")
    board = pd.read_csv(home / "output" / "2024-06" / "data" / "submissions.csv")
    row = board[(board["manager_id"] == "M001") & (board["form"] == "sales")].iloc[0]
    assert (row["file"], row["rows"], row["left_out"]) == (f"{name}.xlsx", 119, 0)
