"""What is generated from the schemas and committed must be what they say today."""

import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import pytest

from pipeline.base.calendar import Month
from pipeline.contract import form_layout as layout
from pipeline.contract.trade import load_profile, profile_names
from pipeline.templates.blank import manager_file_name, write_blank_templates
from pipeline.templates.plan import Manager
from pipeline.trades.dictionary import data_dictionary, dictionary_file
from pipeline.words import LANGUAGES, Language, load_words
from schemas.form import all_forms

CHECKOUT = Path(__file__).parents[2]
TOBACCO = load_profile("tobacco")


def parts(path: Path) -> dict[str, bytes]:
    """The parts of a workbook: compression may differ between machines, what is inside may not."""
    with zipfile.ZipFile(path) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def test_committed_templates_are_what_the_schemas_say(tmp_path: Path) -> None:
    fresh = write_blank_templates(tmp_path, TOBACCO)
    committed = sorted((CHECKOUT / "input_templates").rglob("*.xlsx"))
    assert [path.relative_to(CHECKOUT / "input_templates") for path in committed] == sorted(
        path.relative_to(tmp_path) for path in fresh
    )
    for path in fresh:
        assert parts(CHECKOUT / "input_templates" / path.relative_to(tmp_path)) == parts(path), path.name


@pytest.mark.parametrize("trade", profile_names())
@pytest.mark.parametrize("language", LANGUAGES)
def test_the_committed_data_dictionary_is_what_the_schemas_say(language: Language, trade: str) -> None:
    profile = load_profile(trade)
    text = (CHECKOUT / "docs" / dictionary_file(language, profile)).read_text(encoding="utf-8")
    assert text == data_dictionary(load_words(language, trade), profile)


@pytest.mark.parametrize("trade", profile_names())
@pytest.mark.parametrize("language", LANGUAGES)
def test_the_data_dictionary_names_every_column_of_every_form(language: Language, trade: str) -> None:
    profile = load_profile(trade)
    text = data_dictionary(load_words(language), profile)
    for form in profile.forms.values():
        section = text.split(f"`{form.key}`\n")[1].split("###")[0]
        assert all(f"| `{column.name}` | " in section for column in form.columns)


def test_readers_of_the_layout_do_not_load_the_writing_library() -> None:
    code = "import sys, pipeline.contract.form_layout; sys.exit('xlsxwriter' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], cwd=CHECKOUT, check=False).returncode == 0


def test_both_languages_have_the_same_texts() -> None:
    zh, en = (
        tomllib.loads((CHECKOUT / f"pipeline/words/{language}/templates.toml").read_text(encoding="utf-8"))
        for language in LANGUAGES
    )
    assert {section: set(texts) for section, texts in zh.items()} == {
        section: set(texts) for section, texts in en.items()
    }


@pytest.mark.parametrize(
    ("label", "name"),
    [("收入/成本", "收入-成本"), ("a" * 40, "a" * 31), ("'引号'", "引号"), ("?", "-")],
)
def test_sheet_names_are_what_excel_allows(label: str, name: str) -> None:
    assert layout.safe_sheet_name(label) == name


def test_names_of_people_cannot_break_file_names() -> None:
    name = manager_file_name(load_words("zh"), Month(2024, 6), Manager("M001", "李/明:"))
    assert name == "月报_2024-06_M001_李_明_.xlsx"


def test_names_shown_beside_codes_are_not_taken_for_columns_of_the_form() -> None:
    shown = layout.shown_headings(all_forms()["sales"])
    assert shown == {"客户名称", "Customer name", "品规名称", "Product name"}
