"""The scorecard on sheets: who sees what of whom, in which order, and that what does not count says so."""

import pytest
from helpers_workbooks import column_values, read_back, written
from report_builder import headquarters_report, manager_report, region_report

from pipeline.workbooks.headquarters import plan_headquarters
from pipeline.workbooks.manager import plan_manager
from pipeline.workbooks.region import plan_region
from pipeline.workbooks.write import sheet_of


def test_managers_stand_in_their_ranks_and_under_them_the_region():
    table = plan_region(region_report()).tables()["scorecard_managers"]
    assert [row[0] for row in table.rows[:2]] == ["王建国", "李秀英"]  # 99 and 98 points
    assert [row[1] for row in table.rows[:2]] == [99.0, 98.0]
    assert table.summary[0] == "城东区"


def test_headquarters_ranks_regions_and_managers_and_lists_every_indicator():
    plan = plan_headquarters(headquarters_report(regions=6, managers=20))
    tables = plan.tables()
    assert len(tables["scorecard_regions"].rows) == 6
    assert len(tables["scorecard_managers"].rows) == 20
    # the organisation, six regions, twenty managers, five indicators each
    assert len(tables["scorecard_details"].rows) == 27 * 5


def test_an_indicator_without_data_says_why_and_not_zero():
    sheet = read_back(written(plan_manager(manager_report())))["绩效考核"]
    assert column_values(sheet, "完成率\n（计分）")[:5] == [0.9, 1.2, "样本少", "无目标", "无数据"]
    # the weights of the two that count, 20 and 10, are 30 together: 66.7 and 33.3 %
    assert column_values(sheet, "实际权重")[:2] == pytest.approx([0.66667, 0.33333], abs=1e-5)
    assert column_values(sheet, "实际权重")[2:5] == ["—", "—", "—"]


def test_a_manager_sees_own_score_and_a_rank_that_names_nobody():
    plan = plan_manager(manager_report())
    facts = {getattr(name, "text", name): value for name, value in plan.tables()["scorecard_result"].rows}
    assert facts["得分"].value == 99.0
    assert facts["区域位次"] == "第1名（共1名）"
    assert facts["全公司位次"] == "第1名（共3名）"
    assert {row[0] for row in plan.tables()["scorecard_groups"].rows} == {"发展", "过程", "留住", "产品"}


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_glossary_tells_how_the_score_comes_about(language):
    plan = plan_region(region_report(language))
    glossary = plan.tables()["glossary_figures"]
    definitions = dict(zip(glossary.row_keys, (str(row[2]) for row in glossary.rows), strict=True))
    assert "0–120%" in definitions["scorecard_completion"]
    assert {"zh": "销量20%", "en": "Volume 20%"}[language] in definitions["scorecard_score"]
    assert {"zh": "A：100分及以上", "en": "A: from 100"}[language] in definitions["scorecard_grade"]
    score = glossary.rows[glossary.row_keys.index("scorecard_score")]
    # 20 × 90 % + 10 × 120 % over the 30 that have data
    assert (score[3].value, score[4].value) == (30.0, 30.0)


def test_where_nobody_is_judged_there_is_no_such_sheet():
    details = {key: frame for key, frame in region_report().details.items() if key != "scorecard"}
    plan = plan_region(region_report(details=details))
    with pytest.raises(KeyError):
        sheet_of(plan, "scorecard")
    assert "scorecard_score" not in plan.tables()["glossary_figures"].row_keys
