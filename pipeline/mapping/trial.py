"""A mapping tried on its file: the first rows as they would be taken, counts, and sums beside the file's own totals."""

from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd

from pipeline.base.calendar import Month
from pipeline.contract.exports import Export
from pipeline.contract.master_data import context_of
from pipeline.contract.settings import Settings
from pipeline.intake.account import accounts_of, total_of
from pipeline.intake.export import match_export
from pipeline.intake.export_numbers import number_in
from pipeline.intake.placing import with_total_day
from pipeline.intake.raw import RawBook
from pipeline.intake.reading import shown
from pipeline.intake.settled import settle_table
from pipeline.intake.table import SHEET_SPAN, Table
from schemas.columns import NUMBERS
from schemas.form import Form

FIRST_ROWS = 5


@dataclass(frozen=True)
class Sum:
    """What a column comes to in the rows that would be taken, and what the file's own total says (empty: none)."""

    column: str
    taken: str
    said: str = ""

    @property
    def differs(self) -> bool:
        """Whether the file's own total is another one."""
        return bool(self.said) and abs(float(self.taken) - float(self.said)) > 0.005


@dataclass(frozen=True)
class Trial:
    """What would come of the file: headings and first rows, how many rows are fine, are left out for what stands in
    them, and are no data; sums. `problems` are the rules that stood in the way, with how often."""

    headings: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()
    counts: tuple[tuple[str, int], ...] = ()
    sums: tuple[Sum, ...] = ()
    problems: tuple[tuple[str, int], ...] = ()


def try_out(book: RawBook, export: Export, form: Form, name: str, settings: Settings) -> Trial:
    """Takes the file as the mapping says, without master data: what these say of codes is not looked at."""
    matched = match_export(book, export, form, name, settings.time_zone)
    faults = pd.Series([one.rule for one in matched.problems], dtype="object").value_counts()
    if matched.table is None:
        return Trial(problems=_counted(faults))
    table = matched.table
    settled = with_total_day(settle_table(table, context_of(Month(2000, 1), {}, settings.profile)), export)
    rules = [one.rule for one in (*settled.problems, *settled.remarks) if one.effect == "row left out"]
    required = [one.name for one in form.columns if one.required and not _looked_up_later(one.name, export)]
    lacking = settled.rows[required].isna().any(axis=1)
    bad = settled.bad_rows | {int(row) for row in lacking.index[lacking]}
    good = settled.rows[~settled.rows.index.isin(bad)]
    told = total_of([*accounts_of(table, [int(row) for row in good.index]), *matched.unread])
    found = pd.concat([faults, pd.Series(rules, dtype="object").value_counts()])
    filled = [one for one in settled.rows.columns if settled.rows[one].notna().any()]
    names = [one for one in filled if not _looked_up_later(one, export)]
    totals = _own_totals(book, table)
    sums = [_sum(good, one.name, totals) for one in form.columns if one.kind in NUMBERS and one.name in names]
    first = tuple(
        tuple(_text(value) for value in row) for row in good[names].head(FIRST_ROWS).itertuples(index=False)
    )
    return Trial(tuple(names), first, tuple(told.items()), tuple(sums), _counted(found))


def _looked_up_later(column: str, export: Export) -> bool:
    return any("." in factor for factor in export.multiply.get(column, ()))


def _counted(rules: "pd.Series[int]") -> tuple[tuple[str, int], ...]:
    return tuple((str(rule), int(count)) for rule, count in rules.items())


def _sum(rows: pd.DataFrame, name: str, totals: Mapping[str, str]) -> Sum:
    return Sum(name, f"{round(float(rows[name].astype('float64').sum()), 4):.2f}", totals.get(name, ""))


def _own_totals(book: RawBook, table: Table) -> dict[str, str]:
    """What the last row of totals of a table on one sheet says, by column; with several it says less than all."""
    totals = [row for row, why in table.not_data.items() if why == "total" and row < SHEET_SPAN]
    if not totals or table.further:
        return {}
    sheet = next(one for one in book.sheets if one.name == table.sheet)
    row = sheet.rows[max(totals) - sheet.first_row]
    places = {name: _place(letters) - sheet.first_column for name, letters in table.letters.items() if letters}
    numbers = {name: number_in(row[place]) for name, place in places.items() if 0 <= place < len(row)}
    return {name: f"{number:.2f}" for name, number in numbers.items() if number is not None}


def _place(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number


def _text(value: object) -> str:
    if value is None or value is pd.NaT or value is pd.NA or value != value:
        return ""
    if isinstance(value, pd.Timestamp):
        return f"{value:%Y-%m-%d}"
    return shown(round(value, 4) if isinstance(value, float) else value)  # type: ignore[arg-type]
