"""The bridge as a table, a line a row and an account a column; and its waterfall."""

from collections.abc import Sequence

from pipeline.figures import bridge
from pipeline.workbooks.blocks import Cell, Chart, Column, Series, Shown, Table
from pipeline.workbooks.page_tables import BARS, step_bars
from pipeline.workbooks.view import View

FLOW, STOCK = "movements", "subscriptions"
TABLE, STEPS = "bridge_lines", "bridge_steps"
_ENDS = (bridge.START, bridge.END)
_LOOKS = {"hidden": "hidden", "better": "better", "worse": "worse", "total": "total"}


def _accounts(view: View) -> tuple[str, ...]:
    stock = view.forms[STOCK].traits.stock if STOCK in view.forms else None
    return () if stock is None else bridge.accounts(stock)


def _value(view: View, account: str, line: str) -> float | None:
    figure = view.figures.get(f"bridge.{account}.{line}")
    return None if figure is None else view.raw(figure, "value")


def _lines(view: View) -> Sequence[str]:
    """All lines, in the order of a bridge."""
    kinds = [one.key for one in view.forms[FLOW].column("kind").choices]
    return (bridge.PREVIOUS, bridge.MOVED_IN, bridge.MOVED_OUT, bridge.LEFT_OUT, bridge.START, *kinds,
            bridge.UNEXPLAINED, bridge.END)  # fmt: skip


def _label(view: View, line: str) -> str:
    kinds = {one.key: one for one in view.forms[FLOW].column("kind").choices}
    return view.words.pick(kinds[line].zh, kinds[line].en) if line in kinds else view.word(f"bridge.{line}")


def bridge_table(view: View) -> Table | None:
    """Both bridges: on the books, and by state; empty where a line is none of an account."""
    accounts = _accounts(view)
    if not accounts or FLOW not in view.forms:
        return None
    columns = [Column("line", view.word("bridge.line"))]
    columns += [Column(one, view.word(f"code.account.{one}"), "number0", blank=True) for one in accounts]
    rows = []
    for line in _lines(view):
        cells: list[Cell] = [Shown(_value(view, one, line), "number0", _tone(view, one, line)) for one in accounts]
        if any(isinstance(one, Shown) and one.value is not None for one in cells):
            rows.append((_label(view, line), *cells))
    has_start = _value(view, accounts[0], bridge.START) is not None
    note = view.word("bridge.note") if has_start else ""
    return Table(
        TABLE, view.word("table.bridge"), tuple(columns), tuple(rows) if has_start else (), note=note,
        empty=view.word("bridge.no_start"),
    )  # fmt: skip


def _tone(view: View, account: str, line: str):  # type: ignore[no-untyped-def]
    return "red" if line == bridge.UNEXPLAINED and _value(view, account, line) else "plain"


def steps_table(view: View) -> Table | None:
    """What the waterfall of the households on the books is drawn from: each line as bars from where the last ended."""
    accounts = _accounts(view)
    if not accounts or _value(view, accounts[0], bridge.START) is None:
        return None
    columns = (
        Column("step", view.word("bridge.line"), units=22),
        Column("households", view.word("code.account.households"), "number0"),
        *(Column(name, view.word(f"first.bar.{name}"), "number0", blank=True) for name in BARS),
    )
    rows, reached = [], 0
    for line in _lines(view)[_lines(view).index(bridge.START) :]:
        value = _value(view, accounts[0], line)
        if value is None or (not value and line not in _ENDS):
            continue
        whole, start = int(value), 0 if line in _ENDS else reached
        reached = whole if line in _ENDS else reached + whole
        bars = step_bars(start, reached, line in _ENDS)
        shown = (Shown(float(one), "number0") if one else None for one in bars)
        rows.append((_label(view, line), Shown(float(whole), "number0"), *shown))
    return Table(STEPS, view.word("table.bridge_steps"), columns, tuple(rows), empty=view.word("empty.figures"))


def waterfall(view: View) -> Chart | None:
    """From the start of the month to its end, line by line."""
    table = steps_table(view)
    if table is None:
        return None
    series = tuple(
        Series(view.word(f"first.bar.{name}"), STEPS, name, _LOOKS[name.split("_")[0]])  # type: ignore[arg-type]
        for name in BARS
    )
    return Chart(
        view.word("chart.bridge"), "bar", (STEPS, "step"), series, view.word("unit.户"), view.word("alt.bridge"),
        stacked=True, least=0,
    )  # fmt: skip
