"""Part two of the manager's report: what was planned before, and cells for what is planned now."""

import io
import re
import zipfile

import pandas as pd
from helpers_workbooks import read_back, written
from report_builder import actions_frame, details_frames, manager_report
from test_workbook_manager import actions_in

from pipeline.workbooks.followed import followed_table
from pipeline.workbooks.manager import plan_manager
from pipeline.workbooks.view import View
from pipeline.workbooks.write import sheet_of

DAY = pd.Timestamp


def report(*rows):
    """A report with these measures: state, day done, month last told of."""
    told = pd.concat([actions_frame()] * len(rows), ignore_index=True).assign(
        status=[one[0] for one in rows], done_on=[one[1] for one in rows], reported=[one[2] for one in rows]
    )
    return manager_report(details={**details_frames(), "open_actions": actions_frame(), "followed_actions": told})


def outcomes(*rows):
    return [row[-1].value for row in followed_table(View(report(*rows))).rows]


def test_a_measure_that_was_carried_out_says_when():
    assert outcomes(("done", DAY("2024-06-12"), "2024-06")) == ["已完成（2024-06-12）"]


def test_a_measure_of_which_nothing_was_said_this_month_says_so():
    assert outcomes(("in_progress", pd.NaT, "2024-05")) == ["进行中（本月未更新）"]
    assert outcomes(("in_progress", pd.NaT, "2024-06")) == ["进行中"]


def test_a_measure_past_its_day_is_red_until_it_is_done():
    late, done = followed_table(
        View(report(("in_progress", pd.NaT, "2024-06"), ("done", DAY("2024-06-30"), "2024-06")))
    ).rows
    assert (late[-1].tone, done[-1].tone) == ("red", "green")


def test_the_causes_given_stand_beside_the_problems():
    (row,) = followed_table(View(report(("done", pd.NaT, "2024-06")))).rows
    assert row[:4] == ("畅销品供货不足", "到货晚", "按级别分配货源", "欧阳晓明")


def test_what_is_told_of_earlier_measures_does_not_come_back_as_typed():
    content = written(plan_manager(report(("done", DAY("2024-06-12"), "2024-06"))))
    assert len(actions_in(content).rows) == 1  # the one that is carried over, as without them


def test_every_cell_for_typing_says_what_belongs_there():
    plan = plan_manager(manager_report())
    columns = [
        column
        for key in ("part_problems", "part_forecast")
        for table in sheet_of(plan, key).tables()
        for column in table.columns
        if column.entry
    ]
    assert {column.header.split("\n")[0]: column.prompt for column in columns if not column.prompt} == {}
    rules = read_back(written(plan))["问题与对策"].data_validations.dataValidation
    by_title = {rule.promptTitle: rule for rule in rules}
    assert by_title["完成期限"].type == "date"
    assert "2024-07-15" in by_title["完成期限"].prompt
    assert by_title["责任人"].prompt.startswith("可不填")


def test_rows_for_typing_grow_with_their_text():
    content = written(plan_manager(manager_report()))
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        names = [name for name in archive.namelist() if name.startswith("xl/worksheets/sheet")]
        rows = [row for name in names for row in re.findall(r"<row [^>]*>", archive.read(name).decode())]
    free = [row for row in rows if 'ht="22.5"' in row and "customHeight" not in row]
    assert len(free) == 6 + 8  # one action carried over and five empty rows; five categories and three more
