"""Three made-up organisations over eighteen months, in which managers are missing, move, hand over customers, and
leave: every comparison of sales, recounted in plain Python."""

import datetime as dt
import math
import random
from collections.abc import Callable
from functools import cache
from pathlib import Path

import pandas as pd
import pytest
from month_builder import MonthBuilder
from oracle_like import LikeOracle, Then, growth
from seeds import SEEDS
from small_ledger import opened, reopened

from pipeline.base.calendar import Month
from pipeline.month.opening import Months

pytestmark = pytest.mark.slow  # eight months; in the long trials eighteen months once, eight months twice
JUNE = Month(2024, 6)
MONTHS = [JUNE + -back for back in range(17, -1, -1)]
SPRING = (3, 4, 5, 6)  # all that is known of each year but in the long trials, of the first seed
MANAGERS = ("M1", "M2", "M3", "M4", "M5")
FORMS = ("sales", "visits", "complaints", "satisfaction")
LEFT = dt.date(2024, 3, 31)  # M5's last day
HANDED_OVER = {"M5": "M4"}  # from April on
TARGETS = (
    ("manager", "M1", 100.0), ("manager", "M2", 200.0), ("manager", "M3", 300.0), ("manager", "M4", 400.0),
    ("region", "R1", 900.0), ("region", "R2", 500.0), ("organisation", "ALL", 1000.0),
)  # fmt: skip
FIGURES = {"volume": 0, "amount": 1, "ordering_customers": 2}


def regions_of(month: Month) -> dict[str, str]:
    """M3 goes from R2 to R1 in May 2024; M5 is gone from April on."""
    third = "R1" if month >= Month(2024, 5) else "R2"
    all_of_them = {"M1": "R1", "M2": "R1", "M3": third, "M4": "R2", "M5": "R2"}
    return {one: region for one, region in all_of_them.items() if one != "M5" or month <= Month(2024, 3)}


def missing_in(month: Month, seed: int) -> set[str]:
    """Who has sent nothing: by turns, so that each seed has other holes beside the month reported and in it."""
    holes = {
        JUNE: {MANAGERS[seed % 4]},
        JUNE + -1: {MANAGERS[(seed + 1) % 4]},
        JUNE + -12: {MANAGERS[(seed + 2) % 4]},
        JUNE + -5: {MANAGERS[seed % 4]},
    }
    return holes.get(month, set())


def owners_of(month: Month, seed: int) -> dict[str, str]:
    """Eight customers a manager; M5's go to M4 when it leaves, and in June two customers go from M1 to M4."""
    owners = {f"C{manager[1]}{number}": manager for manager in MANAGERS for number in range(8)}
    if month > Month(2024, 3):
        owners = {one: HANDED_OVER.get(manager, manager) for one, manager in owners.items()}
    if month >= JUNE:
        owners |= {f"C1{seed}": "M4", f"C1{seed + 1}": "M4"}
    return owners


def month_of(month: Month, seed: int) -> MonthBuilder:
    draw = random.Random(f"{seed} {month}")
    regions, gone = regions_of(month), missing_in(month, seed)
    sent = frozenset((manager, form) for manager in regions if manager not in gone for form in FORMS)
    one = MonthBuilder(month, regions, sent=sent)
    for number in range(3):
        one.add("products", product_id=f"P{number}", brand="ABC"[number], category=f"class{number + 1}")
    for level, entity, target in TARGETS:
        one.add("targets", month=str(month), level=level, entity_id=entity, metric="volume", target=target)
    for customer, manager in owners_of(month, seed).items():
        one.customer(customer, manager, grade="1", joined_on=dt.date(2020, 1, 1))
        for _ in range(draw.randint(0, 3)):
            cartons = draw.randint(-2, 40)
            price = draw.choice([40.25, 110.0, 333.33])
            if manager not in gone:
                one.sale(manager, customer, f"P{draw.randint(0, 2)}", cartons, round(cartons * price, 2))
    return one


def oracle_of(months: list[MonthBuilder]) -> LikeOracle:
    told = {}
    for one in months:
        owners = {row["customer_id"]: row["manager_id"] for row in one.rows["customers"]}
        sent = frozenset(manager for manager, form in one.sent if form == "sales")
        told[one.month.year, one.month.month] = Then(one.rows.get("sales", []), owners, one.managers, sent)
    return LikeOracle(told, (JUNE.year, JUNE.month))


def lines_of(of: Months) -> "Lines":
    rows = of.graph.of("ranked", JUNE).to_dict("records")
    return {(row["level"], row["entity_id"], row["figure"]): row for row in rows}  # type: ignore[misc]


Lines = dict[tuple[str, str, str], dict[str, float]]


Recounted = Callable[[int], tuple[LikeOracle, Lines]]


@pytest.fixture(scope="module")
def recounted(made_once: Callable[[str, Callable[[Path], object]], Path]) -> Recounted:
    """An organisation, by its seed, as plain Python tells of it, and the lines of its metrics."""

    @cache
    def of_seed(seed: int) -> tuple[LikeOracle, Lines]:
        whole = seed == 1 and len(SEEDS) > 1
        months = [month_of(month, seed) for month in MONTHS if whole or month.month in SPRING]
        home = made_once(f"missing_and_moved_{seed}", lambda folder: lines_of(opened(folder, months)))
        return oracle_of(months), lines_of(reopened(home))

    return of_seed


@pytest.mark.parametrize("seed", SEEDS)
def test_sales_are_compared_over_the_same_managers_and_customers(recounted: Recounted, seed: int) -> None:
    oracle, lines = recounted(seed)
    now = oracle.reported
    wrong = []
    for entity in oracle.entities():
        for figure, place in FIGURES.items():
            expected = {
                "value": _number(oracle.reported_in(now, entity), place),
                "previous": _number(oracle.reported_in((2024, 5), entity), place),
                "last_year": _number(oracle.reported_in((2023, 6), entity), place),
                **_compared(oracle, entity, place, (2024, 5), "comparable", "previous_comparable", "change"),
                **_compared(
                    oracle, entity, place, (2023, 6), "comparable_last_year", "last_year_comparable", "yoy"
                ),
                "missing": float(sum(_in(entity, one) for one in missing_in(JUNE, seed))),
            }
            got = lines.get((*entity, figure), {})
            wrong += [
                f"{entity} {figure} {name}: {got.get(name)}, not {value}"
                for name, value in expected.items()
                if got.get(name, math.nan) != pytest.approx(value, rel=1e-9, abs=2e-6, nan_ok=True)
            ]
    assert wrong == []


@pytest.mark.parametrize("seed", SEEDS)
def test_the_year_to_date_is_of_each_month_and_its_growth_like_with_like(recounted: Recounted, seed: int) -> None:
    oracle, lines = recounted(seed)
    expected = {}
    for entity in oracle.entities():
        for figure, place in FIGURES.items():
            now, base = (_number(oracle.to_date_like(entity, back), place) for back in (0, 1))
            expected[*entity, figure] = {
                "ytd": _number(oracle.to_date(entity), place),
                "ytd_yoy": growth(now, base),
            }
    assert _wrong(lines, expected) == []


@pytest.mark.parametrize("seed", SEEDS)
def test_new_and_lost_customers_are_those_of_whom_all_four_months_are_known(
    recounted: Recounted, seed: int
) -> None:
    oracle, lines = recounted(seed)
    expected = {}
    for entity in oracle.entities():
        told = oracle.sold_anew(entity)
        new, lost = (math.nan, math.nan) if told is None else map(len, told)
        expected[*entity, "new_customers"] = {"value": new, "n": new}
        expected[*entity, "returning_customers"] = {"value": new}  # all joined in 2020
        expected[*entity, "lost_customers"] = {"value": lost, "n": lost}
    assert _wrong(lines, expected) == []


@pytest.mark.parametrize("seed", SEEDS)
def test_completion_is_held_against_the_target_without_the_share_of_who_is_missing(
    recounted: Recounted, seed: int
) -> None:
    oracle, lines = recounted(seed)
    own = {entity: target for level, entity, target in TARGETS if level == "manager"}
    expected = {}
    for level, code, target in TARGETS:
        entity = level, code
        mine = [one for one in own if _in(entity, one)]
        gone = missing_in(JUNE, seed) & set(mine)
        known = (
            target
            if level == "manager"
            else target * (1 - sum(own[one] for one in gone) / sum(own[one] for one in mine))
        )
        value = _number(oracle.reported_in(oracle.reported, entity), 0)
        expected[*entity, "volume"] = {
            "target": target,
            "target_comparable": known,
            "completion": 100 * value / known if known else math.nan,
        }
    assert _wrong(lines, expected) == []


@pytest.mark.parametrize("seed", SEEDS)
def test_managers_rank_among_those_of_their_region_who_have_reported(recounted: Recounted, seed: int) -> None:
    oracle, lines = recounted(seed)
    expected = {}
    for figure, place in FIGURES.items():
        values = {
            one: _number(oracle.reported_in(oracle.reported, ("manager", one)), place) for one in regions_of(JUNE)
        }
        for one, value in values.items():
            rivals = [values[other] for other in values if regions_of(JUNE)[other] == regions_of(JUNE)[one]]
            rank = math.nan if math.isnan(value) else 1.0 + sum(rival > value for rival in rivals)
            expected["manager", one, figure] = {"rank": rank}
    assert _wrong(lines, expected) == []


def _wrong(lines: Lines, expected: dict[tuple[str, str, str], dict[str, float]]) -> list[str]:
    return [
        f"{key} {name}: {lines.get(key, {}).get(name)}, not {value}"
        for key, numbers in expected.items()
        for name, value in numbers.items()
        if not _same(lines.get(key, {}).get(name, math.nan), value)
    ]


def _same(got: float, value: float) -> bool:
    if pd.isna(got) or pd.isna(value):
        return bool(pd.isna(got) and pd.isna(value))
    return float(got) == pytest.approx(value, rel=1e-9, abs=2e-6)


def _compared(
    oracle: LikeOracle, entity: tuple[str, str], place: int, base: tuple[int, int], *names: str
) -> dict[str, float]:
    now = _number(oracle.like(oracle.reported, base, entity), place)
    then = _number(oracle.like(base, oracle.reported, entity), place)
    return dict(zip(names, (now, then, growth(now, then)), strict=True))


def _number(told: tuple[int, int, int] | None, place: int) -> float:
    return math.nan if told is None else told[place] / (100 if place == 1 else 1)


def _in(entity: tuple[str, str], manager: str) -> bool:
    level, code = entity
    return level == "organisation" or code in (manager, regions_of(JUNE)[manager])


def test_the_sum_over_regions_is_the_organisations(tmp_path: Path) -> None:
    lines = lines_of(opened(tmp_path, [month_of(month, 2) for month in (JUNE + -12, JUNE + -1, JUNE)]))
    for figure in ("volume", "amount"):
        for column in (
            "value",
            "comparable",
            "previous_comparable",
            "comparable_last_year",
            "last_year_comparable",
        ):
            parts = [lines["region", one, figure][column] for one in ("R1", "R2")]
            assert sum(parts) == pytest.approx(lines["organisation", "ALL", figure][column], abs=1e-4), column
