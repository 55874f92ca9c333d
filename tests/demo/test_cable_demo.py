"""The demo of the cable operator: its forms agree to the household, and it tells its story."""

from collections import defaultdict
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
from pipeline.trades.cable.demo import TRADE
from schemas.form import Context
from schemas.movements import LEADS_FROM, LEADS_TO

END = Month(2024, 6)
MONTHS = history(END, 25)
PROFILE = load_profile("cable")
STATES = ("active", "penalty_stopped", "paused")
Rows = dict[Month, dict[str, pd.DataFrame]]
pytestmark = pytest.mark.slow  # 25 months of a demo


@pytest.fixture(scope="module")
def organisation() -> Organisation:
    return make_organisation(TRADE, "zh", 20240601, MONTHS, TRADE.managers, TRADE.customers)


@pytest.fixture(scope="module")
def rows(organisation: Organisation) -> Rows:
    sample = Sample(organisation, PROFILE, 3.0)
    return {month: rows_of(sample, month) for month in MONTHS}


def states(rows: Rows, month: Month) -> dict[str, dict[str, int]]:
    """Households by state, by customer; zeros for those who are not there."""
    found: dict[str, dict[str, int]] = defaultdict(lambda: dict.fromkeys(STATES, 0))
    for row in rows[month]["subscriptions"].to_dict("records"):
        found[row["customer_id"]] = {state: int(row[state]) for state in STATES}
    return found


def test_four_areas_four_managers_and_the_households_of_a_city(organisation: Organisation, rows: Rows) -> None:
    assert organisation.regions["region_name"].tolist() == ["东北片", "东南片", "西北片", "西南片"]
    last = rows[END]["subscriptions"]
    assert 130 <= len(last) <= 150 and 3_300 <= last["households"].sum() <= 3_900


def test_every_months_movements_lead_from_its_first_states_to_its_last(rows: Rows) -> None:
    """Counted one by one, for every customer and state of 24 months."""
    for month in MONTHS[1:]:
        before, after = states(rows, month + -1), states(rows, month)
        for row in rows[month]["movements"].to_dict("records"):
            customer, count = str(row["customer_id"]), int(row["households"])
            assert row["from_state"] in LEADS_FROM[row["kind"]]
            for state, sign in ((row["from_state"], -1), (LEADS_TO[row["kind"]], 1)):
                if state in STATES:
                    before[customer][state] += sign * count
        gone = {customer: counts for customer, counts in before.items() if any(counts.values())}
        assert gone == {customer: counts for customer, counts in after.items() if any(counts.values())}, month


def test_what_resumes_stopped_of_late_and_what_comes_back_did_so_long_ago(rows: Rows) -> None:
    """Of nothing that comes back could a part have stopped in the three months before, and the other way round: so many
    stopped in these months, and so many were there before them."""
    limit = int(PROFILE.thresholds["dormant_months"])
    for number, month in enumerate(MONTHS[limit + 1 :], limit + 1):
        recent = [rows[one]["movements"] for one in MONTHS[number - limit : number + 1]]
        stopped: dict[tuple[str, str], int] = defaultdict(int)
        for frame in recent:
            for row in frame[frame["kind"].isin(["penalty_stop", "pause"])].to_dict("records"):
                stopped[str(row["customer_id"]), LEADS_TO[row["kind"]]] += int(row["households"])
        back = rows[month]["movements"]
        for row in back[back["kind"] == "resume"].to_dict("records"):
            assert stopped[str(row["customer_id"]), row["from_state"]] >= int(row["households"])


@pytest.mark.parametrize("month", [MONTHS[0], Month(2023, 12), END])
def test_rows_keep_every_rule_of_their_form(organisation: Organisation, rows: Rows, month: Month) -> None:
    forms = PROFILE.forms
    masters = {
        key: one[list(forms[key].dtypes)] for key, one in masters_in(organisation, month).items() if key in forms
    }
    context = Context(pd.Timestamp(month.first_day), pd.Timestamp(month.last_day), masters, PROFILE)
    for key, frame in {**masters, **rows[month]}.items():
        form = forms[key]
        form.schema(context).validate(frame, lazy=True)
        sender = ["manager_id"] if form.kind == "monthly" else []
        assert not frame.duplicated([*form.same, *sender]).any(), key
        broken = [rule.key for rule, _ in form.broken_rules(frame, context)]
        assert broken == [], key


def test_a_competitor_takes_the_hotels_of_one_area(organisation: Organisation, rows: Rows) -> None:
    def lost(month: Month, region: str) -> int:
        moves = rows[month]["movements"]
        of_hotels = moves["customer_id"].map(organisation.customers.set_index("customer_id")["channel"]) == "hotel"
        there = moves["manager_id"].map(organisation.region_of) == region
        chosen = moves[(moves["kind"] == "loss") & (moves["lost_to"] == "telecom_iptv") & of_hotels & there]
        return int(chosen["households"].sum())

    attacked, *others = organisation.regions["region_id"].tolist()[::-1]
    of_late = [END + -back for back in range(4)]
    assert sum(lost(month, attacked) for month in of_late) > 2 * sum(
        lost(month, region) for month in of_late for region in others
    )
    assert sum(lost(month, attacked) for month in of_late) > 2 * sum(
        lost(month + -12, attacked) for month in of_late
    )


def test_a_new_district_brings_customers_to_one_area_of_late(organisation: Organisation) -> None:
    customers = organisation.customers
    of_late = customers[customers["joined_on"] >= pd.Timestamp((END + -7).first_day)]
    by_region = of_late["manager_id"].map(organisation.region_of).value_counts()
    assert by_region.idxmax() == organisation.regions["region_id"].iloc[1]
    assert of_late["address"].str.startswith("新城大道").sum() >= 3


def test_some_pause_in_their_low_season_and_are_back_after_it(rows: Rows) -> None:
    def moved(month: Month, kind: str) -> int:
        frame = rows[month]["movements"]
        return int(frame.loc[frame["kind"] == kind, "households"].sum())

    assert moved(Month(2023, 11), "pause") > 3 * moved(Month(2023, 9), "pause")
    assert moved(Month(2024, 1), "resume") > 3 * moved(Month(2024, 3), "resume")


def test_arrears_pile_up_before_they_are_collected(rows: Rows) -> None:
    def share(month: Month) -> float:
        last = rows[month]["subscriptions"]
        return float(last["penalty_stopped"].sum() / last["households"].sum())

    def paid(month: Month) -> float:
        frame = rows[month]["subscriptions"]
        return float(frame["fee_paid"].sum() / frame["fee_due"].sum())

    assert share(Month(2024, 5)) > share(Month(2024, 3)) + 0.015 and share(Month(2024, 6)) < share(Month(2024, 5))
    assert paid(Month(2023, 12)) > paid(Month(2023, 11))


def test_one_manager_surveys_nothing_and_who_joins_was_a_prospect(organisation: Organisation, rows: Rows) -> None:
    surveyed = pd.concat([rows[month]["prospects"] for month in MONTHS])
    assert set(surveyed["manager_id"]) == set(organisation.managers["manager_id"]) - {organisation.slack_manager}
    joined = organisation.customers[organisation.customers["joined_on"] > pd.Timestamp(2022, 9, 1)]
    joined = joined[joined["manager_id"] != organisation.slack_manager]
    signed = surveyed[surveyed["state"] == "signed"].set_index("name")["signed_on"]
    assert len(joined) > 10
    assert all(signed[name] == day for name, day in zip(joined["customer_name"], joined["joined_on"], strict=True))


def test_a_prospect_keeps_its_number_and_comes_back_while_it_is_open(rows: Rows) -> None:
    may, june = (rows[month]["prospects"].set_index("prospect_no") for month in (END + -1, END))
    still_open = may.index[~may["state"].isin(["signed", "given_up"])]
    assert len(still_open) > 0 and set(still_open) <= set(june.index)
    assert not set(may.index[may["state"].isin(["signed", "given_up"])]) & set(june.index)
    assert (june.loc[still_open, "name"] == may.loc[still_open, "name"]).all()


def test_customers_whose_date_comes_soon_are_visited_for_payment(rows: Rows) -> None:
    before = rows[END + -1]["subscriptions"]
    first = pd.Timestamp(END.first_day)
    soon = set(before.loc[before["expires_on"].between(first, first + pd.Timedelta(days=59)), "customer_id"])
    visits = rows[END]["visits"]
    seen = visits[visits["customer_id"].isin(soon)]
    assert set(seen["purpose"]) >= {"collect"}
    assert seen.drop_duplicates("customer_id")["purpose"].isin(["collect", "retain"]).all()


def test_a_home_of_it_without_slips_runs_through_and_has_no_problems(tmp_path: Path) -> None:
    make_demo(tmp_path, managers=4, customers=6, months=3, end=END, seed=5, profile="cable", faults=False)
    settings = load_settings(tmp_path)
    assert settings.profile.key == "cable"
    with without_workbooks(but=[END]):
        run_monthly(tmp_path, settings, Asked(workers=1))
    for month in MONTHS[-3:]:
        data = tmp_path / "output" / str(month) / "data"
        assert pd.read_csv(data / "problems.csv", encoding="utf-8-sig").empty
    assert (tmp_path / "output" / str(END) / "headquarters.xlsx").is_file()
    assert len(list((tmp_path / "output" / str(END) / "regions").glob("*.xlsx"))) == 4
    board = pd.read_csv(tmp_path / "output" / str(END) / "data" / "submissions.csv", encoding="utf-8-sig")
    assert set(board["form"]) >= set(PROFILE.monthly_forms)
    assert not board["state"].isin(["missing", "refused"]).any()


def test_the_english_one_is_english_throughout(tmp_path: Path) -> None:
    make_demo(tmp_path, managers=2, customers=4, months=1, end=END, seed=5, profile="cable", language="en")
    books = [openpyxl.load_workbook(path) for path in (tmp_path / "inbox").glob("*.xlsx")]
    texts = [
        str(one) for book in books for sheet in book for row in sheet.values for one in row if one is not None
    ]
    assert len(texts) > 500
    assert not [one for one in texts if any("\u4e00" <= letter <= "\u9fff" for letter in one)]


def test_every_slip_is_found_where_it_was_made_and_nothing_else(tmp_path: Path) -> None:
    make_demo(tmp_path, managers=4, customers=7, months=3, end=END, seed=20240601, profile="cable")
    with without_workbooks():
        run_monthly(tmp_path, load_settings(tmp_path), Asked(workers=1))
    slips = read_csv(tmp_path / "truth" / "faults.csv")
    data = [tmp_path / "output" / str(month) / "data" for month in MONTHS[-3:]]
    problems = pd.concat([read_csv(one / "problems.csv") for one in data], ignore_index=True)
    board = pd.concat([read_csv(one / "submissions.csv") for one in data], ignore_index=True)
    disagree = problems["rule"].str.startswith("disagree_")
    found = {(one["file"], one["cell"]): one["effect"] for one in problems[~disagree].to_dict("records")}
    in_cells = slips[slips["cell"] != ""]
    assert found == {(one["file"], one["cell"]): one["effect"] for one in in_cells.to_dict("records")}
    forgotten = slips[slips["effect"] == "unexplained"]
    told = set(zip(problems["month"][disagree], problems["manager_id"][disagree], strict=True))
    assert len(forgotten) == 2
    assert told == set(zip(forgotten["month"], forgotten["manager_id"], strict=True))
    late = slips[slips["effect"] == "late"]
    late_on_board = board[board["state"] == "late"]
    assert set(zip(late_on_board["month"], late_on_board["manager_id"], strict=True)) == set(
        zip(late["month"], late["manager_id"], strict=True)
    )


def read_csv(path: Path) -> pd.DataFrame:
    """A table of the outputs, all cells as text."""
    return pd.read_csv(path, dtype="str", encoding="utf-8-sig", keep_default_na=False)
