"""The comparison of pilots as told at a month's end: which start months, whose rows, and why there is none yet."""

import pandas as pd
import pytest

from pipeline.base.calendar import Month
from pipeline.base.period import Period
from pipeline.contract.figure import Figure
from pipeline.contract.settings import settings_from
from pipeline.contract.tellings import Known
from pipeline.subjects.pilots.tellings import pilot_effects, pilot_stations
from pipeline.subjects.pilots.texts import effect_text
from pipeline.words import load_words

RATE = Figure("rate", "及时率", "On time", "%", "x", "", "", (), lambda facts: pd.Series(), scale=100)
PROFILE = settings_from({"profile": {"pilots": {"figures": ["rate"]}}}).profile
JANUARY, APRIL = Month(2024, 1), Month(2024, 4)
# Of each station: its region, of which month on it is a pilot, and of 10 due how many on time before and from April on.
STATIONS = {
    "S1": ("A", "2024-04", 5, 8), "S2": ("B", "2024-04", 6, 8), "S3": ("A", None, 5, 5), "S4": ("B", None, 7, 8),
    "S5": ("B", None, 9, 9),
}  # fmt: skip


def stations(**changes: str | None) -> pd.DataFrame:
    rows = [
        (code, region, f"{code}所", changes.get(code, since)) for code, (region, since, *_) in STATIONS.items()
    ]
    return pd.DataFrame(rows, columns=["station_id", "region_id", "name", "pilot_from"]).astype("str")


def known(last: Month, level: str = "station", **changes: str | None) -> Known:
    values = {}
    for step in range(last - JANUARY + 1):
        month = JANUARY + step
        rows = [
            (
                region,
                level,
                code if level == "station" else region,
                "rate",
                float(after if month >= APRIL else before),
                10.0,
            )
            for code, (region, _, before, after) in STATIONS.items()
        ]
        values[month] = pd.DataFrame(
            rows, columns=["region_id", "level", "entity_id", "figure", "numerator", "denominator"]
        )
    masters = {
        ("stations", last): stations(**changes),
        ("regions", last): pd.DataFrame({"region_id": ["A", "B"], "region_name": ["东局", "西局"]}, dtype="str"),
    }
    return Known(
        Period(last), pd.DataFrame(), pd.Series(dtype="str"), frozenset(), values, masters, (RATE,), PROFILE
    )


def whole(rows: pd.DataFrame) -> pd.DataFrame:
    return rows[rows["level"] == "organisation"]


def test_before_three_months_are_known_a_pilot_is_said_to_wait():
    rows = whole(pilot_effects(known(Month(2024, 5))))
    assert rows[["start", "state", "pilots"]].to_numpy().tolist() == [["2024-04", "waiting", 0]]
    assert pilot_stations(known(Month(2024, 5))).empty


def test_the_effect_of_the_months_known_so_far_is_told_with_its_stations():
    # Changes: +30, +20; 0, +10, 0. Means 25 and 3.333.
    row = whole(pilot_effects(known(Month(2024, 6)))).iloc[0]
    assert row["effect"] == pytest.approx(25 - 10 / 3)
    assert (row["state"], row["months"], row["until"], row["pilots"], row["others"]) == (
        "told",
        3,
        "2024-06",
        2,
        3,
    )
    assert row["low95"] < row["effect"] < row["high95"]


def test_a_region_sees_the_effect_and_its_own_stations_only():
    told = known(Month(2024, 6))
    assert set(pilot_effects(told)["entity_id"]) == {"ALL", "A", "B"}
    own = pilot_stations(told)
    assert set(own.loc[own["entity_id"] == "A", "unit_id"]) == {"S1", "S3"}
    assert set(whole(own)["unit_id"]) == set(STATIONS)


def test_each_start_month_is_a_comparison_of_its_own_the_newest_first():
    rows = whole(pilot_effects(known(Month(2024, 9), S2="2024-05")))
    assert rows["start"].tolist() == ["2024-05", "2024-04"]
    # April: S1 from January to March against April to June; S2 became a pilot in May and is in neither group.
    assert rows["pilots"].tolist() == [1, 1]
    assert rows["state"].tolist() == ["no_interval", "no_interval"]


def test_a_pilot_of_a_month_to_come_is_not_told_of():
    assert set(pilot_effects(known(Month(2024, 6), S3="2024-08"))["start"]) == {"2024-04"}


def test_without_stations_the_bureaus_are_compared():
    rows = whole(pilot_effects(known(Month(2024, 6), "region")))
    assert rows["units"].tolist() == ["region"]
    assert rows["state"].tolist() == ["no_group"]  # both have a pilot station, from the first of which they count
    one = whole(pilot_effects(known(Month(2024, 6), "region", S2=None)))
    # A: 10 of 20 before, 13 of 20 after: +15; B: 22 of 30, 25 of 30: +10.
    assert one["effect"].tolist() == pytest.approx([5.0])
    assert one["state"].tolist() == ["no_interval"]


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize(
    ("last", "changes", "said"),
    [
        (Month(2024, 5), {}, {"zh": "不足3个月", "en": "fewer than 3 months"}),
        (Month(2024, 6), {}, {"zh": "+21.67个百分点", "en": "+21.67 points"}),
        (Month(2024, 6), {"S2": None}, {"zh": "试点不足2个", "en": "fewer than 2 pilots"}),
    ],
)
def test_a_sentence_says_the_effect_or_why_there_is_none(language, last, changes, said):
    row = whole(pilot_effects(known(last, **changes))).iloc[0].to_dict()
    assert said[language] in effect_text(row, RATE, load_words(language))
