"""The list of problems as a workbook of its own, for files that cannot be marked (xls, csv, ods)."""

import datetime as dt
import io

import xlsxwriter
from xlsxwriter.utility import xl_rowcol_to_cell

from pipeline.contract.form_layout import PROBLEMS_SHEET
from pipeline.corrections.list_sheet import WIDTHS, footer, head_rows, height_of
from pipeline.corrections.notes import Notes, line_texts
from pipeline.corrections.styles import RED, YELLOW
from pipeline.words import Words

_OPTIONS = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
_FONT = {"font_name": "微软雅黑", "font_size": 10, "valign": "top"}


def list_workbook(notes: Notes, words: Words) -> bytes:
    """A workbook with the list alone: the cells are named by their addresses in the sender's own file."""
    buffer = io.BytesIO()
    head = head_rows(notes)
    lines = [*notes.head]
    lines[notes.way] = words("corrections.list.what_to_do_original")
    with xlsxwriter.Workbook(buffer, _OPTIONS) as book:
        book.set_properties({"title": notes.head[0], "created": dt.datetime(2000, 1, 1)})
        plain = book.add_format({**_FONT, "text_wrap": True})
        heading = book.add_format({**_FONT, "bold": True, "bg_color": "#DDEBF7"})
        link = book.add_format({**_FONT, "underline": 1, "font_color": "#0563C1"})
        fills = {
            grave: book.add_format({**_FONT, "text_wrap": True, "bg_color": f"#{colour[2:]}"})
            for grave, colour in ((True, RED), (False, YELLOW))
        }
        sheet = book.add_worksheet(PROBLEMS_SHEET.of(words.language))
        for column, width in enumerate(WIDTHS):
            sheet.set_column(column, column, width)
        sheet.write_string(0, 0, notes.head[0], book.add_format({**_FONT, "bold": True, "font_size": 14}))
        for row, line in enumerate(lines[1:], 1):
            sheet.write_string(row, 0, line)
        for column, text in enumerate((words("corrections.list.number"), *notes.headings)):
            sheet.write_string(head - 1, column, text, heading)
        for position, one in enumerate(notes.lines, 1):
            sheet.write_number(head - 1 + position, 0, position, plain)
            texts = line_texts(one, words)
            sheet.set_row(head - 1 + position, height_of(texts))
            for column, text in enumerate(texts, 1):
                style = fills[one.grave] if column == 5 else plain
                sheet.write_string(head - 1 + position, column, text, style)
            place = (head - 1 + position, len(WIDTHS) - 1)
            target = f"internal:'{sheet.get_name()}'!{xl_rowcol_to_cell(*place)}"
            sheet.write_url(*place, target, link, string=one.rule, tip=one.why)
        sheet.freeze_panes(head, 0)
        sheet.set_landscape()
        sheet.set_paper(9)
        sheet.fit_to_pages(1, 0)
        sheet.repeat_rows(head - 1)
        sheet.set_footer(footer(notes, words))
    return buffer.getvalue()
