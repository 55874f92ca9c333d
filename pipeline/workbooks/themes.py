"""Themes: short lists share the sheet of their theme, so that no sheet is printed for three rows.

Each sheet of a theme (see `contract.themes`) joins the one before it where their tables, narrowed to share columns, are
as wide as a page can print, and where it is short enough not to need its header repeated on a second page.
"""

from collections.abc import Sequence
from dataclasses import replace

from pipeline.words import Language
from pipeline.workbooks.blocks import Block, Chart, ChartRow, Heading, Note, SheetPlan, Table
from pipeline.workbooks.narrow import Measures, can_be, narrowed
from pipeline.workbooks.styles import PAGE

LONGEST_JOINED = 40  # rows: longer lists keep a sheet of their own, whose header is repeated on every printed page
WIDEST = 1.25  # of the page: what is wider is printed in letters under 8 points
WIDEST_ON_SCREEN = 1.42  # where the most is read on screen, and two pages would be half empty: 7 points


def gathered(sheets: Sequence[SheetPlan], language: Language, *, one_page: bool = False) -> list[SheetPlan]:
    """The sheets of a theme, each joined to the one before where both read well on one, their columns narrowed to a
    page."""
    measures, found = Measures(language), list[SheetPlan]()
    for one in (replace(sheet, on_screen=one_page) for sheet in sheets):
        both = joined(found[-1], one) if found else one
        if found and _reads_well(both, one, found[-1], measures):
            found[-1] = both
        else:
            found.append(one)
    return [narrowed(one, WIDEST * PAGE.width, measures) for one in found]


def _reads_well(both: SheetPlan, more: SheetPlan, before: SheetPlan, measures: Measures) -> bool:
    widest = WIDEST_ON_SCREEN if both.on_screen else WIDEST
    return (both.on_screen or _are_short(more, before)) and can_be(both, widest * PAGE.width, measures)


def joined(sheet: SheetPlan, more: SheetPlan) -> SheetPlan:
    """A sheet with the blocks of another below its own; notes that stand on both stand once."""
    own = [one for one in more.blocks if not (isinstance(one, Note) and one in sheet.blocks)]
    heading: tuple[Block, ...] = () if _is_named(own) else (Heading(more.title),)
    return replace(
        sheet,
        blocks=(*sheet.blocks, *heading, *own),
        about="; ".join((sheet.about, more.about)) if sheet.about.isascii() else f"{sheet.about}；{more.about}",
        holds=(*sheet.holds, more.key, *more.holds),
        freeze_columns=0,
    )


def _is_named(blocks: Sequence[Block]) -> bool:
    """Whether the first block says itself what it is about."""
    return bool(blocks) and isinstance(blocks[0], Table) and bool(blocks[0].title)


def _are_short(more: SheetPlan, before: SheetPlan) -> bool:
    """Whether neither has a list that would need its header on a second page."""
    rows = [len(table.rows) for table in more.tables()]
    leading = [len(table.rows) for table in before.tables()]
    drawn = any(isinstance(one, Chart | ChartRow) for one in before.blocks)
    leads_long = not drawn and len(leading) == 1 and leading[0] > LONGEST_JOINED
    return max(rows, default=0) <= LONGEST_JOINED and not leads_long
