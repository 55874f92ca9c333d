"""Page one of other trades: what is told as a cause explains its own gap, and is more than its own part. By hand."""

import pytest
from page_builder import Numbers, page

from pipeline.contract.show import after_label
from pipeline.findings.message import headline
from pipeline.findings.page_one import page_one
from pipeline.subjects.contracts.themes import contracts
from pipeline.subjects.energy.themes import energy
from pipeline.subjects.holdings.themes import aum
from pipeline.subjects.movements.themes import losses, new
from pipeline.subjects.orders.themes import complaints


def part(numerator: float, denominator: float, times: float = 100) -> Numbers:
    """A rate with what it is of."""
    value = times * numerator / denominator
    return {"value": value, "numerator": numerator, "denominator": denominator, "n": denominator}


def since(value: float, before: float, change: float) -> Numbers:
    """A sum like with like against last month."""
    return {"value": value, "comparable": value, "previous_comparable": before, "change": change}


def against(value: float, target: float) -> Numbers:
    """A sum with its target."""
    return {"value": value, "comparable": value, "target": target, "target_comparable": target,
            "completion": 100 * value / target}  # fmt: skip


def lost(first: float, second: float) -> dict[tuple[str, str], Numbers]:
    """Households lost by two managers, who had 1,000 and 3,000 at the start of the month."""
    return {
        ("R1", "lost_households"): {"value": first + second},
        ("M1", "lost_households"): {"value": first},
        ("M2", "lost_households"): {"value": second},
        ("R1", "household_retention"): part(4_000 - first - second, 4_000),
        ("M1", "household_retention"): part(1_000 - first, 1_000),
        ("M2", "household_retention"): part(3_000 - second, 3_000),
    }


def test_households_are_lost_by_whom_more_are_lost_than_its_part_of_them() -> None:
    found = losses(page(lost(30, 20), trade="cable"))  # 30 of 50 are 60 %, 1,000 of 4,000 are 25 %
    assert found is not None
    assert found.what == "本月50户，保有率98.75%"
    assert found.cause == "胡明流失30户，占60.0%（月初户数占25.0%）。"
    assert found.owner == "胡明"
    assert {fact.text for fact in found.facts} == {"50户", "98.75%", "30户", "60.0%", "25.0%"}


def test_the_largest_is_no_cause_where_it_lost_its_part() -> None:
    found = losses(page(lost(10, 30), trade="cable"))
    assert found is not None and found.cause == "分散在各处，没有谁特别突出。"
    assert found.owner == "片区经理"


def test_a_part_that_is_hardly_above_its_own_is_no_cause() -> None:
    found = losses(page(lost(11, 27), trade="cable"))  # 28.9 % of the losses with 25 % of the households
    assert found is not None and "胡明" not in found.cause


def test_new_households_are_short_of_the_target_by_whom() -> None:
    given = {
        ("R1", "new_households"): against(46, 80),
        ("M1", "new_households"): against(10, 40),
        ("M2", "new_households"): against(36, 40),
    }
    found = new(page(given, trade="cable"))
    assert found is not None
    assert found.what == "本月46户，差任务34户，完成57.5%"
    assert found.cause == "胡明差30户，占差额合计的88.2%（任务占50.0%）。"
    assert found.owner == "胡明"


BANK = {
    ("R1", "aum"): {**against(90e6, 100e6), **since(90e6, 91e6, -1.1)},
    ("M1", "aum"): {**against(40e6, 48e6), **since(40e6, 38e6, 5.3)},
    ("M2", "aum"): {**against(50e6, 52e6), **since(50e6, 53e6, -5.7)},
}


def test_what_is_short_of_a_target_is_told_of_those_short_of_theirs() -> None:
    """刘文博 fell since last month, 胡明 rose: but the target is 胡明's to reach."""
    found = aum(page(BANK, trade="bank"))
    assert found is not None
    assert found.what == "9,000.00万元，差任务1,000.00万元，完成90.0%"
    assert found.cause == "胡明差800.00万元，占差额合计的80.0%（任务占48.0%）。"


def test_a_fall_is_told_of_those_who_fell() -> None:
    given = {
        ("R1", "aum"): since(90e6, 96e6, -6.25),
        ("M1", "aum"): since(40e6, 38e6, 5.3),
        ("M2", "aum"): since(50e6, 58e6, -13.8),
    }
    found = aum(page(given, trade="bank"))
    assert found is not None
    assert found.what == "9,000.00万元，环比减600.00万元（6.3%）"
    assert found.cause == "刘文博减800.00万元，占减少合计的100.0%（对比月占60.4%）。"


def test_energy_falls_with_those_whose_part_of_the_fall_is_above_theirs_of_the_energy() -> None:
    def year(now: float, before: float) -> Numbers:
        return {"value": now, "comparable": now, "comparable_last_year": now, "last_year_comparable": before,
                "last_year": before, "yoy": 100 * (now / before - 1)}  # fmt: skip

    given = {
        ("R1", "energy"): year(80_000, 100_000),
        ("M1", "energy"): year(62_000, 70_000),
        ("M2", "energy"): year(18_000, 30_000),
    }
    found = energy(page(given, trade="power"))
    assert found is not None
    assert found.cause.startswith("刘文博减") and found.cause.endswith("占减少合计的60.0%（对比月占30.0%）。")


def test_complaints_are_told_of_whom_has_more_than_its_part_of_the_users() -> None:
    given = {
        ("R1", "complaint_rate"): part(30, 6_000, 1_000),
        ("R1", "complaints"): {"value": 30},
        ("M1", "complaint_rate"): part(12, 1_000, 1_000),
        ("M2", "complaint_rate"): part(18, 5_000, 1_000),
    }
    found = complaints(page(given, trade="power"))
    assert found is not None
    assert found.cause == "胡明投诉12件，占40.0%（用户占16.7%）。"


def test_contracts_short_of_the_target_are_told_with_whose_gap_it_is() -> None:
    given = {
        ("R1", "contract_amount"): against(600_000, 1_000_000),
        ("M1", "contract_amount"): against(500_000, 500_000),
        ("M2", "contract_amount"): against(100_000, 500_000),
    }
    found = contracts(page(given, trade="agency"))
    assert found is not None
    assert found.cause == "刘文博差40.00万元，占差额合计的100.0%（任务占50.0%）。"


@pytest.mark.parametrize(
    "trade, given, told",
    [
        ("bank", BANK, "6月AUM9,000.00万元，差任务1,000.00万元；胡明差800.00、刘文博差200.00"),
        (
            "cable",
            {
                ("R1", "households"): since(3_505, 3_548, -1.2),
                ("M1", "households"): since(1_505, 1_550, -2.9),
                ("M2", "households"): since(2_000, 1_998, 0.1),
                ("R1", "new_households"): against(14, 80),
                ("M1", "new_households"): against(4, 50),
                ("M2", "new_households"): against(10, 30),
            },
            "6月在册户数3,505户，环比下降1.2%；新发展户数14户，差任务66户；胡明差46、刘文博差20",
        ),
        (
            "cable",
            {
                ("R1", "households"): since(3_505, 3_548, -1.2),
                ("M1", "households"): since(1_505, 1_550, -2.9),
                ("M2", "households"): since(2_000, 1_998, 0.1),
            },
            "6月在册户数3,505户，环比下降1.2%；胡明减45",
        ),
    ],
)
def test_the_message_says_the_gap_and_who_makes_it(trade, given, told) -> None:  # type: ignore[no-untyped-def]
    assert headline(page(given, trade=trade)) == told


def test_a_target_that_is_met_is_praised_with_who_carries_it() -> None:
    given = {
        ("R1", "aum"): against(104e6, 100e6),
        ("M1", "aum"): against(55e6, 50e6),
        ("M2", "aum"): against(49e6, 50e6),
    }
    (found, *_) = page_one(page(given, trade="bank")).findings
    assert found.is_good
    assert (found.what, found.cause) == ("AUM超任务400.00万元，完成104.0%", "胡明超500.00万元最多。")


def test_why_in_numbers_adds_up_to_the_gap_and_to_the_change() -> None:
    told = page_one(page(BANK, trade="bank")).contributions
    assert [(one.against, one.change / 10_000) for one in told] == [("target", -10e6), ("previous", -1e6)]
    assert all(sum(each.change for each in one.parts) == one.change for one in told)


@pytest.mark.parametrize(
    "label, value, told",
    [
        ("new households", "3 households", "3"),
        ("households lost", "45 households", "45"),
        ("complaints per 100 customers", "3.1 per 100 customers", "3.1"),
        ("volume", "3 cartons", "3 cartons"),
        ("ordering customers", "1 customer", "1"),
        ("在册户数", "3,505户", "3,505户"),
    ],
)
def test_a_unit_that_the_label_has_in_words_is_not_said_again(label: str, value: str, told: str) -> None:
    assert after_label(label, value) == told
