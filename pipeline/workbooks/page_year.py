"""How much of the year's target is reached: on the tiles of page one and on the sheet of causes."""

from dataclasses import dataclass

from pipeline.contract.figure import Figure
from pipeline.workbooks.blocks import Cell, Column, Shown, Table
from pipeline.workbooks.view import View, number

_PERCENT = 100.0


@dataclass(frozen=True)
class YearTarget:
    """The target of a whole year and what is reached of it, in the figure's unit."""

    target: float
    reached: float

    @property
    def progress(self) -> float:
        """What is reached, in % of the target."""
        return _PERCENT * self.reached / self.target


def year_of(view: View, figure: Figure) -> YearTarget | None:
    """A figure's target of the year with the year to date; None where some month of the year has no target."""
    frame, reached = view.detail("year_targets"), view.raw(figure, "ytd")
    if frame.empty or reached is None:
        return None
    own = frame[frame["figure"] == figure.key]
    target = number(own["target"].iloc[0]) if len(own) else None
    return YearTarget(target, reached) if target else None


def year_table(view: View) -> Table | None:
    """One row a figure with a target of the year: target, year to date, progress; None where none has one."""
    known = [(figure, year) for figure in view.report.figures if (year := year_of(view, figure)) is not None]
    if not known:
        return None
    columns = (
        Column("figure", view.word("column.figure")),
        Column("target", view.word("first.year_target"), "number2"),
        Column("ytd", view.word("column.ytd"), "number2"),
        Column("progress", view.word("first.year_progress"), "percent1", bar=True),
    )
    rows: list[tuple[Cell, ...]] = []
    for figure, year in known:
        shown = [Shown(view.scaled(figure, one), view.style(figure)) for one in (year.target, year.reached)]
        rows.append((view.titled(figure), *shown, year.progress))
    return Table("why_year", view.word("first.year"), columns, tuple(rows))
