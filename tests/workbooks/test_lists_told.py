"""Which lists a trade has."""

import pytest

from pipeline.contract.trade import load_profile
from pipeline.workbooks.lists import is_told, list_frames


@pytest.mark.parametrize(
    ("trade", "is_there"),
    [("tobacco", True), ("power", True), ("bank", False), ("cable", False), ("agency", False)],
)
def test_growth_by_customers_is_told_where_what_is_sold_is_what_is_forecast(trade: str, is_there: bool) -> None:
    """A bank sells products and forecasts what customers hold: sums by customer are balances, not sales."""
    assert is_told(list_frames()["growth_by_customers"], load_profile(trade)) is is_there


def test_growth_by_goods_is_told_of_all_that_is_sold() -> None:
    assert is_told(list_frames()["growth_effects"], load_profile("bank"))
