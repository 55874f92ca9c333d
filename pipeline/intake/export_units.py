"""Units in which an export counts, beside its numbers and in its headings, of which a mapping says nothing."""

from collections import Counter
from collections.abc import Iterator, Sequence

from pipeline.contract.exports import Export
from pipeline.contract.problem import Problem
from pipeline.intake.headed import Headed
from pipeline.intake.heading_units import is_unit, other_unit
from pipeline.intake.number_forms import is_money
from pipeline.intake.raw import Cell
from pipeline.intake.reading import shown
from pipeline.intake.settings_fault import settings_fault
from pipeline.intake.text_forms import plain
from pipeline.intake.unpivot import month_columns
from schemas.columns import NUMBERS, Column
from schemas.form import Form

MOST_UNITS = 12  # different words in a column of units
UNIT_HEADINGS = frozenset(
    (
        "单位", "计量单位", "销售单位", "数量单位", "金额单位", "货币单位", "计价单位", "包装单位", "单位名称",
        "unit", "units", "uom",
    )
)  # fmt: skip


def in_other_unit(table: Headed, export: Export, form: Form) -> Problem | None:
    """That a heading, the line of units below it or one above says that numbers are counted in another unit than the
    form's, and the mapping does not say what to multiply by."""
    for column in form.columns:
        if column.name in export.times or column.name in export.unit_columns:
            continue
        for place, is_factor in _places(table, export, column):
            unit = _written_unit(table, place, column)
            if is_factor and not _changes_price(unit, form, export, column):
                continue
            if unit:
                said = {"setting": f"times.{column.name}", "written": unit, "unit": column.unit}
                return settings_fault(form, export, "heading_unit", shown(table.headings.cells[place]), **said)
    return None


def _places(table: Headed, export: Export, column: Column) -> Iterator[tuple[int, bool]]:
    """Where the numbers of a column stand: below its heading, below months side by side, and (of money) as the price
    that a quantity is multiplied by."""
    texts = [(text, False) for text in export.headers_of(column.name)[:1]]
    if column.kind == "money":
        texts += [(text, True) for text in export.multiply.get(column.name, ()) if text not in export.given]
    for text, is_factor in texts:
        place = table.headings.find(text).place
        if place is not None:
            yield place, is_factor
    for one in month_columns(table.headings, export.months_aside):
        if one.to == column.name:
            yield one.place, False


def _changes_price(unit: str, form: Form, export: Export, column: Column) -> bool:
    """Whether a price in such a unit times a quantity is no amount in the form's: in 万元, or for each of another unit
    than the quantity is counted in."""
    money, _, each = unit.partition("/")
    counted = [one.unit for one in form.columns if one.name in export.multiply[column.name]]
    return (bool(money) and money != column.unit) or (bool(each) and bool(counted) and each not in counted)


def _written_unit(table: Headed, place: int, column: Column) -> str:
    above = table.sheet.rows[: table.first]
    units = (
        cell
        for cell in _cells_below(table, place, 1)
        if isinstance(cell, str) and is_unit(plain(cell).strip("()"))
    )
    below = next((f"({plain(cell).strip('()')})" for cell in units), "")
    parts = table.headings.parts[place] if table.headings.parts else (table.headings.cells[place],)
    named = (other_unit(part, column, ()) for part in (*reversed(parts), below))
    return next((one for one in named if one), "") or other_unit(parts[-1] if parts else None, column, above)


def _cells_below(table: Headed, place: int, count: int) -> Sequence[Cell]:
    return [row[place] for row in table.sheet.rows[table.last + 1 : min(table.last + 1 + count, table.end)]]


def units_in_a_column(table: Headed, export: Export, form: Form) -> Problem | None:
    """That a column of units beside the numbers has others than the form's, and the mapping says nothing of it."""
    for place, cell in enumerate(table.headings.cells):
        if cell is None or plain(shown(cell)).casefold().split("/")[-1] not in UNIT_HEADINGS:
            continue
        units = Counter(
            plain(one) for one in _cells_below(table, place, len(table.sheet.rows)) if isinstance(one, str)
        )
        known = [unit for unit in units if is_unit(unit)]
        if not known or len(units) > MOST_UNITS:
            continue
        for column in form.columns:
            suited = (unit for unit in known if _is_counted_so(column, unit, export))
            others = [unit for unit in suited if other_unit(f"x({unit})", column, ())]
            if others:
                said = {"setting": f"unit_columns.{column.name}", "units": "、".join(known), "unit": column.unit}
                return settings_fault(form, export, "unit_column", shown(cell), **said)
    return None


def _is_counted_so(column: Column, unit: str, export: Export) -> bool:
    """Whether a mapped column of numbers, of which nothing is said yet, may be counted in such a unit."""
    said = column.name in export.times or column.name in export.unit_columns
    mapped = column.name in export.given and column.name not in export.multiply
    money = unit.endswith("元")
    return mapped and not said and column.kind in NUMBERS and bool(column.unit) and is_money(column.unit) == money
