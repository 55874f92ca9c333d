"""Who has not reported is unknown, not zero; who moved is not lost. Values are worked out by hand."""

from functools import cache
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

import pandas as pd
import pytest
from month_builder import MonthBuilder, two_customers_each
from small_ledger import opened

from pipeline.base.calendar import Month
from pipeline.figures.details import cut_details
from pipeline.month.comparing import grades_changed, table_of_grades
from pipeline.month.opening import Months

MAY, JUNE, JULY = Month(2024, 5), Month(2024, 6), Month(2024, 7)
LAST_JUNE = Month(2023, 6)
REGIONS = {"M1": "R1", "M2": "R1", "M3": "R2"}
# By month and manager the cartons of each of its customers, at 10 yuan.
SOLD = {
    LAST_JUNE: {"M1": 40, "M2": 60, "M3": 100},
    MAY: {"M1": 50, "M2": 30, "M3": 100},
    JUNE: {"M1": 55, "M2": 20, "M3": 110},
    JULY: {"M1": 66, "M2": 40, "M3": 99},
}


def month_of(month: Month, without: str = "", regions: dict[str, str] = REGIONS, **owners: str) -> MonthBuilder:
    """A month in which each manager sells to two customers; `without` has sent nothing, `owners` have a customer."""
    return two_customers_each(month, SOLD[month], regions, [without] if without else [], owners)


@cache
def home_of(kind: str) -> Months:
    home = Path(mkdtemp())
    if kind == "missing":  # M2 has sent nothing in June
        months = [month_of(LAST_JUNE), month_of(MAY), month_of(JUNE, "M2"), month_of(JULY)]
    elif kind == "moved":  # M2 goes to R2 in June, and one of M1's customers to M3
        moved = {"M1": "R1", "M2": "R2", "M3": "R2"}
        months = [month_of(LAST_JUNE), month_of(MAY), month_of(JUNE, "", moved, M1C2="M3")]
    else:  # moved from a manager who had not reported
        months = [month_of(MAY, "M2"), month_of(JUNE, "", REGIONS, M2C1="M1")]
    return opened(home, months)


def row(kind: str, month: Month, entity: str, figure: str = "volume") -> dict[str, Any]:
    of = home_of(kind)
    regions = None if entity == "ALL" else tuple(of.shape.names(month))
    metrics = of.graph.of("metrics", month, regions)
    found = metrics[(metrics["entity_id"] == entity) & (metrics["figure"] == figure)]
    assert len(found) == 1
    return dict(found.iloc[0])


@pytest.mark.slow
@pytest.mark.parametrize(("entity", "value", "change", "yoy"), [
    ("R1", 110, 10.0, 37.5),  # M1 alone: 2 × 55 after 2 × 50, and 2 × 40
    ("ALL", 330, 10.0, 100 * (330 / 280 - 1)),  # with M3: 330 after 300, and 280
])  # fmt: skip
def test_a_region_with_a_manager_missing_is_compared_over_the_others(
    entity: str, value: float, change: float, yoy: float
) -> None:
    got = row("missing", JUNE, entity)
    assert (got["value"], got["missing"]) == (value, 1)
    assert got["change"] == pytest.approx(change)
    assert got["yoy"] == pytest.approx(yoy)


@pytest.mark.slow
def test_the_total_as_reported_stands_beside_what_is_compared() -> None:
    got = row("missing", JUNE, "R1")
    assert (got["previous"], got["previous_comparable"]) == (160, 100)  # with M2, and without
    assert (got["last_year"], got["last_year_comparable"]) == (200, 80)


def test_the_month_after_does_not_rise_by_who_is_back() -> None:
    got = row("missing", JULY, "R1")
    assert (got["value"], got["comparable"], got["previous_comparable"]) == (212, 132, 110)
    assert got["change"] == pytest.approx(20.0)
    assert got["missing"] == 0


def test_a_missing_manager_has_a_row_with_what_is_known_and_no_value() -> None:
    got = row("missing", JUNE, "M2")
    assert pd.isna(got["value"]) and pd.isna(got["change"])
    assert (got["previous"], got["last_year"], got["missing"]) == (60, 120, 1)


def test_who_is_missing_is_told_with_the_share_of_the_totals_that_was_theirs() -> None:
    table = home_of("missing").graph.of("missing", JUNE, ("R1",))
    sales = table[(table["level"] == "region") & (table["form"] == "sales")].iloc[0]
    assert (sales["managers"], sales["colleagues"]) == ("M2", "M1,M2")
    assert (sales["share_previous"], sales["share_last_year"]) == (37.5, 60.0)  # 60 of 160, 120 of 200


@pytest.mark.slow
def test_customers_of_a_missing_manager_are_neither_lost_nor_silent_nor_shrinking() -> None:
    of = home_of("missing").graph.of
    details = of("details", JUNE, ("R1",))
    own = cut_details(details).of("region", "R1")
    moved = own["customers_by_movement"].set_index("customer_id")
    assert moved.loc[["M2C1", "M2C2"], "movement"].tolist() == ["idle", "idle"]
    assert moved.loc[["M2C1", "M2C2"], "volume"].isna().all()
    kinds = own["growth_by_customers"].set_index(["compared_with", "kind"])
    assert kinds.loc[("previous", "stopped"), "customers"] == 0
    assert kinds.loc[("previous", "growing"), "change"] == 100  # 2 × 5 cartons of M1, at 10 yuan
    effects = own["growth_effects"].set_index("compared_with")
    assert effects.loc["previous", ["amount_base", "change", "amount"]].tolist() == [1000, 100, 1100]


@pytest.mark.slow
def test_a_customer_is_not_new_that_bought_while_nobody_reported() -> None:
    of = home_of("missing").graph.of
    own = cut_details(of("details", JULY, ("R1",))).of("region", "R1")
    moved = own["customers_by_movement"].set_index("customer_id")
    assert moved.loc["M2C1", "movement"] == "idle"
    assert pd.isna(moved.loc["M2C1", "volume_previous"])


@pytest.mark.slow
@pytest.mark.parametrize(("entity", "value", "previous", "base", "change"), [
    # R1 has M1 with one customer: 55 after 50; as reported it had M1 and M2 in May: 2 × 50 + 2 × 30
    ("R1", 55, 160, 50, 10.0),
    # R2 has M2, M3 and the customer from M1: 2 × 20 + 2 × 110 + 55 after 2 × 30 + 2 × 100 + 50
    ("R2", 315, 200, 310, 100 * (315 / 310 - 1)),
    ("M3", 275, 200, 250, 10.0),
    ("ALL", 370, 360, 360, 100 * (370 / 360 - 1)),
])  # fmt: skip
def test_who_moved_is_compared_with_what_it_bought_where_it_was(
    entity: str, value: float, previous: float, base: float, change: float
) -> None:
    got = row("moved", JUNE, entity)
    assert (got["value"], got["previous"], got["previous_comparable"]) == (value, previous, base)
    assert got["change"] == pytest.approx(change)


@pytest.mark.slow
def test_the_regions_compared_add_up_to_the_organisation_compared() -> None:
    for column in ("comparable", "previous_comparable", "comparable_last_year", "last_year_comparable"):
        parts = [row("moved", JUNE, region)[column] for region in ("R1", "R2")]
        assert sum(parts) == row("moved", JUNE, "ALL")[column], column


@pytest.mark.slow
def test_moved_in_and_moved_out_are_lines_of_their_own() -> None:
    of, expected = (
        home_of("moved").graph.of,
        {"R1": (0, 0, 3, -1100), "R2": (3, 1100, 0, 0)},
    )  # 2 × 30 + 50 cartons at 10 yuan
    for region, (came, gained, went, less) in expected.items():
        own = cut_details(of("details", JUNE, (region,))).of("region", region)
        lines = own["growth_by_customers"]
        lines = lines[lines["compared_with"] == "previous"].set_index("kind")
        told = [lines.loc[kind, ["customers", "change"]].tolist() if kind in lines.index else [0, 0]
                for kind in ("moved_in", "moved_out")]  # fmt: skip
        assert told == [[came, gained], [went, less]]
        assert lines.loc["stopped", "customers"] == 0
        assert lines.loc["started", "customers"] == 0


@pytest.mark.slow
def test_what_a_customer_bought_under_a_manager_who_had_not_reported_is_not_known() -> None:
    got = row("from missing", JUNE, "M1")
    assert got["value"] == 2 * 55 + 20  # with the customer that came
    assert (got["comparable"], got["previous_comparable"]) == (110, 100)
    assert got["change"] == pytest.approx(10.0)


def test_months_in_which_somebody_is_missing_are_known_by_entity() -> None:
    table = home_of("missing").graph.of("missing_months", JULY, ("R1", "R2"))
    told = {(one.level, one.entity_id): (one.month, one.managers) for one in table.itertuples()}
    assert told == {("region", "R1"): ("2024-06", "M2"), ("manager", "M2"): ("2024-06", "M2")}


@pytest.mark.slow
def test_customers_moved_in_and_out_are_lines_that_add_up_to_nobody() -> None:
    table = home_of("moved").graph.of("table_of_moves", JUNE, ("R1", "R2"))
    told = {
        (one.entity_id, one.kind): one.customers
        for one in table[table["compared_with"] == "previous"].itertuples()
    }
    # R1 gives M2 with its two customers, and one customer of M1, to R2; to M3 comes that one alone.
    assert told == {("R1", "moved_out"): -3, ("R2", "moved_in"): 3, ("M1", "moved_out"): -1, ("M3", "moved_in"): 1}


@pytest.mark.slow
def test_what_was_reported_and_the_lines_of_moves_add_up_to_the_customers_compared() -> None:
    table = home_of("moved").graph.of("table_of_moves", JUNE, ("R1", "R2"))
    moved = table[table["compared_with"] == "previous"].groupby("entity_id")["customers"].sum()
    for entity, reported, comparable in (("R1", 4, 1), ("R2", 2, 5)):
        got = row("moved", JUNE, entity, "customers_end")
        assert (got["previous"], got["previous_comparable"]) == (reported, comparable)
        assert reported + moved[entity] == comparable


@pytest.mark.slow
def test_to_the_organisation_and_where_everybody_stayed_nobody_moves() -> None:
    assert home_of("moved").graph.of("table_of_moves", JUNE, None).empty
    assert home_of("missing").graph.of("table_of_moves", JULY, ("R1", "R2")).empty


def test_customers_with_another_grade_are_counted_for_whom_they_are_with_now() -> None:
    """Of M1 in May: C1 was of grade 2 and is of 3; C2 came from M3 with another grade; C3's was not known."""
    then = pd.DataFrame(
        [("C1", "M1", "2"), ("C2", "M3", "1"), ("C3", "M1", None), ("C4", "M2", "4"), ("C5", "M3", "5")],
        columns=["customer_id", "manager_id", "grade"],
    )
    now = pd.DataFrame(
        [("C1", "M1", "3"), ("C2", "M1", "2"), ("C3", "M1", "1"), ("C4", "M2", "4"), ("C6", "M3", "5")],
        columns=["customer_id", "manager_id", "grade"],
    )
    found = grades_changed(JUNE, MAY, [now, then])
    assert found.to_numpy().tolist() == [["C1", "M1", "3", "2"], ["C2", "M1", "2", "1"]]
    regions = pd.Series({"M1": "R1", "M2": "R1", "M3": "R2"})
    table = table_of_grades(JUNE, ("R1", "R2"), {"previous": found}, regions)
    told = {(one.level, one.entity_id, one.when): one.customers for one in table.itertuples()}
    assert told == {("region", "R1", "previous"): 2, ("manager", "M1", "previous"): 2}
    whole = table_of_grades(JUNE, None, {"previous": found}, regions)
    assert whole[["level", "entity_id", "customers"]].to_numpy().tolist() == [["organisation", "ALL", 2]]
