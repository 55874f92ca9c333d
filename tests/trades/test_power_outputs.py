"""What a power bureau is sent: nothing of another trade in any part of any file; English complete."""

import re
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest
from power_small import SETTINGS, small_tables
from properties import reported
from read_outputs import OF_CABLE, OF_OTHER_TRADES, not_english, texts

from pipeline.base.calendar import Month

pytestmark = [pytest.mark.slow, pytest.mark.filterwarnings("ignore::UserWarning")]
MadeOnce = Callable[[str, Callable[[Path], object]], Path]  # see conftest
# What others say, less the words that a bureau has for things of its own: its customers stand in the files (在册), its
# orders are service orders, and the key of the form of energy stands in the tables of data.
OF_OTHERS = {
    "zh": (
        OF_OTHER_TRADES["zh"],
        re.compile(OF_CABLE["zh"].pattern.replace("在册|", "")),
        re.compile("文稿|洽谈|合同|回款"),
    ),
    "en": (
        re.compile(OF_OTHER_TRADES["en"].pattern.replace("|orders?|ordered", "|ordered"), re.I),
        OF_CABLE["en"],
        re.compile(r"\b(?:drafts?|deals?|contracts?|receipts|accepted)\b", re.I),
    ),
}
KEYS = re.compile(r"\bsales\b|\"sales\"|receipts\b")  # of forms and runs, in tables of data


@pytest.fixture(scope="module", params=["zh", "en"])
def made(request, made_once: MadeOnce) -> tuple[Path, str]:
    """All months in Chinese, as the figures are told of; the last two in English."""
    if request.param == "zh":
        return request.getfixturevalue("power_plain"), "zh"
    tables = {
        form: rows[rows["month"] >= "2024-04"] if "month" in rows else rows
        for form, rows in small_tables().items()
    }
    english = SETTINGS.replace("{language}", "en")
    april = Month(2024, 4)
    folder = made_once(
        "power_english", lambda one: reported(one / "home", english, tables, april, books=("2024-04", "2024-05"))
    )
    return folder / "home", "en"


def test_nothing_of_another_trade_stands_in_any_part_of_any_file(made: tuple[Path, str]) -> None:
    home, language = made
    found = [
        (where, text[max(0, hit.start() - 30) : hit.end() + 30])
        for where, text in texts(home / "output")
        for forbidden in OF_OTHERS[language]
        if (hit := forbidden.search(KEYS.sub("", text) if where.endswith((".csv", ".json")) else text))
    ]
    assert found == []


def test_a_word_of_another_trade_would_be_seen() -> None:
    assert OF_OTHERS["zh"][0].search("各品牌销量") and OF_OTHERS["en"][0].search("Volume by brand")
    assert OF_OTHERS["zh"][1].search("片区") and OF_OTHERS["en"][1].search("Households of the area")
    assert OF_OTHERS["zh"][2].search("合同额") and OF_OTHERS["en"][2].search("Contract amount")


def test_the_english_workbooks_are_english_but_for_what_people_wrote(made: tuple[Path, str]) -> None:
    home, language = made
    if language == "zh":
        return
    typed = (one for rows in small_tables().values() for one in rows.to_numpy().ravel() if not pd.isna(one))
    assert not_english(home / "output", {*typed, "甲供电"}) == []
