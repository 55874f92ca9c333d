"""Holes and moves that come together: two months missing, a region without anybody, moved and missing at once, a
customer handed over inside a region, a first month. All values are worked out by hand."""

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
from pipeline.findings.evidence import Evidence
from pipeline.findings.find import find_all
from pipeline.month.opening import Months

MAY, JUNE, LAST_JUNE = Month(2024, 5), Month(2024, 6), Month(2023, 6)
REGIONS = {"M1": "R1", "M2": "R1", "M3": "R2"}
# By month and manager the cartons of each of its two customers, at 10 yuan.
SOLD = {
    LAST_JUNE: {"M1": 40, "M2": 60, "M3": 100},
    MAY: {"M1": 50, "M2": 30, "M3": 100},
    JUNE: {"M1": 55, "M2": 21, "M3": 110},
}
pytestmark = pytest.mark.slow  # a home for each kind


def month_of(month: Month, *gone: str, regions: dict[str, str] = REGIONS, **owners: str) -> MonthBuilder:
    """A month in which `gone` have sent nothing; `owners` have a customer of another manager's."""
    return two_customers_each(month, SOLD[month], regions, gone, owners)


KINDS = {
    "two in a row": lambda: [month_of(LAST_JUNE), month_of(MAY, "M2"), month_of(JUNE, "M2")],
    "nobody of R2": lambda: [month_of(LAST_JUNE), month_of(MAY), month_of(JUNE, "M3")],
    "moved and missing": lambda: [
        month_of(LAST_JUNE), month_of(MAY), month_of(JUNE, "M2", regions={"M1": "R1", "M2": "R2", "M3": "R2"}),
    ],
    "inside a region": lambda: [month_of(LAST_JUNE), month_of(MAY), month_of(JUNE, M1C2="M2")],
    "to one who is missing": lambda: [month_of(LAST_JUNE), month_of(MAY), month_of(JUNE, "M2", M1C2="M2")],
    "missing in June": lambda: [month_of(LAST_JUNE), month_of(MAY), month_of(JUNE, "M2")],
    "first month": lambda: [month_of(JUNE, "M2")],
    "late": lambda: [month_of(LAST_JUNE), month_of(MAY), month_of(JUNE)],
}  # fmt: skip


@cache
def home_of(kind: str) -> Months:
    return opened(Path(mkdtemp()), KINDS[kind]())


@cache
def metrics(kind: str) -> pd.DataFrame:
    told: pd.DataFrame = home_of(kind).graph.of("ranked", JUNE)
    return told


def row(kind: str, entity: str, figure: str = "volume") -> dict[str, Any]:
    told = metrics(kind)
    found = told[(told["entity_id"] == entity) & (told["figure"] == figure)]
    assert len(found) == 1, f"{entity}: {len(found)} rows"
    return dict(found.iloc[0])


def found(kind: str, entity: str) -> list[str]:
    """The rules that found something of a region."""
    home = home_of(kind)
    of, profile = home.graph.of, home.settings.profile
    details = of("details", JUNE, ("R1", "R2"))
    names = pd.DataFrame({"level": "manager", "entity_id": ["M1"], "name": ["甲"]})
    told = metrics(kind)
    evidence = Evidence(
        JUNE, told[told["level"] == "region"], of("figures"), profile, details, names, None, ("region",)
    )
    return [one.rule for one in find_all(evidence) if one.entity_id == entity]


def nothing(value: object) -> bool:
    return bool(pd.isna(value))  # type: ignore[call-overload]


def test_of_a_manager_missing_for_two_months_in_a_row_neither_is_compared() -> None:
    got = row("two in a row", "R1")
    assert (got["value"], got["previous"], got["missing"]) == (110, 100, 1)
    assert got["change"] == pytest.approx(10.0)  # M1: 110 after 100
    assert got["yoy"] == pytest.approx(37.5)  # and 80
    own = row("two in a row", "M2")
    assert nothing(own["value"]) and nothing(own["previous"]) and nothing(own["change"])
    assert own["last_year"] == 120


def test_a_region_whose_only_manager_is_missing_is_told_with_what_is_known_and_not_as_nothing() -> None:
    got = row("nobody of R2", "R2")
    assert nothing(got["value"]) and nothing(got["change"]) and nothing(got["yoy"]) and nothing(got["rank"])
    assert (got["previous"], got["last_year"], got["missing"]) == (200, 200, 1)
    whole = row("nobody of R2", "ALL")
    assert whole["value"] == 110 + 42
    assert whole["change"] == pytest.approx(100 * (152 / 160 - 1))  # R1 alone, 100 + 60
    assert whole["yoy"] == pytest.approx(100 * (152 / 200 - 1))
    # Customers' files are the office's: they are known all the same.
    assert [one for one in found("nobody of R2", "R2") if one != "files_incomplete"] == ["report_missing"]


def test_a_manager_who_moved_and_is_missing_at_once_is_missing_where_it_is_now() -> None:
    first, second = row("moved and missing", "R1"), row("moved and missing", "R2")
    assert (first["value"], first["missing"]) == (110, 0)
    assert first["change"] == pytest.approx(10.0)  # M1 alone, though May's 160 had M2's
    assert first["previous"] == 160 and first["previous_comparable"] == 100
    assert (second["value"], second["missing"]) == (220, 1)
    assert second["change"] == pytest.approx(10.0)  # M3 alone: 220 after 200
    assert "lost_customer" not in found("moved and missing", "R1")


def test_a_customer_handed_over_inside_a_region_changes_nothing_above_its_managers() -> None:
    got = row("inside a region", "R1")
    assert got["change"] == pytest.approx(100 * (152 / 160 - 1))
    # M1 has C1 alone now: 55 after 50; M2 has three: 55 + 42 after 50 + 60
    assert row("inside a region", "M1")["change"] == pytest.approx(10.0)
    assert row("inside a region", "M2")["change"] == pytest.approx(100 * (97 / 110 - 1))
    assert "lost_customer" not in found("inside a region", "R1")


def test_a_customer_handed_to_a_manager_who_is_missing_is_compared_on_neither_side() -> None:
    got = row("to one who is missing", "R1")
    assert (got["value"], got["comparable"], got["previous_comparable"]) == (55, 55, 50)
    assert got["change"] == pytest.approx(10.0)
    assert found("to one who is missing", "R1").count("lost_customer") == 0


def test_the_sum_of_a_region_with_a_hole_has_no_place_and_who_is_missing_has_none() -> None:
    kind = "missing in June"
    assert nothing(row(kind, "R1")["rank"])  # 110 of M1 alone is no rival of a whole region's 220
    assert row(kind, "R2")["rank"] == 1
    assert row(kind, "M1")["rank"] == 1 and nothing(row(kind, "M2")["rank"])


def test_in_a_month_when_all_have_reported_regions_have_their_places() -> None:
    assert (row("late", "R1")["rank"], row("late", "R2")["rank"]) == (2, 1)  # 152 and 220
    assert (row("late", "M1")["rank"], row("late", "M2")["rank"]) == (1, 2)  # 110 and 42


def test_a_first_month_with_a_hole_has_values_and_nothing_to_compare() -> None:
    got = row("first month", "R1")
    assert (got["value"], got["missing"]) == (110, 1)
    assert all(nothing(got[name]) for name in ("previous", "change", "last_year", "yoy", "ytd_yoy"))
    assert found("first month", "R1")[0] == "report_missing"
    assert not {"amount_fall", "lost_customer", "silent_customer"} & set(found("first month", "R1"))


def test_a_report_that_came_late_leaves_no_trace_of_its_having_been_missing() -> None:
    got = row("late", "R1")
    assert (got["value"], got["missing"]) == (152, 0)
    assert got["change"] == pytest.approx(100 * (152 / 160 - 1))
    assert "report_missing" not in found("late", "R1")


def test_the_details_of_a_region_without_anybody_tell_no_customer_lost() -> None:
    details = home_of("nobody of R2").graph.of("details", JUNE, ("R2",))
    own = cut_details(details).of("region", "R2")
    assert own["customers_by_movement"]["movement"].tolist() == ["idle", "idle"]
    kinds = own["growth_by_customers"]
    assert not (kinds["customers"] > 0).any()
