"""What is counted of a trade's own levels of entities, by hand."""

import pandas as pd
import pytest
from month_builder import MonthBuilder, facts_of, frame_of, tobacco

from pipeline.base.calendar import Month
from pipeline.contract.figure import Figure
from pipeline.figures.catalogue import all_figures
from pipeline.figures.comparable import like_counts
from pipeline.figures.count import MonthCounts, counts_of_region, counts_of_whole, counts_together
from pipeline.figures.count_levels import count_with_levels
from pipeline.figures.entities import values_of_month
from pipeline.figures.known import MonthKnown
from pipeline.figures.levels import inner_of, missing_at_levels
from pipeline.figures.metrics import metrics_of_month
from pipeline.figures.own_targets import with_own_targets
from pipeline.figures.whose_rows import Moved
from schemas.profile import Profile

MAY, JUNE = Month(2024, 5), Month(2024, 6)
STATION = {"zh": "供电所", "en": "Station", "parent": "region", "ids": "managers.role"}
ENGINEER = {"zh": "工程师", "en": "Engineer", "ids": "complaints.handler"}
REGIONS = {"M1": "R1", "M2": "R1", "M3": "R2"}


def profile(**levels: object) -> Profile:
    return tobacco(entities=levels or {"station": STATION, "engineer": ENGINEER})


def month(
    when: Month, handlers: dict[str, str], gone: str = "", roles: dict[str, str] | None = None
) -> MonthBuilder:
    """A month with one case each: by case number ("M1.1" is one of M1) its handler."""
    sent = frozenset((one, form) for one in REGIONS for form in ("complaints", "visits") if one != gone)
    built = MonthBuilder(when, REGIONS, sent=sent)
    for manager, region in REGIONS.items():
        role = (roles or {}).get(manager)
        built.add("managers", manager_id=manager, manager_name=manager, region_id=region, role=role)
        built.customer(f"{manager}C", manager)
    for number, handler in handlers.items():
        manager = number.partition(".")[0]
        received = str(when.first_day)
        built.case(f"{when}-{number}", manager, f"{manager}C", received, handler=handler or None)
    return built


def counted(built: MonthBuilder, declared: Profile) -> tuple[MonthCounts, tuple[Figure, ...]]:
    figures = all_figures(declared)
    return count_with_levels(facts_of(built, profile=declared), figures), figures


def told(
    counts: MonthCounts, figures: tuple[Figure, ...], level: str, figure: str = "complaints"
) -> dict[str, float]:
    values = values_of_month(counts, figures, [level])
    return values[values["figure"] == figure].set_index("entity_id")["value"].to_dict()


def test_an_engineer_has_its_rows_whoever_sent_them_and_rows_without_one_are_nobodys():
    counts, figures = counted(
        month(JUNE, {"M1.1": "E1", "M1.2": "E2", "M2.1": "E1", "M3.1": "E1", "M3.2": ""}), profile()
    )
    assert told(counts, figures, "engineer") == {"E1": 3, "E2": 1}


def test_regions_counted_apart_and_put_together_or_added_up_tell_the_same_of_an_engineer():
    counts, figures = counted(month(JUNE, {"M1.1": "E1", "M2.1": "E1", "M3.1": "E1"}), profile())
    parts = [counts_of_region(counts, region) for region in ("R1", "R2")]
    assert told(parts[0], figures, "engineer") == {"E1": 2}
    assert told(counts_together(parts), figures, "engineer") == told(counts_of_whole(parts), figures, "engineer")
    assert told(counts_of_whole(parts), figures, "engineer") == {"E1": 3}


def test_a_station_adds_up_the_managers_of_its_region_and_a_median_is_over_their_values():
    roles = {"M1": "S1", "M2": "S1", "M3": "S2"}
    built = month(JUNE, {"M1.1": "", "M1.2": "", "M2.1": "", "M3.1": ""}, roles=roles)
    for manager, minutes in (("M1", 10), ("M1", 20), ("M2", 90), ("M3", 5)):
        built.visit(manager, f"{manager}C", 3, arrived_at=600, left_at=600 + minutes)
    counts, figures = counted(built, profile())
    assert told(counts, figures, "station") == {"S1": 3, "S2": 1}
    assert told(counts, figures, "station", "visit_minutes") == {"S1": 20, "S2": 5}


def test_a_manager_whose_station_is_of_another_region_stands_under_its_region_alone():
    managers = frame_of(
        "managers",
        [
            {"manager_id": one, "manager_name": one, "region_id": region, "role": "S1"}
            for one, region in {**REGIONS, "M4": "R2", "M5": "R2"}.items()
        ],
    )
    regions = pd.Series({**REGIONS, "M4": "R2", "M5": "R2"})
    found = inner_of({"managers": managers}, regions, profile(station=STATION))["station"]
    assert found["manager_id"].tolist() == ["M3", "M4", "M5"]  # three of R2, two of R1


def test_months_are_compared_by_the_managers_who_reported_both():
    """E1 had one case of M1 and two of M2 in May; in June M2 has not reported: one of M1 then, two now."""
    may = month(MAY, {"M1.1": "E1", "M2.1": "E1", "M2.2": "E1"})
    june = month(JUNE, {"M1.1": "E1", "M1.2": "E1"}, gone="M2")
    declared = profile()
    (then, figures), (now, _) = counted(may, declared), counted(june, declared)
    known = MonthKnown(JUNE, frozenset(REGIONS), {"complaints": frozenset({"M2"})})
    like = like_counts(then, Moved(pd.Series(REGIONS)), MonthKnown(MAY, frozenset(REGIONS)), known, figures)
    assert told(then, figures, "engineer") == {"E1": 3}
    assert told(like, figures, "engineer") == {"E1": 1}
    assert told(now, figures, "engineer") == {"E1": 2}


def test_who_is_missing_is_told_of_its_station_and_of_every_engineer():
    counts, _ = counted(month(JUNE, {"M1.1": "E1"}, gone="M2", roles={"M1": "S1", "M2": "S2"}), profile())
    columns = ["level", "entity_id", "form", "missing", "in_office", "managers", "colleagues"]
    rows = [
        ("organisation", "ALL", "complaints", 1, 3, "M2", "M1,M2,M3"),
        ("region", "R1", "complaints", 1, 2, "M2", "M1,M2"),
        ("manager", "M2", "complaints", 1, 1, "M2", "M2"),
    ]
    found = missing_at_levels(pd.DataFrame(rows, columns=columns), counts.levels)
    own = found[found["level"].isin(["station", "engineer"])][columns].values.tolist()
    assert own == [
        ["station", "S2", "complaints", 1, 1, "M2", "M2"],
        ["engineer", "E1", "complaints", 1, 3, "M2", "M1,M2,M3"],
    ]


def test_stations_rank_within_their_region_and_engineers_among_all():
    roles = {"M1": "S1", "M2": "S2", "M3": "S3"}
    cases = {"M1.1": "E1", "M1.2": "E1", "M2.1": "E2", "M3.1": "E3", "M3.2": "E3", "M3.3": "E3"}
    declared = profile()
    counts, figures = counted(month(JUNE, cases, roles=roles), declared)
    rows = metrics_of_month(JUNE, {JUNE: counts}, frame_of("targets", []), figures, declared)
    ranks = rows[rows["figure"] == "complaints"].set_index(["level", "entity_id"])["rank"].to_dict()
    assert {one: ranks["station", one] for one in ("S1", "S2", "S3")} == {"S1": 2, "S2": 1, "S3": 1}
    assert {one: ranks["engineer", one] for one in ("E1", "E2", "E3")} == {"E1": 2, "E2": 1, "E3": 3}


def test_a_level_may_narrow_the_figures_that_are_told_of_it():
    figures = all_figures(profile(engineer={**ENGINEER, "figures": ["on_time_rate"]}))
    assert [one.key for one in figures if "engineer" in one.levels] == ["on_time_rate"]


def test_targets_of_managers_add_up_to_their_stations():
    managers = frame_of(
        "managers",
        [
            {
                "manager_id": one,
                "manager_name": one,
                "region_id": region,
                "role": {"M1": "S1", "M2": "S1"}.get(one),
            }
            for one, region in REGIONS.items()
        ],
    )
    declared = tobacco(entities={"station": STATION}, targets={"visits": 20})
    figures = [one for one in all_figures(declared) if one.key == "visits"]
    regions = pd.Series(REGIONS)
    inner = inner_of({"managers": managers}, regions, declared)
    found = with_own_targets(JUNE, frame_of("targets", []), managers, regions, figures, declared, inner)
    assert found[found["level"] == "station"][["entity_id", "target"]].values.tolist() == [["S1", 40.0]]


@pytest.mark.parametrize("level", ["station", "engineer"])
def test_without_the_level_nothing_is_counted_of_it(level):
    counts, figures = counted(month(JUNE, {"M1.1": "E1"}), tobacco())
    assert not counts.levels.inner and not counts.levels.beside
    assert told(counts, figures, level) == {}
