"""The bank's cases of `../shared/cases/trades` that need no home: staffing, the scorecard and pay, as worked out there.
Skipped where absent."""

from pathlib import Path

import pandas as pd
import pytest
from case_home import stored, tables_of

from pipeline.base.calendar import Month
from pipeline.contract.figure import Figure
from pipeline.contract.settings import settings_from
from pipeline.figures.scorecard import scorecard_of_month
from pipeline.subjects.pay.account import Account, Lot
from pipeline.subjects.pay.money import cents_of, exact, share_of
from pipeline.subjects.staffing.told import competition, staffing

CASES = Path(__file__).parents[3] / "shared" / "cases" / "trades" / "bank"
pytestmark = pytest.mark.skipif(not CASES.is_dir(), reason="the cases are not here")
JUNE = Month(2024, 6)
SETTINGS = settings_from({"profile": "bank"})


@pytest.fixture(scope="module")
def tables() -> dict[str, pd.DataFrame]:
    return tables_of(CASES)


def masters(tables: dict[str, pd.DataFrame]) -> dict[str, pd.DataFrame]:
    forms = SETTINGS.profile.forms
    return {key: stored(forms[key], tables[key], SETTINGS) for key in ("regions", "managers", "outlets", "posts")}


def test_staffing_of_both_outlets(tables) -> None:
    rows = staffing(JUNE, masters(tables), SETTINGS.profile)
    told = {
        (one.outlet_id if isinstance(one.outlet_id, str) else "", one.role): (one.asked, one.there)
        for one in rows.itertuples()
    }
    assert told == {
        ("O1", "retail"): (1, 0), ("O1", "corporate"): (1, 0), ("O1", "credit"): (1, 1), ("O1", "lobby"): (1, 0),
        ("O1", "wealth"): (2, 0),
        # a business department with credit and 299 large customers
        ("O2", "retail"): (0, 0), ("O2", "corporate"): (0, 0), ("O2", "credit"): (3, 0), ("O2", "lobby"): (1, 0),
        ("O2", "wealth"): (0, 0),
        ("", "product"): (0, 1),  # two customer managers
    }  # fmt: skip
    full = rows.set_index(["outlet_id", "role"])["full_time"]
    assert full["O1", "retail"] and not full["O1", "lobby"]
    assert list(competition(JUNE, masters(tables), SETTINGS.profile)["manager_id"]) == ["B3"]


def test_the_score_of_b2(tables) -> None:
    card = tables["scorecard_B2_2024-06"]
    names = [f"f{number}" for number in range(len(card))]
    numbers = {name: card[name].astype("float64").tolist() for name in ("weight", "target", "actual", "cap")}
    indicators = {
        key: {"group": group, "weight": weight, "target": target, "cap": cap}
        for key, group, weight, target, cap in zip(
            names, card["group"], numbers["weight"], numbers["target"], numbers["cap"], strict=True
        )
    }
    shipped = SETTINGS.profile.scorecard
    scorecard = {
        "indicators": indicators,
        "group_share": shipped.group_share,
        "groups_together": shipped.groups_together,
    }
    profile = type(SETTINGS.profile).model_validate(SETTINGS.profile.model_dump() | {"scorecard": scorecard})
    figures = [Figure(key, key, key, "元", "sales", "", "", (), len) for key in names]
    metrics = pd.DataFrame(
        {"level": "manager", "entity_id": "B2", "figure": names, "value": numbers["actual"], "denominator": 100.0,
         "target": float("nan"), "target_comparable": float("nan")}
    )  # fmt: skip
    made = scorecard_of_month(JUNE, metrics, figures, profile, pd.Series({"B2": "R1"}))
    assert made["score"].unique().tolist() == [90.2]


def test_pay_and_the_account_of_b2(tables) -> None:
    rows = tables["pay_inputs_B2"].set_index("month")
    june, july = rows.loc["2024-06"], rows.loc["2024-07"]
    account = Account()
    account.open_with(JUNE.before, 500_000, 25)  # 5,000.00, of which 200.00 a month are released
    told = []
    for month, row in ((JUNE, june), (JUNE + 1, july)):
        performance = cents_of(exact(float(row["unit"])) * exact(float(row["score"])))
        deferred = share_of(performance, exact(float(row["deferred_share"])))
        lot = Lot(month, deferred, int(row["parts"]))
        told.append((performance, account.take(month, [lot], cents_of(exact(float(row["claw_back"]))))))
    (first, of_june), (second, of_july) = told
    assert (first, of_june.added, second, of_july.added) == (451_000, 180_400, 400_000, 160_000)
    assert of_june.closing == 630_400  # 5,000.00 + 1,804.00 − 200.00 − 300.00
    assert (of_july.opening, of_july.released, of_july.closing) == (630_400, 25_011, 765_389)
