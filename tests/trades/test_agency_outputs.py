"""What an agency is sent: nothing of another trade in any part of any file, in both languages; lists and findings."""

from pathlib import Path

import pandas as pd
import pytest
from agency_small import BOOKS, SETTINGS, small_tables
from properties import reported
from read_outputs import OF_CABLE, OF_OTHER_TRADES, listed, not_english, texts

from pipeline.base.calendar import Month

pytestmark = [pytest.mark.slow, pytest.mark.filterwarnings("ignore::UserWarning")]


@pytest.fixture(scope="module", params=["zh", "en"])
def made(request, made_once) -> tuple[Path, str]:
    if request.param == "zh":
        return request.getfixturevalue("agency_plain"), "zh"
    english = SETTINGS.replace("{language}", "en")
    january = Month(2024, 1)
    folder = made_once(
        "agency_english", lambda one: reported(one / "home", english, small_tables(), january, books=BOOKS)
    )
    return folder / "home", "en"


def findings(home: Path, month: str, rule: str) -> pd.DataFrame:
    rows = pd.read_csv(home / "output" / month / "data" / "findings.csv", encoding="utf-8-sig")
    return rows[(rows["rule"] == rule) & (rows["level"] == "organisation")]


def test_nothing_of_another_trade_stands_in_any_part_of_any_file(made) -> None:
    home, language = made
    found = [
        (where, text[:100])
        for where, text in texts(home / "output")
        for forbidden in (OF_OTHER_TRADES[language], OF_CABLE[language])
        if forbidden.search(text)
    ]
    assert found == []


def test_a_word_of_a_cable_operator_would_be_seen() -> None:
    assert OF_CABLE["zh"].search("片区月末在册户数") and OF_CABLE["en"].search("Households of the area")


def test_the_english_workbooks_are_english_but_for_what_people_wrote(made) -> None:
    home, language = made
    if language == "zh":
        return
    typed = (one for rows in small_tables().values() for one in rows.to_numpy().ravel() if not pd.isna(one))
    assert not_english(home / "output", {*typed, "甲广告"}) == []


def test_drafts_that_go_round_wait_and_deals_past_their_day_are_found(made) -> None:
    """April: W1 in round 3 is no finding of four rounds; W1 waits in February since it was sent back on the 9th (19
    days); L4 was to be signed by 20 March."""
    home, _ = made
    assert findings(home, "2024-04", "draft_goes_round").empty
    assert findings(home, "2024-02", "draft_waits")["subject"].tolist() == ["W1"]
    assert set(findings(home, "2024-03", "deal_slipped")["subject"]) == {"L1"}


def test_what_is_outstanding_is_listed_by_age_and_adds_up(made) -> None:
    """March: H1 6,000 past due for 45 days, H2 5,000 and H4 60,000 not due, H3 3,000 without a day."""
    home, language = made
    scale = 10_000 if language == "zh" else 1_000
    rows = [[row[0], round(float(row[1]) * scale)] for row in listed(home, "2024-03", "detail_outstanding_by_age")]
    words = {
        "zh": ("未到期", "逾期31—60天", "未填应收日期"),
        "en": ("Not due yet", "31 to 60 days", "No day given"),
    }[language]
    assert rows == [[words[0], 65_000], [words[1], 6_000], [words[2], 3_000]]
    paid_too_much = listed(home, "2024-05", "detail_outstanding_by_age")
    assert sorted(round(float(row[1]) * scale) for row in paid_too_much) == [-500, 60_000]


def test_who_has_not_reported_a_month_is_named_beside_the_accounts(made) -> None:
    home, _ = made
    assert [row[:2] for row in listed(home, "2024-05", "detail_accounts_untold")] == [["李二", "2024-04"]]


def test_the_funnel_leads_from_contact_to_signing(made) -> None:
    """February: L2; L1; none; L4; none signed. L3 was lost and stands in the table alone."""
    home, language = made
    steps = listed(home, "2024-02", "funnel_steps")
    assert [row[2] for row in steps] == [1, 1, 0, 1, 0]
    table = listed(home, "2024-02", "detail_funnel")
    assert [row[1] for row in table] == [1, 1, 0, 1, 0, 1]
    assert [row[0] for row in table][-1] == {"zh": "失败", "en": "Lost"}[language]


def test_next_month_is_forecast_in_contracts_and_their_amount(made) -> None:
    home, _ = made
    rows = pd.read_csv(home / "output" / "2024-03" / "data" / "forecast.csv", encoding="utf-8-sig")
    assert set(rows["measure"]) == {"contracts", "contract_amount"}
    whole = rows[(rows["level"] == "organisation") & (rows["measure"] == "contract_amount")].iloc[0]
    parts = rows[(rows["level"] == "region") & (rows["measure"] == "contract_amount")]["forecast"]
    assert parts.sum() == pytest.approx(whole["forecast"]) and whole["forecast"] > 0
