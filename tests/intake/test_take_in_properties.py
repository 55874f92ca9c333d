"""Any rows that a form's schema accepts survive template, file and intake; any single fault is told at its cell."""

import datetime as dt
import string
import tempfile
from functools import cache
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from take_in_builder import JUNE, MASTERS, SETTINGS, filled, master_frame, take_file

from pipeline.contract import form_layout
from pipeline.contract.master_data import context_of
from schemas.columns import Column
from schemas.form import Context, Form, manager_forms

QUICK = settings(
    max_examples=6, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck), database=None
)
OWN_CUSTOMERS = ("030101", "030102", "330102197001011234")
# Texts as people type them: no bare blanks (those are empty), nothing that XML cannot hold.
TEXTS = st.text(
    st.sampled_from("客户说下月补货 =+-@'\"<>&;、，\n" + string.ascii_letters + string.digits),
    min_size=1,
    max_size=30,
).filter(lambda text: text.strip() == text)
FORMS = manager_forms(SETTINGS.profile.forms)


def values_of(column: Column) -> st.SearchStrategy[object]:
    """Values that the column's own rules accept."""
    if column.refers_to:
        own = OWN_CUSTOMERS if column.refers_to == "customers" else [
            row[f"{column.refers_to[:-1]}_id"] for row in MASTERS[column.refers_to]
        ]  # fmt: skip
        return st.sampled_from([str(value) for value in own])
    if choices := (column.choices or (SETTINGS.profile.choices(column.list_name) if column.list_name else ())):
        return st.sampled_from([choice.key for choice in choices])
    least = -1000 if column.least is None else int(column.least)
    most = 10_000 if column.most is None else int(column.most)
    of_kind: dict[str, st.SearchStrategy[object]] = {
        "text": TEXTS,
        "id": st.text(string.ascii_uppercase + string.digits, min_size=1, max_size=18),
        "whole": st.integers(least, most),
        "clock": st.integers(least, most),
        "number": st.integers(least * 100, most * 100).map(lambda cents: cents / 100),
        "money": st.integers(least * 100, most * 100).map(lambda cents: cents / 100),
        "flag": st.booleans(),
        "day": st.dates(dt.date(2024, 6, 1), dt.date(2024, 6, 30)).map(pd.Timestamp),
        "month": st.sampled_from(["2024-05", "2024-06"]),
    }
    return of_kind[column.kind]


def drawn_frame(data: st.DataObject, form: Form) -> pd.DataFrame:
    count = data.draw(st.integers(1, 6))
    rows = []
    for _ in range(count):
        row = {}
        for column in form.columns:
            values = values_of(column)
            row[column.name] = data.draw(values if column.required else st.none() | values, label=column.name)
        rows.append(_in_order(row, form))
    frame = pd.DataFrame({name: pd.Series([row[name] for row in rows], dtype="object") for name in form.dtypes})
    return frame.astype(form.dtypes)


def _in_order(row: dict[str, object], form: Form) -> dict[str, object]:
    """The row with its days, and its times, in the order of their columns: most forms ask for it."""
    for kind in ("day", "clock"):
        names = [column.name for column in form.columns if column.kind == kind and row[column.name] is not None]
        row.update(zip(names, sorted(row[name] for name in names), strict=True))  # type: ignore[type-var]
    return row


@cache
def known() -> Context:
    """The context in which the forms are sent."""
    return context_of(JUNE, {key: master_frame(key) for key in MASTERS}, SETTINGS.profile)


def accepted_part(frame: pd.DataFrame, form: Form) -> pd.DataFrame:
    """The rows that the form's schema accepts, with the context in which they are sent, and no two for one key."""
    context = known()
    rows = frame.assign(manager_id="M001")
    keep = pd.Series(True, index=rows.index)
    for rule in form.schema(context).checks:
        held = form.rule(str(rule.name))
        if held is not None and held.effect != "note":
            keep &= held.ok(rows, context)
    return frame[keep.astype(bool)].drop_duplicates(list(form.same)).reset_index(drop=True)


@pytest.mark.parametrize("form", FORMS, ids=lambda form: form.key)
@QUICK
@given(data=st.data())
def test_what_the_schema_accepts_survives_template_and_intake_unchanged(form: Form, data: st.DataObject):
    frame = accepted_part(drawn_frame(data, form), form)
    assume(not frame.empty)
    with tempfile.TemporaryDirectory() as folder:
        outcome = take_file(Path(folder), filled(frame, form.key))
        assert [one for one in outcome.told if one.effect != "note"] == []
        rows = outcome.rows(form.key)[list(form.dtypes)]
    pd.testing.assert_frame_equal(rows, frame, check_dtype=True)


WRONG = {"whole": "五十", "number": "约5", "money": "abc", "day": "6/5/2024", "clock": "上午", "flag": "有",
         "choice": "无此项", "id": None, "text": None, "month": "6月"}  # fmt: skip


@pytest.mark.parametrize("form", FORMS, ids=lambda form: form.key)
@QUICK
@given(data=st.data())
def test_a_single_fault_is_told_at_exactly_its_cell(form: Form, data: st.DataObject):
    frame = accepted_part(drawn_frame(data, form), form)
    breakable = [column for column in form.columns if WRONG[column.kind] is not None or column.required]
    assume(not frame.empty)
    row = data.draw(st.integers(0, len(frame) - 1))
    column = data.draw(st.sampled_from(breakable))
    typed = frame.astype("object")
    typed.loc[row, column.name] = WRONG[column.kind]
    place = list(form.dtypes).index(column.name)
    cell = f"{string.ascii_uppercase[form_layout.FIRST_FORM_COLUMN - 1 + place]}{form_layout.FIRST_DATA_ROW + row}"
    with tempfile.TemporaryDirectory() as folder:
        outcome = take_file(Path(folder), filled(typed, form.key))
    faults = {(one.cell, one.column) for one in outcome.told if one.effect == "row left out"}
    conditional = {one.column for one in form.rules if one.effect != "note"}
    assert (cell, column.name) in faults
    assert {one for one in faults if one[1] not in conditional} <= {(cell, column.name)}
    assert {int(one[0].lstrip(string.ascii_uppercase)) for one in faults} == {form_layout.FIRST_DATA_ROW + row}
