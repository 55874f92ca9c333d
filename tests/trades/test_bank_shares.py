"""Amounts of team customers by share: to the cent, whole whatever the shares, and with their manager where a share is
nobody's."""

import pandas as pd
import pytest

from pipeline.base.calendar import Month
from pipeline.base.month_rows import MonthRows
from pipeline.contract.facts import Facts
from pipeline.contract.trade import load_profile
from pipeline.figures.catalogue import all_figures
from pipeline.figures.count import count_month
from pipeline.subjects.holdings.shares import by_share
from schemas.form import Form

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


# ---- growth of AUM, of which the start belongs to whoever shares it now


def growth(sent_before: tuple[str, ...], role: str = "retail") -> dict[str, tuple[float, float]]:
    """What June's growth counts by manager, in yuan: Q1's customer C1 grows from 1,000 to 1,500, and Q2 has 30 % of it;
    Q2, of that role, sends nothing where it owes nothing."""
    types = load_profile("bank").forms
    managers = whole(types["managers"], manager_id=["Q1", "Q2"], region_id="R1", role=["retail", role])
    customers = whole(
        types["customers"], customer_id=["C1"], manager_id="Q1", kind="personal", grade="1", status="active"
    )
    products = whole(types["products"], product_id=["D1"], category="deposit", aum=True, wealth=False)
    team = whole(types["team"], customer_id="C1", manager_id=["Q1", "Q2"], share=[0.7, 0.3])
    regions = whole(types["regions"], region_id=["R1"])
    masters = {
        "managers": managers, "customers": customers, "products": products, "team": team, "regions": regions,
    }  # fmt: skip
    months = []
    for month, balance, sent in ((Month(2024, 5), 1000.0, sent_before), (Month(2024, 6), 1500.0, ("Q1", "Q2"))):
        held = whole(
            types["holdings"],
            customer_id=["C1"],
            product_id="D1",
            balance=balance,
            average=balance,
            income=0.0,
            cost=0.0,
        ).assign(manager_id="Q1", region_id="R1")
        owing = [one for one in sent if role == "retail" or one == "Q1"]
        told = frozenset((one, form) for one in owing for form in load_profile("bank").monthly_forms)
        months.append(
            MonthRows(month, {"holdings": held.astype({"manager_id": "str", "region_id": "str"})}, masters, told)
        )
    facts = Facts(months[1], {Month(2024, 5): months[0]}, load_profile("bank"))
    figures = [one for one in all_figures(load_profile("bank")) if one.key == "aum_growth"]
    rows = count_month(facts, figures).by_manager
    rows = rows[rows["figure"] == "aum_growth"].set_index("manager_id")
    return {str(key): (one["numerator"] / 10_000, one["denominator"] / 10_000) for key, one in rows.iterrows()}


def whole(form: Form, **columns: object) -> pd.DataFrame:
    """Rows of a form in its types; what is not given is empty."""
    return pd.DataFrame(columns).reindex(columns=list(form.dtypes)).astype(form.dtypes)


def test_growth_counts_by_share_with_who_is_known_at_both_ends() -> None:
    assert growth(("Q1", "Q2")) == {"Q1": (350, 700), "Q2": (150, 300)}


def test_growth_of_who_had_not_reported_last_month_stays_with_the_customers_manager() -> None:
    assert growth(("Q1",)) == {"Q1": (500, 1000)}


def test_the_share_of_a_risk_manager_who_owes_no_forms_is_in_the_growth_of_the_whole() -> None:
    assert growth(("Q1",), role="risk") == {"Q1": (350, 700), "Q2": (150, 300)}
