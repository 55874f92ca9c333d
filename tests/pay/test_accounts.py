"""The accounts of several managers over months: who joins, leaves, changes the role, is told of late."""

import random
from fractions import Fraction

import pandas as pd
import pytest
from pay_builder import claw_back, manager, month_pay, profile, terms
from seeds import SEEDS

from pipeline.base.calendar import Month
from pipeline.subjects.pay.accounts import Accounts, MonthPay, accounts_up_to

JUNE = Month(2024, 6)


def row_of(told: Accounts, key: str, month: Month) -> dict[str, object]:
    own = told.accounts[(told.accounts["manager_id"] == key) & (told.accounts["month"] == str(month))]
    return dict(own.iloc[0])


def test_the_case_of_two_months() -> None:
    own = [terms("B2", opening=(5000, 25))]
    months = {
        JUNE: month_pay(JUNE, [manager("B2")], own, {"B2": 90.2}, [claw_back("K1", "2024-06", "B2", 300)]),
        JUNE + 1: month_pay(JUNE + 1, [manager("B2")], own, {"B2": 80}, [claw_back("K1", "2024-06", "B2", 300)]),
    }
    told = accounts_up_to(JUNE + 1, months)
    names = ["opening", "added", "released", "clawed_back", "closing"]
    june, july = (row_of(told, "B2", one) for one in (JUNE, JUNE + 1))
    assert [june[name] for name in names] == [500_000, 180_400, 20_000, 30_000, 630_400]
    assert [july[name] for name in names] == [630_400, 160_000, 25_011, 0, 765_389]
    assert told.lots[["earned", "cents", "left"]].to_numpy().tolist() == [
        ["start", 500_000, 460_000],
        ["2024-06", 180_400, 145_389],  # one part released, 300.00 taken from its last ones
        ["2024-07", 160_000, 160_000],
    ]


def test_who_has_left_keeps_the_dates_though_no_list_names_them_any_more() -> None:
    months = {
        JUNE: month_pay(
            JUNE, [manager("B2", left="2024-06-15")], [terms("B2")], {"B2": 72}
        ),  # 3,600; 1,440 deferred
        **{JUNE + step: month_pay(JUNE + step, [manager("B1", "retail")], [terms("B1")], {}) for step in (1, 2)},
    }
    told = accounts_up_to(JUNE + 2, months)
    assert [row_of(told, "B2", JUNE + step)["closing"] for step in range(3)] == [144_000, 140_000, 136_000]


def test_who_had_left_before_the_first_month_keeps_what_was_told_at_the_start() -> None:
    gone = manager("B9", left="2023-12-31")
    months = {JUNE: month_pay(JUNE, [gone], [terms("B9", opening=(1200, 12))], {})}
    assert row_of(accounts_up_to(JUNE, months), "B9", JUNE)["released"] == 10_000


def test_a_balance_at_the_start_is_read_once_however_often_it_is_told() -> None:
    own = [terms("B2", opening=(1200, 12))]
    months = {JUNE + step: month_pay(JUNE + step, [manager("B2")], own, {"B2": 0}) for step in range(3)}
    assert row_of(accounts_up_to(JUNE + 2, months), "B2", JUNE + 2)["closing"] == 90_000


def test_a_month_without_a_score_is_named_until_it_is_known_and_then_moves_what_comes_after() -> None:
    def told(score: dict[str, float]) -> dict[str, object]:
        months = {
            JUNE: month_pay(JUNE, [manager("B2")], [terms("B2")], score),
            JUNE + 1: month_pay(JUNE + 1, [manager("B2")], [terms("B2")], {"B2": 90}),  # 4,500; 1,800 deferred
        }
        return row_of(accounts_up_to(JUNE + 1, months), "B2", JUNE + 1)

    assert (told({})["open_months"], told({})["closing"]) == ("2024-06", 180_000)
    later = told({"B2": 90})
    assert (later["open_months"], later["opening"], later["released"]) == ("", 180_000, 5_000)


def test_a_role_that_defers_nothing_leaves_nothing_open() -> None:
    months = {JUNE: month_pay(JUNE, [manager("B1", "retail")], [terms("B1")], {})}
    assert accounts_up_to(JUNE, months).accounts.empty


def test_what_was_earned_in_another_role_keeps_its_terms() -> None:
    months = {
        JUNE: month_pay(JUNE, [manager("B2", "credit")], [terms("B2")], {"B2": 90}),  # 1,800.00 over 36
        JUNE + 1: month_pay(
            JUNE + 1, [manager("B2", "wealth")], [terms("B2")], {"B2": 80}
        ),  # 45.5 × 80 × 0.2 over 12
        JUNE + 2: month_pay(JUNE + 2, [manager("B2", "retail")], [terms("B2")], {"B2": 80}),  # nothing
    }
    told = accounts_up_to(JUNE + 2, months)
    assert row_of(told, "B2", JUNE + 1)["added"] == 72_800
    # 1,800.00 ÷ 36 = 50.00; 728.00 ÷ 12 = 60.66
    assert (row_of(told, "B2", JUNE + 2)["released"], row_of(told, "B2", JUNE + 2)["added"]) == (5_000 + 6_066, 0)


def months_with(claws: dict[Month, list[dict[str, object]]]) -> dict[Month, MonthPay]:
    return {
        month: month_pay(month, [manager("B2")], [terms("B2", opening=(5000, 25))], {"B2": 0}, rows)
        for month, rows in claws.items()
    }


def test_a_claw_back_told_late_counts_in_the_month_in_which_it_is_told_and_moves_none_before() -> None:
    late = claw_back("K2", "2024-06", "B2", 100)
    told = accounts_up_to(JUNE + 2, months_with({JUNE: [], JUNE + 1: [late], JUNE + 2: [late]}))
    assert [row_of(told, "B2", JUNE + step)["clawed_back"] for step in range(3)] == [0, 10_000, 0]
    assert told.claw_backs[["month", "counted_in"]].to_numpy().tolist() == [["2024-06", "2024-07"]]


def test_a_claw_back_told_ahead_waits_for_its_month() -> None:
    ahead = claw_back("K3", "2024-07", "B2", 100)
    told = accounts_up_to(JUNE + 1, months_with({JUNE: [ahead], JUNE + 1: [ahead]}))
    assert [row_of(told, "B2", JUNE + step)["clawed_back"] for step in range(2)] == [0, 10_000]


def test_a_claw_back_from_before_the_first_month_is_in_the_balance_at_the_start() -> None:
    old = claw_back("K4", "2023-06", "B2", 100)
    told = accounts_up_to(JUNE, months_with({JUNE: [old]}))
    assert told.claw_backs.empty and row_of(told, "B2", JUNE)["clawed_back"] == 0


def test_each_number_counts_once_though_a_later_file_drops_it() -> None:
    one = claw_back("K5", "2024-06", "B2", 100)
    told = accounts_up_to(JUNE + 1, months_with({JUNE: [one], JUNE + 1: []}))
    assert [row_of(told, "B2", JUNE + step)["clawed_back"] for step in range(2)] == [10_000, 0]


# ---- forty months, recounted otherwise


FIRST, MONTHS = Month(2022, 1), 40
KEYS = ("B1", "B2", "B3", "B4")


def a_course(seed: int) -> tuple[dict[Month, MonthPay], dict[str, list[tuple[int, int, int, int]]]]:
    """Forty months of four managers, and by manager what a clerk would write down: (month, cents of performance, share
    in percent, months). B2 joins in the fourth month on a 17th, B3 leaves in the 25th on a 9th and is in no list from
    the 30th on, B4 is credit until the 20th and wealth from then on."""
    chance, given, written = random.Random(seed), dict[Month, MonthPay](), {key: [] for key in KEYS}
    wealth = {"unit": 30, "deferred_share": 0.25, "deferred_months": 5}
    for step in range(MONTHS):
        month = FIRST + step
        people = [manager("B1"), manager("B2", started="2022-04-17"), manager("B3", left="2024-01-09")]
        people = people[:2] if step >= 30 else people
        people.append(manager("B4", "credit" if step < 20 else "wealth"))
        scores = {key: round(chance.uniform(0, 120), chance.choice([1, 4, 6])) for key in KEYS}
        scores = {key: one for key, one in scores.items() if chance.random() < 0.9}
        roles = {"credit": {"unit": 50, "deferred_share": 0.4, "deferred_months": 36}, "wealth": wealth}

        given[month] = month_pay(month, people, [terms(key) for key in KEYS], scores, of=profile(roles=roles))
        here = {"B1": True, "B2": step >= 3, "B3": step <= 24, "B4": True}
        for key, score in scores.items():
            if here[key]:
                is_wealth = key == "B4" and step >= 20
                cents = half_up(Fraction(str(score)) * (30 if is_wealth else 50) * 100)
                share, parts = (25, 5) if is_wealth else (40, 36)
                written[key].append((step, cents, share, parts))
    return given, written


def half_up(number: Fraction) -> int:
    return int(number + Fraction(1, 2))


def balance(written: list[tuple[int, int, int, int]], step: int) -> int:
    """What is held at a month's end: of each lot what its whole parts have not released yet."""
    held = 0
    for earned, cents, share, parts in written:
        deferred, gone = half_up(Fraction(cents * share, 100)), step - earned
        if 0 <= gone < parts:
            held += deferred - gone * (deferred // parts)
    return held


@pytest.mark.slow
@pytest.mark.parametrize("seed", SEEDS)
def test_forty_months_are_recounted_from_what_a_clerk_wrote_down(seed: int) -> None:
    given, written = a_course(seed)
    told = accounts_up_to(FIRST + (MONTHS - 1), given)
    for key in KEYS:
        own = told.accounts[told.accounts["manager_id"] == key].reset_index(drop=True)
        first = next(step for step in range(MONTHS) if str(FIRST + step) == own["month"][0])
        assert len(own) == MONTHS - first  # every month from the first on, whether in office or not
        closing = [balance(written[key], step) for step in range(first, MONTHS)]
        assert own["closing"].tolist() == closing
        assert own["opening"].tolist() == [0, *closing[:-1]]
        sums = own["opening"] + own["added"] - own["released"] - own["clawed_back"]
        assert sums.tolist() == closing


@pytest.mark.slow
def test_the_accounts_of_a_month_do_not_look_ahead() -> None:
    given, _ = a_course(7)
    whole = accounts_up_to(FIRST + (MONTHS - 1), given).accounts
    early = accounts_up_to(FIRST + 11, given).accounts
    same = whole[whole["month"] <= str(FIRST + 11)].reset_index(drop=True)
    names = list(same.columns)
    pd.testing.assert_frame_equal(
        early.sort_values(["manager_id", "month"])[names].reset_index(drop=True),
        same.sort_values(["manager_id", "month"])[names].reset_index(drop=True),
    )
