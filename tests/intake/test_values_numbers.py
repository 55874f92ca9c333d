"""Numbers as people and systems write them: the number that is meant, or a problem, never another number."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.intake.number_forms import number_reader
from pipeline.intake.rate_targets import read_rate
from pipeline.intake.raw import Cell

YUAN = number_reader("元", whole=False)
CARTONS = number_reader("条", whole=True)


@pytest.mark.parametrize(
    ("cell", "number", "rule"),
    [
        ("¥7,602.00", 7602.0, "number_unit"), ("￥7602", 7602.0, "number_unit"), ("RMB 525.00", 525.0, "number_unit"),
        ("CNY525", 525.0, "number_unit"), ("430.50元", 430.5, "number_unit"), ("人民币100元整", 100.0, "number_unit"),
        ("-¥5", -5.0, "number_unit"), ("¥-5", -5.0, "number_unit"), ("(5)", -5.0, "number_sign"),
        ("(1,234.50)", -1234.5, "number_sign"), ("（5）", -5.0, "number_sign"), ("5-", -5.0, "number_sign"),
        ("−5", -5.0, "text_number"), ("－5", -5.0, "text_number"), ("1，234", 1234.0, "text_number"),
        ("１，２３４．５", 1234.5, "text_number"), ("1.2万", 12000.0, "number_ten_thousands"),
        ("0.4378万", 4378.0, "number_ten_thousands"), ("1.2万元", 12000.0, "number_ten_thousands"),
        ("￥1.2万", 12000.0, "number_ten_thousands"), ("0.03亿", 3_000_000.0, "number_ten_thousands"),
        (".5", 0.5, "text_number"), ("12\u200b", 12.0, "text_number"), ("\ufeff1096.00\u00a0", 1096.0, "text_number"),
    ],
)  # fmt: skip
def test_amounts_with_signs_units_and_invisible_characters(cell: Cell, number: float, rule: str):
    reading = YUAN(cell)
    assert (reading.value, reading.rule, reading.kept) == (number, rule, True)


@pytest.mark.parametrize(
    ("unit", "cell", "number"),
    [("1–10分", "8分", 8), ("1–5分", "5 分", 5), ("个", "2个", 2), ("条", "50条", 50), ("条", "1.2万条", 12000),
     ("元/条", "12元", 12), ("元/条", "12元/条", 12), ("户", "3户", 3), ("%", "95%", 95)],
)  # fmt: skip
def test_a_columns_own_unit_behind_a_number_is_left_away(unit: str, cell: str, number: float):
    assert number_reader(unit, whole=True)(cell).value == number


@pytest.mark.parametrize(
    ("unit", "cell", "written"),
    [("条", "5箱", "箱"), ("条", "12%", "%"), ("条", "￥5", "¥"), ("元", "8条", "条"), ("元", "$5", None),
     ("", "5箱", "箱"),
     ("1–10分", "80%", "%"), ("个", "2分", "分"), ("元", "12美元", "美元")],
)  # fmt: skip
def test_another_unit_is_a_fault_that_names_it(unit: str, cell: str, written: str | None):
    reading = number_reader(unit, whole=False)(cell)
    assert (reading.value, reading.kept) == (None, False)
    assert dict(reading.details).get("written") == written


@pytest.mark.parametrize("cell", ["(-5)", "-5-", "--5", "(5", "5)", "1.234.567", "12,34", "1 234", "万", "元", "¥",
                                  "约5", "5+5",
                                  "1.2万万", "5元6角", "1e999", "1.5E+03", "一百"])  # fmt: skip
def test_amounts_that_are_not_certain_are_a_problem(cell: str):
    assert (YUAN(cell).value, YUAN(cell).kept) == (None, False)


def test_ten_thousands_are_worked_out_in_decimals():
    assert YUAN("1.005万").value == 10050.0
    assert YUAN("0.0007万").value == 7.0
    assert CARTONS("0.00015万").value is None  # one carton and a half


@pytest.mark.parametrize(
    ("cell", "higher", "value", "rule"),
    [
        (95.0, True, 95.0, ""), (0.95, True, 95.0, "rate_was_share"), ("95%", True, 95.0, "rate_percent"),
        ("0.95", True, 95.0, "rate_was_share"), ("０．９５", True, 95.0, "rate_was_share"),
        (0.07, True, 7.0, "rate_was_share"),
        (1.0, True, None, "rate_unclear"), (1.05, True, None, "rate_unclear"), (0.5, False, None, "rate_unclear"),
        (0.005, False, 0.5, "rate_was_share"), ("0.5%", False, 0.5, "rate_percent"), (3.0, False, 3.0, ""),
        (0.0, True, 0.0, ""), (-2.0, True, -2.0, ""), ("九成", True, None, "number"),
    ],
)  # fmt: skip
def test_targets_of_rates_in_percent_however_they_are_written(cell: Cell, higher: bool, value: float, rule: str):
    reading = read_rate(cell, higher=higher)
    assert (reading.value, reading.rule) == (value, rule)


WRAPPINGS = (
    "{n}",
    " {n} ",
    "\u200b{n}",
    "{n}元",
    "¥{n}",
    "￥ {n}",
    "RMB{n}",
    "{n}\u00a0元",
    "{n}万",
    "{n}箱",
    "{n}%",
    "$ {n}",
    "'{n}",
)


@given(st.integers(-(10**9), 10**9), st.sampled_from(WRAPPINGS), st.sampled_from(("", ",", "()", "-", "−")))
def test_whatever_disguise_a_number_wears_it_is_that_number_or_a_problem(number: int, wrapping: str, style: str):
    text = {
        "": f"{number}",
        ",": f"{number:,}",
        "()": f"({abs(number)})" if number < 0 else f"{number}",
        "-": f"{abs(number)}-" if number < 0 else f"{number}",
        "−": f"{number}".replace("-", "−"),
    }[style]
    meant = number * 10_000 if "万" in wrapping else number
    assert YUAN(wrapping.format(n=text)).value in (float(meant), None)
