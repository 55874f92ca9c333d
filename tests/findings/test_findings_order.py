"""Growth, lists and findings say the same whatever the order of rows and files, and however a file is split."""

import random
from collections.abc import Sequence

import pandas as pd
import pytest
from entity_frames import frames_of
from findings_of_month import Seen, seen
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from made_up import JUNE, SENT, made_up
from month_builder import MonthBuilder

from pipeline.base.calendar import Month
from pipeline.month.open_actions import open_actions
from schemas.form import Carried

CARRIED = Carried(("topic", "problem"), "status", "done")

SOURCES = ["source_file", "source_sheet", "source_row"]
ENTITIES = (("organisation", "ALL"), ("region", "R1"), ("region", "R2"), ("manager", "M1"), ("manager", "M2"))
SHUFFLED = (*SENT, "actions")


def months(seed: int) -> list[MonthBuilder]:
    """June, May and June of the year before, with actions that are overdue."""
    built = [made_up(month, seed) for month in (JUNE, JUNE + -1, JUNE + -12)]
    draw = random.Random(seed)
    for number in range(8):
        built[0].add("actions", manager_id=f"M{number % 3 + 1}", topic="货源", problem=f"问题{number}",
                     countermeasure="对策", due_on=f"2024-06-{draw.randint(5, 30):02d}")  # fmt: skip
    return built


def in_another_order(built: Sequence[MonthBuilder], order: random.Random, files: int) -> None:
    """Rows shuffled, and each manager's spread over several files that come in any order."""
    for one in built:
        for form in SHUFFLED:
            rows = one.rows.get(form, [])
            order.shuffle(rows)
            for place, row in enumerate(rows):
                part = order.randrange(files)
                row |= {"source_file": f"{row['manager_id']}-{part}.xlsx", "source_hash": str(part),
                        "source_row": place + 4}  # fmt: skip
        for rows in one.rows.values():
            order.shuffle(rows)


def told(built: Sequence[MonthBuilder]) -> Seen:
    actions: list[tuple[Month, pd.DataFrame]] = [(one.month, one.build().rows["actions"]) for one in built]
    carried = open_actions(JUNE, sorted(actions, key=lambda one: one[0]), CARRIED)
    return seen(*built, open_actions=carried)


def without_sources(frame: pd.DataFrame) -> pd.DataFrame:
    """Rows that differ in nothing but their place may change places."""
    kept = frame.drop(columns=[name for name in SOURCES if name in frame])
    keys = [tuple(map(str, row)) for row in kept.itertuples(index=False)]
    return kept.iloc[sorted(range(len(keys)), key=lambda place: keys[place])].reset_index(drop=True)


@pytest.mark.slow
@given(st.integers(0, 10**6), st.randoms(use_true_random=False), st.integers(1, 3))
@settings(max_examples=2, deadline=None, phases=[Phase.generate], suppress_health_check=[HealthCheck.too_slow])
def test_order_and_splitting_change_neither_growth_nor_lists_nor_findings(
    seed: int, order: random.Random, files: int
) -> None:
    whole, mixed = months(seed), months(seed)
    in_another_order(mixed, order, files)
    first, second = told(whole), told(mixed)
    for level, entity in ENTITIES:
        one, other = (frames_of(got.evidence.details, level, entity) for got in (first, second))
        assert one.keys() == other.keys()
        for name, frame in one.items():
            got = without_sources(other[name])
            pd.testing.assert_frame_equal(without_sources(frame), got, check_exact=True, obj=f"{name} of {entity}")
    findings = [got.frame().drop(columns=["file", "sheet", "row"]) for got in (first, second)]
    assert {"amount_fall", "price_offence", "overdue_action"} & set(findings[0]["rule"])
    pd.testing.assert_frame_equal(*findings, check_exact=True)
