"""Every further frame of a month against the plain recalculation: hand-made months, each entity of each level."""

from collections.abc import Mapping
from functools import cache
from typing import Any

import pandas as pd
import pytest
from entity_frames import frames_of, made_details
from made_up import JUNE, REGIONS, made_up
from month_builder import MonthBuilder, tobacco
from oracle_compared import differences
from oracle_details import COMPARED, GROWTH, LISTS, SUMS, DetailOracle, all_details

from pipeline.base.calendar import Month
from pipeline.contract.facts import LOOK_BACK_MONTHS, Facts
from pipeline.figures.catalogue import all_figures
from pipeline.figures.count import count_month
from pipeline.figures.details import MonthDetails
from pipeline.figures.entities import values_of_month
from pipeline.figures.reduce import reduced

Row = dict[str, Any]
Builders = Mapping[Month, MonthBuilder]
ENTITIES = {
    ("organisation", "ALL"): {"M1", "M2", "M3"}, ("region", "R1"): {"M1", "M2"}, ("region", "R2"): {"M3"},
    ("manager", "M1"): {"M1"}, ("manager", "M2"): {"M2"}, ("manager", "M3"): {"M3"},
}  # fmt: skip
FRAMES = (*SUMS, *LISTS, *GROWTH)


def months(seed: int) -> dict[Month, MonthBuilder]:
    """June 2024 and all that it is compared with and looks back on."""
    wanted = [*range(5), *range(12, 16)]
    built = {JUNE + -back: made_up(JUNE + -back, seed) for back in wanted}
    for month, builder in built.items():
        if month < JUNE:
            _moved(builder, "C00", "M2")
    return built


def _moved(builder: MonthBuilder, customer: str, manager: str) -> None:
    """A customer was another manager's then."""
    for rows in builder.rows.values():
        for row in rows:
            if row.get("customer_id") == customer:
                row["manager_id"] = manager


def facts(built: Builders, month: Month) -> Facts | None:
    if month not in built:
        return None
    back = [month + -step for step in range(1, LOOK_BACK_MONTHS + 1) if month + -step in built]
    return Facts(built[month].build(), {one: reduced(built[one].build()) for one in back}, tobacco())


def details(built: Builders) -> MonthDetails:
    now = facts(built, JUNE)
    assert now is not None
    return made_details(now, facts(built, JUNE + -1), facts(built, JUNE + -12))


def oracle(built: Builders, month: Month, managers: set[str]) -> DetailOracle | None:
    if month not in built:
        return None
    behind = [month + -step for step in range(LOOK_BACK_MONTHS + 1) if month + -step in built]
    found = DetailOracle(month.year, month.month, [built[one].rows for one in behind], managers)
    found.told = {manager for manager, form in built[month].sent if form == "sales"} or None
    return found


def recalculated(built: Builders, managers: set[str]) -> dict[str, list[Row]]:
    now = oracle(built, JUNE, managers)
    assert now is not None
    others = {when: oracle(built, JUNE + -back, managers) for when, back in zip(COMPARED, (1, 12), strict=True)}
    return all_details(now, others)


SEEDS = {1: 1, 2: 2, 3: 6}


@cache
def case(number: int) -> tuple[dict[Month, MonthBuilder], MonthDetails]:
    """1 has all months; in 2 a manager sent no sales; in 3 no other month is known."""
    built = months(SEEDS[number])
    if number == 2:
        built[JUNE].rows["sales"] = [row for row in built[JUNE].rows["sales"] if row["manager_id"] != "M2"]
        built[JUNE].sent -= {("M2", "sales")}
    if number == 3:
        built = {JUNE: built[JUNE]}
    return built, details(built)


@cache
def made_of(number: int, level: str, entity: str) -> dict[str, pd.DataFrame]:
    return frames_of(case(number)[1], level, entity)


@cache
def expected_of(number: int, level: str, entity: str) -> dict[str, list[Row]]:
    return recalculated(case(number)[0], ENTITIES[level, entity])


@pytest.mark.parametrize("number", [1, pytest.param(2, marks=pytest.mark.slow), 3])
@pytest.mark.parametrize("frame", FRAMES)
def test_a_frame_equals_the_plain_recalculation(number: int, frame: str) -> None:
    filled = 0
    for level, entity in ENTITIES:
        expected = expected_of(number, level, entity)[frame]
        got = made_of(number, level, entity)[frame]
        assert differences(frame, got, expected) == [], f"{frame} of {entity}"
        filled += len(expected)
    assert filled or number == 3


def test_every_documented_frame_of_sums_and_lists_is_recalculated() -> None:
    _, made = case(1)
    # those over several months are tested elsewhere, and what brand_activity and losses are added up from is no table
    others = {"satisfaction_trend", "satisfaction_change", "january_and_february", "missing_reports"}
    others |= {"brand_counts", "lost_by_competitor"}
    others |= {"customer_opinions"}  # quoted, not counted: see test_figures_opinions
    others |= {"visits_against_plan", "plan_kept", "plan_by_week"}  # of issued schedules: see test_kept_plan
    others |= {"decisions"}  # what heads of regions decided, not counted: see test_run_decisions
    assert frames_of(made, "organisation", "ALL").keys() - others == set(FRAMES)


def test_counts_of_brands_add_up_to_the_figure_over_all_brands() -> None:
    built, made = case(2)
    now = facts(built, JUNE)
    assert now is not None
    figures = [figure for figure in all_figures(tobacco()) if figure.key == "brand_activity"]
    values = values_of_month(count_month(now, figures), figures).set_index("entity_id")
    for level, entity in ENTITIES:
        counts = frames_of(made, level, entity)["brand_counts"]
        told = values.loc[entity, ["numerator", "denominator"]].tolist() if entity in values.index else [0, 0]
        assert counts[["customers", "customers_before"]].sum().tolist() == told


def test_effects_of_managers_and_regions_need_not_add_up_but_changes_do() -> None:
    _, made = case(1)
    changes = {key: _change(frames_of(made, *key)["growth_effects"]) for key in ENTITIES}
    regions = changes["region", "R1"] + changes["region", "R2"]
    managers = sum(changes["manager", one] for one in REGIONS)
    assert regions == pytest.approx(changes["organisation", "ALL"], abs=1e-9)
    assert managers == pytest.approx(changes["organisation", "ALL"], abs=1e-9)


def _change(effects: pd.DataFrame) -> float:
    return float(effects.loc[effects["compared_with"] == "previous", "change"].sum())


@pytest.mark.parametrize("level, entity", ENTITIES)
def test_parts_of_growth_add_up_to_the_change_to_the_cent(level: str, entity: str) -> None:
    _, made = case(1)
    frames = frames_of(made, level, entity)
    effects, kinds = frames["growth_effects"], frames["growth_by_customers"]
    assert effects["compared_with"].tolist() == ["previous", "last_year"]
    parts = effects[["volume_effect", "mix_effect", "price_effect"]].sum(axis=1)
    assert (parts * 100).round(6).tolist() == (effects["change"] * 100).round(6).tolist()
    moved = kinds.groupby("compared_with")["change"].sum()[["previous", "last_year"]]
    assert (moved * 100).round(6).tolist() == (effects["change"] * 100).round(6).tolist()
