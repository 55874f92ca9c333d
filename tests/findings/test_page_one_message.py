"""The message of page one: worked out by hand on a region of three managers."""

import dataclasses
import datetime as dt

import pandas as pd
import pytest
from month_builder import tobacco
from page_builder import JUNE, brands, missing, page, sales

from pipeline.base.calendar import Month, is_working_day
from pipeline.figures.catalogue import all_figures
from pipeline.findings.contributions import by_goods, by_unit, loss_share, main_loser
from pipeline.findings.due import due_day
from pipeline.findings.message import headline, headline_facts
from pipeline.findings.page import page_of
from pipeline.findings.page_one import page_one
from pipeline.findings.usual import is_usual_change, months_in_a_row
from pipeline.findings.year_targets import year_targets

# 1,499,900 of 1,617,000: 117,100 short; 46,600 + 37,300 + 33,200 by manager.
SHORT = {
    ("R1", "amount"): sales(1_499_900, 1_617_000, 1_600_000),
    ("M1", "amount"): sales(453_400, 500_000, 500_000),
    ("M2", "amount"): sales(512_700, 550_000, 520_000),
    ("M3", "amount"): sales(533_800, 567_000, 580_000),
}
LOST = brands(("星渡", 300_000, 380_000), ("锦程", 200_000, 260_000), ("江雾", 999_900, 960_000))


def test_a_gap_is_told_with_who_makes_it_and_the_brands_that_lost_most() -> None:
    text = headline(page(SHORT, details=LOST))
    assert text == "6月销售额149.99万元，差任务11.71万元；胡明差4.66、刘文博差3.73；星渡、锦程同比减量最多"


def test_a_target_that_is_met_is_told_with_who_carries_it_and_who_is_behind() -> None:
    met = {
        ("R1", "amount"): sales(1_050_000, 1_000_000),
        ("M1", "amount"): sales(480_000, 400_000),
        ("M2", "amount"): sales(330_000, 300_000),
        ("M3", "amount"): sales(240_000, 300_000),
    }
    assert headline(page(met)) == "6月销售额105.00万元，超任务5.00万元；胡明超8.00、刘文博超3.00；陈静差6.00"


def test_parts_of_a_gap_that_is_told_in_yuan_say_their_own_unit() -> None:
    close = {
        ("R1", "amount"): sales(998_200, 1_000_000),
        ("M1", "amount"): sales(382_400, 400_000),
        ("M2", "amount"): sales(315_800, 300_000),
        ("M3", "amount"): sales(300_000, 300_000),
    }
    assert headline(page(close)) == "6月销售额99.82万元，差任务1,800.00元；胡明差1.76万元"


def test_parts_that_are_told_in_yuan_stand_among_the_numbers_of_page_one() -> None:
    close = {
        ("R1", "amount"): sales(998_200, 1_000_000),
        ("M1", "amount"): sales(397_100, 400_000),
        ("M2", "amount"): sales(301_100, 300_000),
        ("M3", "amount"): sales(300_000, 300_000),
    }
    assert headline(page(close)) == "6月销售额99.82万元，差任务1,800.00元；胡明差2,900.00元"
    assert [(fact.label, fact.value) for fact in headline_facts(page(close))] == [("胡明差任务", 2_900.0)]
    assert list(headline_facts(page(SHORT))) == []  # told in the unit of the table of gaps


def test_in_english_a_small_part_of_a_large_gap_stands_among_the_numbers_of_page_one() -> None:
    gap = {
        ("R1", "amount"): sales(953_300, 1_000_000),
        ("M1", "amount"): sales(360_000, 400_000),
        ("M2", "amount"): sales(293_300, 300_000),
        ("M3", "amount"): sales(300_000, 300_000),
    }
    text = headline(page(gap, language="en"))
    assert text.endswith("46.7k yuan short of target; 胡明 40.0k yuan short, 刘文博 6,700.00 yuan short")
    assert [fact.value for fact in headline_facts(page(gap, language="en"))] == [6_700.0]
    assert list(headline_facts(page(gap))) == []  # told as 0.67 beside the whole in ten thousands


def test_who_has_not_reported_is_said_first_and_the_target_is_that_of_the_others() -> None:
    given = {
        **SHORT,
        ("R1", "amount"): {**sales(1_499_900, 1_617_000), "target": 2_000_000, "target_comparable": 1_617_000},
    }
    text = headline(page(given, details=missing(visits="M3", sales="M3")))
    assert text.startswith("陈静未报销售（占上月12.3%）；6月销售额149.99万元，差已报人员任务11.71万元")


def test_of_other_forms_the_names_are_told() -> None:
    text = headline(page(SHORT, details=missing(satisfaction="M1,M2")))
    assert text.startswith("胡明、刘文博未报客户满意度测评；6月")


def test_without_targets_the_month_is_held_against_last_year() -> None:
    given = {key: {name: one for name, one in numbers.items() if "target" not in name and name != "completion"}
             for key, numbers in SHORT.items()}  # fmt: skip
    text = headline(page(given, details=LOST))
    # 1,499,900 against 1,600,000 is 6.3 % less; M1 −46,600, M3 −46,200
    assert text == "6月销售额149.99万元，同比下降6.3%；胡明减4.66、陈静减4.62；星渡、锦程同比减量最多"


def test_january_alone_is_not_held_against_last_year() -> None:
    given = {("R1", "amount"): sales(900_000, None, 1_000_000)}
    assert headline(page(given, month=Month(2024, 1))) == "1月销售额90.00万元"


def test_nothing_sold_is_told_as_nothing_known() -> None:
    assert headline(page({})) == "6月没有销售数据"


def test_the_message_in_english() -> None:
    text = headline(page(SHORT, details=LOST, language="en"))
    assert text.startswith("2024-06: amount 1,499.9k yuan, 117.1k yuan short of target; 胡明 46.6k yuan short")


def test_parts_of_a_gap_add_up_to_it_to_the_ten_thousandth() -> None:
    given = {
        ("R1", "amount"): sales(0.3, 0.6004),
        ("M1", "amount"): sales(0.1, 0.2001),
        ("M2", "amount"): sales(0.2, 0.3),
    }
    told = by_unit(page(given), "amount", "target")
    assert told is not None
    # In ten-thousandths: 1,000 − 2,001 and 2,000 − 3,000; what no manager has is 0 − 1,003.
    assert [(part.key, part.change) for part in told.parts] == [("M1", -1001), ("M2", -1000), ("", -1003)]
    assert told.change == sum(part.change for part in told.parts) == 3_000 - 6_004


def test_brands_add_up_to_the_change_and_what_they_leave_stands_by_itself() -> None:
    told = by_goods(page(SHORT, details=LOST), "brand", "amount", "last_year")
    assert told is not None
    assert [(part.name, part.change // 10_000) for part in told.parts] == [
        ("星渡", -80_000), ("锦程", -60_000), ("江雾", 39_900),
    ]  # fmt: skip
    assert told.change == (1_499_900 - 1_600_000) * 10_000


@pytest.mark.parametrize("figure", ["on_time_rate", "satisfaction", "ordering_customers"])
def test_of_what_does_not_add_up_there_are_no_parts(figure: str) -> None:
    """50 % and 100 % of two managers are not 150 % of a region, and a customer of both is one of the region's."""
    given = {(who, figure): sales(value, 90.0) for who, value in (("R1", 70.0), ("M1", 50.0), ("M2", 100.0))}
    assert by_unit(page(given), figure, "target") is None


def test_the_main_cause_has_more_of_the_losses_than_of_the_base() -> None:
    told = by_unit(page(SHORT), "amount", "target")
    assert told is not None
    loser = main_loser(told)
    assert loser is not None and loser.name == "胡明"
    assert loss_share(told, loser) == pytest.approx(100 * 46_600 / 117_100)  # 39.8 %, of 30.9 % of the target


def test_who_lost_no_more_than_his_part_is_no_cause() -> None:
    even = {
        ("R1", "amount"): sales(900_000, 1_000_000),
        ("M1", "amount"): sales(630_000, 700_000),
        ("M2", "amount"): sales(270_000, 300_000),
    }
    told = by_unit(page(even), "amount", "target")
    assert told is not None and main_loser(told) is None


@pytest.mark.parametrize(
    "month, haste, day",
    [
        (Month(2024, 6), "soon", dt.date(2024, 7, 10)),  # deadline Friday the 5th, then Monday to Wednesday
        (Month(2024, 6), "month", dt.date(2024, 7, 19)),
        (Month(2024, 6), "end", dt.date(2024, 7, 31)),
        (Month(2024, 8), "end", dt.date(2024, 9, 30)),
        (Month(2024, 9), "soon", dt.date(2024, 10, 11)),  # after the National Day, deadline on the 8th
        (Month(2024, 1), "month", dt.date(2024, 2, 23)),  # 6–9, 18–23: New Year's Eve worked, the 18th made up
    ],
)
def test_what_is_to_be_done_has_a_working_day_of_the_running_month(month: Month, haste: str, day: dt.date) -> None:
    found = due_day(month, haste)  # type: ignore[arg-type]
    assert (Month.of(found), is_working_day(found)) == (month + 1, True)
    assert found == day


def test_a_change_inside_the_range_of_the_year_is_usual() -> None:
    up_and_down = [100.0, 110, 100, 108, 99, 111, 100, 109, 101, 110, 100, 110]
    assert is_usual_change(101 - 110, up_and_down)
    assert not is_usual_change(60 - 110, up_and_down)
    assert not is_usual_change(-10.0, [100.0, 110])  # too few months to know
    assert not is_usual_change(None, up_and_down)


def test_a_month_with_somebody_missing_widens_no_range() -> None:
    """Steady at 100 but for a month in which half of the region had not reported: −30 is not what is usual."""
    steady = [100.0 + step % 2 for step in range(12)]
    holed = [*steady[:5], 50.0, *steady[6:9], 50.0, *steady[10:]]
    assert is_usual_change(-30.0, holed)  # were those months taken as they stand
    assert not is_usual_change(-30.0, [None if one == 50.0 else one for one in holed])


def test_months_in_a_row_end_where_a_month_is_not_known() -> None:
    assert months_in_a_row([80, 95, 80, None, 85, 88], lambda value: value < 90) == 2
    assert months_in_a_row([95], lambda value: value < 90) == 0


def test_an_organisation_is_told_by_its_regions_and_one_of_a_single_region_by_its_managers() -> None:
    given = {
        ("ALL", "amount"): sales(900_000, 1_000_000),
        ("R1", "amount"): sales(400_000, 520_000),
        ("R2", "amount"): sales(500_000, 480_000),
        ("M1", "amount"): sales(380_000, 500_000),
        ("M2", "amount"): sales(520_000, 500_000),
    }
    whole = page(given, level="organisation")
    assert headline(whole) == "6月销售额90.00万元，差任务10.00万元；城东区差12.00"
    names = pd.DataFrame([("region", "R1", "城东区"), ("manager", "M1", "胡明"), ("manager", "M2", "刘文博")],
                         columns=["level", "entity_id", "name"])  # fmt: skip
    alone = page_of(whole.story, whole.history, whole.forecast, names)
    assert headline(alone) == "6月销售额90.00万元，差任务10.00万元；胡明差12.00"


def test_a_year_has_a_target_only_where_each_of_its_months_has_one() -> None:
    rows = [(f"2024-{month:02d}", "region", "R1", "amount", 100.0 * month) for month in range(1, 13)]
    rows += [(f"2024-{month:02d}", "manager", "M1", "amount", 50.0) for month in range(1, 12)]  # December lacks
    rows += [(f"2024-{month:02d}", "region", "R1", "coverage", 95.0) for month in range(1, 13)]  # a rate
    rows += [("2023-12", "region", "R1", "amount", 9_999.0)]
    targets = pd.DataFrame(rows, columns=["month", "level", "entity_id", "metric", "target"])
    found = year_targets(targets, JUNE, all_figures(tobacco()))
    assert found.to_numpy().tolist() == [["region", "R1", "amount", 7_800.0]]


def test_an_organisation_that_reports_no_sales_is_told_its_first_figure() -> None:
    whole = page({("R1", "visits"): {"value": 120.0, "yoy": 20.0, "n": 120.0, "last_year_n": 100.0}})
    visits_only = tuple(one for one in whole.story.figures if one.subject == "visits")
    told = dataclasses.replace(whole, story=dataclasses.replace(whole.story, figures=visits_only))
    assert headline(told) == "6月访问次数120次，同比增长20.0%"
    assert page_one(told).findings == ()


def test_customers_add_up_to_the_change_and_who_is_not_known_is_among_the_others():
    """Like with like the region sold 900 after 1,000: 甲 lost 150, 乙 won 30, so the others together won 20. 丙's month
    before is not known, as its manager had not reported: it neither lost nor won."""
    rows = pd.DataFrame(
        [("C1", "甲店", 250.0, 400.0), ("C2", "乙店", 330.0, 300.0), ("C3", "丙店", 500.0, None)],
        columns=["customer_id", "customer_name", "amount_yuan", "amount_yuan_previous"],
    )
    known = {"value": 1400.0, "comparable": 900.0, "previous": 1000.0, "previous_comparable": 1000.0}
    told = by_goods(page({("R1", "amount"): known}, details={"customers_by_movement": rows}), "customer", "amount",
                    "previous")  # fmt: skip
    assert [(part.name, part.change / 10_000) for part in told.parts] == [
        ("甲店", -150),
        ("乙店", 30),
        ("其他", 20),
    ]
    assert sum(part.change for part in told.parts) == told.change == -100 * 10_000
