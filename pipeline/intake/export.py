"""An office's own export as a form's table: other headers, manager and month from columns (settings `exports`)."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from fnmatch import fnmatchcase
from pathlib import PurePath

from pipeline.base.calendar import Month
from pipeline.base.moments import DEFAULT_TIME_ZONE
from pipeline.contract.exports import FILE, SHEET, TABLE, Export, several
from pipeline.contract.problem import Problem, quoted
from pipeline.intake.account import Account, note_of_rows, stretches
from pipeline.intake.days import month_in_name
from pipeline.intake.export_cells import NAMES, Source, mapped_cells
from pipeline.intake.export_guards import void_rows, what_is_unclear
from pipeline.intake.export_months import month_tables
from pipeline.intake.export_numbers import with_numbers_made
from pipeline.intake.export_rows import DataRows, data_rows
from pipeline.intake.headed import Headed, headed, lacking
from pipeline.intake.keys import one_a_key
from pipeline.intake.match import manner_of, unread_account
from pipeline.intake.not_data import has_content
from pipeline.intake.raw import RawBook, RawSheet
from pipeline.intake.reading import shown
from pipeline.intake.settings_fault import settings_fault
from pipeline.intake.table import Table, column_letters, joined
from pipeline.intake.titles import is_title, title_in
from pipeline.intake.unpivot import month_columns
from schemas.form import Form

FROM_NAME = "name"


def exports_for(name: str, exports: Sequence[Export]) -> tuple[Export, ...]:
    """The mappings that apply to a file of that name."""
    return tuple(export for export in exports if fnmatchcase(name.casefold(), export.files.casefold()))


def valid_from(export: Export, name: str) -> Month | None:
    """From which month on master data of an export are valid; None where neither setting nor name tells."""
    if export.valid_from != FROM_NAME:
        return Month.parse(export.valid_from) if export.valid_from else None
    return month_in_name(name)


@dataclass(frozen=True)
class MatchedExport:
    """What an export holds of a form: one table over all its sheets (None where no sheet has the headings), what stood
    in the way of other sheets, and the account of those."""

    table: Table | None
    problems: tuple[Problem, ...] = ()
    unread: tuple[Account, ...] = ()


def match_export(
    book: RawBook, export: Export, form: Form, name: str = "", time_zone: str = DEFAULT_TIME_ZONE
) -> MatchedExport:
    """The rows of an export as a table of `form`, from every sheet that has the headings, each below its own.

    The header is the first row of a sheet that holds all headers named in the mapping, before others the first in which
    each is clear; where no row has them all, two to four lines are. Hidden sheets are read where no other has them.
    `name` is the file's.
    """
    wanted = wanted_headings(export)
    asked = _asked_sheets(book, export)
    found = [table for sheet in asked for table in headed(sheet, list(wanted), export)]
    tables = [one for one in found if one.sheet.visible] or found
    if not tables:
        problem = _where_lacking(asked, wanted, export, form) or _no_header(asked, wanted, export, form)
        return MatchedExport(None, (problem,), _all_unread(asked))
    for table in tables:
        unclear = what_is_unclear(table, export, form, wanted)
        if unclear is not None:
            return MatchedExport(None, (unclear,), _all_unread(asked))
    told, unread = _of_other_sheets(asked, tables, wanted, export, form)
    made = [_tables(table, tables, export, form, name, text=book.format in ("csv", "html")) for table in tables]
    yearless = next((one for one in made if isinstance(one, Problem)), None)
    if yearless is not None:
        return MatchedExport(None, (yearless, *told), (*_all_unread([tables[0].sheet]), *unread))
    whole = joined([one for of_sheet in made if not isinstance(of_sheet, Problem) for one in of_sheet])
    whole, doubled = one_a_key(whole) if export.one_a_key else (whole, ())
    manner = replace(manner_of(book, time_zone), order=export.dates, months_as_days=True)
    whole = replace(whole, manner=manner)
    return MatchedExport(whole, (*told, *doubled, *note_of_rows(whole)), unread)


def _of_other_sheets(
    asked: Sequence[RawSheet], tables: Sequence[Headed], wanted: Mapping[str, str], export: Export, form: Form
) -> tuple[tuple[Problem, ...], tuple[Account, ...]]:
    """What is told of the sheets in which the table is not, and their account."""
    read = {table.sheet.name for table in tables}
    others = [sheet for sheet in asked if sheet.name not in read]
    told = tuple(problem for sheet in others for problem in _not_read(sheet, wanted, export, form))
    missed = {one.sheet for one in told if one.effect == "form left out"}
    return told, tuple(unread_account(sheet, data=sheet.name in missed) for sheet in others)


def _asked_sheets(book: RawBook, export: Export) -> list[RawSheet]:
    """The sheets of the names, or of names like the patterns, that the mapping asks for; all where it asks for none."""
    asked = [text for text in several(export.sheet) if text]
    return [
        sheet
        for sheet in book.sheets
        if not asked or any(sheet.name == one or fnmatchcase(sheet.name.strip(), one) for one in asked)
    ]


def wanted_headings(export: Export) -> dict[str, str]:
    """The headings that a mapping names, each with the (first) key of the settings under which it stands."""
    factors = (
        (text, f"multiply.{name}")
        for name, texts in export.multiply.items()
        for text in texts
        if text not in export.given and "." not in text
    )
    units = ((text, f"unit_columns.{name}") for name, text in export.unit_columns.items())
    columns = ((text, f"columns.{name}") for name in export.columns for text in export.headers_of(name))
    named = [*columns, *units, *factors, *((text, f"where.{text}") for text in export.where)]
    wanted: dict[str, str] = {}
    for text, key in named:
        if text not in NAMES:
            wanted.setdefault(text, key)
    return wanted


def _no_header(sheets: Sequence[RawSheet], wanted: Mapping[str, str], export: Export, form: Form) -> Problem:
    """That no row has all headings; where most of them are in one row, only those that it lacks are named."""
    rows = (row for sheet in sheets for row in lacking(sheet, wanted, export.header_rows))
    fewest = min(rows, key=len, default=[])
    patterns = [one.pattern for one in export.months_aside]
    some = 0 < len(fewest) * 2 < len(wanted)
    named = [*(fewest if some else wanted), *([] if some else patterns)] if fewest or not patterns else patterns
    details = (("headers", "、".join(named)), *((("table", export.table),) if export.table else ()))
    sheet = sheets[0].name if len(sheets) == 1 else ""
    rule = "export_table" if export.table else "export_header"
    return Problem(rule, "form left out", form=form.key, sheet=sheet, details=details)


def _where_lacking(
    sheets: Sequence[RawSheet], wanted: Mapping[str, str], export: Export, form: Form
) -> Problem | None:
    """That a sheet has all headings of the columns and only lacks one of `where`: the settings are wrong."""
    columns = [text for text, key in wanted.items() if not key.startswith("where.")]
    for sheet in sheets if export.where else ():
        for table in headed(sheet, columns, export):
            missing = next((text for text in export.where if table.headings.find(text).why == "missing"), None)
            if missing is not None:
                return settings_fault(form, export, "where", missing)
    return None


def _all_unread(sheets: Sequence[RawSheet]) -> tuple[Account, ...]:
    return tuple(unread_account(sheet, data=True) for sheet in sheets)


def _not_read(sheet: RawSheet, wanted: Mapping[str, str], export: Export, form: Form) -> Iterator[Problem]:
    """That a sheet without the headings (or hidden beside others) is passed over: grave where it seems to hold data,
    as it has some of the headings, or rows as wide as theirs."""
    rows = [row for row in sheet.rows if any(has_content(cell) for cell in row)]
    if not rows:
        return
    some = any(len(missing) < len(wanted) for missing in lacking(sheet, wanted, export.header_rows))
    wide = sum(sum(map(has_content, row)) >= max(3, len(wanted)) for row in rows)
    if not some and not wide:
        yield Problem("sheet_not_read", "note", form=form.key, sheet=sheet.name)
    elif sheet.visible:
        yield replace(_no_header([sheet], wanted, export, form), rule="export_sheet_header", sheet=sheet.name)
    else:
        yield Problem("export_sheet_hidden", "form left out", form=form.key, sheet=sheet.name)


def _tables(
    table: Headed, of_file: Sequence[Headed], export: Export, form: Form, name: str, *, text: bool
) -> list[Table] | Problem:
    """A table of a sheet as one of the form, or as one a month where months stand side by side; why not, where nobody
    can know of which year these are."""
    sheet, places = table.sheet, table.headings.places(wanted_headings(export))
    months = month_columns(table.headings, export.months_aside)
    at = {column: [places[one] for one in export.headers_of(column) if one in places] for column in export.columns}
    at |= {one.to: [other.place for other in months if other.to == one.to] for one in export.months_aside}
    data = data_rows(table, export, form, at)
    names = {SHEET: sheet.name, FILE: PurePath(name).stem, TABLE: table.title}
    source = Source(sheet, data.held, data.rows, names, places)
    made = mapped_cells(source, export, form)
    letters = {
        column: column_letters(sheet.first_column + several_at[0])
        for column, several_at in at.items()
        if several_at
    }
    numbers = [sheet.first_row + index for index in data.held]
    outside = _outside(table, of_file)
    not_data = {sheet.first_row + index: why for index, why in data.aside.items()} | outside
    problems = (
        *data.told,
        *_other_tables(table, outside, form),
        *_of_form(form, void_rows(table, list(data.rows.values()), export, form)),
    )
    whole = Table(
        form, sheet.name, numbers, made.cells, letters, typeless=text, not_data=not_data, problems=problems
    )
    if export.months_aside:
        return month_tables(whole, table, source, months, export, name)
    made = with_numbers_made(made, source, export, form)
    letters |= {one: letters.get(_factor_place(export, one, at), "") or _letter(places, export, one, sheet)
                for one in export.multiply}  # fmt: skip
    found = (*problems, *_of_form(form, made.problems), *_surplus(table, data, form))
    return [replace(whole, cells=made.cells, letters=letters, problems=found)]


def _factor_place(export: Export, name: str, at: Mapping[str, Sequence[int]]) -> str:
    """The column whose place a product takes: the last of its factors that is one of the form's."""
    return next((one for one in reversed(export.multiply[name]) if at.get(one)), "")


def _letter(places: Mapping[str, int], export: Export, name: str, sheet: RawSheet) -> str:
    place = next((places[one] for one in reversed(export.multiply[name]) if one in places), None)
    return "" if place is None else column_letters(sheet.first_column + place)


def _of_form(form: Form, problems: Iterator[Problem] | Sequence[Problem]) -> Iterator[Problem]:
    return (replace(one, form=form.key) for one in problems)


def _outside(table: Headed, of_file: Sequence[Headed]) -> dict[int, str]:
    """The rows of a sheet below its first table that belong to none that is read; those of the headings and titles of
    further ones are headings."""
    sheet = table.sheet
    own = [one for one in of_file if one.sheet is sheet]
    if table is not own[0]:
        return {}
    inside = {index for one in own for index in range(one.last + 1, one.end)}
    heads = {index for one in own for index in range(one.first, one.last + 1)}
    outside = [index for index in range(own[0].last + 1, len(sheet.rows)) if index not in inside]
    filled = {index: any(map(has_content, sheet.rows[index])) for index in outside}
    return {
        sheet.first_row + index: "blank" if not filled[index] else "heading" if index in heads else "unread"
        for index in outside
    }


def _other_tables(table: Headed, outside: Mapping[int, str], form: Form) -> Iterator[Problem]:
    """That rows of a sheet belong to other tables, of which none is read."""
    rows = [row for row, why in outside.items() if why == "unread"]
    if rows:
        first = table.sheet.first_row
        titles = [
            title_in(table.sheet.rows[row - first]) for row in rows if is_title(table.sheet.rows[row - first])
        ]
        details = (
            ("rows", stretches(rows)),
            ("count", str(len(rows))),
            ("titles", quoted("、".join(titles) or "—")),
        )
        yield Problem("other_table", "note", form=form.key, sheet=table.sheet.name, details=details)


def _surplus(table: Headed, data: DataRows, form: Form) -> Iterator[Problem]:
    """Lines of a text with more cells than its headings: a comma inside of a number or text has split a cell, and what
    stands right of it has moved. Where every line ends with the same empty cells more, nothing has."""
    sheet = table.sheet
    if not sheet.widths or not data.held:
        return
    most = max(sheet.widths[index] for index in range(table.first, table.last + 1))
    usual = Counter(sheet.widths[index] for index in data.held).most_common(1)[0][0]
    for index in data.held:
        row, width = sheet.rows[index], sheet.widths[index]
        further = [shown(cell) for cell in row[most:width] if cell is not None]
        if width > most and (further or width != usual):
            yield Problem(
                "surplus_cells", "row left out", form=form.key, sheet=sheet.name,
                cell=f"A{sheet.first_row + index}", found=quoted("，".join(further)),
                details=(("cells", str(width)), ("headings", str(most))),
            )  # fmt: skip
