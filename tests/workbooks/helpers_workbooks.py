"""Write into memory, read back with openpyxl."""

import io
import warnings

import openpyxl

from pipeline.workbooks.write import sheet_of, write_workbook


def written(plan):
    """The bytes of a plan's workbook."""
    buffer = io.BytesIO()
    write_workbook(plan, buffer)
    return buffer.getvalue()


def read_back(content):
    """The workbook in these bytes, as openpyxl sees it."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # openpyxl does not know sparklines
        return openpyxl.load_workbook(io.BytesIO(content))


def sheet_under(plan, key):
    """The written sheet on which the sheet of a key stands, by itself or joined to another."""
    return read_back(written(plan))[sheet_of(plan, key).name]


def column_values(sheet, header):
    """The cells under the first cell that reads `header`, down to the first empty one."""
    place = next((cell for row in sheet.iter_rows() for cell in row if cell.value == header), None)
    if place is None:
        raise LookupError(header)
    below = []
    for row in range(place.row + 1, sheet.max_row + 1):
        value = sheet.cell(row, place.column).value
        if value is None:
            break
        below.append(value)
    return below
