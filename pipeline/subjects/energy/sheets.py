"""The sheet of energy: figures, by tariff class, by class and kind of customer. And (一) of a manager's report."""

from pipeline.workbooks.blocks import Block, Chart, SheetPlan
from pipeline.workbooks.comparison import subject_sheet
from pipeline.workbooks.details import sums_of
from pipeline.workbooks.lists import lists_of
from pipeline.workbooks.parts import bar_chart, chart_row, said, sources, subject_table, trends
from pipeline.workbooks.sheet_list import Place, sheet
from pipeline.workbooks.sheets import plan_sheet
from pipeline.workbooks.view import View

_SUMS = ("energy_by_tariff", "energy_by_class", "energy_by_kind")


@sheet("energy", subjects=("energy",))
def _energy(place: Place) -> SheetPlan:
    view = place.view
    details = (*sums_of(view, *_SUMS), *lists_of(view, "energy_moved"))
    if not place.locked:
        return subject_sheet(view, "energy", place.level, _charts(view), details)
    return plan_sheet(
        view, "energy", [chart_row(_charts(view)), *details], locked=True
    )  # figures stand in part (一)


def _charts(view: View) -> tuple[Chart | None, ...]:
    figure = view.figures["energy"]
    unit = figure.unit if figure.large is None else figure.large.unit
    tariffs = (bar_chart(view, one, "energy", unit) for one in sums_of(view, "energy_by_tariff"))
    return trends(view, "energy"), *tariffs


@sheet("part_energy", subjects=("energy", "orders", "needs"))
def _part_energy(place: Place) -> SheetPlan:
    """(一) of a manager's report: what is to be said of energy, orders and needs, and their figures."""
    view = place.view
    subjects = ("energy", "orders", "needs")
    blocks: list[Block | None] = [
        said(view, "sales"),
        *(subject_table(view, one) for one in subjects),
        chart_row((trends(view, "energy"), trends(view, "orders", "complaints"))),
        sources(view, view.of_subject(*subjects)),
    ]
    return plan_sheet(view, "part_energy", blocks, locked=True)
