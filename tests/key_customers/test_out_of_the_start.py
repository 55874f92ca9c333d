"""Who is lost is out of the start until back, however long ago it was; worked out by hand on one customer of one
manager, month by month, each with no more of the months before than a report looks back on."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
import pytest

from pipeline.base.calendar import Month
from pipeline.base.month_rows import MonthRows
from pipeline.contract.carried import carried_in_use
from pipeline.contract.facts import Facts
from pipeline.contract.trade import load_profile
from pipeline.subjects.key_customers.ends import LossTable
from pipeline.subjects.watch_list.lists import watched

PROFILE = load_profile("bank", {"grade_floors": {"1": 200_000, "2": 100_000}})
FIRST = Month(2023, 1)
SILENT = None  # the manager does not report


def frame(form: str, rows: Sequence[Mapping[str, Any]], **more: str) -> pd.DataFrame:
    types = PROFILE.forms[form].dtypes
    made = pd.DataFrame({name: [row.get(name) for row in rows] for name in types}).astype(types)
    return made.assign(**{name: pd.array([value] * len(rows), dtype="str") for name, value in more.items()})


def month_of(number: int, average: float | None, manager: str = "B1", grade: str = "1") -> MonthRows:
    """A month of the customer K, personal, with so much of a deposit on average; the manager who has it."""
    office = [
        {"manager_id": one, "manager_name": one, "region_id": "R1", "role": "retail"} for one in ("B1", "B2")
    ]
    customer = {
        "customer_id": "K", "manager_id": manager, "kind": "personal", "grade": grade, "status": "active",
        "joined_on": pd.Timestamp(2020, 1, 1),
    }  # fmt: skip
    product = {"product_id": "D", "product_name": "活期", "category": "deposit", "aum": True, "wealth": False}
    masters = {
        "managers": frame("managers", office),
        "regions": frame("regions", [{"region_id": "R1", "region_name": "甲"}]),
        "customers": frame("customers", [customer]),
        "products": frame("products", [product]),
    }
    held = {"customer_id": "K", "product_id": "D", "balance": 1.0, "average": average, "income": 0.0, "cost": 0.0}
    own = [] if average is SILENT else [held]
    source = {"manager_id": manager, "region_id": "R1", "source_file": "f", "source_sheet": "s"}
    holdings = frame("holdings", own, **source).assign(source_row=5)
    others = frozenset({"B1", "B2"} - ({manager} if average is SILENT else set()))
    sent = frozenset((one, "holdings") for one in others)
    return MonthRows(FIRST + number, {"holdings": holdings}, masters, sent)


def chain(months: Sequence[MonthRows], looked_back: int = 4) -> list[Facts]:
    """The facts of each month, with as many months before, and what each of these carries."""
    told: list[Facts] = []
    carried: dict[Month, dict[str, pd.DataFrame]] = {}
    for place, rows in enumerate(months):
        before = months[max(0, place - looked_back) : place]
        known = {one.month: carried[one.month] for one in before}
        facts = Facts(rows, {one.month: one for one in before}, PROFILE, carried=known)
        carried[rows.month] = {name: one.make(facts) for name, one in carried_in_use(PROFILE).items()}
        told.append(facts)
    return told


def states(facts: Sequence[Facts], back: int = 1) -> str:
    """By month: L lost in it, k at its start and kept, . out of the start or not known."""
    rows = (LossTable(back)(one)["lost"] for one in facts)
    return "".join("." if one.empty else "L" if one.iloc[0] else "k" for one in rows)


@pytest.mark.parametrize(
    ("averages", "expected"),
    [
        # one month before is mean enough; lost once, and out until 50 again, however long it takes
        ([100, 49] + [40] * 7 + [50, 50, 50], ".L" + "." * 8 + "kk"),
        ([100, 50], ".k"),  # at the half is not under it
        ([100, 60, 39], ".kL"),  # the mean of two is 80
        ([100, 100, 100, 49], ".kkL"),
        ([300, 100, 100, 100, 100], ".L..."),  # lost from 300, so back at 150 and not before
        ([100, 49, 60, 29], ".L.L"),  # back at 60, at the start again, and under half of (100 + 49 + 60) ÷ 3
        ([100, 49, 60, 40], ".L.k"),  # not under 34.83
        ([100, SILENT, 49], "..."),  # the month before was not reported
        ([100, SILENT, 49, 37], "...L"),  # of 100 and 49, the months known, the mean is 74.5
        ([100, SILENT, 49, 38], "...k"),
    ],
)
def test_lost_and_out_until_back(averages: list[float | None], expected: str) -> None:
    months = [month_of(number, one) for number, one in enumerate(averages)]
    assert states(chain(months)) == expected


def test_a_new_manager_changes_nothing_of_it() -> None:
    months = [
        month_of(0, 100), month_of(1, 100), month_of(2, 100, "B2"), month_of(3, 49, "B2"), month_of(4, 49, "B1"),
        month_of(5, 49, "B2"),
    ]  # fmt: skip
    assert states(chain(months)) == ".kkL.."


@pytest.mark.slow
def test_who_was_lost_last_year_is_not_at_the_start_of_this_one() -> None:
    """Lost in February, still so in December; over the months from January on it is out, and back in April at last."""
    months = [month_of(number, one) for number, one in enumerate([100, 49] + [30] * 13 + [60, 60])]
    facts = chain(months, looked_back=8)
    assert states(facts[12:]) == "....k"
    assert [len(LossTable(back)(facts[11 + back])) for back in (1, 2, 3, 4)] == [0, 0, 0, 0]


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(2))
def test_what_is_carried_is_what_looking_back_on_all_months_finds(seed: int) -> None:
    chance = np.random.default_rng(seed)
    given = [SILENT if one < 0.12 else float(chance.integers(1, 120)) for one in chance.random(14)]
    managers = ["B1" if one < 0.7 else "B2" for one in chance.random(14)]
    months = [
        month_of(number, one, whose) for number, (one, whose) in enumerate(zip(given, managers, strict=True))
    ]
    whole = [Facts(rows, {one.month: one for one in months[:place]}, PROFILE) for place, rows in enumerate(months)]
    chained = chain(months)
    assert states(chained) == states(whole)
    under = [
        [list(watched(one)[["months_under", "how_known"]].itertuples(index=False)) for one in facts]
        for facts in (chained, whole)
    ]
    assert under[0] == under[1]


@pytest.mark.slow
def test_for_how_many_months_somebody_is_watched_does_not_end_where_the_report_looks_back_to() -> None:
    months = [month_of(0, 250_000)] + [month_of(number, 150_000) for number in range(1, 15)]
    row = watched(chain(months)[-1]).iloc[0]
    assert (row["months_under"], row["under_since"], row["how_known"]) == (14, "2023-02", "exact")
