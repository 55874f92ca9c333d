"""What customers said in a month, gathered from three forms."""

import datetime as dt

import pandas as pd
from month_builder import MonthBuilder, facts_of

from pipeline.base.calendar import Month
from pipeline.subjects.complaints.opinions import OPINION_COLUMNS, customer_opinions

JUNE = Month(2024, 6)


def test_complaints_remarks_and_what_visits_heard_are_gathered_with_customer_and_day() -> None:
    one = MonthBuilder(JUNE).customer("C1", "M1", customer_name="幸福商店")
    one.case("T1", "M1", "C1", "2024-06-05", description="烟支空松", cause="仓储受潮", action="exchange")
    one.answer("M1", "C1", surveyed_on=one.day(18), comment="送货再早一点")
    one.visit("M1", "C1", 20, market_info="邻街新开超市")
    got = customer_opinions(facts_of(one)).set_index("kind")
    assert list(got.columns) == [name for name in OPINION_COLUMNS if name != "kind"]
    assert got["said"].to_dict() == {
        "complaint": "烟支空松", "comment": "送货再早一点", "market_info": "邻街新开超市"
    }  # fmt: skip
    assert set(got["customer_name"]) == {"幸福商店"}
    days = dict(zip(got.index, pd.to_datetime(got["said_on"]).dt.date, strict=True))
    assert days == {
        "complaint": dt.date(2024, 6, 5), "comment": dt.date(2024, 6, 18), "market_info": dt.date(2024, 6, 20)
    }  # fmt: skip
    assert got.loc["complaint", ["cause", "action"]].tolist() == ["仓储受潮", "exchange"]


def test_visits_and_answers_without_words_are_no_opinions() -> None:
    one = MonthBuilder(JUNE).customer("C1", "M1")
    one.answer("M1", "C1", surveyed_on=one.day(18)).visit("M1", "C1", 20, market_info="  ")
    assert customer_opinions(facts_of(one)).empty


def test_a_complaint_of_an_earlier_month_is_not_said_again() -> None:
    one = MonthBuilder(JUNE).customer("C1", "M1").case("T0", "M1", "C1", "2024-05-30")
    assert customer_opinions(facts_of(one)).empty
