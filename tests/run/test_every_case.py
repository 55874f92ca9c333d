"""Every case kept beside the project has a test that names it; those that no other module tests are tried here."""

import io
import os
import shutil
from pathlib import Path

import pandas as pd
import pytest
from small_home import JUNE, REGION_OF, SmallHome, call

from pipeline.intake.raw import RawBook
from pipeline.intake.read import read_book

TESTS = Path(__file__).parents[1]
CASES = TESTS.parents[1] / "shared" / "cases"
OTHER_ISSUES = ("figures", "forecast", "outputs", "trades")  # folders of cases about figures, not about files
SPELT_OTHERWISE = {  # how a test names several cases at once, or what it takes as a home's beginning
    "orders_week1_of_june": "orders_week{week}_of_june",
    "orders_week2_of_june": "orders_week{week}_of_june",
    "two_corrections_saved_in_the_same_second_1": "two_corrections_saved_in_the_same_second_{number}",
    "two_corrections_saved_in_the_same_second_2": "two_corrections_saved_in_the_same_second_{number}",
    "_good_0102_2025-02": "_good_*",
}
pytestmark = pytest.mark.skipif(not CASES.is_dir(), reason="the shared cases are not here")
slow = pytest.mark.slow


def test_every_case_is_named_by_a_test():
    texts = "".join(path.read_text(encoding="utf-8") for path in sorted(TESTS.rglob("test_*.py")))
    cases = [path for path in CASES.rglob("*") if path.is_file() and path.name != "README.md"]
    own = [path for path in cases if path.relative_to(CASES).parts[0] not in OTHER_ISSUES]
    assert [one.name for one in own if SPELT_OTHERWISE.get(one.stem, one.stem) not in texts] == []


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory, three_months: Path) -> Path:
    """A demo home with its months taken in and the mappings of the cases."""
    home = shutil.copytree(three_months, tmp_path_factory.mktemp("every") / "home", copy_function=shutil.copy2)
    shutil.copy(CASES / "yuebao.toml", home)
    return home


@pytest.fixture
def home(demo: Path, tmp_path: Path) -> SmallHome:
    shutil.copytree(demo, tmp_path / "home")
    return SmallHome(tmp_path / "home")


def checked(home: Path, name: str) -> pd.DataFrame:
    """What `check` says of a case, a row a problem."""
    said = call("check", "--json", "--home", str(home), str(CASES / name)).output
    frame = pd.read_json(io.StringIO(said), dtype=str)
    return frame if len(frame) else pd.DataFrame(columns=["cell", "expected", "effect", "rule"])


def sales(home: SmallHome) -> tuple[float, float]:
    """Cartons and yuan of the three managers in June."""
    own = home.csv("metrics")
    own = own[own["entity_id"].isin(["M001", "M002", "M003"])]
    volume, amount = (own.loc[own["figure"] == name, "value"].astype(float).sum() for name in ("volume", "amount"))
    return volume, round(amount, 2)


@slow
def test_headings_that_differ_in_brackets_only(home):
    shutil.copy(CASES / "export_headings_that_differ_in_brackets_only.csv", home.inbox)
    text = (home.home / "yuebao.toml").read_text(encoding="utf-8")
    whole = text.replace("repeats = true", 'repeats = true\nreplaces = "month"')
    (home.home / "yuebao.toml").write_text(whole, encoding="utf-8")
    home.run(books=False)  # a third of what stands: asked about first
    home.run("--accept", "export_headings_that_differ_in_brackets_only.csv", books=False)
    assert sales(home) == (516, 78_185.00)


@slow
def test_equal_headings_are_a_fault_of_the_settings_that_says_how_to_name_the_nth(home):
    name = "export_same_heading_twice.csv"
    shutil.copy(CASES / name, home.inbox)
    before = sales(home)
    result = home.run()
    assert result.exit_code == 1 and (home.inbox / name).exists() and sales(home) == before
    assert "columns.amount" in result.output and '"金额#1"、"金额#2"' in result.output


@pytest.mark.parametrize(
    ("name", "rule"),
    [
        ("export_names_only.csv", ""),  # each name is of one code only
        ("export_unit_in_a_column.csv", "settings_unit_column"),  # 0.044 箱 is no number of cartons
        ("export_months_as_columns.xlsx", "export_one_heading"),
    ],
)
@slow
def test_what_a_mapping_leaves_unsaid_is_asked_about_and_names_that_are_clear_are_read(demo, name, rule):
    problems = checked(demo, name)
    grave = problems[problems["effect"] != "note"]
    assert list(grave["rule"]) == ([rule] if rule else [])


@slow
def test_one_status_of_several_is_chosen_by_where(demo):
    problems = checked(demo, "export_status_several_values.csv")
    assert list(problems["effect"].unique()) in ([], ["note"])


@slow
def test_a_form_whose_rule_has_no_cells_gets_its_correction_copy(home):
    shutil.copy(CASES / "reading" / "form_sqref_empty_with_fault.xlsx", home.inbox)
    assert home.run().exit_code == 0
    assert list((home.home / "output").glob("*/corrections/form_sqref_empty_with_fault*"))


def test_a_workbook_of_sheetjs_in_ods_is_read():
    path = CASES / "office" / "sheetjs_ods_damaged_but_opens_in_libreoffice.ods"
    book = read_book(path.read_bytes(), path.name)
    assert isinstance(book, RawBook)
    assert [sheet.name for sheet in book.sheets][:2] == ["封面", "销售"]


@slow
def test_a_name_in_gbk_as_in_gbk_file_name_stops_the_run(home):
    shutil.copy(CASES / "dates_with_builtin_format_58.xlsx", home.inbox / "x.xlsx")
    os.rename(os.fsencode(home.inbox / "x.xlsx"), os.fsencode(home.inbox) + b"/" + "月报_M001.xlsx".encode("gbk"))
    result = home.run(books=False)
    assert (result.exit_code, home.waiting()) == (0, [])


@slow
def test_no_sales_in_the_first_month_then_a_second_month(tmp_path):
    home = SmallHome(tmp_path)
    home.masters()
    for one in REGION_OF:
        home.sends(one, nil=("sales", "visits", "complaints", "satisfaction"))
    assert home.run(books=False).exit_code == 0
    for one in REGION_OF:
        home.sends(one, (3, f"C{one[1:]}a", 10), month=JUNE + 1, name=f"{one}-7.xlsx", saved="2024-08-02T09:00")
    assert home.run(books=False).exit_code == 0
    assert home.value("volume", month=JUNE + 1) == 30


@slow
def test_a_home_of_a_profile_without_categories(tmp_path):
    """`profile_without_categories.cable.toml`: its forms come with the trades; here the lack of categories alone."""
    home = SmallHome(tmp_path)
    (home.home / "yuebao.toml").write_text(
        '[profile]\nname = "tobacco"\n[profile.lists]\ncategories = []\n', "utf-8"
    )
    home.masters()
    home.sends("M001", (3, "C001a", 10))
    assert home.run().exit_code == 0
    assert home.value("volume", "M001") == 10
