"""The sheets of drafts: figures, by state and kind; the list of where each stands. And (一) of a manager's report."""

from pipeline.workbooks.blocks import Block, Chart, SheetPlan
from pipeline.workbooks.comparison import subject_sheet
from pipeline.workbooks.details import sums_of
from pipeline.workbooks.lists import lists_of
from pipeline.workbooks.parts import bar_chart, chart_row, said, sources, subject_table, trends
from pipeline.workbooks.sheet_list import Place, sheet
from pipeline.workbooks.sheets import plan_sheet
from pipeline.workbooks.view import View


@sheet("drafts", subjects=("drafts",))
def _drafts(place: Place) -> SheetPlan:
    view = place.view
    states, kinds = sums_of(view, "drafts_by_state"), sums_of(view, "drafts_by_kind")
    charts = (_course(view), *(bar_chart(view, one, "papers", "篇") for one in states))
    if not place.locked:
        return subject_sheet(view, "drafts", place.level, charts, (*states, *kinds))
    table, used = subject_table(view, "drafts"), sources(view, view.of_subject("drafts"))
    return plan_sheet(view, "drafts", [table, used, chart_row(charts), *states, *kinds], locked=True)


def _course(view: View) -> Chart | None:
    return trends(view, "drafts_written", "drafts_shown_customers")


@sheet("draft_list")
def _draft_list(place: Place) -> SheetPlan:
    view = place.view
    waiting = lists_of(view, "drafts_waiting") if len(view.detail("drafts_waiting")) else []
    return plan_sheet(view, "draft_list", [*waiting, *lists_of(view, "drafts_of_month")], locked=place.locked)


@sheet("part_business", subjects=("drafts", "deals", "contracts", "receipts"))
def _part_business(place: Place) -> SheetPlan:
    """(一) of a manager's report: what is to be said of drafts, deals and money, and their figures."""
    view = place.view
    subjects = ("receipts", "contracts", "deals", "drafts")
    blocks: list[Block | None] = [
        said(view, "sales"),
        *(subject_table(view, one) for one in subjects),
        chart_row((trends(view, "contract_amount", "receipts"), _course(view))),
        sources(view, view.of_subject(*subjects)),
    ]
    return plan_sheet(view, "part_business", blocks, locked=True)
