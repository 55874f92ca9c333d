"""What stands beside the main tables: Spring Festival, departments, repeats; changes and axes as people read them."""

import pandas as pd
import pytest
from report_builder import details_frames, headquarters_report, region_report

from pipeline.subjects.complaints.case_table import repeated_table
from pipeline.subjects.complaints.tables import department_table
from pipeline.workbooks.figure_tables import _axis_end, festival_table
from pipeline.workbooks.headquarters import plan_headquarters
from pipeline.workbooks.view import View, settled


def test_a_change_that_rounds_to_nothing_has_no_arrow():
    assert [settled(one) for one in (0.04, -0.04, 0.05, -3.0, None)] == [0.0, 0.0, 0.05, -3.0, None]


def test_headquarters_is_named_once():
    view = View(headquarters_report("zh"))
    subtitle = plan_headquarters(headquarters_report("zh")).sheets[0].subtitle
    assert subtitle.split(" · ").count(view.organisation) == 1


@pytest.mark.parametrize(
    ("values", "least", "end"), [([80.0, 98.0], 0, 100.0), ([70.0, 76.0], 60, None), ([110.0], 0, None)]
)
def test_an_index_ends_at_100_where_it_comes_near(values, least, end):
    view = View(region_report("zh"))
    assert _axis_end(view.figures["satisfaction"], values, least) == end


def test_january_and_february_are_shown_together_or_not_at_all():
    names = ["level", "entity_id", "figure", "value", "last_year", "yoy"]
    rows = pd.DataFrame([("region", "R01", "volume", 300.0, 250.0, 20.0)], columns=names)
    table = festival_table(View(region_report("zh", details={"january_and_february": rows})))
    assert [cell.value for cell in table.rows[0][2:]] == [300.0, 250.0, 20.0]
    assert festival_table(View(region_report("zh", details={}))) is None


def test_departments_add_up_their_cases():
    names = ["department", "received_on", "state", "days_overdue"]
    days = pd.to_datetime(["2024-06-03", "2024-05-20", "2024-06-10", "2024-06-11"])
    rows = [("营销", "closed", None), ("营销", "overdue", 7.0), ("物流", "open", None), (None, "closed", None)]
    cases = pd.DataFrame(
        [(name, day, *rest) for (name, *rest), day in zip(rows, days, strict=True)], columns=names
    )
    table = department_table(View(headquarters_report("zh", details={"complaint_cases": cases})))
    counted = [(row[0], *(cell.value for cell in row[1:])) for row in table.rows]
    # received in June, open at its end, overdue, longest overdue
    assert counted == [("营销", 1, 1, 1, 7.0), ("物流", 1, 1, 0, None), ("（未填部门）", 1, 0, 0, None)]


def test_repeated_complaints_are_listed():
    cases = details_frames()["complaint_cases"].drop(columns=["state", "days_overdue"])
    table = repeated_table(View(region_report("zh", details={"repeated_cases": cases})))
    assert [row[0] for row in table.rows] == cases["complaint_no"].tolist()
