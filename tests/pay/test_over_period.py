"""Pay of a quarter, a half-year, a year: sums of months, accounts from end to end, worked out by hand to the cent."""

from collections.abc import Mapping
from pathlib import Path

import openpyxl
import pandas as pd
import pytest
from pay_builder import claw_back, frame, manager, month_pay, terms

from pipeline.base.calendar import Month
from pipeline.base.period import Period
from pipeline.contract.settings import settings_from
from pipeline.month.papers import write_papers
from pipeline.subjects.pay.over_period import SUMS, over

APRIL, MAY, JUNE = Month(2024, 4), Month(2024, 5), Month(2024, 6)
QUARTER = Period.parse("2024-Q2")
LEFT, JOINED = "2024-05-20", "2024-06-11"
SCORES = {
    APRIL: {"B2": 90.2, "B3": 50, "B5": 70},
    MAY: {"B2": 80, "B3": 60},
    JUNE: {"B2": 75, "B4": 100, "B5": 70},
}
CLAWS = [claw_back("K1", "2024-06", "B2", 300), claw_back("K2", "2024-06", "B3", 3000)]
Frames = Mapping[str, pd.DataFrame]


def kept(month: Month, role: str = "credit", scores: Mapping[str, float] | None = None) -> Frames:
    """What is kept of a month: B2 of that role, B3 leaves in May, B4 joins in June, B5 has no score in May."""
    everybody = [
        manager("B2", role), manager("B3", left=LEFT), manager("B4", started=JOINED), manager("B5"),
    ]  # fmt: skip
    own = [terms("B2", opening=(5000, 25)), terms("B3"), terms("B4"), terms("B5")]
    claws = CLAWS if month == JUNE else ()
    known = SCORES.get(month, {}) if scores is None else scores
    told = month_pay(month, everybody, own, known, claws, products=dict.fromkeys(known, 101 * month.month))
    people = frame("managers", everybody)[["manager_id", "manager_name", "region_id"]]
    return {"pay": told.pay, "openings": told.openings, "claw_backs": told.claw_backs, "people": people}


@pytest.fixture
def quarter() -> Frames:
    return over(QUARTER, {APRIL: kept(APRIL), MAY: kept(MAY), JUNE: kept(JUNE, "retail")})


def yuan(row: pd.Series, *names: str) -> list[float | None]:
    return [None if pd.isna(row[name]) else int(row[name]) / 100 for name in names]


def of(rows: pd.DataFrame, key: str) -> pd.Series:
    return rows.set_index("manager_id").loc[key]


def test_the_sums_of_who_changed_role_in_the_quarter(quarter: Frames) -> None:
    row = of(quarter["pay"], "B2")
    assert (row["role"], row["pay_grade"], row["state"], row["open_months"]) == (
        "credit,retail",
        "g3",
        "counted",
        "",
    )
    # 50 × 90.2 + 50 × 80 + 40 × 75; 40 % of the first two; 200, 200 + 50.11, 200 + 50.11 + 44.44
    assert yuan(row, "base", "allowance", "performance", "deferred", "released") == [
        9000,
        2400,
        11510,
        3404,
        744.66,
    ]
    assert yuan(row, "paid") == [20250.66]
    assert (row["days"], row["days_of_months"]) == (91, 91)


def test_an_account_runs_from_the_first_months_opening_to_the_last_ones_closing(quarter: Frames) -> None:
    row = of(quarter["accounts"], "B2")
    told = yuan(row, "opening", "added", "released", "clawed_back", "uncovered", "closing")
    assert told == [5000, 3404, 744.66, 300, 0, 7359.34]


def test_who_left_in_the_quarter_is_paid_by_days_and_then_released_what_was_deferred(quarter: Frames) -> None:
    row = of(quarter["pay"], "B3")
    # May: 20 of 31 days of 3,000 and 800; 1,000 ÷ 36 in May, that and 1,200 ÷ 36 in June
    assert yuan(row, "base", "allowance", "performance", "deferred", "released", "paid") == [
        4935.48, 1316.13, 5500, 2200, 88.87, 9640.48,
    ]  # fmt: skip
    assert (row["days"], row["days_of_months"]) == (50, 61)
    june = quarter["months"].query("manager_id == 'B3' and month == '2024-06'").iloc[0]
    assert june["state"] == "gone" and yuan(june, "released", "paid") == [61.10, 61.10]


def test_a_claw_back_larger_than_the_account_takes_what_there_is_and_tells_the_rest(quarter: Frames) -> None:
    row = of(quarter["accounts"], "B3")  # 2,200 − 27.77 − 61.10
    assert yuan(row, "clawed_back", "uncovered", "closing") == [2111.13, 888.87, 0]


def test_who_joined_within_the_quarter_counts_from_its_day(quarter: Frames) -> None:
    row = of(quarter["pay"], "B4")
    assert yuan(row, "base", "allowance", "performance", "deferred", "paid") == [2000, 533.33, 5000, 2000, 5533.33]
    assert (row["days"], row["days_of_months"]) == (20, 30)


def test_what_has_an_open_month_is_not_summed_and_the_month_is_named(quarter: Frames) -> None:
    row = of(quarter["pay"], "B5")
    assert (row["state"], row["open_months"]) == ("open", "2024-05")
    # 50 × 70 in April, of it 1,400, of which 38.88 in May and June
    assert yuan(row, "base", "performance", "deferred", "released", "paid") == [9000, None, None, 77.76, None]


def test_lots_and_claw_backs_are_those_of_the_period(quarter: Frames) -> None:
    assert set(quarter["claw_backs"]["claw_back_no"]) == {"K1", "K2"}
    # of the 300 the last parts: 44.60, 44.44, 44.44, 44.44 of May, 50.15, 50.11, 21.82 of April
    lots = quarter["lots"].query("manager_id == 'B2'").set_index("earned")
    assert set(lots.index) == {"start", "2024-04", "2024-05"}
    assert yuan(lots.loc["2024-04"], "cents", "released", "clawed_back") == [1804, 100.22, 122.08]


def test_a_lot_that_ended_within_the_period_is_still_told() -> None:
    ends = {"B2": 90.0}
    months = {APRIL: kept(APRIL, scores=ends), MAY: kept(MAY, scores=ends)}
    short = months[APRIL]["openings"].assign(parts=1)
    months[APRIL] = {**months[APRIL], "openings": short}
    lots = over(QUARTER, months)["lots"].query("earned == 'start'").iloc[0]
    assert (lots["ends"], lots["left"], lots["released"]) == ("2024-04", 0, 500_000)


def test_a_month_of_which_nothing_is_known_is_named_and_releases_all_the_same() -> None:
    told = over(QUARTER, {APRIL: kept(APRIL), JUNE: kept(JUNE, "retail")})
    assert told["missing"]["month"].tolist() == ["2024-05"]
    row = of(told["pay"], "B2")
    assert yuan(row, "base", "performance") == [6000, 7510]  # April and June
    assert yuan(row, "released") == [700.22]  # 200, 250.11, 250.11
    assert yuan(of(told["accounts"], "B2"), "released") == [700.22]
    may = told["months"].query("manager_id == 'B2' and month == '2024-05'").iloc[0]
    assert may["state"] == "no_month"


def test_a_quarter_whose_last_month_has_not_come_ends_with_the_last_known() -> None:
    told = over(QUARTER, {APRIL: kept(APRIL), MAY: kept(MAY)})
    assert told["missing"]["month"].tolist() == ["2024-06"]
    assert yuan(of(told["accounts"], "B2"), "closing") == [7953.89]  # 5,000 + 3,404 − 450.11


def year() -> dict[Month, Frames]:
    """Eighteen months with scores that are odd on purpose."""
    months = [Month(2023, 7) + step for step in range(18)]
    return {
        one: kept(one, scores={"B2": 60 + 1.37 * place, "B3": 71.9, "B4": 88.8, "B5": 100 / (place + 3)})
        for place, one in enumerate(months)
    }


@pytest.mark.slow
def test_a_half_year_is_its_quarters_and_a_year_its_halves() -> None:
    months = year()
    told = {
        name: over(Period.parse(name), months) for name in ("2024-Q1", "2024-Q2", "2024-H1", "2024-H2", "2024")
    }
    for whole, parts in (("2024-H1", ("2024-Q1", "2024-Q2")), ("2024", ("2024-H1", "2024-H2"))):
        for name in SUMS:
            added = pd.concat([told[one]["pay"] for one in parts]).groupby("manager_id")[name].sum()
            assert told[whole]["pay"].set_index("manager_id")[name].equals(added.astype("Int64")), (whole, name)
        first, last = (told[one]["accounts"].set_index("manager_id") for one in parts)
        both = first.index.intersection(last.index)
        assert (first.loc[both, "closing"] == last.loc[both, "opening"]).all()
        whole_accounts = told[whole]["accounts"].set_index("manager_id")
        assert (whole_accounts.loc[last.index, "closing"] == last["closing"]).all()
        moved = whole_accounts["opening"] + whole_accounts["added"] - whole_accounts["released"]
        assert (moved - whole_accounts["clawed_back"] == whole_accounts["closing"]).all()


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_file_shows_it_in_yuan_with_its_months(tmp_path: Path, quarter: Frames, language: str) -> None:
    settings = settings_from({"language": language, "profile": {"name": "bank"}})
    names = pd.DataFrame({"level": ["region"], "entity_id": ["R1"], "name": ["Branch 1"]})
    write_papers({"pay": quarter}, QUARTER, 1, names, settings, tmp_path)
    book = openpyxl.load_workbook(tmp_path / "pay" / "pay_2024-Q2.xlsx")
    told = {
        one.title: [[cell for cell in row if cell is not None] for row in one.iter_rows(values_only=True)]
        for one in book.worksheets
    }
    first, by_month = ("薪酬", "逐月") if language == "zh" else ("Pay", "By month")
    row = next(one for one in told[first] if "B2" in one)
    assert 20250.66 in row and ("信贷 → 零售" if language == "zh" else "Credit → Retail") in row
    assert len([one for one in told[by_month] if "B2" in one]) == 3
    assert ("2024年第二季度" if language == "zh" else "2024") in str(told[first][:3])
