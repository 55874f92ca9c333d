"""A balance that jumped stays where it is: it is no freak order, and its way back is in the 95 % interval."""

import numpy as np
import pandas as pd
import pytest

from pipeline.month.levels import restated, with_way_back

STEADY = [500.0, 505, 495, 500, 498, 502, 500, 505, 495]


@pytest.mark.parametrize(
    ("balances", "expected", "before"),
    [
        # last month's deposit, ten times as much: the months before ten times as high
        ([*STEADY, 5000.0], [*(10 * one for one in STEADY), 5000.0], 500),
        # three months ago; and money taken away, all but a tenth
        ([*STEADY, 5000.0, 5100, 4900], [*(10 * one for one in STEADY), 5000.0, 5100, 4900], 500),
        ([*STEADY, 50.0], [*(one / 10 for one in STEADY), 50.0], 500),
        # a jump upon a jump
        ([100.0, 100, 1000, 1000, 10000], [10000.0, 10000, 10000, 10000, 10000], 1000),
        # a month that is not known is none that was low
        ([*STEADY, np.nan, 5000.0], [*(10 * one for one in STEADY), np.nan, 5000.0], 500),
        # nor are four of them
        (
            [*STEADY, np.nan, np.nan, np.nan, np.nan, 5000.0],
            [*(10 * one for one in STEADY), *[np.nan] * 4, 5000.0],
            500,
        ),
        # nothing before the account was opened is no level
        ([0.0, 0, *STEADY, 5000.0], [0.0, 0, *(10 * one for one in STEADY), 5000.0], 500),
    ],
)
def test_months_before_a_jump_are_restated_to_the_level_of_now(balances, expected, before):
    told = restated(pd.DataFrame([balances], index=["C1"]))
    np.testing.assert_allclose(told.known.to_numpy()[0], expected)
    assert told.before["C1"] == before


@pytest.mark.parametrize(
    "balances",
    [
        STEADY,
        [300.0, 291, 2990, 295, 290, 3010, 300, 300, 3000],  # the third quarter's end with as much
        [*STEADY, 5000.0, 500],  # came and went
        [1000.0 - 80 * step for step in range(12)],  # paid back by equal parts
        [1000 * 1.1**step for step in range(13)],  # grows by a tenth a month
        [*STEADY, 0.0],  # emptied: that is told otherwise
        [0.0, 0, 0, 500.0, 500],  # opened
        [1000.0, 0, 0, 5000.0],  # comes and goes
    ],
)
def test_what_is_no_jump_stays(balances):
    told = restated(pd.DataFrame([balances], index=["C1"]))
    assert told.known.to_numpy()[0].tolist() == balances
    assert told.before.empty


def test_a_jump_of_long_ago_is_restated_but_not_expected_to_go_back():
    told = restated(pd.DataFrame([[5000.0, *STEADY]], index=["C1"]))
    np.testing.assert_allclose(told.known.to_numpy()[0], [500.0, *STEADY])
    assert told.before.empty and told.jumped.tolist() == ["C1"]


def test_the_way_back_is_in_the_95_interval_of_the_customer_and_in_part_of_the_sums():
    """C1 rose from 500 to 5,000 (4,900 to 5,100) and C2 fell from 900 to 100 (90 to 110); both are M1's."""
    rows = [
        ("customer:C1", 5000.0, 4900.0, 5100.0, "structural"),
        ("customer:C2", 100.0, 90.0, 110.0, "last_value"),
        ("customer:C3", 100.0, 90.0, 110.0, "structural"),
        ("manager:M1", 5200.0, 5080.0, 5320.0, "structural"),
    ]
    told = pd.DataFrame(rows, columns=["series_id", "forecast", "low95", "high95", "method"])
    tree = pd.DataFrame(
        {
            "node_id": ["customer:C1", "customer:C2", "customer:C3", "manager:M1"],
            "parent_id": ["manager:M1"] * 3 + [None],
        }
    )
    wider = with_way_back(told, tree, pd.Series({"customer:C1": 500.0, "customer:C2": 900.0})).set_index(
        "series_id"
    )
    assert wider.loc["customer:C1", ["low95", "high95"]].tolist() == [500, 5100]
    assert wider.loc["customer:C2", ["low95", "high95"]].tolist() == [90, 900]
    assert wider.loc["customer:C3", ["low95", "high95"]].tolist() == [90, 110]
    assert wider.loc["manager:M1", ["low95", "high95"]].tolist() == [5080 - 4400, 5320 + 790]
    assert wider["method"].tolist() == ["structural+new_level", "last_value+new_level", "structural", "structural"]
    assert wider["forecast"].tolist() == told["forecast"].tolist()
