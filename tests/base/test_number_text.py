"""Numbers in sentences are rounded as the cells beside them show them."""

import pytest

from pipeline.contract.show import number_text, of_one
from pipeline.words import load_words


@pytest.mark.parametrize(
    ("value", "decimals", "text"),
    [
        (31.25, 1, "31.3"),  # a cell shows 31.3; Python's own rounding would say 31.2
        (-31.25, 1, "-31.3"),
        (2.5, 0, "3"),
        (1.005, 2, "1.01"),
        (-0.04, 1, "0.0"),
        (1_234_567.0, 0, "1,234,567"),
    ],
)
def test_halves_are_rounded_up_as_in_cells(value: float, decimals: int, text: str) -> None:
    assert number_text(value, decimals) == text


@pytest.mark.parametrize(
    ("many", "one"),
    [
        ("1 customers", "1 customer"),
        ("1 boxes", "1 box"),
        ("1 categories", "1 category"),
        ("1 people", "1 person"),
        ("1 cases", "1 case"),
        ("1 kWh", "1 kWh"),
        ("1 per 100 customers", "1 per 100 customers"),
    ],
)
def test_english_says_one_of_what_is_counted(many: str, one: str) -> None:
    assert of_one(many, load_words("en")) == one


def test_chinese_says_one_as_it_says_many() -> None:
    assert of_one("1户", load_words("zh")) == "1户"
