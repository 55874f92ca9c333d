"""The small organisation at which most of these tests begin, made once."""

import pytest
from small_home import SmallHome, report_four_days, report_june


@pytest.fixture
def june(own_copy) -> SmallHome:
    """A copy of the home of which June is reported: see `report_june`."""
    return SmallHome(own_copy("june_reported", report_june))


@pytest.fixture
def june_of_four_days(own_copy) -> SmallHome:
    """A copy of the home of which four days of June are reported: see `report_four_days`."""
    return SmallHome(own_copy("four_days_reported", report_four_days))
