"""How widely each brand is ordered, on the sheet of brands and in the glossary."""

from dataclasses import replace

import pytest
from helpers_workbooks import column_values, read_back, sheet_under, written
from report_builder import details_frames, region_report

from pipeline.figures.catalogue import all_figures
from pipeline.subjects.trade_standard.tables import brand_activity_table
from pipeline.workbooks.blocks import Shown
from pipeline.workbooks.region import plan_region
from pipeline.workbooks.view import View


def test_the_sheet_of_brands_has_the_activity_of_each():
    sheet = sheet_under(plan_region(region_report()), "mix")
    assert column_values(sheet, "品牌动销率") == pytest.approx([0.75, 3 / 9])
    assert column_values(sheet, "当月\n订货户数") == [30, 3]
    assert column_values(sheet, "前三个月\n订货户数") == [40, 9]


def test_an_activity_with_few_customers_behind_it_is_greyed_and_said_to_be():
    table = brand_activity_table(View(region_report()))
    assert [row[-1] for row in table.rows] == [Shown(75.0, "", "plain"), Shown(300 / 9, "", "muted")]
    assert table.note.startswith("灰色数字：分母（或件数、户数）不足10，仅供参考，不排名、不计分、不比较")


def test_without_three_months_there_are_words_and_no_rates():
    frames = details_frames()
    report = region_report(details={**frames, "brand_activity": frames["brand_activity"].head(0)})
    table = brand_activity_table(View(report))
    assert table.rows == ()
    assert "各品牌动销率" in table.empty


def test_the_glossary_says_what_the_activity_of_one_brand_is():
    report = region_report()
    figures = [one for one in all_figures(report.settings.profile) if one.key == "brand_activity"]
    sheet = read_back(written(plan_region(replace(report, figures=(*report.figures, *figures)))))["附：口径与数据"]
    said = [text for text in column_values(sheet, "定义") if str(text).startswith("单品牌动销率")]
    assert len(said) == 1
    assert said[0].startswith("单品牌动销率=当月订购该品牌的户数÷前三个月订购过该品牌的户数")
