"""Which form stands where in a file: the cover, and for each sheet its form, header row and columns."""

import datetime as dt
import unicodedata
from collections.abc import Iterator, Mapping, Sequence, Set
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import lru_cache

from pipeline.base.calendar import Month
from pipeline.base.moments import DEFAULT_TIME_ZONE
from pipeline.base.week import Week
from pipeline.contract import form_layout as layout
from pipeline.contract.problem import Problem, quoted
from pipeline.intake.account import Account, accounts_of, note_of_rows
from pipeline.intake.as_usual import helps_of, untouched_rows, with_ticks_read
from pipeline.intake.days import read_month
from pipeline.intake.heading_keys import heading_key
from pipeline.intake.heading_units import other_unit
from pipeline.intake.not_data import Sheet as DataSheet
from pipeline.intake.not_data import has_words, rows_not_data
from pipeline.intake.raw import Cell, RawBook, RawSheet
from pipeline.intake.reading import Manner, shown
from pipeline.intake.settle import settle_column
from pipeline.intake.table import Table, column_letters
from pipeline.intake.text_forms import plain, unguarded, visible
from pipeline.intake.values import code_shown, read_flag
from schemas.columns import Column
from schemas.form import Effect, Form

HEADER_WITHIN = 40  # rows in which a header is looked for, titles above it included
BESIDE = 2  # cells right of a label in which its value may stand; further on stand the instructions
_ALWAYS_SOMETHING = frozenset((float, int, bool, dt.date, dt.datetime))
_OF_MANAGERS = (layout.MANAGER_ID, layout.MANAGER_NAME, layout.MONTH, layout.VALID_FROM, layout.WEEK)


@dataclass(frozen=True)
class Cover:
    """What the cover says; texts are empty and `month` is None where it says nothing usable."""

    manager_id: str = ""
    manager_name: str = ""
    month: Month | None = None
    valid_from: Month | None = None
    nil_forms: frozenset[str] = frozenset()
    sheet: str = ""
    month_rule: str = ""  # why the month that stands there cannot be used or was a number, and what stands there
    month_found: str = ""
    unclear_ticks: tuple[tuple[str, str], ...] = ()  # form key and what stands in its tick's cell
    week: Week | None = None  # of a sign-in book


@dataclass(frozen=True)
class Matched:
    """The tables found in a file, what stood in the way of others, and the account of sheets of which none is read."""

    tables: tuple[Table, ...]
    problems: tuple[Problem, ...]
    unread: tuple[Account, ...] = ()


def read_cover(book: RawBook, forms: Mapping[str, Form], time_zone: str = DEFAULT_TIME_ZONE) -> Cover | None:
    """The cover of a filled template, None where the file has none."""
    names = layout.COVER_SHEET.both
    sheets = [sheet for sheet in book.sheets if sheet.name not in layout.PROBLEMS_SHEET.both]
    for sheet in sorted(sheets, key=lambda sheet: sheet.name not in names):
        values, manner = values_beside(sheet, _OF_MANAGERS), manner_of(book, time_zone)
        if layout.MANAGER_ID in values or layout.VALID_FROM in values:
            return Cover(
                manager_id=unguarded(_text(values.get(layout.MANAGER_ID))),
                manager_name=_text(values.get(layout.MANAGER_NAME)),
                month=_month(values.get(layout.MONTH), manner),
                valid_from=_month(values.get(layout.VALID_FROM), manner),
                nil_forms=_nil_forms(sheet, forms),
                sheet=sheet.name,
                month_rule=_month_rule(values, manner),
                month_found=_text(values.get(layout.MONTH) or values.get(layout.VALID_FROM)),
                unclear_ticks=_unclear_ticks(sheet, forms),
                week=_week(values.get(layout.WEEK)),
            )
    return None


def match_tables(
    book: RawBook, forms: Mapping[str, Form], time_zone: str = DEFAULT_TIME_ZONE, month: Month | None = None
) -> Matched:
    """Each form's table in a filled template, wherever its header row stands. `month` is that of its cover."""
    tables: list[Table] = []
    problems: list[Problem] = []
    unread: list[Account] = []
    for sheet in book.sheets:
        if sheet.name in (*layout.PROBLEMS_SHEET.both, *layout.LISTS_SHEET.both, *layout.COVER_SHEET.both):
            continue
        found = _match_sheet(sheet, forms)
        if found is None:
            told = _not_read(sheet, forms, own=sheet.name in book.own_sheets)
            problems += told
            unread.append(unread_account(sheet, data=any(one.effect == "form left out" for one in told)))
            continue
        form, header = found
        columns, doubled, unknown = _columns(sheet, header, form)
        missing = [one for one in form.columns if one.required and one.name not in columns]
        problems += [_sheet_problem("unknown_heading", "note", form, sheet, text) for text in unknown]
        problems += [_sheet_problem("doubled_heading", "form left out", form, sheet, text) for text in doubled]
        problems += [_sheet_problem("missing_column", "form left out", form, sheet, "", one) for one in missing]
        problems += _in_other_units(sheet, header, form, columns)
        examples = _example_rows(sheet, header)
        problems += _overwritten_examples(sheet, examples, form, columns)
        table = replace(
            _table(sheet, header, form, columns, set(examples), month), manner=manner_of(book, time_zone)
        )
        problems += note_of_rows(table)
        tables.append(table)
    kept, problems_too = _one_sheet_a_form(tables, problems)
    return Matched(kept, problems_too, (*unread, *_passed_over(tables, kept)))


def _passed_over(tables: Sequence[Table], kept: Sequence[Table]) -> Iterator[Account]:
    """The account of further sheets of a form: rows there make the form one that stands on two sheets."""
    for table in tables:
        if not any(table is one for one in kept):
            yield from accounts_of(table, ())


def unread_account(sheet: RawSheet, *, data: bool) -> Account:
    """The account of a sheet of which nothing is read: its rows are left out where they are `data`, else none is."""
    rows = sum(any(not is_blank(cell) for cell in row) for row in sheet.rows)
    if data:
        return Account("", sheet.name, rows, 0, rows)
    return Account("", sheet.name, rows, 0, 0, (("unread", rows),) if rows else ())


def _match_sheet(sheet: RawSheet, forms: Mapping[str, Form]) -> tuple[Form, int] | None:
    """The form of a sheet and the index of its header row: by the sheet's name, else by its headings."""
    name = heading_key(sheet.name)
    named = [form for form in forms.values() if name in form_words(form)]
    best: tuple[int, Form, int] | None = None
    for form in named or forms.values():
        known = _known_headings(form)
        for index, row in enumerate(sheet.rows[:HEADER_WITHIN]):
            score = len(
                {known[key] for cell in row if isinstance(cell, str) and (key := heading_key(cell)) in known}
            )
            enough = score >= 2 if named else score >= max(3, sum(one.required for one in form.columns))
            if enough and (best is None or score > best[0]):
                best = (score, form, index)
    return (best[1], best[2]) if best else None


def _not_read(sheet: RawSheet, forms: Mapping[str, Form], *, own: bool) -> list[Problem]:
    """That a sheet with something in it is passed over, unless it is one of our `own` reports; one with a form's
    name was meant to be read."""
    if not any(not is_blank(cell) for row in sheet.rows for cell in row):
        return []
    named = [form for form in forms.values() if heading_key(sheet.name) in form_words(form)]
    if named:
        return [_sheet_problem("no_heading_row", "form left out", named[0], sheet, "")]
    return [Problem("sheet_not_read", "note", sheet=sheet.name)] if sheet.visible and not own else []


def form_words(form: Form) -> frozenset[str]:
    """The names, reduced to their keys, by which a sheet or a line of the cover means this form."""
    texts = (form.key, form.zh, form.en, layout.sheet_name(form, "zh"), layout.sheet_name(form, "en"))
    return frozenset(heading_key(text) for text in texts)


def _known_headings(form: Form) -> dict[str, str]:
    return {
        heading_key(text): column.name for column in form.columns for text in (column.name, column.en, column.zh)
    }


def _columns(sheet: RawSheet, header: int, form: Form) -> tuple[dict[str, int], list[str], list[str]]:
    """Where each column of the form stands (index in the row), headings that stand twice, unknown headings."""
    known = _known_headings(form)
    shown_only = (*layout.shown_headings(form), *layout.helping_headings(form), *layout.NUMBER_HEADING.both)
    passed_over = {heading_key(text) for text in shown_only}
    columns: dict[str, int] = {}
    doubled: list[str] = []
    unknown: list[str] = []
    for index, cell in enumerate(sheet.rows[header]):
        key = heading_key(cell)
        if key in known and known[key] in columns:
            doubled.append(quoted(cell))
        elif key in known:
            columns[known[key]] = index
        elif key and key not in passed_over:
            unknown.append(quoted(cell))
    return columns, doubled, unknown


def _in_other_units(sheet: RawSheet, header: int, form: Form, columns: Mapping[str, int]) -> Iterator[Problem]:
    """That the headings say that numbers are counted in another unit than the form's."""
    for column in form.columns:
        if column.name in columns:
            heading = sheet.rows[header][columns[column.name]]
            if written := other_unit(heading, column, sheet.rows[:header]):
                problem = _sheet_problem("heading_unit", "form left out", form, sheet, quoted(heading), column)
                yield replace(problem, details=(("written", written), ("unit", column.unit), *problem.details))


def _table(
    sheet: RawSheet,
    header: int,
    form: Form,
    columns: Mapping[str, int],
    examples: Set[int],
    month: Month | None,
) -> Table:
    """The rows below the header that are data; what the others are is said of each."""
    helps = helps_of(sheet.rows[header], form)
    places = [*columns.values(), *(() if helps.tick is None else (helps.tick,))]
    held = [
        index
        for index in range(header + 1, len(sheet.rows))
        if (type(sheet.rows[index][places[0]]) in _ALWAYS_SOMETHING or _holds_anything(sheet.rows[index], places))
        and index not in examples
    ]
    untouched = untouched_rows(sheet, held, form, columns, helps)
    held = [index for index in held if index not in untouched] if untouched else held
    aside = _not_data(sheet, header, form, columns, held, examples)
    aside |= {index: "prefilled" for index in untouched if aside[index] == "blank"}
    held = [index for index in held if index not in aside] if aside else held
    numbers = [sheet.first_row + index for index in held]
    by_place = list(zip(*(sheet.rows[index] for index in held), strict=True)) or [()] * len(sheet.rows[header])
    letters = {name: column_letters(sheet.first_column + index) for name, index in columns.items()}
    cells = {name: list(by_place[index]) for name, index in columns.items()}
    if sheet.shown:
        for name in (column.name for column in form.columns if column.kind == "id" and column.name in columns):
            place = sheet.first_column + columns[name]
            pairs = zip(numbers, cells[name], strict=True)
            cells[name] = [code_shown(cell, sheet.shown.get((row, place))) for row, cell in pairs]
    not_data = {sheet.first_row + index: why for index, why in aside.items()}
    table = Table(form, sheet.name, numbers, cells, letters, not_data=not_data)
    return with_ticks_read(table, sheet, helps, month)


def _not_data(
    sheet: RawSheet, header: int, form: Form, columns: Mapping[str, int], held: Sequence[int], examples: Set[int]
) -> dict[int, str]:
    """What the rows below the header are that are no data, by their index."""
    holding = set(held)
    helping = layout.helping_headings(form)
    shown_only = {heading_key(text) for text in (*layout.shown_headings(form), *helping)}
    beside = [
        place
        for place, cell in enumerate(sheet.rows[header])
        if place not in columns.values() and heading_key(cell) not in shown_only
    ]
    others = [
        index for index in range(header + 1, len(sheet.rows)) if index not in holding and index not in examples
    ]
    written = [index for index in others if any(has_words(sheet.rows[index][place]) for place in beside)]
    looked_at = DataSheet(form, sheet.rows, columns, sheet.rows[header], sorted((*held, *written)))
    aside = dict.fromkeys(others, "blank") | dict.fromkeys(written, "remark") | rows_not_data(looked_at)
    return aside | dict.fromkeys(examples, "example")


def _holds_anything(row: Sequence[Cell], places: Sequence[int]) -> bool:
    for place in places:
        cell = row[place]
        if not is_blank(cell):
            return True
    return False


def _example_rows(sheet: RawSheet, header: int) -> list[int]:
    """The indices of the rows below the header whose first cell marks the template's example."""
    marks = layout.EXAMPLE_MARK.both
    texts = [index for index, row in enumerate(sheet.rows) if type(row[0]) is str and index > header]
    return [index for index in texts if plain(str(sheet.rows[index][0])) in marks]


def _overwritten_examples(
    sheet: RawSheet, examples: Sequence[int], form: Form, columns: Mapping[str, int]
) -> Iterator[Problem]:
    """Example rows in which somebody typed a row of their own: they are passed over, but not without a word."""
    for index in examples:
        row, number = sheet.rows[index], sheet.first_row + index
        if any(_differs(row[place], form.column(name)) for name, place in columns.items()):
            yield Problem("example_overwritten", "row left out", form=form.key, sheet=sheet.name,
                          cell=f"{column_letters(sheet.first_column)}{number}", found=quoted(row[0]))  # fmt: skip


@lru_cache(maxsize=1024, typed=True)
def _differs(cell: Cell, column: Column) -> bool:
    """Whether a cell of an example row holds another value than the example; lists may differ by trade."""
    if is_blank(cell) or column.kind in ("choice", "flag") or shown(cell) in (column.example, column.example_en):
        return False
    values, _ = settle_column([cell, column.example or None, column.example_en or None], column)
    return not (values[1:] == values[0]).fillna(False).any()  # what is no value is like no other


def is_blank(cell: Cell) -> bool:
    """Whether a cell holds nothing that anybody sees."""
    if not isinstance(cell, str):
        return cell is None
    return not cell.strip() or not (cell.isascii() or visible(cell).strip())


def _one_sheet_a_form(
    tables: list[Table], problems: list[Problem]
) -> tuple[tuple[Table, ...], tuple[Problem, ...]]:
    """A form may fill one sheet of a file; where two hold rows of it, nobody can know which one counts."""
    by_form: dict[str, list[Table]] = {}
    for table in tables:
        by_form.setdefault(table.form.key, []).append(table)
    kept: list[Table] = []
    for same in by_form.values():
        filled = [table for table in same if table.rows]
        kept.append(filled[0] if filled else same[0])
        if len(filled) > 1:
            sheets = "、".join(table.sheet for table in filled)
            problems.append(
                Problem("form_on_two_sheets", "form left out", form=same[0].form.key, sheet=filled[1].sheet,
                        details=(("sheets", sheets),))
            )  # fmt: skip
    return tuple(kept), tuple(problems)


def _sheet_problem(
    rule: str, effect: Effect, form: Form, sheet: RawSheet, found: str, column: Column | None = None
) -> Problem:
    details = (("zh", column.zh), ("en", column.en)) if column else ()
    return Problem(rule, effect, form=form.key, sheet=sheet.name, column=column.name if column else "",
                   found=found, details=details)  # fmt: skip


def values_beside(sheet: RawSheet, labels: Sequence[layout.Label]) -> dict[layout.Label, Cell]:
    """What stands beside each of some labels, or behind it in the same cell (月份：2024-06)."""
    texts = {heading_key(text): label for label in labels for text in label.both}
    values: dict[layout.Label, Cell] = {}
    for at, row in enumerate(sheet.rows[:HEADER_WITHIN]):
        for index, cell in enumerate(row):
            if not isinstance(cell, str):
                continue
            label, behind = texts.get(heading_key(cell)), ""
            if label is None:
                said, _, behind = unicodedata.normalize("NFKC", cell).partition(":")
                label = texts.get(heading_key(said)) if behind.strip() else None
            if label is not None and values.get(label) is None:
                values[label] = behind.strip() or _beside(sheet, at, index)
    return values


def _beside(sheet: RawSheet, row: int, label: int) -> Cell:
    """The value of the label in this column: the first filled cell to its right."""
    cells = sheet.rows[row]
    beside = range(label + 1, min(label + 1 + BESIDE, len(cells)))
    return next((_as_shown(sheet, row, one) for one in beside if not is_blank(cells[one])), None)


def _as_shown(sheet: RawSheet, row: int, column: int) -> Cell:
    """A cell of the cover with the zeros that its number format shows."""
    return code_shown(
        sheet.rows[row][column], sheet.shown.get((sheet.first_row + row, sheet.first_column + column))
    )


def _nil_forms(sheet: RawSheet, forms: Mapping[str, Form]) -> frozenset[str]:
    """The forms ticked as 本月无 in the cover's table."""
    words = {word: form.key for form in forms.values() for word in form_words(form)}
    ticked = set()
    for form_key, tick in _form_ticks(sheet, words):
        if tick is not None and read_flag(tick).value is True:
            ticked.add(form_key)
    return frozenset(ticked)


def _unclear_ticks(sheet: RawSheet, forms: Mapping[str, Form]) -> tuple[tuple[str, str], ...]:
    """What stands beside a form under 本月无 and says neither yes nor no."""
    words = {word: form.key for form in forms.values() for word in form_words(form)}
    ticks = ((key, tick) for key, tick in _form_ticks(sheet, words) if not is_blank(tick))
    return tuple((key, shown(tick)) for key, tick in ticks if read_flag(tick).value is None)


def _form_ticks(sheet: RawSheet, words: Mapping[str, str]) -> Iterator[tuple[str, Cell]]:
    heads = {heading_key(text) for text in layout.NIL_HEADING.both}
    nil_column: int | None = None
    for row in sheet.rows:
        if nil_column is None:
            nil_column = next((i for i, cell in enumerate(row) if heading_key(cell) in heads), None)
            continue
        for cell in row[:nil_column]:
            if isinstance(cell, str) and heading_key(cell) in words:
                yield words[heading_key(cell)], row[nil_column]


def _text(cell: Cell) -> str:
    return "" if cell is None else plain(shown(cell))


def manner_of(book: RawBook, time_zone: str = DEFAULT_TIME_ZONE) -> Manner:
    """How days are written in a book: one that counts from 1904 does so in cells without a date's format too; stamps
    that name a zone are told by the clock of the office's own."""
    return Manner(dates_1904=any(one.rule == "dates_1904" for one in book.remarks), time_zone=time_zone)


def month_beside(cell: Cell, book: RawBook, time_zone: str) -> tuple[Month | None, str]:
    """The month that a cell beside its label says, and why it cannot be used, or that it was a day's number."""
    manner = manner_of(book, time_zone)
    return _month(cell, manner), _month_rule({layout.MONTH: cell}, manner)


def _month(cell: Cell, manner: Manner) -> Month | None:
    value = None if cell is None else read_month(cell, manner).value
    return Month.parse(str(value)) if value else None


def _week(cell: Cell) -> Week | None:
    with suppress(ValueError):
        return Week.parse(_text(cell))
    return None


def _month_rule(values: Mapping[layout.Label, Cell], manner: Manner) -> str:
    """Why the month on the cover cannot be used, or that it was a day's number; else empty."""
    cell = values.get(layout.MONTH) or values.get(layout.VALID_FROM)
    reading = None if is_blank(cell) else read_month(cell, manner)
    if reading is None or reading.kept:
        return "month_was_number" if reading and reading.rule == "day_was_number" else ""
    return "month_two" if reading.rule == "month_two" else "month_unusable"
