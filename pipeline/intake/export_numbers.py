"""Numbers of an export multiplied, converted from the unit of their row, and made of factors."""

from collections.abc import Sequence
from decimal import Decimal

from pipeline.contract.exports import Export
from pipeline.contract.problem import Problem, quoted
from pipeline.intake.export_cells import Made, Source, text_in
from pipeline.intake.number_forms import number_reader
from pipeline.intake.raw import Cell, cell_address
from pipeline.intake.text_forms import plain
from schemas.columns import Column
from schemas.form import Form

_read_number = number_reader("", whole=False)


def with_numbers_made(made: Made, source: Source, export: Export, form: Form) -> Made:
    """With numbers multiplied, converted from the unit of their row, and made of factors."""
    for name, cells in list(made.cells.items()):
        if name in export.times:
            made.cells[name] = [multiplied(cell, export.times[name]) for cell in cells]
    for name, heading in export.unit_columns.items():
        if name in made.cells:
            _convert(made, source, export, form.column(name), heading)
    for name, factors in export.multiply.items():
        held = [
            made.cells[one] if one in made.cells else source.column(one)
            for one in factors
            if _is_here(one, made, source)
        ]
        made.cells[name] = [_product(cells) for cells in zip(*held, strict=True)]
        if name in export.times:
            made.cells[name] = [multiplied(cell, export.times[name]) for cell in made.cells[name]]
    return made


def _is_here(factor: str, made: Made, source: Source) -> bool:
    """Whether a factor stands in the export; one of master data is looked up when the month is known."""
    return factor in made.cells or factor in source.places


def number_in(cell: Cell) -> Decimal | None:
    """The number in a cell, None where there is none."""
    value = None if cell is None else _read_number(cell).value
    return Decimal(str(value)) if isinstance(value, int | float) else None


def multiplied(cell: Cell, times: float) -> Cell:
    """The number times a factor, worked out in decimals; what is no number stays for the checks to find."""
    number = number_in(cell)
    return cell if number is None else float(number * Decimal(str(times)))


def _product(cells: Sequence[Cell]) -> Cell:
    """The product of numbers, in decimals; nothing where one of them is missing, and what is no number where one is
    none."""
    product = Decimal(1)
    for cell in cells:
        number = number_in(cell)
        if number is None:
            return cell
        product *= number
    return float(product)


def _convert(made: Made, source: Source, export: Export, column: Column, heading: str) -> None:
    """Numbers in the form's unit; which one an empty cell means, or one that the settings lack, nobody can know."""
    units = {plain(unit).casefold(): factor for unit, factor in export.units.items()}
    units.setdefault(plain(column.unit).casefold(), 1.0)
    cells: list[Cell] = []
    for index, cell, unit in zip(source.held, made.cells[column.name], source.column(heading), strict=True):
        factor = units.get(plain(text_in(unit)).casefold())
        cells.append(cell if factor is None or factor == 1.0 else multiplied(cell, factor))
        if factor is None and cell is not None:
            made.problems.append(_unit_unknown(source, index, heading, unit, column, export))
    made.cells[column.name] = cells


def _unit_unknown(source: Source, index: int, heading: str, unit: Cell, column: Column, export: Export) -> Problem:
    sheet = source.sheet
    address = cell_address(sheet.first_row + index, sheet.first_column + source.places[heading])
    known = "、".join(dict.fromkeys((column.unit, *export.units)))
    return Problem("unit_unknown", "row left out", sheet=sheet.name, cell=address, found=quoted(text_in(unit)),
                   details=(("heading", heading), ("known", known), ("unit", column.unit)))  # fmt: skip
