"""Fonts, colours, number formats and sizes: every look of a workbook, as named data in one place."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from pipeline.words import Language
from pipeline.workbooks.blocks import Tone

Look = Mapping[str, object]

# The family (2: sans serif) and the character set (134: simplified Chinese) let Excel, WPS and LibreOffice
# find a likeness where the font itself is missing.
FONTS: dict[Language, Look] = {
    "zh": {"font_name": "微软雅黑", "font_family": 2, "font_charset": 134},
    "en": {"font_name": "Arial", "font_family": 2},
}

# Told apart by the colour-blind (after Okabe and Ito) and, by their lightness, in black-and-white print.
COLOURS = {
    "ink": "#222222",
    "muted": "#666666",
    "green": "#00795A",
    "red": "#C4320A",
    "blue": "#0B5394",
    "head": "#0B5394",
    "head_text": "#FFFFFF",
    "tile": "#F1F5FA",
    "band": "#F5F8FC",
    "line": "#BFC9D6",
    "bar": "#8FB8DE",
    "flag": "#FBE0CC",
    "entry": "#FFF8DC",
    "white": "#FFFFFF",
}

TONES: dict[Tone, Look] = {
    "plain": {},
    "muted": {"font_color": COLOURS["muted"]},
    "green": {"font_color": COLOURS["green"]},
    "red": {"font_color": COLOURS["red"], "bold": True},
}

# How numbers and texts are shown. Plans hold rates in percent (95.2), as `metrics.csv` does; cells hold real
# percentages (0.952, see `stored`), so that a reader's formulas work. Money stays in 万元, two decimals, the unit in
# the header: the only formats of 万元 that Excel, WPS and LibreOffice all show (0"."0,) have one decimal and no
# thousands separators.
NUMBER_FORMATS: dict[str, str] = {
    "text": "@",
    "note": "@",
    "day": "yyyy-mm-dd",
    "number0": "#,##0",
    "number1": "#,##0.0",
    "number2": "#,##0.00",
    "number4": "#,##0.0000",
    "number_exact": "#,##0.00####",  # scores that are multiplied
    "percent0": "0%",
    "percent1": "0.0%",
    "percent2": "0.00%",
    "change_percent": '"▲"#,##0.0%;"▼"#,##0.0%;0.0%',
    "change_points": '"▲"0.0;"▼"0.0;0.0',
    "change_count": "+#,##0;-#,##0;0",
    "change_number": '"▲"#,##0.0;"▼"#,##0.0;0.0',
    "rank": "0",
    "month": "@",
    "spark": "General",
}
POINTS_WORD: dict[Language, str] = {"zh": "百分点", "en": " pp"}
PERCENT_STYLES = frozenset(name for name, code in NUMBER_FORMATS.items() if "%" in code)
TEXT_STYLES = frozenset({"text", "note", "month", "spark"})

SERIES: dict[str, Mapping[str, object]] = {
    "main": {"colour": "#0072B2", "width": 2.25, "dash": "solid", "marker": "circle"},
    "last_year": {"colour": "#9A9A9A", "width": 1.5, "dash": "dash", "marker": "diamond"},
    "second": {"colour": "#E69F00", "width": 2.0, "dash": "solid", "marker": "square"},
    "third": {"colour": "#009E73", "width": 2.0, "dash": "long_dash", "marker": "triangle"},
    "band": {"colour": "#7FB2D6", "width": 1.0, "dash": "square_dot", "marker": "none"},
    "target": {"colour": "#C4320A", "width": 0, "dash": "solid", "marker": "long_dash"},
    # What came is solid, last year grey, a target outlined, a forecast hatched; the good green, the bad red.
    "hidden": {"colour": "none", "width": 0, "dash": "solid", "marker": "none"},
    "better": {"colour": "#00795A", "width": 0, "dash": "solid", "marker": "none"},
    "worse": {"colour": "#C4320A", "width": 0, "dash": "solid", "marker": "none"},
    "total": {"colour": "#5B6B7B", "width": 0, "dash": "solid", "marker": "none"},
    "forecast": {
        "colour": "#0072B2",
        "width": 0,
        "dash": "solid",
        "marker": "none",
        "pattern": "wide_upward_diagonal",
    },
    "bound": {"colour": "#222222", "width": 0, "dash": "solid", "marker": "long_dash"},
    "issued": {"colour": "#E69F00", "width": 0, "dash": "solid", "marker": "diamond", "size": 7},
    "goal": {"colour": "#222222", "width": 1.25, "dash": "dash", "marker": "none"},
    "spread": {"colour": "#CFE2F1", "width": 0, "dash": "solid", "marker": "none"},
}

Kind = Literal[
    "title",
    "headline",
    "subtitle",
    "heading",
    "caption",
    "note",
    "header",
    "cell",
    "summary",
    "link",
    "sentence",
    "tile_label",
    "tile_value",
    "tile_small",
    "tile_change",
    "tile_bar",
    "entry",
    "label",
]

_BOX: Look = {"border": 1, "border_color": COLOURS["line"]}
LOOKS: dict[Kind, Look] = {
    "title": {"font_size": 16, "bold": True, "font_color": COLOURS["head"], "valign": "vcenter"},
    "headline": {
        "font_size": 13.5,
        "bold": True,
        "font_color": COLOURS["ink"],
        "bg_color": COLOURS["tile"],
        "left": 5,
        "left_color": COLOURS["head"],
        "text_wrap": True,
        "valign": "vcenter",
        "indent": 1,
    },
    "subtitle": {"font_size": 9, "font_color": COLOURS["muted"], "valign": "vcenter"},
    "heading": {
        "font_size": 12,
        "bold": True,
        "font_color": COLOURS["head"],
        "bottom": 2,
        "bottom_color": COLOURS["head"],
        "valign": "vcenter",
    },
    "caption": {"font_size": 10, "bold": True, "valign": "vcenter"},
    "note": {"font_size": 9, "font_color": COLOURS["muted"], "text_wrap": True, "valign": "top"},
    "header": {
        **_BOX,
        "font_size": 10,
        "bold": True,
        "font_color": COLOURS["head_text"],
        "bg_color": COLOURS["head"],
        "text_wrap": True,
        "align": "center",
        "valign": "vcenter",
    },
    "cell": {**_BOX, "font_size": 10, "valign": "vcenter"},
    "summary": {
        **_BOX,
        "font_size": 10,
        "bold": True,
        "bg_color": COLOURS["tile"],
        "top": 2,
        "top_color": COLOURS["head"],
        "valign": "vcenter",
    },
    "link": {
        **_BOX,
        "font_size": 10,
        "font_color": COLOURS["blue"],
        "underline": 1,
        "valign": "vcenter",
        "indent": 1,
    },
    "sentence": {"font_size": 10.5, "text_wrap": True, "valign": "vcenter"},
    "tile_label": {"font_size": 9, "font_color": COLOURS["muted"], "bg_color": COLOURS["tile"], "indent": 1},
    "tile_value": {
        "font_size": 17,
        "bold": True,
        "font_color": COLOURS["ink"],
        "bg_color": COLOURS["tile"],
        "align": "left",
        "valign": "vcenter",
        "indent": 1,
    },
    "tile_small": {"font_size": 8, "font_color": COLOURS["muted"], "bg_color": COLOURS["tile"], "align": "right"},
    "tile_change": {"font_size": 8.5, "bg_color": COLOURS["tile"], "align": "left"},
    "tile_bar": {"font_size": 8, "bg_color": COLOURS["tile"], "align": "left"},
    "entry": {
        **_BOX,
        "font_size": 10,
        "bg_color": COLOURS["entry"],
        "text_wrap": True,
        "valign": "top",
        "locked": False,
    },
    "label": {"font_size": 10, "bold": True, "valign": "vcenter", "text_wrap": True},
}


@dataclass(frozen=True)
class Page:
    """A4 landscape: margins in millimetres, and what lies between them in pixels (96 to the inch)."""

    left: float = 10
    right: float = 10
    top: float = 12
    bottom: float = 15

    @property
    def width(self) -> int:
        """The width of what is printed, in pixels."""
        return int((297 - self.left - self.right) / 25.4 * 96)

    @property
    def height(self) -> int:
        """The height of what is printed, in pixels."""
        return int((210 - self.top - self.bottom) / 25.4 * 96)


PAGE = Page()
ROW_PIXELS = 21
TABLE_STYLE = "Table Style Light 1"


def stored(value: float, style: str) -> float:
    """What a cell holds of a planned number: of percents (95.2) the real percentage (0.952), else the number itself."""
    return value / 100 if style in PERCENT_STYLES else value


def number_format(style: str, language: Language) -> str:
    """The format code of a style; points carry their word in the language."""
    code = NUMBER_FORMATS[style]
    if style != "change_points":
        return code
    return ";".join(f'{part}"{POINTS_WORD[language]}"' for part in code.split(";"))
