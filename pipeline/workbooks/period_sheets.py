"""The sheets of quarters, half-years and years, by the names under which a trade lists them."""

from pipeline.workbooks.blocks import SheetPlan
from pipeline.workbooks.period_figures import entities_sheet, figures_sheet, months_sheet
from pipeline.workbooks.period_told import fared_sheet, reports_sheet, rules_sheet
from pipeline.workbooks.period_work import actions_sheet, best_sheet, summary_sheet
from pipeline.workbooks.sheet_list import Place, sheet


@sheet("period_figures")
def _figures(place: Place) -> SheetPlan | None:
    return figures_sheet(place.view, locked=place.locked)


@sheet("period_months")
def _months(place: Place) -> SheetPlan | None:
    return months_sheet(place.view, locked=place.locked)


@sheet("period_entities")
def _entities(place: Place) -> SheetPlan | None:
    return entities_sheet(place.view, place.level)


@sheet("period_fared")
def _fared(place: Place) -> SheetPlan | None:
    return fared_sheet(place.view, place.level, locked=place.locked)


@sheet("period_rules")
def _rules(place: Place) -> SheetPlan | None:
    return rules_sheet(place.view, locked=place.locked)


@sheet("period_reports")
def _reports(place: Place) -> SheetPlan | None:
    return reports_sheet(place.view)


@sheet("period_actions")
def _actions(place: Place) -> SheetPlan | None:
    return actions_sheet(place.view, locked=place.locked)


@sheet("period_best")
def _best(place: Place) -> SheetPlan | None:
    return best_sheet(place.view)


@sheet("period_summary")
def _summary(place: Place) -> SheetPlan:
    return summary_sheet(place.view, place.title)
