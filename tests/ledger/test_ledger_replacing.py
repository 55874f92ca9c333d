"""What a file replaces: what is refused replaces nothing, and nothing replaces more than it says.

Files go from the inbox through the real reader into the ledger, all in this process; no month is reported.
"""

import json
import re
from pathlib import Path

import pandas as pd
import pytest
from ledger_home import ORDERS, LedgerHome, sale

from pipeline.base.calendar import Month
from pipeline.base.errors import SettingsError, YuebaoError
from pipeline.base.home import LEDGER
from pipeline.ledger.decide import standing
from pipeline.ledger.manifest import MANIFEST


@pytest.fixture
def home(tmp_path: Path) -> LedgerHome:
    made = LedgerHome(tmp_path / "home")
    made.masters()
    return made


def is_replayed_the_same(home: LedgerHome, folder: Path) -> bool:
    return home.replayed(folder / "anew") == home.manifest


def test_two_corrections_saved_in_the_same_second_leave_what_was_accepted_before(home, tmp_path):
    home.sends("M001", sale("C001a", 10), sale("C001b", 5, 4), name="一.xlsx")
    home.run()
    home.sends("M001", sale("C001a", 11), sale("C001b", 5, 4), name="更正1.xlsx", saved="2024-07-04T09:00")
    home.sends("M001", sale("C001a", 12), sale("C001b", 5, 4), name="更正2.xlsx", saved="2024-07-04T09:00")
    home.run()
    assert (home.days(), home.state()) == ({3: 10, 4: 5}, "on time")
    assert {file for file, _ in home.told("rivals_refused")} == {"更正1.xlsx", "更正2.xlsx"}
    assert is_replayed_the_same(home, tmp_path)


def test_a_correction_that_is_refused_leaves_what_stood_and_dropped_again_is_read_again(home, tmp_path):
    home.sends("M001", sale("C001a", 10), name="一.xlsx")
    home.run()
    bad = home.sends("M001", sale("C009x", 8), sale("C009y", 9), name="错码.xlsx", saved="2024-07-04T09:00")
    home.run()
    assert (home.cartons(), home.state()) == (10, "on time")
    assert ("错码.xlsx", "too_many_bad_rows") in home.told()
    home.drops("错码.xlsx", bad, "2024-07-04T09:00")
    received = home.run()
    assert (received.known, len(received.taken), home.cartons()) == ((), 1, 10)
    assert is_replayed_the_same(home, tmp_path)


def test_a_form_with_the_wrong_month_on_its_cover_leaves_that_months_rows(home):
    home.sends("M001", sale("C001a", 10), name="六月.xlsx")
    home.run()
    may_rows = [sale("C001a", n, n, Month(2024, 5)) for n in range(1, 6)]
    home.sends("M001", *may_rows, name="封面写错.xlsx", saved="2024-07-04T09:00")
    home.run()
    assert (home.cartons(), home.state()) == (10, "on time")


def test_a_file_that_is_refused_when_judged_anew_gives_way_to_the_one_before_it(home, tmp_path):
    home.masters(Month(2024, 6), "六月主数据.xlsx")
    home.sends("M001", sale("C001a", 10), name="一.xlsx")
    home.run()
    home.sends("M001", sale("C001b", 12), name="二.xlsx", saved="2024-07-04T09:00")
    home.run()
    assert home.cartons() == 12
    home.masters(Month(2024, 6), "六月更正.xlsx", without=["C001b"])
    home.run()
    assert (home.cartons(), home.board()["file"]) == (10, "一.xlsx")
    assert is_replayed_the_same(home, tmp_path)


def test_an_old_copy_sent_after_the_new_form_counts_and_is_told(home, tmp_path):
    home.sends("M001", sale("C001a", 12), name="新.xlsx", saved="2024-07-04T09:00")
    home.run()
    home.sends("M001", sale("C001a", 10), name="旧.xlsx", saved="2024-07-03T09:00")
    home.run()
    assert (home.cartons(), set(home.told("older_counts"))) == (10, {("旧.xlsx", "older_counts")})
    (told,) = {dict(one.details)["saved_at"] for one in home.problems_of("旧.xlsx") if one.rule == "older_counts"}
    assert re.fullmatch(r"2024-07-0[2-4] \d\d:00", told)  # as the organisation's clock showed it
    home.sends("M001", sale("C001a", 13), name="再.xlsx", saved="2024-07-05T09:00")
    home.run()
    assert (home.cartons(), home.told("older_counts")) == (13, [])
    assert is_replayed_the_same(home, tmp_path)


def test_old_master_data_sent_after_the_new_count_and_are_told(home, tmp_path):
    home.sends("M001", sale("C001a", 12), name="一.xlsx")
    home.run()
    home.masters(name="名单新.xlsx", left={"C001b": "2024-07-20"}, saved="2024-06-02T08:00")
    home.run()
    assert home.told("older_master_counts") == []
    home.masters(name="名单旧.xlsx", left={"C001b": "2024-07-21"}, saved="2024-06-01T08:00")
    home.run()
    assert {file for file, _ in home.told("older_master_counts")} == {"名单旧.xlsx"}
    assert is_replayed_the_same(home, tmp_path)


def test_weekly_exports_live_beside_each_other_also_when_saved_in_the_same_second(home, tmp_path):
    home.settings()
    home.sends("M001", sale("C001a", 10), sale("C001b", 20, 17), name="一.xlsx")
    home.run()
    home.orders("订单1.csv", ("M001", "06-03", "C001a", 12), ("M002", "06-04", "C002a", 7))
    home.orders("订单2.csv", ("M001", "06-10", "C001a", 30))
    home.run()
    assert (home.days(), home.days("M002")) == ({3: 12, 10: 30, 17: 20}, {4: 7})
    assert home.board("M002")["state"] == "on time"
    home.orders("订单3.csv", ("M001", "06-10", "C001b", 31), saved="2024-07-03T09:00")
    home.run()
    assert home.days() == {3: 12, 10: 31, 17: 20}
    assert (home.state(), home.board()["file"]) == ("corrected", "一.xlsx、订单1.csv、订单2.csv、订单3.csv")
    assert is_replayed_the_same(home, tmp_path)


def test_a_june_export_with_one_row_of_31_may_does_not_wipe_may(home):
    home.settings()
    may = Month(2024, 5)
    home.sends("M001", sale("C001a", 100, 3, may), sale("C001b", 20, 31, may), name="五月.xlsx", month=may)
    home.run()
    home.orders("订单6.csv", ("M001", "05-31", "C001b", 21), ("M001", "06-03", "C001a", 9))
    home.run()
    assert (home.cartons(month="2024-05"), home.cartons(), home.told("asked_shrinks")) == (121, 9, [])


def test_of_exports_of_one_run_the_later_saved_counts_on_the_days_that_both_hold(home):
    home.settings()
    home.orders("订单早.csv", ("M001", "06-03", "C001a", 10), ("M001", "06-04", "C001a", 20))
    home.orders("订单晚.csv", ("M001", "06-04", "C001a", 21), saved="2024-07-02T10:00")
    home.run()
    assert home.days() == {3: 10, 4: 21}
    assert home.told("rival_days_replaced") == [("订单早.csv", "rival_days_replaced")]


def test_of_exports_saved_in_the_same_second_only_the_days_that_contradict_are_refused(home, tmp_path):
    home.settings()
    home.sends("M001", sale("C001b", 50, 4), name="一.xlsx")
    home.run()
    home.orders("订单a.csv", ("M001", "06-03", "C001a", 10), ("M001", "06-04", "C001a", 20))
    home.orders("订单b.csv", ("M001", "06-04", "C001a", 21), ("M001", "06-05", "C001a", 40))
    home.orders("订单c.csv", ("M001", "06-04", "C001a", 22))
    home.run()
    assert home.days() == {3: 10, 4: 50, 5: 40}  # on the 4th what stood before
    assert {file for file, _ in home.told("rival_days_refused")} == {"订单a.csv", "订单b.csv", "订单c.csv"}
    assert is_replayed_the_same(home, tmp_path)


def test_rows_add_and_the_same_key_again_takes_the_place_of_the_row(home, tmp_path):
    home.settings('replaces = "rows"')
    home.orders("订单1.csv", ("M001", "06-03", "C001a", 10), ("M001", "06-04", "C001a", 20))
    home.run()
    home.orders("订单2.csv", ("M001", "06-03", "C001a", 11), ("M001", "06-03", "C001b", 5))
    home.run()
    assert home.days() == {3: 16, 4: 20}
    home.orders(
        "订单3.csv", ("M001", "06-05", "C001a", 1), ("M001", "06-06", "C001a", 2), saved="2024-07-03T09:00"
    )
    home.orders(
        "订单4.csv", ("M001", "06-05", "C001a", 3), ("M001", "06-07", "C001a", 4), saved="2024-07-03T09:00"
    )
    home.run()
    assert home.days() == {3: 16, 4: 20, 6: 2, 7: 4}  # on the 5th they contradict each other
    assert [file for file, _ in home.told("rival_rows_refused")] == ["订单3.csv", "订单4.csv"]
    assert is_replayed_the_same(home, tmp_path)


@pytest.mark.parametrize(
    ("replaces", "name"),
    [('replaces = "span"\nspan = "name"', "订单_20240603-20240609.csv"),
     ('replaces = "span"\nspan = "name"', "订单2024-06-03至06-09.csv"),
     ('replaces = "span"\nspan = ["2024-06-03", "2024-06-09"]', "订单.csv")],
)  # fmt: skip
def test_a_span_takes_the_place_of_all_its_days_also_of_those_without_a_row(home, replaces, name):
    home.settings(replaces)
    home.sends("M001", sale("C001a", 100, 2), sale("C001a", 10, 4), sale("C001b", 20, 5), name="一.xlsx")
    home.run()
    home.orders(name, ("M001", "06-05", "C001a", 7), ("M001", "06-12", "C001a", 99))
    home.run()
    assert home.days() == {2: 100, 5: 7}
    assert home.told("outside_span") == [(name, "outside_span")]
    (outside,) = (one for one in home.problems_of(name) if one.rule == "outside_span")
    details = dict(outside.details)
    assert (outside.found, details["first"], details["last"]) == ("2024-06-12", "2024-06-03", "2024-06-09")


def held(home, name):
    """Rows and yuan of the sales of a file that stand."""
    sha256 = next(one.sha256 for one in home.manifest.receipts if one.name == name)
    (own,) = (one for one in home.manifest.submissions if one.sha256 == sha256 and one.form == "sales")
    return own.rows_held, own.amount_held_yuan


def test_of_each_file_it_is_known_how_many_rows_and_yuan_stand(home):
    home.settings()
    home.sends("M001", sale("C001a", 10), sale("C001b", 20, 5), sale("C001a", 5, 6), name="一.xlsx")
    home.run()
    assert held(home, "一.xlsx") == (3, 3_500.0)
    home.orders("订单.csv", ("M001", "06-05", "C001a", 21))
    home.run()
    assert (held(home, "一.xlsx"), held(home, "订单.csv")) == ((2, 1_500.0), (1, 2_100.0))
    home.sends("M001", sale("C001a", 30), sale("C001b", 9, 7), name="二.xlsx", saved="2024-07-05T09:00")
    home.run()
    assert [held(home, name) for name in ("一.xlsx", "订单.csv", "二.xlsx")] == [(0, 0.0), (0, 0.0), (2, 3_900.0)]


def test_of_a_file_that_waits_and_of_rivals_no_row_stands(home):
    home.sends("M001", sale("C001a", 10), sale("C001b", 20, 5), sale("C001a", 5, 6), name="一.xlsx")
    home.run()
    home.sends("M001", sale("C001a", 1), name="二.xlsx", saved="2024-07-04T09:00")
    home.run()
    assert (held(home, "一.xlsx"), held(home, "二.xlsx")) == ((3, 3_500.0), (0, 0.0))
    for name, cartons in (("三.xlsx", 30), ("四.xlsx", 40)):
        home.sends("M001", sale("C001a", cartons), sale("C001b", 9, 7), name=name, saved="2024-07-05T09:00")
    home.run()
    assert [held(home, name) for name in ("一.xlsx", "三.xlsx", "四.xlsx")] == [(3, 3_500.0), (0, 0.0), (0, 0.0)]
    home.run("二.xlsx")
    assert (held(home, "一.xlsx"), held(home, "二.xlsx")) == ((0, 0.0), (1, 100.0))


def test_an_export_of_other_days_is_withdrawn_and_the_form_below_it_stands_as_it_is_held(home):
    home.settings()
    home.sends("M001", sale("C001a", 10), name="一.xlsx")
    home.run()
    home.orders("订单.csv", ("M001", "06-05", "C001a", 7))
    home.run()
    assert home.days() == {3: 10, 5: 7}
    home.withdraw("订单.csv")
    assert (home.days(), held(home, "一.xlsx")) == ({3: 10}, (1, 1_000.0))


def test_a_span_that_the_files_name_does_not_tell_is_a_refused_file_that_replaces_nothing(home):
    home.settings('replaces = "span"\nspan = "name"')
    home.sends("M001", sale("C001a", 10), name="一.xlsx")
    home.orders("订单.csv", ("M001", "06-05", "C001a", 7))
    home.run()
    assert (home.cartons(), home.told("export_span")) == (10, [("订单.csv", "export_span")])


def test_an_export_that_replaces_the_month_takes_the_place_of_all_of_it(home):
    home.settings('replaces = "month"')
    home.sends("M001", sale("C001a", 10), sale("C001b", 8, 9), name="一.xlsx")
    home.run()
    home.orders("订单.csv", ("M001", "06-05", "C001a", 12))
    home.run()
    assert home.days() == {5: 12}


def test_an_export_of_one_managers_named_month_replaces_that_month_and_only_days_of_others(home):
    fixed = 'fixed = { manager_id = "M001" }\nvalid_from = "name"'
    home.settings(text=ORDERS.format(replaces=fixed).replace('manager_id = "经理"\n', ""))
    may = Month(2024, 5)
    home.sends("M001", sale("C001a", 30, 3, may), name="五月.xlsx", month=may)
    home.sends("M001", sale("C001a", 10), name="六月.xlsx")
    home.run()
    home.orders("订单2024-06.csv", ("", "05-31", "C001b", 21), ("", "06-05", "C001a", 9))
    home.run()
    assert (home.cartons(month="2024-05"), home.days()) == (51, {5: 9})


def test_a_months_form_takes_the_place_of_the_exports_before_it(home):
    home.settings()
    home.orders("订单1.csv", ("M001", "06-03", "C001a", 10))
    home.orders("订单2.csv", ("M001", "06-10", "C001a", 20))
    home.run()
    home.sends("M001", sale("C001a", 25), name="一.xlsx")
    home.run()
    assert home.days() == {3: 25}
    assert len(standing(home.manifest)["2024-06", "sales", "M001"]) == 1


def test_an_export_over_a_form_is_withdrawn_and_the_forms_days_come_back_from_the_archive(home, tmp_path):
    home.settings()
    home.sends("M001", sale("C001a", 10), sale("C001b", 20, 4), name="一.xlsx")
    home.run()
    home.orders("订单.csv", ("M001", "06-03", "C001a", 99))
    home.run()
    assert home.days() == {3: 99, 4: 20}
    home.withdraw("订单.csv")
    assert (home.days(), home.state()) == ({3: 10, 4: 20}, "on time")
    assert is_replayed_the_same(home, tmp_path)


def test_an_export_over_a_nil_form_counts_and_withdrawn_leaves_it_nil(home):
    home.settings()
    home.sends("M001", name="无.xlsx", nil=("sales", "visits"))
    home.run()
    home.orders("订单.csv", ("M001", "06-03", "C001a", 9))
    home.run()
    assert home.days() == {3: 9}
    home.withdraw("订单.csv")
    assert (home.days(), home.state()) == ({}, "nil")


def test_a_withdrawn_file_gives_way_to_the_one_before_it_and_may_be_dropped_again(home, tmp_path):
    home.sends("M001", sale("C001a", 10), name="一.xlsx")
    home.run()
    second = home.sends("M001", sale("C001a", 9), name="二.xlsx", saved="2024-07-04T09:00")
    home.run()
    home.withdraw("二.xlsx")
    assert (home.cartons(), home.state()) == (10, "on time")
    with pytest.raises(YuebaoError):
        home.withdraw("二.xlsx")
    home.drops("二.xlsx", second, "2024-07-04T09:00")
    home.run()
    assert (home.cartons(), home.state()) == (9, "corrected")
    home.withdraw(home.manifest.receipts[-1].sha256[:8])
    assert home.cartons() == 10
    assert is_replayed_the_same(home, tmp_path)


def test_the_only_file_of_a_form_is_withdrawn_and_the_form_is_missing(home):
    home.sends("M001", sale("C001a", 10), name="一.xlsx")
    home.run()
    home.withdraw("一.xlsx")
    assert (home.cartons(), home.state(), home.manifest.parts) == (0, "missing", {})


def test_of_two_rivals_one_is_withdrawn_and_the_other_stands(home):
    home.sends("M001", sale("C001a", 11), name="甲.xlsx")
    home.sends("M001", sale("C001a", 12), name="乙.xlsx")
    home.run()
    assert home.state() == "refused"
    home.withdraw("甲.xlsx")
    assert (home.cartons(), home.state()) == (12, "on time")
    assert home.told("rivals_refused") == []


def test_a_file_that_takes_away_more_than_half_waits_and_counts_once_it_is_accepted(home, tmp_path):
    home.sends("M001", *(sale("C001a", 10, day) for day in (3, 4, 5, 6)), name="一.xlsx")
    home.run()
    home.sends("M001", sale("C001a", 10), name="少.xlsx", saved="2024-07-04T09:00")
    home.run()
    assert (home.cartons(), home.state(), home.board()["file"]) == (40, "held", "一.xlsx")
    assert home.told("asked_shrinks") == [("少.xlsx", "asked_shrinks")]
    with pytest.raises(YuebaoError):
        home.run("一.xlsx")
    home.run("少.xlsx")
    assert (home.cartons(), home.state(), home.told("asked_shrinks")) == (10, "corrected", [])
    assert is_replayed_the_same(home, tmp_path)


@pytest.mark.parametrize(
    ("left", "cartons", "waits"), [(2, 10, False), (1, 10, True), (4, 4, True), (4, 5, False)]
)
def test_half_of_the_rows_or_of_the_amount_is_not_less_than_half(home, left, cartons, waits):
    home.sends("M001", *(sale("C001a", 10, day) for day in (3, 4, 5, 6)), name="一.xlsx")
    home.run()
    rows = [sale("C001a", cartons, day) for day in (3, 4, 5, 6)][:left]
    home.sends("M001", *rows, name="二.xlsx", saved="2024-07-04T09:00")
    home.run()
    assert (home.state() == "held") is waits


def test_an_export_of_days_that_leaves_less_than_half_of_the_month_waits(home, tmp_path):
    home.settings()
    home.sends("M001", *(sale("C001a", 10, day) for day in (3, 4, 5)), name="一.xlsx")
    home.run()
    home.orders("订单.csv", *(("M001", f"06-{day:02d}", "C001a", 1) for day in (3, 4, 5)))
    home.run()
    assert (home.cartons(), home.state()) == (30, "held")
    home.run("订单.csv")
    assert home.cartons() == 3
    assert is_replayed_the_same(home, tmp_path)


def test_saved_anew_and_sent_again_answers_what_was_asked_but_the_same_bytes_alone_do_not(home, tmp_path):
    home.sends("M001", *(sale("C001a", 10, day) for day in (3, 4, 5, 6)), name="一.xlsx")
    home.run()
    held = home.sends("M001", sale("C001a", 10), name="少.xlsx", saved="2024-07-04T09:00")
    home.run()
    home.drops("少.xlsx", held, "2024-07-04T09:00")
    assert home.run().known == ("少.xlsx",)
    assert home.cartons() == 40
    home.drops("少.xlsx", held, "2024-07-05T09:00")
    home.run()
    assert (home.cartons(), home.state()) == (10, "corrected")
    assert is_replayed_the_same(home, tmp_path)


def test_a_newer_full_file_counts_and_what_was_asked_before_it_is_settled(home):
    home.sends("M001", *(sale("C001a", 10, day) for day in (3, 4)), name="一.xlsx")
    home.run()
    home.sends("M001", sale("C001a", 1), name="少.xlsx", saved="2024-07-04T09:00")
    home.run()
    home.sends("M001", sale("C001a", 10), sale("C001a", 11, 4), name="全.xlsx", saved="2024-07-05T09:00")
    home.run()
    assert (home.cartons(), home.state(), home.told("asked_shrinks")) == (21, "corrected", [])
    with pytest.raises(YuebaoError):
        home.run("少.xlsx")


def test_a_nil_tick_over_rows_already_reported_waits(home):
    home.sends("M001", sale("C001a", 10), name="一.xlsx")
    home.run()
    home.sends("M001", name="无.xlsx", saved="2024-07-04T09:00", nil=("sales", "visits"))
    home.run()
    assert (home.cartons(), home.state(), home.state(form="visits")) == (10, "held", "corrected")
    assert home.told("asked_nil_over_rows") == [("无.xlsx", "asked_nil_over_rows")]
    home.run("无.xlsx")
    assert (home.cartons(), home.state()) == (0, "corrected")


def test_a_month_before_the_first_master_data_waits_until_they_come(home, tmp_path):
    home.sends("M001", sale("C001a", 10, month=Month(2023, 6)), name="旧.xlsx", month=Month(2023, 6))
    home.run()
    assert (home.cartons(month="2023-06"), home.manifest.months()) == (0, ())
    assert {file for file, _ in home.told("asked_month_before_masters")} == {"旧.xlsx"}
    home.masters(Month(2023, 1), "早年主数据.xlsx")
    home.run()
    assert (home.cartons(month="2023-06"), home.told("asked_month_before_masters")) == (10, [])
    assert is_replayed_the_same(home, tmp_path)


def test_a_month_that_has_not_begun_on_the_day_of_the_run_waits(home, tmp_path):
    august = Month(2024, 8)
    home.sends("M001", sale("C001a", 10, month=august), name="八月.xlsx", month=august)
    home.run(run_on="2024-07-31")
    assert home.cartons(month="2024-08") == 0
    assert {file for file, _ in home.told("asked_month_ahead")} == {"八月.xlsx"}
    home.run("八月.xlsx", run_on="2024-07-31")
    assert home.cartons(month="2024-08") == 10
    assert is_replayed_the_same(home, tmp_path)


def test_a_file_that_stands_dropped_again_is_known_and_one_that_was_replaced_is_taken(home, tmp_path):
    first = home.sends("M001", sale("C001a", 10), name="一.xlsx")
    home.run()
    home.drops("一.xlsx", first, "2024-07-03T09:00")
    assert home.run().known == ("一.xlsx",)
    home.sends("M001", sale("C001a", 9), name="二.xlsx", saved="2024-07-04T09:00")
    home.run()
    home.drops("一.xlsx", first, "2024-07-03T09:00")
    assert home.run().known == ()
    assert (home.cartons(), home.board()["file"]) == (10, "一.xlsx")
    assert is_replayed_the_same(home, tmp_path)


def test_what_a_newer_file_put_right_is_told_no_more(home):
    good = [sale("C001a", n, n) for n in range(1, 8)]
    home.sends("M001", *good, sale("C009x", 1), name="一.xlsx")
    home.run()
    assert "一.xlsx" in {file for file, _ in home.told()}
    home.sends("M001", *good, name="二.xlsx", saved="2024-07-04T09:00")
    home.run()
    assert home.told() == []


def test_a_form_under_another_managers_code_is_refused_when_name_and_customers_say_so(home):
    home.sends("M001", sale("C001a", 10), name="一.xlsx")
    home.sends("M002", sale("C002a", 20), name="二.xlsx")
    home.run()
    home.sends(
        "M001", sale("C002a", 8), sale("C002b", 9), name="编码错.xlsx", saved="2024-07-04T09:00", called="王芳"
    )
    home.run()
    assert (home.cartons(), home.cartons("M002")) == (10, 20)
    assert home.told("others_form") == [("编码错.xlsx", "others_form")]


def test_another_name_over_the_managers_own_customers_is_only_noted(home):
    home.sends("M001", sale("C001a", 10), sale("C002a", 1, 4), name="一.xlsx", called="李某")
    home.run()
    assert home.told("others_form") == []
    assert home.state() != "refused" or home.told("too_many_bad_rows")


@pytest.mark.parametrize(
    ("change", "key"),
    [
        ('replaces = "weeks"', "exports.0.replaces"),
        ('fixed = { order_dat = "2024-06-03" }', "exports.0.fixed.order_dat"),
        ('fixed = { order_date = "2024-06-03" }', "exports.0.fixed.order_date"),
        ("times = { amonut = 100 }", "exports.0.times.amonut"),
        ("times = { customer_id = 2 }", "exports.0.times.customer_id"),
        ("times = { amount = 0 }", "exports.0.times.amount"),
        ("times = { closing_stock = 2 }", "exports.0.times.closing_stock"),
        ('values = { customer = { a = "b" } }', "exports.0.values.customer"),
        ('where = { "" = "x" }', "exports.0.where"),
        ('valid_from = "2024-13"', "exports.0.valid_from"),
        ('valid_from = "1999-01"', "exports.0.valid_from"),
        ('replaces = "span"', "exports.0.span"),
        ('span = "name"', "exports.0.span"),
        ('replaces = "span"\nspan = ["2024-06-09", "2024-06-03"]', "exports.0.span"),
        ('replaces = "span"\nspan = ["2024-06-31", "2024-07-03"]', "exports.0.span"),
    ],
)
def test_a_fault_of_the_settings_names_its_key_and_touches_no_file(home, change, key):
    home.settings(change)
    home.orders("订单.csv", ("M001", "06-03", "C001a", 10))
    with pytest.raises(SettingsError, match=key.replace(".", r"\.")):
        home.run()
    assert sorted(path.name for path in home.inbox.iterdir()) == ["主数据.xlsx", "订单.csv"]
    assert not (home.home / "archive").exists()


@pytest.mark.parametrize(
    ("text", "other", "key"),
    [
        ('form = "sales"', 'form = "sale"', "exports.0.form"),
        ('manager_id = "经理"\n', "", "exports.0.columns.manager_id"),
        ('order_date = "日期"\n', "", "exports.0.columns.order_date"),
        ('order_date = "日期"', 'order_day = "日期"', "exports.0.columns.order_day"),
        ('form = "sales"', 'form = "products"\nreplaces = "rows"', "exports.0"),
    ],
)
def test_a_mapping_of_what_no_form_has_is_a_fault_of_the_settings(home, text, other, key):
    home.settings(text=ORDERS.format(replaces="").replace(text, other))
    with pytest.raises(SettingsError, match=key.replace(".", r"\.")):
        home.run()


def test_a_heading_in_where_that_the_file_lacks_is_a_fault_of_the_settings_and_nothing_is_archived(home):
    home.run()
    home.settings('where = { "状太" = "已审" }')
    home.orders("订单.csv", ("M001", "06-03", "C001a", 10))
    with pytest.raises(SettingsError, match=r"where.*状太"):
        home.run()
    assert [path.name for path in home.inbox.iterdir()] == ["订单.csv"]
    assert len(list((home.home / "archive").rglob("*.slip"))) == 1  # of the master data alone
    home.settings()
    home.run()
    assert home.cartons() == 10


def test_two_mappings_for_one_file_are_a_fault_of_the_settings(home):
    text = ORDERS.format(replaces="")
    home.settings(text=text + text.replace("订单*.csv", "*6*.csv"))
    home.orders("订单6.csv", ("M001", "06-03", "C001a", 10))
    with pytest.raises(SettingsError, match=r"exports\.1\.files"):
        home.run()
    assert not (home.home / "archive").exists()
    home.settings(text=text + text)
    with pytest.raises(SettingsError, match=r"exports\.1\.files"):
        home.run()


def test_a_ledger_of_format_1_is_read_and_gets_back_what_a_refused_file_once_took_away(home):
    home.sends("M001", sale("C001a", 10), name="一.xlsx")
    home.sends("M002", sale("C002a", 20), name="二.xlsx")
    home.run()
    as_format_1(home, lost="M001")
    home.sends("M003", sale("C003a", 30), name="三.xlsx")
    home.run()
    assert [home.cartons(one) for one in ("M001", "M002", "M003")] == [10, 20, 30]
    assert all(one.kept != -1 for one in home.manifest.submissions)


def as_format_1(home: LedgerHome, lost: str) -> None:
    """The ledger as format 1 had it, after a refused file took away the rows of a manager."""
    path = home.home / LEDGER / MANIFEST
    stored = json.loads(path.read_text(encoding="utf-8"))
    for one in stored["submissions"]:
        for name in ("replaces", "days", "refused_days", "asked", "withdrawn", "kept", "kept_amount_yuan"):
            del one[name]
    for one in stored["receipts"]:
        for name in ("run_on", "again", "withdrawn", "answered"):
            del one[name]
    del stored["events"]
    stored["format"] = 1
    rows = pd.read_parquet(home.home / LEDGER / stored["parts"]["sales/2024-06/R01"])
    stored["parts"]["sales/2024-06/R01"] = "sales/2024-06/R01.000000000000.parquet"
    left = rows[rows["manager_id"] != lost]
    left.to_parquet(home.home / LEDGER / "sales/2024-06/R01.000000000000.parquet", index=False)
    path.write_text(json.dumps(stored), encoding="utf-8")


def test_a_manifest_of_a_format_to_come_is_not_read(home):
    home.run()
    path = home.home / LEDGER / MANIFEST
    path.write_text(path.read_text(encoding="utf-8").replace('"format": 2', '"format": 3'), encoding="utf-8")
    with pytest.raises(YuebaoError, match="format 3"):
        home.run()
