"""Numbers in sentences are rounded as the cells beside them show them."""

import pytest

from pipeline.contract.show import number_text


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
