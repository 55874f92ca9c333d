"""Every sheet by its name: see `sheet_list`. Here are those of no subject; those of subjects (their module `sheets`)
are loaded; what is in each is planned by the modules that the makers call.
"""

import importlib

from pipeline.contract.figure import Level
from pipeline.contract.subjects import subjects_with
from pipeline.workbooks import comparison, manager_parts, period_sheets, scorecard
from pipeline.workbooks.blocks import SheetPlan
from pipeline.workbooks.forecast import customer_forecast_table
from pipeline.workbooks.forecast_course import forecast_course
from pipeline.workbooks.glossary import glossary_sheet
from pipeline.workbooks.overview import overview_sheet
from pipeline.workbooks.own_figures import own_figures_sheet
from pipeline.workbooks.page_tables import chart_tables, why_sheet
from pipeline.workbooks.sheet_list import SHEETS, Place, check_sheets, sheet
from pipeline.workbooks.sheets import (
    editions_sheet,
    plan_sheet,
    problems_listed_sheet,
    quality_sheet,
    submissions_sheet,
    trend_sheet,
)

__all__ = ["SHEETS", "check_sheets", "period_sheets"]


def sheet_names() -> tuple[str, ...]:
    """Every sheet that a trade may list."""
    return tuple(sorted(SHEETS))


for subject in subjects_with("sheets"):
    importlib.import_module(f"pipeline.subjects.{subject}.sheets")


@sheet("changes")
def _changes(place: Place) -> SheetPlan | None:
    return editions_sheet(place.view, locked=place.locked)


@sheet("overview")
def _overview(place: Place) -> SheetPlan:
    targets = comparison.main_targets(place.view, place.level)
    return overview_sheet(place.view, targets, place.level, place.title)


@sheet("why")
def _why(place: Place) -> SheetPlan | None:
    return why_sheet(place.view, locked=place.locked)


def _targets(place: Place, level: Level) -> SheetPlan | None:
    return comparison.targets_sheet(place.view, comparison.main_targets(place.view, level), level)


def _compared(place: Place, level: Level) -> SheetPlan:
    return comparison.compared_sheet(place.view, comparison.main_targets(place.view, level), level)


@sheet("targets")
def _manager_targets(place: Place) -> SheetPlan | None:
    return _targets(place, "manager")


@sheet("managers")
def _managers(place: Place) -> SheetPlan:
    return _compared(place, "manager")


@sheet("region_targets")
def _region_targets(place: Place) -> SheetPlan | None:
    return _targets(place, "region")


@sheet("regions")
def _regions(place: Place) -> SheetPlan:
    return _compared(place, "region")


@sheet("scorecard")
def _scorecard(place: Place) -> SheetPlan | None:
    return scorecard.own_scorecard_sheet(place.view) if place.locked else scorecard.scorecard_sheet(place.view)


@sheet("region_scorecard")
def _region_scorecard(place: Place) -> SheetPlan | None:
    return scorecard.region_scorecard_sheet(place.view)


@sheet("scorecard_details")
def _scorecard_details(place: Place) -> SheetPlan | None:
    return scorecard.scorecard_detail_sheet(place.view)


@sheet("forecast")
def _forecast(place: Place) -> SheetPlan:
    return comparison.forecast_sheets(place.view)[0]


@sheet("forecast_parts")
def _forecast_parts(place: Place) -> SheetPlan:
    return comparison.forecast_sheets(place.view)[1]


@sheet("forecast_customers")
def _forecast_customers(place: Place) -> SheetPlan:
    chart, course = forecast_course(place.view) or (None, None)
    blocks = [chart, customer_forecast_table(place.view), course]
    return plan_sheet(place.view, "forecast_customers", blocks, locked=place.locked)


@sheet("problems")
def _problems(place: Place) -> SheetPlan:
    return comparison.problems_sheet(place.view)


@sheet("submissions")
def _submissions(place: Place) -> SheetPlan:
    return submissions_sheet(place.view)


@sheet("quality")
def _quality(place: Place) -> SheetPlan:
    return quality_sheet(place.view, locked=True) if place.locked else problems_listed_sheet(place.view)


@sheet("own_figures")
def _own_figures(place: Place) -> SheetPlan | None:
    return own_figures_sheet(place)


@sheet("glossary")
def _glossary(place: Place) -> SheetPlan:
    return glossary_sheet(place.view, locked=place.locked)


@sheet("trend")
def _trend(place: Place) -> SheetPlan:
    return trend_sheet(place.view, chart_tables(place.view), locked=place.locked)


@sheet("cover")
def _cover(place: Place) -> SheetPlan:
    return manager_parts.cover_sheet(place.view, place.title)


@sheet("part_problems")
def _part_problems(place: Place) -> SheetPlan:
    return manager_parts.problems_part(place.view)


@sheet("part_forecast")
def _part_forecast(place: Place) -> SheetPlan:
    return manager_parts.forecast_part(place.view)
