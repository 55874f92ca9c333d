"""A form added with one class travels the whole way: template, reading, checks, Parquet, data dictionary."""

import importlib
import io
from collections.abc import Iterator

import openpyxl
import pandas as pd
import pytest
from take_in_builder import DEFAULT_MODULES, JUNE, LI, SETTINGS, filled, master_versions

from pipeline.contract.settings import settings_from
from pipeline.intake.take_in import take_in
from pipeline.intake.taken import FileTask, Taken
from pipeline.trades.dictionary import data_dictionary
from pipeline.words import load_words
from pipeline.work.sandbox import Sandbox
from schemas.form import Form, all_forms, forget

MODULE = "shelf_checks_form"
WITH_CHECKS = {"profile": {"other_forms": [*SETTINGS.profile.other_forms, "shelf_checks"]}}
CHECKS = pd.DataFrame(
    {
        "checked_on": [pd.Timestamp(2024, 6, day) for day in (3, 4, 5, 6, 7, 10)],
        "customer_id": ["030101"] * 6,
        "places": [40, 30, 20, 10, 10, 10],
        "gaps": [2, None, 0, 1, 10, 11],
        "tidy": [True, False, True, True, True, True],
        "position": ["front", "back", "front", "front", "front", "front"],
    },
    dtype="object",
)


@pytest.fixture
def added_form() -> Iterator[Form]:
    importlib.reload(importlib.import_module(MODULE))  # enters the form in the list anew
    yield all_forms()["shelf_checks"]
    forget("shelf_checks")


def test_its_template_has_its_headings_help_and_drop_downs(added_form):
    sheet = openpyxl.load_workbook(io.BytesIO(filled(form="shelf_checks")))["货架检查"]
    assert [cell.value for cell in sheet[3]][:7] == [
        "序号", "检查日期", "客户编码", "货位数(个)", "空位数(个)", "整齐", "位置",
    ]  # fmt: skip
    rules = {str(rule.sqref)[0]: (rule.type, rule.formula1) for rule in sheet.data_validations.dataValidation}
    assert rules["G"] == ("list", '"前柜,后柜"')
    assert rules["D"][0] == "whole"
    assert "检查日期" in sheet["B3"].comment.text


def test_its_rows_are_read_checked_and_stored_in_a_child_that_knows_only_its_module(added_form, tmp_path):
    path = tmp_path / "a.xlsx"
    path.write_bytes(filled(CHECKS, "shelf_checks"))
    versions = master_versions(tmp_path / "masters")
    modules = (*DEFAULT_MODULES, MODULE)
    settings = settings_from(WITH_CHECKS)
    task = FileTask(str(path), "a.xlsx", "0" * 64, "monthly", settings, versions, str(tmp_path), modules)
    with Sandbox(modules=("pipeline.intake.take_in", "pandera.pandas", "pyarrow.parquet")) as sandbox:
        [taken] = sandbox.map(take_in, [task])
    assert isinstance(taken, Taken)
    assert [(one.cell, one.rule, one.effect) for one in taken.problems] == [
        ("E10", "gaps_within_places", "row left out")
    ]
    [part] = taken.parts
    assert (part.form, part.manager_id, part.month, part.rows, part.left_out) == (
        "shelf_checks",
        LI.id,
        JUNE,
        6,
        1,
    )
    rows = pd.read_parquet(part.path)
    expected = CHECKS.iloc[:5].astype(added_form.dtypes)
    pd.testing.assert_frame_equal(rows[list(added_form.dtypes)], expected)
    assert list(rows["source_row"]) == [5, 6, 7, 8, 9]


@pytest.mark.parametrize(
    ("language", "label"), [("zh", "### 货架检查 `shelf_checks`"), ("en", "### Shelf checks")]
)
def test_it_stands_in_the_data_dictionary(added_form, language, label):
    text = data_dictionary(load_words(language), settings_from(WITH_CHECKS).profile)
    assert label in text and "`position`" in text


def test_a_trade_that_does_not_name_it_is_without_it(added_form):
    assert "shelf_checks" not in data_dictionary(load_words("zh"), SETTINGS.profile)
    assert "shelf_checks" not in SETTINGS.profile.forms


def test_it_is_gone_when_it_is_forgotten():
    assert "shelf_checks" not in all_forms()
