"""The demo of the bank: its forms agree with each other to the cent, and it tells its story."""

from pathlib import Path

import openpyxl
import pandas as pd
import pytest

from pipeline.base.calendar import Month
from pipeline.contract.trade import load_profile
from pipeline.demo.make import make_demo
from pipeline.demo.people import Organisation, history, make_organisation, masters_in
from pipeline.demo.sample import Sample, masters_of, rows_of
from pipeline.subjects.holdings.demo_course import attacked_customers
from pipeline.trades.bank.demo import TRADE
from schemas.form import Context

END = Month(2024, 6)
MONTHS = history(END, 7)
PROFILE = load_profile("bank")
FORMS = ("holdings", "sales", "visits", "complaints", "satisfaction")
Rows = dict[Month, dict[str, pd.DataFrame]]
pytestmark = pytest.mark.slow  # seven months of a demo


@pytest.fixture(scope="module")
def organisation() -> Organisation:
    return make_organisation(TRADE, "zh", 20240601, MONTHS, TRADE.managers, TRADE.customers)


@pytest.fixture(scope="module")
def sample(organisation: Organisation) -> Sample:
    return Sample(organisation, PROFILE, 3.0)


@pytest.fixture(scope="module")
def rows(sample: Sample) -> Rows:
    return {month: rows_of(sample, month) for month in MONTHS}


def test_every_row_keeps_the_rules_of_its_form(organisation: Organisation, sample: Sample, rows: Rows) -> None:
    for month, forms in rows.items():
        known = {**masters_in(organisation, month), **masters_of(sample, month)}
        context = Context(pd.Timestamp(month.first_day), pd.Timestamp(month.last_day), known, PROFILE)
        for form in FORMS:
            broken = [rule.key for rule, _ in PROFILE.forms[form].broken_rules(forms[form], context)]
            assert broken == [], (month, form)
        for form in ("market", "outlets", "posts", "team"):
            broken = [rule.key for rule, _ in PROFILE.forms[form].broken_rules(known[form], context)]
            assert broken == [], (month, form)


def test_there_are_six_branches(organisation: Organisation) -> None:
    assert len(organisation.regions) == 6


def test_what_is_newly_held_was_sold(rows: Rows) -> None:
    """Of products that somebody is paid for, in the last month."""
    before, now = (rows[one]["holdings"] for one in MONTHS[-2:])
    paid = {one.code for one in TRADE.material["holdings"].products if one.pay_per_unit}
    keys = ["customer_id", "product_id"]
    old = set(map(tuple, before[keys].to_numpy().tolist()))
    there = set(before["customer_id"])
    new = [pair for pair in map(tuple, now[keys].to_numpy().tolist()) if pair not in old and pair[1] in paid]
    sold = set(map(tuple, rows[END]["sales"][keys].to_numpy().tolist()))
    known = [pair for pair in new if pair[0] in there]
    assert len(known) > 10
    assert sum(pair in sold for pair in known) / len(known) > 0.9  # but for those who are paused


def test_another_bank_takes_the_money_of_one_branch(organisation: Organisation, rows: Rows) -> None:
    attacked = organisation.customers["customer_id"][attacked_customers(organisation, len(MONTHS) - 1)]
    sums = [
        rows[month]["holdings"][rows[month]["holdings"]["customer_id"].isin(attacked)]["balance"].sum()
        for month in (MONTHS[-5], END)
    ]
    assert len(attacked) > 30
    assert sums[1] < 0.9 * sums[0]


def test_one_manager_sells_most_and_keeps_few(organisation: Organisation, rows: Rows) -> None:
    sold = pd.concat([one["sales"] for one in rows.values()]).groupby("manager_id")["sold_qty"].sum()
    assert sold.idxmax() == organisation.managers["manager_id"].iloc[0]
    assert sold.max() > 1.5 * sold.drop(sold.idxmax()).max()


def test_the_english_one_is_english_throughout(tmp_path: Path) -> None:
    make_demo(tmp_path, managers=2, customers=4, months=2, end=END, profile="bank", faults=False, language="en")
    books = [openpyxl.load_workbook(path) for path in (tmp_path / "inbox").glob("*.xlsx")]
    texts = [
        str(one) for book in books for sheet in book for row in sheet.values for one in row if one is not None
    ]
    assert len(texts) > 500
    assert not [one for one in texts if any("\u4e00" <= letter <= "\u9fff" for letter in one)]
