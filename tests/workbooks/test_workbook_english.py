"""English as a native would write it: in the catalogue, and in the sentences of whole workbooks."""

import re
import tomllib
from importlib import resources
from pathlib import Path

import pytest
from helpers_workbooks import read_back, written
from report_builder import forecast_frame, headquarters_report, manager_report, region_report

from pipeline.contract.show import value_text
from pipeline.words import load_words
from pipeline.workbooks.headquarters import plan_headquarters
from pipeline.workbooks.manager import plan_manager
from pipeline.workbooks.region import plan_region
from pipeline.workbooks.view import View

ROOT = Path(str(resources.files("pipeline")))
CATALOGUES = sorted([*ROOT.glob("words/en/*.toml"), *ROOT.glob("subjects/*/words.en.toml")])
AMISS = {
    "a space before a percent sign": re.compile(r"[\d}] %"),
    "two spaces": re.compile(r"\S  +\S"),
    "no space before a bracket": re.compile(r"[a-z}]\((?!s\))"),
    "a space before a comma or full stop": re.compile(r"\w [,.;](?:\s|$)"),
    "punctuation of Chinese": re.compile(r"[，。；：、（）【】《》！？]"),
    "money in tens of thousands": re.compile(r"10,000 yuan|× ?10,000"),
}
BOOKS = {
    "region": lambda: plan_region(region_report("en", forecast=forecast_frame("region", "R01"))),
    "manager": lambda: plan_manager(manager_report("en")),
    "headquarters": lambda: plan_headquarters(headquarters_report("en")),
}
# Words that say one thing twice over, or that nobody says; see what stands for each.
UNSAID = (
    "out of order", "Customers moving", "Change in all", "Amount then", "Times the month before", "On last year",
    "four chances in five", "as it came", "Whole company", "Our company", "Graded", "needs a word", "gravest",
    "made as of", "[Act at once]",
)  # fmt: skip


def texts(tree, path=()):
    for key, value in tree.items():
        if isinstance(value, dict):
            yield from texts(value, (*path, key))
        elif isinstance(value, str):
            yield ".".join((*path, key)), value


@pytest.mark.parametrize("amiss", AMISS)
@pytest.mark.parametrize("file", CATALOGUES, ids=lambda one: str(one.relative_to(ROOT)))
def test_no_english_text_of_the_catalogue_has(file, amiss):
    if "explain" in file.name or "problems" in file.name or "intake" in file.name:
        pytest.skip("quotes what people type")
    told = dict(texts(tomllib.loads(file.read_text("utf-8"))))
    assert [f"{key} = {text}" for key, text in told.items() if AMISS[amiss].search(text)] == []


@pytest.fixture(scope="module")
def said():
    """Every text of each kind of workbook in English."""
    return {
        kind: [
            cell.value for sheet in read_back(written(plan())) for row in sheet.iter_rows() for cell in row
            if isinstance(cell.value, str)
        ]
        for kind, plan in BOOKS.items()
    }  # fmt: skip


@pytest.mark.parametrize("kind", BOOKS)
def test_no_workbook_says_what_nobody_says(said, kind):
    assert [text for text in said[kind] for one in UNSAID if one in text] == []


@pytest.mark.parametrize("kind", BOOKS)
def test_percents_have_no_space_before_their_sign(said, kind):
    labels = [text for text in said[kind] if len(text) < 30]  # sentences of this report are made up
    assert [text for text in labels if re.search(r"\d %", text)] == []


def test_money_is_in_thousands_of_yuan_in_texts_and_tables_alike():
    """2,360,620 yuan are 2,360.6k yuan; under the unit in the header 2,360.62 of them."""
    view = View(region_report("en"))
    amount = view.figures["amount"]
    assert value_text(2_360_620.0, amount, load_words("en")) == "2,360.6k yuan"
    assert view.unit(amount) == "k yuan"
    assert view.scaled(amount, 2_360_620.0) == 2_360.62
    assert view.style(amount) == "number1"


def test_money_is_in_tens_of_thousands_in_chinese():
    view = View(region_report())
    amount = view.figures["amount"]
    assert value_text(2_360_620.0, amount, load_words("zh")) == "236.06万元"
    assert (view.unit(amount), view.scaled(amount, 2_360_620.0), view.style(amount)) == (
        "万元", 236.062, "number2",
    )  # fmt: skip
