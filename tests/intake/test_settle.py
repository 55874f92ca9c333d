"""What a cell certainly means is understood and noted; what could mean two things is a problem, never a guess."""

import datetime as dt

import pandas as pd
import pytest

from pipeline.intake.raw import Cell, ErrorCell, UncalculatedFormula
from pipeline.intake.settle import settle_column
from schemas.columns import Choice, Column, Kind

GRADES = (Choice("1", "一级", "Grade 1"), Choice("2", "二级", "Grade 2"))
NOTHING = object()


def settled(cell: Cell, kind: Kind, unit: str = "") -> tuple[object, str, bool]:
    """One cell's value (NOTHING where it has none), the rule noted or broken, and whether the value is kept."""
    column = Column("x", "某列", "Some", kind, unit=unit)
    values, faults = settle_column([cell], column, GRADES if kind == "choice" else ())
    value = NOTHING if pd.isna(values[0]) else values[0]
    return (value, faults[0].rule, faults[0].kept) if faults else (value, "", True)


@pytest.mark.parametrize(
    ("cell", "value", "rule"),
    [
        (50.0, 50, ""),
        ("50", 50, "text_number"),
        ("５０", 50, "text_number"),
        ("1,234", 1234, "text_number"),
        ("１，２３４", 1234, "text_number"),
        ("\u3000-7 ", -7, "text_number"),
        ("－7", -7, "text_number"),
        ("12条", 12, "number_unit"),
        ("50.0", 50, "text_number"),
    ],
)
def test_whole_numbers_that_are_certain_are_understood(cell: Cell, value: int, rule: str):
    assert settled(cell, "whole", unit="条") == (value, rule, True)


@pytest.mark.parametrize(
    "cell",
    [12.5, "12.5", "12,34", "1,2345", "约50", "50-60", "①", "5²", "٣", "1e3", "½", "=1+1",
     True, dt.date(2024, 6, 5), dt.time(9, 10), 1e15, "1e999", "一百", "5 0", "(-5)", "--5", "5--"],
)  # fmt: skip
def test_whole_numbers_that_are_not_certain_are_a_problem(cell: Cell):
    assert settled(cell, "whole", unit="条") == (NOTHING, "whole", False)


@pytest.mark.parametrize(
    ("cell", "value", "rule"),
    [
        (6000.25, 6000.25, ""),
        ("6,000.25元", 6000.25, "number_unit"),
        ("６０００．２５", 6000.25, "text_number"),
        (-12, -12.0, ""),
    ],
)
def test_amounts_that_are_certain_are_understood(cell: Cell, value: float, rule: str):
    assert settled(cell, "money", unit="元") == (value, rule, True)


@pytest.mark.parametrize("cell", ["6.000,25", "6000.25.1", False, "abc", dt.datetime(2024, 6, 5)])
def test_amounts_that_are_not_certain_are_a_problem(cell: Cell):
    assert settled(cell, "money", unit="元") == (NOTHING, "number", False)


FIFTH = pd.Timestamp(2024, 6, 5)


@pytest.mark.parametrize(
    ("cell", "rule"),
    [
        (dt.date(2024, 6, 5), ""),
        (dt.datetime(2024, 6, 5), ""),
        (dt.datetime(2024, 6, 5, 8, 30), "time_dropped"),
        (45448.0, "day_was_number"),
        (20240605.0, "text_day"),
        ("2024-06-05", "text_day"),
        ("2024年6月5日", "text_day"),
        ("２０２４年６月５日", "text_day"),
        ("2024.6.5", "text_day"),
        ("2024/6/5", "text_day"),
        ("2024/06/05 00:00:00", "text_day"),
        ("20240605", "text_day"),
        (" 2024 年 6 月 5 日 ", "text_day"),
    ],
)
def test_days_in_the_usual_styles_are_understood(cell: Cell, rule: str):
    assert settled(cell, "day") == (FIFTH, rule, True)


@pytest.mark.parametrize(
    "cell",
    ["6/5/2024", "05-06-2024", "6月5日", "2024年6月", "24.6.5", "24-06-05", "2024-13-01", "2024-02-30", "昨天", 2024.6,
     5.0, 12345678.0, True, dt.time(9, 10), dt.timedelta(days=3), "2024-06-05至2024-06-07"],
)  # fmt: skip
def test_days_that_could_be_two_are_a_problem(cell: Cell):
    assert settled(cell, "day") == (NOTHING, "day", False)


@pytest.mark.parametrize(
    ("cell", "minutes", "rule"),
    [
        (dt.time(9, 10), 550, ""),
        (dt.timedelta(hours=9, minutes=10), 550, ""),
        (0.5, 720, "clock_was_number"),
        ("09:10", 550, "text_clock"),
        ("9：10", 550, "text_clock"),
        ("9点10分", 550, "text_clock"),
        ("9时10", 550, "text_clock"),
        ("09:10:30", 550, "text_clock"),
        ("0910", 550, "clock_was_digits"),
        ("９１０", 550, "clock_was_digits"),
        (910, 550, "clock_was_digits"),
        (2359.0, 1439, "clock_was_digits"),
        (dt.date(1902, 6, 28), 550, "clock_was_digits"),  # 910 in a cell that Excel shows as a time
    ],
)
def test_times_that_are_certain_are_understood(cell: Cell, minutes: int, rule: str):
    assert settled(cell, "clock") == (minutes, rule, True)


@pytest.mark.parametrize(
    "cell",
    [
        "24:00",
        "9:60",
        "9点半",
        "上午9点",
        "9",
        9.0,
        960,
        "2400",
        "0960",
        True,
        dt.date(2024, 6, 5),
        "9:10 PM",
        1.5,
    ],
)
def test_times_that_are_not_certain_are_a_problem(cell: Cell):
    assert settled(cell, "clock") == (NOTHING, "clock", False)


@pytest.mark.parametrize(
    ("cell", "value", "rule"),
    [(True, True, ""), ("是", True, ""), ("否", False, ""), ("Y", True, "flag_sign"), ("ｎ", False, "flag_sign"),
     ("√", True, "flag_sign"), ("×", False, "flag_sign"), (" 是 ", True, "tidied"), ("YES", True, "flag_sign")],
)  # fmt: skip
def test_yes_and_no_in_their_usual_signs(cell: Cell, value: bool, rule: str):
    assert settled(cell, "flag") == (value, rule, True)


@pytest.mark.parametrize("cell", [1.0, 0.0, "1", "0", "有", "是/否", "?", "是的吧"])
def test_other_signs_are_neither_yes_nor_no(cell: Cell):
    assert settled(cell, "flag") == (NOTHING, "flag", False)


@pytest.mark.parametrize(
    ("cell", "value", "rule"),
    [("030101", "030101", ""), ("０３０１０１", "030101", "tidied"), (" 030101", "030101", "tidied"),
     (330102100001.0, "330102100001", "id_was_number"), ("①", "①", "")],
)  # fmt: skip
def test_codes_are_text_and_keep_their_zeros(cell: Cell, value: str, rule: str):
    assert settled(cell, "id") == (value, rule, True)


@pytest.mark.parametrize(
    ("cell", "rule"),
    [
        (1.10101199003078e17, "id_digits_lost"),
        (12.5, "id"),
        (-3.0, "id"),
        (True, "id"),
        (dt.date(2024, 6, 5), "id"),
    ],
)
def test_codes_of_which_excel_ate_something_are_a_problem(cell: Cell, rule: str):
    assert settled(cell, "id") == (NOTHING, rule, False)


@pytest.mark.parametrize(
    ("cell", "value", "rule"),
    [("一级", "1", ""), ("Grade 1", "1", ""), ("2", "2", ""), (2.0, "2", ""), (" 一级", "1", "tidied")],
)
def test_entries_of_a_list_in_either_language(cell: Cell, value: str, rule: str):
    assert settled(cell, "choice") == (value, rule, True)


@pytest.mark.parametrize("cell", ["三级", "一", "一级客户", True, 1.5])
def test_what_is_not_in_the_list_is_a_problem(cell: Cell):
    assert settled(cell, "choice") == (NOTHING, "choice", False)


def test_free_text_stays_as_typed_and_other_things_become_text_with_a_note():
    assert settled(" NA ", "text") == (" NA ", "", True)
    assert settled("=1+1", "text") == ("=1+1", "", True)
    assert settled(12.0, "text") == ("12", "read_as_text", True)
    assert settled(True, "text") == ("TRUE", "read_as_text", True)


@pytest.mark.parametrize(
    "kind", ["text", "id", "whole", "number", "money", "day", "clock", "month", "flag", "choice"]
)
def test_error_cells_and_formulas_without_result_are_a_problem_in_every_kind_of_column(kind: Kind):
    assert settled(ErrorCell("#N/A"), kind) == (NOTHING, "error_cell", False)
    assert settled(UncalculatedFormula("=A1"), kind) == (NOTHING, "uncalculated_formula", False)
    assert settled("  ", kind) == (NOTHING, "", True)
    assert settled(None, kind) == (NOTHING, "", True)


@pytest.mark.parametrize("cell", ["2024-06", "2024年6月", "2024/6", "202406", dt.date(2024, 6, 1)])
def test_months_in_their_usual_styles(cell: Cell):
    assert settled(cell, "month")[0] == "2024-06"


@pytest.mark.parametrize("cell", ["6月", "06-2024", "2024", "2024-13", True])
def test_other_months_are_a_problem(cell: Cell):
    assert settled(cell, "month") == (NOTHING, "month", False)


OPTIONAL_LIST = (Choice("none", "无", "None"), Choice("some", "有", "Some"))


def optional(cell: Cell, kind: Kind) -> tuple[object, str]:
    """One cell of a column that may be empty: its value and the rule noted or broken."""
    column = Column("x", "某列", "Some", kind, required=False)
    values, faults = settle_column([cell], column, OPTIONAL_LIST if kind == "choice" else ())
    return NOTHING if pd.isna(values[0]) else values[0], faults[0].rule if faults else ""


def test_a_word_for_nothing_is_the_entry_of_a_list_that_has_it_and_stays_in_free_text():
    assert optional("无", "choice") == ("none", "")
    assert optional("/", "choice") == (NOTHING, "nothing_typed")
    assert optional("无", "text") == ("无", "")
    assert optional("/", "text") == ("/", "")
    assert optional("无", "whole") == (NOTHING, "nothing_typed")


def test_a_word_for_nothing_is_no_code_though_a_code_may_be_any_text():
    assert optional("无", "id") == (NOTHING, "nothing_typed")
    assert optional("无锡", "id") == ("无锡", "")


@pytest.mark.parametrize("kind", ["id", "whole", "money", "day", "clock", "flag"])
def test_where_something_must_stand_a_word_for_nothing_is_a_missing_value(kind: Kind):
    assert settled("/", kind)[1:] == ("required", False)


def test_where_the_unit_is_not_said_none_is_quoted():
    for unit, quoted in (("条", "条"), ("", "")):
        _, (fault,) = settle_column(["x"], Column("x", "某列", "Some", "whole", unit=unit))
        assert fault.details == (("unit", quoted),)
    _, (fault,) = settle_column(["x"], Column("x", "某列", "Some", "choice"), GRADES)
    assert fault.details == (("zh", "一级、二级"), ("en", "Grade 1, Grade 2"))
    _, (fault,) = settle_column(["x"], Column("x", "某列", "Some", "flag"))
    assert fault.details == ()


def test_equal_cells_of_different_types_are_read_each_as_what_it_is():
    values, faults = settle_column([1, True, 1.0, "1", None, 1], Column("x", "某列", "Some", "whole"))
    assert [None if pd.isna(one) else one for one in values] == [1, None, 1, 1, None, 1]
    assert [(one.position, one.rule) for one in faults] == [(1, "whole"), (3, "text_number")]
    values, faults = settle_column([True, True, None], Column("x", "某列", "Some", "flag"))
    assert (values.tolist()[:2], faults) == ([True, True], [])


def test_a_text_that_programs_guard_as_a_formula_is_that_text_where_a_code_or_number_belongs():
    guarded = UncalculatedFormula('="030101"')
    assert settled(guarded, "id")[0] == "030101"
    assert settled(guarded, "text") == (NOTHING, "uncalculated_formula", False)
    assert settled(UncalculatedFormula('="a"&"b"'), "id") == (NOTHING, "uncalculated_formula", False)
    assert settled("#N/A", "id") == (NOTHING, "error_cell", False)
