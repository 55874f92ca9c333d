"""The funnel: how many deals stand at each stage, each bar in the middle below the one before."""

from pipeline.workbooks.blocks import Chart, Column, Series, Shown, Table
from pipeline.workbooks.details import choice_words
from pipeline.workbooks.view import View, text
from schemas.deals import LOST

STEPS = "funnel_steps"


def steps_table(view: View) -> Table | None:
    """What the funnel is drawn from: a stage a row, with the room before its bar; None without deals."""
    frame = view.detail("funnel")
    if frame.empty:
        return None
    words = choice_words(view, "deals", "stage")
    told = zip(frame["stage"].map(text), frame["deals"], strict=True)
    rows = [(words[one], int(count)) for one, count in told if one != LOST]
    most = max(count for _, count in rows) or 1
    columns = (
        Column("stage", view.word("funnel.stage"), units=14),
        Column("room", view.word("funnel.room"), "number1", blank=True),
        Column("deals", view.word("funnel.deals"), "number0"),
    )
    cells = tuple(
        (name, Shown((most - count) / 2, "number1"), Shown(float(count), "number0")) for name, count in rows
    )
    return Table(STEPS, view.word("table.funnel_steps"), columns, cells, empty=view.word("empty.figures"))


def funnel_chart(view: View) -> Chart | None:
    """Deals by stage, from contact to signing."""
    if steps_table(view) is None:
        return None
    series = (
        Series(view.word("funnel.room"), STEPS, "room", "hidden"),
        Series(view.word("funnel.deals"), STEPS, "deals", "main"),
    )
    return Chart(
        view.word("chart.funnel"), "bar", (STEPS, "stage"), series, view.word("unit.项"), view.word("alt.funnel"),
        stacked=True, least=0,
    )  # fmt: skip
