"""What a bank is sent: nothing of another trade in any part of any file, in both languages; lists, bridge, findings."""

import re
from pathlib import Path

import pandas as pd
import pytest
from bank_small import SETTINGS, small_tables
from properties import reported
from read_outputs import CHINESE, OF_CABLE, book_at, listed, texts

from pipeline.base.calendar import Month

pytestmark = [pytest.mark.slow, pytest.mark.filterwarnings("ignore::UserWarning")]
# What tobacconists, agencies and their like say; a bank sells products too, and has a retail department.
OF_OTHERS = {
    "zh": re.compile(
        r"烟|品牌|品规|价类|陈列|价签|守法|明码|指导价|销量|销售额|订货|货源|送货|批发|库存|文稿|初稿|洽谈|广告"
        r"|[\d(（/·、每]\s*[条箱](?=$|[<\s·/、，；。,.;)）！\"])"
    ),
    "en": re.compile(
        r"\b(?:cartons?|brands?|cigarettes?|tobacco(?:nist)?|wholesale|guide price|price tags?|displays?|volumes?"
        r"|goods|orders?|ordered|stock|drafts?|pitch|advertis\w+)\b",
        re.I,
    ),
}
# Of a cable operator: a bank has a category of collection and payment.
OF_CABLE_HERE = {
    "zh": OF_CABLE["zh"],
    "en": re.compile(r"\b(?:households?|penalt\w*|arrears|areas?|IPTV|cable)\b", re.I),
}
MONTHS = ("2024-01", "2024-02")


@pytest.fixture(scope="module", params=["zh", "en"])
def made(request, made_once) -> tuple[Path, str]:
    """All months in Chinese, as the figures are told of; January and February in English."""
    if request.param == "zh":
        return request.getfixturevalue("bank_plain"), "zh"
    tables = {
        form: rows[rows["month"].isin(MONTHS)] if "month" in rows and form != "market" else rows
        for form, rows in small_tables().items()
    }
    tables |= {
        form: rows[rows["valid_from"] <= MONTHS[-1]] for form, rows in tables.items() if "valid_from" in rows
    }
    english = SETTINGS.replace("{language}", "en")
    january = Month(2024, 1)
    folder = made_once("bank_english", lambda one: reported(one / "home", english, tables, january, books=MONTHS))
    return folder / "home", "en"


def test_nothing_of_another_trade_stands_in_any_part_of_any_file(made) -> None:
    home, language = made
    found = [
        (where, text[:100])
        for where, text in texts(home / "output")
        for forbidden in (OF_OTHERS[language], OF_CABLE_HERE[language])
        if forbidden.search(text)
    ]
    assert found == []


def test_a_word_of_another_trade_would_be_seen() -> None:
    assert OF_OTHERS["zh"].search("订货量5条") and OF_OTHERS["en"].search("5 cartons ordered")


def test_what_is_sent_in_english_is_english(made) -> None:
    """But for what people are called, and what they have typed."""
    home, language = made
    if language == "zh":
        return
    typed = {"甲银行", *(str(one) for rows in small_tables().values() for one in rows.to_numpy().ravel())}
    own = re.compile("|".join(sorted((one for one in typed if CHINESE.search(one)), key=len, reverse=True)))
    shown = (one for one in texts(home / "output") if "sharedStrings" in one[0] or one[0].endswith(".eml"))
    assert [(where, text[:80]) for where, text in shown if CHINESE.search(own.sub("", text))] == []


def test_branches_and_headquarters_see_customers_attracted_retained_and_developed(made) -> None:
    home, language = made
    wanted = {"zh": {"客户吸引", "客户维系", "客户提升"}, "en": {"Attract", "Retain", "Develop"}}[language]
    for pattern in ("headquarters.xlsx", "regions/*.xlsx"):
        for path in sorted((home / "output" / "2024-02").glob(pattern)):
            book = book_at(path)
            assert wanted <= set(book.sheetnames)
            assert any("aum_bridge_figures" in one.tables for one in book)


def test_key_customers_lost_are_listed_with_what_is_left_of_them(made) -> None:
    """February: C1 from 400,000 to 150,000, in ten thousands in Chinese and in thousands in English."""
    home, language = made
    scale = 10_000 if language == "zh" else 1_000
    [row] = listed(home, "2024-02", "detail_key_customers_lost")
    assert row[0] == "C1"
    assert [one for one in row if isinstance(one, int | float)] == [
        400_000 / scale,
        150_000 / scale,
        250_000 / scale,
    ]


def test_what_is_beyond_its_limit_is_found(made) -> None:
    home, _ = made
    rows = pd.read_csv(home / "output" / "2024-02" / "data" / "findings.csv", encoding="utf-8-sig")
    told = set(rows[rows["level"] == "organisation"]["rule"])
    assert {"key_loss_high", "key_customer_lost", "aum_fell", "report_missing"} <= told
