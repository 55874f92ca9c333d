"""An office's own export as a form's table: other headers, manager and month from columns (settings `exports`)."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from fnmatch import fnmatchcase

from pipeline.base.calendar import Month
from pipeline.base.moments import DEFAULT_TIME_ZONE
from pipeline.contract.exports import Export
from pipeline.contract.problem import Problem, quoted
from pipeline.intake.account import Account, note_of_rows
from pipeline.intake.days import month_in_name
from pipeline.intake.heading_units import other_unit
from pipeline.intake.headings import find_heading, header_row, places_of
from pipeline.intake.match import HEADER_WITHIN, manner_of, unread_account
from pipeline.intake.not_data import Sheet as DataSheet
from pipeline.intake.not_data import has_content, rows_not_data
from pipeline.intake.number_forms import number_reader
from pipeline.intake.raw import Cell, RawBook, RawSheet
from pipeline.intake.reading import shown
from pipeline.intake.table import Table, column_letters, joined
from pipeline.intake.text_forms import plain
from pipeline.intake.values import code_shown
from schemas.form import Form

JOINED_WITH = "-"
FROM_NAME = "name"
MOST_HEADINGS = 40  # that a sentence lists


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


def match_export(book: RawBook, export: Export, form: Form, time_zone: str = DEFAULT_TIME_ZONE) -> MatchedExport:
    """The rows of an export as a table of `form`, from every sheet that has the headings, each below its own.

    The header is the first row of a sheet that holds all headers named in the mapping, before others the first in which
    each is clear. Hidden sheets are read where no other has them.
    """
    wanted = wanted_headings(export)
    asked = [sheet for sheet in book.sheets if not export.sheet or sheet.name == export.sheet]
    headed = [
        (sheet, header)
        for sheet in asked
        if (header := header_row(sheet.rows[:HEADER_WITHIN], wanted)) is not None
    ]
    shown = [one for one in headed if one[0].visible] or headed
    if not shown:
        problem = _where_lacking(asked, wanted, export, form) or _no_header(asked, wanted, export, form)
        return MatchedExport(None, (problem,), _all_unread(asked))
    for sheet, header in shown:
        unclear = _unclear_heading(sheet.rows[header], export, form)
        unclear = unclear or _in_other_unit(sheet.rows[: header + 1], export, form)
        if unclear is not None:
            return MatchedExport(None, (unclear,), _all_unread(asked))
    tables = [_table(sheet, header, export, form, text=book.format == "csv") for sheet, header in shown]
    table = joined(tables)
    read = {sheet.name for sheet, _ in shown}
    others = [sheet for sheet in asked if sheet.name not in read]
    told = [problem for sheet in others for problem in _not_read(sheet, wanted, export, form)]
    missed = {one.sheet for one in told if one.effect == "form left out"}
    unread = tuple(unread_account(sheet, data=sheet.name in missed) for sheet in others)
    manner = replace(manner_of(book, time_zone), order=export.dates, months_as_days=True)
    whole = replace(_one_a_key(table) if export.one_a_key else table, manner=manner)
    return MatchedExport(whole, (*told, *note_of_rows(whole)), unread)


def wanted_headings(export: Export) -> dict[str, str]:
    """The headings that a mapping names, each with the (first) key of the settings under which it stands."""
    wanted = {text: f"where.{text}" for text in export.where}
    columns = ((text, f"columns.{name}") for name, texts in export.columns.items() for text in _several(texts))
    return {**wanted, **dict(reversed([*columns]))}


def _no_header(sheets: Sequence[RawSheet], wanted: Mapping[str, str], export: Export, form: Form) -> Problem:
    """That no row has all headings; where most of them are in one row, only those that it lacks are named."""
    rows = (row for sheet in sheets for row in sheet.rows[:HEADER_WITHIN])
    lacking = min(([text for text in wanted if _is_missing(row, text)] for row in rows), key=len, default=[])
    headers = "、".join(lacking) if 0 < len(lacking) * 2 < len(wanted) else _headers(export)
    return Problem(
        "export_header", "form left out", form=form.key, sheet=export.sheet, details=(("headers", headers),)
    )


def _is_missing(row: Sequence[Cell], text: str) -> bool:
    return find_heading(row, text).why == "missing"


def _where_lacking(
    sheets: Sequence[RawSheet], wanted: Mapping[str, str], export: Export, form: Form
) -> Problem | None:
    """That a sheet has all headings of the columns and only lacks one of `where`: the settings are wrong."""
    for sheet in sheets:
        columns = [text for text, key in wanted.items() if key.startswith("columns.")]
        header = header_row(sheet.rows[:HEADER_WITHIN], columns)
        if export.where and header is not None:
            lacking = next(text for text in export.where if _is_missing(sheet.rows[header], text))
            return settings_fault(form, export, "where", lacking)
    return None


def _unclear_heading(row: Sequence[Cell], export: Export, form: Form) -> Problem | None:
    """That several columns have a heading that the mapping names, or fit it equally: the settings must say which."""
    for text, key in wanted_headings(export).items():
        sought = find_heading(row, text)
        if sought.place is None:
            numbered = [f"{text}#{n + 1}" for n in range(len(sought.fitting))]
            named = sought.fitting if sought.why == "unclear" else numbered
            said = {"setting": key, "count": str(len(sought.fitting)), "named": "、".join(f'"{one}"' for one in named),
                    "headings": _written(row)}  # fmt: skip
            return settings_fault(form, export, f"heading_{sought.why}", text, **said)
    return None


def _in_other_unit(rows: Sequence[Sequence[Cell]], export: Export, form: Form) -> Problem | None:
    """That the last of the rows, the headings, or one above says that numbers are counted in another unit than the
    form's, and the mapping does not say what to multiply by."""
    for column in form.columns:
        texts = export.columns.get(column.name)
        if texts is None or column.name in export.times:
            continue
        place = find_heading(rows[-1], _several(texts)[0]).place
        written = "" if place is None else other_unit(rows[-1][place], column, rows[:-1])
        if written:
            said = {"setting": f"times.{column.name}", "written": written, "unit": column.unit}
            return settings_fault(form, export, "heading_unit", _several(texts)[0], **said)
    return None


def _written(row: Sequence[Cell]) -> str:
    """The headings of a row, as far as a sentence can hold them."""
    texts = [shown(cell) for cell in row if has_content(cell)]
    return "、".join(texts[:MOST_HEADINGS]) + ("…" if len(texts) > MOST_HEADINGS else "")


def _all_unread(sheets: Sequence[RawSheet]) -> tuple[Account, ...]:
    return tuple(unread_account(sheet, data=True) for sheet in sheets)


def _not_read(sheet: RawSheet, wanted: Mapping[str, str], export: Export, form: Form) -> Iterator[Problem]:
    """That a sheet without the headings (or hidden beside others) is passed over: grave where it seems to hold data,
    as it has some of the headings, or rows as wide as theirs."""
    rows = [row for row in sheet.rows if any(has_content(cell) for cell in row)]
    if not rows:
        return
    some = any(find_heading(row, text).why != "missing" for row in sheet.rows[:HEADER_WITHIN] for text in wanted)
    wide = sum(sum(map(has_content, row)) >= max(3, len(wanted)) for row in rows)
    if not some and not wide:
        yield Problem("sheet_not_read", "note", form=form.key, sheet=sheet.name)
    elif sheet.visible:
        yield replace(_no_header([sheet], wanted, export, form), rule="export_sheet_header", sheet=sheet.name)
    else:
        yield Problem("export_sheet_hidden", "form left out", form=form.key, sheet=sheet.name)


def settings_fault(form: Form, export: Export, fault: str, heading: str, **more: str) -> Problem:
    """What shows that the settings, and not the file, are wrong: the run stops, and the file stays where it is."""
    details = (("heading", heading), ("files", export.files), *more.items())
    return Problem(f"settings_{fault}", "form left out", form=form.key, sheet=export.sheet, details=details)


def _several(texts: str | tuple[str, ...]) -> tuple[str, ...]:
    return (texts,) if isinstance(texts, str) else texts


def _headers(export: Export) -> str:
    return "、".join(text for texts in export.columns.values() for text in _several(texts))


def _table(sheet: RawSheet, header: int, export: Export, form: Form, *, text: bool) -> Table:
    places = places_of(sheet.rows[header], wanted_headings(export))
    aside = _aside(sheet, header, export, form, places)
    held = [index for index in range(header + 1, len(sheet.rows)) if index not in aside]
    rows = [(sheet.first_row + index, sheet.rows[index]) for index in held]
    cells: dict[str, list[Cell]] = {}
    letters: dict[str, str] = {}
    for name, texts in export.columns.items():
        indexes = [places[text] for text in _several(texts)]
        coded = any(one.name == name and one.kind == "id" for one in form.columns) or name == "manager_id"
        as_shown = _with_codes_shown(sheet, rows, indexes) if coded and sheet.shown else rows
        cells[name] = _translated(_joined(as_shown, indexes), export.values.get(name, {}))
        letters[name] = column_letters(sheet.first_column + indexes[0])
        if name in export.times:
            cells[name] = [_multiplied(cell, export.times[name]) for cell in cells[name]]
    for name, value in export.fixed.items():
        cells[name] = [value] * len(rows)
    numbers = [number for number, _ in rows]
    not_data = {sheet.first_row + index: why for index, why in aside.items()}
    table = Table(form, sheet.name, numbers, cells, letters, typeless=text, not_data=not_data)
    return replace(table, problems=tuple(_surplus(sheet, header, held, table)))


def _aside(sheet: RawSheet, header: int, export: Export, form: Form, places: Mapping[str, int]) -> dict[int, str]:
    """What the rows below the header are that are no data, by index: empty, not asked for, totals and the like."""
    mapped = {name: places[_several(texts)[0]] for name, texts in export.columns.items()}
    inside = set(mapped.values()) | {places[text] for texts in export.columns.values() for text in _several(texts)}
    aside: dict[int, str] = {}
    looked_at: list[int] = []
    for index in range(header + 1, len(sheet.rows)):
        row = sheet.rows[index]
        if not any(map(has_content, row)):
            aside[index] = "blank"
        else:
            looked_at.append(index)
            if not any(has_content(row[place]) for place in inside):
                aside[index] = "remark"
    aside |= rows_not_data(DataSheet(form, sheet.rows, mapped, sheet.rows[header], looked_at))
    if export.where:
        unasked = [index for index in looked_at if not _wanted_row(sheet.rows[index], places, export.where)]
        aside |= {index: "unasked" for index in unasked if index not in aside}
    return aside


def _surplus(sheet: RawSheet, header: int, held: Sequence[int], table: Table) -> Iterator[Problem]:
    """Lines of a text with more cells than its headings: a comma inside of a number or text has split a cell, and what
    stands right of it has moved. Where every line ends with the same empty cells more, nothing has."""
    if not sheet.widths or not held:
        return
    most = sheet.widths[header]
    usual = Counter(sheet.widths[index] for index in held).most_common(1)[0][0]
    for index in held:
        row, width = sheet.rows[index], sheet.widths[index]
        further = [shown(cell) for cell in row[most:width] if cell is not None]
        if width > most and (further or width != usual):
            yield Problem(
                "surplus_cells", "row left out", form=table.form.key, sheet=sheet.name,
                cell=f"A{sheet.first_row + index}", found=quoted("，".join(further)),
                details=(("cells", str(width)), ("headings", str(most))),
            )  # fmt: skip


def _with_codes_shown(
    sheet: RawSheet, rows: list[tuple[int, list[Cell]]], indexes: Sequence[int]
) -> list[tuple[int, list[Cell]]]:
    """The rows with codes as their number formats show them: 123 as 000123."""
    held = []
    for number, row in rows:
        copy = list(row)
        for index in indexes:
            copy[index] = code_shown(row[index], sheet.shown.get((number, sheet.first_column + index)))
        held.append((number, copy))
    return held


def _wanted_row(row: list[Cell], places: Mapping[str, int], where: Mapping[str, str]) -> bool:
    return all(plain(shown(row[places[header]])) == plain(value) for header, value in where.items())


def _joined(rows: list[tuple[int, list[Cell]]], indexes: list[int]) -> list[Cell]:
    if len(indexes) == 1:
        return [row[indexes[0]] for _, row in rows]
    return [
        JOINED_WITH.join("" if row[index] is None else shown(row[index]) for index in indexes) for _, row in rows
    ]


def _translated(cells: list[Cell], words: Mapping[str, str]) -> list[Cell]:
    if not words:
        return cells
    loose = {plain(text): word for text, word in words.items()}
    return [words.get(shown(cell), loose.get(plain(shown(cell)), cell)) for cell in cells]


def _multiplied(cell: Cell, times: float) -> Cell:
    """The number times a factor, worked out in decimals; what is no number stays for the checks to find."""
    reading = number_reader("", whole=False)(cell)
    if cell is None or not isinstance(reading.value, float):
        return cell
    return float(Decimal(str(reading.value)) * Decimal(str(times)))


def _one_a_key(table: Table) -> Table:
    """The first row of each key: master data drawn from transactions."""
    keys = zip(*(table.cells[name] for name in table.form.same if name in table.cells), strict=True)
    firsts: dict[tuple[Cell, ...], int] = {}
    for position, key in enumerate(keys):
        firsts.setdefault(key, position)
    kept = list(firsts.values())
    cells = {name: [column[position] for position in kept] for name, column in table.cells.items()}
    rows = [table.rows[position] for position in kept]
    again = dict.fromkeys(set(table.rows) - set(rows), "same_key")
    return replace(table, rows=rows, cells=cells, not_data={**table.not_data, **again})
