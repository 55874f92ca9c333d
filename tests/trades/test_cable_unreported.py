"""What is said of a group customer without a row: how it stood last month, where that is known."""

import pytest

from pipeline.findings.rule import Finding
from pipeline.subjects.subscriptions.rules import before_texts
from pipeline.words import load_words


@pytest.mark.parametrize(
    ("values", "told"),
    [
        ({"households": 55, "known": True}, "上月55户"),
        ({"households": 0, "known": True}, "上月0户"),
        ({"households": 0, "known": False}, "上月也没有填"),  # nobody reported it, which is not 0
    ],
)
def test_last_months_households_are_told_only_where_they_were_reported(values, told):
    words = load_words("zh", "cable")
    finding = Finding("region", "R1", "customer_not_reported", 2, "customer", "J001", 0.0, values)
    assert before_texts(finding, words) == {"before": told}
