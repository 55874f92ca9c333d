"""The deferred account, worked out by hand, and over forty months beside a recount that does it otherwise."""

import random
from collections.abc import Iterator

import pytest

from pipeline.base.calendar import Month
from pipeline.subjects.pay.account import Account, AccountMonth, Lot, Move, course, parts_of

JUNE = Month(2024, 6)


def test_equal_parts_begin_the_month_after_and_odd_cents_come_with_the_last() -> None:
    parts = parts_of(Lot(JUNE, 180_400, 36))  # 1,804.00
    assert min(parts) == Month(2024, 7) and max(parts) == Month(2027, 6)
    assert [parts[one] for one in sorted(parts)] == [5_011] * 35 + [5_015]  # 35 × 50.11 = 1,753.85
    assert sum(parts.values()) == 180_400


def test_fewer_cents_than_months_all_come_with_the_last() -> None:
    parts = parts_of(Lot(JUNE, 7, 36))
    assert [parts[one] for one in sorted(parts)] == [0] * 35 + [7]


def test_the_account_of_the_case() -> None:
    """Opening 5,000.00 of which 200.00 a month are released; 1,804.00 are added in June and 300.00 clawed back; July
    adds 1,600.00 and releases 50.11 of June's on top."""
    account = Account()
    account.open_with(Month(2024, 5), 500_000, 25)
    june = account.take(JUNE, [Lot(JUNE, 180_400, 36)], 30_000)
    assert june == AccountMonth(JUNE, 500_000, 180_400, 20_000, 30_000, 0, 630_400)
    july = account.take(JUNE + 1, [Lot(JUNE + 1, 160_000, 36)])
    assert july == AccountMonth(JUNE + 1, 630_400, 160_000, 25_011, 0, 0, 765_389)


def test_what_is_clawed_back_is_taken_from_what_comes_last() -> None:
    """600.00 in three parts; 250.00 are clawed back at once: the last part and 50.00 of the one before."""
    account = Account()
    account.open_with(Month(2024, 5), 60_000, 3)
    told = course(JUNE, JUNE + 2, account, [Move(JUNE, clawed_back=25_000)])
    assert [one.released for one in told] == [20_000, 15_000, 0]
    assert [one.closing for one in told] == [15_000, 0, 0]


def test_of_parts_that_fall_in_one_month_the_newest_lot_gives_first() -> None:
    account = Account()
    account.take(JUNE, [Lot(JUNE, 300, 3)])
    account.take(JUNE + 1, [Lot(JUNE + 1, 200, 2)], 150)
    older, newer = account.held
    assert (older.due, newer.due) == (
        {JUNE + 2: 100, JUNE + 3: 50},
        {JUNE + 2: 100, JUNE + 3: 0},
    )


def test_more_than_there_is_cannot_be_clawed_back_and_is_told() -> None:
    account = Account()
    account.open_with(Month(2024, 5), 10_000, 2)
    told = account.take(JUNE, (), 8_000)  # 50.00 released, 50.00 left
    assert told == AccountMonth(JUNE, 10_000, 0, 5_000, 5_000, 3_000, 0)


def test_a_part_is_released_though_nobody_reported_its_month() -> None:
    account = Account()
    account.open_with(Month(2024, 5), 60_000, 3)
    assert account.take(Month(2024, 7)).released == 40_000


def forty_months(seed: int) -> Iterator[tuple[Month, list[Lot], int]]:
    """A manager's forty months: nothing before the third (joined), another share from the 20th on (another role), part
    months, nothing after the 33rd (left); clawed back now and then."""
    chance = random.Random(seed)
    for step in range(40):
        month = Month(2022, 1) + step
        here = 2 <= step <= 33
        months = 36 if step < 20 else 12
        cents = chance.randrange(1, 300_001) if here and chance.random() < 0.9 else 0
        yield month, [Lot(month, cents, months)] if cents else [], chance.choice([0, 0, 0, 12_345])


@pytest.mark.parametrize("seed", range(5))
def test_forty_months_of_joiners_leavers_and_other_roles_tie_to_the_cent(seed: int) -> None:
    account, before, everything = Account(), 0, 0
    for month, added, clawed_back in forty_months(seed):
        told = account.take(month, added, clawed_back)
        assert told.opening == before
        assert told.opening + told.added - told.released - told.clawed_back == told.closing
        assert told.clawed_back + told.uncovered == clawed_back
        assert told.closing >= 0
        before = told.closing
        everything += told.added - told.released - told.clawed_back
    assert everything == before
    last = Month(2022, 1) + 39
    rest = course(last + 1, last + 36, account, [])
    assert sum(one.released for one in rest) == before and rest[-1].closing == 0  # whoever left keeps the dates


@pytest.mark.parametrize("seed", range(5))
def test_without_claw_backs_what_is_released_is_recounted_lot_by_lot(seed: int) -> None:
    """By another way: of each lot, as many whole parts as months have gone by; all of it after the last."""
    months = [(month, added) for month, added, _ in forty_months(seed)]
    account = Account()
    told = [account.take(month, added) for month, added in months]
    for number, (month, _) in enumerate(months):
        due = 0
        for then, added in months[:number]:
            for lot in added:
                gone, parts = month - then, lot.parts
                due += (
                    lot.cents // parts
                    if gone < parts
                    else lot.cents - (parts - 1) * (lot.cents // parts)
                    if gone == parts
                    else 0
                )
        assert told[number].released == due
