"""A trade of three subjects with its own words, from its templates to its workbooks and letters: what it names is found
everywhere it belongs, and nothing of another trade anywhere."""

import email
import email.policy
import io
import json
from collections.abc import Iterator
from pathlib import Path

import openpyxl
import pandas as pd
import pytest
from read_outputs import book_at
from small_trade import TRADE_WORDS, TRADE_WORDS_EN, make_home
from without_workbooks import without_workbooks

from pipeline.base.calendar import Month
from pipeline.commands.monthly import Asked, run_monthly
from pipeline.templates.blank import forms_of
from pipeline.templates.write import write_template
from pipeline.trades.dictionary import data_dictionary
from pipeline.words import load_words

APRIL, MAY = Month(2024, 4), Month(2024, 5)
pytestmark = pytest.mark.slow


@pytest.fixture(scope="module", params=["zh", "en"])
def home(request, tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("trade") / "home"
    settings = make_home(folder, (APRIL, MAY), request.param)
    with without_workbooks(but=[MAY]):
        run_monthly(folder, settings, Asked(workers=1))
    return folder


def data(home: Path, name: str) -> pd.DataFrame:
    return pd.read_csv(home / "output" / str(MAY) / "data" / f"{name}.csv", encoding="utf-8-sig")


def books(home: Path) -> Iterator[tuple[str, openpyxl.Workbook]]:
    for path in sorted((home / "output" / str(MAY)).rglob("*.xlsx")):
        yield path.name, book_at(path)


def texts(home: Path) -> Iterator[tuple[str, str]]:
    """Every text of every workbook, letter and table, with where it stands."""
    for name, book in books(home):
        for sheet in book:
            yield name, sheet.title
            yield from (
                (f"{name} {sheet.title}", str(one)) for row in sheet.values for one in row if isinstance(one, str)
            )
    for path in (home / "output" / str(MAY)).rglob("*"):
        if path.suffix == ".eml":
            letter = email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
            yield path.name, str(letter["subject"])
            yield path.name, letter.get_body(("plain",)).get_content()  # type: ignore[union-attr]
        elif path.suffix == ".csv":
            yield path.name, path.read_text(encoding="utf-8-sig")


@pytest.mark.filterwarnings("ignore::UserWarning")
def test_nothing_of_another_trade_stands_in_any_workbook_letter_or_table(home) -> None:
    english = json.loads((home / "yuebao.toml").read_text(encoding="utf-8").split("\n")[0].split("=")[1]) == "en"
    words = TRADE_WORDS_EN if english else TRADE_WORDS
    found = [(where, text[:80]) for where, text in texts(home) if any(word in text.lower() for word in words)]
    assert found == []


@pytest.mark.filterwarnings("ignore::UserWarning")
def test_no_sheet_is_empty(home) -> None:
    """Below title, place and link each sheet has a table, or says in its place that there was nothing."""
    for name, book in books(home):
        for sheet in book:
            filled = sum(any(one is not None for one in row) for row in sheet.values)
            assert filled >= 4, f"{name} {sheet.title}"


def test_its_figures_are_counted_and_no_others(home) -> None:
    figures = set(data(home, "metrics")["figure"])
    assert {"visits", "coverage", "complaints.leak", "complaints.power", "customers_end", "parts_used"} <= figures
    assert not [one for one in figures if one.startswith(("volume", "amount", "category_share", "satisfaction"))]
    assert not figures & {"display_rate", "price_rate", "stock_check_rate", "lawful_rate", "evaluation"}


def test_figures_of_the_office_are_worked_out_from_its_rows(home) -> None:
    """Twelve calls of each of three managers, nine with all tools and ten signed."""
    rows = data(home, "metrics").set_index(["level", "entity_id", "figure"])
    used = rows.loc[("organisation", "ALL", "parts_used")]
    assert (used["value"], used["unit"], used["previous"], used["ytd"]) == (27, "把", 27, 54)
    signed = rows.loc[("region", "R1", "signed_share")]
    assert (signed["numerator"], signed["denominator"], signed["value"]) == (20, 24, pytest.approx(100 * 20 / 24))
    assert rows.loc[("region", "R2", "complaints.power")]["value"] == 1


@pytest.mark.filterwarnings("ignore::UserWarning")
def test_figures_of_the_office_stand_in_the_glossary_and_on_a_sheet_of_their_own(home) -> None:
    for _, book in books(home):
        titles = (
            {"本单位指标", "附：口径与数据"} if "本单位指标" in book.sheetnames else {"Own figures", "Reference"}
        )
        assert titles <= set(book.sheetnames), book.sheetnames
        for title in titles:
            shown = {str(one) for row in book[title].values for one in row}
            assert any("工具齐备次数" in one or "Calls with all tools" in one for one in shown)


def test_a_figure_of_the_office_is_judged_in_the_scorecard_under_the_trades_own_group(home) -> None:
    """27 calls against 1 for each of three managers: capped at 120 %; retention 100 ÷ 99."""
    rows = data(home, "scorecard")
    whole = rows[(rows["level"] == "organisation") & (rows["figure"] == "parts_used")].iloc[0]
    assert (whole["group"], whole["value"], whole["target"], whole["completion"]) == ("skill", 27, 3, 120)


def test_the_board_knows_the_forms_that_the_trade_owes(home) -> None:
    assert set(data(home, "submissions")["form"]) == {"visits", "complaints"}


def test_its_template_and_dictionary_speak_its_words(tmp_path) -> None:
    settings = make_home(tmp_path / "h", (MAY,))
    profile, words = settings.profile, load_words("zh")
    path = tmp_path / "blank.xlsx"
    write_template(path, forms_of("monthly", profile), words, profile)
    book = openpyxl.load_workbook(io.BytesIO(path.read_bytes()))
    assert book.sheetnames[1:3] == ["上门记录", "报修单"]
    shown = [str(one) for sheet in book for row in sheet.values for one in row if one is not None]
    told, _, _ = data_dictionary(words, profile).partition("## 指标")
    assert not [one for one in (*shown, told) for word in TRADE_WORDS if word in one and word not in ("条", "箱")]
    assert "`category`" in told and "漏水" in told
