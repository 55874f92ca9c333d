"""The sheets of what customers hold: AUM, what it brings in, how many products; and the bridge of AUM."""

from pipeline.workbooks.blocks import Block, Chart, SheetPlan
from pipeline.workbooks.comparison import subject_sheet
from pipeline.workbooks.lists import lists_of
from pipeline.workbooks.overview import message, what_matters
from pipeline.workbooks.parts import chart_row, said, sources, subject_table, trends
from pipeline.workbooks.sheet_list import Place, sheet
from pipeline.workbooks.sheets import plan_sheet
from pipeline.workbooks.view import View

LOSSES = "loss_by_categories"
MOVES = ("key_customers_lost", "customers_regraded")


def _charts(view: View) -> tuple[Chart | None, ...]:
    return trends(view, "aum", "aum_average"), trends(view, "cross_sell_rate", "wealth_penetration")


@sheet("develop", subjects=("develop", LOSSES))
def _develop(place: Place) -> SheetPlan:
    view = place.view
    regraded = lists_of(view, "customers_regraded") if len(view.detail("customers_regraded")) else []
    details = (subject_table(view, LOSSES), *regraded)
    if not place.locked:
        return subject_sheet(view, "develop", place.level, _charts(view), details)
    table, used = subject_table(view, "develop"), sources(view, view.of_subject("develop"))
    return plan_sheet(view, "develop", [table, used, chart_row(_charts(view)), *details], locked=True)


@sheet("aum_bridge", subjects=("aum_bridge",))
def _bridge(place: Place) -> SheetPlan:
    view = place.view
    table = subject_table(view, "aum_bridge")
    return plan_sheet(
        view, "aum_bridge", [table, sources(view, view.of_subject("aum_bridge"))], locked=place.locked
    )


@sheet("part_customers", subjects=("develop", LOSSES, "attract", "retain"))
def _part_customers(place: Place) -> SheetPlan:
    """(一) of a manager's report: what is to be said of its customers, and their figures."""
    view = place.view
    subjects = ("attract", "retain", "develop")
    blocks: list[Block | None] = [
        *message(view),
        what_matters(view),
        said(view, "sales"),
        *(subject_table(view, one) for one in subjects),
        chart_row(_charts(view)),
        sources(view, view.of_subject(*subjects)),
        subject_table(view, LOSSES),
        *(table for name in MOVES if len(view.detail(name)) for table in lists_of(view, name)),
    ]
    return plan_sheet(view, "part_customers", blocks, locked=True)
