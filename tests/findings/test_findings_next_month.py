"""What is said of next month: what moves it, who is missing, what managers expect themselves."""

import dataclasses
import re
from typing import Any

import pandas as pd
import pytest

from pipeline.base.calendar import Month
from pipeline.contract.settings import settings_from
from pipeline.contract.show import within_sentence
from pipeline.contract.trade import load_profile
from pipeline.figures.catalogue import all_figures
from pipeline.findings import stopped
from pipeline.findings.next_month import TOGETHER, Outlook, moved_by, next_month_part
from pipeline.forecast import own_course, together
from pipeline.words import load_words

JUNE = Month(2024, 6)
NAMES = ["level", "entity_id", "measure", "forecast", "low80", "high80", "method", "months_of_history", "outlook"]


def row(level: str, entity: str, forecast: float, method: str = "structural", months: int = 30, own: Any = None):
    return (level, entity, "volume", forecast, 0.9 * forecast, 1.1 * forecast, method, months, own)


def outlook(*rows: tuple[Any, ...], now: float = 1000.0, level: Any = "region", **more: Any) -> Outlook:
    entity = {"region": "R1", "manager": "M1"}[level]
    frame = pd.DataFrame(list(rows), columns=NAMES)
    figures = {one.key: one for one in all_figures(settings_from({}).profile)}
    plain = Outlook(
        JUNE, level, entity, "城东", {"volume": {"value": now}}, frame,
        pd.DataFrame(columns=["level", "entity_id", "measure", "source"]), figures, load_words("zh"),
    )  # fmt: skip
    return dataclasses.replace(plain, **more)


def metrics(**volumes: float) -> pd.DataFrame:
    rows = [("manager", manager, "volume", value) for manager, value in volumes.items()]
    return pd.DataFrame(rows, columns=["level", "entity_id", "figure", "value"])


def history(level: str = "region", entity: str = "R1", **values: float) -> pd.DataFrame:
    rows = [
        (level, entity, "volume", month.removeprefix("m").replace("_", "-"), value)
        for month, value in values.items()
    ]
    return pd.DataFrame(rows, columns=["level", "entity_id", "figure", "month", "value"])


def test_a_change_against_a_month_with_a_hole_compares_only_those_who_reported():
    # M1 reported 1,000 and is expected at 1,050 (+5 %); M2 did not report, the model puts 300.
    told = outlook(
        row("region", "R1", 1350), row("manager", "M1", 1050), row("manager", "M2", 300),
        all_metrics=metrics(M1=1000.0),
    )  # fmt: skip
    assert told.unreported == ("M2",)
    assert told.compared("volume") == (1050.0, 1000.0)
    said = "".join(next_month_part(told))
    assert "已报送的客户经理比本月增长5.0%" in said
    assert "35.0%" not in said
    assert "有1名客户经理本月未报送销售，其次月300条由模型按历史推算" in said


def test_the_change_leaves_out_single_customers_that_were_not_reported():
    # 1,000 households reported, 1,050 of them expected (+5 %), and 110 of two customers without a row.
    told = outlook(row("region", "R1", 1160), row("manager", "M1", 1160), all_metrics=metrics(M1=1000.0))
    told = dataclasses.replace(told, forecast=told.forecast.assign(unreported=110.0))
    assert told.compared("volume") == (1050.0, 1000.0)
    said = next_month_part(told)
    assert "比本月增长5.0%" in said[0]
    assert "本月未报的客户，其次月110条按历史推算，已计入预测；环比不含这部分。" in said


def test_where_all_reported_the_whole_is_compared():
    told = outlook(row("region", "R1", 1100), row("manager", "M1", 1100), all_metrics=metrics(M1=1000.0))
    assert told.unreported == ()
    assert "比本月增长10.0%" in next_month_part(told)[0]


def test_the_same_two_months_of_last_year_are_told_as_season():
    season = history(m2023_06=500, m2023_07=400)
    assert moved_by(outlook(row("region", "R1", 800), history=season)) == [
        "上年2023年6月到2023年7月销量下降20.0%，今年走向相同。"
    ]
    assert moved_by(outlook(row("region", "R1", 1200), history=season)) == [
        "上年2023年6月到2023年7月销量下降20.0%，今年预计走向不同。"
    ]
    assert moved_by(outlook(row("region", "R1", 800), history=history(m2023_06=500, m2023_07=495))) == []


def test_a_freak_month_of_last_year_is_not_given_as_the_reason_of_a_small_change():
    # A year ago one order made 500 into 2,000 (+300 %); this year 1,000 are followed by 1,200, 1,000 and 1,005.
    season = history(m2023_06=500, m2023_07=2000)
    rose = "上年2023年6月到2023年7月销量增长300.0%，"
    assert moved_by(outlook(row("region", "R1", 1200), history=season)) == [
        f"{rose}今年走向相同，预计幅度小得多。"
    ]
    for level in (1000, 1005):
        assert moved_by(outlook(row("region", "R1", level), history=season)) == [f"{rose}今年预计走向不同。"]


def test_last_years_month_that_lacks_a_manager_is_no_season():
    # In May 2023 a manager had not reported: 679 → 572 is a hole, not a fall of 15.8 %.
    season = history(m2023_06=679, m2023_07=572)
    hole = pd.DataFrame([("region", "R1", "2023-07")], columns=["level", "entity_id", "month"])
    assert moved_by(outlook(row("region", "R1", 1200), history=season, incomplete=hole)) == []
    others = hole.assign(entity_id="R2")
    assert moved_by(outlook(row("region", "R1", 1200), history=season, incomplete=others)) != []


def test_new_customers_and_those_who_stopped_are_told_of():
    told = outlook(
        row("manager", "M1", 500),
        row("customer", "C1", 60, months=2),
        row("customer", "C2", 40, months=5),
        row("customer", "C3", 400, months=30),
        row("customer", "C4", 0, "left"),
        row("customer", "C5", 0, "silent"),
        level="manager",
    )
    assert moved_by(told) == [
        "2户新客户（历史不足6个月）预计100条。",
        "退网1户（C4），连续三个月以上未订货1户（C5），预计为0。",
    ]


def test_where_all_stopped_it_is_told_who_and_not_that_the_history_is_short():
    told = outlook(row("manager", "M1", 0, "left"), row("customer", "C1", 0, "left"), level="manager")
    said = next_month_part(told)
    assert said[0] == "预计2024年7月城东销量0条，比本月下降100.0%。"  # and not: between 0 and 0
    assert "退网1户（C1），预计为0。" in said
    assert not any("历史" in one for one in said)


def test_in_a_young_office_nobody_is_new():
    told = outlook(row("manager", "M1", 500, months=3), row("customer", "C1", 60, months=3), level="manager")
    assert moved_by(told) == []


def test_a_region_tells_of_its_customers_too():
    below = pd.DataFrame(
        [
            row("customer", "C1", 60, months=2),
            row("customer", "C2", 0, "paused"),
            row("customer", "C3", 9, "+freak_left_out"),
        ],
        columns=NAMES,
    )
    assert moved_by(outlook(row("region", "R1", 500), below=below)) == [
        "1户新客户（历史不足6个月）预计60条。",
        "停业1户（C2），预计为0。",
        "1户的异常大单或缺货月份未计入（C3）。",
    ]


def test_a_pause_is_named():
    rows = [row("customer", f"C{one}", 0, "paused") for one in range(1, 5)]
    told = outlook(row("manager", "M1", 500), *rows, level="manager")
    named = told.forecast.assign(customer_name=[None, "滨河路福源烟酒店", "东门便利店", None, "学府超市"])
    assert moved_by(dataclasses.replace(told, forecast=named)) == [
        "停业4户（滨河路福源烟酒店、东门便利店、C3等），预计为0。"
    ]


def test_what_is_not_carried_on_of_customers_own_months_is_told():
    told = outlook(
        row("manager", "M1", 500),
        row("customer", "C1", 60, "structural+spring_festival+pause_left_out"),
        row("customer", "C2", 40, "structural+pause_left_out+freak_left_out"),
        row("customer", "C3", 40, "structural+new_level"),
        row("customer", "C4", 40, "structural+no_order_lately"),
        level="manager",
    )
    assert moved_by(told) == [
        "2户以前停供的月份不作淡季（C1、C2）。",
        "1户的异常大单或缺货月份未计入（C2）。",
        "1户销量已稳定在新水平（C3），预测按新水平。",
        "1户近一两个月未订货或订得极少（C4），按可能恢复折算。",
    ]


def test_a_region_whose_customers_are_not_told_of_one_by_one_says_how_many_stopped_and_came():
    values = {"volume": 1000, "customers_paused": 2, "customers_left": 0, "customers_joined": 3}
    told = outlook(row("region", "R1", 900), metrics={key: {"value": value} for key, value in values.items()})
    assert moved_by(told) == ["本月新停业2户，新入网3户，预测已计入。"]


def test_what_managers_expect_themselves_is_said_where_it_is_given():
    assert "客户经理本人预计1,200条。" in next_month_part(outlook(row("region", "R1", 1100, own=1200.0)))
    assert not any("本人预计" in said for said in next_month_part(outlook(row("region", "R1", 1100))))


def test_all_that_is_left_out_of_a_course_has_its_sentence():
    assert set(stopped.LEFT_OUT) == set(own_course.LEFT_OUT)
    told = outlook(
        row("manager", "M1", 500), row("customer", "C1", 60, "structural+returns_left_out"), level="manager"
    )
    assert moved_by(told) == ["1户的退货月份未计入（C1）。"]


def test_that_all_fell_at_once_is_said_of_every_level_and_what_the_forecast_makes_of_it():
    assert set(TOGETHER) == {together.FALL, together.RISE}
    fell = [
        "本月几乎全部同时骤降，预测按一时的异常处理，预计回到此前水平；如不恢复，区间下端已包括本月水平，请核实原因。"
    ]
    rose = "本月几乎全部同时骤增，预测按一时的异常处理，预计回到此前水平；如持续，区间上端已包括本月水平，请核实原因。"
    assert moved_by(outlook(row("region", "R1", 2000, "structural+spring_festival+common_fall"))) == fell
    short = row("manager", "M1", 2000, "recent_mean+common_fall", months=5)
    assert moved_by(outlook(short, level="manager")) == fell
    assert moved_by(outlook(row("region", "R1", 500, "structural+common_rise"))) == [rose]


def test_an_outlook_beyond_the_band_is_asked_about():
    for own, said in (
        (10_000_000, "客户经理本人预计10,000,000条，高于预测的95%上限1,300条，请核实。"),
        (0, "客户经理本人预计0条，低于预测的95%下限700条，请核实。"),
        (1300, "客户经理本人预计1,300条。"),
    ):
        told = outlook(row("manager", "M1", 1000, own=own), level="manager")
        bounds = told.forecast.assign(low95=700.0, high95=1300.0)
        assert said in next_month_part(dataclasses.replace(told, forecast=bounds))


def test_last_years_error_stands_beside_the_models_only_for_the_same_months():
    record = pd.DataFrame(
        [("region", "R1", "volume", "model", 12, 8.0), ("region", "R1", "volume", "last_year", 2, 1.0)],
        columns=["level", "entity_id", "measure", "source", "forecasts", "wape"],
    )
    told = next_month_part(outlook(row("region", "R1", 1000), track=record))
    assert "过去12次销量预测的平均误差为8.0%。" in told
    same = next_month_part(outlook(row("region", "R1", 1000), track=record.assign(forecasts=12)))
    assert "过去12次销量预测的平均误差为8.0%，按上年同月推算的误差为1.0%。" in same


def test_what_an_entity_never_had_any_of_is_not_told_and_the_next_measure_leads():
    """A credit manager without deposits: the loans are told first, their season and record, too."""
    profile = load_profile("bank")
    figures = {one.key: one for one in all_figures(profile)}
    rows = [("aum", 0.0, "no_orders"), ("loans", 61e6, "structural"), ("income", 2e5, "structural")]
    frame = pd.DataFrame(
        [("manager", "M1", name, value, value * 0.9, value * 1.1, how, 30, None) for name, value, how in rows],
        columns=NAMES,
    )
    season = pd.DataFrame(
        [("manager", "M1", "loans", "2023-06", 50e6), ("manager", "M1", "loans", "2023-07", 52e6)],
        columns=["level", "entity_id", "figure", "month", "value"],
    )
    track = pd.DataFrame(
        [("manager", "M1", "loans", "model", 12, 4.2)],
        columns=["level", "entity_id", "measure", "source", "forecasts", "wape"],
    )
    for language, wanted in (
        ("zh", ("贷款余额6,100.00万元", "贷款余额增长4.0%", "过去12次贷款余额预测")),
        ("en", ("Loans of Ms Chu forecast", "loans rose 4.0%", "12 forecasts of loans")),
    ):
        words = load_words(language, "bank")
        name = words.pick("褚六", "Ms Chu")
        told = Outlook(
            JUNE, "manager", "M1", name, {"loans": {"value": 60e6}}, frame, track, figures, words,
            history=season, measures=profile.forecast_figures,
        )  # fmt: skip
        said = "".join(next_month_part(told))
        assert "AUM" not in said
        assert all(one in said for one in wanted), said


def test_who_never_had_anything_at_all_is_still_told_of():
    told = outlook(("region", "R1", "volume", 0.0, 0.0, 0.0, "no_orders", 30, None))
    assert told.told == ("volume", "amount")
    assert next_month_part(told)[0].startswith("预计")


# Words that only the trade says that sells what is ordered: none of them in the forecast of another.
_OF_ORDERS = re.compile(r"订|退货|停供|缺货|备货|销量|大单|退网|order|return|sold.out|volume", re.I)


@pytest.mark.parametrize("trade", ["bank", "agency", "cable", "power"])
@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_forecast_of_a_trade_without_orders_speaks_of_none(trade, language):
    texts = load_words(language, trade, load_profile(trade).terms).texts
    own = "退网" if trade == "cable" else ""  # what customers of cable do, too
    for key, text in texts.items():
        if key.startswith(("next_month.", "workbooks.method.", "workbooks.moved.", "page_one.forecast.")):
            assert not _OF_ORDERS.search(text.replace(own, "")), (key, text)


@pytest.mark.parametrize(
    ("label", "told"), [("AUM", "AUM"), ("Loans", "loans"), ("Contract amount", "contract amount")]
)
def test_within_a_sentence_a_figures_name_is_small_but_for_what_is_written_in_capitals(label, told):
    assert within_sentence(label) == told


def test_a_whole_known_by_its_parts_says_so():
    told = outlook(row("region", "R1", 500, "of_parts"), level="region")
    assert "几乎每月都有人未报，整体的历史不完整，预测由各下级的预测合计，历史最长30个月。" in next_month_part(
        told
    )
