"""How widely each brand is ordered (单品牌动销率)."""

from collections.abc import Sequence
from dataclasses import replace

from pipeline.workbooks.blocks import Cell, Column, Shown, Table
from pipeline.workbooks.details import detail_table, header
from pipeline.workbooks.view import View, number, text

_STYLES = {"customers": "number0", "customers_before": "number0", "activity": "percent1"}


def brand_activity_table(view: View) -> Table | None:
    """From the detail frame `brand_activity`: customers now and before, and the rate; grey where few stand behind it.

    None where the report has no such frame.
    """
    frame = view.detail("brand_activity")
    if "brand" not in frame:
        return None
    columns = [Column("brand", header(view, "products", "brand"))]
    columns += [
        Column(name, view.word(f"detail.brand_activity.{name}"), style, bar=name == "activity")
        for name, style in _STYLES.items()
    ]
    cells: list[Sequence[Cell]] = []
    if not frame.empty:
        before = [number(one) for one in frame["customers_before"].tolist()]
        rates = [number(one) for one in frame["activity"].tolist()]
        cells = [
            [text(one) for one in frame["brand"].tolist()],
            [number(one) for one in frame["customers"].tolist()],
            before,
            [_rate(view, rate, behind) for rate, behind in zip(rates, before, strict=True)],
        ]
    table = detail_table(view, "brand_activity", columns, cells)
    thin = any(isinstance(row[-1], Shown) and row[-1].tone == "muted" for row in table.rows)
    note = view.word("note.thin", count=view.report.settings.profile.least_count) if thin else ""
    return replace(table, note=note)


def _rate(view: View, rate: float | None, behind: float | None) -> Shown:
    few = behind is not None and behind < view.report.settings.profile.least_count
    return Shown(rate, "", "muted" if few else "plain")
