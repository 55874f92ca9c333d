"""The figures that no other sheet of a workbook shows: an office's own, and those of subjects without a sheet."""

from pipeline.workbooks.blocks import Block, Note, SheetPlan
from pipeline.workbooks.figure_tables import entity_table, figure_table
from pipeline.workbooks.parts import sources
from pipeline.workbooks.sheet_list import Place, subjects_shown
from pipeline.workbooks.sheets import plan_sheet


def own_figures_sheet(place: Place) -> SheetPlan | None:
    """They stand as they are this month, and for each manager or region; None where every figure has its sheet."""
    view, shown = place.view, subjects_shown(place)
    figures = tuple(one for one in view.report.figures if one.subject not in shown)
    if not figures:
        return None
    title = view.word("sheet.own_figures")
    blocks: list[Block | None] = [
        figure_table(view, "own_figures", title, figures, view.word("empty.figures")),
        sources(view, figures),
    ]
    if not place.locked:
        name = view.word("table.by_level", level=view.level_word(place.level), name=title)
        blocks.append(entity_table(view, f"own_figures_{place.level}s", name, figures, place.level))
    return plan_sheet(view, "own_figures", [*blocks, Note(view.word("note.counts"))], locked=place.locked)
