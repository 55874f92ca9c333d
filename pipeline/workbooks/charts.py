"""Charts as options for the writer: looks of series, axes, titles, legends."""

from collections.abc import Mapping
from typing import Any

from pipeline.words import Language
from pipeline.workbooks.blocks import Chart, Series
from pipeline.workbooks.places import TablePlace
from pipeline.workbooks.styles import COLOURS, FONTS, SERIES

ENOUGH_BARS = 7
PERCENT = 100.0
SMALL = 0.4  # of the page: on charts that are narrower titles are smaller
_LABEL_FORMAT = "+{number};-{number};;"


def make_chart(workbook: Any, chart: Chart, tables: Mapping[str, TablePlace], language: Language) -> Any:
    """A native chart of an xlsxwriter workbook; lines over columns are laid over them."""
    piled = chart.stacked and not any(
        one.labels for one in chart.series
    )  # only side by side bars have ends to label
    made = workbook.add_chart({"type": chart.kind, **({"subtype": "stacked"} if piled else {})})
    lines = [one for one in chart.series if one.kind == "line" and chart.kind != "line"]
    for one in chart.series:
        if one not in lines:
            made.add_series(_series(chart, one, tables))
    if lines:
        above = workbook.add_chart({"type": "line"})
        for one in lines:
            above.add_series(_series(chart, one, tables))
        made.combine(above)
    _dress(made, chart, language)
    return made


def _label_format(decimals: int) -> str:
    number = "#,##0" + ("." + "0" * decimals if decimals else "")
    return _LABEL_FORMAT.format(number=number)


def _series(chart: Chart, one: Series, tables: Mapping[str, TablePlace]) -> dict[str, Any]:
    place = tables[one.table]
    names = place.header_values() if chart.across else tables[chart.names[0]].column(chart.names[1])
    values = place.row_values(one.values) if chart.across else place.column(one.values)
    options: dict[str, Any] = {"name": one.name, "categories": list(names), "values": list(values)}
    look = SERIES[one.look]
    if chart.kind == "line" or one.kind == "line":
        return options | _line(look)
    bars = sum(1 for other in chart.series if other.kind != "line")
    label = {
        "value": True,
        "num_format": _label_format(chart.label_decimals),
        "font": {"size": 8},
        "position": "outside_end",
    }
    labels = {"data_labels": label} if one.labels else {}
    return options | {
        **_fill(look),
        "gap": 40 if chart.stacked else _gap(len(tables[chart.names[0]].table.rows)),
        "overlap": 100
        if chart.stacked or bars == 1 or any(other.look == "forecast" for other in chart.series)
        else 0,
        **labels,
    }


def _untold(chart: Chart) -> list[int]:
    """The series that no legend names: what is hidden, and a second one of the same name. Lines stand behind bars."""
    bars_first = sorted(chart.series, key=lambda one: one.kind == "line" and chart.kind != "line")
    names = [one.name for one in bars_first]
    return [place for place, one in enumerate(bars_first) if one.look == "hidden" or one.name in names[:place]]


def _fill(look: Mapping[str, object]) -> dict[str, Any]:
    """How a bar or area is filled: not at all, hatched, or in its colour."""
    if look["colour"] == "none":
        return {"fill": {"none": True}, "border": {"none": True}}
    if "pattern" in look:
        pattern = {"pattern": look["pattern"], "fg_color": look["colour"], "bg_color": COLOURS["white"]}
        return {"pattern": pattern, "border": {"color": look["colour"], "width": 1}}
    return {"fill": {"color": look["colour"]}, "border": {"color": COLOURS["white"], "width": 0.5}}


def _gap(bars: int) -> int:
    """The gap between bars in % of a bar: few of them are kept from filling the page."""
    return 60 if bars >= ENOUGH_BARS else min(500, 60 + 80 * (ENOUGH_BARS - bars))


def _line(look: Mapping[str, object]) -> dict[str, Any]:
    marker: dict[str, Any] = {"type": look["marker"]}
    if look["marker"] != "none":
        marker |= {
            "size": look.get("size", 5 if look["width"] else 13),
            "fill": {"color": look["colour"]},
            "border": {"color": look["colour"]},
        }
    line = {"color": look["colour"], "width": look["width"], "dash_type": look["dash"]}
    return {"line": line if look["width"] else {"none": True}, "marker": marker}


def _dress(made: Any, chart: Chart, language: Language) -> None:
    font = {"name": FONTS[language]["font_name"], "size": 8, "color": COLOURS["ink"]}
    head = {**font, "size": 10.5 if chart.width_share > SMALL else 9, "bold": True}
    made.set_title({"name": f"{chart.title} ({chart.unit})", "name_font": head, "overlay": False})
    grid = {"visible": True, "line": {"color": "#E3E8EF", "width": 0.5}}
    values: dict[str, Any] = {
        "num_font": font,
        "num_format": chart.number_format,
        "major_gridlines": grid,
        "line": {"none": True},
    }
    whole = PERCENT if chart.number_format.endswith("%") else 1.0  # cells hold real percentages
    if chart.least is not None:
        values["min"] = chart.least / whole
    if chart.most is not None:
        values["max"] = chart.most / whole
    if chart.step is not None:
        values["major_unit"] = chart.step / whole
    narrow = {**font, "size": 7} if chart.across else font  # thirteen months side by side
    names: dict[str, Any] = {"num_font": narrow, "line": {"color": COLOURS["line"]}, "label_position": "low"}
    if chart.kind == "bar":  # lies on its side: the names stand at the left, the first row at the top
        made.set_y_axis(names | {"reverse": True, "interval_unit": 1})
        made.set_x_axis(values | {"label_position": "high"})
    else:
        made.set_x_axis(names)
        made.set_y_axis(values)
    hidden = _untold(chart)
    if chart.stacked and chart.kind == "bar":
        made.set_legend({"none": True})
    elif len(chart.series) > 1:
        legend: dict[str, Any] = {
            "position": "bottom",
            "font": {**font, "size": 8 if chart.width_share > SMALL else 7},
        }
        made.set_legend(legend | ({"delete_series": hidden} if hidden else {}))
    else:
        made.set_legend({"none": True})
    made.set_chartarea({"border": {"color": COLOURS["line"]}})
    made.show_blanks_as("gap")
