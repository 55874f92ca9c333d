"""Amounts of team customers by share: to the cent, whole whatever the shares, and with their manager where a share is
nobody's."""

import pandas as pd
import pytest

from pipeline.base.calendar import Month
from pipeline.base.month_rows import MonthRows
from pipeline.contract.facts import Facts
from pipeline.contract.trade import load_profile
from pipeline.subjects.holdings.shares import by_share

CENT = 100  # amounts are in ten-thousandths of a yuan
EVERYBODY = ("Q1", "Q2", "Q3")


def shared(team: dict[str, float], amount: int, sent: tuple[str, ...] = EVERYBODY) -> dict[str, int]:
    """What Q1's customer C1, with so many cents, counts for whom, in cents."""
    managers = pd.DataFrame(
        {
            "manager_id": ["Q1", "Q2", "Q3", "Q4"],
            "started_on": pd.Timestamp(2020, 1, 1),
            "left_on": [pd.NaT, pd.NaT, pd.NaT, pd.Timestamp(2024, 5, 31)],
        }
    )
    rows = pd.DataFrame({"customer_id": "C1", "manager_id": list(team), "share": list(team.values())})
    told = frozenset((one, "holdings") for one in sent)
    month = MonthRows(Month(2024, 6), {}, {"managers": managers, "team": rows}, told)
    amounts = pd.DataFrame({"manager_id": ["Q1"], "customer_id": ["C1"], "amount": [amount * CENT]})
    found = by_share(amounts, Facts(month, {}, load_profile("bank")))
    return {str(manager): int(one) // CENT for (manager, _), one in found.items()}


@pytest.mark.parametrize(
    ("team", "amount", "expected"),
    [
        ({"Q1": 0.7, "Q2": 0.3}, 1000, {"Q1": 700, "Q2": 300}),
        ({"Q1": 0.5, "Q2": 0.5}, 101, {"Q1": 50, "Q2": 51}),  # half a cent is rounded up, the rest stays
        ({"Q1": 0.5, "Q2": 0.5}, -101, {"Q1": -50, "Q2": -51}),
        ({"Q1": 0.3333, "Q2": 0.3333, "Q3": 0.3333}, 10_000, {"Q1": 3334, "Q2": 3333, "Q3": 3333}),
        ({"Q2": 0.6, "Q3": 0.4}, 999, {"Q1": 0, "Q2": 599, "Q3": 400}),  # none is left for Q1 itself
        ({"Q1": 0.5, "Q4": 0.5}, 1000, {"Q1": 1000}),  # Q4 has left
        ({"Q1": 0.5, "Q9": 0.5}, 1000, {"Q1": 1000}),  # nobody
        ({"Q1": 0.7, "Q2": 0.25}, 1000, {"Q1": 1000}),  # not a whole: a team that does not count
    ],
)
def test_shares_to_the_cent_come_to_what_there_is(team, amount, expected) -> None:
    found = shared(team, amount)
    assert found == expected
    assert sum(found.values()) == amount


def test_a_share_of_somebody_of_whom_the_month_is_not_known_stays_with_the_customers_manager() -> None:
    assert shared({"Q1": 0.7, "Q2": 0.3}, 1000, sent=("Q1", "Q3")) == {"Q1": 1000}
