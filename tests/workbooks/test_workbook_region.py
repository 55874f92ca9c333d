"""The region workbook, from the report to the file and back."""

import io
import multiprocessing
import re
import zipfile
from concurrent.futures import ProcessPoolExecutor

import pytest
from helpers_workbooks import column_values, read_back, written
from report_builder import bare_report, region_report

from pipeline.workbooks.region import plan_region
from pipeline.workbooks.write import write_workbook

SHEETS = [
    "概览",
    "销售分析",
    "客户经理对比",
    "客户异动",
    "访问执行",
    "投诉诉求",
    "满意度趋势",
    "次月预测",
    "问题与对策",
    "待审批",
    "附：口径与数据",
]


def test_the_region_workbook_has_the_sheets_of_the_month():
    book = read_back(written(plan_region(region_report())))
    assert book.sheetnames == SHEETS
    assert book.active.title == "概览"


def test_two_writes_of_a_plan_are_the_same_bytes():
    assert written(plan_region(region_report())) == written(plan_region(region_report()))


def test_the_first_workbook_of_a_process_is_like_every_later_one(tmp_path):
    plans = [plan_region(region_report())] * 2
    paths = [tmp_path / "first.xlsx", tmp_path / "second.xlsx"]
    with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn")) as executor:
        list(executor.map(write_workbook, plans, paths))
    assert paths[0].read_bytes() == paths[1].read_bytes() == written(plans[0])


def test_the_file_says_it_was_made_on_the_first_day_after_the_month():
    properties = read_back(written(plan_region(region_report()))).properties
    assert properties.created.isoformat() == "2024-07-01T00:00:00"
    assert properties.title == "城东区市场月报 2024年6月"


def test_figures_stand_as_numbers_with_amounts_in_ten_thousands():
    sheet = read_back(written(plan_region(region_report())))["销售分析"]
    assert column_values(sheet, "指标")[:2] == ["销量", "销售额"]
    # 125,430 cartons; 18,765,432.1 yuan are rounded to whole yuan in the fixture
    assert column_values(sheet, "本月")[:2] == [125_430, 1_876.5432]


def test_what_is_not_known_is_a_dash_and_never_zero():
    sheet = read_back(written(plan_region(region_report())))["销售分析"]
    assert column_values(sheet, "上年同期")[0] == "—"


def test_a_month_without_anything_says_so_and_still_is_a_workbook():
    book = read_back(written(plan_region(bare_report())))
    texts = {cell.value for sheet in book for row in sheet.iter_rows() for cell in row}
    assert "投诉诉求清单（本月受理和月末在办）：本月没有记录。" in texts
    assert "本月无报送记录。" in texts


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_table_is_a_real_table_with_a_stable_name(language):
    book = read_back(written(plan_region(region_report(language))))
    names = [name for sheet in book for name in sheet.tables]
    # contents 1, sales 1, mix 5, managers 2, scorecard 1, three subjects 2 each, their details 4, what awaits
    # approval, quality 2, glossary, trend; tables without rows are words
    assert len(names) == len(set(names)) == 26
    assert "sales_figures" in names and "manager_targets" in names


def test_no_chinese_stands_in_an_english_workbook_but_for_data():
    report = region_report("en", details={}, problems=region_report("en").problems.head(0))
    with zipfile.ZipFile(io.BytesIO(written(plan_region(report)))) as archive:
        chinese = {
            (name, text)
            for name in archive.namelist()
            if name != "xl/theme/theme1.xml"  # Excel's own list of fonts for every script
            for text in re.findall(r"[\u3000-\u9fff\uff00-\uffef]+", archive.read(name).decode("utf-8", "replace"))
        }
    assert chinese == set()


def test_the_overview_prints_on_one_page_and_the_rest_fit_its_width():
    for sheet in read_back(written(plan_region(region_report()))):
        assert sheet.page_setup.orientation == "landscape"
        assert sheet.page_setup.paperSize == 9
        assert sheet.page_setup.fitToHeight in ((1, None) if sheet.title == "概览" else (0, 1, None))  # absent: 1
        assert sheet.sheet_properties.pageSetUpPr.fitToPage
        assert "第 &P 页 共 &N 页" in sheet.oddFooter.right.text.replace("&[Page]", "&P").replace("&[Pages]", "&N")
