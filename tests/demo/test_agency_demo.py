"""The demo of the agency: its forms agree with each other to the day and the yuan, and it tells its story."""

from pathlib import Path

import openpyxl
import pandas as pd
import pytest
from without_workbooks import without_workbooks

from pipeline.base.calendar import Month
from pipeline.commands.monthly import Asked, run_monthly
from pipeline.contract.settings import load_settings
from pipeline.contract.trade import load_profile
from pipeline.demo.make import make_demo
from pipeline.demo.people import Organisation, history, make_organisation, masters_in
from pipeline.demo.sample import Sample, rows_of
from pipeline.trades.agency.demo import TRADE
from schemas.form import Context

END = Month(2024, 6)
MONTHS = history(END, 12)
PROFILE = load_profile("agency")
FORMS = ("drafts", "deals", "contracts", "receipts")
Rows = dict[Month, dict[str, pd.DataFrame]]
pytestmark = pytest.mark.slow  # twelve months of a demo


@pytest.fixture(scope="module")
def organisation() -> Organisation:
    return make_organisation(TRADE, "zh", 20240601, MONTHS, TRADE.managers, TRADE.customers)


@pytest.fixture(scope="module")
def rows(organisation: Organisation) -> Rows:
    sample = Sample(organisation, PROFILE, 3.0)
    return {month: rows_of(sample, month) for month in MONTHS}


def every(rows: Rows, form: str) -> pd.DataFrame:
    """All rows of a form, with `month`."""
    return pd.concat([one[form].assign(month=str(month)) for month, one in rows.items()], ignore_index=True)


def test_every_row_keeps_the_rules_of_its_form(organisation: Organisation, rows: Rows) -> None:
    for month, forms in rows.items():
        known = masters_in(organisation, month)
        context = Context(pd.Timestamp(month.first_day), pd.Timestamp(month.last_day), known, PROFILE)
        for form in FORMS:
            broken = [rule.key for rule, _ in PROFILE.forms[form].broken_rules(forms[form], context)]
            assert broken == [], (month, form)


def test_a_deal_that_is_won_is_a_contract_of_that_day_and_amount(rows: Rows) -> None:
    deals, contracts = every(rows, "deals"), every(rows, "contracts")
    won = deals[deals["stage"] == "won"]
    keys = ["customer_id", "manager_id", "closed_on", "expected_amount"]
    signed = contracts[["customer_id", "manager_id", "signed_on", "amount"]].set_axis(keys, axis=1)
    assert len(won) > 50
    pairs = [sorted(map(tuple, one[keys].astype("str").to_numpy().tolist())) for one in (won, signed)]
    assert pairs[0] == pairs[1]


def test_nothing_is_paid_before_it_is_signed_nor_more_than_is_owed(rows: Rows) -> None:
    contracts = every(rows, "contracts").set_index("contract_no")
    receipts = every(rows, "receipts")
    assert set(receipts["contract_no"]) <= set(contracts.index)
    assert (receipts["received_on"] >= receipts["contract_no"].map(contracts["signed_on"])).all()
    paid = receipts.groupby("contract_no")["amount"].sum()
    assert (paid <= contracts["amount"].reindex(paid.index)).all()


def test_one_managers_drafts_go_round_four_times_before_they_are_accepted(
    organisation: Organisation, rows: Rows
) -> None:
    drafts = every(rows, "drafts")
    accepted = drafts[drafts["state"] == "accepted"]
    slow = organisation.managers["manager_id"].iloc[1]
    of_slow = accepted[accepted["draft_no"].isin(drafts[drafts["manager_id"] == slow]["draft_no"])]
    others = accepted[accepted["manager_id"] != slow]["round"]
    assert (of_slow[of_slow["manager_id"] == slow]["round"] >= 4).mean() > 0.8
    assert others.mean() < 2.2


def test_rounds_of_a_draft_follow_each_other(rows: Rows) -> None:
    newest = every(rows, "drafts").drop_duplicates(["draft_no", "round"], keep="last")
    for _, rounds in newest.sort_values("round").groupby("draft_no"):
        assert rounds["round"].tolist() == list(range(1, len(rounds) + 1))
        assert (rounds["state"].iloc[:-1] == "revise").all()
        assert rounds["made_on"].is_monotonic_increasing


def test_a_pitch_is_won_in_the_last_month(rows: Rows) -> None:
    largest = rows[END]["contracts"].sort_values("amount").iloc[-1]
    assert largest["amount"] == 380_000


def test_a_large_customer_pays_late(rows: Rows) -> None:
    contracts, receipts = every(rows, "contracts").set_index("contract_no"), every(rows, "receipts")
    late = (receipts["received_on"] - receipts["contract_no"].map(contracts["due_on"])).dt.days
    very_late = receipts[late > 50]["contract_no"].map(contracts["customer_id"])
    assert len(very_late) >= 3 and very_late.nunique() == 1


def test_the_english_one_is_english_throughout(tmp_path: Path) -> None:
    make_demo(tmp_path, managers=2, customers=4, months=2, end=END, profile="agency", faults=False, language="en")
    books = [openpyxl.load_workbook(path) for path in (tmp_path / "inbox").glob("*.xlsx")]
    texts = [
        str(one) for book in books for sheet in book for row in sheet.values for one in row if one is not None
    ]
    assert len(texts) > 500
    assert not [one for one in texts if any("\u4e00" <= letter <= "\u9fff" for letter in one)]


def test_every_slip_is_found_where_it_was_made_and_nothing_else(tmp_path: Path) -> None:
    make_demo(tmp_path, managers=4, customers=10, months=4, end=END, seed=20240601, profile="agency")
    with without_workbooks():
        run_monthly(tmp_path, load_settings(tmp_path), Asked(workers=1))
    slips = read_csv(tmp_path / "truth" / "faults.csv")
    data = [tmp_path / "output" / str(month) / "data" for month in MONTHS[-4:]]
    problems = pd.concat([read_csv(one / "problems.csv") for one in data], ignore_index=True)
    board = pd.concat([read_csv(one / "submissions.csv") for one in data], ignore_index=True)
    found = {(one["file"], one["cell"]): one["effect"] for one in problems.to_dict("records")}
    in_cells = slips[slips["cell"] != ""]
    assert found == {(one["file"], one["cell"]): one["effect"] for one in in_cells.to_dict("records")}
    late, told = slips[slips["effect"] == "late"], board[board["state"] == "late"]
    assert set(zip(told["month"], told["manager_id"], strict=True)) == set(
        zip(late["month"], late["manager_id"], strict=True)
    )


def read_csv(path: Path) -> pd.DataFrame:
    """A table of the outputs, all cells as text."""
    return pd.read_csv(path, dtype="str", encoding="utf-8-sig", keep_default_na=False)
