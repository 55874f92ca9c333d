"""The tables behind page one, on the sheet of causes: contributions that add up, and every number of its sentences."""

from collections.abc import Iterable, Sequence

from pipeline.base.exact import TEN_THOUSANDTHS
from pipeline.contract.page_one import Contributions, Fact, PageOne, Part
from pipeline.workbooks.blocks import Cell, Column, SheetPlan, Shown, Table
from pipeline.workbooks.page_courses import course_table, index_table
from pipeline.workbooks.page_year import year_table
from pipeline.workbooks.sheets import plan_sheet
from pipeline.workbooks.view import View

MOST_EACH_WAY = 5
SINGLE = ("product", "customer")  # kinds of parts too many to be drawn
UNITS = ("manager", "region")  # kinds of parts of which an entity is made; others are goods
_PERCENT = 100.0
BARS = ("hidden", "better_above", "better_below", "worse_above", "worse_below", "total_above", "total_below")


def why_sheet(view: View, *, locked: bool = False) -> SheetPlan | None:
    """Why, in numbers: who and what made the differences, and where the numbers of page one come from."""
    page = view.report.page_one
    if page is None:
        return None
    tables = [contribution_table(view, told, is_drawn=told is variance_of(page)) for told in page.contributions]
    return plan_sheet(view, "why", [*tables, year_table(view), facts_table(view, page.facts)], locked=locked)


def chart_tables(view: View) -> tuple[Table, ...]:
    """What the charts of page one are drawn from, beside the contributions: the waterfall's steps, the courses; that of
    satisfaction is drawn on its own sheet too."""
    page = view.report.page_one
    fall = waterfall_of(page) if page else None
    course = course_table(view) if page else None
    tables = (steps_table(view, fall) if fall else None, course, index_table(view))
    return tuple(table for table in tables if table is not None)


def waterfall_of(page: PageOne) -> Contributions | None:
    """The contributions that page one draws as a waterfall: this month against the month before, by those below; where
    there are none, by groups of products."""
    since = [told for told in page.contributions if told.against != "target" and told.kind not in SINGLE]
    drawn = [told for told in since if told.kind in UNITS] or since
    return drawn[-1] if drawn else None


def variance_of(page: PageOne) -> Contributions | None:
    """The contributions that page one draws as bars: against the target, else against last year."""
    of_units = [told for told in page.contributions if told.kind in UNITS]
    return of_units[0] if of_units else None


def table_name(told: Contributions) -> str:
    """What the table of contributions is called."""
    return f"why_{told.kind}_{told.against}"


def kind_word(view: View, kind: str) -> str:
    """What the parts are, within a title."""
    word = view.word(f"first.kind.{kind}")
    return view.words.pick(word, word.lower())


def title_of(view: View, told: Contributions) -> str:
    """What a table of contributions shows."""
    figure = view.figures[told.figure]
    return view.word(
        "first.contributions",
        kind=kind_word(view, told.kind),
        figure=view.label(figure),
        against=view.word(f"first.against.{told.against}"),
    )


def amount(view: View, told: Contributions, value: int) -> Shown:
    """Ten-thousandths of the figure's unit, as the figure is shown."""
    figure = view.figures[told.figure]
    return Shown(view.scaled(figure, value / TEN_THOUSANDTHS), view.style(figure))


def contribution_table(view: View, told: Contributions, *, is_drawn: bool = False) -> Table:
    """One row a part: now, base, difference, and its shares. Goods: the five that lost and gained most, and others.

    Where bars are drawn from it, gains and losses stand in columns of their own too, as each has its colour.
    """
    figure = view.figures[told.figure]
    style = view.style(figure)
    columns = (
        Column("part", view.word(f"first.kind.{told.kind}")),
        Column("now", view.header(figure), style),
        Column("base", view.word(f"first.base.{told.against}"), style),
        Column("change", view.word(f"first.change.{told.against}"), style),
        Column("loss_share", view.word("first.loss_share"), "percent1"),
        Column("base_share", view.word("first.base_share"), "percent1"),
        Column("over", view.word("first.over"), style, blank=True),
        Column("short", view.word("first.short"), style, blank=True),
    )[: 8 if is_drawn else 6]
    parts = shortened(view, told)
    lost = sum(part.change for part in told.parts if part.key and part.change < 0)
    rows = tuple(_contribution_row(view, told, part, lost)[: len(columns)] for part in parts)
    whole = Part("", view.word("total"), told.now, told.base)
    summary = (*_contribution_row(view, told, whole, 0)[:4], *(None,) * (len(columns) - 4))
    name, title = table_name(told), title_of(view, told)
    return Table(
        name, title, columns, rows, summary=summary, note=view.word("first.note"), empty=view.word("empty.figures")
    )


def shortened(view: View, told: Contributions) -> Sequence[Part]:
    """The parts; of goods the five greatest each way, and all others in one row."""
    if told.kind in UNITS or len(told.parts) <= 2 * MOST_EACH_WAY + 1:
        return told.parts
    named = [part for part in told.parts if part.key]
    first, last = named[:MOST_EACH_WAY], named[-MOST_EACH_WAY:]
    chosen = {part.key for part in (*first, *last)}
    others = [part for part in told.parts if part.key not in chosen]
    rest = Part("", view.word("first.others", count=len(others)), _sum(others, "now"), _sum(others, "base"))
    return (*first, rest, *last)


def _sum(parts: Iterable[Part], side: str) -> int:
    return sum(getattr(part, side) for part in parts)


def _contribution_row(view: View, told: Contributions, part: Part, lost: int) -> tuple[Cell, ...]:
    share = _PERCENT * part.change / lost if lost and part.key and part.change < 0 else None
    change = amount(view, told, part.change)
    return (
        part.name,
        amount(view, told, part.now),
        amount(view, told, part.base),
        change._replace(tone="red" if part.change < 0 else "green" if part.change else "plain"),
        share,
        _PERCENT * part.base / told.base if told.base > 0 and part.key else None,
        change if part.change > 0 else None,
        change if part.change < 0 else None,
    )


def steps_table(view: View, told: Contributions) -> Table:
    """The waterfall: each part's step from nought to the whole difference, cut at nought for the chart."""
    figure = view.figures[told.figure]
    columns = (
        Column("step", view.word("first.step"), units=22),
        Column("change", view.header(figure), view.style(figure)),
        *(Column(name, view.word(f"first.bar.{name}"), view.style(figure), blank=True) for name in BARS),
    )
    rows, reached = [], 0
    for part in shortened(view, told):
        rows.append(_step(view, told, part.name, reached, reached + part.change, "step"))
        reached += part.change
    rows.append(_step(view, told, view.word("total"), 0, reached, "total"))
    title = view.word("first.steps", title=title_of(view, told))
    return Table("why_steps", title, columns, tuple(rows), empty=view.word("empty.figures"))


def _step(view: View, told: Contributions, name: str, start: int, end: int, kind: str) -> tuple[Cell, ...]:
    bars = dict(zip(BARS, step_bars(start, end, kind == "total"), strict=True))
    change = amount(view, told, end - start)
    text = view.word("first.step_text", name=name, change=_signed(change.value, int(change.style[-1])))
    return (text, change, *(amount(view, told, bars[one]) if bars[one] else None for one in BARS))


def _signed(value: object, decimals: int) -> str:
    return f"{value:+,.{decimals}f}" if isinstance(value, float) else ""


def step_bars(start: int, end: int, is_total: bool) -> tuple[int, ...]:
    """A step as stacked bars, in the order of BARS: what is hidden between nought and it, and the parts of it above
    and below nought, in the row of better, worse or total."""
    low, high = min(start, end), max(start, end)
    hidden = low if low > 0 else high if high < 0 else 0
    above, below = max(high, 0) - max(low, 0), min(low, 0) - min(high, 0)
    place = 2 if is_total else 0 if end >= start else 1
    bars = [0, 0, 0, 0, 0, 0]
    bars[2 * place], bars[2 * place + 1] = above, below
    return (hidden, *bars)


def facts_table(view: View, facts: Sequence[Fact]) -> Table | None:
    """Every number of page one's findings: what it is, and its unit; each once."""
    told = list(dict.fromkeys(facts))
    if not told:
        return None
    columns = (
        Column("fact", view.word("first.fact")),
        Column("value", view.word("column.value"), "number2"),
        Column("unit", view.word("column.unit")),
    )
    rows = tuple((one.label, Shown(one.value, _style(one)), view.word(f"unit.{one.unit}")) for one in told)
    return Table("why_facts", view.word("first.facts"), columns, rows)


def _style(one: Fact) -> str:
    kind = "percent" if one.unit == "%" else "number"
    return f"{kind}{min(one.decimals, 2)}"
