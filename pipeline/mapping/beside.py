"""What stands beside the columns of a form and changes what they mean: units, states, prices, orders of days."""

import re
from collections.abc import Mapping, Sequence

from pipeline.intake.days import read_day
from pipeline.intake.export_guards import VOID_STATES
from pipeline.intake.export_units import UNIT_HEADINGS
from pipeline.intake.heading_units import is_unit, other_unit
from pipeline.intake.raw import Cell
from pipeline.intake.reading import Manner, shown
from pipeline.intake.text_forms import plain
from pipeline.mapping.headers import Header
from pipeline.mapping.samples import is_number, share
from pipeline.mapping.vocabulary import bare_key
from schemas.columns import Column

PRICES = frozenset(
    ("单价", "含税单价", "销售单价", "成交单价", "售价", "批发价", "价格",
     "price", "unitprice", "sellingprice", "salesprice")
)  # fmt: skip
TIMES = {"万元": 10_000, "千元": 1_000, "亿元": 100_000_000, "百万元": 1_000_000, "万": 10_000, "千": 1_000}
MOST_STATES = 20
_TWO_WAYS = re.compile(r"\d{1,2}[-/.]\d{1,2}[-/.]\d{4}(?:\s.*)?")


def factor_of(heading: str, column: Column) -> int | None:
    """What a column's numbers are multiplied by, as its heading says in brackets; 0 where that is another unit of which
    nobody here knows what it is, None where it is the form's own."""
    unit = other_unit(heading.split("/")[-1], column, ())
    if not unit:
        return None
    return TIMES.get(unit, 0) if column.unit == "元" else 0


def units_beside(header: Header, columns: Sequence[Column]) -> tuple[str, str, tuple[str, ...]] | None:
    """The column whose unit stands beside it row by row, the heading of that, and the units that are not the form's."""
    for place, text in enumerate(header.texts):
        if bare_key(text.split("/")[-1]) not in UNIT_HEADINGS:
            continue
        units = list(dict.fromkeys(plain(cell) for cell in header.cells(place) if isinstance(cell, str)))
        for column in columns:
            others = [unit for unit in units if is_unit(unit) and unit.endswith("元") == (column.unit == "元")]
            others = [unit for unit in others if other_unit(f"x({unit})", column, ())]
            if others:
                return column.name, text, tuple(others)
    return None


def void_states(header: Header, used: set[int]) -> tuple[str, tuple[str, ...]] | None:
    """The column that says of rows that they are void, and the words for it."""
    for place, text in enumerate(header.texts):
        if place in used or not bare_key(text).endswith(("状态", "status", "state")):
            continue
        states = list(dict.fromkeys(plain(shown(cell)) for cell in header.cells(place) if cell is not None))
        void = tuple(one for one in states if one.casefold() in VOID_STATES)
        if void and len(states) <= MOST_STATES:
            return text, void
    return None


def price_heading(header: Header, used: set[int]) -> str:
    """The heading of the price of one; empty where there is none."""
    for place, text in enumerate(header.texts):
        if (
            place not in used
            and bare_key(text.split("/")[-1]) in PRICES
            and share(header.cells(place), is_number) > 0.8
        ):
            return text
    return ""


def order_of_days(cells: Sequence[Cell]) -> str:
    """In which order day and month are written where that is told by some of the cells: "mdy", "dmy"; "?" where it is
    not, empty where no day could be two."""
    texts = [plain(cell) for cell in cells if isinstance(cell, str)]
    unclear = [text for text in texts if _TWO_WAYS.fullmatch(text)]
    if not unclear:
        return ""
    ways: Mapping[str, Manner] = {"mdy": Manner(order="mdy"), "dmy": Manner(order="dmy")}
    fitting = [
        way for way, manner in ways.items() if all(read_day(text, manner).value is not None for text in unclear)
    ]
    return fitting[0] if len(fitting) == 1 else "?"
