"""Whole files: a filled template becomes rows on disk and problems, or one sentence that says why not."""

import io

import openpyxl
import pandas as pd
import pytest
from take_in_builder import JUNE, LI, SETTINGS, Outcome, filled, master_versions, sales_rows, take_file

from pipeline.base.calendar import Month
from pipeline.templates.plan import Manager
from pipeline.templates.write import write_template
from pipeline.words import load_words
from schemas.form import all_forms


def test_a_filled_template_is_accepted_whole(tmp_path):
    outcome = take_file(tmp_path, filled(sales_rows(3)), "李明.xlsx")
    part = outcome.part("sales")
    assert outcome.problems == []
    assert (part.state, part.month, part.manager_id, part.region_id) == ("accepted", JUNE, "M001", "R01")
    assert (part.rows, part.left_out, part.amount_yuan, part.amount_left_out_yuan) == (3, 0, 18000.0, 0.0)


def test_accepted_rows_know_their_file_sheet_and_row(tmp_path):
    rows = take_file(tmp_path, filled(sales_rows(2)), "李明.xlsx").rows("sales")
    assert list(rows["source_file"]) == ["李明.xlsx"] * 2
    assert list(rows["source_sheet"]) == ["销售"] * 2
    assert list(rows["source_row"]) == [5, 6]
    assert list(rows["manager_id"]) == ["M001"] * 2
    assert list(rows["region_id"]) == ["R01"] * 2
    assert set(rows["source_hash"].str.len()) == {64}


def test_rows_left_out_and_what_they_carry_are_counted(tmp_path):
    rows = sales_rows(6, customer_id=["030101"] * 5 + ["999999"], amount=[100.0] * 5 + [7.5])
    part = take_file(tmp_path, filled(rows)).part("sales")
    assert (part.state, part.rows, part.left_out) == ("accepted", 6, 1)
    assert (part.amount_yuan, part.amount_left_out_yuan) == (507.5, 7.5)


def test_exactly_the_set_share_of_bad_rows_is_still_accepted_and_more_is_not(tmp_path):
    some = sales_rows(25, product_id=["P002"] * 20 + ["P009"] * 5)
    assert take_file(tmp_path / "1", filled(some)).part("sales").state == "accepted"
    more = sales_rows(25, product_id=["P002"] * 19 + ["P009"] * 6)
    refused = take_file(tmp_path / "2", filled(more))
    part = refused.part("sales")
    assert (part.state, part.rows, part.left_out, part.path) == ("refused", 25, 25, "")
    assert refused.problems[0] == ("", "too_many_bad_rows", "form left out")
    assert [one[0] for one in refused.problems[1:]] == ["D24", "D25", "D26", "D27", "D28", "D29"]


def test_fewer_than_five_bad_rows_never_cost_the_good_ones(tmp_path):
    part = take_file(tmp_path / "1", filled(sales_rows(2, product_id=["P002", "P009"]))).part("sales")
    assert (part.state, part.rows, part.left_out) == ("accepted", 2, 1)
    part = take_file(tmp_path / "2", filled(sales_rows(8, product_id=["P002"] * 4 + ["P009"] * 4))).part("sales")
    assert (part.state, part.rows, part.left_out) == ("accepted", 8, 4)


def test_a_form_without_a_good_row_is_refused_however_few_its_rows_are(tmp_path):
    outcome = take_file(tmp_path, filled(sales_rows(1, product_id=["P009"])))
    assert (outcome.part("sales").state, outcome.taken.refused) == ("refused", "too_many_bad_rows")


def only(outcome: Outcome) -> tuple[str, str]:
    """The file's only problem and the reason of its refusal."""
    assert outcome.taken.parts == ()
    assert len(outcome.told) == 1 and outcome.told[0].effect == "form left out"
    return outcome.told[0].rule, outcome.taken.refused


def test_an_unknown_manager_is_refused(tmp_path):
    outcome = take_file(tmp_path, filled(sales_rows(1), manager=Manager("M999", "谁")))
    assert only(outcome) == ("unknown_manager", "unknown_manager")
    assert (outcome.told[0].found, outcome.told[0].manager_id, outcome.told[0].month) == (
        "M999",
        "M999",
        "2024-06",
    )


def test_a_cover_without_manager_or_month_is_refused(tmp_path):
    assert only(take_file(tmp_path / "1", filled(sales_rows(1), manager=None))) == ("no_manager", "no_manager")
    assert only(take_file(tmp_path / "2", filled(sales_rows(1), month=None))) == ("no_month", "no_month")


def test_a_file_without_cover_or_without_forms_is_refused(tmp_path):
    book = openpyxl.Workbook()
    book.active.append(["随便", "什么"])
    data = io.BytesIO()
    book.save(data)
    assert only(take_file(tmp_path / "1", data.getvalue())) == ("no_cover", "no_cover")
    book.create_sheet("封面").append(["客户经理编码", "M001"])
    book["封面"].append(["月份", "2024-06"])
    data = io.BytesIO()
    book.save(data)
    assert only(take_file(tmp_path / "2", data.getvalue())) == ("no_form", "no_form")


def test_without_master_data_nothing_can_be_judged(tmp_path):
    assert only(take_file(tmp_path, filled(sales_rows(1)), versions=())) == ("no_masters", "no_masters")


def test_a_damaged_file_is_refused_with_its_reason(tmp_path):
    rule, refused = only(take_file(tmp_path, filled(sales_rows(1))[:2000]))
    assert rule == f"unreadable_{refused}"


def test_a_ticked_empty_form_is_a_nil_return_and_an_unticked_one_is_not_sent(tmp_path):
    nil = take_file(tmp_path / "1", filled(nil_forms=["sales"]))
    assert (nil.part("sales").state, nil.part("sales").rows, nil.problems) == ("nil", 0, [])
    assert take_file(tmp_path / "2", filled()).taken.parts == ()


def test_a_ticked_form_with_rows_counts_with_its_rows_and_a_note(tmp_path):
    outcome = take_file(tmp_path, filled(sales_rows(2), nil_forms=["sales"]))
    assert (outcome.part("sales").state, outcome.part("sales").rows) == ("accepted", 2)
    assert outcome.problems == [("", "nil_but_filled", "note")]


def test_a_tick_that_is_neither_yes_nor_no_is_told(tmp_path):
    book = openpyxl.load_workbook(io.BytesIO(filled()))
    tick = next(cell for row in book["封面"] for cell in row if cell.value == "销售")
    tick.offset(column=1).value = "没怎么卖"
    data = io.BytesIO()
    book.save(data)
    outcome = take_file(tmp_path, data.getvalue())
    assert outcome.taken.parts == ()
    assert [(one.rule, one.found, one.form) for one in outcome.told] == [("nil_unclear", "没怎么卖", "sales")]


def test_a_name_that_is_not_the_codes_is_noted_and_the_code_counts(tmp_path):
    outcome = take_file(tmp_path, filled(sales_rows(1), manager=Manager("M001", "王芳")))
    assert [(one.rule, one.found, dict(one.details)) for one in outcome.told] == [
        ("manager_name", "王芳", {"name": "李明"})
    ]
    assert outcome.part("sales").manager_id == "M001"


def test_a_form_that_lacks_a_column_is_refused_and_the_others_are_taken(tmp_path):
    target = io.BytesIO()
    forms = [all_forms()["sales"], all_forms()["satisfaction"]]
    answers = pd.DataFrame(
        {
            name: pd.Series([{"surveyed_on": pd.Timestamp(2024, 6, 3), "customer_id": "030101"}.get(name, 8)])
            for name in all_forms()["satisfaction"].dtypes
        }
    ).astype({"surveyed_on": "object"})
    answers["method"], answers["comment"] = None, None
    rows = {"sales": sales_rows(2), "satisfaction": answers.astype(all_forms()["satisfaction"].dtypes)}
    words = load_words("zh")
    write_template(target, forms, words, SETTINGS.profile, month=JUNE, manager=LI, rows=rows, spare_rows=0)
    book = openpyxl.load_workbook(target)
    book["销售"].delete_cols(7)
    data = io.BytesIO()
    book.save(data)
    outcome = take_file(tmp_path, data.getvalue())
    assert (outcome.part("sales").state, outcome.part("sales").left_out) == ("refused", 2)
    assert outcome.part("satisfaction").state == "accepted"
    assert [(one.rule, one.column) for one in outcome.told] == [("missing_column", "amount")]


def masters_workbook(month: Month | None, **rows: list[dict[str, object]]) -> bytes:
    forms = [form for key, form in all_forms().items() if key in rows]
    frames = {
        key: pd.DataFrame(
            {name: pd.Series([row.get(name) for row in given], dtype="object") for name in all_forms()[key].dtypes}
        )
        for key, given in rows.items()
    }
    target = io.BytesIO()
    write_template(target, forms, load_words("zh"), SETTINGS.profile, month=month, rows=frames, spare_rows=0)
    return target.getvalue()


REGION = {"region_id": "R01", "region_name": "城东区"}
MANAGER = {"manager_id": "M001", "manager_name": "李明", "region_id": "R01"}


def test_master_data_are_checked_against_those_before_them_in_the_same_file(tmp_path):
    data = masters_workbook(JUNE, regions=[REGION], managers=[MANAGER] * 1)
    outcome = take_file(tmp_path, data, kind="master", versions=())
    assert outcome.problems == []
    assert {part.form: (part.state, part.month, part.manager_id) for part in outcome.taken.parts} == {
        "regions": ("accepted", JUNE, ""),
        "managers": ("accepted", JUNE, ""),
    }
    assert "manager_id" in outcome.rows("managers") and "region_id" in outcome.rows("regions")
    unknown = masters_workbook(JUNE, regions=[REGION], managers=[{**MANAGER, "region_id": "R09"}])
    refused = take_file(tmp_path / "2", unknown, kind="master", versions=())
    assert refused.part("managers").state == "refused"
    assert ("D5", "known_region_id", "row left out") in refused.problems


def test_master_data_without_the_month_from_which_they_are_valid_are_refused(tmp_path):
    outcome = take_file(tmp_path, masters_workbook(None, regions=[REGION]), kind="master", versions=())
    assert only(outcome) == ("no_month", "no_month")


def test_of_master_data_a_form_without_a_column_that_it_needs_is_refused_alone(tmp_path):
    data = masters_workbook(JUNE, regions=[REGION], managers=[MANAGER])
    book = openpyxl.load_workbook(io.BytesIO(data))
    (sheet,) = (one for one in book if "客户经理" in one.title)
    (column,) = (cell.column for row in sheet.iter_rows() for cell in row if cell.value == "姓名")
    sheet.delete_cols(column)
    buffer = io.BytesIO()
    book.save(buffer)
    outcome = take_file(tmp_path, buffer.getvalue(), kind="master", versions=())
    assert {part.form: (part.state, part.rows) for part in outcome.taken.parts} == {
        "regions": ("accepted", 1),
        "managers": ("refused", 1),
    }
    assert [(one.rule, one.form) for one in outcome.told] == [("missing_column", "managers")]


def test_master_data_of_a_cover_alone_are_refused(tmp_path):
    book = openpyxl.load_workbook(io.BytesIO(masters_workbook(JUNE, regions=[REGION])))
    for sheet in book.worksheets[1:]:
        book.remove(sheet)
    buffer = io.BytesIO()
    book.save(buffer)
    assert only(take_file(tmp_path, buffer.getvalue(), kind="master", versions=())) == ("no_form", "no_form")


def test_every_problem_of_a_file_names_file_manager_and_month(tmp_path):
    rows = sales_rows(6, sold_qty=["50", 50, 50, 50, 50, "abc"])
    outcome = take_file(tmp_path, filled(rows), "六月.xlsx")
    assert outcome.problems == [("F5", "text_number", "note"), ("F10", "whole", "row left out")]
    assert {(one.file, one.manager_id, one.month) for one in outcome.told} == {("六月.xlsx", "M001", "2024-06")}


@pytest.mark.parametrize("missing", ["customers", "products"])
def test_what_cannot_be_looked_up_yet_does_not_stop_the_rows(tmp_path, missing):
    kept = [form for form in ("regions", "managers", "customers", "products") if form != missing]
    outcome = take_file(tmp_path, filled(sales_rows(2)), versions=master_versions(tmp_path / "m", kept))
    assert (outcome.part("sales").left_out, outcome.problems) == (0, [])
