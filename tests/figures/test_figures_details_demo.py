"""The further frames of a small demo, from its workbooks on, against the plain recalculation."""

from dataclasses import replace

import pytest
from demo_rows import Row, months_of
from entity_frames import frames_of
from february_demo import FEBRUARY, SENT, make_february, opened_february
from oracle_compared import differences
from oracle_details import COMPARED, DetailOracle, all_details

from pipeline.base.calendar import Month
from pipeline.contract.facts import LOOK_BACK_MONTHS
from pipeline.figures.details import MonthDetails, entity_details
from pipeline.figures.growth import MOVED
from pipeline.month.opening import Months


@pytest.mark.slow
def test_every_frame_of_a_demo_equals_the_plain_recalculation(own_copy) -> None:
    demo = own_copy("february_demo", make_february)
    rows = months_of(demo / SENT)
    regions = {row["manager_id"]: row["region_id"] for row in rows[FEBRUARY.year, FEBRUARY.month]["managers"]}
    made = _details(opened_february(demo))
    entities = [("organisation", "ALL", set(regions))]
    entities += [("region", one, {m for m, its in regions.items() if its == one}) for one in set(regions.values())]
    entities += [("manager", one, {one}) for one in regions]
    assert len(entities) == 1 + 2 + 6
    filled: set[str] = set()
    for level, entity, managers in entities:
        frames = frames_of(made, level, entity)
        for name, expected in _recalculated(rows, managers).items():
            made_here = frames[name]
            if (
                name == "growth_by_customers"
            ):  # what moved stands in lines of its own: tests/figures/test_like_with_like
                made_here = made_here[~made_here["kind"].isin(MOVED)]
            assert differences(name, made_here, expected) == [], f"{name} of {entity}"
            filled |= {name} if expected else set()
    without = {"satisfaction_trend", "satisfaction_change", "january_and_february", "brand_counts"}
    without |= {"lost_by_competitor", "losses"}  # the demo sends no enrolments
    without |= {"missing_reports"}  # and everybody reports
    without |= {"customer_opinions"}  # quoted, not counted: see test_figures_opinions
    without |= {"enrolment_differences", "promotions_not_reached", "promotions_unsigned"}  # none went wrong
    without |= {"files_not_checked"}  # nobody has told when files were looked over
    without |= {"visits_against_plan", "plan_kept", "plan_by_week"}  # no schedule was issued: see test_kept_plan
    without |= {"decisions"}  # and no head of a region decided anything: see test_run_decisions
    assert filled >= frames.keys() - without


def _recalculated(rows: dict[tuple[int, int], dict[str, list[Row]]], managers: set[str]) -> dict[str, list[Row]]:
    now = _oracle(rows, FEBRUARY, managers)
    as_now = _restated(rows)
    others = {
        when: _oracle(as_now, FEBRUARY + -back, managers) for when, back in zip(COMPARED, (1, 12), strict=True)
    }
    return all_details(now, others)


def _restated(rows: dict[tuple[int, int], dict[str, list[Row]]]) -> dict[tuple[int, int], dict[str, list[Row]]]:
    """The months with customers, and what they bought, under the managers who have them now: like with like."""
    owner = {row["customer_id"]: row["manager_id"] for row in rows[FEBRUARY.year, FEBRUARY.month]["customers"]}
    return {
        month: {
            form: [
                {**row, "manager_id": owner.get(row["customer_id"], row["manager_id"])}
                if form in ("customers", "sales")
                else row
                for row in own
            ]
            for form, own in forms.items()
        }
        for month, forms in rows.items()
    }


def _oracle(rows: dict[tuple[int, int], dict[str, list[Row]]], month: Month, managers: set[str]) -> DetailOracle:
    behind = [month + -step for step in range(LOOK_BACK_MONTHS + 1)]
    known = [rows[one.year, one.month] for one in behind if (one.year, one.month) in rows]
    return DetailOracle(month.year, month.month, known, managers)


def _details(opened: Months) -> MonthDetails:
    """As the ledger gives them; no workbooks are written."""
    of, shape = opened.graph.of, opened.shape
    counts = {one: of("some_counts", one, shape.names(one)) for one in shape.months_of(FEBRUARY)}
    entities = entity_details(FEBRUARY, counts, of("figures"))
    return replace(of("details", FEBRUARY, None), entities=entities)
